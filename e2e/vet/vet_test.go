// Package vet runs redislint over modules that use real client libraries, as a
// vet tool and as a command, and compares both with the marks in their source.
package vet

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// A finding is what a rule says about a line.
type finding struct {
	file    string // relative to the module
	line    string
	rule    string
	message string
}

// where is the part of a finding that a mark can name.
func (f finding) where() string { return f.file + ":" + f.line + " " + f.rule }

func Test(t *testing.T) {
	tool := build(t)
	dirs, err := filepath.Glob("testdata/*")
	if err != nil {
		t.Fatal(err)
	}
	dirs = append(dirs, "../../examples")
	for _, dir := range dirs {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			dir, err := filepath.Abs(dir)
			if err != nil {
				t.Fatal(err)
			}
			want, asked := marks(t, dir)
			byVet := vet(t, tool, dir)
			byCommand := command(t, tool, dir)
			compare(t, "go vet", want, asked, byVet)
			compare(t, "redislint", want, asked, byCommand)
			for _, f := range byVet {
				if !slices.Contains(byCommand, f) {
					t.Errorf("by go vet alone: %s: %s", f.where(), f.message)
				}
			}
			for _, f := range byCommand {
				if !slices.Contains(byVet, f) {
					t.Errorf("by the command alone: %s: %s", f.where(), f.message)
				}
			}
		})
	}
}

// build builds the tool.
func build(t *testing.T) string {
	t.Helper()
	tool := filepath.Join(t.TempDir(), "redislint")
	if runtime.GOOS == "windows" {
		tool += ".exe"
	}
	cmd := exec.Command("go", "build", "-o", tool, "./cmd/redislint")
	cmd.Dir = "../.."
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return tool
}

var (
	markRE  = regexp.MustCompile(`// ([a-z]+(?: [a-z]+)*)$`)
	rulesRE = regexp.MustCompile(`^//rules (.+)$`)
)

// ruleNames returns the names of the rules, each of which has a folder.
func ruleNames(t *testing.T) map[string]bool {
	t.Helper()
	entries, err := os.ReadDir("../../analyzer")
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, e := range entries {
		names[e.Name()] = true
	}
	return names
}

// marks reads the findings that are due: the names of rules at the ends of
// lines. A line "//rules NAME..." says that a file asks these rules alone;
// asked tells whether a finding is about a rule that its file asks. The rules
// about options are asked by the files that say so alone, and by the examples.
func marks(t *testing.T, dir string) (want []string, asked func(finding) bool) {
	t.Helper()
	names := ruleNames(t)
	rules := map[string][]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".go" {
			return err
		}
		file, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for i, line := range strings.Split(string(data), "\n") {
			if m := rulesRE.FindStringSubmatch(line); m != nil {
				rules[file] = strings.Fields(m[1])
			}
			m := markRE.FindStringSubmatch(line)
			if m == nil || !names[strings.Fields(m[1])[0]] {
				continue // no mark, but a sentence
			}
			for _, rule := range strings.Fields(m[1]) {
				if !names[rule] {
					t.Errorf("%s:%d: there is no rule %s", file, i+1, rule)
				}
				want = append(want, finding{file: file, line: fmt.Sprint(i + 1), rule: rule}.where())
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(want) == 0 {
		t.Fatalf("no marks in %s", dir)
	}
	return want, func(f finding) bool {
		list, ok := rules[f.file]
		if !ok && filepath.Base(dir) != "examples" && slices.Contains([]string{"timeout", "reconnect"}, f.rule) {
			return false // of nearly every client: asked where a file says so
		}
		return !ok || slices.Contains(list, f.rule)
	}
}

// compare reports findings without a mark, and marks without a finding.
func compare(t *testing.T, by string, want []string, asked func(finding) bool, got []finding) {
	t.Helper()
	found := map[string]bool{}
	for _, f := range got {
		found[f.where()] = true
		if asked(f) && !slices.Contains(want, f.where()) {
			t.Errorf("%s: unexpected: %s: %s", by, f.where(), f.message)
		}
	}
	for _, w := range want {
		if !found[w] {
			t.Errorf("%s: missing: %s", by, w)
		}
	}
}

// run runs a command outside of any workspace and returns what it prints.
func run(t *testing.T, dir string, name string, args ...string) (stdout, stderr []byte, code int) {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod")
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return out.Bytes(), errs.Bytes(), cmd.ProcessState.ExitCode()
}

// flags are those in the file flags of a module, one a line: both ways take them alike. Test
// files are checked too, as code that opens a client for each invocation, since
// go vet sees less of a program than the command does.
func flags(t *testing.T, dir string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "flags"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	list := []string{"-profile=serverless", "-test"}
	for line := range strings.Lines(string(text)) {
		list = append(list, strings.ReplaceAll(strings.TrimSpace(line), `\n`, "\n"))
	}
	return list
}

// vet returns the findings of go vet, in order and without duplicates.
func vet(t *testing.T, tool, dir string) []finding {
	t.Helper()
	stdout, stderr, code := run(t, dir, "go", slices.Concat([]string{"vet", "-json", "-vettool=" + tool}, flags(t, dir), []string{"./..."})...)
	if code != 0 {
		t.Fatalf("go vet: exit status %d\n%s%s", code, stdout, stderr)
	}
	// Up to Go 1.25 the objects are on standard error, between comments.
	var text bytes.Buffer
	for _, out := range [][]byte{stdout, stderr} {
		for line := range bytes.Lines(out) {
			if !bytes.HasPrefix(line, []byte("#")) && !bytes.HasPrefix(line, []byte("go: downloading ")) {
				text.Write(line)
			}
		}
	}
	all := map[finding]bool{}
	for dec := json.NewDecoder(&text); dec.More(); {
		var byPackage map[string]map[string]json.RawMessage
		if err := dec.Decode(&byPackage); err != nil {
			t.Fatalf("go vet -json: %v\n%s%s", err, stdout, stderr)
		}
		for pkg, byRule := range byPackage {
			for rule, raw := range byRule {
				var list []struct{ Posn, Message string }
				if err := json.Unmarshal(raw, &list); err != nil {
					t.Errorf("go vet -json: %s: %s: %s", pkg, rule, raw)
				}
				for _, d := range list {
					all[at(t, dir, d.Posn, rule, strings.TrimSuffix(d.Message, " ("+rule+")"))] = true
				}
			}
		}
	}
	return sorted(all)
}

// command returns the findings of the command, in order.
func command(t *testing.T, tool, dir string) []finding {
	t.Helper()
	stdout, stderr, code := run(t, dir, tool, append(flags(t, dir), "-format=json", "./...")...)
	if code != 0 && code != 1 {
		t.Fatalf("redislint: exit status %d\n%s%s", code, stdout, stderr)
	}
	all := map[finding]bool{}
	for dec := json.NewDecoder(bytes.NewReader(stdout)); dec.More(); {
		var d struct {
			Rule, File, Message string
			Line, Column        int
			Suppressed          any
		}
		if err := dec.Decode(&d); err != nil {
			t.Fatalf("redislint: %v\n%s", err, stdout)
		}
		if d.Suppressed != nil {
			continue
		}
		f := at(t, dir, fmt.Sprintf("%s:%d:%d", d.File, d.Line, d.Column), d.Rule, d.Message)
		if all[f] {
			t.Errorf("redislint: twice: %s", f.where())
		}
		all[f] = true
	}
	if (code == 1) != (len(all) > 0) {
		t.Errorf("redislint: exit status %d with %d findings", code, len(all))
	}
	return sorted(all)
}

// at makes a finding of a position "file:line:column".
func at(t *testing.T, dir, posn, rule, message string) finding {
	t.Helper()
	posn = posn[:strings.LastIndexByte(posn, ':')]
	i := strings.LastIndexByte(posn, ':')
	file := posn[:i]
	if filepath.IsAbs(file) {
		rel, err := filepath.Rel(dir, file)
		if err != nil {
			t.Fatal(err)
		}
		file = rel
	}
	return finding{file: file, line: posn[i+1:], rule: rule, message: message}
}

func sorted(all map[finding]bool) []finding {
	return slices.SortedFunc(maps.Keys(all), func(a, b finding) int {
		return strings.Compare(a.where()+a.message, b.where()+b.message)
	})
}

// The marks cover every rule, on enough lines to mean something.
func TestEnough(t *testing.T) {
	dirs, err := filepath.Glob("testdata/*")
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for _, dir := range dirs {
		want, _ := marks(t, dir)
		for _, w := range want {
			count[w[strings.LastIndexByte(w, ' ')+1:]]++
		}
	}
	least := map[string]int{"unclosed": 6, "undeferred": 6, "singleton": 6, "unscoped": 6, "afterclose": 3, "inloop": 3, "fatal": 3, "percall": 3}
	for _, rule := range slices.Sorted(maps.Keys(least)) {
		if count[rule] < least[rule] {
			t.Errorf("%s: %d marks, want at least %d", rule, count[rule], least[rule])
		}
		t.Logf("%s: %d marks", rule, count[rule])
	}
}
