package driver

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/redislint/redislint/internal/report"
)

// This file is about what is around the packages: modules, sums, vendored
// copies, and packages that others depend on. What is wrong there is said once,
// in a line that says what to type, and the cause before what follows from it.

// surroundings says what the go command refuses to do in one line, with what
// to type.
func (c *call) surroundings(err error) error {
	text := err.Error()
	has := func(s string) bool { return strings.Contains(text, s) }
	switch {
	case has("go.mod file not found"), has("does not contain main module"), has("does not contain modules listed in go.work"),
		has("cannot find main module"):
		return c.noModule()
	case has("inconsistent vendoring"), has("vendor/modules.txt"):
		if !isFile(filepath.Join(c.base, "vendor", "modules.txt")) && c.build.mod == "vendor" {
			return errors.New("-mod=vendor: there is no vendor folder here; run go mod vendor, or drop -mod")
		}
		return errors.New("vendor/modules.txt does not agree with go.mod; run go mod vendor, or add -mod=mod")
	}
	if m := notStd.FindStringSubmatch(text); m != nil && !strings.Contains(m[1], ".") {
		if strings.Contains(m[1], "/") || slices.Contains(subfolders(c.base), m[1]) {
			return fmt.Errorf("there is no package %q; a folder is written ./%s", m[1], m[1])
		}
		return fmt.Errorf("%q is neither a package nor a subcommand (%s -h lists those)", m[1], c.tool.Name)
	}
	return err
}

var notStd = regexp.MustCompile(`package (\S+) is not in std`)

// subfolders lists the names of the folders in a folder.
func subfolders(dir string) []string {
	list, err := filepath.Glob(filepath.Join(dir, "*", ""))
	if err != nil {
		return nil
	}
	for i, name := range list {
		list[i] = filepath.Base(name)
	}
	return list
}

// noModule is the error that the folder belongs to no module. The modules below
// it are named.
func (c *call) noModule() error {
	modules := modulesBelow(c.base)
	switch len(modules) {
	case 0:
		return errors.New("there is no go.mod in this folder or above it; go mod init makes a module, -C names the folder of another one")
	case 1:
		return fmt.Errorf("there is no module in this folder, but one in %[1]s; check it with %[2]s -C %[1]s ./...", modules[0], c.tool.Name)
	}
	const few = 5
	named, more := modules, ""
	if len(named) > few {
		named, more = named[:few], fmt.Sprintf(" and %d more", len(modules)-few)
	}
	return fmt.Errorf("there is no module in this folder, but in %s%s; check one with %s -C %s ./..., or make a workspace of them with go work init and go work use -r .",
		strings.Join(named, ", "), more, c.tool.Name, modules[0])
}

// modulesBelow lists the folders with a go.mod below a folder, as paths
// relative to it.
func modulesBelow(base string) []string {
	const depth = 6
	var found []string
	// What cannot be read has no module for us.
	_ = filepath.WalkDir(base, func(path string, d fs.DirEntry, err error) error {
		rel, relErr := filepath.Rel(base, path)
		if err != nil || relErr != nil {
			return nil
		}
		if d.IsDir() {
			name := d.Name()
			if rel != "." && (slices.Contains([]string{"vendor", "testdata", "node_modules"}, name) || name[0] == '.' || name[0] == '_' || strings.Count(rel, string(filepath.Separator)) >= depth) {
				return fs.SkipDir
			}
			return nil
		}
		if d.Name() == "go.mod" {
			found = append(found, filepath.ToSlash(filepath.Dir(rel)))
		}
		return nil
	})
	slices.Sort(found)
	return found
}

// troubles are what went wrong with packages, ready to be printed.
type troubles struct {
	tool *Tool
	base string

	bad   map[*node]bool // something is wrong with it or with what it imports
	seen  map[string]bool
	texts []string
	sums  []string // modules or packages that go.sum lacks
	after []string // packages that are not checked because of others
}

// troubles collects what went wrong with the nodes. Of what depends on a
// package that something is wrong with, only the number is told.
func (c *call) troubles(nodes []*node) []string {
	x := &troubles{tool: c.tool, base: c.base, bad: make(map[*node]bool), seen: make(map[string]bool)}
	for _, n := range nodes {
		unread := x.unread(n)
		for _, err := range n.Errors {
			if !unread {
				x.listed(c.surroundings(loadError(err)).Error())
			}
		}
	}
	for _, n := range nodes {
		switch {
		case len(n.Errors) > 0 || len(n.errs) == 0:
		case x.follows(n):
			name := cmp.Or(n.ForTest, n.PkgPath)
			if !slices.Contains(x.after, name) {
				x.after = append(x.after, name)
			}
		default:
			for _, err := range n.errs {
				x.add(err)
			}
		}
	}
	return x.all()
}

// unread notes the files of a package that cannot be read, and reports whether
// there are any: then the rest of what go list says follows from that.
func (x *troubles) unread(n *node) bool {
	some := false
	for _, err := range n.Errors {
		if m := notRead.FindStringSubmatch(err.Msg); m != nil {
			x.line(fmt.Sprintf("%s: %s cannot be read: %s", x.tool.Name, m[1], m[2]))
			some = true
		}
	}
	return some
}

var notRead = regexp.MustCompile(`^open (.+\.go): ([^:]+)$`)

// listed notes what go list says of a package.
func (x *troubles) listed(text string) {
	if strings.Contains(text, "missing go.sum entry") {
		x.sums = append(x.sums, text)
		return
	}
	if before, after, ok := strings.Cut(text, "; to add it:\n"); ok {
		text = before + ": " + strings.TrimSpace(after)
	}
	x.line(x.tool.Name + ": " + strings.ReplaceAll(strings.TrimSpace(text), "\n", " "))
}

func (x *troubles) add(err error) {
	text := err.Error()
	if source := (*sourceError)(nil); !errors.As(err, &source) {
		text = x.tool.Name + ": " + text
	}
	x.line(text)
}

func (x *troubles) line(text string) {
	text = strings.ReplaceAll(text, x.base+string(filepath.Separator), "")
	if !x.seen[text] {
		x.seen[text] = true
		x.texts = append(x.texts, text)
	}
}

// follows reports whether something is wrong with a package that n depends on.
func (x *troubles) follows(n *node) bool {
	for _, imp := range n.imports {
		if x.broken(imp) {
			return true
		}
	}
	return false
}

// broken reports whether something is wrong with a package, or with one that
// it depends on.
func (x *troubles) broken(n *node) bool {
	if bad, ok := x.bad[n]; ok {
		return bad
	}
	x.bad[n] = false
	bad := len(n.Errors) > 0 || n.Name == "" || len(n.errs) > 0 || x.follows(n)
	x.bad[n] = bad
	return bad
}

// many is how many lines of one kind are printed.
const many = 10

func (x *troubles) all() []string {
	texts := x.texts
	if len(texts) > many {
		texts = append(texts[:many:many], fmt.Sprintf("%s: %d more are not shown", x.tool.Name, len(texts)-many))
	}
	if len(x.sums) > 0 {
		texts = append([]string{fmt.Sprintf("%s: go.sum is incomplete, so that %s cannot be loaded: run go mod tidy", x.tool.Name, report.Count(len(x.sums), "package"))}, texts...)
	}
	if len(x.after) > 0 {
		few := x.after[:min(len(x.after), 3)]
		more := ""
		if n := len(x.after) - len(few); n > 0 {
			more = fmt.Sprintf(" and %d more", n)
		}
		texts = append(texts, fmt.Sprintf("%s: not checked, as %s on what is above: %s%s", x.tool.Name, dependWord(len(x.after)), strings.Join(few, ", "), more))
	}
	return texts
}

func dependWord(n int) string {
	if n == 1 {
		return "it depends"
	}
	return "they depend"
}

// withoutTests analyses those packages once more without their test files
// whose test files do not type-check, so that these hide nothing.
func (l *loader) withoutTests(nodes []*node) []*node {
	var list []*node
	for _, n := range nodes {
		if !n.root || n.ForTest == "" || n.ForTest != n.PkgPath || len(n.errs) == 0 {
			continue
		}
		plain := l.byID[n.ForTest]
		if plain == nil || plain.root {
			continue
		}
		again := &node{
			Package: plain.Package, imports: plain.imports, deps: plain.deps, overOurs: plain.overOurs,
			root: true, reaches: plain.reaches || n.reaches,
		}
		l.analyse(again)
		if len(again.errs) == 0 {
			list = append(list, again)
		}
	}
	return list
}
