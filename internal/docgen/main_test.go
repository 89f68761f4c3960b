package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// The pages in the repository say what the manuals say.
func TestFresh(t *testing.T) {
	const cure = "run: go generate ./internal/docgen"
	want := t.TempDir()
	if err := write(want); err != nil {
		t.Fatal(err)
	}
	for _, dirs := range [][2]string{{want, pages}, {pages, want}} {
		files, err := filepath.Glob(filepath.Join(dirs[0], "*.md"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			name := filepath.Base(file)
			a, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			// What git has checked out on Windows may end lines with \r\n.
			b, err := os.ReadFile(filepath.Join(dirs[1], name))
			if err != nil || !bytes.Equal(unix(a), unix(b)) {
				t.Errorf("docs/rules/%s is stale, %s", name, cure)
			}
		}
	}
}

func unix(text []byte) []byte { return bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")) }
