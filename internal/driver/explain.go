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
func (c *call) explain() (int, error) {
	t, w := c.tool, c.stdout
	if len(c.operands) == 0 {
		for _, a := range t.Analyzers {
			if err := listRule(w, a.Name, summary(a), columns(w)); err != nil {
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
		text := plainManual(t.Analyzers[at])
		if isTerminal(w) {
			text = terminalManual(t.Analyzers[at], columns(w), colorful())
		}
		if i > 0 {
			text = "\n" + text
		}
		if _, err := io.WriteString(w, text); err != nil {
			return exitFailure, err
		}
	}
	return exitClean, nil
}

// listRule writes a rule and what it reports, in a hanging indent where the
// terminal has columns.
func listRule(w io.Writer, name, text string, columns int) error {
	const indent = 13
	if columns > 2*indent {
		text = strings.TrimSuffix(fill(text, columns-indent), "\n")
		text = strings.ReplaceAll(text, "\n", "\n"+strings.Repeat(" ", indent))
	}
	_, err := fmt.Fprintf(w, "%-*s%s\n", indent, name, text)
	return err
}

// plainManual is the manual of a rule as it is written, for a file or a pipe.
func plainManual(a *analysis.Analyzer) string {
	var parser comment.Parser
	printer := comment.Printer{TextWidth: 80}
	return string(printer.Text(parser.Parse(a.Doc)))
}

// manualColumns is how wide a manual gets on a wide terminal: longer lines are
// harder to read.
const manualColumns = 88

// terminalManual is the manual of a rule for a terminal of so many columns, of
// which 0 are unknown.
func terminalManual(a *analysis.Analyzer, columns int, colors bool) string {
	const indent = "  "
	if columns <= 0 {
		columns = 80
	}
	bold, faint, reset := "", "", ""
	if colors {
		bold, faint, reset = "\x1b[1m", "\x1b[2m", "\x1b[0m"
	}
	width := max(20, min(columns, manualColumns)-len(indent))
	var parser comment.Parser
	var out strings.Builder
	fmt.Fprintf(&out, "%s%s%s\n", bold, a.Name, reset)
	indented(&out, indent, fill(sentence(summary(a)), width))
	_, body, _ := strings.Cut(a.Doc, "\n")
	headed := false // the line above is a heading
	for _, block := range parser.Parse(body).Content {
		if !headed {
			out.WriteString("\n")
		}
		headed = false
		switch block := block.(type) {
		case *comment.Heading:
			fmt.Fprintf(&out, "%s%s%s\n", bold, textOf(block), reset)
			headed = true
		case *comment.Code:
			for line := range strings.Lines(block.Text) {
				line = strings.ReplaceAll(strings.TrimRight(line, "\n"), "\t", "    ")
				if i := strings.Index(line, "// "); i >= 0 {
					line = line[:i] + faint + line[i:] + reset
				}
				indented(&out, indent+indent, line)
			}
		default:
			indented(&out, indent, printed(block, width))
		}
	}
	if a.URL != "" {
		fmt.Fprintf(&out, "\n%s%s%s\n", faint, a.URL, reset)
	}
	return out.String()
}

// indented writes the lines of a text behind an indent.
func indented(out *strings.Builder, indent, text string) {
	for line := range strings.SplitSeq(strings.TrimSuffix(text, "\n"), "\n") {
		if line != "" {
			line = indent + line
		}
		out.WriteString(line + "\n")
	}
}

// fill makes lines of at most width columns of a text.
func fill(text string, width int) string {
	return printed(&comment.Paragraph{Text: []comment.Text{comment.Plain(text)}}, width)
}

// printed is a block of a manual as plain text.
func printed(block comment.Block, width int) string {
	printer := comment.Printer{TextWidth: width}
	return string(printer.Text(&comment.Doc{Content: []comment.Block{block}}))
}

// textOf is the text of a heading.
func textOf(h *comment.Heading) string {
	return strings.TrimSuffix(printed(&comment.Paragraph{Text: h.Text}, 0), "\n")
}

// sentence is the summary of a rule as a sentence of its own.
func sentence(summary string) string {
	if summary == "" {
		return ""
	}
	return strings.ToUpper(summary[:1]) + summary[1:] + "."
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
