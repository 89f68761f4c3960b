package driver

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/redislint/redislint/internal/report"
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
		s := u.site(analysis.Diagnostic{Pos: f.FileStart + token.Pos(pos)}, nil)
		mark := source[s.mark.pos-f.FileStart : s.mark.end-f.FileStart]
		if mark != test.mark || s.fn != test.fn {
			t.Errorf("%s: marks %q in %q, want %q in %q", test.source, mark, s.fn, test.mark, test.fn)
		}
	}
}

// Where a finding is, and by which exits, is told of the file itself.
func TestOrigin(t *testing.T) {
	const source = `package p

func F() {
//line /elsewhere/x.y:100
	open(
		1)
	return
}
`
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "/here/p.go", source, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	at := func(text string) token.Pos { return f.FileStart + token.Pos(strings.Index(source, text)) }
	d := analysis.Diagnostic{Pos: at("open"), End: at("1)") + 2}
	u := &unit{fset: fset, files: []*ast.File{f}, own: []string{"/here/p.go"}}
	s := u.site(d, []token.Pos{at("return"), at("return"), at("}")})
	if want := (report.Pos{File: "/here/p.go", Line: 5, Col: 2, EndLine: 6, EndCol: 5}); s.origin != want {
		t.Errorf("it is at %v, want %v", s.origin, want)
	}
	if len(s.exits) != 2 || s.exits[0].Line != 7 || s.exits[1].Line != 8 {
		t.Errorf("the exits are %v", s.exits)
	}
	// A copy that cgo made says what it is a copy of.
	u.own = []string{"/elsewhere/x.y"}
	if got := u.site(d, nil).origin; got.File != "/elsewhere/x.y" || got.Line != 100 {
		t.Errorf("it is at %v", got)
	}
}
