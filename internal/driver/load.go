package driver

import (
	"cmp"
	"errors"
	"fmt"
	"go/ast"
	"go/build"
	"go/scanner"
	"go/token"
	"go/types"
	"maps"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/packages"

	"github.com/redislint/redislint/internal/report"
)

// loader loads packages from source as far as the analysis needs them, and
// analyses the relevant ones. The import graph is known in advance; syntax and
// types are made when they are first asked for, on as many processors as there
// are. What it finds does not depend on the order.
type loader struct {
	tool      *Tool
	analyzers []*analysis.Analyzer
	covers    func(string) bool
	config    packages.Config
	patterns  []string
	fset      *token.FileSet
	sizes     types.Sizes
	cpu       *slots
	status    *status // tells how far it is
	keep      bool    // keep the syntax of packages with findings
	target    target
	keeper    *keeper           // nil if no results are kept between runs
	text      map[string][]byte // of files, instead of what is on disk

	cgo  sync.Mutex       // held while cgo runs
	byID map[string]*node // guarded by cgo once the loader runs
}

// node is one package of the import graph. A package that is compiled anew for
// a test is a node of its own.
type node struct {
	*packages.Package
	imports  map[string]*node // by path as it is written in the source
	deps     []dependency     // the same by path, without what cgo adds
	root     bool             // findings in it are wanted
	reaches  bool             // a covered library is among its dependencies
	used     bool             // it was analysed, as a Redis value can be at hand
	overOurs bool             // it is ours, or one of those below it is
	awaited  bool             // another package of the graph imports it

	analysed sync.Once
	outcome  outcome
	errs     []error // why it could not be analysed
	unit     *unit   // its syntax, if the loader keeps it
	found    []report.Finding
	keeping

	loaded sync.Once
	types  *types.Package
}

// dependency is a package, and the path by which it is imported.
type dependency struct {
	path string
	node *node
}

// graphMode asks go list for the import graph and nothing that would make it
// compile.
const graphMode = packages.NeedName | packages.NeedFiles | packages.NeedImports | packages.NeedDeps |
	packages.NeedModule | packages.NeedForTest

// newLoader returns a loader for the packages that match the patterns, and
// the nodes of their import graph, by ID.
func newLoader(t *Tool, config packages.Config, patterns []string) (*loader, []*node, error) {
	if _, err := exec.LookPath("go"); err != nil {
		return nil, nil, errors.New("the go command is not in PATH; packages cannot be found without it")
	}
	l := &loader{
		tool:     t,
		config:   config,
		patterns: patterns,
		fset:     token.NewFileSet(),
		cpu:      newSlots(runtime.GOMAXPROCS(0)),
	}
	type answer struct {
		target target
		err    error
	}
	env := make(chan answer, 1)
	go func() {
		t, err := targetOf(&config)
		env <- answer{t, err}
	}()
	l.config.Mode = graphMode
	roots, err := packages.Load(&l.config, patterns...)
	if err != nil {
		return nil, nil, goError(err)
	}
	if len(roots) == 0 {
		return nil, nil, &noPackages{patterns}
	}
	a := <-env
	if a.err != nil {
		return nil, nil, a.err
	}
	l.target, l.sizes = a.target, types.SizesFor("gc", a.target.arch)
	return l, l.graph(roots), nil
}

// noPackages is the error that patterns match nothing.
type noPackages struct{ patterns []string }

func (e *noPackages) Error() string { return "no packages match " + strings.Join(e.patterns, " ") }

// target is what packages are built for, and by which Go.
type target struct {
	arch, version, root string
	env                 string // what else decides which files are compiled
}

// targetOf asks the go command. It is an error if that is told to read other
// files than those that are there.
func targetOf(config *packages.Config) (target, error) {
	cmd := exec.Command("go", "env", "GOARCH", "GOVERSION", "GOROOT", "GOFLAGS", "GOOS", "CGO_ENABLED", "GOEXPERIMENT", "GOMODCACHE")
	cmd.Dir, cmd.Env = config.Dir, config.Env
	out, err := cmd.Output()
	f := strings.SplitN(string(out), "\n", 4)
	if err != nil || len(f) < 4 {
		return target{arch: build.Default.GOARCH}, nil
	}
	t := target{arch: strings.TrimSpace(f[0]), version: strings.TrimSpace(f[1]), root: strings.TrimSpace(f[2]), env: f[3]}
	flags, _, _ := strings.Cut(t.env, "\n")
	for flag := range strings.FieldsSeq(flags) {
		if strings.HasPrefix(strings.TrimLeft(flag, `'"-`), "overlay=") {
			return target{}, errors.New("-overlay in GOFLAGS is not supported: take it out, or use go vet -vettool")
		}
	}
	if types.SizesFor("gc", t.arch) == nil {
		t.arch = build.Default.GOARCH
	}
	return t, nil
}

// graph makes a node for each package that the roots depend on, and returns
// them by ID.
func (l *loader) graph(roots []*packages.Package) []*node {
	l.byID = make(map[string]*node)
	l.adopt(roots)
	// As go vet does it, a package with test files of its own is reported
	// with them, and not again without.
	tested := make(map[string]bool)
	for _, p := range roots {
		if p.ForTest != "" && p.ForTest == p.PkgPath {
			tested[p.PkgPath] = true
		}
	}
	for _, p := range roots {
		l.byID[p.ID].root = !isTestMain(p) && (p.ForTest != "" || !tested[p.PkgPath])
	}
	return slices.SortedFunc(maps.Values(l.byID), func(a, b *node) int { return cmp.Compare(a.ID, b.ID) })
}

// adopt makes nodes for those packages, and those they depend on, that have
// none yet.
func (l *loader) adopt(list []*packages.Package) {
	packages.Visit(list, nil, func(p *packages.Package) {
		if l.byID[p.ID] != nil {
			return
		}
		n := &node{Package: p, imports: make(map[string]*node, len(p.Imports))}
		n.overOurs = n.ours()
		for _, path := range slices.Sorted(maps.Keys(p.Imports)) {
			imp := l.byID[p.Imports[path].ID]
			n.imports[path] = imp
			n.deps = append(n.deps, dependency{path, imp})
			n.overOurs = n.overOurs || imp.overOurs
			imp.awaited = imp.awaited || !isTestMain(p)
		}
		l.byID[p.ID] = n
	})
}

// isTestMain reports whether p is the generated main package of a test.
func isTestMain(p *packages.Package) bool {
	return p.Name == "main" && strings.HasSuffix(p.ID, ".test") && p.Imports["testing/internal/testdeps"] != nil
}

// run analyses all roots.
func (l *loader) run(nodes []*node, covers func(string) bool, analyzers []*analysis.Analyzer) {
	l.covers, l.analyzers = covers, analyzers
	markReaching(nodes, covers)
	roots := slices.DeleteFunc(slices.Clone(nodes), func(n *node) bool { return !n.reaches || !n.root })
	var done atomic.Int32
	progress := func() {
		l.status.say("%s: checking packages, %d of %d done", l.tool.Name, done.Load(), len(roots))
	}
	progress()
	var wg sync.WaitGroup
	for _, n := range roots {
		wg.Go(func() {
			l.analyse(n)
			done.Add(1)
			progress()
		})
	}
	wg.Wait()
}

// working runs f on one of the processors that the loader may use. f must not
// wait for other packages.
func (l *loader) working(f func()) {
	l.cpu.take()
	defer l.cpu.release()
	f()
}

// analyse analyses the package of n after those it imports, if it is relevant
// and has not been analysed yet.
func (l *loader) analyse(n *node) {
	n.analysed.Do(func() {
		if !n.reaches || !n.root && l.covers(n.PkgPath) {
			return
		}
		imports := n.sortedImports()
		each(imports, l.analyse)
		exposed := false
		var paths []string
		var inherited [][]byte
		for _, imp := range imports {
			paths = append(paths, imp.PkgPath)
			inherited = append(inherited, imp.outcome.facts)
			n.overFailed = n.overFailed || imp.failed || imp.overFailed
			h, err := parseHeader(imp.outcome.facts)
			if err != nil {
				n.errs = append(n.errs, err)
				return
			}
			exposed = exposed || h.exposed
		}
		if !relevant(paths, l.covers, exposed) {
			return
		}
		n.used = true
		if l.recall(n) {
			return
		}
		each(imports, l.load)
		if err := l.study(n, inherited); err != nil {
			n.errs = append(n.errs, err)
			n.failed = true
			return
		}
		l.remember(n)
	})
}

// study parses, type-checks and analyses a package whose imports are loaded,
// in one go, so that only as many packages are held with their syntax as there
// are processors.
func (l *loader) study(n *node, inherited [][]byte) error {
	names, sums := n.GoFiles, make(map[string]sum)
	for {
		var err error
		cgo := false
		l.working(func() {
			u, errs := l.parse(n, names, sums)
			if cgo = usesCgo(u.files); cgo {
				return // before errors: the files are not those that are compiled
			}
			if errs == nil {
				errs = l.check(n, u)
			}
			if errs != nil {
				err = n.broken(errs)
				return
			}
			analyzers := l.analyzers
			if !n.root {
				analyzers = factful(analyzers)
			}
			if n.outcome, err = l.tool.analyse(u, analyzers, inherited, l.covers, n.awaited); l.keep && n.root {
				n.unit = u
			}
			n.found = n.findings(l.fset, n.outcome.results)
		})
		if !cgo {
			n.needs = n.sortedImports()
			return err
		}
		n.key = nil // what cgo makes of the files is not in the key
		if names, err = l.cgoFiles(n); err != nil {
			return err
		}
		each(n.sortedImports(), l.load)
	}
}

// sortedImports lists the packages that n imports, by ID.
func (n *node) sortedImports() []*node {
	return slices.SortedFunc(maps.Values(n.imports), func(a, b *node) int { return cmp.Compare(a.ID, b.ID) })
}

// each calls f for all nodes at once, and returns when all calls have.
func each(nodes []*node, f func(*node)) {
	if len(nodes) == 1 {
		f(nodes[0])
		return
	}
	var wg sync.WaitGroup
	for _, n := range nodes {
		wg.Go(func() { f(n) })
	}
	wg.Wait()
}

// load makes n.types, unless they are there: a relevant package has them from
// its analysis, and of all others the declarations suffice.
func (l *loader) load(n *node) {
	l.analyse(n)
	n.loaded.Do(func() {
		switch {
		case n.types != nil:
		case n.PkgPath == "unsafe":
			n.types = types.Unsafe
		default:
			l.declare(n)
		}
	})
}

// imported is the importer of a package whose imports have been loaded.
func (n *node) imported(path string) (*types.Package, error) {
	if imp := n.imports[path]; imp != nil && imp.types != nil {
		return imp.types, nil
	}
	return nil, fmt.Errorf("could not import %s", path)
}

// find loads the package of an import that a fix adds to n. It is called when
// all packages have been analysed.
func (l *loader) find(n *node, path string) (*types.Package, error) {
	m, err := l.nodeOf(n, path)
	if err != nil {
		return nil, err
	}
	l.load(m)
	if m.types == nil || !m.types.Complete() {
		return nil, errors.New("it could not be loaded")
	}
	return m.types, nil
}

// nodeOf returns the node of a package that n does not import yet, and makes
// one if the graph has none.
func (l *loader) nodeOf(n *node, path string) (*node, error) {
	l.cgo.Lock()
	defer l.cgo.Unlock()
	if m := l.byID[path]; m != nil {
		return m, nil
	}
	config := l.config
	config.Mode, config.Tests = graphMode, false
	if len(n.GoFiles) > 0 {
		config.Dir = filepath.Dir(n.GoFiles[0]) // it may be another module's
	}
	list, err := packages.Load(&config, path)
	if err != nil {
		return nil, goError(err)
	}
	if len(list) == 0 {
		return nil, errors.New("there is no such package")
	}
	if len(list[0].Errors) > 0 {
		return nil, loadError(list[0].Errors[0])
	}
	l.adopt(list)
	return l.byID[list[0].ID], nil
}

// parse parses the files of a whole package, and adds their sums to sums.
func (l *loader) parse(n *node, names []string, sums map[string]sum) (*unit, []error) {
	u := &unit{
		id: n.ID, fset: l.fset, own: n.GoFiles, info: newInfo(), sizes: l.sizes,
		importer: importFunc(n.imported), goVersion: n.goVersion(), sums: sums,
		find:  func(path string) (*types.Package, error) { return l.find(n, path) },
		other: n.OtherFiles, ignored: n.IgnoredFiles, module: n.module(), text: l.text,
	}
	var errs []error
	for _, name := range names {
		f, err := u.parse(name)
		if err != nil {
			errs = append(errs, err)
		}
		n.compare(name, sums[name])
		u.files = append(u.files, f)
	}
	return u, errs
}

// check type-checks a whole package.
func (l *loader) check(n *node, u *unit) []error {
	var errs []error
	conf := types.Config{
		Importer:  u.importer,
		Sizes:     u.sizes,
		GoVersion: u.goVersion,
		Error:     func(err error) { errs = append(errs, err) },
	}
	u.pkg, _ = conf.Check(n.PkgPath, l.fset, u.files, u.info)
	n.types = u.pkg
	return errs
}

// declare type-checks the declarations of a package. Imports that only bodies
// of functions mention are not loaded.
func (l *loader) declare(n *node) {
	var files []*ast.File
	var errs []error
	l.working(func() { files, errs = l.declarationsOf(n) })
	var imports []*node
	for _, path := range importsOf(files) {
		if imp := n.imports[path]; imp != nil {
			imports = append(imports, imp)
		}
	}
	n.needs = imports
	each(imports, l.load)
	l.working(func() {
		conf := types.Config{
			Importer:         importFunc(n.imported),
			Sizes:            l.sizes,
			GoVersion:        n.goVersion(),
			FakeImportC:      true,
			IgnoreFuncBodies: true,
			Error:            func(err error) { errs = append(errs, err) },
		}
		n.types, _ = conf.Check(n.PkgPath, l.fset, files, nil)
	})
	// What is wrong with a dependency shows in the packages that use it.
	if errs != nil && n.ours() {
		n.errs = append(n.errs, n.broken(errs))
	}
}

// ours reports whether the user is told what is wrong with the package.
func (n *node) ours() bool { return n.Module != nil && n.Module.Main }

func importPath(spec *ast.ImportSpec) string {
	return strings.Trim(spec.Path.Value, "\"`")
}

// importsOf lists what files import.
func importsOf(files []*ast.File) []string {
	paths := make(map[string]bool)
	for _, f := range files {
		for _, spec := range f.Imports {
			paths[importPath(spec)] = true
		}
	}
	return slices.Sorted(maps.Keys(paths))
}

func usesCgo(files []*ast.File) bool {
	return slices.ContainsFunc(files, func(f *ast.File) bool {
		return f != nil && slices.ContainsFunc(f.Imports, func(s *ast.ImportSpec) bool { return importPath(s) == "C" })
	})
}

// cgoFiles lists the files of a package after cgo has processed them, and adds
// what they import. This runs cgo, so it is done for no other packages.
func (l *loader) cgoFiles(n *node) ([]string, error) {
	l.cgo.Lock()
	defer l.cgo.Unlock()
	config := l.config
	config.Mode = graphMode | packages.NeedCompiledGoFiles
	patterns := []string{n.PkgPath}
	switch {
	case n.PkgPath == "command-line-arguments":
		patterns = l.patterns // names of files
	case n.ForTest != "":
		patterns = []string{n.ForTest}
	}
	list, err := packages.Load(&config, patterns...)
	if err != nil {
		return nil, goError(err)
	}
	for _, p := range list {
		if p.ID != n.ID {
			continue
		}
		if len(p.Errors) > 0 {
			return nil, loadError(p.Errors[0])
		}
		for path, imp := range p.Imports {
			if n.imports[path] == nil {
				l.adopt([]*packages.Package{imp})
				n.imports[path] = l.byID[imp.ID]
			}
		}
		return p.CompiledGoFiles, nil
	}
	return nil, fmt.Errorf("%s: go list does not give the files that cgo makes", n.ID)
}

// goVersion is the language version that the package's module asks for.
func (n *node) goVersion() string {
	if n.Module == nil || n.Module.GoVersion == "" {
		return ""
	}
	return "go" + n.Module.GoVersion
}

func (n *node) module() *analysis.Module {
	if n.Module == nil {
		return nil
	}
	return &analysis.Module{Path: n.Module.Path, Version: n.Module.Version, GoVersion: n.Module.GoVersion}
}

// sourceError is all that is wrong with the source of one package.
type sourceError struct {
	id   string
	errs []error // each of one line, with its position
}

func (e *sourceError) Error() string {
	lines := []string{"# " + e.id}
	for i, err := range e.errs {
		if i == 10 {
			lines = append(lines, "too many errors")
			break
		}
		lines = append(lines, err.Error())
	}
	return strings.Join(lines, "\n")
}

// broken wraps the errors of parser and type checker, by position and one for
// each line.
func (n *node) broken(errs []error) error {
	type located struct {
		pos token.Position
		err error
	}
	var list []located
	for _, err := range errs {
		switch err := err.(type) {
		case scanner.ErrorList:
			for _, e := range err {
				list = append(list, located{e.Pos, e})
			}
		case types.Error:
			list = append(list, located{err.Fset.Position(err.Pos), err})
		default:
			list = append(list, located{err: err})
		}
	}
	slices.SortStableFunc(list, func(a, b located) int {
		return cmp.Or(cmp.Compare(a.pos.Filename, b.pos.Filename), cmp.Compare(a.pos.Line, b.pos.Line))
	})
	list = slices.CompactFunc(list, func(a, b located) bool {
		return a.pos.IsValid() && a.pos.Filename == b.pos.Filename && a.pos.Line == b.pos.Line
	})
	e := &sourceError{id: n.ID}
	for _, l := range list {
		e.errs = append(e.errs, l.err)
	}
	return e
}

// goError is what the go command says when it gives up, in one line.
func goError(err error) error {
	_, text, _ := strings.Cut(err.Error(), "stderr: ")
	if text = strings.TrimSpace(text); text == "" {
		return err
	}
	return errors.New(strings.ReplaceAll(strings.TrimPrefix(text, "go: "), "\n", " "))
}

// loadError is an error of go list, as one line if it has one.
func loadError(err packages.Error) error {
	if err.Pos == "" || err.Pos == "-" || strings.Contains(err.Msg, err.Pos) {
		return errors.New(err.Msg)
	}
	return errors.New(err.Pos + ": " + err.Msg)
}
