package report

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
)

// A Requirement is one line of the checklist that code with Redis should pass,
// with the rules that verify it.
type Requirement struct {
	Text  string
	Rules []string
	Ran   bool // one of the rules ran in some package
}

// worst is how many places of a requirement are named.
const worst = 3

// places lists the files with the most findings of some rules, with their
// number and the first line.
func places(findings []Finding, rules []string, name func(Pos) string) (count int, list []string) {
	type place struct {
		first Pos
		n     int
	}
	var files []*place
	for _, f := range findings {
		if !slices.Contains(rules, f.Rule) {
			continue
		}
		count++
		i := slices.IndexFunc(files, func(p *place) bool { return p.first.File == f.Pos.File })
		if i < 0 {
			files = append(files, &place{first: f.Pos})
			i = len(files) - 1
		}
		files[i].n++
	}
	slices.SortStableFunc(files, func(a, b *place) int { return b.n - a.n })
	for i, p := range files {
		if i == worst {
			list = append(list, Count(len(files)-i, "more file"))
			break
		}
		text := name(p.first)
		if p.n > 1 {
			text += fmt.Sprintf(" and %d more", p.n-1)
		}
		list = append(list, text)
	}
	return count, list
}

// Checklist writes one line for each requirement: that it holds, or how often
// and where it does not, or that no rule about it ran.
func Checklist(w io.Writer, run Run) error {
	out := bufio.NewWriter(w)
	findings := Counted(run.Findings)
	for _, r := range run.Checklist {
		rules := strings.Join(r.Rules, ", ")
		n, where := places(findings, r.Rules, func(p Pos) string { return fmt.Sprintf("%s:%d", p.File, p.Line) })
		switch {
		case n > 0:
			fmt.Fprintf(out, "✗ %s (%s): %s\n    %s\n", r.Text, rules, Count(n, "finding"), strings.Join(where, "\n    "))
		case !r.Ran:
			fmt.Fprintf(out, "- %s (%s): not checked in these packages\n", r.Text, rules)
		case len(run.Errors) > 0:
			fmt.Fprintf(out, "? %s (%s): not everything could be analyzed\n", r.Text, rules)
		default:
			fmt.Fprintf(out, "✓ %s (%s)\n", r.Text, rules)
		}
	}
	return out.Flush()
}

// ChecklistMarkdown writes the same as a list of tasks. blob is the address under
// which the files of the commit can be seen, or empty.
func ChecklistMarkdown(w io.Writer, run Run, src *Sources, blob string) error {
	out := bufio.NewWriter(w)
	findings := Counted(run.Findings)
	urls := map[string]string{}
	for _, r := range run.Rules {
		urls[r.Name] = r.URL
	}
	for _, r := range run.Checklist {
		var rules []string
		for _, name := range r.Rules {
			rules = append(rules, link(name, urls[name]))
		}
		n, where := places(findings, r.Rules, func(p Pos) string {
			file, ok := src.Rooted(p.File)
			text := fmt.Sprintf("%s:%d", file, p.Line)
			if !ok || blob == "" {
				return markdown(text)
			}
			return link(text, blobURL(blob, file, p.Line))
		})
		box, rest := "[x]", ""
		switch {
		case n > 0:
			box, rest = "[ ]", fmt.Sprintf(": **%s**, %s", Count(n, "finding"), strings.Join(where, ", "))
		case !r.Ran:
			box, rest = "[ ]", ": not checked in these packages"
		case len(run.Errors) > 0:
			box, rest = "[ ]", ": not everything could be analyzed"
		}
		fmt.Fprintf(out, "- %s %s (%s)%s\n", box, markdown(r.Text), strings.Join(rules, ", "), rest)
	}
	fmt.Fprintln(out)
	return out.Flush()
}
