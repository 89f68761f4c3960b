package edit_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/redislint/redislint/internal/edit"
)

func TestPlan(t *testing.T) {
	source := []byte("package p\n\nvar a = 1\n")
	at := func(old, text string) edit.Edit {
		i := strings.Index(string(source), old)
		return edit.Edit{File: "p.go", Start: i, End: i + len(old), New: text}
	}
	insert := func(before, text string) edit.Edit {
		e := at(before, text)
		e.End = e.Start
		return e
	}
	var p edit.Plan
	for _, step := range []struct {
		edits []edit.Edit
		ok    bool
	}{
		{[]edit.Edit{at("1", "2"), insert("var", "var b=1\n")}, true},
		{[]edit.Edit{at("1", "2")}, true},                            // the same once more
		{[]edit.Edit{insert("var", "var c = 1\n")}, false},           // another at the same place
		{[]edit.Edit{at(" = 1", " int"), at("p\n", "q\n")}, false},   // all or none
		{[]edit.Edit{at("var a", "var z")}, true},                    // next to an insertion
		{[]edit.Edit{at("\n\n", "\n\n\n"), at("p\n", "q\n")}, false}, // among themselves
	} {
		if ok := p.Add(step.edits); ok != step.ok {
			t.Errorf("%v: %t", step.edits, ok)
		}
	}
	got, err := p.Apply("p.go", source)
	if want := "package p\n\nvar b = 1\nvar z = 2\n"; err != nil || string(got) != want {
		t.Errorf("%v: %q, want %q", err, got, want)
	}
	// What was not formatted is not formatted.
	var q edit.Plan
	q.Add([]edit.Edit{{File: "p.go", Start: 17, End: 18, New: "b"}})
	if got, err := q.Apply("p.go", []byte("package  p;\n\nvar a= 1\n")); err != nil || string(got) != "package  p;\n\nvar b= 1\n" {
		t.Errorf("%v: %q", err, got)
	}
	if _, err := q.Apply("p.go", []byte("short")); err == nil {
		t.Error("an edit behind the end")
	}
}

func TestDiff(t *testing.T) {
	if got := edit.Diff("a", []byte("x\n"), []byte("x\n")); got != "" {
		t.Errorf("nothing has changed: %q", got)
	}
	got := edit.Diff("a", []byte("1\n2\n3\n4\n5\n6\n7\n8\n9\n"), []byte("1\n2\n3\n4\nnew\n5\n6\n7\n8"))
	want := `diff --git a/a b/a
--- a/a
+++ b/a
@@ -2,8 +2,8 @@
 2
 3
 4
+new
 5
 6
 7
-8
-9
+8
\ No newline at end of file
`
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// Names are written as git and patch read them.
func TestDiffNames(t *testing.T) {
	for name, want := range map[string]string{
		"p/a.go":   "diff --git a/p/a.go b/p/a.go\n--- a/p/a.go\n+++ b/p/a.go\n",
		"a b.go":   "diff --git a/a b.go b/a b.go\n--- a/a b.go\t\n+++ b/a b.go\t\n",
		"a\"\t.go": `diff --git "a/a\"\011.go" "b/a\"\011.go"` + "\n" + `--- "a/a\"\011.go"` + "\n" + `+++ "b/a\"\011.go"` + "\n",
		"/p/a.go":  "--- /p/a.go\n+++ /p/a.go\n",
		"C:/a.go":  "--- C:/a.go\n+++ C:/a.go\n",
	} {
		got, _, _ := strings.Cut(edit.Diff(name, nil, []byte("x\n")), "@@")
		if got != want {
			t.Errorf("%s:\n%swant\n%s", name, got, want)
		}
	}
}

// In colors it says the same.
func TestColorDiff(t *testing.T) {
	before, after := []byte("1\n2\n3\n"), []byte("1\n-- 2\n3")
	got := edit.ColorDiff("a", before, after)
	for _, want := range []string{"\x1b[1m--- a/a\x1b[m\n", "\x1b[36m@@ -1,3 +1,3 @@\x1b[m\n", "\x1b[31m-2\x1b[m\n", "\x1b[32m+-- 2\x1b[m\n", "\x1b[32m+3\x1b[m\n\\ No newline"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q has no %q", got, want)
		}
	}
	if plain := regexp.MustCompile("\x1b\\[[0-9]*m").ReplaceAllString(got, ""); plain != edit.Diff("a", before, after) {
		t.Errorf("%q", plain)
	}
}

// What git apply makes of the old text and the diff is the new text.
func TestGitApply(t *testing.T) {
	git, err := exec.LookPath("git")
	if err != nil {
		t.Skip("there is no git")
	}
	for _, test := range []struct{ name, before, after string }{
		{"a.go", "1\n2\n3\n", "1\n3\n4\n"},
		{"sub/ä b.go", "1\n2\n", "2\n2"},
		{"crlf.go", "1\r\n2\r\n3\r\n", "1\r\nnew\r\n2\r\n3\r\n"},
		{"bom.go", "\ufeff1\n2", "\ufeffone\n2"},
	} {
		dir := t.TempDir()
		file := filepath.Join(dir, filepath.FromSlash(test.name))
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(test.before), 0o666); err != nil {
			t.Fatal(err)
		}
		for _, args := range [][]string{{"init", "-q"}, {"apply"}} {
			cmd := exec.Command(git, append([]string{"-c", "core.autocrlf=false"}, args...)...)
			cmd.Dir = dir
			cmd.Stdin = strings.NewReader(edit.Diff(test.name, []byte(test.before), []byte(test.after)))
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%s: git %v: %v\n%s", test.name, args, err, out)
			}
		}
		if got, err := os.ReadFile(file); err != nil || string(got) != test.after {
			t.Errorf("%s: %v\n%q\nwant\n%q", test.name, err, got, test.after)
		}
	}
}

// What patch makes of the old text and the diff is the new text.
func TestPatch(t *testing.T) {
	patch, err := exec.LookPath("patch")
	if err != nil {
		t.Skip("there is no patch")
	}
	dir := t.TempDir()
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 60 {
		var before, after strings.Builder
		for range random.IntN(60) {
			line := fmt.Sprintln(random.IntN(9))
			switch random.IntN(8) {
			case 0:
				before.WriteString(line)
			case 1:
				after.WriteString(line)
			default:
				before.WriteString(line)
				after.WriteString(line)
			}
		}
		file := filepath.Join(dir, fmt.Sprint(i))
		if err := os.WriteFile(file, []byte(before.String()), 0o666); err != nil {
			t.Fatal(err)
		}
		diff := edit.Diff("x", []byte(before.String()), []byte(after.String()))
		if diff == "" {
			continue
		}
		cmd := exec.Command(patch, "-s", "--posix", file)
		cmd.Stdin = strings.NewReader(diff)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s\n%s", err, out, diff)
		}
		got, err := os.ReadFile(file)
		if os.IsNotExist(err) {
			got, err = nil, nil // patch removes an empty file
		}
		if err != nil || string(got) != after.String() {
			t.Fatalf("%v\nbefore\n%safter\n%sgot\n%sdiff\n%s", err, before.String(), after.String(), got, diff)
		}
	}
}
