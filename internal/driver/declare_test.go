package driver

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
)

// What the package hides is of four kinds: used by nothing exported, used by
// something exported, methods, and constants that count on.
var hiding = []string{`
package p

import (
	"bytes"
	"container/list"
	"io"
	"net/url"
	"strings"
)

type T struct {
	hidden
	elements []element
	*list.List
}

type hidden struct{ buf bytes.Buffer }

func (h *hidden) Write(p []byte) (int, error) { return strings.NewReader("").Read(p) }
func (h hidden) marked()                       {}

type same = element

func (s *same) Len() int { return 0 }

type Marked interface{ marked() }

const (
	first = iota
	Second
)

const alone = "x"

var Size = size
var _ io.Writer = (*T)(nil)

func helper(h *url.URL) {}
func New() (m Marked, err error) { return T{}, nil }
func init() { helper(nil) }
`, `
package p

import "net/url"

const size = len("four") + unit

const unit = 1

type element struct{ next *element }

type unused struct{ c url.URL }

func (u unused) Get() *url.URL { return &u.c }

var client, other url.URL

var handler = func() *url.URL { return nil }
`}

func TestDeclarations(t *testing.T) {
	dir := t.TempDir()
	n := &node{Package: &packages.Package{ID: "p", PkgPath: "p"}, imports: make(map[string]*node)}
	for _, path := range []string{"bytes", "container/list", "io", "net/url", "strings"} {
		n.imports[path] = &node{Package: &packages.Package{Name: path[strings.LastIndexByte(path, '/')+1:]}}
	}
	for i, source := range hiding {
		name := filepath.Join(dir, string(rune('a'+i))+".go")
		if err := os.WriteFile(name, []byte(source), 0o666); err != nil {
			t.Fatal(err)
		}
		n.GoFiles = append(n.GoFiles, name)
	}
	fset := token.NewFileSet()
	std := importer.ForCompiler(fset, "source", nil)
	check := func(files []*ast.File) *types.Package {
		t.Helper()
		conf := types.Config{Importer: std, IgnoreFuncBodies: true}
		pkg, err := conf.Check("p", fset, files, nil)
		if err != nil {
			t.Fatal(err)
		}
		return pkg
	}
	var whole []*ast.File
	for _, name := range n.GoFiles {
		f, err := parser.ParseFile(fset, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		whole = append(whole, f)
	}
	want := check(whole)

	for _, test := range []struct {
		name           string
		module         *packages.Module
		names, imports []string
	}{
		{"another's", nil, []string{"Marked", "New", "Second", "Size", "T", "element", "first", "hidden", "same", "size", "unit"}, []string{"bytes", "container/list"}},
		{"ours", &packages.Module{Main: true}, want.Scope().Names(), []string{"bytes", "container/list", "net/url"}},
	} {
		n.Module = test.module
		files, errs := n.declarations(fset)
		if errs != nil {
			t.Fatal(errs)
		}
		var imports []string
		for _, f := range files {
			for _, spec := range f.Imports {
				imports = append(imports, importPath(spec))
			}
		}
		slices.Sort(imports)
		if imports = slices.Compact(imports); !slices.Equal(imports, test.imports) {
			t.Errorf("%s: imports are %q, not %q", test.name, imports, test.imports)
		}
		got := check(files)
		if names := got.Scope().Names(); !slices.Equal(names, test.names) {
			t.Errorf("%s: names are %q, not %q", test.name, names, test.names)
		}
		for _, name := range want.Scope().Names() {
			obj := want.Scope().Lookup(name)
			if !obj.Exported() {
				continue
			}
			have := got.Scope().Lookup(name)
			if have == nil {
				t.Errorf("%s: %s is lost", test.name, name)
				continue
			}
			if have.String() != obj.String() || fset.Position(have.Pos()).Line != fset.Position(obj.Pos()).Line {
				t.Errorf("%s: %v at %v was %v at %v", test.name, have, fset.Position(have.Pos()), obj, fset.Position(obj.Pos()))
			}
			a, b := types.NewMethodSet(types.NewPointer(have.Type())), types.NewMethodSet(types.NewPointer(obj.Type()))
			if a.String() != b.String() {
				t.Errorf("%s: the methods of %s are %v, not %v", test.name, name, a, b)
			}
		}
	}
}

// The user is told what is wrong with the syntax of files that are ours, in
// bodies too.
func TestDeclarationsKeepSyntaxErrors(t *testing.T) {
	file := filepath.Join(t.TempDir(), "p.go")
	if err := os.WriteFile(file, []byte("package p\n\nfunc f() {\n\tx := = 1\n}\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, main := range []bool{true, false} {
		n := &node{Package: &packages.Package{ID: "p", Module: &packages.Module{Main: main}, GoFiles: []string{file}}}
		if _, errs := n.declarations(token.NewFileSet()); (errs != nil) != main {
			t.Errorf("a main module: %v, errors: %v", main, errs)
		}
	}
}

func TestSlots(t *testing.T) {
	s := newSlots(2)
	s.take()
	s.take()
	order := make(chan int)
	for i := range 3 {
		queued := make(chan struct{})
		go func() {
			close(queued)
			s.take()
			order <- i
			s.release()
		}()
		<-queued
		for waits := 0; waits <= i; {
			s.mu.Lock()
			waits = len(s.waiting)
			s.mu.Unlock()
		}
	}
	s.release()
	for _, want := range []int{2, 1, 0} {
		if got := <-order; got != want {
			t.Errorf("%d goes, not %d: the last to come is the first to go", got, want)
		}
	}
	s.release()
	s.take()
	s.take() // both are free again
}
