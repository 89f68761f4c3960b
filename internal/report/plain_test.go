package report

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What a stranger writes into names and literals is shown, and obeyed by
// nobody.
func TestPlain(t *testing.T) {
	for s, want := range map[string]string{
		"a.go":           "a.go",
		"Größe 数据 \"x\"": "Größe 数据 \"x\"",
		"a\x1b[31mb":     "a\ufffd[31mb",
		"a\nb\tc\r\n":    "a b c  ",
		"a\u202eb":       "a\ufffdb",
		"::error::x":     "./::error::x",
		"  ::error::x":   "./::error::x",
		"a ::error::x":   "a ::error::x",
		"x ##[error]y":   "x ## [error]y",
		"\x9b31m":        "\ufffd31m",
	} {
		if got := Plain(s); got != want {
			t.Errorf("%q is shown as %q, want %q", s, got, want)
		}
	}
	if got := Lines("# p\n::set-output name=x::y\r\n\tz"); got != "# p\n./::set-output name=x::y\n\tz" {
		t.Errorf("lines are %q", got)
	}
	if got := oneLine(strings.Repeat("é", 2*maxMessage)); len([]rune(got)) != maxMessage || !strings.HasSuffix(got, "...") {
		t.Errorf("a long message has %d characters", len([]rune(got)))
	}
}

// Source is shown of Go files of the tree alone: a //line directive names what
// it likes, and a link leads where it likes.
func TestSources(t *testing.T) {
	outside, root := t.TempDir(), t.TempDir()
	write(t, filepath.Join(outside, "secret.go"), "secret\n")
	write(t, filepath.Join(root, "a.go"), "shown\n")
	write(t, filepath.Join(root, ".env"), "secret\n")
	for _, dir := range []string{".git", "sub"} {
		if err := os.Mkdir(filepath.Join(root, dir), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	write(t, filepath.Join(root, ".git", "config.go"), "secret\n")
	for name, to := range map[string]string{"out.go": filepath.Join(outside, "secret.go"), "env.go": ".env", "in.go": "a.go"} {
		if err := os.Symlink(to, filepath.Join(root, name)); err != nil {
			t.Skip(err)
		}
	}
	src := NewSources(filepath.Join(root, "sub"), root)
	for file, want := range map[string]string{
		"../a.go":   "shown",
		"../in.go":  "shown",
		"../out.go": "", "../env.go": "", "../.env": "", "../.git/config.go": "", "../sub": "", "absent.go": "",
		filepath.Join(outside, "secret.go"): "",
		filepath.Join(root, "a.go"):         "shown",
	} {
		if got := src.Line(file, 1); got != want {
			t.Errorf("line 1 of %s is %q, want %q", file, got, want)
		}
	}
	src = NewSources(root, root)
	src.Also(outside)
	if got := src.Line(filepath.Join(outside, "secret.go"), 1); got != "secret" {
		t.Errorf("a module beside is not shown: %q", got)
	}
}

// A leak that is known by one exit does not hide another. What a version
// before has written counts findings alone.
func TestBaselineExits(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a.go"), "rdb := open()\n")
	src := NewSources(dir, dir)
	leak := func(exits int) []Finding {
		f := Finding{Rule: "unclosed", Pos: Pos{File: "a.go", Line: 1, Col: 1}, Unit: "m/a.go", Func: "F"}
		for i := range exits {
			f.Exits = append(f.Exits, Pos{File: "a.go", Line: 2 + i})
		}
		return Fingerprints([]Finding{f}, src)
	}
	for _, test := range []struct {
		before, now int // exits; none of them means that nothing closes it
		known       bool
	}{
		{1, 1, true}, {2, 1, true}, {1, 2, false}, {1, 0, false}, {0, 0, true}, {0, 3, true},
	} {
		var b strings.Builder
		if err := WriteBaseline(&b, leak(test.before), src); err != nil {
			t.Fatal(err)
		}
		known, err := ReadBaseline([]byte(b.String()))
		if err != nil {
			t.Fatal(err)
		}
		now := leak(test.now)
		if known.Suppress(now, "known"); (now[0].Suppressed != nil) != test.known || known.Count() != 1 {
			t.Errorf("%d exits after %d: known is %t", test.now, test.before, !test.known)
		}
		old, err := ReadBaseline([]byte("# redislint baseline, version 1\n" + now[0].key() + " 1 unclosed m/a.go F: rdb := open()\n"))
		if err != nil {
			t.Fatal(err)
		}
		now[0].Suppressed = nil
		if old.Suppress(now, "known"); now[0].Suppressed == nil {
			t.Errorf("version 1 does not know %d exits", test.now)
		}
	}
}

// Whatever a baseline holds, it is read or refused with one line; what is read
// counts something.
func FuzzReadBaseline(f *testing.F) {
	f.Add([]byte("# redislint baseline, version 1\n0123456789abcdef 1 unclosed\n"))
	f.Add([]byte("# redislint baseline, version 2\n0123456789abcdef 3 2 unclosed\n0123456789abcdee 1 - x\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := ReadBaseline(data)
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("the error is %q", err)
			}
			return
		}
		fs := []Finding{{Fingerprint: "0123456789abcdef:1"}, {Fingerprint: "0123456789abcdef:2", Exits: make([]Pos, 2)}}
		if gone := b.Suppress(fs, "known"); gone < 0 || gone > b.Count() {
			t.Errorf("%d of %d are gone", gone, b.Count())
		}
	})
}

// No text is obeyed.
func FuzzPlain(f *testing.F) {
	f.Add("::error::\x1b[31m\n##[group]")
	f.Fuzz(func(t *testing.T, s string) {
		p := Plain(s)
		if strings.ContainsAny(p, "\x1b\n\r\x00") || strings.HasPrefix(strings.TrimSpace(p), "::") || strings.Contains(p, "##[") {
			t.Errorf("%q is shown as %q", s, p)
		}
	})
}
