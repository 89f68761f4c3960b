package changes

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// repo is a git repository of a test.
type repo struct {
	*testing.T
	dir string
}

func newRepo(t *testing.T) repo {
	t.Helper()
	t.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
	t.Setenv("GIT_CONFIG_SYSTEM", os.DevNull)
	for _, role := range []string{"AUTHOR", "COMMITTER"} {
		t.Setenv("GIT_"+role+"_NAME", "someone")
		t.Setenv("GIT_"+role+"_EMAIL", "someone@example.com")
	}
	r := repo{t, t.TempDir()}
	r.git("init", "-q", "-b", "main")
	return r
}

func (r repo) git(args ...string) {
	r.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = r.dir
	if out, err := cmd.CombinedOutput(); err != nil {
		r.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

func (r repo) write(name, text string) {
	r.Helper()
	name = filepath.Join(r.dir, name)
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		r.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		r.Fatal(err)
	}
}

func (r repo) commit() {
	r.Helper()
	r.git("add", "-A")
	r.git("commit", "-q", "-m", "x")
}

// ask lists the lines of a file that are new, and those in or behind which old
// ones were removed.
func ask(s *Set, path string, lines int) (added, removed string) {
	for n := 1; n <= lines; n++ {
		mark := func(is bool) string {
			if is {
				return "x"
			}
			return "."
		}
		added += mark(s.Added(path, n, n))
		removed += mark(s.Removed(path, n+1, n+1)) // in line n or n+1, or between them
	}
	return added, removed
}

func TestSince(t *testing.T) {
	r := newRepo(t)
	r.write("a.go", "1\n2\n3\n4\n5\n6\n7\n8\n")
	r.write("sub/old.go", "one\ntwo\nthree\nfour\nfive\nsix\n")
	r.write("same.go", "1\n")
	r.write("comments.go", "1\n// 2\n3\n\n//lint:ignore 5\n6\n")
	r.write("tab\t\"ä.go", "1\n2\n")
	r.write("blob.go", "1\n2\n")
	r.write(".gitattributes", "blob.go -diff\n")
	r.commit()
	r.git("branch", "base")
	r.git("checkout", "-q", "base")
	r.write("same.go", "1\nwhat the other branch adds later is not ours\n")
	r.commit()
	r.git("checkout", "-q", "main")
	// Line 3 goes, 6 is replaced by two, 8 is followed by one; --- and +++ are
	// content. Part of it is committed, part is in the index, part in neither.
	r.write("a.go", "1\n2\n4\n5\n6\n7\n8\n")
	r.commit()
	r.write("a.go", "1\n2\n4\n5\n++ x\n-- y\n7\n8\n")
	r.git("add", "a.go")
	r.write("a.go", "1\n2\n4\n5\n++ x\n-- y\n7\n8\n+++ b/zz.go\n")
	r.git("mv", "sub/old.go", "sub/new.go")
	r.write("sub/new.go", "one\ntwo\nthree\nfour\nfive\nsix\nseven\n")
	r.write("tab\t\"ä.go", "1\n2\n3\n")
	r.write("untracked.go", "1\n")
	r.write("comments.go", "1\n// two\n3\n6\n")
	r.write("blob.go", "1\n2\n3\n")

	// The user's own settings of diff do not matter.
	for key, value := range map[string]string{
		"diff.noprefix": "true", "diff.mnemonicPrefix": "true", "color.ui": "always", "diff.external": "false",
		"diff.context": "5", "diff.interHunkContext": "5", "diff.renames": "false", "core.quotePath": "true", "diff.relative": "true",
	} {
		r.git("config", key, value)
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(r.dir, link); err != nil {
		t.Skip(err)
	}
	for _, dir := range []string{r.dir, filepath.Join(r.dir, "sub"), link} {
		s, err := Since(dir, "base")
		if err != nil {
			t.Fatal(err)
		}
		for _, test := range []struct{ file, added, removed string }{
			{"a.go", "....xx..x", ".x.xxx..."},
			{"sub/new.go", "......x", "......."},
			{"same.go", ".", "."},
			{"comments.go", ".x..", "..x."},
			{"tab\t\"ä.go", "..x", "..."},
			{"untracked.go", "x", "x"},
			{"blob.go", "xxx", "xxx"},
			{"../elsewhere.go", "x", "x"},
		} {
			top := r.dir
			if dir == link {
				top = link
			}
			added, removed := ask(s, filepath.Join(top, test.file), len(test.added))
			if added != test.added || removed != test.removed {
				t.Errorf("in %s: %s has new lines %s and old ones went from %s, want %s and %s", dir, test.file, added, removed, test.added, test.removed)
			}
		}
	}
}

// What cannot be compared is an error, and never nothing new.
func TestSinceFailures(t *testing.T) {
	r := newRepo(t)
	fails := func(dir, revision, want string) {
		t.Helper()
		if _, err := Since(dir, revision); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("Since %q: %v, want %q", revision, err, want)
		}
	}
	fails(r.dir, "main", "there is no commit yet")
	r.write("a.go", "1\n")
	r.commit()
	r.write("a.go", "1\n2\n")
	r.commit()
	fails(t.TempDir(), "main", "is not in a git work tree: git: not a git repository")
	fails(r.dir, "nowhere", `"nowhere" is no revision that git knows`)
	fails(r.dir, "", `"" is no revision that git knows`)
	fails(r.dir, "--help", `"--help" is no revision that git knows`)
	fails(filepath.Join(r.dir, "absent"), "main", "is not in a git work tree")
	r.git("checkout", "-q", "--orphan", "other")
	r.commit()
	fails(r.dir, "main", "main and HEAD have no commit in common")
	r.git("checkout", "-q", "main")

	shallow := filepath.Join(t.TempDir(), "shallow")
	r.git("branch", "feature", "HEAD~1")
	r.git("clone", "-q", "--depth=1", "--no-single-branch", "file://"+r.dir, shallow)
	fails(shallow, "origin/feature", "no commit in common; this clone is shallow, fetch the whole history")
	fails(shallow, "HEAD~1", "is no revision that git knows; this clone is shallow")

	t.Setenv("PATH", "")
	fails(r.dir, "main", "git is not in PATH")
}
