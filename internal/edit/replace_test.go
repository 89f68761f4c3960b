package edit_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/redislint/redislint/internal/edit"
)

// makeFile makes a file with a content and permissions in a folder of its own.
func makeFile(t *testing.T, text string, mode os.FileMode) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "a.go")
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(file, mode); err != nil {
		t.Fatal(err)
	}
	return file
}

// holds fails unless a file has a content, and no other is beside it.
func holds(t *testing.T, file, text string, beside ...string) {
	t.Helper()
	if data, err := os.ReadFile(file); err != nil || string(data) != text {
		t.Errorf("%s: %q, %v, want %q", file, data, err, text)
	}
	entries, err := os.ReadDir(filepath.Dir(file))
	if err != nil || len(entries) != 1+len(beside) {
		t.Errorf("%v, %v", entries, err)
	}
}

func TestReplace(t *testing.T) {
	file := makeFile(t, "old", 0o640)
	for _, other := range []string{"other", "odd", ""} { // one of the same size
		if err := edit.Replace(file, []byte(other), []byte("new")); !errors.Is(err, edit.ErrChanged) {
			t.Errorf("a file that was not %q: %v", other, err)
		}
	}
	holds(t, file, "old")
	if err := edit.Replace(file, []byte("old"), []byte("new")); err != nil {
		t.Fatal(err)
	}
	holds(t, file, "new")
	info, err := os.Stat(file)
	if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o640 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if err := edit.Replace(file+"x", nil, nil); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}

func TestReplaceSymlink(t *testing.T) {
	file := makeFile(t, "old", 0o600)
	dir := t.TempDir()
	link := filepath.Join(dir, "link.go")
	if err := os.Symlink(file, link); err != nil {
		t.Skip(err)
	}
	if err := edit.Replace(link, []byte("old"), []byte("new")); err != nil {
		t.Fatal(err)
	}
	holds(t, file, "new")
	if to, err := os.Readlink(link); err != nil || to != file {
		t.Errorf("the link is none any more: %s, %v", to, err)
	}
}

func TestReplaceRefuses(t *testing.T) {
	t.Run("read-only", func(t *testing.T) {
		file := makeFile(t, "old", 0o444)
		if err := edit.Replace(file, []byte("old"), []byte("new")); err == nil || !strings.Contains(err.Error(), "read-only") {
			t.Error(err)
		}
		if err := edit.Write(file, []byte("new")); err == nil || !strings.Contains(err.Error(), "a.go is not written: it is read-only") {
			t.Error(err)
		}
		holds(t, file, "old")
	})
	t.Run("hard link", func(t *testing.T) {
		file := makeFile(t, "old", 0o644)
		if err := os.Link(file, file+"2"); err != nil {
			t.Skip(err)
		}
		err := edit.Replace(file, []byte("old"), []byte("new"))
		if runtime.GOOS == "windows" {
			t.Skip("links are not counted here")
		}
		if err == nil || !strings.Contains(err.Error(), "hard links") {
			t.Error(err)
		}
		holds(t, file, "old", "a.go2")
	})
	t.Run("folder", func(t *testing.T) {
		if os.Getuid() == 0 || runtime.GOOS == "windows" {
			t.Skip("needs permissions that hold")
		}
		file := makeFile(t, "old", 0o644)
		if err := os.Chmod(filepath.Dir(file), 0o555); err != nil {
			t.Fatal(err)
		}
		defer os.Chmod(filepath.Dir(file), 0o755)
		if err := edit.Replace(file, []byte("old"), []byte("new")); err == nil || !strings.Contains(err.Error(), "no file can be made in ") {
			t.Error(err)
		}
		holds(t, file, "old")
	})
}

// Of many that replace a file at once one does, and the others see that it has
// changed.
func TestReplaceAtOnce(t *testing.T) {
	file := makeFile(t, "old", 0o644)
	var mu sync.Mutex
	done := ""
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			text := strings.Repeat(string(rune('a'+i)), 1<<16)
			switch err := edit.Replace(file, []byte("old"), []byte(text)); {
			case err == nil:
				mu.Lock()
				defer mu.Unlock()
				if done != "" {
					t.Errorf("the change to %.1s is lost", done)
				}
				done = text
			case !errors.Is(err, edit.ErrChanged):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	holds(t, file, done)
}

func TestWrite(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "out")
	for _, text := range []string{"one", "another"} {
		if err := edit.Write(file, []byte(text)); err != nil {
			t.Fatal(err)
		}
		holds(t, file, text)
	}
	if err := edit.Write(dir, nil); err == nil || !strings.Contains(err.Error(), "it is a directory") {
		t.Error(err)
	}
	if err := edit.Write(filepath.Join(dir, "no", "out"), nil); err == nil || strings.Contains(err.Error(), ".redislint") {
		t.Error(err)
	}
	if err := edit.Write(os.DevNull, []byte("x")); err != nil {
		t.Error(err)
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(filepath.Join(dir, "late"), link); err != nil {
		t.Skip(err)
	}
	if err := edit.Write(link, []byte("x")); err != nil {
		t.Error(err)
	}
	if data, err := os.ReadFile(filepath.Join(dir, "late")); err != nil || !bytes.Equal(data, []byte("x")) {
		t.Errorf("%q, %v", data, err)
	}
}
