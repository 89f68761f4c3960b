package driver

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
)

// What a position stands for, and the function around it. The position is at
// the bar.
func TestSite(t *testing.T) {
	for _, test := range []struct{ source, mark, fn string }{
		{"func F() { if err |!= nil { return } }", "err != nil", "F"},
		{"func F() { if a|(b)(c) { return } }", "a(b)", "F"},
		{"func F() { if x.Ping|(ctx).Err() { return } }", "x.Ping(ctx)", "F"},
		{"func F() { if |ok { return } }", "ok", "F"},
		{"func F() { if |!ok { return } }", "!ok", "F"},
		{"func F() { if a &&\n b ||| c { return } }", "a &&\n b || c", "F"},
		{"func F() { |return f(x) }", "return f(x)", "F"},
		{"func F() { f(x) |}", "}", "F"},
		{"func F() { |for _, x := range f() { g() } }", "for _, x := range f()", "F"},
		{"func F() { |for x < y { g() } }", "for x < y", "F"},
		{"func F() { |for { g() } }", "", "F"},
		{"func F() { |break }", "break", "F"},
		{"func F() { |defer x.Close() }", "defer x.Close()", "F"},
		{"func F() { x = T|{a} }", "T{a}", "F"},
		{"func F() { x = m|[a] }", "m[a]", "F"},
		{"func F() { x |:= y }", "x := y", "F"},
		{"func F() { ch |<- x }", "ch <- x", "F"},
		{"func F() { x.|y = z }", "x.y", "F"},
		{"func F() { g(|func(a int) { h() }) }", "func(a int)", "F"},
		{"func (t *T) |Close() { }", "Close", "(*T).Close"},
		{"func (t T[K, V]) Close() { |return }", "return", "T[K, V].Close"},
		{"var |x = f()", "x", ""},
		{"var x = f|()", "f()", ""},
	} {
		before, after, _ := strings.Cut(test.source, "|")
		source := "package p\n" + before + after
		pos := len("package p\n" + before)
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, "p.go", source, 0)
		if err != nil {
			t.Errorf("%s: %v", test.source, err)
			continue
		}
		u := &unit{fset: fset, files: []*ast.File{f}}
		s := u.site(analysis.Diagnostic{Pos: f.FileStart + token.Pos(pos)})
		mark := source[s.mark.pos-f.FileStart : s.mark.end-f.FileStart]
		if mark != test.mark || s.fn != test.fn {
			t.Errorf("%s: marks %q in %q, want %q in %q", test.source, mark, s.fn, test.mark, test.fn)
		}
	}
}

// A finding depends on what lies between its positions, and on all of the
// other functions that it names.
func TestExtents(t *testing.T) {
	const source = `package p

func F() {
	open()
	use()
	return
	other()
}

func (o *O) Close() {
	forget()
}
`
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "p.go", source, 0)
	if err != nil {
		t.Fatal(err)
	}
	at := func(text string) token.Pos { return f.FileStart + token.Pos(strings.Index(source, text)) }
	u := &unit{fset: fset, files: []*ast.File{f}}
	s := u.site(analysis.Diagnostic{Pos: at("open"), End: at("open") + 6, Related: []analysis.RelatedInformation{
		{Pos: at("return")}, {}, {Pos: at("Close")},
	}})
	var lines []string
	for _, x := range s.extents {
		lines = append(lines, fmt.Sprint(fset.Position(x.pos).Line, "-", fset.Position(x.end).Line))
	}
	if got := strings.Join(lines, " "); got != "10-12 4-6" || len(s.related) != 3 {
		t.Errorf("the finding depends on lines %s, with %d related positions", got, len(s.related))
	}
}
