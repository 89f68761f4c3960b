package program

import (
	"bytes"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/ssa/ssautil"
)

// directImports are three packages. The last one imports the second only, and
// meets the types of the first all the same.
var directImports = []struct{ path, source string }{
	{"far", `
package far

import "io"

type Conn struct{ open bool }

func (c *Conn) Close() error   { return nil }
func (c Conn) Open() bool      { return c.open }
func (c *Conn) Each(yield func(int) bool) {}

type Closer interface{ Close() error }

type Box[T any] struct{ v T }

func (b *Box[T]) Get() T        { return b.v }
func (b *Box[T]) Map(f func(T) T) *Box[T] { return b }

type Code int

func (c Code) String() string { return "" }

const First Code = 1

type Reader struct{ io.Reader }
`},
	{"near", `
package near

import "far"

type Client struct {
	*far.Conn
	Box  far.Box[*far.Conn]
	Code far.Code
	In   far.Reader
}

type Pool[T far.Closer] struct{ far.Box[T] }

func (p *Pool[T]) Take() T { return p.Get() }

func New() *Client                       { return nil }
func Of[T far.Closer](v T) *Pool[T]      { return nil }
func With[T any](v T, f func(T) error) error { return f(v) }

var Default = Client{}
var Codes = map[far.Code]*far.Conn{}
`},
	{"here", `
package here

import (
	"cmp"
	"fmt"
	"io"
	. "near"
)

type wrapped struct{ Client }

type local[T interface{ Close() error }] struct {
	v T
}

func (l local[T]) done() error { return l.v.Close() }

type closer interface{ Close() error }

type opener interface {
	closer
	Open() bool
}

var initial = New().Box.Get()

func promoted(w wrapped) error {
	if !w.Open() {
		return nil
	}
	return w.Close()
}

func values(c *Client) (func() error, func(*Client) error, func(wrapped) bool) {
	return c.Conn.Close, (*Client).Close, wrapped.Open
}

func converted(w *wrapped) []closer {
	var o opener = w
	return []closer{w, w.Client, w.Conn, o, local[opener]{o}.v, &w.Client}
}

func generic(c *Client) error {
	p := Of(c.Conn)
	defer p.Take().Close()
	twin := c.Box.Map(identity)
	local := local[closer]{twin.Get()}
	return cmp.Or(With(p.Get(), closed), With(c.Box, boxed), local.done())
}

func identity[T any](v T) T { return v }

func closed[T closer](v T) error { return v.Close() }

func boxed[B any](b B) error { return nil }

func stringer(c *Client) string {
	switch v := any(c.Code).(type) {
	case fmt.Stringer:
		return v.String()
	}
	data, _ := io.ReadAll(c.In)
	return c.Code.String() + string(data)
}

func ranged(c *Client) (n int) {
	for i := range c.Each {
		defer Codes[c.Code].Close()
		if i > 3 {
			return i
		}
	}
	for _, conn := range Codes {
		go conn.Close()
	}
	return len(Default.Box.Get().Close().Error())
}
`},
}

// TestDirectImports holds the section "One package of SSA at a time" of
// docs/engine.md: a package's functions are the same, and so are the wrappers
// and instances that they need, whether all packages below it are in the
// program or only those that it imports.
func TestDirectImports(t *testing.T) {
	fset := token.NewFileSet()
	std := importer.ForCompiler(fset, "source", nil)
	known := make(map[string]*types.Package)
	pass := &analysis.Pass{Fset: fset}
	for _, p := range directImports {
		file, err := parser.ParseFile(fset, p.path+".go", p.source, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		conf := types.Config{Importer: importFunc(func(path string) (*types.Package, error) {
			if p := known[path]; p != nil {
				return p, nil
			}
			return std.Import(path)
		})}
		pass.Files = []*ast.File{file}
		pass.TypesInfo = &types.Info{
			Types:        make(map[ast.Expr]types.TypeAndValue),
			Defs:         make(map[*ast.Ident]types.Object),
			Uses:         make(map[*ast.Ident]types.Object),
			Implicits:    make(map[ast.Node]types.Object),
			Instances:    make(map[*ast.Ident]types.Instance),
			Scopes:       make(map[ast.Node]*types.Scope),
			Selections:   make(map[*ast.SelectorExpr]*types.Selection),
			FileVersions: make(map[*ast.File]string),
		}
		if pass.Pkg, err = conf.Check(p.path, fset, pass.Files, pass.TypesInfo); err != nil {
			t.Fatal(err)
		}
		known[p.path] = pass.Pkg
	}

	pkg, _ := build(pass)
	if pkg.Prog.ImportedPackage("near") == nil || pkg.Prog.ImportedPackage("far") != nil {
		t.Fatal("the program has not exactly the packages that are imported")
	}
	all := ssa.NewProgram(fset, ssa.BuilderMode(0))
	seen := map[*types.Package]bool{pass.Pkg: true}
	var create func(list []*types.Package)
	create = func(list []*types.Package) {
		for _, p := range list {
			if !seen[p] {
				seen[p] = true
				all.CreatePackage(p, nil, nil, true)
				create(p.Imports())
			}
		}
	}
	create(pass.Pkg.Imports())
	whole := all.CreatePackage(pass.Pkg, pass.Files, pass.TypesInfo, false)
	whole.Build()

	got, want := bodies(pkg), bodies(whole)
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if got[name] != want[name] {
			t.Errorf("%s is\n%s\nand with all packages\n%s", name, got[name], want[name])
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d functions, and %d with all packages", len(got), len(want))
	}
	// These are what the section is about.
	for _, name := range []string{
		"(*far.Conn).Close$bound", "(*near.Client).Close$thunk", "(here.wrapped).Open$thunk",
		"(here.local[here.closer]).done", "here.closed[*far.Conn]",
		"(*here.wrapped).Open", "here.ranged$1", "here.init",
	} {
		if want[name] == "" {
			t.Errorf("%s is not among %q", name, slices.Sorted(maps.Keys(want)))
		}
	}
}

// bodies returns the text of all functions with bodies in a program, by name.
// Names in the text are without packages, which go/ssa leaves out or not by
// Function.Pkg, and columns are not aligned.
func bodies(pkg *ssa.Package) map[string]string {
	list := make(map[string]string)
	for fn := range ssautil.AllFunctions(pkg.Prog) {
		if len(fn.Blocks) > 0 {
			var text bytes.Buffer
			ssa.WriteFunction(&text, fn)
			plain := strings.NewReplacer("far.", "", "near.", "", "here.", "").Replace(text.String())
			list[fn.String()] += strings.Join(strings.Fields(plain), " ") + "\n"
		}
	}
	return list
}

type importFunc func(path string) (*types.Package, error)

func (f importFunc) Import(path string) (*types.Package, error) { return f(path) }
