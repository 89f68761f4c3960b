package report

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// A fingerprint stays when lines move, and differs with all it is made of.
func TestFingerprints(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a.go"), "\n\trdb := open()\n\trdb  := open()\r\n\tother := open()\n")
	write(t, filepath.Join(dir, "moved.go"), "\n\n\nif x { rdb := open()\n  rdb := open()\n")
	at := func(file string, line int) Finding {
		return Finding{Rule: "unclosed", Pos: Pos{File: file, Line: line, Col: 9}, Unit: "m/a.go", Func: "F"}
	}
	of := func(fs ...Finding) []string {
		var list []string
		for _, f := range Fingerprints(fs, NewSources(dir, dir)) {
			list = append(list, f.Fingerprint)
		}
		return list
	}
	before := of(at("a.go", 2), at("a.go", 3), at("a.go", 4))
	if !regexp.MustCompile(`^[0-9a-f]{16}:1$`).MatchString(before[0]) || before[1] != before[0][:17]+"2" || before[2][:16] == before[0][:16] {
		t.Errorf("fingerprints are %q", before)
	}
	if moved := of(at("moved.go", 5)); moved[0] != before[0] {
		t.Errorf("a line that moved has %s, it had %s", moved[0], before[0])
	}
	for what, change := range map[string]func(*Finding){
		"rule": func(f *Finding) { f.Rule = "undeferred" },
		"file": func(f *Finding) { f.Unit = "m/b.go" },
		"func": func(f *Finding) { f.Func = "G" },
		"line": func(f *Finding) { f.Pos.Line = 4 },
	} {
		f := at("a.go", 2)
		change(&f)
		if got := of(f)[0]; got[:16] == before[0][:16] {
			t.Errorf("another %s has the same fingerprint", what)
		}
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}
