// Package supply holds what is delivered to what SECURITY.md says of it.
package supply

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// run runs a program in a folder and returns what it prints.
func run(t *testing.T, dir string, env []string, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s %s: %v\n%s%s", name, strings.Join(args, " "), err, out.String(), errs.String())
	}
	return out.String()
}

const root = "../.."

// The same source gives the same bytes, wherever it is.
func TestReproducible(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the command twice")
	}
	var built [][]byte
	for range 2 {
		dir := t.TempDir()
		if err := copySource(root, dir); err != nil {
			t.Fatal(err)
		}
		bin := filepath.Join(t.TempDir(), "redislint")
		run(t, dir, []string{"GOWORK=off", "CGO_ENABLED=0", "GOFLAGS=-buildvcs=false"}, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", bin, "./cmd/redislint")
		data, err := os.ReadFile(bin)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(data, []byte(dir)) {
			t.Errorf("the program names %s, where it was built", dir)
		}
		built = append(built, data)
	}
	if !bytes.Equal(built[0], built[1]) {
		t.Errorf("two builds of %d and %d bytes differ", len(built[0]), len(built[1]))
	}
}

// copySource copies the Go source of the root module.
func copySource(from, to string) error {
	return filepath.WalkDir(from, func(file string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, file)
		if err != nil {
			return err
		}
		if d.IsDir() {
			if _, err := os.Stat(filepath.Join(file, "go.mod")); rel != "." && (err == nil || strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata") {
				return filepath.SkipDir
			}
			return os.MkdirAll(filepath.Join(to, rel), 0o777)
		}
		if !d.Type().IsRegular() || strings.HasPrefix(d.Name(), "go.work") || strings.HasSuffix(d.Name(), "_test.go") {
			return nil
		}
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, rel), data, 0o666)
	})
}

// licences are the kinds that may be linked, and words that only they have.
var licences = map[string]*regexp.Regexp{
	"BSD":        regexp.MustCompile(`(?s)Redistribution and use in source and binary forms.*THIS SOFTWARE IS PROVIDED`),
	"MIT":        regexp.MustCompile(`(?s)Permission is hereby granted, free of charge.*THE SOFTWARE IS PROVIDED "AS IS"`),
	"Apache-2.0": regexp.MustCompile(`(?s)Apache License\s+Version 2\.0`),
}

// Each module that is linked into the program or the plugin has a licence of a
// known kind, and a reason in CONTRIBUTING.md.
func TestLicences(t *testing.T) {
	type module struct{ Path, Version, Dir string }
	out := run(t, root, []string{"GOWORK=off"}, "go", "list", "-deps", "-json=Module", "./cmd/redislint", "./gclplugin")
	reasons, err := os.ReadFile(filepath.Join(root, "CONTRIBUTING.md"))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for dec := json.NewDecoder(strings.NewReader(out)); ; {
		var p struct{ Module *module }
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if p.Module == nil || p.Module.Version == "" || seen[p.Module.Path] {
			continue
		}
		seen[p.Module.Path] = true
		kind := ""
		files, err := filepath.Glob(filepath.Join(p.Module.Dir, "LICEN[CS]E*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for name, words := range licences {
				if words.Match(text) {
					kind += " " + name
				}
			}
		}
		if kind == "" {
			t.Errorf("%s has no licence that is known", p.Module.Path)
		}
		if !strings.Contains(string(reasons), "`"+p.Module.Path+"`") {
			t.Errorf("CONTRIBUTING.md does not say why there is %s", p.Module.Path)
		}
		t.Logf("%s %s:%s", p.Module.Path, p.Module.Version, kind)
	}
	if len(seen) < 3 {
		t.Errorf("%d modules are linked", len(seen))
	}
}

// What is in the module cache is what go.sum says.
func TestVerify(t *testing.T) {
	if testing.Short() {
		t.Skip("reads all modules")
	}
	if out := run(t, root, []string{"GOWORK=off"}, "go", "mod", "verify"); !strings.Contains(out, "all modules verified") {
		t.Error(out)
	}
}

// actionlint reads the workflow of the documentation, and by it the action: its
// inputs are checked against action.yml. Other actions are named by commit.
func TestActionlint(t *testing.T) {
	if testing.Short() {
		t.Skip("builds actionlint")
	}
	page, err := os.ReadFile(filepath.Join(root, "docs", "ci.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(page), "\n## GitHub Actions\n")
	_, rest, _ = strings.Cut(rest, "\n```yaml\n")
	workflow, _, ok := strings.Cut(rest, "```\n")
	if !ok {
		t.Fatal("docs/ci.md has no workflow")
	}
	ours := regexp.MustCompile(`uses: redislint/redislint@\S+.*`)
	if !ours.MatchString(workflow) {
		t.Error("the workflow does not use the action")
	}
	for _, m := range regexp.MustCompile(`uses: (\S+)`).FindAllStringSubmatch(ours.ReplaceAllString(workflow, ""), -1) {
		if !regexp.MustCompile(`@[0-9a-f]{40}$`).MatchString(m[1]) {
			t.Errorf("%s is not named by commit", m[1])
		}
	}
	dir := t.TempDir()
	action, err := os.ReadFile(filepath.Join(root, "action.yml"))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"action.yml":                      string(action),
		".github/workflows/redislint.yml": ours.ReplaceAllString(workflow, "uses: ./"),
	} {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	bin := t.TempDir()
	run(t, dir, []string{"GOBIN=" + bin, "GOFLAGS=", "GOWORK=off"}, "go", "install", "github.com/rhysd/actionlint/cmd/actionlint@v1.7.7")
	run(t, dir, nil, "git", "init", "-q")
	run(t, dir, nil, filepath.Join(bin, "actionlint"), "-no-color", ".github/workflows/redislint.yml")
}
