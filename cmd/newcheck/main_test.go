package main

import (
	"bytes"
	"encoding/json"
	"go/format"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A new rule compiles, is silent, stands in every list, and has one failing
// test, which is where the work on it begins.
func TestScaffold(t *testing.T) {
	dir := t.TempDir()
	copyTree(t, dir)
	files, err := scaffold(dir, "trial")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil {
			t.Error(err)
		}
		if bytes.Contains(data, []byte("{{")) {
			t.Errorf("%s: a gap was left", file)
		}
		if file != "analyzer/rules.go" && !strings.HasSuffix(file, "_test.go") && !bytes.Contains(data, []byte("TODO")) && !strings.HasSuffix(file, "/good.go") {
			t.Errorf("%s: there is nothing to do", file)
		}
		if filepath.Ext(file) != ".go" {
			continue
		}
		if pretty, err := format.Source(data); err != nil || !bytes.Equal(pretty, data) {
			t.Errorf("%s is not formatted: %v", file, err)
		}
	}
	// It replaces nothing.
	if _, err := scaffold(dir, "trial"); err == nil || !strings.Contains(err.Error(), "exists already") {
		t.Errorf("a second rule of the same name: %v", err)
	}

	buildInPlace(t, dir, files)
	if testing.Short() {
		t.Skip("the rest compiles the module anew")
	}
	if out, err := command(filepath.Join(dir, "internal/docgen"), "go", "run", "."); err != nil {
		t.Fatalf("docgen: %v\n%s", err, out)
	}
	// It is in every list, its manual has all headings, and pages are up to date.
	// What it says is not asked yet: it has no messages. Nor are the links of pages,
	// which lead to folders that are not copied.
	if out, err := command(dir, "go", "test", "-short", "-skip=^TestLinks$", ".", "./internal/docgen"); err != nil {
		t.Errorf("go test: %v\n%s", err, out)
	}
	out, err := command(dir, "go", "test", "./analyzer/trial")
	if err == nil || !bytes.Contains(out, []byte("no diagnostic was reported matching `rdb is TODO`")) {
		t.Errorf("go test: %v, want a missing finding alone\n%s", err, out)
	}
	for _, module := range []string{"examples", "e2e/vet/testdata/shop"} {
		if out, err := command(filepath.Join(dir, module), "go", "vet", "-mod=mod", "./..."); err != nil {
			t.Errorf("go vet in %s: %v\n%s", module, err, out)
		}
	}
}

// buildInPlace compiles the new rule as if its files were in this repository.
func buildInPlace(t *testing.T, dir string, files []string) {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	replace := map[string]string{}
	for _, file := range files {
		if strings.HasPrefix(file, "analyzer/trial/") {
			replace[filepath.Join(root, file)] = filepath.Join(dir, file)
		}
	}
	data, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	overlay := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(overlay, data, 0o666); err != nil {
		t.Fatal(err)
	}
	if out, err := command(root, "go", "build", "-overlay="+overlay, "./analyzer/trial"); err != nil {
		t.Errorf("go build: %v\n%s", err, out)
	}
}

// copyTree copies what a new rule has to do with.
func copyTree(t *testing.T, dir string) {
	t.Helper()
	const root = "../.."
	files, err := filepath.Glob(root + "/*.*")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if info, err := os.Stat(file); err != nil || info.IsDir() {
			continue
		}
		data, err := os.ReadFile(file)
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, filepath.Base(file)), data, 0o666)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"analyzer", "internal", "gclplugin", "cmd/redislint", "docs", "testdata", "examples", "monitoring", "rediscope", "e2e/vet"} {
		if err := os.CopyFS(filepath.Join(dir, name), os.DirFS(filepath.Join(root, name))); err != nil {
			t.Fatal(err)
		}
	}
}

// A list that is not where it was is told, and nothing is written.
func TestListIsGone(t *testing.T) {
	dir := t.TempDir()
	copyTree(t, dir)
	if err := os.WriteFile(filepath.Join(dir, "README.md"), []byte("# Anew\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := scaffold(dir, "trial"); err == nil || !strings.HasPrefix(err.Error(), "README.md: ") {
		t.Errorf("%v, want an error about README.md", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "analyzer/trial")); err == nil {
		t.Error("the half of a rule was written")
	}
}

// The imports of the list stay sorted wherever a name belongs.
func TestAddToList(t *testing.T) {
	text, err := os.ReadFile("../../analyzer/rules.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"aaa", "middle", "zzz"} {
		lines := addToList(slices.Collect(strings.Lines(string(text))), name)
		got := []byte(strings.Join(lines, ""))
		if pretty, err := format.Source(got); err != nil || !bytes.Equal(pretty, got) {
			t.Errorf("%s: %v:\n%s", name, err, got)
		}
		if !strings.HasSuffix(string(got), "\t\t"+name+".Analyzer,\n\t}\n}\n") {
			t.Errorf("%s is not at the end of the list:\n%s", name, got)
		}
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

// What is to be done is said with the rule's name in it, and names files that
// are there.
func TestNext(t *testing.T) {
	dir := t.TempDir()
	copyTree(t, dir)
	if _, err := scaffold(dir, "trial"); err != nil {
		t.Fatal(err)
	}
	text := next("trial")
	files := regexp.MustCompile(`[\w/.]*/trial[\w/.]*\w`).FindAllString(text, -1)
	if len(files) < 3 {
		t.Errorf("%q is all that is named in:\n%s", files, text)
	}
	for _, file := range files {
		if _, err := os.Stat(filepath.Join(dir, file)); err != nil {
			t.Error(err)
		}
	}
}
