package lifetime

import (
	"slices"
	"strings"

	"github.com/redislint/redislint/internal/lifetime/facts"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// A Fate says what becomes of a resource that is lent to func values.
type Fate uint8

// The fates.
const (
	Unsure Fate = iota // it moves somewhere, or is not understood
	Safe               // released on every path
	Lost               // some path leaves it open
)

// Opened returns the resources that a call hands to its caller, or that a
// composite literal is.
func (r *Result) Opened(instr ssa.Instruction) []facts.Open {
	return ask(r, func(e *engine) []facts.Open {
		switch instr := instr.(type) {
		case *ssa.Call:
			return e.openings.openedBy(instr)
		case *ssa.Alloc:
			if o, ok := e.know.Literal(instr); ok {
				return []facts.Open{o}
			}
		}
		return nil
	})
}

// FateWhenLent says what becomes of the resources that an instruction opens
// if the func values that they are passed to give them back.
func (r *Result) FateWhenLent(instr ssa.Instruction) Fate {
	return ask(r, func(e *engine) Fate { return e.fateWhenLent(instr) })
}

func (e *engine) fateWhenLent(instr ssa.Instruction) Fate {
	if e.lent == nil {
		e.lent = &memory{summaries: map[summaryKey]*summary{}}
	}
	e.lending = true
	e.swap(e.lent)
	defer func() {
		e.lending = false
		e.swap(e.lent)
	}()
	fate := Unsure
	for _, s := range e.openings.sites(instr.Parent()) {
		if s.instr != instr {
			continue
		}
		v := e.judge(s, s.fn)
		switch {
		case len(v.leaks) > 0:
			return Lost
		case v.gaveUp || !v.reached || len(v.given)+len(v.moved) > 0:
			return Unsure
		}
		fate = Safe
	}
	return fate
}

func (e *engine) swap(m *memory) {
	e.summaries.known, m.summaries = m.summaries, e.summaries.known
	e.verdicts, m.verdicts = m.verdicts, e.verdicts
}

// Releases reports whether a call releases, on all its paths, what it is given
// as an argument; the receiver is argument 0.
func (r *Result) Releases(call ssa.CallInstruction, arg int) bool {
	return ask(r, func(e *engine) bool { return e.summaries.releasesArg(call, arg) })
}

func (e *summaries) releasesArg(call ssa.CallInstruction, arg int) bool {
	c := call.Common()
	args := ssaflow.Args(c)
	if _, ok := c.Value.(*ssa.Builtin); ok || arg >= len(args) {
		return false
	}
	obj := ssaflow.Callee(c)
	if obj == nil {
		return false
	}
	if row := e.know.Table.Func(obj); row != nil {
		return slices.Contains(row.Releases, arg)
	}
	body := e.prog.Body(c)
	fact, _ := e.know.Fact(obj)
	if body == nil && fact == nil {
		return false
	}
	out := e.paramOutcomes(obj, body, body != nil, fact, arg, "", strings.Join(e.know.ReleaseOf(args[arg].Type()), ","), facts.Concrete{})
	for _, o := range out {
		if o.Effect != facts.Released {
			return false
		}
	}
	return len(out) > 0
}
