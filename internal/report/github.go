package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"net/url"
	"strings"
)

// GitHub writes the commands of a workflow by which GitHub annotates the lines
// of a change. GitHub shows ten of them a step; all are in its log, where only
// the message is seen, so that names the place as well.
func GitHub(w io.Writer, findings []Finding, src *Sources) error {
	out := bufio.NewWriter(w)
	for _, f := range findings {
		file, _ := src.Rooted(f.Pos.File)
		fmt.Fprintf(out, "::"+Severity+" file=%s,line=%d,col=%d", property(Plain(file)), f.Pos.Line, f.Pos.Col)
		// GitHub takes no columns in a region of several lines. Where it
		// begins is what matters.
		if end := ending(f.Pos); end.Line == f.Pos.Line {
			fmt.Fprintf(out, ",endLine=%d,endColumn=%d", end.Line, end.Column)
		}
		fmt.Fprintf(out, ",title=%s::%s\n", property(f.Rule),
			data(fmt.Sprintf("%s:%d:%d: %s (%s)", Plain(file), f.Pos.Line, f.Pos.Col, oneLine(f.Message), f.Rule)))
	}
	return out.Flush()
}

// data escapes the message of a workflow command.
func data(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

// property escapes a property of a workflow command.
func property(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(s)
}

// summaryRows is how many findings a summary lists. GitHub takes a megabyte.
const summaryRows = 500

// Summary writes a run as Markdown, for the page of a job. blob is the address
// under which the files of the commit can be seen, or empty.
func Summary(w io.Writer, run Run, src *Sources, blob string) error {
	out := bufio.NewWriter(w)
	counted := Counted(run.Findings)
	findings := Folded(counted)
	nothing := "nothing found"
	if len(run.Errors) > 0 {
		nothing = "not everything could be analyzed"
	}
	fmt.Fprintf(out, "### %s: %s\n\n", run.Tool, cmp.Or(headline(findings), nothing))
	if len(run.Checklist) > 0 && run.Using > 0 {
		if err := ChecklistMarkdown(out, run, src, blob); err != nil {
			return err
		}
	}
	for i, f := range findings {
		if i == 0 {
			fmt.Fprint(out, "| where | what | rule |\n| --- | --- | --- |\n")
		}
		if i == summaryRows {
			fmt.Fprintf(out, "\n%d more are not listed.\n", len(findings)-i)
			break
		}
		fmt.Fprintf(out, "| %s | %s | %s |\n", where(f.Pos, src, blob), markdown(f.Message), link(f.Rule, f.URL))
	}
	if len(findings) > 0 {
		fmt.Fprintln(out)
	}
	if n := len(run.Findings) - len(counted); n > 0 {
		fmt.Fprintf(out, "%s suppressed.\n\n", Count(n, "finding"))
	}
	for _, text := range run.Notes {
		text = markdown(text)
		fmt.Fprintf(out, "%s.\n\n", strings.ToUpper(text[:1])+text[1:])
	}
	for i, text := range run.Errors {
		if i == 0 {
			fmt.Fprint(out, "What could not be analyzed:\n\n")
		}
		fmt.Fprintf(out, "- %s\n", markdown(text))
	}
	if len(run.Errors) > 0 {
		fmt.Fprintln(out)
	}
	fmt.Fprintf(out, "Redis is used in %d of %s.\n", run.Using, Count(run.Packages, "package"))
	return out.Flush()
}

// where names a position, with a link to it if there is an address.
func where(p Pos, src *Sources, blob string) string {
	file, ok := src.Rooted(p.File)
	text := fmt.Sprintf("%s:%d:%d", file, p.Line, p.Col)
	if !ok || blob == "" {
		return markdown(text)
	}
	return link(text, blobURL(blob, file, p.Line))
}

// blobURL is the address of a line of a file.
func blobURL(blob, file string, line int) string {
	return fmt.Sprintf("%s/%s#L%d", blob, (&url.URL{Path: file}).EscapedPath(), line)
}

func link(text, address string) string {
	if address == "" {
		return markdown(text)
	}
	return "[" + markdown(text) + "](" + address + ")"
}

// markdown escapes what Markdown and HTML would read, and makes one line of a
// text, as a cell of a table is one.
func markdown(s string) string {
	var b strings.Builder
	for _, r := range oneLine(strings.Join(strings.Fields(s), " ")) {
		switch {
		case r == '<':
			b.WriteString("&lt;")
		case r == '&':
			b.WriteString("&amp;")
		case strings.ContainsRune("\\`*_[]|~#>@", r):
			b.WriteByte('\\')
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
