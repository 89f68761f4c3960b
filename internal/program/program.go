// Package program is what a package is to the engines: whether it has to do
// with Redis at all, its SSA form, who calls its functions, and which syntax an
// instruction was made of. It knows nothing of resources.
//
// A package that touches no Redis library, neither by an import nor by what one
// of its imports imports, has no SSA form and costs nothing.
package program

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"reflect"
	"strings"
	"sync"

	"github.com/redislint/redislint/internal/redisapi"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"
)

// Analyzer finds out what a package is to the engines. Its result is a
// *Program.
var Analyzer = newAnalyzer()

func newAnalyzer() *analysis.Analyzer {
	extra := ""
	a := &analysis.Analyzer{
		Name:       "program",
		Doc:        "program: prepare a package that has to do with Redis for the engines",
		ResultType: reflect.TypeFor[*Program](),
		FactTypes:  []analysis.Fact{&Analysed{}},
		Run:        func(pass *analysis.Pass) (any, error) { return run(pass, extra) },
	}
	a.Flags.StringVar(&extra, "extra", "", "additional `rows` of knowledge, in the language of internal/redisapi")
	return a
}

// A Program is one package. Several may ask it at the same time.
type Program struct {
	Table *redisapi.Table
	Pkg   *ssa.Package    // nil if the package has nothing to do with Redis
	Funcs []*ssa.Function // the functions with bodies, literals included, in source order

	fset     *token.FileSet
	types    *types.Package
	awaited  bool
	analysed func(*types.Package) bool
	source   func() *Source
	calls    func() *callIndex
}

// Analysed marks a package that has to do with Redis: the facts about its
// functions are complete, so that a function without a fact borrows what it is
// given.
type Analysed struct{}

// AFact marks Analysed as a fact.
func (*Analysed) AFact() {}

// Exposes reports that a package is not worth a look for this fact alone.
func (*Analysed) Exposes() bool { return false }

func (*Analysed) String() string { return "analysed" }

func run(pass *analysis.Pass, extra string) (*Program, error) {
	table, err := redisapi.New(extra)
	if err != nil {
		return nil, fmt.Errorf("-extra: %w", err)
	}
	pass = WithoutLibraries(pass, table)
	p := &Program{Table: table, fset: pass.Fset, types: pass.Pkg, awaited: pass.ExportObjectFact != nil}
	p.analysed = func(pkg *types.Package) bool { return pass.ImportPackageFact(pkg, &Analysed{}) }
	if !p.touches() {
		return p, nil
	}
	p.Pkg, p.Funcs = build(pass)
	p.source = sync.OnceValue(func() *Source { return newSource(pass) })
	p.calls = sync.OnceValue(func() *callIndex { return newCallIndex(p.Funcs) })
	pass.ExportPackageFact(&Analysed{})
	return p, nil
}

// touches reports whether a Redis value can be at hand in the package.
func (p *Program) touches() bool {
	for _, imp := range p.types.Imports() {
		if p.Table.Covers(imp.Path()) || p.Analysed(imp) {
			return true
		}
	}
	return false
}

// Relevant reports whether the package has to do with Redis. Of others nothing is
// known.
func (p *Program) Relevant() bool { return p.Pkg != nil }

// Analysed reports whether another package has to do with Redis.
func (p *Program) Analysed(pkg *types.Package) bool { return p.analysed(pkg) }

// Awaited reports whether other packages may ask for facts about this one. A
// driver that knows of all packages leaves ExportObjectFact nil where none does.
// No finding may depend on it: go vet, which always asks, and the command are held
// to the same findings.
func (p *Program) Awaited() bool { return p.awaited }

// Source returns the index of the package's syntax, which is made when it is
// first needed.
func (p *Program) Source() *Source { return p.source() }

// HasBody reports whether a function's body can be looked at here.
func (p *Program) HasBody(fn *ssa.Function) bool {
	return fn != nil && len(fn.Blocks) > 0 && (fn.Pkg == p.Pkg || fn.Pkg == nil && fn.Synthetic != "")
}

// Body returns the function that a call names, if its body can be looked at
// here.
func (p *Program) Body(c *ssa.CallCommon) *ssa.Function {
	if fn := ssaflow.Static(c); p.HasBody(fn) {
		return fn
	}
	return nil
}

// InTest reports whether a position is in a test file.
func (p *Program) InTest(pos token.Pos) bool {
	return pos.IsValid() && strings.HasSuffix(filepath.Base(p.fset.Position(pos).Filename), "_test.go")
}

// build makes the SSA form of the package, and lists its functions. Of other
// packages it knows those that the source imports: docs/engine.md says why no
// more are needed.
func build(pass *analysis.Pass) (*ssa.Package, []*ssa.Function) {
	prog := ssa.NewProgram(pass.Fset, ssa.BuilderMode(0))
	for _, p := range pass.Pkg.Imports() {
		prog.CreatePackage(p, nil, nil, true)
	}
	pkg := prog.CreatePackage(pass.Pkg, pass.Files, pass.TypesInfo, false)
	pkg.Build()
	var funcs []*ssa.Function
	var add func(f *ssa.Function)
	add = func(f *ssa.Function) {
		if len(f.Blocks) == 0 {
			return
		}
		funcs = append(funcs, f)
		for _, anon := range f.AnonFuncs {
			add(anon)
		}
	}
	for _, file := range pass.Files {
		for _, decl := range file.Decls {
			if d, ok := decl.(*ast.FuncDecl); ok {
				if obj, ok := pass.TypesInfo.Defs[d.Name].(*types.Func); ok {
					if f := prog.FuncValue(obj); f != nil {
						add(f)
					}
				}
			}
		}
	}
	if init := pkg.Func("init"); init != nil {
		add(init) // initialisers of package-level variables
	}
	return pkg, funcs
}
