package edit

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// context is how many lines are shown around a change.
const context = 3

// Diff returns what changes between two texts of a file as a unified diff that
// git apply and patch -p1 take, or "" if nothing does. The name is relative to
// where the diff is to be applied, with slashes.
func Diff(name string, before, after []byte) string {
	return diff(name, before, after, func(_ string, line string) string { return line })
}

// ColorDiff is Diff in the colors in which git shows it on a terminal.
func ColorDiff(name string, before, after []byte) string {
	return diff(name, before, after, func(color, line string) string {
		if color == "" {
			return line
		}
		line, newline := strings.CutSuffix(line, "\n")
		line = color + line + "\x1b[m"
		if newline {
			line += "\n"
		}
		return line
	})
}

// The colors of a diff.
const (
	bold  = "\x1b[1m"
	cyan  = "\x1b[36m"
	red   = "\x1b[31m"
	green = "\x1b[32m"
)

func diff(name string, before, after []byte, paint func(color, line string) string) string {
	a, b := lines(before), lines(after)
	steps := script(a, b)
	var out strings.Builder
	for start := 0; start < len(steps); {
		if steps[start].kind == ' ' {
			start++
			continue
		}
		// A hunk ends where twice the context follows without a change.
		end, last := start, start
		for end < len(steps) && end-last <= 2*context {
			if steps[end].kind != ' ' {
				last = end
			}
			end++
		}
		from, to := max(0, start-context), min(len(steps), last+1+context)
		if out.Len() == 0 {
			for line := range strings.Lines(header(name)) {
				out.WriteString(paint(bold, line))
			}
		}
		writeHunk(&out, steps[from:to], paint)
		start = to
	}
	return out.String()
}

// header names the file as git does it. A name that is not relative is left as
// it is, which is what patch -p0 takes.
func header(name string) string {
	if strings.HasPrefix(name, "/") || len(name) > 1 && name[1] == ':' {
		return fmt.Sprintf("--- %s\n+++ %s\n", name, name)
	}
	old, fresh := quote("a/"+name), quote("b/"+name)
	tab := ""
	if strings.Contains(name, " ") {
		tab = "\t" // it ends the name
	}
	return fmt.Sprintf("diff --git %s %s\n--- %s%s\n+++ %s%s\n", old, fresh, old, tab, fresh, tab)
}

// quote writes a name as git does it where it has characters that a diff could
// not hold.
func quote(name string) string {
	if !strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f || r == '"' || r == '\\' }) {
		return name
	}
	var out strings.Builder
	out.WriteByte('"')
	for _, c := range []byte(name) {
		switch {
		case c == '"' || c == '\\':
			out.WriteByte('\\')
			out.WriteByte(c)
		case c < ' ' || c == 0x7f:
			fmt.Fprintf(&out, "\\%03o", c)
		default:
			out.WriteByte(c)
		}
	}
	out.WriteByte('"')
	return out.String()
}

func writeHunk(out *strings.Builder, steps []step, paint func(color, line string) string) {
	old, fresh := 0, 0
	for _, s := range steps {
		if s.kind != '+' {
			old++
		}
		if s.kind != '-' {
			fresh++
		}
	}
	out.WriteString(paint(cyan, fmt.Sprintf("@@ -%s +%s @@\n", extent(steps[0].old, old), extent(steps[0].fresh, fresh))))
	for _, s := range steps {
		color := ""
		switch s.kind {
		case '-':
			color = red
		case '+':
			color = green
		}
		out.WriteString(paint(color, string(s.kind)+s.text))
		if !strings.HasSuffix(s.text, "\n") {
			out.WriteString("\n\\ No newline at end of file\n")
		}
	}
}

// extent writes where n lines are that follow the first ones.
func extent(first, n int) string {
	switch n {
	case 0:
		return fmt.Sprintf("%d,0", first)
	case 1:
		return fmt.Sprint(first + 1)
	}
	return fmt.Sprintf("%d,%d", first+1, n)
}

// lines splits a text after each newline.
func lines(text []byte) []string {
	list := strings.SplitAfter(string(text), "\n")
	if list[len(list)-1] == "" {
		list = list[:len(list)-1]
	}
	return list
}

// A step keeps a line, takes one away or adds one.
type step struct {
	kind       byte // ' ', '-' or '+'
	text       string
	old, fresh int // how many lines are before it
}

// script finds the fewest steps from a to b, as Myers does it.
func script(a, b []string) []step {
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	var steps []step
	x, y := 0, 0
	add := func(kind byte) {
		s := step{kind: kind, old: x, fresh: y}
		if kind == '+' {
			s.text = b[y]
		} else {
			s.text = a[x]
		}
		if kind != '+' {
			x++
		}
		if kind != '-' {
			y++
		}
		steps = append(steps, s)
	}
	for range head {
		add(' ')
	}
	for _, kind := range middle(a[head:len(a)-tail], b[head:len(b)-tail]) {
		add(kind)
	}
	for range tail {
		add(' ')
	}
	return steps
}

// middle returns the kinds of the fewest steps from a to b.
func middle(a, b []string) []byte {
	n, m := len(a), len(b)
	at := map[int]int{1: 0} // how far each diagonal reaches
	var trace []map[int]int
	for d := 0; ; d++ {
		trace = append(trace, maps.Clone(at))
		for k := -d; k <= d; k += 2 {
			x := at[k-1] + 1
			if k == -d || k != d && at[k-1] < at[k+1] {
				x = at[k+1]
			}
			for x < n && x-k < m && a[x] == b[x-k] {
				x++
			}
			at[k] = x
			if x >= n && x-k >= m {
				return walkBack(trace, n, m)
			}
		}
	}
}

func walkBack(trace []map[int]int, x, y int) []byte {
	var kinds []byte
	for d := len(trace) - 1; d > 0; d-- {
		at, k := trace[d], x-y
		from := k - 1
		if k == -d || k != d && at[k-1] < at[k+1] {
			from = k + 1
		}
		px := at[from]
		py := px - from
		for x > px && y > py {
			kinds = append(kinds, ' ')
			x, y = x-1, y-1
		}
		if x == px {
			kinds = append(kinds, '+')
			y--
		} else {
			kinds = append(kinds, '-')
			x--
		}
	}
	for x > 0 {
		kinds = append(kinds, ' ')
		x--
	}
	slices.Reverse(kinds)
	return kinds
}
