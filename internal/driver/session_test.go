package driver

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// A session analyses again what sees a difference, and forgets it afterwards.
func TestSession(t *testing.T) {
	dir := module(t, library)
	t.Setenv("GOWORK", "off")
	t.Setenv("GOFLAGS", "")
	t.Setenv("GOPROXY", "off")
	s, err := toyTool().Open("-C="+dir, "./...")
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	list := func(name, text string) string {
		findings, err := s.Findings(), error(nil)
		if name != "" {
			findings, err = s.With(map[string][]byte{filepath.Join(dir, name): []byte(text)})
		}
		if err != nil {
			return strings.ReplaceAll(err.Error(), dir+string(filepath.Separator), "")
		}
		var out strings.Builder
		for _, f := range findings {
			rel, err := filepath.Rel(dir, f.Pos.File)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&out, "%s:%d ", filepath.ToSlash(rel), f.Pos.Line)
		}
		return strings.TrimSpace(out.String())
	}
	if got := s.Troubles(); len(got) > 0 {
		t.Errorf("troubles: %q", got)
	}
	var ids []string
	for _, p := range s.Packages() {
		ids = append(ids, p.ID)
		if len(p.Files) == 0 || p.Info == nil || p.Types == nil {
			t.Errorf("%s lacks syntax or types", p.ID)
		}
	}
	if got, want := strings.Join(ids, " "), "example.com/app/inner example.com/app/store example.com/app/middle example.com/app/a"; got != want {
		t.Errorf("packages %s, want %s", got, want)
	}
	const before = "a/a.go:9 inner/inner.go:6 store/store.go:14 store/store.go:16 store/store.go:18"
	if got := list("", ""); got != before {
		t.Errorf("findings:\n%s\nwant\n%s", got, before)
	}

	const opensNot = "package store\n\nimport (\n\t\"io\"\n\n\t\"example.com/redis\"\n)\n\ntype Store struct{ base }\n\ntype base struct{ c *redis.Client }\n\n" +
		"func (b base) Reopen() io.Closer { return b.c }\n\nfunc New() io.Closer { return redis.Open() }\n"
	// What store tells of Reopen is seen by a, two packages away.
	if got, want := list("store/store.go", opensNot), "inner/inner.go:6 store/store.go:15"; got != want {
		t.Errorf("with a Reopen that opens nothing:\n%s\nwant\n%s", got, want)
	}
	if got, want := list("inner/inner.go", "package inner\n\nfunc Ping() {}\n"), strings.Replace(before, " inner/inner.go:6", "", 1); got != want {
		t.Errorf("with an empty Ping:\n%s\nwant\n%s", got, want)
	}
	if got := list("inner/inner.go", "package inner\n\nfunc Ping() { undefined() }\n"); !strings.Contains(got, "inner/inner.go:3:15: undefined: undefined") {
		t.Errorf("a text that does not compile: %s", got)
	}
	if got := list("none.go", "package none\n"); got != "no package of the session has such a file" {
		t.Errorf("a file of no package: %s", got)
	}
	if got := list("", ""); got != before {
		t.Errorf("afterwards:\n%s\nwant\n%s", got, before)
	}
	if _, err := toyTool().Open("-C="+dir, "-nonsense"); err == nil {
		t.Error("a flag that there is not is no error")
	}
}
