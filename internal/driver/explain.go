package driver

import (
	"fmt"
	"go/doc/comment"
	"io"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// explain prints the manual of the rules named, or lists all rules.
func (t *Tool) explain(names []string, w io.Writer) error {
	if len(names) == 0 {
		for _, a := range t.Analyzers {
			if _, err := fmt.Fprintf(w, "%-12s %s\n", a.Name, summary(a)); err != nil {
				return err
			}
		}
		return nil
	}
	for i, name := range names {
		at := slices.IndexFunc(t.Analyzers, func(a *analysis.Analyzer) bool { return a.Name == name })
		if at < 0 {
			return fmt.Errorf("there is no rule %q (%s explain lists the rules)", name, t.Name)
		}
		var parser comment.Parser
		printer := comment.Printer{TextWidth: 80}
		text := printer.Text(parser.Parse(t.Analyzers[at].Doc))
		if i > 0 {
			text = append([]byte("\n"), text...)
		}
		if _, err := w.Write(text); err != nil {
			return err
		}
	}
	return nil
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
