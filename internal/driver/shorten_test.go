package driver

import (
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
)

// outline lists what a type checker and a position can tell of declarations
// without bodies.
func outline(fset *token.FileSet, files []*ast.File) []string {
	var list []string
	for _, f := range files {
		if len(f.Decls) == 0 {
			continue
		}
		list = append(list, "file "+f.Name.Name+" "+f.GoVersion)
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case nil, *ast.CommentGroup, *ast.BlockStmt, *ast.File:
				_, file := n.(*ast.File)
				return file
			case *ast.ValueSpec, *ast.GenDecl, *ast.FuncDecl: // may end with what is left out
				list = append(list, fmt.Sprintf("%T %v", n, fset.Position(n.Pos())))
			default:
				text := ""
				switch n := n.(type) {
				case *ast.Ident:
					text = n.Name
				case *ast.BasicLit:
					text = n.Value
				}
				list = append(list, fmt.Sprintf("%T %v %v %s", n, fset.Position(n.Pos()), fset.Position(n.End()), text))
			}
			return true
		})
	}
	return list
}

// shortened says how declarations differ once they were written and read again.
func shortened(n *node) string {
	fset := token.NewFileSet()
	files, sources, errs := n.parseDeclarations(fset)
	if errs != nil {
		return errs[0].Error()
	}
	texts := shorten(fset, files, sources)
	if texts == nil {
		if slices.ContainsFunc(sources, hasLineDirective) {
			return ""
		}
		return "it cannot be written"
	}
	again := token.NewFileSet()
	short, err := n.parseShort(again, texts)
	if err != nil {
		return err.Error()
	}
	before, after := outline(fset, files), outline(again, short)
	for i := range before {
		if i >= len(after) || before[i] != after[i] {
			return fmt.Sprintf("%q is lost among %q", before[i], after[min(i, len(after)):min(i+3, len(after))])
		}
	}
	if len(before) != len(after) {
		return fmt.Sprintf("%q is new", after[len(before):])
	}
	return ""
}

// What is kept of real packages is what their declarations are, at the same
// places.
func TestShorten(t *testing.T) {
	count := 0
	for _, dir := range []string{"go", "runtime", "encoding", "net", "syscall", "sync"} {
		err := filepath.WalkDir(filepath.Join(build.Default.GOROOT, "src", dir), func(name string, d fs.DirEntry, err error) error {
			if err != nil || !d.IsDir() {
				return err
			}
			if d.Name() == "testdata" {
				return fs.SkipDir
			}
			files, err := filepath.Glob(filepath.Join(name, "*.go"))
			if err != nil {
				return err
			}
			n := &node{Package: &packages.Package{ID: name, PkgPath: name}, imports: make(map[string]*node)}
			for _, file := range files {
				if !isTestFile(file) {
					n.GoFiles = append(n.GoFiles, file)
				}
			}
			if n.GoFiles == nil {
				return nil
			}
			for _, main := range []bool{false, true} {
				n.Module = &packages.Module{Main: main}
				if text := shortened(n); text != "" {
					t.Errorf("%s, ours: %v: %s", name, main, text)
				}
			}
			count++
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if count < 60 {
		t.Errorf("only %d packages", count)
	}
}

func TestShortenWrites(t *testing.T) {
	for source, want := range map[string]string{
		"// Copyright.\n\n//go:build go1.21\n\n// Package p.\npackage p // here\n\nimport \"io\"\n":   "//go:build go1.21\n\n\n\n\npackage p\n",
		"package p\n\nfunc F( /* a\nb */ x int, // c\n) {\n\treturn\n}\n\nfunc g() {}\n":              "package p;\n\nfunc F( \n     x int,\n){}\n",
		"package p\n\nvar (\n\ta int = 1\n\tB, C int = 2, 3; D = func() { x }\n)\n":                   "package p;\n\nvar (\n\n B, C int;        D = func() { x })\n",
		"package p\n\nconst (\n\t// A is.\n\tA = iota // first\n\tb\n)\n\ntype T struct {\n\tx int }": "package p;\n\nconst (\n\n\tA = iota\n\tb\n);\n\ntype T struct {\n\tx int }\n",
		"package p\n\nvar S = `// no\n/* comment */`\n":                                               "package p;\n\nvar S = `// no\n/* comment */`\n",
	} {
		name := filepath.Join(t.TempDir(), "p.go")
		if err := os.WriteFile(name, []byte(source), 0o666); err != nil {
			t.Fatal(err)
		}
		n := &node{Package: &packages.Package{ID: "p", PkgPath: "p", GoFiles: []string{name}}, imports: map[string]*node{"io": {Package: &packages.Package{Name: "io"}}}}
		fset := token.NewFileSet()
		files, sources, errs := n.parseDeclarations(fset)
		if errs != nil {
			t.Fatal(errs)
		}
		if got := strings.Join(shorten(fset, files, sources), "\x00"); got != want {
			t.Errorf("%q becomes\n%q, not\n%q", source, got, want)
		}
		if text := shortened(n); text != "" {
			t.Errorf("%q: %s", source, text)
		}
	}
}

// Any source is written so that it is read again.
func FuzzShorten(f *testing.F) {
	for _, s := range []string{
		"type T struct{ X int }; func (T) M() { }", "var ( A int = 1; B = 2 )", "const (\nA = iota\nB\n)", "import ( \"io\"; . \"os\" )\nfunc F(io.Reader) /*\n*/ { }",
		"type ( A = B; B []struct{ /* x */ } )", "var F = func() { `}` }", "func F[T interface{ ~int | ~string }](t ...T) (\nx int,\n) { return }", "var X = `\r\n//` // c\r\n",
	} {
		f.Add("package p\n" + s + "\n")
	}
	f.Fuzz(func(t *testing.T, src string) {
		if _, err := parser.ParseFile(token.NewFileSet(), "", src, parser.SkipObjectResolution); err != nil {
			return
		}
		name := filepath.Join(t.TempDir(), "p.go")
		if err := os.WriteFile(name, []byte(src), 0o666); err != nil {
			t.Fatal(err)
		}
		for _, main := range []bool{false, true} {
			n := &node{Package: &packages.Package{ID: "p", PkgPath: "p", GoFiles: []string{name}, Module: &packages.Module{Main: main}}, imports: make(map[string]*node)}
			if text := shortened(n); text != "" {
				t.Error(text)
			}
		}
	})
}
