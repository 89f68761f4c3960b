package driver

import (
	"fmt"
	"go/doc/comment"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// explain prints the manual of the rules named, or lists all rules.
func (c *call) explain() (int, error) {
	t, w := c.tool, c.stdout
	if len(c.operands) == 0 {
		for _, a := range t.Analyzers {
			if _, err := fmt.Fprintf(w, "%-12s %s\n", a.Name, summary(a)); err != nil {
				return exitFailure, err
			}
		}
		return exitClean, nil
	}
	for i, name := range c.operands {
		at := slices.IndexFunc(t.Analyzers, func(a *analysis.Analyzer) bool { return a.Name == name })
		if at < 0 {
			return exitFailure, t.noRule(name)
		}
		var parser comment.Parser
		printer := comment.Printer{TextWidth: 80}
		text := printer.Text(parser.Parse(t.Analyzers[at].Doc))
		if i > 0 {
			text = append([]byte("\n"), text...)
		}
		if _, err := w.Write(text); err != nil {
			return exitFailure, err
		}
	}
	return exitClean, nil
}

// noRule is the error that there is no rule of a name.
func (t *Tool) noRule(name string) error {
	var names []string
	for _, a := range t.Analyzers {
		names = append(names, a.Name)
	}
	if near := nearest(name, names); near != "" {
		return fmt.Errorf("there is no rule %q; did you mean %s?", name, near)
	}
	return fmt.Errorf("there is no rule %q (%s explain lists the rules)", name, t.Name)
}

// summary is what a rule's manual says of it in one line: the sentence after
// the rule's name and a colon.
func summary(a *analysis.Analyzer) string {
	for line := range strings.Lines(a.Doc) {
		if s, ok := strings.CutPrefix(strings.TrimSpace(line), a.Name+":"); ok {
			return strings.TrimSpace(s)
		}
	}
	first, _, _ := strings.Cut(a.Doc, "\n")
	return first
}
