package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/redislint/redislint/internal/gatecases"
)

// -new-from is red for each change of the table that makes a leak, for that
// leak alone, and green for the others.
func TestGate(t *testing.T) {
	if testing.Short() {
		t.Skip("analyses a project a hundred times")
	}
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("there is no git")
	}
	bin := filepath.Join(t.TempDir(), "redislint")
	if out, err := exec.Command("go", "build", "-o", bin, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	dir := t.TempDir()
	env := append(os.Environ(), "GOFLAGS=", "GOWORK=off", "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1", "XDG_CACHE_HOME="+t.TempDir(),
		"GIT_AUTHOR_NAME=x", "GIT_AUTHOR_EMAIL=x@example.com", "GIT_COMMITTER_NAME=x", "GIT_COMMITTER_EMAIL=x@example.com")
	run := func(name string, args ...string) (stdout, stderr string, code int) {
		t.Helper()
		cmd := exec.Command(name, args...)
		cmd.Dir, cmd.Env = dir, env
		var out, errs bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &errs
		if err := cmd.Run(); err != nil {
			if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) {
				t.Fatal(err)
			}
		}
		return out.String(), errs.String(), cmd.ProcessState.ExitCode()
	}
	git := func(args ...string) {
		t.Helper()
		if out, errs, code := run("git", args...); code != 0 {
			t.Fatalf("git %v: %s%s", args, out, errs)
		}
	}
	if err := gatecases.Base(dir, "../../testdata/src/github.com/redis/go-redis/v9"); err != nil {
		t.Fatal(err)
	}
	git("init", "-q", "-b", "main")
	git("add", "-A")
	git("commit", "-q", "-m", "Leak, as we always did")
	red, green := 0, 0
	for _, c := range gatecases.Cases() {
		if err := c.Apply(dir); err != nil {
			t.Fatal(err)
		}
		out, errs, code := run(bin, "-new-from=main", "./...")
		var got []string
		for line := range strings.Lines(out) {
			file, _, _ := strings.Cut(line, ":")
			rule := line[strings.LastIndexByte(line, '(')+1 : strings.LastIndexByte(line, ')')]
			got = append(got, file+":"+rule)
		}
		want := 1
		if len(c.Red) == 0 {
			want = 0
			green++
		} else {
			red++
		}
		if code != want || !slices.Equal(got, c.Red) {
			t.Errorf("%s: exit status %d, want %d and %q\n%s%s", c.Name, code, want, c.Red, out, errs)
		}
		git("reset", "-q", "--hard")
		git("clean", "-q", "-d", "-f")
	}
	if red < 25 || green < 15 {
		t.Errorf("the table has %d changes that make a leak and %d that make none", red, green)
	}
}
