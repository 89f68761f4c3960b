package driver

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// place is what "why" is asked about: a line of a file.
type place struct {
	file string // absolute
	line int
}

// parsePlace reads FILE:LINE, relative to a folder. A column may follow, as in
// a finding; it is of no account.
func parsePlace(text, dir string) (place, error) {
	parts := strings.Split(text, ":")
	number := func(i int) int {
		if i < 1 || i >= len(parts) {
			return 0
		}
		n, err := strconv.Atoi(parts[i])
		if err != nil || n < 1 {
			return 0
		}
		return n
	}
	last := len(parts) - 1
	line, file := number(last), strings.Join(parts[:last], ":")
	if before := number(last - 1); before > 0 && line > 0 {
		line, file = before, strings.Join(parts[:last-1], ":")
	}
	if line == 0 || file == "" {
		return place{}, fmt.Errorf("why needs FILE:LINE, not %q", text)
	}
	if !filepath.IsAbs(file) {
		file = filepath.Join(dir, file)
	}
	file, err := filepath.Abs(file)
	if err != nil {
		return place{}, err
	}
	info, err := os.Stat(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return place{}, fmt.Errorf("why: there is no file %s", strings.Join(parts[:max(1, last)], ":"))
	case err != nil:
		return place{}, err
	case info.IsDir() || filepath.Ext(file) != ".go":
		return place{}, fmt.Errorf("why: %s is not a Go file", text)
	}
	return place{file, line}, nil
}

// why explains what was decided about a line: what rules report there, what
// becomes of what is opened there, and which rules did not run. The exit code is
// 0 if something is reported or opened there, and 1 otherwise.
func (c *call) why() (int, error) {
	t, base, stdout := c.tool, c.base, c.stdout
	if len(c.operands) != 1 {
		return exitFailure, fmt.Errorf("why needs one FILE:LINE, such as %s why store/store.go:12", t.Name)
	}
	config := c.packages()
	at, err := parsePlace(c.operands[0], config.Dir)
	if err != nil {
		return exitFailure, err
	}
	if f := c.fs.Lookup(testFlag); f != nil && isTestFile(at.file) {
		config.Tests = true
		if err := f.Value.Set("true"); err != nil {
			return exitFailure, err
		}
	}
	// The package is found from its own folder, which may be another module's.
	config.Dir = filepath.Dir(at.file)
	l, nodes, err := c.load(config, []string{"."})
	if err != nil {
		return exitFailure, err
	}
	if !slices.ContainsFunc(nodes, func(n *node) bool { return n.root && contains(n.GoFiles, at.file) }) {
		return exitFailure, fmt.Errorf("why: %s is not in a package that is built here", shortPath(base, at.file))
	}
	l.run(nodes, c.covers, append(slices.Clone(c.analyzers), t.Why))
	for _, n := range nodes {
		if n.root && len(n.errs)+len(n.Errors) > 0 {
			return exitFailure, t.conclusion(n, base)
		}
	}
	a := &answer{call: c, loader: l, at: at, told: make(map[string]bool)}
	for _, n := range nodes {
		if n.root {
			a.findings(n)
		}
	}
	for _, n := range nodes {
		if n.root {
			a.accounts(n)
		}
	}
	if len(a.openings)+len(a.found) == 0 {
		return exitFindings, a.nothing(nodes)
	}
	for _, text := range slices.Concat(a.found, a.openings, a.settings, a.scopes) {
		fmt.Fprint(stdout, text)
	}
	_, err = fmt.Fprint(stdout, a.leftOut(nodes))
	return exitClean, err
}

// An answer is what is known of one line.
type answer struct {
	*call
	loader *loader
	at     place

	found    []string // findings, with their steps
	openings []string // what is opened there, and what becomes of it
	settings []string // with which settings
	calls    []string // calls that open nothing
	scopes   []string // callbacks of scopes around it
	others   []int    // lines on which something is opened
	told     map[string]bool
}

// tell adds a text once.
func (a *answer) tell(list *[]string, text string) {
	if !a.told[text] {
		a.told[text] = true
		*list = append(*list, text)
	}
}

// findings takes what rules report on the line, with the reason where a
// directive silences it.
func (a *answer) findings(n *node) {
	for _, f := range n.found {
		if f.Rule == a.tool.Why.Name || !sameFile(f.Pos.File, a.at.file) || a.at.line < f.Pos.Line || a.at.line > max(f.Pos.Line, f.Pos.EndLine) {
			continue
		}
		f = relative(f, a.base)
		text := fmt.Sprintf("%s:%d:%d: %s (%s)\n", f.Pos.File, f.Pos.Line, f.Pos.Col, f.Message, f.Rule)
		seen := make(map[string]bool)
		for _, s := range f.Path {
			step := fmt.Sprintf("\t%s:%d:%d: %s\n", s.Pos.File, s.Pos.Line, s.Pos.Col, s.Message)
			if !seen[step] {
				seen[step] = true
				text += step
			}
		}
		for _, fix := range f.Fixes {
			text += "\tfix: " + fix.Message + "\n"
		}
		if f.NoFix != "" {
			text += "\tno fix: " + f.NoFix + "\n"
		}
		if f.Suppressed != nil {
			text += "\tnot reported: a directive silences it: " + f.Suppressed.Reason + "\n"
		}
		a.tell(&a.found, text)
	}
}

// accounts takes what the engines say of the line.
func (a *answer) accounts(n *node) {
	for _, r := range n.outcome.results {
		if r.analyzer != a.tool.Why {
			continue
		}
		for _, d := range r.diagnostics {
			start, end := a.loader.fset.Position(d.Pos), a.loader.fset.Position(d.End)
			if !sameFile(start.Filename, a.at.file) {
				continue
			}
			if d.Category == "" {
				a.others = append(a.others, start.Line)
			}
			if a.at.line < start.Line || a.at.line > max(start.Line, end.Line) {
				continue
			}
			if len(a.found) > 0 {
				// Something is: the account says what the engine believes.
				d.Message = strings.NewReplacer("; not reported here", "", "; not reported", "").Replace(d.Message)
			}
			list := &a.openings
			switch d.Category {
			case "settings":
				list = &a.settings
			case "call":
				list = &a.calls
			case "scope":
				list = &a.scopes
			}
			a.tell(list, account(a.loader, a.base, d))
		}
	}
}

// nothing is the answer about a line that opens nothing and on which nothing is
// found: what its calls are taken for, and the nearest line that opens something.
func (a *answer) nothing(nodes []*node) error {
	for _, text := range slices.Concat(a.settings, a.calls, a.scopes) {
		fmt.Fprint(a.stdout, text)
	}
	text := "this line opens nothing that " + a.tool.Name + " knows"
	slices.Sort(a.others)
	a.others = slices.Compact(a.others)
	switch {
	case len(a.others) == 0:
		text += ", and neither does the rest of the file"
	case len(a.others) == 1:
		text += fmt.Sprintf("; line %d does", a.others[0])
	default:
		nearest := slices.MinFunc(a.others, func(x, y int) int {
			return cmp.Or(cmp.Compare(abs(x-a.at.line), abs(y-a.at.line)), cmp.Compare(x, y))
		})
		var lines []string
		for _, n := range a.others {
			lines = append(lines, strconv.Itoa(n))
		}
		last := len(lines) - 1
		text += fmt.Sprintf("; lines %s and %s do, and %d is the nearest", strings.Join(lines[:last], ", "), lines[last], nearest)
	}
	for _, path := range a.unknownClients(nodes) {
		text += fmt.Sprintf("; this package imports %s, which looks like a Redis client that %s does not know (-extra describes a library)", path, a.tool.Name)
	}
	_, err := fmt.Fprintf(a.stdout, "%s:%d: %s\n%s", shortPath(a.base, a.at.file), a.at.line, text, a.leftOut(nodes))
	return err
}

// leftOut names the rules that did not run in the package, and why.
func (a *answer) leftOut(nodes []*node) string {
	var names []string
	profile := ""
	for _, n := range nodes {
		for _, r := range n.outcome.results {
			if n.root && r.left && !slices.Contains(names, r.analyzer.Name) {
				names = append(names, r.analyzer.Name)
				profile = a.because[cmp.Or(n.ForTest, n.PkgPath)]
			}
		}
	}
	f := a.fs.Lookup(profileFlag)
	switch {
	case len(names) == 0 || f == nil:
		return ""
	case profile == "" && a.programs != nil:
		profile = "any: no evidence of a serverless function or a service"
	case profile == "":
		profile = f.Value.String()
	}
	return fmt.Sprintf("rules that do not run in this profile (%s): %s\n", profile, strings.Join(names, ", "))
}

func abs(n int) int { return max(n, -n) }

// account writes what is believed of one resource: a line in the form of a
// finding, and below it the lines that it is believed for.
func account(l *loader, base string, d analysis.Diagnostic) string {
	var out strings.Builder
	line := func(indent string, d analysis.RelatedInformation) {
		p := region(l.fset, base, d.Pos, d.End)
		fmt.Fprintf(&out, "%s%s:%d:%d: %s\n", indent, p.File, p.Line, p.Col, d.Message)
	}
	line("", analysis.RelatedInformation{Pos: d.Pos, Message: d.Message})
	seen := make(map[string]bool)
	for _, r := range d.Related {
		if key := fmt.Sprint(r.Pos, r.Message); !seen[key] {
			seen[key] = true
			line("\t", r)
		}
	}
	return out.String()
}

// conclusion is why a package could not be analysed.
func (t *Tool) conclusion(n *node, base string) error {
	for _, err := range n.Errors {
		return errors.New(strings.ReplaceAll(loadError(err).Error(), base+string(filepath.Separator), ""))
	}
	return cmp.Or(errors.Join(n.errs...), errors.New("the package could not be analyzed"))
}

func contains(files []string, file string) bool {
	return slices.ContainsFunc(files, func(f string) bool { return sameFile(f, file) })
}

// sameFile reports whether two names stand for the same file, which may be
// reached through links.
func sameFile(a, b string) bool {
	if a == b {
		return true
	}
	if filepath.Base(a) != filepath.Base(b) {
		return false
	}
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	return errX == nil && errY == nil && os.SameFile(x, y)
}
