package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/redislint/redislint"
	"github.com/redislint/redislint/internal/config"
	"github.com/redislint/redislint/internal/driver"
	"github.com/redislint/redislint/internal/redisapi"
)

// The pages in the repository say what the manuals say.
func TestFresh(t *testing.T) {
	const cure = "run: go generate ./internal/docgen"
	want := t.TempDir()
	if err := write(want); err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, dir := range []string{want, pages} {
		files, err := filepath.Glob(filepath.Join(dir, "*.md"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			names[filepath.Base(file)] = true
		}
	}
	for name := range names {
		a, errA := os.ReadFile(filepath.Join(want, name))
		b, errB := os.ReadFile(filepath.Join(pages, name))
		// What git has checked out on Windows may end lines with \r\n.
		if errA != nil || errB != nil || !bytes.Equal(unix(a), unix(b)) {
			t.Errorf("docs/rules/%s is stale, %s", name, cure)
		}
	}
}

// The schema in the repository knows the rules and options that there are.
func TestFreshSchema(t *testing.T) {
	file := filepath.Join(t.TempDir(), "schema.json")
	if err := writeSchema(file); err != nil {
		t.Fatal(err)
	}
	want, errA := os.ReadFile(file)
	got, errB := os.ReadFile(schemaFile)
	if errA != nil || errB != nil || !bytes.Equal(unix(got), unix(want)) {
		t.Error("docs/redislint.schema.json is stale, run: go generate ./internal/docgen")
	}
}

// The page about Bazel names the rules that there are.
func TestFreshBazel(t *testing.T) {
	page, err := os.ReadFile(bazelPage)
	if err != nil {
		t.Fatal(err)
	}
	if page = unix(page); !bytes.Equal(bazel(page), page) {
		t.Error("docs/bazel.md is stale, run: go generate ./internal/docgen")
	}
}

// The language of rows is described as it is read: every word, and every option
// of a word, stands in the package comment.
func TestFreshRows(t *testing.T) {
	page, err := os.ReadFile(rowsPage)
	if err != nil {
		t.Fatal(err)
	}
	page = unix(page)
	if !bytes.Equal(rows(page), page) {
		t.Error("internal/redisapi/doc.go is stale, run: go generate ./internal/docgen")
	}
	for _, s := range redisapi.Language() {
		for line := range strings.Lines(s.Text()) {
			if !bytes.Contains(page, []byte("//\t"+line)) {
				t.Errorf("internal/redisapi/doc.go has no heading %q with the line %q", s.Heading, line)
			}
		}
	}
}

// The configuration that docs/config.md shows is one.
func TestConfigPage(t *testing.T) {
	page, err := os.ReadFile("../../docs/config.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(unix(page)), "```yaml\n")
	text, _, ok := strings.Cut(rest, "```\n")
	if !ok {
		t.Fatal("docs/config.md shows no configuration")
	}
	file, err := config.Parse((&driver.Tool{Analyzers: redislint.Analyzers()}).Spec(), ".redislint.yml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if len(file.Settings) < 4 {
		t.Errorf("it sets %d flags, want more to be shown", len(file.Settings))
	}
	if !strings.Contains(text, config.SchemaURL) {
		t.Errorf("it does not name the schema %s", config.SchemaURL)
	}
}

func unix(text []byte) []byte { return bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")) }
