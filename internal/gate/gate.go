// Package gate decides which findings a change has made: those of the working
// tree for which none of the merge base stands. It compares findings with
// findings, and never findings with lines, so it does not matter by which of
// its lines a change makes a leak, or in which file.
//
// It knows nothing of Go, and asks git only which line is which.
package gate

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/redislint/redislint/internal/changes"
)

// A Finding is what is compared of a finding. It can be kept as JSON.
type Finding struct {
	Rule    string
	At      changes.Line // where it is, whatever //line says
	Col     int          `json:",omitempty"`
	Func    string       `json:",omitempty"` // the function around it
	Message string
	Text    string // the source that it is about
	Near    string // the lines around it
	Exits   []Exit `json:",omitempty"` // where it gets away; empty where it always does
	// Fingerprint is that of a baseline.
	Fingerprint string `json:",omitempty"`
}

// An Exit is a place that the code reaches with a resource open.
type Exit struct {
	At   changes.Line
	Text string
}

// Lines tells which line of the base is which line of the working tree.
type Lines interface {
	Relate(then, now changes.Line) changes.Relation
	OldName(name string) string
}

// A Match says what a finding of the working tree is to the base.
type Match struct {
	Old  int   // index of the finding of the base that stands for it, or -1
	Exit *Exit // by which it gets away, and that of the base does not
}

// New reports whether the change has made the finding.
func (m Match) New() bool { return m.Old < 0 || m.Exit != nil }

// How alike two texts must be, from 0 to 1.
const (
	likely  = 0.5 // given that all else is the same
	certain = 0.9 // given that much else is not
	around  = 0.6 // of the lines around, where the function or the file is another
)

// Compare finds for each finding of the working tree the one of the base that
// it is. Each of the base stands for one at most.
//
// That is the one on the same line, if git says that the line has not changed.
// A line that is gone and one that is new may be the same after all: moved,
// reformatted, with another name of a variable or function. What is still
// there is never taken for something else.
func Compare(base, now []Finding, lines Lines) []Match {
	type pair struct {
		base, now int
		score     float64
	}
	var pairs []pair
	byRule := make(map[string][]int)
	for i, f := range base {
		byRule[f.Rule] = append(byRule[f.Rule], i)
	}
	for j := range now {
		for _, i := range byRule[now[j].Rule] {
			if score := likeness(&base[i], &now[j], lines); score > 0 {
				pairs = append(pairs, pair{i, j, score})
			}
		}
	}
	slices.SortStableFunc(pairs, func(a, b pair) int {
		return cmp.Or(-cmp.Compare(a.score, b.score), cmp.Compare(a.now, b.now), cmp.Compare(a.base, b.base))
	})
	matches := make([]Match, len(now))
	for j := range matches {
		matches[j].Old = -1
	}
	taken := make([]bool, len(base))
	for _, p := range pairs {
		if matches[p.now].Old < 0 && !taken[p.base] {
			taken[p.base] = true
			matches[p.now] = Match{p.base, newExit(&base[p.base], &now[p.now], lines)}
		}
	}
	return matches
}

// likeness says how much speaks for two findings being the same, or 0 if they
// are not.
func likeness(then, now *Finding, lines Lines) float64 {
	relation := lines.Relate(then.At, now.At)
	if relation == changes.Other {
		return 0
	}
	sameFile := lines.OldName(now.At.File) == then.At.File || now.At.File == then.At.File
	sameFunc := then.Func == now.Func
	sameSubject := subject(then) == subject(now)
	if relation == changes.Same {
		// The line is the same to the byte, so another column is another call.
		if then.Col != now.Col {
			return 0
		}
		return 1000
	}
	if !sameFile && !sameFunc {
		return 0
	}
	alike := Similarity(then.Text, now.Text)
	switch {
	case sameFile && sameFunc && (sameSubject || relation == changes.Replaced):
		if alike < likely {
			return 0
		}
	case sameFile && sameFunc:
		return 0
	default:
		if !sameSubject || alike < certain || Similarity(then.Near, now.Near) < around {
			return 0
		}
	}
	score := 100 * alike
	for _, hint := range []struct {
		holds  bool
		weight float64
	}{
		{relation == changes.Replaced, 200},
		{sameFunc, 50},
		{sameSubject, 30},
		{sameFile, 20},
		{plain(then.Message) == plain(now.Message), 10},
	} {
		if hint.holds {
			score += hint.weight
		}
	}
	return score
}

// newExit is an exit of a finding that the one of the base does not have. One
// that has none gets away everywhere, and covers them all.
func newExit(then, now *Finding, lines Lines) *Exit {
	if len(then.Exits) == 0 {
		return nil
	}
	if len(now.Exits) == 0 {
		return &Exit{At: now.At, Text: now.Text}
	}
	taken := make([]bool, len(then.Exits))
	old := func(e Exit, least changes.Relation, alike float64) bool {
		for i, x := range then.Exits {
			if r := lines.Relate(x.At, e.At); !taken[i] && r >= least && (r == changes.Same || Similarity(x.Text, e.Text) >= alike) {
				taken[i] = true
				return true
			}
		}
		return false
	}
	left := now.Exits
	for _, round := range []struct {
		least changes.Relation
		alike float64
	}{{changes.Same, 0}, {changes.Replaced, likely}, {changes.Maybe, certain}} {
		var more []Exit
		for _, e := range left {
			if !old(e, round.least, round.alike) {
				more = append(more, e)
			}
		}
		left = more
	}
	if len(left) == 0 {
		return nil
	}
	return &left[0]
}

// subject is what a finding is about: the first word of its message that stands
// in the source, or if none does the first word. How a message leads up to its
// subject, "package-level variable rdb", does not count.
func subject(f *Finding) string {
	source := make(map[string]bool)
	for _, w := range strings.FieldsFunc(f.Text, isNoName) {
		source[w] = true
	}
	words := strings.Fields(f.Message)
	for _, w := range words {
		w, _, _ = strings.Cut(strings.TrimRight(w, ",:;"), "(")
		if source[w] {
			return w
		}
	}
	if len(words) == 0 {
		return ""
	}
	return words[0]
}

// isNoName reports whether a rune is no part of a name such as "s.rdb".
func isNoName(r rune) bool {
	return r != '.' && r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
}

// number is a number in a message, such as that of a line.
var number = regexp.MustCompile(`\b\d+\b`)

// plain is a message without the numbers of lines.
func plain(message string) string { return number.ReplaceAllString(message, "N") }

// Similarity says how alike two texts are, from 0 to 1: how many of their
// pairs of neighbouring bytes they have in common. White space does not count.
func Similarity(a, b string) float64 {
	a, b = Squeeze(a), Squeeze(b)
	if a == b {
		return 1
	}
	if len(a) < 2 || len(b) < 2 {
		return 0
	}
	left := make(map[[2]byte]int)
	for i := range len(a) - 1 {
		left[[2]byte{a[i], a[i+1]}]++
	}
	common := 0
	for i := range len(b) - 1 {
		p := [2]byte{b[i], b[i+1]}
		if left[p] > 0 {
			left[p]--
			common++
		}
	}
	return 2 * float64(common) / float64(len(a)+len(b)-2)
}

// Squeeze takes the white space out of a text.
func Squeeze(s string) string { return strings.Join(strings.Fields(s), "") }
