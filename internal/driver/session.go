package driver

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"io"
	"slices"

	"github.com/redislint/redislint/internal/report"
)

// A Session is a program that was analysed, and can be analysed again with
// other text in some of its files. Again costs what the packages cost that see
// a difference; nothing is listed, and no other package is read twice. It is
// for measuring the rules, and not for use by several goroutines.
type Session struct {
	call   *call
	loader *loader
	nodes  []*node // each after those that it imports
	reset  func() error
}

// A Package is one of the packages that a session was asked about, with its
// tests, if Redis can be at hand in it.
type Package struct {
	ID    string // as the go command names it: "p [p.test]"
	Types *types.Package
	Info  *types.Info
	Files []*ast.File
}

// Open analyses packages. args are flags and patterns as the command takes
// them. Flags belong to the analyzers, so there is one session at a time: Close
// sets them to what they were. What could not be analysed is no error, see
// Troubles.
func (t *Tool) Open(args ...string) (s *Session, err error) {
	reset := t.saveFlags()
	defer func() {
		if err != nil {
			err = errors.Join(err, reset())
		}
	}()
	c := &call{tool: t, stdout: io.Discard, stderr: io.Discard}
	c.sub, _ = t.subcommand("")
	c.fs = flag.NewFlagSet(t.Name, flag.ContinueOnError)
	c.fs.SetOutput(io.Discard)
	c.on = t.addFlags(c.fs)
	c.settings.addFlags(c.fs)
	c.build.addFlags(c.fs)
	c.out.addFlags(c.fs)
	c.changes.addFlags(c.fs)
	if err := c.parse(args); err != nil {
		return nil, c.wrongFlag(err)
	}
	if err := c.settle(); err != nil {
		return nil, err
	}
	if len(c.operands) == 0 {
		c.operands = []string{"."}
	}
	l, nodes, err := c.load(c.packages(), c.operands)
	if err != nil {
		return nil, err
	}
	l.keep = true
	l.run(nodes, c.covers, c.analyzers)
	s = &Session{call: c, loader: l, reset: reset}
	seen := make(map[*node]bool)
	var visit func(n *node)
	visit = func(n *node) {
		if !seen[n] {
			seen[n] = true
			for _, imp := range n.sortedImports() {
				visit(imp)
			}
			s.nodes = append(s.nodes, n)
		}
	}
	for _, n := range nodes {
		visit(n)
	}
	return s, nil
}

// Close ends the session.
func (s *Session) Close() error { return s.reset() }

// Troubles are what could not be analysed, a line each.
func (s *Session) Troubles() []string { return s.call.troubles(s.nodes) }

// Fset is what the positions of the session's syntax refer to.
func (s *Session) Fset() *token.FileSet { return s.loader.fset }

// Packages returns the packages that were asked about and analysed, in the
// order of the import graph.
func (s *Session) Packages() []Package {
	var list []Package
	for _, n := range s.nodes {
		if n.root && n.unit != nil && len(n.errs) == 0 {
			list = append(list, Package{n.ID, n.unit.pkg, n.unit.info, n.unit.files})
		}
	}
	return list
}

// Findings returns what was found, in the order in which the command lists it.
// Names of files are full.
func (s *Session) Findings() []report.Finding { return foundIn(s.nodes) }

func foundIn(nodes []*node) []report.Finding {
	var list []report.Finding
	for _, n := range nodes {
		list = append(list, n.found...)
	}
	return report.Sort(list)
}

// With returns what is found if the named files have that text. Declarations
// outside of functions must stay what they are, but for new ones. It is an error
// if a package does not compile with it. What the session holds stays as it is.
func (s *Session) With(text map[string][]byte) ([]report.Finding, error) {
	l := &loader{
		tool: s.loader.tool, analyzers: s.loader.analyzers, covers: s.loader.covers, config: s.loader.config,
		patterns: s.loader.patterns, fset: s.loader.fset, sizes: s.loader.sizes, cpu: s.loader.cpu,
		target: s.loader.target, byID: s.loader.byID, text: text,
	}
	first := l.fset.Base()
	defer func() {
		var files []*token.File
		l.fset.Iterate(func(f *token.File) bool {
			if f.Base() >= first {
				files = append(files, f)
			}
			return true
		})
		for _, f := range files {
			l.fset.RemoveFile(f)
		}
	}()
	differs := make(map[*node]*node) // those of which importers see a difference
	now := slices.Clone(s.nodes)
	read := false
	for i, n := range s.nodes {
		mine := slices.ContainsFunc(n.GoFiles, func(name string) bool { return text[name] != nil })
		read = read || mine
		if !mine && !slices.ContainsFunc(n.sortedImports(), func(imp *node) bool { return differs[imp] != nil }) {
			continue
		}
		again := &node{Package: n.Package, imports: make(map[string]*node, len(n.imports)), root: n.root, reaches: n.reaches, overOurs: n.overOurs, awaited: n.awaited}
		for path, imp := range n.imports {
			if d := differs[imp]; d != nil {
				imp = d
			}
			again.imports[path] = imp
		}
		for _, d := range n.deps {
			again.deps = append(again.deps, dependency{d.path, again.imports[d.path]})
		}
		if !n.used {
			differs[n] = again // its declarations may mention those of another
			continue
		}
		l.analyse(again)
		if len(again.errs) > 0 {
			// The positions in it are of files that are no more when this returns.
			return nil, errors.New(errors.Join(again.errs...).Error())
		}
		now[i] = again
		if !bytes.Equal(again.outcome.facts, n.outcome.facts) {
			differs[n] = again
		}
	}
	if !read {
		return nil, fmt.Errorf("no package of the session has such a file")
	}
	return foundIn(now), nil
}
