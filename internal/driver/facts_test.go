package driver

import (
	"bytes"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/types/objectpath"
)

// universe type-checks packages from source, each given as its path and text.
// A package may import those before it.
func universe(t testing.TB, sources ...string) map[string]*types.Package {
	t.Helper()
	fset := token.NewFileSet()
	made := make(map[string]*types.Package)
	std := importer.ForCompiler(fset, "source", nil)
	for i := 0; i < len(sources); i += 2 {
		file, err := parser.ParseFile(fset, sources[i]+".go", sources[i+1], 0)
		if err != nil {
			t.Fatal(err)
		}
		conf := types.Config{Importer: importFunc(func(path string) (*types.Package, error) {
			if p := made[path]; p != nil {
				return p, nil
			}
			return std.Import(path)
		})}
		made[sources[i]], err = conf.Check(sources[i], fset, []*ast.File{file}, nil)
		if err != nil {
			t.Fatal(err)
		}
	}
	return made
}

const redisStub = `package redis

type Client struct{ fd int }

func (c *Client) Close() error { return nil }

type Cmdable interface{ Get() string }
`

func TestExposure(t *testing.T) {
	for _, test := range []struct {
		name, decls string
		exposed     bool
	}{
		{"result", "func F() *redis.Client { return nil }", true},
		{"second result", "func F() (int, map[string][]*redis.Client) { return 0, nil }", true},
		{"unexported", "func f() *redis.Client { return nil }\nvar c redis.Client\ntype t struct{ C *redis.Client }", false},
		{"parameter", "func F(c *redis.Client, more ...redis.Client) {}", false},
		{"callback", "func F(fn func(c *redis.Client) error) {}", true},
		{"named callback", "func F(fn callback) {}\ntype callback func(redis.Cmdable)", true},
		{"variable", "var C redis.Cmdable", true},
		{"channel", "var C = make(chan redis.Client)", true},
		{"unexported field", "type T struct{ c *redis.Client }", false},
		{"field", "type T struct{ C *redis.Client }", true},
		{"embedded in unexported", "type T struct{ t }\ntype t struct{ *redis.Client }", true},
		{"promoted field", "type T struct{ t }\ntype t struct{ C *redis.Client }", true},
		{"method", "type T struct{}\nfunc (T) Client() *redis.Client { return nil }", true},
		{"method of what is returned", "func F() t { return t{} }\ntype t struct{}\nfunc (t) Client() *redis.Client { return nil }", true},
		{"unexported method", "type T struct{}\nfunc (T) client() *redis.Client { return nil }", false},
		{"interface", "type T interface{ Client() redis.Cmdable }", true},
		{"alias", "type C = redis.Client", true},
		{"type argument", "var P pair[string, *redis.Client]\ntype pair[A, B any] struct{ a A; b B }", true},
		{"recursive", "type T struct{ Next *T; m map[string]T }\nfunc (t T) Self() T { return t }", false},
		{"behind any", "func F() any { return &redis.Client{} }", false},
		{"known to hand one out", "func Opens() any { return &redis.Client{} }", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := universe(t, "example.com/redis", redisStub,
				"p", "package p\n\nimport \"example.com/redis\"\n\nvar _ redis.Client\n"+test.decls)["p"]
			_, exposed := exposureOf(p,
				func(path string) bool { return path == "example.com/redis" },
				func(obj types.Object) bool { return obj.Name() == "Opens" })
			if exposed != test.exposed {
				t.Errorf("exposed = %v:\n%s", exposed, test.decls)
			}
		})
	}
}

// label is a fact about anything.
type label struct{ Text string }

func (*label) AFact() {}

// mark is a fact with nothing in it.
type mark struct{}

func (*mark) AFact() {}

func TestFactsTravel(t *testing.T) {
	pkgs := universe(t,
		"a", `package a
type T struct{ base }
type base struct{ F int }
func (base) Close() {}
func New() *T { return nil }
func Unreached() {}
func (T) hidden() {}
`,
		"b", `package b
import "a"
func Get() a.T { return a.T{} }
`,
		"c", `package c
import "b"
var X = b.Get()
`)
	kinds := factTypes([]*analysis.Analyzer{{FactTypes: []analysis.Fact{new(mark), new(label)}}})
	find := func(pkg, path string) types.Object {
		obj, err := objectpath.Object(pkgs[pkg], objectpath.Path(path))
		if err != nil {
			t.Fatal(err)
		}
		return obj
	}
	never := func(string) bool { return false }
	write := func(f *facts) []byte {
		reach, exposed := exposureOf(f.pkg, never, f.exposes)
		data, err := f.encode(reach, header{exposed: exposed})
		if err != nil {
			t.Fatal(err)
		}
		return data
	}

	// What a states, a importer of b learns if b's API leads there.
	state := func() []byte {
		a, err := newFacts(pkgs["a"], kinds, nil)
		if err != nil {
			t.Fatal(err)
		}
		pass := &analysis.Pass{Analyzer: &analysis.Analyzer{FactTypes: []analysis.Fact{new(mark), new(label)}}}
		a.bind(pass)
		for _, path := range []string{"T", "T.UF0", "base.M0", "New", "Unreached", "T.M0"} {
			pass.ExportObjectFact(find("a", path), &label{path})
		}
		pass.ExportObjectFact(find("a", "base.M0"), &mark{})
		pass.ExportPackageFact(&mark{})
		return write(a)
	}
	dataA := state()
	for range 20 {
		if again := state(); !bytes.Equal(dataA, again) {
			t.Fatalf("facts files differ:\n%q\n%q", dataA, again)
		}
	}
	list := func(pkg string, inherited []byte) (string, []byte) {
		f, err := newFacts(pkgs[pkg], kinds, [][]byte{nil, inherited})
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for key, fact := range f.m {
			switch fact := fact.(type) {
			case *label:
				names = append(names, fact.Text)
			case *mark:
				name := "package " + key.pkg.Path()
				if key.obj != nil {
					name = "mark of " + key.obj.Name()
				}
				names = append(names, name)
			}
		}
		slices.Sort(names)
		return strings.Join(names, ", "), write(f)
	}
	names, dataB := list("b", dataA)
	expect(t, "facts that b inherits from a", names, "New, T, T.UF0, Unreached, base.M0, mark of Close, package a")
	names, _ = list("c", dataB)
	expect(t, "facts that c inherits from b", names, "T, T.UF0, base.M0, mark of Close, package a")

	if _, err := newFacts(pkgs["b"], kinds, [][]byte{[]byte("something else")}); err == nil {
		t.Error("no error for a facts file of another tool")
	}
}

// A package about which nothing is known, and which hands out nothing, has an
// empty facts file.
func TestNoFacts(t *testing.T) {
	p := universe(t, "p", "package p\nfunc F() {}")["p"]
	f, err := newFacts(p, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if data, err := f.encode(map[types.Object]bool{p.Scope().Lookup("F"): true}, header{}); err != nil || len(data) != 0 {
		t.Errorf("facts file is %q, %v", data, err)
	}
	if data, _ := f.encode(nil, header{exposed: true}); len(data) != headerSize {
		t.Errorf("facts file of an exposed package is %q", data)
	}
}

// Whatever a facts file holds, it is read or refused, with one line.
func FuzzFacts(f *testing.F) {
	p := universe(f, "p", "package p\nfunc F() {}")["p"]
	kinds := factTypes([]*analysis.Analyzer{{FactTypes: []analysis.Fact{new(mark), new(label)}}})
	has, err := newFacts(p, kinds, nil)
	if err != nil {
		f.Fatal(err)
	}
	pass := &analysis.Pass{Analyzer: &analysis.Analyzer{FactTypes: []analysis.Fact{new(mark), new(label)}}}
	has.bind(pass)
	fn := p.Scope().Lookup("F")
	pass.ExportObjectFact(fn, &label{"F"})
	pass.ExportPackageFact(&mark{})
	data, err := has.encode(map[types.Object]bool{fn: true}, header{exposed: true})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add(data[:len(data)-3])
	f.Add([]byte(factsMagic))
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, err := newFacts(p, kinds, [][]byte{data}); err != nil && strings.Contains(err.Error(), "\n") {
			t.Errorf("the error is %q", err)
		}
	})
}
