package driver

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

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

.pre-commit-config.yaml:

  repos:
    - repo: https://github.com/redislint/redislint
      rev: %[2]s
      hooks:
        - id: redislint

.golangci.yml, with the plugin built in (docs/golangci.md):

  linters:
    enable:
      - redislint
    settings:
      custom:
        redislint:
          type: module
          settings:
            profile: auto%[3]s
`, c.tool.Name, revision, strings.ReplaceAll(paths, "\n", "\n  "), note)
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
