package driver

import (
	"cmp"
	"fmt"
	"go/token"
	"iter"
	"path/filepath"
	"slices"
	"strings"

	"github.com/redislint/redislint/internal/report"
)

// A fate is what becomes of something that a package opens.
type fate struct {
	File       string // full name
	Line       int
	Func       string // the function around the call that opens it
	Text       string
	Understood bool
	Unfinished bool // the function was too large to follow
}

// A teller is the result of an analyzer that knows what becomes of what the
// package opens.
type teller interface {
	Fates() iter.Seq2[token.Pos, string]
	Understood(fate string) bool
	Unfinished() iter.Seq[token.Pos]
}

// fatesOf lists what a result tells. Most tell nothing.
func (u *unit) fatesOf(value any) []fate {
	t, ok := value.(teller)
	if !ok {
		return nil
	}
	unfinished := make(map[token.Pos]bool)
	for pos := range t.Unfinished() {
		unfinished[pos] = true
	}
	var list []fate
	for pos, text := range t.Fates() {
		at := u.fset.Position(pos)
		list = append(list, fate{at.Filename, at.Line, funcName(u.decl(pos)), text, t.Understood(text), unfinished[pos]})
	}
	return list
}

// fatesIn lists the fates of the packages that are asked for, each once: a
// package and its variant for tests share files.
func fatesIn(nodes []*node) []fate {
	var list []fate
	for _, n := range nodes {
		if n.root {
			list = append(list, n.outcome.fates...)
		}
	}
	slices.SortFunc(list, func(a, b fate) int {
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), strings.Compare(a.Text, b.Text))
	})
	return slices.CompactFunc(list, func(a, b fate) bool { return a.File == b.File && a.Line == b.Line && a.Text == b.Text })
}

// unfinished lists the functions that were too large to follow, each once, as
// "F (file.go:12)".
func unfinished(fates []fate, base string) []string {
	var list []string
	seen := make(map[string]bool)
	for _, f := range fates {
		if key := f.File + "\n" + f.Func; f.Unfinished && !seen[key] {
			seen[key] = true
			list = append(list, fmt.Sprintf("%s (%s:%d)", f.Func, filepath.ToSlash(shortPath(base, f.File)), f.Line))
		}
	}
	return list
}

// sayFates says how much of what is opened was understood, and by which reasons
// the rest was not, most frequent first.
func (w *writer) sayFates(fates []fate) {
	if len(fates) == 0 {
		return
	}
	counts := make(map[string]int)
	understood := 0
	var texts []string
	for _, f := range fates {
		if counts[f.Text]++; counts[f.Text] == 1 {
			texts = append(texts, f.Text)
		}
		if f.Understood {
			understood++
		}
	}
	slices.SortFunc(texts, func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), strings.Compare(a, b))
	})
	for i, text := range texts {
		texts[i] = fmt.Sprintf("%d %s", counts[text], text)
	}
	w.say("%s, %d of them understood: %s", report.Count(len(fates), "opening"), understood, strings.Join(texts, "; "))
	for _, fn := range unfinished(fates, w.dir) {
		w.say("too large to follow: %s", fn)
	}
}
