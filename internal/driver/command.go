package driver

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"go/token"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/packages"

	"github.com/redislint/redislint/internal/report"
)

// command is the tool as a person calls it.
func (t *Tool) command(args []string, stdout, stderr io.Writer) (int, error) {
	return t.check(args, true, stdout, stderr)
}

// check is the command. Files are changed only if the caller allows it, too.
func (t *Tool) check(args []string, mayChange bool, stdout, stderr io.Writer) (int, error) {
	if len(args) > 0 && args[0] == "explain" {
		return exitClean, t.explain(args[1:], stdout)
	}
	if len(args) > 0 && args[0] == "help" {
		args = []string{"-h"}
	}
	var settings configuration
	if len(args) > 0 && args[0] == "config" {
		settings.list, args = true, args[1:]
	}
	why := len(args) > 0 && args[0] == "why"
	if why {
		args = args[1:]
	}
	fs := flag.NewFlagSet(t.Name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	on := t.addFlags(fs)
	settings.addFlags(fs)
	dir := fs.String("C", "", "change to `dir` before anything else")
	tests := fs.Bool("test", true, "check test files too")
	tags := fs.String("tags", "", "comma-separated build `tags`")
	mod := fs.String("mod", "", "module download `mode`: readonly, vendor, or mod")
	modfile := fs.String("modfile", "", "use this `file` instead of go.mod")
	var out output
	out.addFlags(fs)
	var changes rewrite
	changes.addFlags(fs)
	if err := fs.Parse(args); errors.Is(err, flag.ErrHelp) {
		return exitClean, t.usage(fs, stdout)
	} else if err != nil {
		return exitFailure, fmt.Errorf("%w (%s -h lists the flags)", err, t.Name)
	}

	if _, err := os.Stat(cmp.Or(*dir, ".")); err != nil {
		return exitFailure, fmt.Errorf("-C: %w", err)
	}
	analyzers, err := settings.read(t, *dir, fs, on)
	if err != nil {
		return exitFailure, err
	}
	if err := cmp.Or(out.check(), changes.check(&out)); err != nil {
		return exitFailure, err
	}
	covers, err := t.coverage(fs)
	if err != nil {
		return exitFailure, err
	}
	if settings.list {
		return exitClean, settings.print(stdout, t, fs, analyzers)
	}
	base, err := filepath.Abs(*dir)
	if err != nil {
		return exitFailure, err
	}
	w, err := t.newWriter(&out, base, stdout, stderr)
	if err != nil {
		return exitFailure, err
	}
	config := packages.Config{Dir: *dir, Tests: *tests}
	for name, value := range map[string]string{"tags": *tags, "mod": *mod, "modfile": *modfile} {
		if value != "" {
			config.BuildFlags = append(config.BuildFlags, "-"+name+"="+value)
		}
	}
	slices.Sort(config.BuildFlags)
	if why {
		return t.why(fs.Args(), config, covers, stdout)
	}
	patterns := fs.Args()
	if len(patterns) == 0 {
		patterns = []string{"."}
	}
	start := time.Now()
	line := newStatus(stderr)
	defer line.end()
	line.say("%s: finding packages, which takes longest the first time", t.Name)
	l, nodes, err := newLoader(t, config, patterns)
	if err != nil {
		return exitFailure, err
	}
	found := time.Now()
	l.status = line
	l.keep = changes.asked() && mayChange
	l.run(nodes, covers, analyzers)
	line.end()
	if out.verbose {
		w.say("%s in the graph, found in %s, checked in %s", report.Count(len(nodes), "package"),
			seconds(found.Sub(start)), seconds(time.Since(found)))
	}
	run := t.collect(nodes, l.fset, base)
	if !changes.asked() || !mayChange {
		return w.conclude(run)
	}
	counted, _ := w.count(&run)
	changed, failed, err := changes.apply(w, counted, l, nodes)
	if err != nil {
		return exitFailure, err
	}
	code := exitClean
	switch {
	case changes.diff:
		if changed {
			code = exitFindings
		}
		w.complain(run)
		failed = failed || len(run.Errors) > 0
	case changed:
		// What is left is found in the files as they are now.
		code, err = t.check(args, false, stdout, stderr)
	default:
		code, err = w.conclude(run)
	}
	if failed {
		code = exitFailure
	}
	return code, err
}

// collect lists what was found and what went wrong, paths relative to base.
func (t *Tool) collect(nodes []*node, fset *token.FileSet, base string) report.Run {
	var run report.Run
	printed := make(map[string]bool)
	asked, using := make(map[string]bool), make(map[string]bool)
	for _, n := range nodes {
		if n.root {
			path := cmp.Or(n.ForTest, n.PkgPath)
			asked[path] = true
			if n.used {
				using[path] = true
			}
		}
		errs := n.errs
		if len(n.Errors) > 0 {
			// What go list says is what is wrong; the rest follows from it.
			errs = nil
			for _, err := range n.Errors {
				errs = append(errs, loadError(err))
			}
		}
		for _, err := range errs {
			text := err.Error()
			if source := (*sourceError)(nil); !errors.As(err, &source) {
				text = t.Name + ": " + text
			}
			text = strings.ReplaceAll(text, base+string(filepath.Separator), "")
			if !printed[text] {
				printed[text] = true
				run.Errors = append(run.Errors, text)
			}
		}
		for _, r := range n.outcome.results {
			for i, d := range r.diagnostics {
				f := finding(fset, base, r.analyzer, d, r.sites[i])
				f.Unit = n.unitOf(fset.Position(d.Pos).Filename)
				run.Findings = append(run.Findings, f)
			}
			for _, s := range r.suppressed {
				f := finding(fset, base, r.analyzer, s.Diagnostic, s.site)
				f.Unit = n.unitOf(fset.Position(s.Pos).Filename)
				f.Suppressed = &report.Suppression{Kind: report.InSource, Reason: s.reason}
				run.Findings = append(run.Findings, f)
			}
		}
	}
	run.Packages, run.Using = len(asked), len(using)
	return run
}

// finding turns a diagnostic into what is reported.
func finding(fset *token.FileSet, base string, a *analysis.Analyzer, d analysis.Diagnostic, s site) report.Finding {
	f := report.Finding{Rule: a.Name, Pos: region(fset, base, d.Pos, d.End), Message: d.Message, URL: d.URL, Func: s.fn}
	f.Mark = region(fset, base, s.mark.pos, s.mark.end)
	if !d.End.IsValid() && f.Mark.File == f.Pos.File {
		f.Pos.EndLine, f.Pos.EndCol = f.Mark.EndLine, f.Mark.EndCol
	}
	for _, x := range s.extents {
		f.Extents = append(f.Extents, region(fset, base, x.pos, x.end))
	}
	if f.URL == "" {
		f.URL = a.URL
	}
	for i, r := range d.Related {
		if r.Pos.IsValid() {
			at := s.related[i]
			f.Path = append(f.Path, report.Step{Pos: region(fset, base, at.pos, at.end), Message: r.Message})
		}
	}
	for _, fix := range d.SuggestedFixes {
		ff := report.Fix{Message: fix.Message}
		for _, e := range fix.TextEdits {
			end := cmp.Or(e.End, e.Pos)
			ff.Edits = append(ff.Edits, report.Edit{
				Pos:   region(fset, base, e.Pos, end),
				Start: fset.Position(e.Pos).Offset,
				End:   fset.Position(end).Offset,
				New:   string(e.NewText),
			})
		}
		f.Fixes = append(f.Fixes, ff)
	}
	return f
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

func region(fset *token.FileSet, base string, pos, end token.Pos) report.Pos {
	start := fset.Position(pos)
	stop := start
	if end.IsValid() {
		stop = fset.Position(end)
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

// usage prints the command's help.
func (t *Tool) usage(fs *flag.FlagSet, w io.Writer) error {
	fmt.Fprintf(w, `%[1]s checks Go packages for Redis connections that leak.

Usage:

	%[1]s [flags] [packages]    check packages, by default the one in this directory
	%[1]s explain [rule]        print the manual of a rule, or list the rules
	%[1]s why [flags] FILE:LINE tell what is believed of what that line opens
	%[1]s config [flags]        print the settings in force, and where they come from
	go vet -vettool=$(which %[1]s) [packages]

Findings are printed to standard output, one a line, and on a terminal with
their source. The exit code is 0 if there are none, 1 if there are some, and 2
if something could not be analysed or a flag is wrong. Names of files in flags
are relative to the directory that -C names.

Rules:

`, t.Name)
	for _, a := range t.Analyzers {
		fmt.Fprintf(w, "\t%-12s %s\n", a.Name, summary(a))
	}
	fmt.Fprint(w, "\nFlags:\n\n")
	fs.VisitAll(func(f *flag.Flag) {
		arg, usage := flag.UnquoteUsage(f)
		fmt.Fprintf(w, "\t-%s\n\t\t%s\n", strings.TrimSpace(f.Name+" "+arg), strings.ReplaceAll(usage, "\n", "\n\t\t"))
	})
	_, err := fmt.Fprintln(w, "\nWith -RULE only the rules so named are checked, with -RULE=false all others.")
	return err
}
