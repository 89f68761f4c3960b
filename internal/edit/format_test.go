package edit_test

import (
	"strings"
	"testing"

	"github.com/redislint/redislint/internal/edit"
)

// A file keeps its line endings and its byte order mark, and a formatted one
// its format, whatever an edit looks like.
func TestStyle(t *testing.T) {
	const mark = "\ufeff"
	crlf := func(text string) string { return strings.ReplaceAll(text, "\n", "\r\n") }
	const before, want = "package p\n\nvar a = `x\ny`\n", "package p\n\nvar b = 1\nvar a = `x\ny`\n"
	const unformatted, stays = "package  p\n\nvar a = 1\n", "package  p\n\nvar b=1\nvar a = 1\n"
	for _, test := range []struct{ name, before, want string }{
		{"LF", before, want},
		{"CR LF", crlf(before), crlf(want)},
		{"mark", mark + before, mark + want},
		{"mark and CR LF", mark + crlf(before), mark + crlf(want)},
		{"unformatted", unformatted, stays},
		{"unformatted with CR LF", crlf(unformatted), crlf(stays)},
		{"unformatted with mark", mark + unformatted, mark + stays},
		// The line where the edit is decides, and nothing is formatted.
		{"mixed", "package p\n\nvar a = 1\r\nvar c = 1\n", "package p\n\nvar b=1\r\nvar a = 1\r\nvar c = 1\n"},
		{"no line after it", "package p;\r\nvar a = 1", "package p;\r\nvar b=1\r\nvar a = 1"},
	} {
		var p edit.Plan
		at := strings.Index(test.before, "var a")
		p.Add([]edit.Edit{{File: "p.go", Start: at, End: at, New: "var b=1\n"}})
		if got, err := p.Apply("p.go", []byte(test.before)); err != nil || string(got) != test.want {
			t.Errorf("%s: %v\n%q\nwant\n%q", test.name, err, got, test.want)
		}
	}
}
