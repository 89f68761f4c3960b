package edit_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
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

func TestReplace(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "a.go")
	if err := os.WriteFile(file, []byte("old"), 0o640); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(dir, "link.go")
	name := file
	if runtime.GOOS != "windows" {
		if err := os.Symlink(file, link); err != nil {
			t.Fatal(err)
		}
		name = link
	}
	if err := edit.Replace(name, []byte("other"), []byte("new")); err == nil {
		t.Error("a changed file was replaced")
	}
	if err := edit.Replace(name, []byte("old"), []byte("new")); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(file)
	if err != nil || string(data) != "new" {
		t.Errorf("%q, %v", data, err)
	}
	info, err := os.Stat(file)
	if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o640 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) > 2 {
		t.Errorf("%v, %v", entries, err)
	}
}

func TestDiff(t *testing.T) {
	if got := edit.Diff("a", []byte("x\n"), []byte("x\n")); got != "" {
		t.Errorf("nothing has changed: %q", got)
	}
	got := edit.Diff("a", []byte("1\n2\n3\n4\n5\n6\n7\n8\n9\n"), []byte("1\n2\n3\n4\nnew\n5\n6\n7\n8"))
	want := `--- a (old)
+++ a (new)
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
