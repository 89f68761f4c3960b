// Package report writes findings. It knows findings and formats, and nothing
// of Go programs or of the analysis that made them.
package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
)

// Pos is a region of a file. Lines and columns count from 1; columns count
// bytes. A region that is one position has its end at its start.
type Pos struct {
	File    string // as it is printed
	Line    int
	Col     int
	EndLine int
	EndCol  int
}

// Step is one station of the path that leads to a finding.
type Step struct {
	Pos     Pos
	Message string
}

// Finding is one thing that a rule has found.
type Finding struct {
	Rule    string
	Pos     Pos
	Message string
	Path    []Step
	URL     string // the page that explains the rule, or empty
}

// Sort orders findings by file, position, rule and message, and drops
// findings that say the same of the same position.
func Sort(findings []Finding) []Finding {
	slices.SortStableFunc(findings, compare)
	return slices.CompactFunc(findings, func(a, b Finding) bool { return compare(a, b) == 0 })
}

func compare(a, b Finding) int {
	return cmp.Or(
		cmp.Compare(a.Pos.File, b.Pos.File),
		cmp.Compare(a.Pos.Line, b.Pos.Line),
		cmp.Compare(a.Pos.Col, b.Pos.Col),
		cmp.Compare(a.Rule, b.Rule),
		cmp.Compare(a.Message, b.Message),
	)
}

// Text writes one line for each finding: file:line:col: message (rule).
// Editors and problem matchers read this form.
func Text(w io.Writer, findings []Finding) error {
	out := bufio.NewWriter(w)
	for _, f := range findings {
		fmt.Fprintf(out, "%s:%d:%d: %s (%s)\n", f.Pos.File, f.Pos.Line, f.Pos.Col, f.Message, f.Rule)
	}
	return out.Flush()
}
