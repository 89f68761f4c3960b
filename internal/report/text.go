package report

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Text writes one line for each finding: file:line:col: message (rule).
// Editors and problem matchers read this form.
func Text(w io.Writer, findings []Finding) error {
	out := bufio.NewWriter(w)
	for _, f := range findings {
		fmt.Fprintf(out, "%s:%d:%d: %s (%s)\n", Plain(f.Pos.File), f.Pos.Line, f.Pos.Col, oneLine(f.Message), f.Rule)
	}
	return out.Flush()
}

// Closing is the line that closes the output on a terminal, or "" if nothing
// was found: how much, where, and how to go on.
func Closing(tool string, findings []Finding) string {
	if len(findings) == 0 {
		return ""
	}
	fixable := 0
	var rules []string
	for _, f := range findings {
		if len(f.Fixes) > 0 {
			fixable++
		}
		if !slices.Contains(rules, f.Rule) {
			rules = append(rules, f.Rule)
		}
	}
	slices.Sort(rules)
	if len(rules) > 3 {
		rules = []string{"RULE"}
	}
	text := headline(findings)
	if fixable > 0 {
		text += fmt.Sprintf(", %d fixable with %s -fix", fixable, tool)
	}
	return fmt.Sprintf("%s; see %s explain %s", text, tool, strings.Join(rules, " "))
}

// Fit breaks a line at a word where a terminal of so many columns ends, and
// indents what follows. Zero columns have no end.
func Fit(line string, columns int) string {
	return strings.Join(wrap(line, columns-4, columns, columns), "\n    ")
}

// headline counts findings and the files that they are in. Of none it is empty.
func headline(findings []Finding) string {
	if len(findings) == 0 {
		return ""
	}
	files := map[string]bool{}
	for _, f := range findings {
		files[f.Pos.File] = true
	}
	return Count(len(findings), "finding") + " in " + Count(len(files), "file")
}

// Count says how many there are of what a noun names.
func Count(n int, noun string) string {
	switch {
	case n == 1:
	case strings.HasSuffix(noun, "x"):
		noun += "es"
	default:
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}
