package recipes

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

// command builds the command, and makes it the first of its name in the PATH.
func (p *project) command(t *testing.T) (bin string) {
	t.Helper()
	bin = t.TempDir()
	name := filepath.Join(bin, "redislint")
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	if r := p.run(t, "../..", nil, "go", "build", "-buildvcs=false", "-o", name, "./cmd/redislint"); r.code != 0 {
		t.Fatal(r.stderr)
	}
	p.env = append(p.env, "PATH="+bin+string(filepath.ListSeparator)+os.Getenv("PATH"))
	return bin
}

// VS Code's Go extension calls a linter in the folder of the package, gives it
// no packages, and reads standard output; it takes no findings if there is
// anything on standard error.
func TestVSCode(t *testing.T) {
	p := newProject(t)
	bin := p.command(t)
	page := read(t, "../../docs/editors.md")
	var settings struct {
		LintTool       string            `json:"go.lintTool"`
		AlternateTools map[string]string `json:"go.alternateTools"`
	}
	if err := json.Unmarshal([]byte(block(t, page, "VS Code", "json")), &settings); err != nil {
		t.Fatal(err)
	}
	r := p.run(t, filepath.Join(p.dir, "new"), nil, filepath.Join(bin, settings.AlternateTools[settings.LintTool]))
	// The expression of the extension.
	line := regexp.MustCompile(`^([^:]*: )?((.:)?[^:]*):(\d+)(:(\d+)?)?:(?:\w+:)? (.*)$`)
	first, _, _ := strings.Cut(r.stdout, "\n")
	m := line.FindStringSubmatch(first)
	if r.code != 1 || r.stderr != "" || m == nil || m[2] != "new.go" || m[4] != "7" || m[6] != "9" {
		t.Errorf("exit status %d, %q\n%s%s", r.code, m, r.stdout, r.stderr)
	}
}

// :make fills the quickfix list of Neovim.
func TestNeovim(t *testing.T) {
	if _, err := exec.LookPath("nvim"); err != nil {
		t.Skip("there is no nvim")
	}
	p := newProject(t)
	p.command(t)
	settings := filepath.Join(t.TempDir(), "settings.vim")
	if err := os.WriteFile(settings, []byte(block(t, read(t, "../../docs/editors.md"), "Neovim and Vim", "vim")), 0o666); err != nil {
		t.Fatal(err)
	}
	r := p.run(t, p.dir, nil, "nvim", "--headless", "-u", "NONE", "-c", "source "+settings, "-c", "silent make",
		"-c", "lua for _, i in ipairs(vim.fn.getqflist()) do print(vim.fn.bufname(i.bufnr), i.lnum, i.col, i.text) end", "-c", "qa!")
	for _, want := range []string{"new/new.go 7 9 rdb is never closed", "old/old.go 7 9 rdb is never closed"} {
		if !strings.Contains(r.stdout+r.stderr, want) {
			t.Errorf("missing: %s\n%s%s", want, r.stdout, r.stderr)
		}
	}
}
