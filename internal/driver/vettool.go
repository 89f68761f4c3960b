package driver

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"go/build"
	"go/importer"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// vetConfig is what go vet says of one package, in a file named X.cfg.
type vetConfig struct {
	ID            string
	Compiler      string
	Dir           string
	ImportPath    string
	GoVersion     string
	GoFiles       []string
	NonGoFiles    []string
	IgnoredFiles  []string
	ModulePath    string            // go 1.26 and older
	ModuleVersion string            // go 1.26 and older; empty for a main module
	Module        *analysis.Module  // go 1.27 and newer
	ImportMap     map[string]string // import path in the source to package path
	PackageFile   map[string]string // package path to file with export data
	Standard      map[string]bool   // package paths of the standard library
	PackageVetx   map[string]string // package path to facts file
	VetxOnly      bool              // only facts are wanted
	VetxOutput    string
	Stdout        string // file that takes the output, from go 1.26 on
	FixArchive    string // file that takes the fixed files, from go 1.26 on

	SucceedOnTypecheckFailure bool
}

// vet is the tool as go vet calls it.
func (t *Tool) vet(args []string, stdout, stderr io.Writer) (int, error) {
	fs := flag.NewFlagSet(t.Name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	on := t.addFlags(fs)
	asJSON := fs.Bool("json", false, "emit JSON output")
	fix := fs.Bool("fix", false, "apply suggested fixes")
	diff := fs.Bool("diff", false, "with -fix, print the changes instead")
	overlay := fs.String("overlay", "", "") // go vet's own, of which it tells a tool that has it as well
	fs.Int("c", -1, "display offending line with this many lines of context")
	describe := fs.Bool("flags", false, "print flags in JSON")
	version := fs.String("V", "", "print version")
	if err := fs.Parse(args); err != nil {
		return wrongForVet(args, flagError(err))
	}
	switch {
	case *version != "":
		return exitClean, printVersion(stdout)
	case *describe:
		return exitClean, describeFlags(stdout, fs)
	}

	name := fs.Arg(0)
	data, err := os.ReadFile(name)
	if err != nil {
		return exitFailure, err
	}
	var cfg vetConfig
	if err := json.Unmarshal(data, &cfg); err != nil {
		return exitFailure, fmt.Errorf("%s: %w", name, err)
	}
	var below header
	for _, file := range cfg.PackageVetx {
		h, err := readHeader(file)
		if err != nil {
			return exitFailure, err
		}
		below.exposed = below.exposed || h.exposed
		below.variant = below.variant || h.variant
	}
	variant := below.variant || slices.ContainsFunc(cfg.GoFiles, isTestFile)
	skip, err := t.skips(&cfg, fs, below.exposed)
	if err != nil {
		return wrongForVet(args, err)
	}
	if skip {
		return exitClean, cfg.writeNothing(variant)
	}
	form := vetForm{json: *asJSON, fix: *fix && !*asJSON, diff: *diff}
	if !cfg.VetxOnly {
		if err := form.check(&cfg, *overlay); err != nil {
			return exitFailure, err
		}
	}
	u, err := loadUnit(&cfg)
	if f := fs.Lookup(testFlag); err != nil && f != nil && f.Value.String() != "true" {
		// What is wrong with a test hides nothing of a package whose tests
		// nobody wants to check.
		if names := slices.DeleteFunc(slices.Clone(cfg.GoFiles), isTestFile); len(names) > 0 && len(names) < len(cfg.GoFiles) {
			plain := cfg
			plain.GoFiles = names
			if v, again := loadUnit(&plain); again == nil {
				u, err = v, nil
			}
		}
	}
	if err != nil {
		if cfg.SucceedOnTypecheckFailure || cfg.VetxOnly {
			// The compiler reports what is wrong with it.
			return exitClean, cfg.writeNothing(variant)
		}
		return exitFailure, err
	}
	u.variant = variant
	covers, err := t.coverage(fs)
	if err != nil {
		return exitFailure, err
	}
	asked := t.enabled(on)
	if err := t.switchOff(asked); err != nil {
		return exitFailure, err
	}
	return t.vetUnit(&cfg, u, asked, covers, form, stdout, stderr)
}

// wrongForVet is the answer to flags that cannot be understood. Go vet hands
// them over once for each package of the program, most of which nobody asked
// for: these say nothing.
func wrongForVet(args []string, err error) (int, error) {
	var cfg vetConfig
	if data, readErr := os.ReadFile(args[len(args)-1]); readErr == nil && json.Unmarshal(data, &cfg) == nil && cfg.VetxOnly {
		return exitClean, cfg.writeNothing(false)
	}
	return exitFailure, err
}

// skips reports whether the package needs no analysis. The library table is
// made only if an import outside the standard library calls for it.
func (t *Tool) skips(cfg *vetConfig, fs *flag.FlagSet, exposed bool) (bool, error) {
	var imports []string
	for _, path := range cfg.ImportMap {
		if !cfg.Standard[path] {
			imports = append(imports, path)
		}
	}
	if len(imports) == 0 {
		return true, nil
	}
	covers, err := t.coverage(fs)
	if err != nil {
		return false, err
	}
	// A library's own package has no facts for others, even where it
	// imports another library.
	if cfg.VetxOnly && covers(cfg.ImportPath) {
		return true, nil
	}
	return !relevant(imports, covers, exposed), nil
}

// readHeader reads the header of a facts file.
func readHeader(name string) (header, error) {
	f, err := os.Open(name)
	if err != nil {
		return header{}, err
	}
	defer f.Close()
	var head [headerSize]byte
	n, err := io.ReadFull(f, head[:])
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return header{}, err
	}
	return parseHeader(head[:n])
}

func isTestFile(name string) bool { return strings.HasSuffix(name, "_test.go") }

// vetForm is what go vet wants to be told.
type vetForm struct {
	json bool
	fix  bool // fixes, and nothing else
	diff bool // these as a diff
}

// check tells why go vet cannot have what it wants.
func (f vetForm) check(cfg *vetConfig, overlay string) error {
	switch {
	case f.diff && !f.fix:
		return errors.New("-diff needs -fix")
	case f.fix && cfg.Stdout == "" && cfg.FixArchive == "":
		return errors.New("go vet applies no fixes before Go 1.26; redislint -fix does, with any Go")
	case f.fix && overlay != "":
		// Go vet names the files that stand for others, not the others.
		return errors.New("-fix does not go with -overlay: the fixes would be made in the overlay's files")
	}
	return nil
}

// writeNothing writes the facts file of a package that has none, and that
// there is nothing to fix.
func (cfg *vetConfig) writeNothing(variant bool) error {
	var data []byte
	if variant {
		data = []byte(header{variant: true}.String())
	}
	return errors.Join(os.WriteFile(cfg.VetxOutput, data, 0o666), cfg.archive(nil))
}

// vetUnit analyses the package of cfg.
func (t *Tool) vetUnit(cfg *vetConfig, u *unit, analyzers []*analysis.Analyzer, covers func(string) bool, form vetForm, stdout, stderr io.Writer) (int, error) {
	var inherited [][]byte
	for _, path := range slices.Sorted(maps.Keys(cfg.PackageVetx)) {
		data, err := os.ReadFile(cfg.PackageVetx[path])
		if err != nil {
			return exitFailure, err
		}
		inherited = append(inherited, data)
	}
	// What has test files, in it or below it, is reported in another variant.
	report := !cfg.VetxOnly || losesFindings(cfg) && !u.variant && !hasOwnTests(cfg)
	if !report {
		analyzers = factful(analyzers)
	}
	out, err := t.analyse(u, analyzers, inherited, covers, true)
	if err != nil {
		return exitFailure, err
	}
	if !report {
		out.results = nil
	}
	found := slices.ContainsFunc(out.results, func(r result) bool { return len(r.diagnostics) > 0 })
	if found && len(out.facts) == 0 && (cfg.VetxOnly || cutLosesFindings(cfg)) {
		// Without a facts file go vet caches nothing of this package, so
		// its findings are made again when they are asked for.
		if cfg.VetxOnly {
			return exitClean, nil
		}
	} else if err := os.WriteFile(cfg.VetxOutput, out.facts, 0o666); err != nil {
		return exitFailure, err
	}
	if form.fix {
		return t.vetFix(cfg, u, out.results, form.diff, stdout, stderr)
	}
	if !found {
		return exitClean, nil
	}
	if !form.json {
		for _, r := range out.results {
			for _, d := range r.diagnostics {
				// go vet names no analyzers.
				fmt.Fprintf(stderr, "%s: %s (%s)\n", u.fset.Position(d.Pos), d.Message, r.analyzer.Name)
			}
		}
		return exitFindings, nil
	}
	text, err := vetJSON(cfg, u, out.results)
	if err != nil {
		return exitFailure, err
	}
	return exitClean, cfg.print(text, stdout)
}

// losesFindings reports whether go vet could cache the package's facts now
// and later take them for an answer with no findings. From go 1.26 to 1.27.2
// its cache key is the same for a package met as a dependency and for one
// asked for. Only packages of main modules are asked for.
func losesFindings(cfg *vetConfig) bool {
	module, version := cfg.ModulePath, cfg.ModuleVersion
	if cfg.Module != nil {
		module, version = cfg.Module.Path, cfg.Module.Version
	}
	return cfg.Stdout != "" && module != "" && version == ""
}

// cutLosesFindings reports whether go vet would take a package for clean after
// a run that was cut short while it printed, by a pipe that head has closed,
// say. Go 1.26 keeps the facts file before it prints, and what is printed
// after that; the next run finds facts and no output.
func cutLosesFindings(cfg *vetConfig) bool { return cfg.Stdout != "" && cfg.Module == nil }

// hasOwnTests reports whether the package has test files of its own, so that
// go vet asks for its test variant in its place.
func hasOwnTests(cfg *vetConfig) bool {
	entries, err := os.ReadDir(cfg.Dir)
	if err != nil {
		return false
	}
	for _, e := range entries {
		if !isTestFile(e.Name()) {
			continue
		}
		if match, err := build.Default.MatchFile(cfg.Dir, e.Name()); err != nil || !match {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(cfg.Dir, e.Name()), nil, parser.PackageClauseOnly)
		if err == nil && !strings.HasSuffix(f.Name.Name, "_test") {
			return true
		}
	}
	return false
}

// loadUnit parses and type-checks the package, with the compiler's export
// data for its imports.
func loadUnit(cfg *vetConfig) (*unit, error) {
	fset := token.NewFileSet()
	var files []*ast.File
	sums := make(map[string]sum)
	for _, name := range cfg.GoFiles {
		f, err := parse(fset, name, sums)
		if err != nil {
			return nil, firstError(err)
		}
		files = append(files, f)
	}
	exports := importer.ForCompiler(fset, cfg.Compiler, func(path string) (io.ReadCloser, error) {
		file, ok := cfg.PackageFile[path]
		if !ok {
			return nil, fmt.Errorf("no export data for %q", path)
		}
		return os.Open(file)
	})
	conf := &types.Config{
		Importer: importFunc(func(path string) (*types.Package, error) {
			if path == "unsafe" {
				return types.Unsafe, nil
			}
			resolved, ok := cfg.ImportMap[path]
			if !ok {
				return nil, fmt.Errorf("cannot resolve import %q", path)
			}
			return importExports(exports, resolved)
		}),
		Sizes:     types.SizesFor("gc", build.Default.GOARCH),
		GoVersion: cfg.GoVersion,
	}
	info := newInfo()
	pkg, err := conf.Check(cfg.ImportPath, fset, files, info)
	if err != nil {
		return nil, err
	}
	module := cfg.Module
	if module == nil && cfg.ModulePath != "" {
		module = &analysis.Module{Path: cfg.ModulePath, Version: cfg.ModuleVersion, GoVersion: strings.TrimPrefix(cfg.GoVersion, "go")}
	}
	return &unit{
		id: cfg.ID, fset: fset, files: files, pkg: pkg, info: info, sizes: conf.Sizes,
		importer: conf.Importer, goVersion: conf.GoVersion, sums: sums,
		find: func(path string) (*types.Package, error) {
			if err := cfg.export(path); err != nil {
				return nil, err
			}
			return importExports(exports, path)
		},
		other: cfg.NonGoFiles, ignored: cfg.IgnoredFiles, module: module,
	}, nil
}

// export finds the export data of a package that the unit does not import yet.
// The go command that has called this program is the first one in PATH.
func (cfg *vetConfig) export(path string) error {
	cmd := exec.Command("go", "list", "-export", "-f", "{{.Export}}", "--", path)
	cmd.Dir = cfg.Dir
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		if text := strings.TrimSpace(errs.String()); text != "" {
			err = errors.New(strings.ReplaceAll(text, "\n", " "))
		}
		return err
	}
	file := strings.TrimSpace(out.String())
	if file == "" {
		return errors.New("it has no export data")
	}
	cfg.PackageFile[path] = file
	return nil
}

// importExports imports a package from export data. Reading data of a newer
// compiler than the one that built this program panics.
func importExports(exports types.Importer, path string) (pkg *types.Package, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v; this program was built with %s, build it with the go command that calls it", r, runtime.Version())
		}
	}()
	return exports.Import(path)
}

type importFunc func(path string) (*types.Package, error)

func (f importFunc) Import(path string) (*types.Package, error) { return f(path) }

// firstError shortens a list of syntax errors to its first.
func firstError(err error) error {
	var list scanner.ErrorList
	if errors.As(err, &list) && len(list) > 0 {
		return list[0]
	}
	return err
}

// printVersion describes the executable so that go vet's cache is good for
// this build only.
func printVersion(w io.Writer) error {
	name, err := os.Executable()
	if err != nil {
		return err
	}
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%s version devel buildID=%x\n", name, h.Sum(nil))
	return err
}

// The JSON that go vet reads: package id, then analyzer, then diagnostics.
type (
	vetDiagnostic struct {
		Category string       `json:"category,omitempty"`
		Posn     string       `json:"posn"`
		End      string       `json:"end"`
		Message  string       `json:"message"`
		Fixes    []vetFix     `json:"suggested_fixes,omitempty"`
		Related  []vetRelated `json:"related,omitempty"`
	}
	vetFix struct {
		Message string    `json:"message"`
		Edits   []vetEdit `json:"edits"`
	}
	vetEdit struct {
		Filename string `json:"filename"`
		Start    int    `json:"start"`
		End      int    `json:"end"`
		New      string `json:"new"`
	}
	vetRelated struct {
		Posn    string `json:"posn"`
		End     string `json:"end"`
		Message string `json:"message"`
	}
)

// vetJSON returns what go vet reads. From Go 1.26 on it makes its text of this,
// and names no analyzer: the rule stands behind each message then.
func vetJSON(cfg *vetConfig, u *unit, results []result) ([]byte, error) {
	at := func(pos token.Pos) string { return u.fset.Position(pos).String() }
	byRule := make(map[string][]vetDiagnostic)
	for _, r := range results {
		for _, d := range r.diagnostics {
			v := vetDiagnostic{Category: d.Category, Posn: at(d.Pos), End: at(cmp.Or(d.End, d.Pos)), Message: d.Message}
			if cfg.Stdout != "" {
				v.Message += " (" + r.analyzer.Name + ")"
			}
			for _, fix := range d.SuggestedFixes {
				vf := vetFix{Message: fix.Message, Edits: []vetEdit{}}
				for _, e := range fix.TextEdits {
					start, end := u.fset.PositionFor(e.Pos, false), u.fset.PositionFor(cmp.Or(e.End, e.Pos), false)
					vf.Edits = append(vf.Edits, vetEdit{start.Filename, start.Offset, end.Offset, string(e.NewText)})
				}
				v.Fixes = append(v.Fixes, vf)
			}
			for _, rel := range d.Related {
				if !rel.Pos.IsValid() {
					continue
				}
				v.Related = append(v.Related, vetRelated{at(rel.Pos), at(cmp.Or(rel.End, rel.Pos)), rel.Message})
			}
			byRule[r.analyzer.Name] = append(byRule[r.analyzer.Name], v)
		}
	}
	text, err := json.MarshalIndent(map[string]map[string][]vetDiagnostic{u.id: byRule}, "", "\t")
	return append(text, '\n'), err
}
