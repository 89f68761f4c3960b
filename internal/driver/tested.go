package driver

import (
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/packages"
)

// leaveOutHelpers forgets what was found in packages that only tests import,
// unless tests are checked, and returns the number of their files. A package
// that others may import from elsewhere is none of them: it is below internal,
// or imports package testing.
func (c *call) leaveOutHelpers(l *loader, nodes []*node, patterns []string) int {
	if f := c.fs.Lookup(testFlag); f == nil || f.Value.String() == "true" {
		return 0
	}
	var helpers *helpers
	files := 0
	for _, n := range nodes {
		if !n.root || len(n.found) == 0 || n.Name == "main" || !isInternal(n.PkgPath) && !importsTesting(n) {
			continue
		}
		if helpers == nil {
			helpers = newHelpers(c.workspace(l, nodes, patterns))
		}
		if helpers.has(n.PkgPath) || importsTesting(n) && helpers.forOwn(n.PkgPath) {
			n.found = nil
			files += len(n.GoFiles)
		}
	}
	return files
}

func isInternal(path string) bool { return slices.Contains(strings.Split(path, "/"), "internal") }

func importsTesting(n *node) bool { return n.imports["testing"] != nil }

// helpers tells which packages of a workspace only tests import.
type helpers struct {
	importers map[string][]string // the packages that import one, without tests
	tested    map[string]bool     // a test of another package imports it
	own       map[string]bool     // it has tests of its own
	known     map[string]bool
}

// workspace lists the packages of the workspace, without tests. These are the
// nodes if all of them were asked for. If they cannot be listed, there are none.
func (c *call) workspace(l *loader, nodes []*node, patterns []string) []*packages.Package {
	if c.wholeWorkspace(patterns) {
		var list []*packages.Package
		for _, n := range nodes {
			if n.Module != nil && n.Module.Main && n.ForTest == "" && !isTestMain(n.Package) {
				list = append(list, n.Package)
			}
		}
		return list
	}
	config := l.config
	config.Mode, config.Tests = packages.NeedName|packages.NeedFiles, false
	list, err := packages.Load(&config, "work")
	if err != nil {
		return nil
	}
	return list
}

// newHelpers reads the imports of all packages of a workspace.
func newHelpers(list []*packages.Package) *helpers {
	h := &helpers{importers: make(map[string][]string), tested: make(map[string]bool), own: make(map[string]bool), known: make(map[string]bool)}
	fset := token.NewFileSet()
	for _, p := range list {
		for _, name := range slices.Concat(p.GoFiles, p.IgnoredFiles) {
			for _, path := range importPaths(fset, name) {
				if isTestFile(name) {
					h.tested[path] = h.tested[path] || path != p.PkgPath
				} else {
					h.importers[path] = append(h.importers[path], p.PkgPath)
				}
			}
		}
		entries, err := os.ReadDir(p.Dir)
		if err != nil {
			continue
		}
		for _, e := range entries {
			if !isTestFile(e.Name()) {
				continue
			}
			h.own[p.PkgPath] = true
			for _, path := range importPaths(fset, filepath.Join(p.Dir, e.Name())) {
				h.tested[path] = h.tested[path] || path != p.PkgPath
			}
		}
	}
	return h
}

// importPaths lists what a file imports, as far as it can be read.
func importPaths(fset *token.FileSet, name string) []string {
	f, _ := parser.ParseFile(fset, name, nil, parser.ImportsOnly)
	if f == nil {
		return nil
	}
	var list []string
	for _, spec := range f.Imports {
		if path, err := strconv.Unquote(spec.Path.Value); err == nil {
			list = append(list, path)
		}
	}
	return list
}

// forOwn reports whether a package has tests of its own, and nobody imports it.
func (h *helpers) forOwn(path string) bool {
	return h.own[path] && len(h.importers[path]) == 0
}

// has reports whether tests import a package, and nothing else does but
// packages of which the same is true.
func (h *helpers) has(path string) bool {
	if is, ok := h.known[path]; ok {
		return is
	}
	h.known[path] = false
	is := h.tested[path] || len(h.importers[path]) > 0
	for _, by := range h.importers[path] {
		is = is && h.has(by)
	}
	h.known[path] = is
	return is
}
