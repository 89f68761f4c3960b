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
)

func TestSkim(t *testing.T) {
	for _, c := range []struct{ name, source, want string }{
		{"empty", "package p\n", "package p\n"},
		{"function", "package p\n\nfunc f() {\n\treturn\n}\n", "package p\n\nfunc f() {\n\n}\n"},
		{"on one line", "package p; func f() { g() }; var x = 1", "package p; func f() {     }; var x = 1"},
		{"method and results", "package p\nfunc (t *T) m(f func() interface{ M() }) (a struct{}, err error) { x }\nvar v int\n",
			"package p\nfunc (t *T) m(f func() interface{ M() }) (a struct{}, err error) {   }\nvar v int\n"},
		{"result with braces", "package p\nfunc f() map[string]struct{ x int } { x }\n", "package p\nfunc f() map[string]struct{ x int } {   }\n"},
		{"interface result", "package p\nfunc f() interface { M() } { x }\n", "package p\nfunc f() interface { M() } {   }\n"},
		{"type parameters", "package p\nfunc f[T interface{ ~int }](x T) chan<- struct{} { x }\n", "package p\nfunc f[T interface{ ~int }](x T) chan<- struct{} {   }\n"},
		{"no body", "package p\nfunc f()\nfunc g() (x int)\nfunc h() T\nvar t = T{1}\n", "package p\nfunc f()\nfunc g() (x int)\nfunc h() T\nvar t = T{1}\n"},
		{"literal of a variable", "package p\nvar f = func() { x }\n", "package p\nvar f = func() { x }\n"},
		{"braces in text", "package p\nfunc f() { _ = \"}\" + `}\n` + '}' + '\\'' // }\n /* } */ }\nvar x int\n", "package p\nfunc f() {\n\n         }\nvar x int\n"},
		{"comments in a head", "package p\nfunc /* { */ f( // {\n) { x }\n", "package p\nfunc /* { */ f( // {\n) {   }\n"},
		{"comment of two lines ends a head", "package p\nfunc f() /*\n*/ type T struct{ x int }\n", "package p\nfunc f() /*\n*/ type T struct{ x int }\n"},
		{"head over lines", "package p\nfunc f() *\nT { x }\n", "package p\nfunc f() *\nT {   }\n"},
		{"line directive", "package p\nfunc f() {\n//line x.go:1\n}\n", "package p\nfunc f() {\n//line x.go:1\n}\n"},
		{"never closed", "package p\nfunc f() {\n", "package p\nfunc f() {\n"},
		{"string never closed", "package p\nfunc f() { \" }\n}\n", "package p\nfunc f() {\n}\n"},
	} {
		if got := string(skim([]byte(c.source))); got != c.want {
			t.Errorf("%s: %q becomes\n%q, not\n%q", c.name, c.source, got, c.want)
		}
	}
}

// What real files declare, and where, does not change.
func TestSkimRealFiles(t *testing.T) {
	files := 0
	for _, dir := range []string{"go", "runtime", "unicode", "encoding"} {
		err := filepath.WalkDir(filepath.Join(build.Default.GOROOT, "src", dir), func(name string, d fs.DirEntry, err error) error {
			if err != nil || filepath.Ext(name) != ".go" || !d.Type().IsRegular() {
				return err
			}
			src, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			files++
			if text := skimmed(src); text != "" {
				t.Errorf("%s: %s", name, text)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if files < 500 {
		t.Errorf("only %d files were looked at", files)
	}
}

func FuzzSkim(f *testing.F) {
	for _, s := range []string{"func f() {}", "func (t T) f() struct{} { '{' }", "var x = func() {}", "func f() /*\n*/ { }", "func\nf() { `}` }"} {
		f.Add("package p\n" + s + "\nvar y int\n")
	}
	f.Fuzz(func(t *testing.T, src string) {
		if text := skimmed([]byte(src)); text != "" {
			t.Error(text)
		}
	})
}

// skimmed tells what changes by skimming source that can be parsed.
func skimmed(src []byte) string {
	before, err := declared(src)
	if err != nil {
		skim(src) // need only end
		return ""
	}
	after, err := declared(skim(src))
	if err != nil {
		return err.Error()
	}
	for i, line := range before {
		if i >= len(after) || after[i] != line {
			return fmt.Sprintf("%q is lost among %q", line, after)
		}
	}
	if len(after) != len(before) {
		return fmt.Sprintf("%q is new", after[len(before):])
	}
	return ""
}

// declared lists all that is outside of bodies, with positions.
func declared(src []byte) ([]string, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", src, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var list []string
	ast.Inspect(file, func(n ast.Node) bool {
		if n == nil {
			return false
		}
		if fn, ok := n.(*ast.FuncDecl); ok && fn.Body != nil {
			fn.Body.List = nil
		}
		from, to := fset.Position(n.Pos()), fset.Position(n.End())
		text := fmt.Sprintf("%T %d:%d-%d:%d", n, from.Line, from.Column, to.Line, to.Column)
		switch n := n.(type) {
		case *ast.Ident:
			text += " " + n.Name
		case *ast.BasicLit:
			text += " " + n.Value
		}
		list = append(list, text)
		return true
	})
	return slices.DeleteFunc(list, func(s string) bool { return strings.HasPrefix(s, "*ast.File") }), nil
}
