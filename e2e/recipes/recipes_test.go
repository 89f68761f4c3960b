// Package recipes does what the documentation says to do: it runs the steps of
// action.yml as a runner does, the recipes of docs/ci.md, and the commands of
// the README by which redislint is installed.
package recipes

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/redislint/redislint/internal/selfproxy"
	"go.yaml.in/yaml/v3"
)

// A project is a repository with an old leak on its main branch, and a branch
// "feature" that is checked out and adds another one.
type project struct {
	dir   string
	proxy *selfproxy.Proxy
	env   []string
}

// leaky is a Go file with a function that leaks in its line 7.
func leaky(pkg, name string) string {
	return "package " + pkg + "\n\nimport \"github.com/redis/go-redis/v9\"\n\n" +
		"// " + name + " forgets to close.\nfunc " + name + "(opts *redis.Options) {\n\trdb := redis.NewClient(opts)\n\t_ = rdb\n}\n"
}

func newProject(t *testing.T) *project {
	t.Helper()
	if testing.Short() {
		t.Skip("installs redislint")
	}
	p := &project{dir: t.TempDir()}
	var err error
	if p.proxy, err = selfproxy.New(t.TempDir(), "../.."); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.proxy.Forget(); err != nil {
			t.Error(err)
		}
	})
	p.env = append(p.proxy.Env(),
		"GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1",
		"GIT_AUTHOR_NAME=x", "GIT_AUTHOR_EMAIL=x@example.com", "GIT_COMMITTER_NAME=x", "GIT_COMMITTER_EMAIL=x@example.com")
	if err := os.CopyFS(filepath.Join(p.dir, "third_party", "go-redis"), os.DirFS("../../testdata/src/github.com/redis/go-redis/v9")); err != nil {
		t.Fatal(err)
	}
	p.write(t, "third_party/go-redis/go.mod", "module github.com/redis/go-redis/v9\n\ngo 1.25\n")
	p.write(t, "go.mod", "module example.com/app\n\ngo 1.25.0\n\nrequire github.com/redis/go-redis/v9 v9.0.0\n\nreplace github.com/redis/go-redis/v9 => ./third_party/go-redis\n")
	p.write(t, "old/old.go", leaky("old", "Old"))
	p.git(t, "init", "-q", "-b", "main")
	p.git(t, "add", "-A")
	p.git(t, "commit", "-q", "-m", "Leak")
	p.git(t, "checkout", "-q", "-b", "feature")
	p.write(t, "new/new.go", leaky("new", "New"))
	p.git(t, "add", "-A")
	p.git(t, "commit", "-q", "-m", "Leak again")
	return p
}

func (p *project) write(t *testing.T, name, text string) {
	t.Helper()
	file := filepath.Join(p.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

func (p *project) git(t *testing.T, args ...string) {
	t.Helper()
	if r := p.run(t, p.dir, nil, "git", args...); r.code != 0 {
		t.Fatalf("git %v: %s%s", args, r.stdout, r.stderr)
	}
}

type result struct {
	stdout, stderr string
	code           int
}

func (p *project) run(t *testing.T, dir string, env []string, name string, args ...string) result {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(append(os.Environ(), p.env...), env...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return result{out.String(), errs.String(), cmd.ProcessState.ExitCode()}
}

// shell runs a script as GitHub runs "shell: bash".
func (p *project) shell(t *testing.T, dir, script string, env ...string) result {
	t.Helper()
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("there is no bash")
	}
	file := filepath.Join(t.TempDir(), "step.sh")
	if err := os.WriteFile(file, []byte(script), 0o666); err != nil {
		t.Fatal(err)
	}
	return p.run(t, dir, env, "bash", "--noprofile", "--norc", "-e", "-o", "pipefail", file)
}

// An action is what we use of an action.yml.
type action struct {
	Inputs map[string]struct {
		Description string
		Default     string
	}
	Runs struct {
		Using string
		Steps []struct {
			Name, Shell, Run, Uses string
			Dir                    string `yaml:"working-directory"`
			Env                    map[string]string
		}
	}
}

func readAction(t *testing.T) action {
	t.Helper()
	var a action
	data, err := os.ReadFile("../../action.yml")
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(data, &a); err != nil {
		t.Fatal(err)
	}
	return a
}

var expression = regexp.MustCompile(`\$\{\{ *([a-z_.-]+) *\}\}`)

// act runs the steps of the action until one fails, and returns the last one's
// result and the summary.
func (p *project) act(t *testing.T, a action, with map[string]string) (result, string) {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	temp := t.TempDir()
	summary := filepath.Join(temp, "summary.md")
	values := map[string]string{"github.action_path": root, "runner.temp": temp}
	for name, input := range a.Inputs {
		values["inputs."+name] = input.Default
	}
	for name, value := range with {
		if _, ok := a.Inputs[name]; !ok {
			t.Fatalf("there is no input %s", name)
		}
		values["inputs."+name] = value
	}
	expand := func(text string) string {
		return expression.ReplaceAllStringFunc(text, func(x string) string {
			value, ok := values[expression.FindStringSubmatch(x)[1]]
			if !ok {
				t.Errorf("what is %s?", x)
			}
			return value
		})
	}
	var last result
	for _, step := range a.Runs.Steps {
		env := []string{"GITHUB_ACTIONS=true", "CI=true", "GITHUB_STEP_SUMMARY=" + summary, "GITHUB_WORKSPACE=" + p.dir}
		for name, value := range step.Env {
			env = append(env, name+"="+expand(value))
		}
		dir := filepath.Join(p.dir, filepath.FromSlash(expand(step.Dir)))
		if last = p.shell(t, dir, step.Run, env...); last.code != 0 {
			break
		}
	}
	data, err := os.ReadFile(summary)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return last, string(data)
}

// No expression stands in a script, where what a stranger writes into the name
// of a branch would be run; and each input has its line in the documentation.
func TestActionForm(t *testing.T) {
	a := readAction(t)
	if a.Runs.Using != "composite" || len(a.Runs.Steps) == 0 {
		t.Errorf("it runs %d steps, %s", len(a.Runs.Steps), a.Runs.Using)
	}
	used := ""
	for _, step := range a.Runs.Steps {
		if step.Uses != "" || step.Shell != "bash" || strings.Contains(step.Run, "${{") {
			t.Errorf("step %s is no plain script", step.Name)
		}
		used += step.Dir
		for _, value := range step.Env {
			used += value
		}
	}
	page := read(t, "../../docs/ci.md")
	for name, input := range a.Inputs {
		if input.Description == "" || !strings.Contains(used, "${{ inputs."+name+" }}") {
			t.Errorf("input %s has no meaning", name)
		}
		if !strings.Contains(page, "| `"+name+"` |") {
			t.Errorf("docs/ci.md does not describe the input %s", name)
		}
	}
}

// The action is red for the leak of the branch, and silent about the old one.
func TestAction(t *testing.T) {
	p, a := newProject(t), readAction(t)
	const oldLeak, newLeak = "::error file=old/old.go,line=7,", "::error file=new/new.go,line=7,"

	r, summary := p.act(t, a, map[string]string{"new-from": "main", "sarif-file": "out.sarif"})
	if r.code != 1 || !strings.Contains(r.stdout, newLeak) || strings.Contains(r.stdout, "old.go") {
		t.Errorf("exit status %d, want 1 and the new leak alone\n%s%s", r.code, r.stdout, r.stderr)
	}
	if !strings.Contains(summary, "new.go") || strings.Contains(summary, "old.go") {
		t.Errorf("the summary is %q", summary)
	}
	if files := sarif(t, filepath.Join(p.dir, "out.sarif")); strings.Join(files, " ") != "new/new.go" {
		t.Errorf("the SARIF file has %v", files)
	}

	// All of it, without new-from.
	r, _ = p.act(t, a, nil)
	if r.code != 1 || !strings.Contains(r.stdout, newLeak) || !strings.Contains(r.stdout, oldLeak) {
		t.Errorf("exit status %d, want 1 and both leaks\n%s%s", r.code, r.stdout, r.stderr)
	}
	// Packages, flags, and a folder.
	r, _ = p.act(t, a, map[string]string{"packages": "./old ./third_party/none/...", "args": "-undeferred=false '-extra=borrow example.com/x.F'"})
	if r.code == 0 || strings.Contains(r.stdout, newLeak) {
		t.Errorf("exit status %d\n%s%s", r.code, r.stdout, r.stderr)
	}
	r, _ = p.act(t, a, map[string]string{"packages": ".", "working-directory": "old", "args": "-undeferred=false '-extra=borrow example.com/x.F'"})
	if r.code != 1 || !strings.Contains(r.stdout, oldLeak) || strings.Contains(r.stdout, newLeak) {
		t.Errorf("exit status %d, want 1 and the old leak\n%s%s", r.code, r.stdout, r.stderr)
	}
	r, _ = p.act(t, a, map[string]string{"args": "-directive"})
	if r.code != 0 || strings.Contains(r.stdout, "::error") {
		t.Errorf("exit status %d, want 0\n%s%s", r.code, r.stdout, r.stderr)
	}
	// A release by name.
	r, _ = p.act(t, a, map[string]string{"version": "latest", "new-from": "main"})
	if r.code != 1 || !strings.Contains(r.stdout, newLeak) {
		t.Errorf("exit status %d, want 1 and the new leak\n%s%s", r.code, r.stdout, r.stderr)
	}
	if r, _ = p.act(t, a, map[string]string{"version": "v99.0.0"}); r.code == 0 {
		t.Error("there is no such release")
	}

	// What is wrong is never green, and what a stranger writes is never run.
	for _, with := range []map[string]string{
		{"new-from": "nowhere"},
		{"args": "'"},
		{"packages": `"`},
		{"args": "-nope"},
		{"new-from": "$(touch pwned)"},
		{"new-from": "`touch pwned`"},
		{"args": "$(touch pwned) ; touch pwned"},
		{"packages": "./... ; touch pwned"},
		{"sarif-file": "no/such/$(touch pwned)"},
	} {
		r, _ := p.act(t, a, with)
		if r.code != 2 {
			t.Errorf("%v: exit status %d, want 2\n%s%s", with, r.code, r.stdout, r.stderr)
		}
		if _, err := os.Stat(filepath.Join(p.dir, "pwned")); err == nil {
			t.Fatalf("%v was run", with)
		}
	}

	// The leak is gone, the branch is green.
	p.write(t, "new/new.go", "package new\n")
	p.git(t, "commit", "-q", "-a", "-m", "Repair")
	r, summary = p.act(t, a, map[string]string{"new-from": "main", "sarif-file": "out.sarif"})
	if r.code != 0 || strings.Contains(r.stdout, "::error") {
		t.Errorf("exit status %d, want 0\n%s%s", r.code, r.stdout, r.stderr)
	}
	if files := sarif(t, filepath.Join(p.dir, "out.sarif")); len(files) > 0 {
		t.Errorf("the SARIF file has %v", files)
	}
	t.Logf("the summary when nothing is found: %q", summary)
}

// sarif lists the files of the results.
func sarif(t *testing.T, file string) []string {
	t.Helper()
	var log struct {
		Runs []struct {
			Results []struct {
				Locations []struct {
					PhysicalLocation struct{ ArtifactLocation struct{ URI string } }
				}
			}
		}
	}
	if err := json.Unmarshal([]byte(read(t, file)), &log); err != nil || len(log.Runs) != 1 {
		t.Fatalf("%s: %d runs, %v", file, len(log.Runs), err)
	}
	var files []string
	for _, r := range log.Runs[0].Results {
		files = append(files, r.Locations[0].PhysicalLocation.ArtifactLocation.URI)
	}
	return slices.Compact(files)
}

func read(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// block returns the block of code in a language below a heading of a page.
func block(t *testing.T, page, heading, language string) string {
	t.Helper()
	_, rest, ok := strings.Cut(page, "\n## "+heading+"\n")
	_, rest, found := strings.Cut(rest, "\n```"+language+"\n")
	code, _, end := strings.Cut(rest, "```\n")
	if !ok || !found || !end {
		t.Fatalf("no %s below %q", language, heading)
	}
	return code
}

// tool adds redislint to the project as the README says.
func (p *project) tool(t *testing.T) {
	t.Helper()
	const get = "go get -tool github.com/redislint/redislint/cmd/redislint@main"
	if !strings.Contains(read(t, "../../README.md"), get) {
		t.Fatalf("the README does not say %q", get)
	}
	if r := p.shell(t, p.dir, get); r.code != 0 {
		t.Fatalf("%s: %s", get, r.stderr)
	}
	p.git(t, "add", "-A")
	p.git(t, "commit", "-q", "-m", "Add a tool")
}

// The recipes of docs/ci.md are red for the new leak alone.
func TestRecipes(t *testing.T) {
	p := newProject(t)
	p.tool(t)
	page := read(t, "../../docs/ci.md")
	// A machine of a CI has a clone.
	origin := p.dir
	p.dir = filepath.Join(t.TempDir(), "clone")
	p.run(t, origin, nil, "git", "clone", "-q", origin, p.dir)

	var gitlab map[string]struct {
		Script    []string
		Variables map[string]string
	}
	if err := yaml.Unmarshal([]byte(block(t, page, "GitLab CI", "yaml")), &gitlab); err != nil {
		t.Fatal(err)
	}
	base := strings.TrimSpace(p.run(t, p.dir, nil, "git", "merge-base", "origin/main", "HEAD").stdout)
	for name, script := range map[string]string{
		"GitLab CI": strings.Join(gitlab["redislint"].Script, "\n"),
		"shell":     block(t, page, "Any other CI", "sh"),
	} {
		r := p.shell(t, p.dir, script, "CI_MERGE_REQUEST_DIFF_BASE_SHA="+base)
		if name == "GitLab CI" {
			p.codeQuality(t, r)
			continue
		}
		if r.code != 1 || !strings.Contains(r.stdout, "new/new.go:7:9: ") || strings.Contains(r.stdout, "old.go") {
			t.Errorf("%s: exit status %d, want 1 and the new leak alone\n%s%s", name, r.code, r.stdout, r.stderr)
		}
		file := filepath.Join(p.dir, "redislint.sarif")
		if files := sarif(t, file); strings.Join(files, " ") != "new/new.go" {
			t.Errorf("%s: the SARIF file has %v", name, files)
		}
		if err := os.Remove(file); err != nil {
			t.Error(err)
		}
	}

	// The workflow names inputs that there are.
	var workflow struct {
		Jobs map[string]struct {
			Steps []struct {
				Uses string
				With map[string]string
			}
		}
	}
	if err := yaml.Unmarshal([]byte(block(t, page, "GitHub Actions", "yaml")), &workflow); err != nil {
		t.Fatal(err)
	}
	a, called := readAction(t), false
	for _, step := range workflow.Jobs["redislint"].Steps {
		if strings.HasPrefix(step.Uses, "redislint/redislint@") {
			called = true
			for name := range step.With {
				if _, ok := a.Inputs[name]; !ok {
					t.Errorf("docs/ci.md gives the action an input %s that it does not have", name)
				}
			}
		}
	}
	if !called {
		t.Error("docs/ci.md does not call the action")
	}
}

// codeQuality reads the report that the recipe of GitLab writes, as GitLab
// does: what it needs must be there, and each fingerprint once.
func (p *project) codeQuality(t *testing.T, r result) {
	t.Helper()
	var issues []struct {
		Description string
		CheckName   string `json:"check_name"`
		Fingerprint string
		Severity    string
		Location    struct {
			Path  string
			Lines struct{ Begin int }
		}
	}
	if err := json.Unmarshal([]byte(read(t, filepath.Join(p.dir, "gl-code-quality-report.json"))), &issues); err != nil {
		t.Error(err)
	}
	seen := map[string]bool{}
	for _, x := range issues {
		severities := []string{"info", "minor", "major", "critical", "blocker"}
		if x.Description == "" || x.CheckName == "" || x.Fingerprint == "" || seen[x.Fingerprint] || !slices.Contains(severities, x.Severity) ||
			x.Location.Path != "new/new.go" || x.Location.Lines.Begin != 7 {
			t.Errorf("GitLab shows %+v", x)
		}
		seen[x.Fingerprint] = true
	}
	if r.code != 1 || len(issues) == 0 {
		t.Errorf("GitLab CI: exit status %d, want 1, with %d issues\n%s", r.code, len(issues), r.stderr)
	}
}

// The ways of the README to have redislint: each finds both leaks.
func TestInstall(t *testing.T) {
	p := newProject(t)
	readme := read(t, "../../README.md")
	p.tool(t)
	bin := t.TempDir()
	for _, command := range []string{
		"go tool redislint ./...",
		`go vet -vettool="$(go tool -n redislint)" ./...`,
		"go install github.com/redislint/redislint/cmd/redislint@main",
		"redislint ./...",
	} {
		if !strings.Contains(readme, "`"+command+"`") {
			t.Errorf("the README does not say %s", command)
		}
		r := p.shell(t, p.dir, command, "GOBIN="+bin, "PATH="+bin+string(filepath.ListSeparator)+os.Getenv("PATH"))
		if strings.HasPrefix(command, "go install") {
			if r.code != 0 {
				t.Errorf("%s: exit status %d\n%s", command, r.code, r.stderr)
			}
			continue
		}
		text := r.stdout + r.stderr
		if r.code != 1 || !strings.Contains(text, "new/new.go:7:9: ") || !strings.Contains(text, "old/old.go:7:9: ") {
			t.Errorf("%s: exit status %d, want 1 and both leaks\n%s", command, r.code, text)
		}
	}
}

// The hook of .pre-commit-hooks.yaml, run by pre-commit.
func TestPreCommit(t *testing.T) {
	if _, err := exec.LookPath("pre-commit"); err != nil {
		t.Skip("there is no pre-commit")
	}
	p := newProject(t)
	// A repository of redislint to name in the configuration.
	repo := &project{dir: t.TempDir(), env: p.env}
	if err := copySource("../..", repo.dir); err != nil {
		t.Fatal(err)
	}
	repo.git(t, "init", "-q", "-b", "main")
	repo.git(t, "add", "-A", "-f")
	repo.git(t, "commit", "-q", "-m", "Release")

	config := block(t, read(t, "../../docs/ci.md"), "pre-commit", "yaml")
	p.write(t, ".pre-commit-config.yaml", strings.Replace(config, "https://github.com/redislint/redislint", repo.dir, 1))
	// It gets its modules from the user's cache, and has a folder of its own.
	cache := strings.TrimSpace(p.run(t, p.dir, nil, "go", "env", "GOMODCACHE").stdout)
	env := []string{
		"PRE_COMMIT_HOME=" + t.TempDir(), "GOMODCACHE=" + cache, "GOFLAGS=-buildvcs=false",
		// The files of this test are the user's own.
		"GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=safe.directory", "GIT_CONFIG_VALUE_0=*",
	}
	p.git(t, "add", ".pre-commit-config.yaml")
	p.write(t, "new/new.go", leaky("new", "Newer"))
	p.git(t, "add", "-A")
	r := p.run(t, p.dir, env, "pre-commit", "run")
	if r.code != 1 || !strings.Contains(r.stdout, "new/new.go:7:9: rdb is never closed") {
		t.Errorf("exit status %d, want 1 and the leak\n%s%s", r.code, r.stdout, r.stderr)
	}
	// In an old code base, what a baseline or the main branch has is not reported.
	page := read(t, "../../docs/ci.md")
	redislint := filepath.Join(p.command(t), "redislint")
	_, write, _ := strings.Cut(page, "```\nredislint -write-baseline=")
	write, _, _ = strings.Cut("-write-baseline="+write, "\n")
	p.git(t, "stash", "-q")
	if r := p.run(t, p.dir, nil, redislint, strings.Fields(write)...); r.code != 0 {
		t.Fatalf("redislint %s: %s", write, r.stderr)
	}
	p.git(t, "stash", "pop", "-q")
	for _, from := range []string{"args: [-baseline=.redislint-baseline, ./...]", "args: [-new-from=origin/main, ./...]"} {
		if !strings.Contains(page, from) {
			t.Errorf("docs/ci.md does not say %q", from)
		}
		p.write(t, ".pre-commit-config.yaml", strings.Replace(config, "https://github.com/redislint/redislint", repo.dir, 1)+
			"        "+strings.Replace(from, "origin/main", "main", 1)+"\n")
		p.git(t, "add", "-A")
		r := p.run(t, p.dir, env, "pre-commit", "run")
		if r.code != 1 || !strings.Contains(r.stdout, "new/new.go:7:9: rdb is never closed") || strings.Contains(r.stdout, "old/old.go:") {
			t.Errorf("%s: exit status %d, want 1 and the new leak alone\n%s%s", from, r.code, r.stdout, r.stderr)
		}
	}
	// Without a Go file in the commit there is nothing to do.
	p.git(t, "commit", "-q", "-m", "Commit")
	p.write(t, "README", "text\n")
	p.git(t, "add", "-A")
	if r := p.run(t, p.dir, env, "pre-commit", "run"); r.code != 0 || !strings.Contains(r.stdout, "Skipped") {
		t.Errorf("exit status %d\n%s%s", r.code, r.stdout, r.stderr)
	}
}

// copySource copies the files of the root module.
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
			_, nested := os.Stat(filepath.Join(file, "go.mod"))
			if rel != "." && (d.Name() == ".git" || nested == nil) {
				return filepath.SkipDir
			}
			return os.MkdirAll(filepath.Join(to, rel), 0o777)
		}
		if !d.Type().IsRegular() || d.Name() == ".git" || d.Name() == "go.work" || d.Name() == "go.work.sum" {
			return nil
		}
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, rel), data, 0o666)
	})
}
