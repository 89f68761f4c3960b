package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A new rule compiles, is silent, and has one failing test, which is where the
// work on it begins.
func TestScaffold(t *testing.T) {
	const root = "../.."
	dir := t.TempDir()
	for _, name := range []string{"go.mod", "go.sum"} {
		data, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	// What a rule builds on, and the library that its cases use.
	for _, name := range []string{"internal/check", "internal/ignore", "internal/lifetime", "internal/redisapi", "testdata/src/github.com/redis"} {
		if err := os.CopyFS(filepath.Join(dir, name), os.DirFS(filepath.Join(root, name))); err != nil {
			t.Fatal(err)
		}
	}

	files, err := scaffold(dir, "trial")
	if err != nil {
		t.Fatal(err)
	}
	if out, err := command(dir, "gofmt", "-l", "analyzer/trial", "testdata/src/trial"); err != nil || len(out) > 0 {
		t.Errorf("gofmt -l: %v\n%s", err, out)
	}
	if out, err := command(dir, "go", "vet", "./analyzer/trial"); err != nil {
		t.Errorf("go vet: %v\n%s", err, out)
	}
	out, err := command(dir, "go", "test", "./analyzer/trial")
	if err == nil || !bytes.Contains(out, []byte("no diagnostic was reported matching `rdb is TODO`")) {
		t.Errorf("go test: %v, want a missing finding alone\n%s", err, out)
	}
	for _, file := range files {
		data, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil {
			t.Error(err)
		}
		if bytes.Contains(data, []byte("{{")) {
			t.Errorf("%s: a gap was left", file)
		}
	}

	// It replaces nothing.
	if _, err := scaffold(dir, "trial"); err == nil || !strings.Contains(err.Error(), "exists already") {
		t.Errorf("a second rule of the same name: %v", err)
	}
}

func command(dir, name string, args ...string) ([]byte, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off")
	return cmd.CombinedOutput()
}

func TestNames(t *testing.T) {
	for _, name := range []string{"", "Leak", "two_words", "a-b", "../up", "func", "x1"} {
		if _, err := scaffold(t.TempDir(), name); err == nil {
			t.Errorf("%q was taken for a name", name)
		}
	}
}

func TestUsage(t *testing.T) {
	for _, args := range [][]string{nil, {"a", "b"}, {"here"}} {
		if err := run(args); err == nil {
			t.Errorf("newcheck %q: no error", args)
		}
	}
}

// The first thing to do is said with the rule's name in it.
func TestNext(t *testing.T) {
	text := next("trial")
	for _, want := range []string{"\ttrial.Analyzer,\n", `"github.com/redislint/redislint/analyzer/trial"`, "go test ./analyzer/trial\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in:\n%s", want, text)
		}
	}
}
