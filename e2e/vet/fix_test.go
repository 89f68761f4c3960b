package vet

import (
	"bytes"
	"flag"
	"go/version"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

var toolchains = flag.String("toolchains", "", "comma-separated `versions` of Go, such as go1.25.0, with which fixes are made as well")

// All tools that apply fixes make the same of the examples. golangci-lint is
// held to the command in e2e/golangci.
func TestFix(t *testing.T) {
	names := []string{"local"}
	if *toolchains != "" {
		names = append(names, strings.Split(*toolchains, ",")...)
	}
	var first map[string]string
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			t.Setenv("GOTOOLCHAIN", name)
			t.Setenv("GOWORK", "off")
			out, err := exec.Command("go", "env", "GOVERSION").Output()
			if err != nil {
				t.Fatalf("%v: no such toolchain", err)
			}
			hasFix := version.Compare(strings.TrimSpace(string(out)), "go1.26") >= 0
			tool := build(t)
			byCommand := fixed(t, tool, "-no-config", "-fix", "./...")
			if first == nil {
				first = byCommand
			}
			sameFiles(t, "redislint -fix with the first toolchain", first, byCommand)
			if !hasFix {
				dir := copyExamples(t)
				cmd := exec.Command("go", "vet", "-vettool="+tool, "-fix", "./leaky")
				cmd.Dir = dir
				out, err := cmd.CombinedOutput()
				if want := "redislint: go vet applies no fixes before Go 1.26"; err == nil || !bytes.Contains(out, []byte(want)) {
					t.Errorf("%v\n%s", err, out)
				}
				return
			}
			sameFiles(t, "go vet -fix", byCommand, fixed(t, "go", "vet", "-vettool="+tool, "-fix", "./..."))
			sameFiles(t, "go fix", byCommand, fixed(t, "go", "fix", "-fixtool="+tool, "./..."))
		})
	}
}

// fixed returns the Go files of the examples that a command changes.
func fixed(t *testing.T, name string, args ...string) map[string]string {
	t.Helper()
	dir := copyExamples(t)
	before := goFiles(t, dir)
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil && cmd.ProcessState.ExitCode() != 1 {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
	changed := goFiles(t, dir)
	for file, text := range before {
		if changed[file] == text {
			delete(changed, file)
		}
	}
	if len(changed) == 0 {
		t.Fatalf("%s %v fixes nothing\n%s", name, args, out)
	}
	return changed
}

// copyExamples copies the examples, which are a module of their own, and adds
// the shapes that have a fix.
func copyExamples(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	// It refers to the modules beside it.
	for _, name := range []string{"examples", "rediscope"} {
		if err := os.CopyFS(filepath.Join(root, name), os.DirFS(filepath.Join("../..", name))); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile("fixes/fixes.go.txt")
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(root, "examples")
	if err := os.Mkdir(filepath.Join(dir, "fixes"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "fixes", "fixes.go"), data, 0o666); err != nil {
		t.Fatal(err)
	}
	return dir
}

func goFiles(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := make(map[string]string)
	err := filepath.WalkDir(dir, func(file string, d os.DirEntry, err error) error {
		if err != nil || filepath.Ext(file) != ".go" {
			return err
		}
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, file)
		files[rel] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func sameFiles(t *testing.T, what string, want, got map[string]string) {
	t.Helper()
	for file, text := range want {
		if got[file] != text {
			t.Errorf("%s: %s is\n%s\nwant\n%s", what, file, got[file], text)
		}
	}
	for file := range got {
		if _, ok := want[file]; !ok {
			t.Errorf("%s changes %s", what, file)
		}
	}
}

// TestFixed holds the shapes that have a fix to it: none of them is left, and
// the package compiles.
func TestFixed(t *testing.T) {
	t.Setenv("GOWORK", "off")
	tool, dir := build(t), copyExamples(t)
	run := func(name string, args ...string) (string, int) {
		cmd := exec.Command(name, args...)
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		if err != nil && cmd.ProcessState == nil {
			t.Fatal(err)
		}
		return string(out), cmd.ProcessState.ExitCode()
	}
	before, code := run(tool, "-no-config", "-unclosed", "./fixes")
	if n := strings.Count(before, "(unclosed)"); code != 1 || n != 9 {
		t.Fatalf("there are %d findings, the exit code is %d\n%s", n, code, before)
	}
	if out, code := run(tool, "-no-config", "-unclosed", "-fix", "./fixes"); code != 0 {
		t.Errorf("the exit code of -fix is %d\n%s", code, out)
	}
	if out, code := run(tool, "-no-config", "-unclosed", "./fixes"); code != 0 {
		t.Errorf("the exit code after -fix is %d\n%s", code, out)
	}
	if out, code := run("go", "vet", "./fixes"); code != 0 {
		t.Errorf("go vet finds in what was fixed\n%s", out)
	}
}
