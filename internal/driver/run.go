package driver

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"iter"
	"os"
	"reflect"
	"runtime/debug"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/redislint/redislint/internal/edit"
)

// unit is one type-checked package, ready to be analysed.
type unit struct {
	id    string // as the build system names it: "p [p.test]"
	fset  *token.FileSet
	files []*ast.File
	own   []string // names of the files that people wrote; nil if these are all
	pkg   *types.Package
	info  *types.Info
	sizes types.Sizes
	// importer and goVersion are those that it was type-checked with.
	importer  types.Importer
	goVersion string
	// find loads a package that no file imports yet, for the check of a fix.
	find func(path string) (*types.Package, error)
	// sums are those of the files by name, as they were when they were read.
	sums    map[string]sum
	variant bool     // compiled anew for a test
	other   []string // files that are not Go
	ignored []string // files that the build leaves out
	module  *analysis.Module
	text    map[string][]byte // of files, instead of what is on disk
}

// result is what one analyzer said of one unit.
type result struct {
	analyzer    *analysis.Analyzer
	diagnostics []analysis.Diagnostic
	sites       []site // what is around each of them
	left        bool   // it was left out by the profile or by what is excluded
	suppressed  []suppressed
}

// suppressed is a diagnostic that a directive in the code silenced.
type suppressed struct {
	analysis.Diagnostic
	site   site
	reason string // what the directive says
}

// A suppressor is the result of an analyzer that holds diagnostics back.
type suppressor interface {
	Suppressed() iter.Seq2[analysis.Diagnostic, string]
}

// A runner is the result of an analyzer that may leave packages out.
type runner interface {
	Ran() bool
}

// A folder is the result of an analyzer some of whose diagnostics one text
// stands for, with their number in place of %d.
type folder interface {
	Folds(pos token.Pos) string
}

// newInfo returns an Info that records all that analyzers may ask for.
func newInfo() *types.Info {
	return &types.Info{
		Types:        make(map[ast.Expr]types.TypeAndValue),
		Defs:         make(map[*ast.Ident]types.Object),
		Uses:         make(map[*ast.Ident]types.Object),
		Implicits:    make(map[ast.Node]types.Object),
		Instances:    make(map[*ast.Ident]types.Instance),
		Scopes:       make(map[ast.Node]*types.Scope),
		Selections:   make(map[*ast.SelectorExpr]*types.Selection),
		FileVersions: make(map[*ast.File]string),
	}
}

// A sum is the SHA-256 of the content of a file.
type sum [sha256.Size]byte

// parse parses one file for analysis, and adds its sum to sums.
func parse(fset *token.FileSet, name string, sums map[string]sum) (*ast.File, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	sums[name] = sha256.Sum256(data)
	return parser.ParseFile(fset, name, data, parser.ParseComments|parser.SkipObjectResolution)
}

// parse parses one of the unit's files.
func (u *unit) parse(name string) (*ast.File, error) {
	data, ok := u.text[name]
	if !ok {
		return parse(u.fset, name, u.sums)
	}
	u.sums[name] = sha256.Sum256(data)
	return parser.ParseFile(u.fset, name, data, parser.ParseComments|parser.SkipObjectResolution)
}

// closure lists the analyzers and all that they require, each once and after
// what it requires.
func closure(analyzers []*analysis.Analyzer) []*analysis.Analyzer {
	var list []*analysis.Analyzer
	seen := make(map[*analysis.Analyzer]bool)
	var visit func([]*analysis.Analyzer)
	visit = func(as []*analysis.Analyzer) {
		for _, a := range as {
			if !seen[a] {
				seen[a] = true
				visit(a.Requires)
				list = append(list, a)
			}
		}
	}
	visit(analyzers)
	return list
}

// factful returns those analyzers that make facts. They are all that is run
// over a package about which nothing is reported.
func factful(analyzers []*analysis.Analyzer) []*analysis.Analyzer {
	var list []*analysis.Analyzer
	for _, a := range closure(analyzers) {
		if len(a.FactTypes) > 0 {
			list = append(list, a)
		}
	}
	return list
}

// run runs the analyzers, and what they require, over the unit. Facts are
// read from f and added to it. The results of the analyzers that were asked
// for are in their order, diagnostics by position.
func run(u *unit, analyzers []*analysis.Analyzer, f *facts) (outcome, error) {
	values := make(map[*analysis.Analyzer]any)
	found := make(map[*analysis.Analyzer][]analysis.Diagnostic)
	var out outcome
	for _, a := range closure(analyzers) {
		pass := &analysis.Pass{
			Analyzer:     a,
			Fset:         u.fset,
			Files:        u.files,
			OtherFiles:   u.other,
			IgnoredFiles: u.ignored,
			Pkg:          u.pkg,
			TypesInfo:    u.info,
			TypesSizes:   u.sizes,
			ResultOf:     make(map[*analysis.Analyzer]any),
			Module:       u.module,
			ReadFile:     u.readFile,
			Report: func(d analysis.Diagnostic) {
				found[a] = append(found[a], d)
			},
		}
		for _, req := range a.Requires {
			pass.ResultOf[req] = values[req]
		}
		f.bind(pass)
		value, err := guarded(pass)
		if err != nil {
			return out, fmt.Errorf("%s: analyzer %s: %w", u.id, a.Name, err)
		}
		if got := reflect.TypeOf(value); a.ResultType != nil && got != a.ResultType {
			return out, fmt.Errorf("%s: analyzer %s: result is a %v, not a %v", u.id, a.Name, got, a.ResultType)
		}
		values[a] = value
		out.fates = append(out.fates, u.fatesOf(value)...)
	}
	for _, a := range analyzers {
		exits := func(analysis.Diagnostic) []token.Pos { return nil }
		if x, ok := values[a].(interface {
			Exits(analysis.Diagnostic) []token.Pos
		}); ok {
			exits = x.Exits
		}
		ds := found[a]
		slices.SortStableFunc(ds, func(x, y analysis.Diagnostic) int { return int(x.Pos) - int(y.Pos) })
		r := result{analyzer: a, diagnostics: ds}
		for _, d := range ds {
			r.sites = append(r.sites, u.site(d, exits(d)))
		}
		if x, ok := values[a].(runner); ok {
			r.left = !x.Ran()
		}
		if f, ok := values[a].(folder); ok {
			for i, d := range ds {
				r.sites[i].fold = f.Folds(d.Pos)
			}
		}
		if x, ok := values[a].(interface {
			NoFix(analysis.Diagnostic) string
		}); ok {
			for i, d := range ds {
				r.sites[i].noFix = x.NoFix(d)
			}
		}
		if s, ok := values[a].(suppressor); ok {
			for d, reason := range s.Suppressed() {
				r.suppressed = append(r.suppressed, suppressed{d, u.site(d, exits(d)), reason})
			}
		}
		out.results = append(out.results, r)
	}
	return out, nil
}

// guarded runs one analyzer and turns a panic into an error of one line that
// names the place in the analyzer.
func guarded(pass *analysis.Pass) (value any, err error) {
	defer func() {
		if r := recover(); r != nil {
			line, _, _ := strings.Cut(fmt.Sprint(r), "\n")
			err = fmt.Errorf("internal error, please report: %s%s", line, panicSite(string(debug.Stack())))
		}
	}()
	return pass.Analyzer.Run(pass)
}

// panicSite extracts from a stack trace the position of the call that
// panicked, as " (file.go:12)".
func panicSite(stack string) string {
	_, after, ok := strings.Cut(stack, "\npanic(")
	if !ok {
		return ""
	}
	for line := range strings.Lines(after) {
		if file, ok := strings.CutPrefix(line, "\t"); ok && !strings.Contains(file, "/runtime/") {
			file, _, _ = strings.Cut(strings.TrimSpace(file), " ")
			return " (" + file[strings.LastIndexByte(file, '/')+1:] + ")"
		}
	}
	return ""
}

// readFile gives analyzers the content of the unit's own files.
func (u *unit) readFile(name string) ([]byte, error) {
	mine := slices.Contains(u.other, name) || slices.Contains(u.ignored, name) ||
		slices.ContainsFunc(u.files, func(f *ast.File) bool { return u.fset.File(f.FileStart).Name() == name })
	if !mine {
		return nil, errors.New(name + " is not a file of this package")
	}
	if data, ok := u.text[name]; ok {
		return data, nil
	}
	data, err := os.ReadFile(name)
	if s, ok := u.sums[name]; err == nil && ok && s != sha256.Sum256(data) {
		return nil, fmt.Errorf("%s: %w", name, edit.ErrChanged)
	}
	return data, err
}

// outcome is what is known of a package after its analysis.
type outcome struct {
	results []result
	fates   []fate // of what it opens
	facts   []byte // content of its facts file
}

// analyse runs the analyzers over the unit, with the facts of its direct
// imports, and decides what its clients learn from it, if it has any.
func (t *Tool) analyse(u *unit, analyzers []*analysis.Analyzer, inherited [][]byte, covers func(string) bool, awaited bool) (outcome, error) {
	f, err := newFacts(u.pkg, factTypes(t.Analyzers), inherited)
	if err != nil {
		return outcome{}, fmt.Errorf("%s: %w", u.id, err)
	}
	f.mute = !awaited
	out, err := run(u, analyzers, f)
	if err != nil || !awaited || covers(u.pkg.Path()) {
		return out, err // of what is covered the rows say all there is to say
	}
	reach, exposed := exposureOf(u.pkg, covers, f.exposes)
	out.facts, err = f.encode(reach, header{exposed: exposed, variant: u.variant})
	if err != nil {
		return outcome{}, fmt.Errorf("%s: %w", u.id, err)
	}
	return out, nil
}
