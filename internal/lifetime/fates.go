package lifetime

import (
	"github.com/redislint/redislint/internal/lifetime/facts"
	"go/token"
	"iter"
	"slices"
)

// Fates yields the position of each call that opens a resource, and what
// becomes of it: "closed or returned", "left open", or the Reason why nothing
// is said.
func (r *Result) Fates() iter.Seq2[token.Pos, string] {
	return func(yield func(token.Pos, string) bool) {
		for _, x := range r.Resources {
			if !yield(x.Call.Pos(), x.fate()) {
				return
			}
		}
	}
}

// Understood reports whether a fate is one that the engine has understood:
// whether it knows who closes the resource, or that nobody does.
func (*Result) Understood(fate string) bool {
	return fate == closed || fate == leftOpen || facts.Reason(fate).Understood()
}

// Unfinished yields the positions of the calls for which the search gave up.
func (r *Result) Unfinished() iter.Seq[token.Pos] {
	return func(yield func(token.Pos) bool) {
		for _, x := range r.Resources {
			if slices.Contains(x.Moved, facts.GaveUp) && !yield(x.Call.Pos()) {
				return
			}
		}
	}
}

// The fates that are no Reason.
const (
	closed   = "closed or returned"
	leftOpen = "left open"
)

func (x *Resource) fate() string {
	switch {
	case len(x.Leaks) > 0 || x.Neglect != nil:
		return leftOpen
	case len(x.Moved) == 0:
		return closed
	}
	// Of several reasons one that is not understood counts.
	for _, m := range x.Moved {
		if !m.Understood() {
			return string(m)
		}
	}
	return string(x.Moved[0])
}
