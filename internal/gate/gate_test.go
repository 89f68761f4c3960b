package gate

import (
	"fmt"
	"strings"
	"testing"

	"github.com/redislint/redislint/internal/changes"
)

// fake answers for one file without lines that changed, but for those listed.
type fake struct {
	gone, fresh map[int]bool // lines of the base, of the working tree
	was         map[int]int  // the line in the base of one that has moved
	renamed     map[string]string
}

func (f fake) Relate(then, now changes.Line) changes.Relation {
	at := now.Line
	if was, ok := f.was[now.Line]; ok {
		at = was
	}
	switch {
	case f.gone[then.Line] && f.fresh[now.Line]:
		return changes.Maybe
	case f.gone[then.Line] || f.fresh[now.Line] || at != then.Line || f.OldName(now.File) != then.File:
		return changes.Other
	}
	return changes.Same
}

func (f fake) OldName(name string) string {
	if old, ok := f.renamed[name]; ok {
		return old
	}
	return name
}

// parse reads findings of one line each: file:line func exits: text.
func parse(t *testing.T, text string) []Finding {
	t.Helper()
	var list []Finding
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) == "" {
			continue
		}
		head, text, _ := strings.Cut(strings.TrimSpace(line), ": ")
		f := Finding{Rule: "unclosed", Message: strings.Fields(text)[0] + " leaks", Text: text, Near: text}
		where, rest, _ := strings.Cut(head, " ")
		file, number, _ := strings.Cut(where, ":")
		f.At.File = file
		fmt.Sscan(number, &f.At.Line)
		for i, word := range strings.Fields(rest) {
			if i == 0 {
				f.Func = word
				continue
			}
			x := Exit{At: changes.Line{File: file}, Text: "return err"}
			fmt.Sscan(word, &x.At.Line)
			f.Exits = append(f.Exits, x)
		}
		list = append(list, f)
	}
	return list
}

func TestCompare(t *testing.T) {
	set := func(lines ...int) map[int]bool {
		m := map[int]bool{}
		for _, n := range lines {
			m[n] = true
		}
		return m
	}
	for _, test := range []struct {
		what      string
		base, now string
		lines     fake
		want      string // for each finding: the number of the old one, "new", or the number and the new exit
	}{
		{"nothing has changed", "a:1 F: rdb := open()", "a:1 F: rdb := open()", fake{}, "0"},
		{"a line has moved", "a:1 F: rdb := open()", "a:9 F: rdb := open()", fake{was: map[int]int{9: 1}}, "0"},
		{"another line", "a:1 F: rdb := open()", "a:2 F: rdb := open()", fake{}, "new"},
		{"an old leak is copied", "a:1 F: rdb := open()", "a:1 F: rdb := open()\na:5 F: rdb := open()", fake{fresh: set(5)}, "0 new"},
		{"a function is moved", "a:1 F: rdb := open()", "a:5 F: rdb := open()", fake{gone: set(1), fresh: set(5)}, "0"},
		{"one becomes two", "a:1 F: rdb := open()", "a:5 F: rdb := open()\na:7 F: rdb := open()", fake{gone: set(1), fresh: set(5, 7)}, "0 new"},
		{"a line is reformatted", "a:1 F: rdb := open(a, b)", "a:5 F: rdb := open(a, b,)", fake{gone: set(1), fresh: set(5)}, "0"},
		{"a line is written anew", "a:1 F: rdb := open(a, b)", "a:5 F: rdb := quite.Another(thing)", fake{gone: set(1), fresh: set(5)}, "new"},
		{"another variable", "a:1 F: rdb := open(a, b)", "a:5 F: client := open(a, b)", fake{gone: set(1), fresh: set(5)}, "new"},
		{"a function has another name", "a:1 F: rdb := open(a, b)", "a:5 G: rdb := open(a, b)", fake{gone: set(1), fresh: set(5)}, "0"},
		{"a function has another file", "a:1 F: rdb := open(a, b)", "b:5 F: rdb := open(a, b)", fake{gone: set(1), fresh: set(5)}, "0"},
		{"another function in another file", "a:1 F: rdb := open(a, b)", "b:5 G: rdb := open(a, b)", fake{gone: set(1), fresh: set(5)}, "new"},
		{"a file has another name", "a:1 F: rdb := open()", "b:1 F: rdb := open()", fake{renamed: map[string]string{"b": "a"}}, "0"},
		{"the same exits", "a:1 F 3 4: rdb := open()", "a:1 F 3 4: rdb := open()", fake{}, "0"},
		{"one exit less", "a:1 F 3 4: rdb := open()", "a:1 F 4: rdb := open()", fake{}, "0"},
		{"one exit more", "a:1 F 3: rdb := open()", "a:1 F 3 4: rdb := open()", fake{fresh: set(4)}, "0+4"},
		{"an old exit is closed, and another not", "a:1 F 3: rdb := open()", "a:1 F 4: rdb := open()", fake{}, "0+4"},
		{"an exit is reformatted", "a:1 F 3: rdb := open()", "a:1 F 4: rdb := open()", fake{gone: set(3), fresh: set(4)}, "0"},
		{"an exit becomes two", "a:1 F 3: rdb := open()", "a:1 F 4 5: rdb := open()", fake{gone: set(3), fresh: set(4, 5)}, "0+5"},
		{"no exit was closed", "a:1 F: rdb := open()", "a:1 F 3: rdb := open()", fake{fresh: set(3)}, "0"},
		{"no exit is closed any more", "a:1 F 3: rdb := open()", "a:1 F: rdb := open()", fake{}, "0+1"},
	} {
		var got []string
		for _, m := range Compare(parse(t, test.base), parse(t, test.now), test.lines) {
			switch {
			case m.Old < 0:
				got = append(got, "new")
			case m.Exit != nil:
				got = append(got, fmt.Sprintf("%d+%d", m.Old, m.Exit.At.Line))
			default:
				got = append(got, fmt.Sprint(m.Old))
			}
		}
		if s := strings.Join(got, " "); s != test.want {
			t.Errorf("%s: %s, want %s", test.what, s, test.want)
		}
	}
	// What leads up to the subject does not count.
	for _, lead := range []string{"", "package-level variable ", "this callback closes ", "the release of "} {
		for text, old := range map[string]bool{"a:5: client = open(a, b)": false, "a:5: rdb = open(a, b)": true} {
			base, now := parse(t, "a:1: rdb = open(a, b)"), parse(t, text)
			base[0].Message, now[0].Message = lead+base[0].Message, lead+now[0].Message
			if m := Compare(base, now, fake{gone: set(1), fresh: set(5)}); m[0].New() == old {
				t.Errorf("after %q %s is old: %v, want %v", lead, text, !old, old)
			}
		}
	}
	// Of another rule, or in another column of the same line, it is another.
	for what, change := range map[string]func(*Finding){
		"rule":   func(f *Finding) { f.Rule = "timeout" },
		"column": func(f *Finding) { f.Col = 7 },
	} {
		base, now := parse(t, "a:1 F: rdb := open()"), parse(t, "a:1 F: rdb := open()")
		change(&now[0])
		if m := Compare(base, now, fake{}); !m[0].New() {
			t.Errorf("another %s is the same", what)
		}
	}
}

func TestSimilarity(t *testing.T) {
	for _, test := range []struct {
		a, b        string
		least, most float64
	}{
		{"", "", 1, 1},
		{"a b", "ab", 1, 1},
		{"a", "b", 0, 0},
		{"", "abc", 0, 0},
		{"rdb := redis.NewClient(opts)", "rdb := redis.NewClient(options)", .85, .95},
		{"rdb := redis.NewClient(opts)", "return errors.New(text)", 0, .4},
	} {
		got, back := Similarity(test.a, test.b), Similarity(test.b, test.a)
		if got < test.least || got > test.most || got != back {
			t.Errorf("%q and %q: %v and %v", test.a, test.b, got, back)
		}
	}
}
