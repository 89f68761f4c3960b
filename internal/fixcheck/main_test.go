package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// build builds the tool.
func build(t *testing.T) string {
	t.Helper()
	tool := filepath.Join(t.TempDir(), "redislint.exe") // a name that runs everywhere
	cmd := exec.Command("go", "build", "-o", tool, "../../cmd/redislint")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return tool
}

// Every fix that is offered in the cases of the rules compiles, silences its
// finding, and changes nothing else.
func TestCases(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles all cases")
	}
	root := t.TempDir()
	if err := os.CopyFS(filepath.Join(root, "src"), os.DirFS("../../testdata/src")); err != nil {
		t.Fatal(err)
	}
	tool := build(t)
	entries, err := os.ReadDir("../../analyzer")
	if err != nil {
		t.Fatal(err)
	}
	// The cases are a GOPATH, as analysistest wants it.
	c := &checker{
		dir: filepath.Join(root, "src"), tool: tool,
		// Each of these asks about one resource alone. A timeout that is
		// inserted can silence another rule, too.
		args: []string{"-unclosed", "-undeferred", "-directive"},
		env:  []string{"GO111MODULE=off", "GOPATH=" + root, "GOFLAGS=", "GOWORK=off"},
	}
	for _, e := range entries {
		if _, err := os.Stat(filepath.Join(c.dir, e.Name())); err == nil {
			c.packages += " ./" + e.Name() + "/..."
		}
	}
	if err := c.check(); err != nil {
		t.Fatal(err)
	}
	total := c.figures
	t.Log(total)
	if total.bad() || total.offered < 50 {
		t.Error(total)
	}
}

// The same on the examples, which use real libraries.
func TestExamples(t *testing.T) {
	if testing.Short() {
		t.Skip("loads real libraries")
	}
	dir := filepath.Join(t.TempDir(), "examples")
	if err := os.CopyFS(dir, os.DirFS("../../examples")); err != nil {
		t.Fatal(err)
	}
	c := &checker{dir: dir, tool: build(t), packages: "./...", env: []string{"GOFLAGS=-mod=mod", "GOWORK=off"}}
	if err := c.check(); err != nil {
		t.Fatal(err)
	}
	t.Log(c.figures)
	if c.bad() || c.offered == 0 {
		t.Error(c.figures)
	}
}

// What is wrong with a fix is noticed.
func TestBad(t *testing.T) {
	c := &checker{dir: "x"}
	c.compare(
		map[string]string{"a": "package p\n", "b": "package p\n", "c": "package p\n"},
		map[string]string{"a": "package  p\n", "b": "package q\n", "c": "package p\n"},
		map[string]bool{"a": true},
	)
	if c.files != 2 || c.strange != 2 || !c.bad() || !strings.Contains(c.String(), "b: changed without a fix") {
		t.Error(c.figures)
	}
}
