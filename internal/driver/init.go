package driver

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"
	gomodule "golang.org/x/mod/module"

	"github.com/redislint/redislint/internal/config"
	"github.com/redislint/redislint/internal/evidence"
)

// init writes a configuration file to begin with, and prints what a workflow, a
// hook and golangci-lint need. It changes nothing that is there.
func (c *call) init() (int, error) {
	if len(c.operands) > 0 {
		return exitFailure, fmt.Errorf("init takes no packages, got %q; -C names another folder", c.operands[0])
	}
	root := config.Root(c.base)
	if _, _, err := c.load(c.packages(), []string{"work"}); err != nil {
		return exitFailure, err
	}
	for _, p := range c.programs {
		fmt.Fprintln(c.stdout, p)
	}
	if len(c.programs) == 0 {
		fmt.Fprintln(c.stdout, "no program here uses Redis: the packages are checked as a library")
	}
	fmt.Fprintln(c.stdout)
	if err := c.writeConfig(root); err != nil {
		return exitFailure, err
	}
	_, err := fmt.Fprint(c.stdout, c.snippets())
	return exitClean, err
}

// writeConfig writes the configuration file, unless there is one.
func (c *call) writeConfig(root string) error {
	there, err := config.Find(c.base)
	if err != nil {
		return err
	}
	if there != "" {
		fmt.Fprintf(c.stdout, "%s exists, and was not changed\n\n", shortPath(c.base, there))
		return nil
	}
	var b strings.Builder
	fmt.Fprintf(&b, "# yaml-language-server: $schema=%s\n\n", config.SchemaURL)
	fmt.Fprint(&b, "# auto: the code decides what kind of program a package belongs to.\n")
	for _, p := range c.programs {
		fmt.Fprintf(&b, "#   %s\n", p)
	}
	fmt.Fprint(&b, "# If your services share one client on purpose, set service.\nprofile: auto\n")
	name := filepath.Join(root, ".redislint.yml")
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s exists already", name)
	} else if err != nil {
		return err
	}
	_, err = f.WriteString(b.String())
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.stdout, "%s written\n\n", shortPath(c.base, name))
	return err
}

// snippets are what a workflow, a hook and golangci-lint need, to be pasted.
func (c *call) snippets() string {
	revision, note := pinned(version(), buildSetting("vcs.revision")), ""
	if revision == "main" {
		note = " # better: a commit"
	}
	paths := ""
	for i, p := range c.programs {
		if p.kind != evidence.Serverless {
			continue
		}
		if paths == "" {
			paths = "\n          paths:\n            serverless:"
		}
		if name := c.programs[i].name; !filepath.IsAbs(name) {
			paths += "\n              - ./" + strings.TrimPrefix(name, "./")
		}
	}
	return fmt.Sprintf(`Your first look:

  %[1]s checklist ./...
  %[1]s ./...
  %[1]s -fix -diff ./...

.github/workflows/redislint.yml, so that no change adds a leak:

  name: redislint
  on: pull_request
  permissions:
    contents: read
  jobs:
    redislint:
      runs-on: ubuntu-latest
      steps:
        - uses: actions/checkout@v4
          with:
            fetch-depth: 0
        - uses: actions/setup-go@v5
          with:
            go-version-file: go.mod
        - uses: redislint/redislint@%[2]s%[4]s
          with:
            new-from: origin/${{ github.base_ref }}

.pre-commit-config.yaml (with what is already found, see %[5]s/ci.md#pre-commit):

  repos:
    - repo: https://github.com/redislint/redislint
      rev: %[2]s
      hooks:
        - id: redislint

.golangci.yml (with a golangci-lint that has the plugin, see %[5]s/golangci.md):

  version: "2"
  linters:
    enable:
      - redislint
    settings:
      custom:
        redislint:
          type: module
          settings:
            profile: auto%[3]s
  issues:
    max-issues-per-linter: 0
    max-same-issues: 0
    uniq-by-line: false
`, c.typed(), revision, strings.ReplaceAll(paths, "\n", "\n  "), note, docs)
}

// docs is where the pages are that the output of init refers to.
const docs = "https://github.com/redislint/redislint/blob/main/docs"

// typed is what the user types to run this program: as a tool of the module it
// is in no PATH.
func (c *call) typed() string {
	dir := c.base
	data, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	for err != nil && dir != filepath.Dir(dir) {
		dir = filepath.Dir(dir)
		data, err = os.ReadFile(filepath.Join(dir, "go.mod"))
	}
	mod, err := modfile.Parse("go.mod", data, nil)
	if err != nil {
		return c.tool.Name
	}
	for _, tool := range mod.Tool {
		if path.Base(tool.Path) == c.tool.Name {
			return "go tool " + c.tool.Name
		}
	}
	return c.tool.Name
}

// pinned is the tag, the commit or the branch that a workflow names, to run what
// this program was built from. A version that the go command made of a commit is
// no name that git knows.
func pinned(version, commit string) string {
	switch {
	case version != "devel" && !gomodule.IsPseudoVersion(version) && !strings.Contains(version, "+"):
		return version
	case commit != "":
		return commit
	}
	return "main"
}
