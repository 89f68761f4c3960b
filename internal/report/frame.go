package report

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Look is how findings look on a terminal.
type Look struct {
	Colors bool
	// Columns is how many columns the terminal has. Nothing is wrapped or cut
	// if it is 0.
	Columns int
}

// leastColumns is the narrowest terminal for which anything is made to fit.
const leastColumns = 40

// Frames writes findings for a terminal: the line that Text writes, and below
// it the source that the path of the finding goes through.
func Frames(w io.Writer, findings []Finding, src *Sources, look Look) error {
	out := bufio.NewWriter(w)
	p := &painter{out: out, src: src, columns: look.Columns}
	if p.columns > 0 {
		p.columns = max(p.columns, leastColumns)
	}
	if look.Colors {
		p.styles = palette{reset: "\x1b[0m", bold: "\x1b[1m", main: "\x1b[1;31m", step: "\x1b[35m", faint: "\x1b[2m"}
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
	out     *bufio.Writer
	src     *Sources
	styles  palette
	columns int // of the terminal, 0 if it has no end
}

// styled puts text in a style. Without colours it is the text alone.
func (p *painter) styled(style, text string) string { return style + text + p.styles.reset }

// mark is a region of one line with its label.
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
		pos := s.Mark
		if pos == (Pos{}) {
			pos = s.Pos
		}
		if at < 0 && pos.File == own.File && pos.Line == own.Line && pos.Col == own.Col {
			at = i
		}
		list = append(list, mark{pos: pos, label: s.Message, main: at == i})
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
	p.words([]styledText{
		{s.bold, fmt.Sprintf("%s:%d:%d:", Plain(f.Pos.File), f.Pos.Line, f.Pos.Col)},
		{"", oneLine(f.Message)},
		{s.faint, "(" + f.Rule + ")"},
	}, 4)
	marks := f.marks()
	g := frame{painter: p, indent: -1}
	for _, m := range marks {
		g.gutter = max(g.gutter, len(strconv.Itoa(m.pos.Line))+2)
		line := p.src.Line(m.pos.File, m.pos.Line)
		if strings.TrimSpace(line) == "" {
			continue
		}
		if _, from, _ := layout(line, len(line)-len(strings.TrimLeft(line, " \t")), 0); g.indent < 0 || from < g.indent {
			g.indent = from
		}
	}
	if g.indent < 0 {
		return // the source is not there
	}
	file, line := f.Pos.File, 0
	for len(marks) > 0 {
		at := marks[0].pos
		n := 1 // how many there are on the line
		for n < len(marks) && marks[n].pos.File == at.File && marks[n].pos.Line == at.Line {
			n++
		}
		switch {
		case at.File != file:
			fmt.Fprintf(p.out, "%s %s\n", p.styled(s.faint, strings.Repeat(" ", g.gutter-1)+"-->"), Plain(at.File))
		case line != 0 && at.Line == line+2:
			g.line(Pos{File: file, Line: line + 1}, nil)
		case line != 0 && at.Line != line+1:
			fmt.Fprintln(p.out, p.styled(s.faint, strings.Repeat(" ", g.gutter-2)+"..."))
		}
		g.line(at, marks[:n])
		file, line, marks = at.File, at.Line, marks[n:]
	}
	if f.NoFix != "" {
		fmt.Fprint(p.out, p.styled(s.faint, strings.Repeat(" ", g.gutter)+" ="), " ")
		p.columnsBut(g.gutter+3).words([]styledText{{s.bold, "no fix:"}, {"", oneLine(f.NoFix)}}, g.gutter+8)
	}
	for _, fix := range f.Fixes {
		fmt.Fprint(p.out, p.styled(s.faint, strings.Repeat(" ", g.gutter)+" ="), " ")
		p.columnsBut(g.gutter+3).words([]styledText{{s.bold, "fix:"}, {"", oneLine(fix.Message)}}, g.gutter+8)
	}
}

// columnsBut is the painter for what is written behind the first n columns.
func (p *painter) columnsBut(n int) *painter {
	q := *p
	if q.columns > 0 {
		q.columns = max(q.columns-n, leastColumns/2)
	}
	return &q
}

// styledText is text in a style.
type styledText struct{ style, text string }

// words writes texts, separated by spaces, and goes on in a new line, behind an
// indent, where the terminal ends.
func (p *painter) words(texts []styledText, indent int) {
	column := 0
	for i, t := range texts {
		for j, line := range wrap(t.text, p.columns-indent, p.columns-column-1, p.columns) {
			switch {
			case line == "": // there is no room
				continue
			case j > 0:
				fmt.Fprint(p.out, "\n", strings.Repeat(" ", indent))
				column = indent
			case i > 0:
				fmt.Fprint(p.out, " ")
				column++
			}
			if t.style == "" {
				fmt.Fprint(p.out, line)
			} else {
				fmt.Fprint(p.out, p.styled(t.style, line))
			}
			column += textWidth(line)
		}
	}
	fmt.Fprintln(p.out)
}

// wrap divides a text into lines of at most width columns, the first of at most
// first. A first line that has no room even for one word is empty. columns is 0
// where nothing is wrapped.
func wrap(text string, width, first, columns int) []string {
	if columns == 0 || textWidth(text) <= first {
		return []string{text}
	}
	var lines []string
	line, room := "", first
	for i, word := range strings.Split(text, " ") {
		switch n := textWidth(word); {
		case i == 0 && (n <= room || room >= width):
			line = word
		case i == 0:
			lines, line, room = append(lines, ""), word, width
		case textWidth(line)+1+n <= room:
			line += " " + word
		default:
			lines, line, room = append(lines, line), word, width
		}
	}
	return append(lines, line)
}

// frame is the source that is shown of one finding.
type frame struct {
	*painter
	gutter, indent int
}

// room is how many columns there are for source, or 0 if it has no end.
func (g *frame) room() int {
	if g.columns == 0 {
		return 0
	}
	return max(g.columns-g.gutter-3, leastColumns/2)
}

// line writes one line of source with its number, and below it its marks.
func (g *frame) line(pos Pos, marks []mark) {
	s := g.styles
	text, _, _ := layout(g.src.Line(pos.File, pos.Line), 0, 0)
	text = strings.TrimRight(text[min(g.indent, len(text)-len(strings.TrimLeft(text, " "))):], " ")
	left := 0
	if room := g.room(); room > 0 && textWidth(text) > room {
		from, to := textWidth(text), 0
		for _, m := range marks {
			f, t := g.span(m.pos)
			from, to = min(from, f), max(to, t)
		}
		if to > room-2 {
			left = max(0, min(from-4, textWidth(text)-room))
		}
		text = clip(text, left, room)
	}
	fmt.Fprintln(g.out, strings.TrimRight(g.styled(s.faint, fmt.Sprintf("%*d |", g.gutter, pos.Line))+" "+text, " "))
	bar := g.styled(s.faint, strings.Repeat(" ", g.gutter)+" |")
	for _, m := range marks {
		style := s.step
		if m.main {
			style = s.main
		}
		from, to := g.span(m.pos)
		from, to = max(0, from-left), max(1, to-left)
		if room := g.room(); room > 0 {
			from = min(from, room-1)
			to = max(from+1, min(to, room))
		}
		under := strings.Repeat(" ", from) + g.styled(style, strings.Repeat("^", to-from))
		label := oneLine(m.label)
		if room := g.room(); label != "" && room > 0 && to+1+textWidth(label) > room {
			// Beside the mark there is no room: the label goes below it.
			fmt.Fprintf(g.out, "%s %s\n", bar, under)
			at := max(0, min(from, room-textWidth(label)))
			if room-at < leastColumns/2 {
				at = 0
			}
			for _, part := range wrap(label, room-at, room-at, room) {
				fmt.Fprintf(g.out, "%s %s%s\n", bar, strings.Repeat(" ", at), part)
			}
			continue
		}
		if label != "" {
			under += " " + label
		}
		fmt.Fprintf(g.out, "%s %s\n", bar, under)
	}
}

// clip returns the columns of a text from left on that fit a room, with an
// ellipsis where something is cut off.
func clip(text string, left, room int) string {
	var b strings.Builder
	column, end := 0, left+room
	more := textWidth(text) > end
	for _, r := range text {
		n := width(r)
		switch {
		case column < left, left > 0 && column == left:
			if column+n > left {
				b.WriteString("…" + strings.Repeat(" ", column+n-left-1))
			}
		case more && column+n > end-1:
			return b.String() + "…"
		default:
			b.WriteRune(r)
		}
		column += n
	}
	return b.String()
}

// textWidth is how many columns of a terminal a text takes.
func textWidth(text string) int {
	n := 0
	for _, r := range text {
		n += width(r)
	}
	return n
}

// span returns the columns of the screen that a region takes on its first
// line, counted from the end of the indent. They are one at least.
func (g *frame) span(pos Pos) (from, to int) {
	line := g.src.Line(pos.File, pos.Line)
	end := len(strings.TrimRight(line, " \t"))
	if pos.EndLine == pos.Line {
		end = min(pos.EndCol-1, len(line))
	}
	_, from, to = layout(line, pos.Col-1, end)
	from = max(from-g.indent, 0)
	return from, max(to-g.indent, from+1)
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
			b.WriteRune(utf8.RuneError)
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
