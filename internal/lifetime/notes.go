package lifetime

import (
	"github.com/redislint/redislint/internal/lifetime/eval"
	"github.com/redislint/redislint/internal/lifetime/facts"
	"github.com/redislint/redislint/internal/lifetime/heap"
	"golang.org/x/tools/go/ssa"
)

// This file has what searches note on their way, and what is concluded from it.

// A dropped is a resource that was lost at an instruction other than a return.
type dropped struct {
	st *eval.State
	at ssa.Instruction
}

// An undeferred is a plain release with a call before it that can panic.
type undeferred struct {
	release ssa.Instruction
	risk    ssa.Instruction
}

// A lateUse is a use of the resource that follows its release on some path.
type lateUse struct{ use, release ssa.Instruction }

// An earlyRelease is one way of returning that shows it.
type earlyRelease struct {
	by  *ssa.Defer
	how Leaving
	at  ssa.Instruction
}

// A reacquired is a way in which a loop came round to the acquisition, after it had
// opened a resource in an earlier turn.
type reacquired struct {
	released bool       // the earlier one was released by then, or lost
	deferred *ssa.Defer // the deferred call of the loop by which alone it is to be released
}

// trace collects the moves of a search, and the calls that may have kept what
// they were lent. A nil trace collects nothing.
type trace struct {
	moves []move
	lends []ssa.Instruction
}

func (t *trace) move(at ssa.Instruction, why facts.Reason) {
	if t != nil {
		t.moves = append(t.moves, move{at, why})
	}
}

func (t *trace) lend(at ssa.Instruction) {
	if t != nil {
		t.lends = append(t.lends, at)
	}
}

type move struct {
	at  ssa.Instruction
	why facts.Reason
}

// An outcome is one way in which a function returned.
type outcome struct {
	st      *eval.State
	results []*heap.Term
	exit    ssa.Instruction
}

// A leak is an exit that a path reaches with the resource open.
type leak struct {
	at        ssa.Instruction
	again     bool // not an exit: the acquisition itself, reached again in a loop
	withError bool // it is returned beside an error: the caller looks at the error alone
	trail     *eval.Step
}

// A verdict is what a search found out about an acquisition.
type verdict struct {
	reached    bool            // some path of the function acquires it
	leaks      []leak          // exits that some path reaches with the resource open, first one first
	all        bool            // no path ever releases it
	released   bool            // some path releases it
	lent       bool            // it may have been somebody else's already when it was acquired
	given      []facts.Open    // handed to the caller of the function
	handed     [][]facts.Place // where each way of returning leaves it, if anywhere
	moved      []facts.Reason  // why paths stopped owning it
	wrapped    []wrapping      // what callbacks got it in, and are taken to give back
	gaveUp     bool
	undeferred []undeferred
	late       []lateUse
	early      []earlyRelease
	reacquired []reacquired
}

// bracketed reports whether every path releases the resource, even one that a
// panic cuts short, and nothing else becomes of it.
func (v *verdict) bracketed() bool {
	return v.reached && v.released && !v.gaveUp &&
		len(v.leaks)+len(v.given)+len(v.handed)+len(v.moved)+len(v.undeferred) == 0
}
