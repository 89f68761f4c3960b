package driver

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/redislint/redislint/internal/changes"
	"github.com/redislint/redislint/internal/gate"
	"github.com/redislint/redislint/internal/report"
)

// base is the merge base as this tool sees it. It can be kept as JSON.
type base struct {
	Findings []gate.Finding // those that count there
	Errors   []string       // what could not be analysed
	Notes    []string       // what people should know of it
	Rules    []string       // that are asked there
	Extra    string         // rows
	Known    int            `json:"-"` // how many findings its baseline has
	Alone    bool           // it depends on nothing but the commit
}

// baseRun is what is needed to analyse the merge base as the change was.
type baseRun struct {
	*call    // of the change
	since    *changes.Set
	patterns []string
	loader   *loader // of the change
	nodes    []*node
	status   *status
}

// analyse analyses the merge base: by this tool, with the flags of the command
// line and the configuration of the base, in the profiles of the change. The
// flags are afterwards what they were.
func (b *baseRun) analyse() (found *base, err error) {
	tree, err := b.since.Checkout()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, tree.Remove()) }()
	restore := b.tool.saveFlags()
	defer func() { err = errors.Join(err, restore()) }()

	found = &base{}
	dir := b.folder(tree)
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return found, nil // all that is there is new
	}
	analyzers, covers, err := b.configure(found, tree, dir)
	if err != nil {
		return nil, err
	}
	patterns := b.places(tree, dir)
	if len(patterns) == 0 {
		return found, nil
	}
	run, err := b.load(tree, dir, patterns, analyzers, covers)
	if err != nil || len(run.Errors) > 0 {
		// What git ignores may be what it lacks.
		if more, e := tree.Borrow(); e != nil {
			return nil, e
		} else if more {
			run, err = b.load(tree, dir, patterns, analyzers, covers)
		}
	}
	if err != nil {
		run.Errors = append(run.Errors, err.Error())
	}
	for _, text := range run.Errors {
		found.Errors = append(found.Errors, strings.TrimPrefix(tree.Text(text), b.tool.Name+": "))
	}
	if len(tree.Borrowed) > 0 {
		found.Notes = append(found.Notes, "the merge base does not have "+someOf(tree.Borrowed, b.base)+", the working tree's is taken for it")
	}
	src := report.NewSources(dir, tree.Root)
	for _, f := range report.Counted(report.Fingerprints(report.Sort(run.Findings), src)) {
		found.Findings = append(found.Findings, compared(f, src, tree.Name))
	}
	found.Alone = len(tree.Borrowed) == 0
	return found, nil
}

// release lets go of the types and facts of the change, which nobody asks for
// once its findings are there: the memory is the base's. Declarations that the
// base may share stay.
func (b *baseRun) release() {
	for _, n := range b.nodes {
		n.unit, n.outcome = nil, outcome{}
		if n.used || !b.loader.stands(n) {
			n.types = nil
		}
	}
}

// folder is the folder of the base in which the command would be called: the
// one of the same name, or the one whose go.mod this one has got.
func (b *baseRun) folder(tree *changes.Tree) string {
	dir := tree.Path(canonical(b.base))
	mod := b.since.Name(filepath.Join(b.base, "go.mod"))
	if old := b.since.OldName(mod); old != "" && old != mod {
		return filepath.Join(tree.Root, filepath.FromSlash(path.Dir(old)))
	}
	return dir
}

// configure sets the flags for the base, and returns its rules.
func (b *baseRun) configure(found *base, tree *changes.Tree, dir string) ([]*analysis.Analyzer, func(string) bool, error) {
	profile := b.flag(profileFlag)
	given := make(map[string]string)
	for name := range b.settings.given {
		given[name] = b.fs.Lookup(name).Value.String()
	}
	settings := configuration{file: b.settings.file, none: b.settings.none}
	if settings.file != "" {
		file := settings.file
		if !filepath.IsAbs(file) {
			file = filepath.Join(b.base, file)
		}
		if rel, err := filepath.Rel(b.since.Top, canonical(file)); err == nil && filepath.IsLocal(rel) {
			file = filepath.Join(tree.Root, rel)
			if _, err := os.Stat(file); err != nil {
				file = "" // the base had none
			}
		}
		settings.file, settings.none = file, file == ""
	}
	set := func() (*flag.FlagSet, switches, error) {
		fs := flag.NewFlagSet(b.tool.Name, flag.ContinueOnError)
		on := b.tool.addFlags(fs)
		var errs []error
		fs.VisitAll(func(f *flag.Flag) {
			if _, ok := f.Value.(*toggle); !ok {
				errs = append(errs, f.Value.Set(f.DefValue))
			}
		})
		for name, value := range given {
			if fs.Lookup(name) != nil {
				errs = append(errs, fs.Set(name, value))
			}
		}
		if fs.Lookup(profileFlag) != nil {
			errs = append(errs, fs.Set(profileFlag, profile))
		}
		return fs, on, errors.Join(errs...)
	}
	fs, on, err := set()
	if err != nil {
		return nil, nil, err
	}
	analyzers, err := settings.read(b.tool, dir, fs, on)
	if err != nil {
		// What the base says of itself cannot be understood; the change may
		// be what mends it.
		found.Notes = append(found.Notes, fmt.Sprintf("the configuration of the merge base is not used: %s", tree.Text(err.Error())))
		if fs, on, err = set(); err != nil {
			return nil, nil, err
		}
		settings = b.settings
		if analyzers, err = settings.read(b.tool, b.base, fs, on); err != nil {
			return nil, nil, err
		}
	}
	for _, a := range analyzers {
		found.Rules = append(found.Rules, a.Name)
	}
	if f := fs.Lookup("extra"); f != nil {
		found.Extra = f.Value.String()
	}
	covers, err := b.tool.coverage(fs)
	return analyzers, covers, err
}

// places turns the patterns of the command line into those of the base. What
// is named there must exist; where packages are named that have come from
// elsewhere, this is where they were.
func (b *baseRun) places(tree *changes.Tree, dir string) []string {
	var list []string
	add := func(p string) {
		if !slices.Contains(list, p) {
			list = append(list, p)
		}
	}
	for _, p := range b.patterns {
		switch {
		case strings.Contains(p, "..."):
			add(p)
		case strings.HasSuffix(p, ".go"):
			file := tree.Path(canonical(absolute(b.base, p)))
			if old := b.since.OldName(b.since.Name(absolute(b.base, p))); old != "" {
				file = filepath.Join(tree.Root, filepath.FromSlash(old))
			}
			if rel, err := filepath.Rel(dir, file); err == nil && isFile(file) {
				add(rel)
			}
		default:
			for _, n := range b.nodes {
				if n.root && len(n.GoFiles) > 0 && (n.PkgPath == p || filepath.Dir(n.GoFiles[0]) == absolute(b.base, p)) {
					for _, file := range n.GoFiles {
						b.addFolder(tree, dir, file, add)
					}
				}
			}
		}
	}
	return list
}

// addFolder adds the folder that a file of the working tree has in the base,
// if it is a package there.
func (b *baseRun) addFolder(tree *changes.Tree, dir, file string, add func(string)) {
	folder := tree.Path(canonical(filepath.Dir(file)))
	if old := b.since.OldName(b.since.Name(file)); old != "" {
		folder = filepath.Join(tree.Root, filepath.FromSlash(path.Dir(old)))
	}
	rel, err := filepath.Rel(dir, folder)
	if err != nil {
		return
	}
	if files, err := filepath.Glob(filepath.Join(folder, "*.go")); err == nil && len(files) > 0 {
		add("./" + filepath.ToSlash(rel))
	}
}

// load loads and analyses the packages of the base.
func (b *baseRun) load(tree *changes.Tree, dir string, patterns []string, analyzers []*analysis.Analyzer, covers func(string) bool) (report.Run, error) {
	config := b.packages()
	config.Dir = dir
	config.Env = os.Environ()
	for _, name := range []string{"GOWORK", "GOFLAGS"} {
		if value := os.Getenv(name); strings.Contains(value, b.since.Top) {
			config.Env = append(config.Env, name+"="+strings.ReplaceAll(value, b.since.Top, tree.Root))
		}
	}
	config.BuildFlags = nil
	for _, f := range b.packages().BuildFlags {
		config.BuildFlags = append(config.BuildFlags, strings.Replace(f, b.since.Top, tree.Root, 1))
	}
	b.status.say("%s: finding the packages of the merge base", b.tool.Name)
	l, nodes, err := newLoader(b.tool, config, patterns)
	if none := (*noPackages)(nil); errors.As(err, &none) {
		return report.Run{}, nil
	}
	if err != nil {
		return report.Run{}, err
	}
	l.status = b.status
	l.covers = covers
	markReaching(nodes, covers)
	l.share(b.loader)
	l.run(nodes, covers, analyzers)
	nodes = append(nodes, l.withoutTests(nodes)...)
	b.status.end()
	run := b.tool.collect(nodes, dir)
	there := *b.call
	there.base = dir
	run.Errors = there.troubles(nodes)
	return run, nil
}

// saveFlags returns a func that sets the flags of the analyzers to what they
// are now.
func (t *Tool) saveFlags() func() error {
	fs := flag.NewFlagSet(t.Name, flag.ContinueOnError)
	t.addFlags(fs)
	values := make(map[string]string)
	fs.VisitAll(func(f *flag.Flag) { values[f.Name] = f.Value.String() })
	var off string
	for _, a := range closure(t.Analyzers) {
		if f := a.Flags.Lookup(offFlag); f != nil {
			off = f.Value.String()
		}
	}
	return func() error {
		var errs []error
		fs.VisitAll(func(f *flag.Flag) {
			if _, ok := f.Value.(*toggle); !ok {
				errs = append(errs, f.Value.Set(values[f.Name]))
			}
		})
		for _, a := range closure(t.Analyzers) {
			if f := a.Flags.Lookup(offFlag); f != nil {
				errs = append(errs, f.Value.Set(off))
			}
		}
		return errors.Join(errs...)
	}
}

// compareWith asks for the findings of the merge base, if there is anything to
// compare them with.
func (w *writer) compareWith(b *baseRun, run *report.Run) error {
	w.base, w.run = &base{}, b
	if len(run.Findings) == 0 && w.silence.String() == "" {
		return nil // nothing is there that could be new, or that has been silenced
	}
	if !b.changes.asked() {
		b.release()
	}
	found, err := b.findings()
	if err != nil {
		return fmt.Errorf("-new-from: %w", err)
	}
	w.base = found
	for _, note := range found.Notes {
		w.say("%s", note)
	}
	if w.baseline == "" {
		return nil
	}
	// The base counts by its own baseline.
	data, err := w.changes.Content(w.changes.Name(w.src.Path(w.baseline)))
	if err != nil {
		return fmt.Errorf("-new-from: %w", err)
	}
	if data == nil {
		return nil
	}
	known, err := report.ReadBaseline(data)
	if err != nil {
		return fmt.Errorf("-new-from: %s of the merge base: %w", w.baseline, err)
	}
	list := make([]report.Finding, len(found.Findings))
	for i, f := range found.Findings {
		list[i].Fingerprint, list[i].Exits = f.Fingerprint, make([]report.Pos, len(f.Exits))
	}
	found.Known = known.Count()
	known.Suppress(list, "known")
	var counted []gate.Finding
	for i, f := range found.Findings {
		if list[i].Suppressed == nil {
			counted = append(counted, f)
		}
	}
	found.Findings = counted
	return nil
}

// compared is a finding as it is compared. name names files as git does.
func compared(f report.Finding, src *report.Sources, name func(string) string) gate.Finding {
	at := f.Origin
	const near = 3
	g := gate.Finding{
		Rule: f.Rule, At: changes.Line{File: name(at.File), Line: at.Line}, Col: at.Col, Func: f.Func, Message: f.Message,
		Text:        text(src, at.File, at.Line, max(at.Line, min(at.EndLine, at.Line+20))),
		Near:        text(src, at.File, at.Line-near, at.Line+near),
		Fingerprint: f.Fingerprint,
	}
	for _, x := range f.Exits {
		g.Exits = append(g.Exits, gate.Exit{
			At:   changes.Line{File: name(x.File), Line: x.Line},
			Text: text(src, x.File, x.Line, max(x.Line, min(x.EndLine, x.Line+20))),
		})
	}
	return g
}

// text is the source from one line to another, without its white space.
func text(src *report.Sources, file string, first, last int) string {
	var b strings.Builder
	for line := max(first, 1); line <= last; line++ {
		b.WriteString(gate.Squeeze(src.Line(file, line)))
	}
	return b.String()
}

// judge drops the findings that the base has too, and tells of others by which
// exit they are new.
func (w *writer) judge(findings []report.Finding) []report.Finding {
	now := make([]gate.Finding, len(findings))
	for i, f := range findings {
		now[i] = compared(f, w.src, w.changes.Name)
	}
	// What a directive silences does not take the place of what counts.
	var counted, silent []int
	for i, f := range findings {
		if f.Suppressed == nil {
			counted = append(counted, i)
		} else {
			silent = append(silent, i)
		}
	}
	var list []report.Finding
	left := w.base.Findings
	var ignored []gate.Finding // of the base
	for round, group := range [][]int{counted, silent} {
		some := make([]gate.Finding, len(group))
		for k, i := range group {
			some[k] = now[i]
		}
		matches := gate.Compare(left, some, w.changes)
		taken := make([]bool, len(left))
		for k, m := range matches {
			f := findings[group[k]]
			if m.Old >= 0 {
				taken[m.Old] = true
			}
			if m.New() {
				if m.Exit != nil && m.Old >= 0 && len(f.Exits) > 0 {
					f.Message += fmt.Sprintf("; new is that %s leaves it open", w.at(f, m.Exit))
				}
				list = append(list, f)
			}
		}
		var rest []gate.Finding
		for i, f := range left {
			switch {
			case !taken[i]:
				rest = append(rest, f)
			case round == 1:
				ignored = append(ignored, f)
			}
		}
		left = rest
	}
	w.hush = w.sayHushed(w.hushed(w.run, left, ignored))
	return report.Sort(list)
}

// unknown tells why what is new may not be: what the base has was not seen.
func (w *writer) unknown() string {
	first, _, _ := strings.Cut(strings.TrimPrefix(w.base.Errors[0], "# "), "\n")
	if lines := strings.SplitN(w.base.Errors[0], "\n", 3); strings.HasPrefix(lines[0], "# ") && len(lines) > 1 {
		first = lines[1]
	}
	return fmt.Sprintf("%s: -new-from: the merge base %s cannot be analyzed, so the findings above may be old: %s; build what it needs first, or use -baseline",
		w.tool.Name, w.changes.Base[:10], first)
}

// at names the place of an exit for the message of a finding.
func (w *writer) at(f report.Finding, x *gate.Exit) string {
	if x.At.File == w.changes.Name(f.Origin.File) {
		return fmt.Sprintf("line %d", x.At.Line)
	}
	return fmt.Sprintf("%s:%d", path.Base(x.At.File), x.At.Line)
}

// someOf names a few files for a message.
func someOf(files []string, dir string) string {
	const few = 3
	var names []string
	for _, f := range files {
		names = append(names, shortPath(dir, f))
	}
	slices.Sort(names)
	if n := len(names); n > few {
		return strings.Join(names[:few], ", ") + fmt.Sprintf(" and %d more", n-few)
	}
	return strings.Join(names, ", ")
}

func absolute(dir, name string) string {
	if filepath.IsAbs(name) {
		return filepath.Clean(name)
	}
	return filepath.Join(dir, name)
}

func canonical(path string) string {
	if p, err := filepath.EvalSymlinks(path); err == nil {
		return p
	}
	return path
}
