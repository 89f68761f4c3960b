// Package nogo runs the rules in the program that Bazel's rules_go makes of
// them, and compares what it finds with what the command finds.
package nogo

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/redislint/redislint"
)

// rulesGo is the version of rules_go, and the version of x/tools that it uses.
const (
	rulesGo = "v0.65.0"
	xTools  = "v0.51.0"
)

type result struct {
	stdout, stderr string
	code           int
}

func run(t *testing.T, dir, name string, args ...string) result {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod -buildvcs=false")
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return result{out.String(), errs.String(), cmd.ProcessState.ExitCode()}
}

func must(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	r := run(t, dir, name, args...)
	if r.code != 0 {
		t.Fatalf("%s %v: exit status %d\n%s%s", name, args, r.code, r.stdout, r.stderr)
	}
	return r.stdout
}

func read(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// rules are the import paths of the rules that docs/bazel.md names.
func rules(t *testing.T) []string {
	t.Helper()
	var paths []string
	for _, m := range regexp.MustCompile(`"@com_github_redislint_redislint//([\w/]+)"`).FindAllStringSubmatch(read(t, "../../docs/bazel.md"), -1) {
		paths = append(paths, "github.com/redislint/redislint/"+m[1])
	}
	return paths
}

// The documentation names all rules.
func TestPage(t *testing.T) {
	var want []string
	for _, a := range redislint.Analyzers() {
		want = append(want, "github.com/redislint/redislint/analyzer/"+a.Name)
	}
	slices.Sort(want)
	if got := rules(t); !slices.Equal(got, want) {
		t.Errorf("docs/bazel.md names %q, there are %q", got, want)
	}
}

// build makes the program as the rule "nogo" does: the sources of its runner,
// and a main file that is generated for these analyzers and this configuration.
// The runner's module has a name under golang.org/x/tools, since it uses an
// internal package of that module.
func build(t *testing.T, profile, extra string) string {
	t.Helper()
	var module struct{ Dir string }
	if err := json.Unmarshal([]byte(must(t, t.TempDir(), "go", "mod", "download", "-json", "github.com/bazelbuild/rules_go@"+rulesGo)), &module); err != nil {
		t.Fatal(err)
	}
	builders := filepath.Join(module.Dir, "go", "tools", "builders")
	_, srcs, _ := strings.Cut(read(t, filepath.Join(builders, "BUILD.bazel")), `name = "nogo_srcs"`)
	srcs, _, _ = strings.Cut(srcs, "]")
	dir := t.TempDir()
	for _, m := range regexp.MustCompile(`"(\w+\.go)"`).FindAllStringSubmatch(srcs, -1) {
		write(t, filepath.Join(dir, m[1]), read(t, filepath.Join(builders, m[1])))
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "go.mod"), fmt.Sprintf("module golang.org/x/tools/nogorunner\n\ngo 1.26.0\n\n"+
		"require (\n\tgolang.org/x/tools %s\n\tgithub.com/redislint/redislint v0.0.0\n)\n\n"+
		"replace github.com/redislint/redislint => %s\n", xTools, root))

	// The generator is a program of three files.
	generator := t.TempDir()
	for _, name := range []string{"generate_nogo_main.go", "flags.go", "env.go", "constants.go"} {
		write(t, filepath.Join(generator, name), read(t, filepath.Join(builders, name)))
	}
	write(t, filepath.Join(generator, "main.go"), "package main\n\nimport (\n\t\"log\"\n\t\"os\"\n)\n\nfunc main() {\n\tif err := genNogoMain(os.Args[1:]); err != nil {\n\t\tlog.Fatal(err)\n\t}\n}\n")
	write(t, filepath.Join(generator, "go.mod"), "module generator\n\ngo 1.26.0\n")
	_, config, _ := strings.Cut(read(t, "../../docs/bazel.md"), "```json\n")
	config, _, _ = strings.Cut(config, "```\n")
	if !strings.Contains(config, `"profile": "auto"`) {
		t.Fatal("docs/bazel.md sets no profile")
	}
	config = strings.ReplaceAll(config, `"profile": "auto"`, fmt.Sprintf(`"profile": %q`, profile))
	config = strings.Replace(config, `"settings": {`, fmt.Sprintf(`"program": {"analyzer_flags": {"extra": %q}}, "settings": {`, extra), 1)
	write(t, filepath.Join(generator, "nogo_config.json"), config)
	args := []string{"run", ".", "-output", filepath.Join(dir, "main.go"), "-config", "nogo_config.json"}
	for _, path := range rules(t) {
		args = append(args, "-analyzer_importpath", path)
	}
	must(t, generator, "go", args...)
	must(t, dir, "go", "mod", "tidy")
	nogo := filepath.Join(t.TempDir(), "nogo.exe")
	must(t, dir, "go", "build", "-o", nogo, ".")
	return nogo
}

// pkg is what go list says of a package.
type pkg struct {
	ImportPath, Dir, Export string
	GoFiles, Imports        []string
	ImportMap               map[string]string
	Standard, DepOnly       bool
	Module                  *struct{ Main bool }
}

// byNogo has the program check the packages of a module as Bazel does: the
// standard library not at all, other modules for their facts, and its own
// packages for findings. A package gets the facts of those that it imports.
func byNogo(t *testing.T, nogo, dir string) []string {
	t.Helper()
	var packages []pkg
	for dec := json.NewDecoder(strings.NewReader(must(t, dir, "go", "list", "-deps", "-export", "-json", "./..."))); ; {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
	work := t.TempDir()
	var importcfg strings.Builder
	for _, p := range packages {
		if p.Export != "" {
			fmt.Fprintf(&importcfg, "packagefile %s=%s\n", p.ImportPath, p.Export)
		}
	}
	cfg := filepath.Join(work, "importcfg")
	write(t, cfg, importcfg.String())
	facts := map[string]string{}
	found := map[string]bool{}
	for i, p := range packages {
		if p.Standard || len(p.GoFiles) == 0 {
			continue
		}
		facts[p.ImportPath] = filepath.Join(work, fmt.Sprint(i, ".facts"))
		args := []string{"-p", p.ImportPath, "-importcfg", cfg, "-x", facts[p.ImportPath]}
		for _, imp := range p.Imports {
			if file := facts[imp]; file != "" {
				args = append(args, "-fact", imp+"="+file)
			}
		}
		if p.DepOnly {
			args = append(args, "-facts_only")
		}
		for _, file := range p.GoFiles {
			args = append(args, filepath.Join(p.Dir, file))
		}
		r := run(t, dir, nogo, args...)
		const success, violation = 0, 3
		if r.code != success && r.code != violation {
			t.Fatalf("%s: exit status %d\n%s%s", p.ImportPath, r.code, r.stdout, r.stderr)
		}
		for line := range strings.Lines(r.stderr) {
			line = strings.TrimSuffix(line, "\n")
			if rest, ok := strings.CutPrefix(line, dir+string(filepath.Separator)); ok {
				found[filepath.ToSlash(rest)] = true
			} else if !strings.HasPrefix(line, "nogo: errors found by nogo") {
				t.Errorf("%s: what is %q?", p.ImportPath, line)
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
}

func Test(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the runner of rules_go")
	}
	var major, minor int
	version := strings.TrimSpace(must(t, ".", "go", "env", "GOVERSION"))
	if _, err := fmt.Sscanf(version, "go%d.%d", &major, &minor); err == nil && minor < 26 {
		t.Skipf("rules_go wants Go 1.26, this is %s", version)
	}
	// It sees one package at a time, and the command sees programs.
	nogo := build(t, "serverless", "")
	tool := filepath.Join(t.TempDir(), "redislint.exe")
	must(t, "../..", "go", "build", "-o", tool, "./cmd/redislint")
	t.Run("auto", func(t *testing.T) { auto(t, tool) })
	dirs, err := filepath.Glob("../vet/testdata/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range append(dirs, "../../examples") {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			dir, err := filepath.Abs(dir)
			if err != nil {
				t.Fatal(err)
			}
			got := byNogo(t, nogo, dir)
			r := run(t, dir, tool, "-profile=serverless", "-format=json", "./...")
			if r.code != 1 {
				t.Fatalf("redislint: exit status %d\n%s", r.code, r.stderr)
			}
			want := map[string]bool{}
			for dec := json.NewDecoder(strings.NewReader(r.stdout)); dec.More(); {
				var d struct {
					Rule, File, Message string
					Line, Column        int
					Suppressed          any
				}
				if err := dec.Decode(&d); err != nil {
					t.Fatal(err)
				}
				if d.Suppressed == nil {
					want[fmt.Sprintf("%s:%d:%d: %s (%s)", d.File, d.Line, d.Column, d.Message, d.Rule)] = true
				}
			}
			for _, line := range got {
				if !want[line] {
					t.Errorf("by nogo alone: %s", line)
				}
				delete(want, line)
			}
			for _, line := range slices.Sorted(maps.Keys(want)) {
				t.Errorf("by redislint alone: %s", line)
			}
			t.Logf("%d findings", len(got))
		})
	}
}

// auto compares the program with go vet by the documented configuration, where
// each package is what its own code and the rows of extra show.
func auto(t *testing.T, tool string) {
	dir, err := filepath.Abs("../vet/testdata/dayone")
	if err != nil {
		t.Fatal(err)
	}
	const rows = "entry example.com/dayone/platform.Run\nserve example.com/dayone/platform.Listen"
	got := byNogo(t, build(t, "auto", rows), dir)
	r := run(t, dir, "go", "vet", "-vettool="+tool, "-profile=auto", "-extra="+rows, "./...")
	want := map[string]bool{}
	for line := range strings.Lines(r.stderr) {
		// Related positions are indented, and of packages only the names follow "#".
		if line = strings.TrimSuffix(line, "\n"); !strings.HasPrefix(line, "#") && !strings.Contains(line, ": \t") {
			want[line] = true
		}
	}
	if len(want) < 10 {
		t.Fatalf("go vet finds %d, are those all?\n%s", len(want), r.stderr)
	}
	for _, line := range got {
		text := line[:max(0, strings.LastIndex(line, " ("))] // without the rule
		if !want[line] && !want[text] {
			t.Errorf("by nogo alone: %s", line)
		}
		if strings.HasPrefix(line, "web/") || strings.HasPrefix(line, "worker/") {
			t.Errorf("a service that shares a client: %s", line)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d findings by nogo, %d by go vet", len(got), len(want))
	}
}
