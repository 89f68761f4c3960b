package lifetime

// This file answers the question of a user who doubts: what does the engine
// believe of one resource, and which line made it believe so? The search runs
// once more, and takes notes.

import (
	"cmp"
	"go/token"
	"slices"
	"strconv"

	"github.com/redislint/redislint/internal/lifetime/eval"
	"github.com/redislint/redislint/internal/lifetime/facts"
	"golang.org/x/tools/go/ssa"
)

// An Account tells what becomes of a resource, and where.
type Account struct {
	Released []Event // by something that releases it
	Moved    []Event // to somebody else, or to where nobody can follow
	Given    []Event // to the caller, who must release it
	GaveUp   bool    // there are too many paths to tell
}

// An Event is something that ends a path, or the search on it.
type Event struct {
	Pos      token.Pos
	Reason   facts.Reason // why it moved
	By       string       // what released or took it: "Close", "shutdown", "result 1"; or ""
	Own      bool         // By is a method of the resource
	Deferred bool         // it is released when the function returns
}

// Account tells what becomes of a resource of the result.
func (r *Result) Account(x *Resource) *Account {
	return ask(r, func(e *engine) *Account {
		s := e.openings.siteOf(r.Resources, x)
		if s == nil {
			return &Account{}
		}
		e.steps = 0
		root := s.fn
		for v := e.judge(s, root); len(v.leaks) == 0 && root.Parent() != nil && movedOut(v); {
			if v = e.judge(s, root.Parent()); !v.reached {
				break
			}
			root = root.Parent()
		}
		return e.account(s, root)
	})
}

// siteOf finds the acquisition of a resource. Of several that one call makes,
// the order tells them apart.
func (e *openings) siteOf(all []*Resource, x *Resource) *site {
	n := 0
	for _, other := range all {
		if other == x {
			break
		}
		if other.Instr == x.Instr {
			n++
		}
	}
	for _, s := range e.sites(x.Func) {
		if s.instr != x.Instr {
			continue
		}
		if n == 0 {
			return s
		}
		n--
	}
	return nil
}

func (e *engine) account(s *site, root *ssa.Function) *Account {
	a := &Account{}
	if s.open.Held {
		return a
	}
	notes := &trace{}
	x, outs := e.followTraced(s, root, false, notes)
	if x.gaveUp {
		*notes = trace{}
		x, outs = e.followTraced(s, root, true, notes)
	}
	if x.gaveUp {
		a.GaveUp = true
		return a
	}
	for _, r := range x.releases {
		by, own := r.How, r.How != ""
		if c, ok := r.Instr.(ssa.CallInstruction); ok && !own {
			by = calledName(c.Common())
		}
		a.Released = append(a.Released, Event{Pos: exitPos(root, r.Instr), By: by, Own: own, Deferred: r.Deferred || runsDeferred(r.Instr.Parent())})
	}
	for _, m := range notes.moves {
		a.Moved = append(a.Moved, movedBy(root, m.at, m.why))
	}
	for _, o := range outs {
		if o.st.Status != eval.Open {
			continue
		}
		out := x.exits().classify(root, o, nil)
		pos := exitPos(root, o.exit)
		switch {
		case out.Effect == facts.Moved && o.st.Lent && len(notes.lends) > 0:
			for _, at := range notes.lends {
				a.Moved = append(a.Moved, movedBy(root, at, out.Reason))
			}
		case out.Effect == facts.Moved:
			a.Moved = append(a.Moved, Event{Pos: pos, Reason: out.Reason})
		case len(out.Into) == 0 && o.st.Doubtful:
			a.Moved = append(a.Moved, Event{Pos: pos, Reason: facts.Doubtful})
		case len(out.Into) > 0 && !failedWith(root, out):
			for _, p := range out.Into {
				a.Given = append(a.Given, Event{Pos: pos, By: placeName(root, p)})
			}
		}
	}
	for _, list := range []*[]Event{&a.Released, &a.Moved, &a.Given} {
		slices.SortFunc(*list, func(x, y Event) int {
			return cmp.Or(cmp.Compare(x.Pos, y.Pos), cmp.Compare(x.Reason, y.Reason), cmp.Compare(x.By, y.By))
		})
		*list = slices.Compact(*list)
	}
	return a
}

// movedBy is the event of an instruction that moves the resource.
func movedBy(root *ssa.Function, at ssa.Instruction, why facts.Reason) Event {
	event := Event{Pos: exitPos(root, at), Reason: why}
	if c, ok := at.(ssa.CallInstruction); ok {
		event.By = calledName(c.Common())
	}
	return event
}

// followTraced is follow with notes.
func (e *engine) followTraced(s *site, root *ssa.Function, coarse bool, notes *trace) (*search, []outcome) {
	x := e.newSearch(s, root, coarse)
	x.trace = notes
	return x, x.run(root, eval.NewState(e.pool))
}

// runsDeferred reports whether a function literal is deferred by the function
// around it.
func runsDeferred(fn *ssa.Function) bool {
	if fn == nil || fn.Parent() == nil {
		return false
	}
	for _, b := range fn.Parent().Blocks {
		for _, instr := range b.Instrs {
			if d, ok := instr.(*ssa.Defer); ok && d.Call.StaticCallee() == fn {
				return true
			}
		}
	}
	return false
}

// calledName is the name of the function that a call calls, or "".
func calledName(c *ssa.CallCommon) string {
	if c.IsInvoke() {
		return c.Method.Name()
	}
	if f := c.StaticCallee(); f != nil && f.Parent() == nil {
		return f.Name()
	}
	if b, ok := c.Value.(*ssa.Builtin); ok {
		return b.Name()
	}
	return ""
}

// placeName says where a caller finds the resource.
func placeName(fn *ssa.Function, p facts.Place) string {
	switch {
	case p.Param && p.Index < len(fn.Params):
		return "what " + fn.Params[p.Index].Name() + " points to"
	case p.Func:
		return "the func in result " + strconv.Itoa(p.Index+1)
	case p.Shape != "":
		return "what is in result " + strconv.Itoa(p.Index+1)
	}
	return "result " + strconv.Itoa(p.Index+1)
}
