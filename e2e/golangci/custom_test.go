package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/redislint/redislint/internal/selfproxy"
)

// What the documentation says to do works: "golangci-lint custom" builds
// golangci-lint with redislint from the documented .custom-gcl.yml. It clones
// golangci-lint's repository, for which a copy from the module cache stands
// here, and gets the latest redislint, which a proxy of our own serves.
func TestCustom(t *testing.T) {
	if testing.Short() {
		t.Skip("builds golangci-lint a second time")
	}
	x := built
	const upstream = "github.com/golangci/golangci-lint/v2"
	version := strings.TrimSpace(x.run(t, ".", "go", "list", "-m", "-f={{.Version}}", upstream).stdout)
	source := strings.TrimSpace(x.run(t, ".", "go", "list", "-m", "-f={{.Dir}}", upstream).stdout)

	repo := t.TempDir()
	if err := os.CopyFS(repo, os.DirFS(source)); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"init", "-q"}, {"add", "-A", "-f"},
		{"-c", "user.name=x", "-c", "user.email=x@example.com", "commit", "-q", "-m", version}, {"tag", version},
	} {
		if r := x.run(t, repo, "git", args...); r.code != 0 {
			t.Fatalf("git %v: %s", args, r.stderr)
		}
	}
	proxy, err := selfproxy.New(t.TempDir(), "../..")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := proxy.Forget(); err != nil {
			t.Error(err)
		}
	})

	project := examples(t)
	for _, name := range []string{".custom-gcl.yml", ".golangci.yml"} {
		data := read(t, filepath.Join("../../docs/golangci", name))
		if err := os.WriteFile(filepath.Join(project, name), data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(x.golangci, "custom", "-v")
	cmd.Dir = project
	cmd.Env = append(append(os.Environ(), proxy.Env()...),
		"GIT_CONFIG_COUNT=1",
		"GIT_CONFIG_KEY_0=url.file://"+filepath.ToSlash(repo)+".insteadOf",
		"GIT_CONFIG_VALUE_0=https://github.com/golangci/golangci-lint.git")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("golangci-lint custom: %v\n%s", err, out)
	}
	custom := filepath.Join(project, "custom-gcl")
	if runtime.GOOS == "windows" {
		custom += ".exe"
	}
	// As the documentation calls it: the configuration is found, and the usual
	// linters run as well.
	r := x.run(t, project, custom, "run", "--allow-parallel-runners", "./...")
	if r.code != 1 {
		t.Errorf("exit status %d\n%s%s", r.code, r.stdout, r.stderr)
	}
	want, _ := x.byCommand(t, project)
	for f := range want {
		if line := f.place + ": " + f.rule + ": " + f.message + " (redislint)\n"; !strings.Contains(r.stdout, line) {
			t.Errorf("missing: %s", line)
		}
	}
	if n := strings.Count(r.stdout, " (redislint)\n"); n != len(want) {
		t.Errorf("%d findings, want %d\n%s", n, len(want), r.stdout)
	}
}

// The page shows the files that are tested.
func TestPage(t *testing.T) {
	page := string(read(t, "../../docs/golangci.md"))
	for _, name := range []string{".custom-gcl.yml", ".golangci.yml"} {
		file := string(read(t, filepath.Join("../../docs/golangci", name)))
		if !strings.Contains(page, "```yaml\n"+file+"```\n") {
			t.Errorf("docs/golangci.md does not show %s as it is", name)
		}
	}
	// The version that is documented is the one that is tested.
	mod, custom := string(read(t, "go.mod")), string(read(t, "../../docs/golangci/.custom-gcl.yml"))
	_, rest, _ := strings.Cut(custom, "version: ")
	version, _, _ := strings.Cut(rest, "\n")
	if !strings.Contains(mod, "github.com/golangci/golangci-lint/v2 "+version+"\n") {
		t.Errorf(".custom-gcl.yml names %s, go.mod another version", version)
	}
}
