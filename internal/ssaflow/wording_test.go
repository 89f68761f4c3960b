package ssaflow

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"testing"

	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/ssa/ssautil"
)

const wording = `package p

type T struct{ n int }

func (t *T) P() {}
func (t T) V()  {}

type I interface{ V() }

func take(list ...int) {}

func methodValue(t *T) func()      { return t.P }
func methodExpr() func(*T)         { return (*T).P }
func plainFunc() func(*T) func()   { return methodValue }
func literal(t *T) func()          { return func() { t.n++ } }
func loopBody(seq func(func(int) bool)) (n int) {
	for i := range seq {
		n += i
	}
	return n
}
func composite() *T { return &T{n: 1} }
func made() *T      { return new(T) }
func variable() *T  { var t T; return &t }
func variadic()     { take(1, 2) }
func list() []int   { return []int{1, 2} }
func boxed(t *T) I  { return t }
`

// Each of the words is looked for in the code that must make go/ssa say it, and
// in the code beside it that must not.
func TestWording(t *testing.T) {
	pkg := build(t, wording)
	funcs := []struct {
		name string
		is   func(*ssa.Function) bool
		in   string
	}{
		{"IsBoundMethod", IsBoundMethod, "methodValue"},
		{"IsThunk", IsThunk, "methodExpr"},
		{"IsLoopBody", IsLoopBody, "loopBody"},
	}
	for _, c := range funcs {
		for _, in := range []string{"methodValue", "methodExpr", "loopBody", "plainFunc", "literal"} {
			found := false
			for f := range used[*ssa.Function](pkg.Func(in)) {
				found = found || c.is(f)
			}
			if want := in == c.in; found != want {
				t.Errorf("%s in %s: %t, want %t: has x/tools changed its words?", c.name, in, found, want)
			}
		}
	}
	allocs := []struct {
		name string
		is   func(*ssa.Alloc) bool
		in   string
	}{
		{"IsComposite", IsComposite, "composite"},
		{"IsVarargs", IsVarargs, "variadic"},
	}
	for _, c := range allocs {
		for _, in := range []string{"composite", "variadic", "made", "variable", "list"} {
			found, seen := false, false
			for a := range used[*ssa.Alloc](pkg.Func(in)) {
				found, seen = found || c.is(a), true
			}
			if want := in == c.in; found != want || !seen {
				t.Errorf("%s in %s: %t, want %t: has x/tools changed its words?", c.name, in, found, want)
			}
		}
	}
	m := types.NewMethodSet(types.NewPointer(pkg.Type("T").Type())).Lookup(pkg.Pkg, "V")
	found := false
	for b := range used[*ssa.Builtin](pkg.Prog.MethodValue(m)) {
		found = found || b.Name() == NilCheck
	}
	if !found {
		t.Errorf("the wrapper of a method does not call %s: has x/tools changed its words?", NilCheck)
	}
}

// used yields the values of a kind that a function makes or mentions.
func used[V ssa.Value](fn *ssa.Function) func(yield func(V) bool) {
	return func(yield func(V) bool) {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if v, ok := instr.(V); ok && !yield(v) {
					return
				}
				for _, op := range instr.Operands(nil) {
					if v, ok := (*op).(V); ok && !yield(v) {
						return
					}
				}
			}
		}
	}
}

// build makes the SSA form of a package, as the engines see it.
func build(t *testing.T, src string) *ssa.Package {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", src, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	pkg := types.NewPackage("p", "")
	built, _, err := ssautil.BuildPackage(&types.Config{Importer: importer.Default()}, fset, pkg, []*ast.File{file}, ssa.BuilderMode(0))
	if err != nil {
		t.Fatal(err)
	}
	return built
}
