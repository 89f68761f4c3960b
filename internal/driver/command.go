package driver

import (
	"cmp"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/tools/go/analysis"

	"github.com/redislint/redislint/internal/report"
)

// check is the command without a name: it checks packages. Files are changed
// only once: what is left after that is found in the files as they are then.
func (c *call) check() (int, error) { return c.checkPackages(c.changes.asked()) }

// checkPackages checks the packages, and changes files if it may.
func (c *call) checkPackages(mayChange bool) (int, error) {
	w, err := c.tool.newWriter(&c.out, c.base, c.stdout, c.stderr)
	if err != nil {
		return exitFailure, err
	}
	l, nodes, run, err := c.examine(w, mayChange)
	if err != nil {
		return exitFailure, err
	}
	if !mayChange {
		return w.conclude(run)
	}
	counted, _ := w.count(&run)
	changed, failed, err := c.changes.apply(w, counted, l, nodes)
	if err != nil {
		return exitFailure, err
	}
	code := exitClean
	switch {
	case c.changes.diff:
		if changed {
			code = exitFindings
		}
		w.complain(run)
		failed = failed || len(run.Errors) > 0
	case changed:
		code, err = c.checkPackages(false)
	default:
		code, err = w.conclude(run)
	}
	if failed {
		code = exitFailure
	}
	return code, err
}

// examine analyses the packages that are asked for, and returns what there is
// to tell. keep keeps the syntax of what was found.
func (c *call) examine(w *writer, keep bool) (*loader, []*node, report.Run, error) {
	patterns := c.operands
	if len(patterns) == 0 {
		patterns = []string{"."}
	}
	start := time.Now()
	line := newStatus(c.stderr)
	defer line.end()
	line.say("%s: finding packages, which takes longest the first time", c.tool.Name)
	l, nodes, err := c.load(c.packages(), patterns)
	if err != nil {
		return nil, nil, report.Run{}, err
	}
	found := time.Now()
	l.status = line
	l.keep = keep
	if err := c.keepResults(l); err != nil && c.out.verbose {
		w.say("no results are kept: %v", err)
	}
	l.run(nodes, c.covers, c.analyzers)
	nodes = append(nodes, l.withoutTests(nodes)...)
	helpers := c.leaveOutHelpers(l, nodes, patterns)
	l.keeper.trim()
	line.end()
	if c.out.verbose {
		w.say("%s in the graph, found in %s, checked in %s", report.Count(len(nodes), "package"),
			seconds(found.Sub(start)), seconds(time.Since(found)))
		l.keeper.say(w)
	}
	w.fates, w.programs, w.tests = fatesIn(nodes), c.programs, c.testsLeftOut(nodes)+helpers
	if c.out.verbose {
		w.sayFates(w.fates)
		if w.tests > 0 {
			w.say("%s not checked (-test checks them)", report.Count(w.tests, "test file"))
		}
		for _, p := range c.programs {
			w.say("%s", p)
		}
		for _, path := range c.unknownClients(nodes) {
			w.say("%s looks like a Redis client that %s does not know, so nothing is reported about it (-extra describes a library)", path, c.tool.Name)
		}
	}
	run := c.tool.collect(nodes, c.base)
	run.Errors = c.troubles(nodes)
	for _, text := range slices.Concat(c.unmatched(l, nodes, patterns), c.contradictions(w, nodes)) {
		run.Errors = append(run.Errors, c.tool.Name+": "+text)
	}
	w.silence = c.silences(w, nodes, run)
	for _, n := range nodes {
		if n.Module != nil && n.Module.Main {
			w.src.Also(n.Module.Dir)
		}
	}
	if w.changes != nil {
		if err := w.compareWith(&baseRun{c, w.changes, patterns, l, nodes, line}, &run); err != nil {
			return nil, nil, report.Run{}, err
		}
	}
	if c.sub.name != "" || len(c.named()) == 0 {
		run.Checklist = c.requirements(nodes)
	}
	return l, nodes, run, nil
}

// testsLeftOut counts the test files beside packages that use Redis, unless they
// are checked.
func (c *call) testsLeftOut(nodes []*node) int {
	if f := c.fs.Lookup(testFlag); f == nil || f.Value.String() == "true" {
		return 0
	}
	count := 0
	seen := make(map[string]bool)
	for _, n := range nodes {
		if !n.root || !n.used || len(n.GoFiles) == 0 {
			continue
		}
		dir := filepath.Dir(n.GoFiles[0])
		if seen[dir] {
			continue
		}
		seen[dir] = true
		entries, err := os.ReadDir(dir)
		if err != nil {
			continue // the package has an error of its own
		}
		for _, e := range entries {
			if isTestFile(e.Name()) {
				count++
			}
		}
	}
	return count
}

// collect lists what was found and what went wrong, paths relative to base.
func (t *Tool) collect(nodes []*node, base string) report.Run {
	var run report.Run
	asked, using := make(map[string]bool), make(map[string]bool)
	for _, n := range nodes {
		if n.root {
			path := cmp.Or(n.ForTest, n.PkgPath)
			asked[path] = true
			if n.used {
				using[path] = true
			}
		}
		for _, f := range n.found {
			f.Unit = n.unitOf(f.Pos.File)
			run.Findings = append(run.Findings, relative(f, base))
		}
	}
	run.Packages, run.Using = len(asked), len(using)
	return run
}

// findings turns what analyzers said of the package into what is reported, with
// full names of files. Those that a directive silences come after the others
// of their rule.
func (n *node) findings(fset *token.FileSet, results []result) []report.Finding {
	var list []report.Finding
	for _, r := range results {
		for i, d := range r.diagnostics {
			f := finding(fset, r.analyzer, d, r.sites[i])
			f.At = n.at(fset, "", d.Pos)
			if text := r.sites[i].fold; text != "" {
				f.Fold = &report.Fold{Group: cmp.Or(n.ForTest, n.PkgPath), Message: text}
			}
			list = append(list, f)
		}
		for _, s := range r.suppressed {
			f := finding(fset, r.analyzer, s.Diagnostic, s.site)
			f.Suppressed = &report.Suppression{Kind: report.InSource, Reason: s.reason}
			list = append(list, f)
		}
	}
	return list
}

// relative shortens the names of files.
func relative(f report.Finding, base string) report.Finding {
	short := func(p *report.Pos) { p.File = shortPath(base, p.File) }
	short(&f.Pos)
	short(&f.At)
	short(&f.Mark)
	for i := range f.Path {
		short(&f.Path[i].Pos)
		short(&f.Path[i].Mark)
	}
	for _, fix := range f.Fixes {
		for i := range fix.Edits {
			short(&fix.Edits[i].Pos)
		}
	}
	return f
}

// finding turns a diagnostic into what is reported.
func finding(fset *token.FileSet, a *analysis.Analyzer, d analysis.Diagnostic, s site) report.Finding {
	const base = "" // names of files stay as they are
	f := report.Finding{Rule: a.Name, Pos: region(fset, base, d.Pos, d.End), Message: d.Message, URL: d.URL, Func: s.fn}
	f.Mark = region(fset, base, s.caret.pos, s.caret.end)
	if whole := region(fset, base, s.mark.pos, s.mark.end); !d.End.IsValid() && whole.File == f.Pos.File {
		f.Pos.EndLine, f.Pos.EndCol = whole.EndLine, whole.EndCol
	}
	f.Origin, f.Exits = s.origin, s.exits
	if len(d.SuggestedFixes) == 0 {
		f.NoFix = s.noFix
	}
	if f.URL == "" {
		f.URL = a.URL
	}
	for i, r := range d.Related {
		if r.Pos.IsValid() {
			at, caret := s.related[i], s.carets[i]
			f.Path = append(f.Path, report.Step{Pos: region(fset, base, at.pos, at.end), Message: r.Message, Mark: region(fset, base, caret.pos, caret.end)})
		}
	}
	for _, fix := range d.SuggestedFixes {
		ff := report.Fix{Message: fix.Message}
		for _, e := range fix.TextEdits {
			end := cmp.Or(e.End, e.Pos)
			ff.Edits = append(ff.Edits, report.Edit{
				Pos:   editable(fset, base, e.Pos, end),
				Start: fset.PositionFor(e.Pos, false).Offset,
				End:   fset.PositionFor(end, false).Offset,
				New:   string(e.NewText),
			})
		}
		f.Fixes = append(f.Fixes, ff)
	}
	return f
}

// at is a position in the file that a person edits. That is the one that is
// read, unless cgo has made it: then it says which one it stands for.
func (n *node) at(fset *token.FileSet, base string, pos token.Pos) report.Pos {
	return regionFor(fset, base, pos, token.NoPos, !slices.Contains(n.GoFiles, fset.File(pos).Name()))
}

// unitOf names a file of the package for a fingerprint, see report.Finding.
// Files that were named on the command line are of a package that has no
// module, so that is looked for.
func (n *node) unitOf(file string) string {
	path, dir := "", ""
	switch {
	case n.Module != nil && n.Module.Dir != "":
		path, dir = n.Module.Path, n.Module.Dir
	case n.PkgPath == "command-line-arguments":
		path, dir = moduleOf(filepath.Dir(file))
	}
	if rel, err := filepath.Rel(dir, file); err == nil && dir != "" {
		return path + "/" + filepath.ToSlash(rel)
	}
	return n.PkgPath + "/" + filepath.Base(file)
}

// moduleOf finds the module around a folder. It returns nothing if there is
// none.
func moduleOf(dir string) (path, root string) {
	for d := dir; ; d = filepath.Dir(d) {
		if data, err := os.ReadFile(filepath.Join(d, "go.mod")); err == nil {
			for line := range strings.Lines(string(data)) {
				if fields := strings.Fields(line); len(fields) > 1 && fields[0] == "module" {
					return strings.Trim(fields[1], "\"`"), d
				}
			}
			return "", ""
		}
		if d == filepath.Dir(d) {
			return "", ""
		}
	}
}

// region is a region of source as it is reported: where //line directives say.
func region(fset *token.FileSet, base string, pos, end token.Pos) report.Pos {
	return regionFor(fset, base, pos, end, true)
}

// editable is a region of source in the file that it is read from.
func editable(fset *token.FileSet, base string, pos, end token.Pos) report.Pos {
	return regionFor(fset, base, pos, end, false)
}

func regionFor(fset *token.FileSet, base string, pos, end token.Pos, adjusted bool) report.Pos {
	start := fset.PositionFor(pos, adjusted)
	stop := start
	if end.IsValid() {
		stop = fset.PositionFor(end, adjusted)
	}
	return report.Pos{File: shortPath(base, start.Filename), Line: start.Line, Col: start.Column, EndLine: stop.Line, EndCol: stop.Column}
}

// shortPath returns the path relative to base where that is shorter, as the
// go command prints paths.
func shortPath(base, path string) string {
	if rel, err := filepath.Rel(base, path); err == nil && len(rel) < len(path) {
		return rel
	}
	return path
}
