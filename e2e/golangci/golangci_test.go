package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

var trees = flag.String("trees", "", "comma-separated `folders` of modules on which the drivers are compared as well")

// A finding is what a rule says about a place.
type finding struct {
	place   string // file:line:col, the file relative to the module
	rule    string
	message string
}

func (f finding) String() string { return fmt.Sprintf("%s: %s (%s)", f.place, f.message, f.rule) }

// tools are the programs that are compared.
type tools struct {
	golangci  string
	redislint string
	cache     string // of golangci-lint
}

// built are the tools of all tests.
var built tools

func TestMain(m *testing.M) {
	flag.Parse()
	code, err := testAll(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func testAll(m *testing.M) (int, error) {
	dir, err := os.MkdirTemp("", "golangci")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	exe := ""
	if runtime.GOOS == "windows" {
		exe = ".exe"
	}
	built = tools{filepath.Join(dir, "custom-gcl"+exe), filepath.Join(dir, "redislint"+exe), filepath.Join(dir, "cache")}
	for _, b := range []struct{ dir, pkg, out string }{{".", ".", built.golangci}, {"../..", "./cmd/redislint", built.redislint}} {
		cmd := exec.Command("go", "build", "-o", b.out, b.pkg)
		cmd.Dir = b.dir
		cmd.Env = append(os.Environ(), "GOWORK=off")
		if out, err := cmd.CombinedOutput(); err != nil {
			return 0, fmt.Errorf("go build %s: %w\n%s", b.pkg, err, out)
		}
	}
	return m.Run(), nil
}

type result struct {
	stdout, stderr string
	code           int
	cpu            time.Duration
}

// run runs a program outside of any workspace.
func (x tools) run(t *testing.T, dir, name string, args ...string) result {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOLANGCI_LINT_CACHE="+x.cache)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	p := cmd.ProcessState
	return result{out.String(), errs.String(), p.ExitCode(), p.UserTime() + p.SystemTime()}
}

// lint runs golangci-lint with our linter alone and a configuration of docs,
// in which words are replaced.
func (x tools) lint(t *testing.T, dir string, replace []string, args ...string) result {
	t.Helper()
	data, err := os.ReadFile("../../docs/golangci/.golangci.yml")
	if err != nil {
		t.Fatal(err)
	}
	// It sees one package at a time, and the command sees programs. Both find
	// the same when they are told what kind of program it is.
	text := strings.ReplaceAll(string(data), "profile: auto", "profile: serverless\n          test: true")
	for i := 0; i < len(replace); i += 2 {
		if !strings.Contains(text, replace[i]) {
			t.Fatalf("the documented configuration has no %q", replace[i])
		}
		text = strings.ReplaceAll(text, replace[i], replace[i+1])
	}
	config := filepath.Join(t.TempDir(), ".golangci.yml")
	if err := os.WriteFile(config, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	all := []string{"run", "-c", config, "--default=none", "-E=redislint", "--path-mode=abs", "--show-stats=false", "--allow-parallel-runners"}
	return x.run(t, dir, x.golangci, append(all, args...)...)
}

// byGolangci returns the findings of golangci-lint.
func (x tools) byGolangci(t *testing.T, dir string, replace ...string) (map[finding]bool, result) {
	t.Helper()
	r := x.lint(t, dir, replace, "--output.json.path=stdout", "./...")
	if r.code != 0 && r.code != 1 {
		t.Fatalf("golangci-lint: exit status %d\n%s%s", r.code, r.stdout, r.stderr)
	}
	var report struct {
		Issues []struct {
			FromLinter, Text string
			Pos              struct {
				Filename     string
				Line, Column int
			}
		}
	}
	if err := json.NewDecoder(strings.NewReader(r.stdout)).Decode(&report); err != nil {
		t.Fatalf("golangci-lint: %v\n%s%s", err, r.stdout, r.stderr)
	}
	all := map[finding]bool{}
	for _, issue := range report.Issues {
		rule, message, ok := strings.Cut(issue.Text, ": ")
		if issue.FromLinter != "redislint" || !ok {
			t.Errorf("golangci-lint: %s: %s", issue.FromLinter, issue.Text)
		}
		f := finding{place(t, dir, fmt.Sprintf("%s:%d:%d", issue.Pos.Filename, issue.Pos.Line, issue.Pos.Column)), rule, message}
		if all[f] {
			t.Errorf("golangci-lint: twice: %s", f)
		}
		all[f] = true
	}
	if (r.code == 1) != (len(all) > 0) {
		t.Errorf("golangci-lint: exit status %d with %d findings", r.code, len(all))
	}
	return all, r
}

// byCommand returns the findings of the command.
func (x tools) byCommand(t *testing.T, dir string, args ...string) (map[finding]bool, result) {
	t.Helper()
	r := x.run(t, dir, x.redislint, slices.Concat([]string{"-profile=serverless", "-test", "-format=json"}, args, []string{"./..."})...)
	if r.code != 0 && r.code != 1 {
		t.Fatalf("redislint: exit status %d\n%s%s", r.code, r.stdout, r.stderr)
	}
	all := map[finding]bool{}
	for dec := json.NewDecoder(strings.NewReader(r.stdout)); dec.More(); {
		var d struct {
			Rule, File, Message string
			Line, Column        int
			Suppressed          any
		}
		if err := dec.Decode(&d); err != nil {
			t.Fatalf("redislint: %v\n%s", err, r.stdout)
		}
		if d.Suppressed == nil {
			all[finding{place(t, dir, fmt.Sprintf("%s:%d:%d", d.File, d.Line, d.Column)), d.Rule, d.Message}] = true
		}
	}
	return all, r
}

// byVet returns the findings of go vet.
func (x tools) byVet(t *testing.T, dir string, args ...string) (map[finding]bool, result) {
	t.Helper()
	r := x.run(t, dir, "go", slices.Concat([]string{"vet", "-json", "-vettool=" + x.redislint, "-profile=serverless", "-test"}, args, []string{"./..."})...)
	if r.code != 0 {
		t.Fatalf("go vet: exit status %d\n%s%s", r.code, r.stdout, r.stderr)
	}
	var text bytes.Buffer
	for line := range strings.Lines(r.stdout + r.stderr) {
		if !strings.HasPrefix(line, "#") && !strings.HasPrefix(line, "go: ") {
			text.WriteString(line)
		}
	}
	all := map[finding]bool{}
	for dec := json.NewDecoder(&text); dec.More(); {
		var byPackage map[string]map[string][]struct{ Posn, Message string }
		if err := dec.Decode(&byPackage); err != nil {
			t.Fatalf("go vet -json: %v\n%s%s", err, r.stdout, r.stderr)
		}
		for _, byRule := range byPackage {
			for rule, list := range byRule {
				for _, d := range list {
					all[finding{place(t, dir, d.Posn), rule, strings.TrimSuffix(d.Message, " ("+rule+")")}] = true
				}
			}
		}
	}
	return all, r
}

// place makes the file of a position relative to the module.
func place(t *testing.T, dir, posn string) string {
	t.Helper()
	if !filepath.IsAbs(posn) {
		return filepath.ToSlash(posn)
	}
	rel, err := filepath.Rel(dir, posn)
	if err != nil {
		t.Fatal(err)
	}
	return filepath.ToSlash(rel)
}

// same compares what two drivers find.
func same(t *testing.T, nameA, nameB string, a, b map[finding]bool) {
	t.Helper()
	for _, one := range []struct {
		name string
		x, y map[finding]bool
	}{{nameA, a, b}, {nameB, b, a}} {
		for _, f := range slices.SortedFunc(maps.Keys(one.x), func(f, g finding) int { return strings.Compare(f.String(), g.String()) }) {
			if !one.y[f] {
				t.Errorf("by %s alone: %s", one.name, f)
			}
		}
	}
}

// The three drivers find the same: in the examples, in the modules of e2e/vet,
// and in the trees that a flag names.
func TestSame(t *testing.T) {
	x := built
	dirs, err := filepath.Glob("../vet/testdata/*")
	if err != nil {
		t.Fatal(err)
	}
	dirs = append(dirs, "../../examples")
	own := len(dirs)
	if *trees != "" {
		dirs = append(dirs, strings.Split(*trees, ",")...)
	}
	for i, dir := range dirs {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			dir, err := filepath.Abs(dir)
			if err != nil {
				t.Fatal(err)
			}
			golangci, a := x.byGolangci(t, dir)
			command, b := x.byCommand(t, dir)
			vet, c := x.byVet(t, dir)
			same(t, "golangci-lint", "redislint", golangci, command)
			same(t, "go vet", "redislint", vet, command)
			t.Logf("%d findings; CPU: golangci-lint %.1fs, redislint %.1fs, go vet %.1fs", len(command), a.cpu.Seconds(), b.cpu.Seconds(), c.cpu.Seconds())
			if i < own && len(command) < 4 {
				t.Errorf("%d findings, are those all?", len(command))
			}
		})
	}
}

// By default each package is what its own code and the rows of extra show: a
// function has its mistakes told, and a service that shares a client has none.
// A driver that sees one package finds what go vet does.
func TestAuto(t *testing.T) {
	x := built
	dir, err := filepath.Abs("../vet/testdata/dayone")
	if err != nil {
		t.Fatal(err)
	}
	rows := []string{"entry example.com/dayone/platform.Run", "serve example.com/dayone/platform.Listen"}
	want, _ := x.byVet(t, dir, "-profile=auto", "-extra="+strings.Join(rows, "\n"))
	const indent = "\n            "
	got, _ := x.byGolangci(t, dir, "profile: serverless", "profile: auto\n          extra: |"+indent+strings.Join(rows, indent))
	same(t, "golangci-lint", "go vet", got, want)
	rules := map[string]map[string]bool{}
	for f := range got {
		folder, _, _ := strings.Cut(f.place, "/")
		if rules[folder] == nil {
			rules[folder] = map[string]bool{}
		}
		rules[folder][f.rule] = true
	}
	for folder, rule := range map[string][]string{
		"fn": {"singleton", "unclosed", "undeferred", "unscoped"}, "plain": {"singleton", "unclosed", "undeferred", "unscoped"},
		"custom": {"reconnect"}, "listen": {"percall"}, "tool": {"unscoped"},
	} {
		for _, r := range rule {
			if !rules[folder][r] {
				t.Errorf("%s: no %s", folder, r)
			}
		}
	}
	for _, folder := range []string{"web", "worker"} {
		if len(rules[folder]) > 0 {
			t.Errorf("%s: %v", folder, rules[folder])
		}
	}
}

// copied is a copy of the examples in which edit changes a file.
func copied(t *testing.T, edit func(text string) string) string {
	t.Helper()
	dir := examples(t)
	change(t, dir, edit)
	return dir
}

// examples is a copy of the examples, beside one of the module that they use.
func examples(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"examples", "rediscope"} {
		if err := os.CopyFS(filepath.Join(dir, name), os.DirFS("../../"+name)); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "examples")
}

const edited = "leaky/main.go"

func change(t *testing.T, dir string, edit func(text string) string) {
	t.Helper()
	file := filepath.Join(dir, filepath.FromSlash(edited))
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(edit(string(data))), 0o666); err != nil {
		t.Fatal(err)
	}
}

// The settings reach the rules, and what is wrong in them is an error.
func TestSettings(t *testing.T) {
	x := built
	dir := copied(t, func(text string) string { return text })
	for name, replace := range map[string][]string{
		"-profile=service": {"profile: serverless", "profile: service"},
		"-unclosed=false":  {"unclosed: true", "unclosed: false"},
		"-exclude=github.com/redislint/redislint/examples/leaky/main.go": {"rules:", "exclude: leaky/main.go\n          rules:"},
	} {
		plain, _ := x.byCommand(t, dir)
		want, _ := x.byCommand(t, dir, name)
		got, _ := x.byGolangci(t, dir, replace...)
		same(t, "golangci-lint", "redislint "+name, got, want)
		if len(want) >= len(plain) {
			t.Errorf("%s changes nothing", name)
		}
	}
	for want, replace := range map[string][]string{
		"profil: unknown key, want exclude, extra,": {"profile:", "profil:"},
		`profile: "lambda" is none of auto`:         {"profile: serverless", "profile: lambda"},
		"rules.unclosed: want true or false, not":   {"unclosed: true", "unclosed: 1"},
		`rules.unclose: there is no rule "unclose"`: {"unclosed: true", "unclose: true"},
		`exclude: "old" matches no package`:         {"rules:", "exclude: old\n          rules:"},
		`extra: line 1: `:                           {"rules:", "extra: what is this\n          rules:"},
	} {
		r := x.lint(t, dir, replace, "./...")
		if r.code != 3 || !strings.Contains(r.stderr, want) {
			t.Errorf("%q: exit status %d, want 3 and %q\n%s", replace, r.code, want, r.stderr)
		}
	}
}

// nolint silences a finding, by the name of the linter.
func TestNolint(t *testing.T) {
	x := built
	dir := copied(t, func(text string) string { return text })
	before, _ := x.byGolangci(t, dir)
	change(t, dir, func(text string) string {
		return strings.ReplaceAll(text, " // singleton\n", " //nolint:redislint // singleton\n")
	})
	after, _ := x.byGolangci(t, dir)
	count := func(all map[finding]bool) (n int) {
		for f := range all {
			if f.rule == "singleton" && strings.HasPrefix(f.place, edited) {
				n++
			}
		}
		return n
	}
	if count(before) == 0 || count(after) != 0 || len(after) != len(before)-count(before) {
		t.Errorf("%d findings, then %d", len(before), len(after))
	}
}

// Facts go from package to package, from golangci-lint's cache as well when a
// package is edited.
func TestFactsFromCache(t *testing.T) {
	x := built
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("../vet/testdata/shop")); err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	module := strings.Fields(string(read(t, filepath.Join(dir, "go.mod"))))[1]
	write("wrap/wrap.go", "package wrap\n\nimport \"github.com/redis/go-redis/v9\"\n\nfunc Open() *redis.Client { return redis.NewClient(&redis.Options{}) }\n")
	write("between/between.go", fmt.Sprintf("package between\n\nimport \"%s/wrap\"\n\nvar Open = 0\n\nfunc Use() { c := wrap.Open(); _ = c }\n", module))
	use := "package use\n\nimport \"%s/wrap\"\n\n%sfunc F() {\n\tc := wrap.Open()\n\t_ = c\n}\n"
	for i, filler := range []string{"", "\n\n// Moved.\n"} {
		write("use/use.go", fmt.Sprintf(use, module, filler))
		golangci, r := x.byGolangci(t, dir)
		command, _ := x.byCommand(t, dir)
		same(t, "golangci-lint", "redislint", golangci, command)
		n := 0
		for f := range golangci {
			if strings.HasPrefix(f.place, "use/") && f.rule == "unclosed" {
				n++
			}
		}
		if n != 1 {
			t.Errorf("run %d: %d findings about the client of another package\n%s", i, n, r.stderr)
		}
	}
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// --fix changes files as the command's -fix does.
func TestFix(t *testing.T) {
	x := built
	byLint, byCommand := examples(t), examples(t)
	shapes := read(t, "../vet/fixes/fixes.go.txt") // each shape that has a fix
	for _, dir := range []string{byLint, byCommand} {
		if err := os.Mkdir(filepath.Join(dir, "fixes"), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "fixes", "fixes.go"), shapes, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if r := x.run(t, byCommand, x.redislint, "-fix", "./..."); r.code == 2 {
		t.Fatal(r.stderr)
	}
	x.lint(t, byLint, nil, "--fix", "./...")
	changed := 0
	err := filepath.WalkDir(byCommand, func(file string, d os.DirEntry, err error) error {
		if err != nil || filepath.Ext(file) != ".go" {
			return err
		}
		rel, err := filepath.Rel(byCommand, file)
		if err != nil {
			return err
		}
		want, got := read(t, file), read(t, filepath.Join(byLint, rel))
		if !bytes.Equal(got, want) {
			t.Errorf("%s after golangci-lint --fix:\n%s\nafter redislint -fix:\n%s", rel, got, want)
		}
		before := shapes
		if filepath.Dir(rel) != "fixes" {
			before = read(t, filepath.Join("../../examples", rel))
		}
		if !bytes.Equal(want, before) {
			changed++
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if changed == 0 {
		t.Error("nothing was fixed")
	}
	t.Logf("%d files fixed", changed)
}
