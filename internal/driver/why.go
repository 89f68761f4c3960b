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
		return place{}, fmt.Errorf("why wants FILE:LINE, not %q", text)
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
		return place{}, fmt.Errorf("why: %s is no Go file", text)
	}
	return place{file, line}, nil
}

// why tells what is believed of the resources that are opened on a line. The
// exit code is 0 if there are some, and 1 if nothing is opened there.
func (c *call) why() (int, error) {
	t, base, stdout := c.tool, c.base, c.stdout
	if len(c.operands) != 1 {
		return exitFailure, fmt.Errorf("why wants one FILE:LINE (%s why store/store.go:12)", t.Name)
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
		return exitFailure, fmt.Errorf("why: %s belongs to no package that is built here", shortPath(base, at.file))
	}
	l.run(nodes, c.covers, []*analysis.Analyzer{t.Why})
	for _, n := range nodes {
		if n.root && len(n.errs)+len(n.Errors) > 0 {
			return exitFailure, t.conclusion(n, base)
		}
	}
	found := false
	var others []int
	told := make(map[string]bool)
	for _, n := range nodes {
		for _, r := range n.outcome.results {
			for _, d := range r.diagnostics {
				start, end := l.fset.Position(d.Pos), l.fset.Position(d.End)
				if !n.root || !sameFile(start.Filename, at.file) {
					continue
				}
				if others = append(others, start.Line); at.line < start.Line || at.line > max(start.Line, end.Line) {
					continue
				}
				found = true
				text := account(l, base, d)
				if !told[text] {
					told[text] = true
					fmt.Fprint(stdout, text)
				}
			}
		}
	}
	if found {
		return exitClean, nil
	}
	slices.Sort(others)
	others = slices.Compact(others)
	text := "nothing that " + t.Name + " knows of is opened there"
	switch len(others) {
	case 0:
		text += ", nor anywhere in this file"
	case 1:
		text += fmt.Sprintf("; line %d of this file opens something", others[0])
	default:
		var lines []string
		for _, n := range others {
			lines = append(lines, strconv.Itoa(n))
		}
		last := len(lines) - 1
		text += fmt.Sprintf("; lines %s and %s of this file open something", strings.Join(lines[:last], ", "), lines[last])
	}
	for _, path := range c.unknownClients(nodes) {
		text += fmt.Sprintf("; %s, which this package imports, looks like a Redis client that %s does not know (-extra describes a library)", path, t.Name)
	}
	_, err = fmt.Fprintf(stdout, "%s:%d: %s\n", shortPath(base, at.file), at.line, text)
	return exitFindings, err
}

// account writes what is believed of one resource: a line in the form of a
// finding, and below it the lines that it is believed for.
func account(l *loader, base string, d analysis.Diagnostic) string {
	var out strings.Builder
	line := func(indent string, d analysis.RelatedInformation) {
		p := region(l.fset, base, d.Pos, d.End)
		fmt.Fprintf(&out, "%s%s:%d:%d: %s\n", indent, p.File, p.Line, p.Col, d.Message)
	}
	line("", analysis.RelatedInformation{Pos: d.Pos, Message: d.Message})
	for _, r := range d.Related {
		line("\t", r)
	}
	return out.String()
}

// conclusion is why a package could not be analysed.
func (t *Tool) conclusion(n *node, base string) error {
	for _, err := range n.Errors {
		return errors.New(strings.ReplaceAll(loadError(err).Error(), base+string(filepath.Separator), ""))
	}
	return cmp.Or(errors.Join(n.errs...), errors.New("the package could not be analysed"))
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
