package ignore_test

import (
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"

	"github.com/redislint/redislint/internal/ignore"
)

func TestParse(t *testing.T) {
	for _, test := range []struct {
		comment string
		want    string // the directive, or "" if it is none
		rules   int
		reason  string
	}{
		{"//lint:ignore unclosed the process ends here", "//lint:ignore unclosed the process ends here", 1, "the process ends here"},
		{"//lint:ignore  a,b\tdone ", "//lint:ignore a,b done", 2, "done"},
		{"//lint:ignore a,,b,", "//lint:ignore a,b", 2, ""},
		{"//lint:file-ignore a why, so", "//lint:file-ignore a why, so", 1, "why, so"},
		{"//lint:ignore", "//lint:ignore ", 0, ""},
		{"//lint:ignored a b", "", 0, ""},
		{"// lint:ignore a b", "", 0, ""},
		{"/*lint:ignore a b*/", "", 0, ""},
		{"//lint:fileignore a b", "", 0, ""},
	} {
		d, ok := ignore.Parse(test.comment)
		if ok != (test.want != "") {
			t.Errorf("%q: %t", test.comment, ok)
			continue
		}
		if ok && (d.String() != test.want || len(d.Rules) != test.rules || d.Reason != test.reason) {
			t.Errorf("%q: %+v is %q, want %q", test.comment, d, d, test.want)
		}
	}
}

func TestRules(t *testing.T) {
	d, _ := ignore.Parse("//lint:ignore a,b why")
	if got := d.With([]string{"b", "c"}).String(); got != "//lint:ignore a,b,c why" {
		t.Error(got)
	}
	if got := d.Without([]string{"a"}).String(); got != "//lint:ignore b why" {
		t.Error(got)
	}
	if got := d.String(); got != "//lint:ignore a,b why" {
		t.Errorf("changed: %s", got)
	}
}

// Each X is a position, with the first and last line of what is around it.
func TestAround(t *testing.T) {
	const text = `package p

var one = X
var (
	two = f(
		X,
	)
)

func head(a [
	X]int,
) {
	if a := f(
		X,
	); a > X {
		f(X)
	} else if f(
		X) > 0 {
	}
	for range f(
		X) {
	}
	switch {
	case f(
		X) > 0:
		go func() {
			f(X)
			f(
				X,
			)
		}()
	}
label:
	f(X)
}
`
	want := []ignore.Span{
		{3, 3}, {5, 7}, {10, 12}, {13, 15}, {13, 15}, {16, 16}, {17, 18}, {20, 21},
		{24, 25}, {27, 27}, {28, 30}, {34, 34},
	}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", text, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	lines := ignore.NewLines(fset, file)
	var got []ignore.Span
	for at := 0; ; at++ {
		i := strings.IndexByte(text[at:], 'X')
		if i < 0 {
			break
		}
		at += i
		got = append(got, lines.Around(fset.File(file.FileStart).Pos(at)))
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

// Whatever a comment says, what is read of it can be written and read again.
func FuzzParse(f *testing.F) {
	f.Add("//lint:ignore a,b why")
	f.Add("//lint:file-ignore\ta\u00a0b \x00")
	f.Fuzz(func(t *testing.T, comment string) {
		d, ok := ignore.Parse(comment)
		if !ok || len(d.Rules) == 0 {
			return
		}
		if again, ok := ignore.Parse(d.String()); !ok || again.String() != d.String() {
			t.Errorf("%q is written %q, and that is read as %q", comment, d, again)
		}
	})
}
