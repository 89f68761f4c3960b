package changes

import (
	"fmt"
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

// out is what git prints.
func (r repo) out(args ...string) string {
	r.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = r.dir
	out, err := cmd.Output()
	if err != nil {
		r.Fatal(err)
	}
	return string(out)
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

// lines tells of each line of a file which one of the base it is: "=" if it
// has the same number, the number if it has another, "+" if it is new.
func lines(s *Set, name string, n int) string {
	var list []string
	for i := 1; i <= n; i++ {
		old, ok := s.Then(Line{name, i})
		switch {
		case !ok:
			list = append(list, "+")
		case old == Line{name, i}:
			list = append(list, "=")
		default:
			list = append(list, fmt.Sprint(old.Line))
		}
		if back, stands := s.Now(old); ok && (!stands || back != Line{name, i}) {
			list = append(list, "broken")
		}
	}
	return strings.Join(list, " ")
}

func TestSince(t *testing.T) {
	r := newRepo(t)
	r.write("a.go", "1\n2\n3\n4\n5\n6\n7\n8\n")
	r.write("sub/old.go", "one\ntwo\nthree\nfour\nfive\nsix\n")
	r.write("same.go", "1\n")
	r.write("comments.go", "1\n// 2\n3\n\n//lint:ignore 5\n6\n")
	r.write("tab\t\"ä.go", "1\n2\n")
	r.write("blob.go", "1\n2\n")
	r.write("gone.go", "1\n")
	r.write("turned.go", "package p\n")
	module := repo{t, filepath.Join(r.dir, "module")}
	r.git("init", "-q", "module")
	module.write("x.go", "1\n")
	module.commit()
	r.write(".gitattributes", "blob.go -diff\n")
	r.write(".gitignore", "ignored.go\n")
	r.write("ignored.go", "1\n")
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
	module.write("x.go", "1\n2\n")
	module.commit()
	for _, name := range []string{"gone.go", "turned.go"} {
		if err := os.Remove(filepath.Join(r.dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("a.go", filepath.Join(r.dir, "turned.go")); err != nil {
		t.Skip(err)
	}

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
		for _, test := range []struct{ file, lines string }{
			{"a.go", "= = 4 5 + + = = +"},
			{"sub/new.go", "1 2 3 4 5 6 +"},
			{"same.go", "="},
			{"comments.go", "= + = 6"},
			{"tab\t\"ä.go", "= = +"},
			{"untracked.go", "+"},
			{"blob.go", "= = +"},
			{"ignored.go", "="},
			{"/elsewhere.go", "="},
		} {
			if got := lines(s, test.file, strings.Count(test.lines, " ")+1); got != test.lines {
				t.Errorf("in %s: the lines of %s are %s, want %s", dir, test.file, got, test.lines)
			}
		}
		for _, test := range []struct {
			then, now Line
			want      Relation
		}{
			{Line{"a.go", 1}, Line{"a.go", 1}, Same},
			{Line{"a.go", 4}, Line{"a.go", 3}, Same},
			{Line{"a.go", 4}, Line{"a.go", 4}, Other},
			{Line{"a.go", 6}, Line{"a.go", 5}, Replaced},
			{Line{"a.go", 6}, Line{"a.go", 9}, Maybe},
			{Line{"a.go", 3}, Line{"untracked.go", 1}, Maybe},
			{Line{"a.go", 3}, Line{"a.go", 1}, Other},
			{Line{"a.go", 1}, Line{"untracked.go", 1}, Other},
			{Line{"gone.go", 1}, Line{"untracked.go", 1}, Maybe},
			{Line{"sub/old.go", 2}, Line{"sub/new.go", 2}, Same},
			{Line{"turned.go", 1}, Line{"turned.go", 1}, Maybe},
			{Line{"module/x.go", 1}, Line{"module/x.go", 1}, Other},
			{Line{"ignored.go", 1}, Line{"ignored.go", 1}, Same},
		} {
			if got := s.Relate(test.then, test.now); got != test.want {
				t.Errorf("%v and %v are %d, want %d", test.then, test.now, got, test.want)
			}
		}
		if s.OldName("sub/new.go") != "sub/old.go" || s.OldName("untracked.go") != "" || s.OldName("same.go") != "same.go" {
			t.Error("names are", s.OldName("sub/new.go"), s.OldName("untracked.go"), s.OldName("same.go"))
		}
		if s.NewName("sub/old.go") != "sub/new.go" || s.NewName("gone.go") != "" || s.NewName("a.go") != "a.go" {
			t.Error("names are", s.NewName("sub/old.go"), s.NewName("gone.go"), s.NewName("a.go"))
		}
	}
}

// The base is written as it was, and what it lacks is taken from the working
// tree. The repository is not touched.
func TestCheckout(t *testing.T) {
	r := newRepo(t)
	r.write("beside/go.mod", "module example.com/beside\n")
	top := filepath.Join(r.dir, "beside", "..", "in")
	r.git("-c", "init.defaultBranch=main", "init", "-q", "in")
	r.dir = filepath.Clean(top)
	r.write("go.mod", "module example.com/m\n\nreplace example.com/beside => ../beside\n")
	r.write("a.go", "old\n")
	r.write("run.sh", "x\n")
	r.write("with/embed.go", "package with\n\n//go:embed sub/text\nvar text string\n")
	r.write("with/sub/text", "embedded\n")
	r.write("linked.one", "package m\n")
	r.write(".gitignore", "gen\nnode_modules\n")
	for name, to := range map[string]string{"link.go": "a.go", "other.go": "linked.one"} {
		if err := os.Symlink(to, filepath.Join(r.dir, name)); err != nil {
			t.Skip(err)
		}
	}
	r.commit()
	r.git("branch", "base")
	r.write("a.go", "new\n")
	r.write("staged.go", "new\n")
	r.git("add", "staged.go")
	r.write("gen/gen.go", "generated\n")
	r.write("node_modules/x/x.go", "no\n")
	r.write(".git/hooks/post-checkout", "#!/bin/sh\ntouch hooked\n")
	if err := os.Chmod(filepath.Join(r.dir, ".git", "hooks", "post-checkout"), 0o777); err != nil {
		t.Fatal(err)
	}
	before := r.out("status", "--porcelain")
	s, err := Since(r.dir, "base")
	if err != nil {
		t.Fatal(err)
	}
	tree, err := s.Checkout()
	if err != nil {
		t.Fatal(err)
	}
	list := func() string {
		var names []string
		err := filepath.WalkDir(tree.Root, func(file string, d os.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				names = append(names, tree.Name(file))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return strings.Join(names, " ")
	}
	// The name of a link is that of what it points to.
	// What the go command does not read is left out.
	if got := list(); got != "a.go go.mod a.go linked.one linked.one with/embed.go with/sub/text" {
		t.Errorf("the base has %s", got)
	}
	if data, err := os.ReadFile(filepath.Join(tree.Root, "link.go")); err != nil || string(data) != "old\n" {
		t.Errorf("a link leads to %q, %v", data, err)
	}
	if data, err := os.ReadFile(filepath.Join(tree.Root, "..", "beside", "go.mod")); err != nil || string(data) != "module example.com/beside\n" {
		t.Errorf("the module beside is %q, %v", data, err)
	}
	if len(tree.Borrowed) != 1 || !strings.HasSuffix(tree.Borrowed[0], "beside") {
		t.Errorf("borrowed: %q", tree.Borrowed)
	}
	if any, err := tree.Borrow(); !any || err != nil || list() != "a.go gen/gen.go go.mod a.go linked.one linked.one with/embed.go with/sub/text" {
		t.Errorf("%v, %v: the base has %s", any, err, list())
	}
	if any, err := tree.Borrow(); any || err != nil {
		t.Errorf("borrowed twice: %v, %v", any, err)
	}
	if text := tree.Text(filepath.Join(tree.Root, "a.go") + ":1: wrong"); text != "a.go:1: wrong" {
		t.Errorf("a message is %q", text)
	}
	if data, err := s.Content("a.go"); err != nil || string(data) != "old\n" {
		t.Errorf("a.go was %q, %v", data, err)
	}
	if data, err := s.Content("staged.go"); err != nil || data != nil {
		t.Errorf("staged.go was %q, %v", data, err)
	}
	if err := tree.Remove(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(tree.Root); !os.IsNotExist(err) {
		t.Error("the tree is still there")
	}
	if after := r.out("status", "--porcelain"); after != before || strings.Contains(after, "hooked") {
		t.Errorf("the status is %q, it was %q", after, before)
	}
	if out := r.out("worktree", "list"); strings.Count(out, "\n") != 1 {
		t.Errorf("work trees: %s", out)
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
	fails(r.dir, "nowhere", `git does not know the revision "nowhere"`)
	fails(r.dir, "", `git does not know the revision ""`)
	fails(r.dir, "--help", `git does not know the revision "--help"`)
	fails(filepath.Join(r.dir, "absent"), "main", "is not in a git work tree")
	r.git("checkout", "-q", "--orphan", "other")
	r.commit()
	fails(r.dir, "main", "main and HEAD have no common ancestor")
	r.git("checkout", "-q", "main")

	shallow := filepath.Join(t.TempDir(), "shallow")
	r.git("branch", "feature", "HEAD~1")
	r.git("clone", "-q", "--depth=1", "--no-single-branch", "file://"+r.dir, shallow)
	fails(shallow, "origin/feature", "no common ancestor; this clone is shallow, fetch the whole history")
	fails(shallow, "HEAD~1", "git does not know the revision \"HEAD~1\"; this clone is shallow")

	t.Setenv("PATH", "")
	fails(r.dir, "main", "git is not in PATH")
}

// What git prints, or something else, is read or refused, and Then and Now go
// with each other.
func FuzzParse(f *testing.F) {
	f.Add("diff --git a/x.go b/x.go\n--- a/x.go\n+++ b/x.go\n@@ -1,2 +1 @@\n-a\n-b\n+c\n@@ -9,0 +9,2 @@\n+d\n+e\n")
	f.Add("diff --git a/x b/y\nrename from x\nrename to \"y\\t\"\n")
	f.Fuzz(func(t *testing.T, text string) {
		list, err := parse(strings.NewReader(text))
		if err != nil {
			return
		}
		s := &Set{then: map[string]bool{}, files: map[string]*file{}, now: map[string]*file{}}
		for _, x := range list {
			if x.name != "" {
				s.files[x.name] = x
			}
			if x.old != "" {
				s.now[x.old], s.then[x.old] = x, true
			}
			for n := range 20 {
				s.Relate(Line{x.old, n}, Line{x.name, n})
			}
		}
		s.Renames()
	})
}
