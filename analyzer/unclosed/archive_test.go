package unclosed_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/redislint/redislint/analyzer/unclosed"
	"golang.org/x/tools/go/analysis/analysistest"
	"golang.org/x/tools/txtar"
)

// TestUnread is about functions of a package that is not read.
func TestUnread(t *testing.T) { runArchive(t, "unread") }

// TestAttached is about what is put into a request or a context.
func TestAttached(t *testing.T) { runArchive(t, "attached") }

// runArchive checks the packages of an archive. The libraries are those of
// testdata.
func runArchive(t *testing.T, name string) {
	t.Helper()
	archive, err := txtar.ParseFile("../../testdata/" + name + ".txtar")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range archive.Files {
		files[f.Name] = string(f.Data)
	}
	dir, clean, err := analysistest.WriteFiles(files)
	if err != nil {
		t.Fatal(err)
	}
	defer clean()
	libraries := "../../testdata/src/github.com"
	if err := os.CopyFS(filepath.Join(dir, "src", "github.com"), os.DirFS(libraries)); err != nil {
		t.Fatal(err)
	}
	analysistest.Run(t, dir, unclosed.Analyzer, "unclosed/"+name)
}
