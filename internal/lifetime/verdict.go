package lifetime

import (
	"go/token"
	"go/types"
	"sort"

	"github.com/redislint/redislint/internal/lifetime/eval"
	"github.com/redislint/redislint/internal/lifetime/facts"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// failedWith reports whether a function returns the resource together with an
// error. By Go's convention its caller does not touch the other results then.
func failedWith(fn *ssa.Function, out facts.Outcome) bool {
	for _, p := range out.Into {
		if p.Param {
			return false
		}
	}
	res := fn.Signature.Results()
	n := res.Len()
	return n > 1 && ssaflow.IsError(res.At(n-1).Type()) && len(out.Results) == n && out.Results[n-1] == "notnil"
}

// saysNil reports whether a return gives its caller a nil error.
func saysNil(exit ssa.Instruction) bool {
	ret, ok := exit.(*ssa.Return)
	return ok && len(ret.Results) > 0 && ssaflow.IsNil(ret.Results[len(ret.Results)-1]) || succeeds(exit)
}

// succeeds reports whether a return statement says nil for the error, and what
// is deferred makes an error of it: that a Close failed, say. The function has
// done its work then, and means the caller to have the resource.
func succeeds(exit ssa.Instruction) bool {
	ret, ok := exit.(*ssa.Return)
	if !ok || len(ret.Results) == 0 {
		return false
	}
	load, ok := ret.Results[len(ret.Results)-1].(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return false
	}
	said := false
	for _, instr := range ret.Block().Instrs {
		switch instr := instr.(type) {
		case *ssa.Store:
			if instr.Addr == load.X {
				c, ok := instr.Val.(*ssa.Const)
				said = ok && c.IsNil()
			}
		case *ssa.RunDefers:
			return said
		}
	}
	return false
}

// judge searches a function for what becomes of a site's resource.
func (e *engine) judge(s *site, root *ssa.Function) *verdict {
	return e.verdicts.Of(verdictKey{s.instr, root, s.open.At.String()}, func() *verdict { return e.judgeNew(s, root) })
}

func (e *engine) judgeNew(s *site, root *ssa.Function) *verdict {
	if s.open.Held {
		return e.judgeHeld(s)
	}
	x, outs := e.follow(s, root, false)
	if x.gaveUp {
		x, outs = e.follow(s, root, true)
	}
	v := &verdict{reached: x.opened, gaveUp: x.gaveUp, late: x.late, reacquired: x.reacquired, released: len(x.releases) > 0, lent: x.lent, wrapped: x.wrapped}
	for _, u := range x.undeferred {
		if !x.delayed().deferredBefore(u.release) {
			v.undeferred = append(v.undeferred, u)
		}
	}
	if x.gaveUp {
		if ret := lastReturn(s); ret != nil && s.fn == root && e.summaries.onlyBorrowed(s) {
			v.gaveUp, v.reached, v.all = false, true, true
			v.leaks = []leak{{at: ret}}
			return v
		}
		e.count(facts.GaveUp)
		return v
	}
	reasons := x.moves
	for _, d := range x.dropped {
		v.leaks = append(v.leaks, leak{at: d.at, again: true, trail: d.st.Trail})
	}
	kept := false
	for _, o := range outs {
		switch o.st.Status {
		case eval.Released:
			kept = true
			x.usage().noteEarly(o)
			if o.st.Manner == facts.Later {
				v.undeferred = nil // a goroutine has it then, and a defer would close it before its time
			}
		case eval.Open:
			out := x.exits().classify(root, o, nil)
			switch {
			case out.Effect == facts.Moved:
				reasons[out.Reason] = true
			case len(out.Into) == 0 && o.st.Doubtful:
				reasons[facts.Doubtful] = true
			case len(out.Into) == 0 && holderDecides(o, outs):
				reasons[facts.HolderDecides] = true
			case len(out.Into) == 0:
				v.leaks = append(v.leaks, leak{at: o.exit, trail: o.st.Trail})
			case failedWith(root, out) && !succeeds(o.exit):
				v.leaks = append(v.leaks, leak{at: o.exit, withError: true, trail: o.st.Trail})
			default:
				v.handed = append(v.handed, out.Into)
				for _, g := range e.openings.givenBy(s, root, out) {
					g.Lent = g.Lent && x.lent
					v.given = append(v.given, g)
				}
				kept = true
			}
		}
	}
	v.early = append(x.early, e.earlyPast(s, root, reasons)...)
	sure := len(reasons) == 0 || len(reasons) == 1 && reasons[facts.Doubtful] && len(v.leaks) > 0
	v.all = !kept && len(x.releases) == 0 && sure && !x.recovers
	for r := range reasons {
		v.moved = append(v.moved, r)
		e.count(r)
	}
	sort.Slice(v.moved, func(i, j int) bool { return v.moved[i] < v.moved[j] })
	sort.SliceStable(v.leaks, func(i, j int) bool {
		return exitPos(root, v.leaks[i].at) < exitPos(root, v.leaks[j].at)
	})
	return v
}

// follow runs one search from the entry of a function.
func (e *engine) follow(s *site, root *ssa.Function, coarse bool) (*search, []outcome) {
	x := e.newSearch(s, root, coarse)
	return x, x.run(root, eval.NewState(e.pool))
}

// newSearch readies a search for what becomes of a site's resource.
func (e *engine) newSearch(s *site, root *ssa.Function, coarse bool) *search {
	x := &search{Evaluator: e.evaluator(), e: e, asks: e.questionsOf(root), site: s, root: root, release: s.open.Release, limit: stepsFor(root), coarse: coarse,
		moves: map[facts.Reason]bool{}}
	x.reach = ssaflow.ReachFrom(sources(s)...)
	if s.open.At.Shape == "" && !s.open.At.Param {
		x.Type = dynamicType(s)
	}
	return x
}

// sources returns the values in which an acquisition leaves its resource.
func sources(s *site) []ssa.Value {
	var list []ssa.Value
	if v, ok := s.instr.(ssa.Value); ok {
		list = append(list, v)
	}
	if c, ok := s.instr.(ssa.CallInstruction); ok && s.open.At.Param {
		if args := ssaflow.Args(c.Common()); s.open.At.Index < len(args) {
			list = append(list, ssaflow.Aliases(args[s.open.At.Index])...)
		}
	}
	return list
}

// dynamicType is the type of the resource itself, if it is certain.
func dynamicType(s *site) types.Type {
	if a, ok := s.instr.(*ssa.Alloc); ok {
		return a.Type()
	}
	return s.dyn
}

// givenBy turns the places in which a function leaves a resource into what its
// callers get.
func (e *openings) givenBy(s *site, fn *ssa.Function, out facts.Outcome) []facts.Open {
	o := s.open
	o.Err, o.Cleanup, o.Also = -1, -1, nil
	o = o.If(nil)
	o.Results = out.Results
	res := fn.Signature.Results()
	if n := res.Len(); n > 0 && ssaflow.IsError(res.At(n-1).Type()) {
		o.Err = n - 1
		if len(o.Results) == n {
			o.Results = append([]facts.Known(nil), o.Results...)
			o.Results[n-1] = ""
		}
	}
	var at *facts.Place
	for i, p := range out.Into {
		switch {
		case p.Func:
			o.Cleanup = p.Index
		case at == nil:
			at = &out.Into[i]
		case at.Param && p.Param:
		case p.Param:
			// In a result and behind a parameter: that of the parameter keeps it,
			// and the result shares it.
			o.Also = append(o.Also, *at)
			at = &out.Into[i]
		default:
			o.Also = append(o.Also, p)
		}
	}
	if at == nil {
		if o.Cleanup < 0 {
			return nil
		}
		at = &facts.Place{Index: o.Cleanup, Func: true}
	}
	o.At = *at
	o.Nil = o.Err >= 0 && !at.Param && !at.Func && e.nilOnError(fn, at.Index, o.Err)
	return []facts.Open{o}
}

// exitPos is where an exit stands in the source. The implicit return at the
// end of a function stands at its closing brace.
func exitPos(fn *ssa.Function, at ssa.Instruction) token.Pos {
	if p := at.Pos(); p.IsValid() {
		return p
	}
	if n := at.Parent().Syntax(); n != nil {
		return n.End() - 1
	}
	return fn.Pos()
}
