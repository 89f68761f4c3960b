package report

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strconv"
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

// Frames writes findings for a terminal: the line that Text writes, and below
// it the source that the path of the finding goes through.
func Frames(w io.Writer, findings []Finding, src *Sources, colors bool) error {
	out := bufio.NewWriter(w)
	p := &painter{out: out, src: src}
	if colors {
		p.styles = &palette{reset: "\x1b[0m", bold: "\x1b[1m", main: "\x1b[1;31m", step: "\x1b[35m", faint: "\x1b[2m"}
	} else {
		p.styles = &palette{}
	}
	for i, f := range findings {
		if i > 0 {
			fmt.Fprintln(out)
		}
		p.finding(f)
	}
	return out.Flush()
}

// palette holds escape sequences. Red and magenta are the colours that can be
// told from a light background and from a dark one in every usual scheme. Text
// that is to be read has the terminal's own colour all the same.
type palette struct {
	reset, bold, main, step, faint string
}

type painter struct {
	out    *bufio.Writer
	src    *Sources
	styles *palette
}

// styled puts text in a style. Without colours it is the text alone.
func (p *painter) styled(style, text string) string { return style + text + p.styles.reset }

// mark is a region of one line with what is said of it.
type mark struct {
	pos   Pos
	label string
	main  bool // it is what the finding is about
}

// marks lists what a frame shows of a finding, in the order of its path. The
// finding's own region is put where the path would come by, unless it does.
func (f *Finding) marks() []mark {
	own := f.Mark
	if own == (Pos{}) {
		own = f.Pos
	}
	var list []mark
	at := -1
	for i, s := range f.Path {
		if at < 0 && s.Pos.File == own.File && s.Pos.Line == own.Line && s.Pos.Col == own.Col {
			at = i
		}
		list = append(list, mark{pos: s.Pos, label: s.Message, main: at == i})
	}
	if at < 0 {
		at = slices.IndexFunc(list, func(m mark) bool { return m.pos.File != own.File || m.pos.Line > own.Line })
		if at < 0 {
			at = len(list)
		}
		list = slices.Insert(list, at, mark{pos: own, main: true})
	}
	return list
}

// finding writes one finding with its frame.
func (p *painter) finding(f Finding) {
	s := p.styles
	fmt.Fprintf(p.out, "%s %s %s\n",
		p.styled(s.bold, fmt.Sprintf("%s:%d:%d:", Plain(f.Pos.File), f.Pos.Line, f.Pos.Col)),
		oneLine(f.Message), p.styled(s.faint, "("+f.Rule+")"))
	marks := f.marks()
	gutter, indent := 0, -1
	for _, m := range marks {
		gutter = max(gutter, len(strconv.Itoa(m.pos.Line)))
		line := p.src.Line(m.pos.File, m.pos.Line)
		if strings.TrimSpace(line) == "" {
			continue
		}
		if _, from, _ := layout(line, len(line)-len(strings.TrimLeft(line, " \t")), 0); indent < 0 || from < indent {
			indent = from
		}
	}
	if indent < 0 {
		return // the source is not there
	}
	gutter += 2
	bar := p.styled(s.faint, strings.Repeat(" ", gutter)+" |")
	file, line := f.Pos.File, 0
	for _, m := range marks {
		switch {
		case m.pos.File != file:
			fmt.Fprintf(p.out, "%s %s\n", p.styled(s.faint, strings.Repeat(" ", gutter-1)+"-->"), Plain(m.pos.File))
			fallthrough
		case line == 0:
			p.line(m.pos, gutter, indent)
		case m.pos.Line == line:
		case m.pos.Line == line+2:
			p.line(Pos{File: file, Line: line + 1}, gutter, indent)
			p.line(m.pos, gutter, indent)
		case m.pos.Line != line+1:
			fmt.Fprintln(p.out, p.styled(s.faint, strings.Repeat(" ", gutter-2)+"..."))
			fallthrough
		default:
			p.line(m.pos, gutter, indent)
		}
		file, line = m.pos.File, m.pos.Line
		style := s.step
		if m.main {
			style = s.main
		}
		from, to := p.span(m.pos, indent)
		under := p.styled(style, strings.Repeat("^", to-from))
		if m.label != "" {
			under += " " + oneLine(m.label)
		}
		fmt.Fprintf(p.out, "%s %s%s\n", bar, strings.Repeat(" ", from), under)
	}
	for _, fix := range f.Fixes {
		fmt.Fprintf(p.out, "%s %s\n", p.styled(s.faint, strings.Repeat(" ", gutter)+" ="), p.styled(s.bold, "fix:")+" "+oneLine(fix.Message))
	}
}

// line writes one line of source with its number.
func (p *painter) line(pos Pos, gutter, indent int) {
	text, _, _ := layout(p.src.Line(pos.File, pos.Line), 0, 0)
	text = strings.TrimRight(text[min(indent, len(text)-len(strings.TrimLeft(text, " "))):], " ")
	fmt.Fprintln(p.out, strings.TrimRight(p.styled(p.styles.faint, fmt.Sprintf("%*d |", gutter, pos.Line))+" "+text, " "))
}

// span returns the columns of the screen that a region takes on its first
// line, counted from the end of the indent. They are one at least.
func (p *painter) span(pos Pos, indent int) (from, to int) {
	line := p.src.Line(pos.File, pos.Line)
	end := len(strings.TrimRight(line, " \t"))
	if pos.EndLine == pos.Line {
		end = min(pos.EndCol-1, len(line))
	}
	_, from, to = layout(line, pos.Col-1, end)
	from = max(from-indent, 0)
	return from, max(to-indent, from+1)
}

// layout returns a line as it is shown, with tabs expanded and with what a
// terminal would not show as a character replaced. It also returns the columns
// of the screen at which the byte offsets start and end are, counted from 0.
func layout(line string, start, end int) (text string, from, to int) {
	const tab = 4
	var b strings.Builder
	column := 0
	for i, r := range line {
		if i == start {
			from = column
		}
		if i == end {
			to = column
		}
		switch {
		case r == '\t':
			n := tab - column%tab
			b.WriteString(strings.Repeat(" ", n))
			column += n
		case hidden(r):
			b.WriteRune('\uFFFD')
			column++
		default:
			b.WriteRune(r)
			column += width(r)
		}
	}
	if start >= len(line) {
		from = column
	}
	if end >= len(line) {
		to = column
	}
	return b.String(), from, to
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
	return fmt.Sprintf("%s (%s explain %s)", text, tool, strings.Join(rules, " "))
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
