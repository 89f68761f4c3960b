package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"
)

// A screen shows one report after the other.
type screen interface {
	show(report) error
	close() error // leaves what it has written to as it was
}

// screen chooses how to show reports on w.
func (s *settings) screen(w io.Writer) screen {
	if s.json {
		return jsons{json.NewEncoder(w)}
	}
	if f, ok := w.(*os.File); ok {
		if _, ok := size(f); ok {
			if s.looks == 1 {
				return page{s, w}
			}
			return &terminal{settings: s, w: w, rows: func() (int, bool) { return size(f) }}
		}
	}
	return lines{w}
}

// jsons writes an object for each look.
type jsons struct{ *json.Encoder }

func (j jsons) show(r report) error { return j.Encode(r) }
func (j jsons) close() error        { return nil }

// lines writes a line for each look.
type lines struct{ w io.Writer }

func (l lines) close() error { return nil }

func (l lines) show(r report) error {
	var names []string
	for _, g := range r.Names {
		name := fmt.Sprintf("%s %d", called(g.Name), g.Connections)
		if g.Growth != 0 {
			name += fmt.Sprintf(" (%+d)", g.Growth)
		}
		names = append(names, name)
	}
	parts := []string{r.Time.Format(time.RFC3339) + "  " + summary(r)}
	if len(names) > 0 {
		parts[0] += ": " + strings.Join(names, ", ")
	}
	for _, n := range r.Servers {
		if n.Error != "" {
			parts = append(parts, n.Addr+": "+n.Error)
		}
	}
	_, err := fmt.Fprintln(l.w, printable(strings.Join(append(parts, r.Exceeded...), "; ")))
	return err
}

func summary(r report) string {
	return fmt.Sprintf("%s (%+d), %s", several(r.Connections, "connection"), r.Growth, several(len(r.Suspects), "suspect"))
}

func several(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

// A page is a table that is shown once.
type page struct {
	*settings
	w io.Writer
}

func (p page) close() error { return nil }

func (p page) show(r report) error {
	_, err := io.WriteString(p.w, strings.Join(p.table(r), "\n")+"\n")
	return err
}

// A terminal shows a table in place of the one before.
type terminal struct {
	*settings
	w    io.Writer
	rows func() (n int, ok bool)
	open bool
	last report
}

// What a terminal is told: to use its other screen, without cursor and without
// wrapping lines, and back.
const (
	enter = "\x1b[?1049h\x1b[?25l\x1b[?7l"
	leave = "\x1b[?7h\x1b[?25h\x1b[?1049l"
	home  = "\x1b[H"
	tail  = "\x1b[K" // clears the rest of a line
	below = "\x1b[J" // and of the screen
)

func (t *terminal) show(r report) error {
	t.last = r
	var b strings.Builder
	if !t.open {
		t.open = true
		b.WriteString(enter)
	}
	b.WriteString(home)
	list := t.table(r)
	if rows, ok := t.rows(); ok && rows > 1 && len(list) > rows-1 {
		list = append(list[:rows-2], fmt.Sprintf("and %d more lines", len(list)-(rows-2)))
	}
	for _, line := range list {
		b.WriteString(line + tail + "\n")
	}
	b.WriteString(below)
	_, err := io.WriteString(t.w, b.String())
	return err
}

// close goes back to the screen that was there, and leaves one line on it.
func (t *terminal) close() error {
	if !t.open {
		return nil
	}
	t.open = false
	_, err := io.WriteString(t.w, leave)
	if err != nil {
		return err
	}
	return lines{t.w}.show(t.last)
}

// table is a report as lines of text.
func (s *settings) table(r report) []string {
	var b strings.Builder
	every := ""
	if s.looks != 1 {
		every = fmt.Sprintf(", every %v, Ctrl-C ends", s.interval)
	}
	fmt.Fprintf(&b, "rediswatch %s  %s%s\n", s.options.Addr, r.Time.Format(time.TimeOnly), every)
	fmt.Fprintln(&b, summary(r))
	for _, e := range r.Exceeded {
		fmt.Fprintf(&b, "LIMIT: %s\n", e)
	}
	if len(r.Names) > 0 {
		columns(&b, "NAME\tCONNECTIONS\tGROWTH\tOLDEST\tIDLE\tSUSPECTS", r.Names, func(g group) []any {
			return []any{called(g.Name), g.Connections, fmt.Sprintf("%+d", g.Growth), g.Oldest, g.Idle, g.Suspects}
		})
	}
	if len(r.Servers) > 1 || len(r.Servers) == 1 && r.Servers[0].Error != "" {
		columns(&b, "SERVER\tCONNECTIONS\tGROWTH\tERROR", r.Servers, func(n node) []any {
			if n.Error != "" {
				return []any{n.Addr, "-", "-", n.Error}
			}
			return []any{n.Addr, n.Connections, fmt.Sprintf("%+d", n.Growth), ""}
		})
	}
	if len(r.Suspects) > 0 {
		fmt.Fprintf(&b, "\nSuspects: older than %v and idle for %v", s.old, s.idle)
		columns(&b, "NAME\tADDRESS\tAGE\tIDLE\tLAST COMMAND\tUSER", r.Suspects, func(c connection) []any {
			return []any{called(c.Name), c.Addr, c.Age, c.Idle, c.Command, c.User}
		})
	}
	return strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
}

// columns writes an empty line, a head, and a line for each item.
func columns[T any](w io.Writer, head string, items []T, cells func(T) []any) {
	fmt.Fprintln(w)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, head)
	for _, item := range items {
		for i, c := range cells(item) {
			if i > 0 {
				fmt.Fprint(t, "\t")
			}
			fmt.Fprint(t, printable(fmt.Sprint(c)))
		}
		fmt.Fprintln(t)
	}
	_ = t.Flush() // it goes to memory
}

// printable keeps what a client calls itself from steering the terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			return '?'
		}
		return r
	}, s)
}
