package lifetime

import (
	"go/types"
	"slices"
	"strings"

	"github.com/redislint/redislint/internal/lifetime/eval"
	"github.com/redislint/redislint/internal/lifetime/facts"
	"github.com/redislint/redislint/internal/lifetime/heap"
	"github.com/redislint/redislint/internal/lifetime/knowledge"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// maxRounds bounds the computations of one recursive function.
const maxRounds = 4

// maxDepth bounds the chain of summaries computed for one another. A longer
// chain of helpers is left in silence, which is counted.
const maxDepth = 40

// summarised applies a call by the summary of what it calls.
func (s calls) summarised(st *eval.State, instr ssa.CallInstruction, method *types.Func, callee *ssa.Function, args []*heap.Term, how mode) []result {
	body := s.e.know.HasBody(callee)
	var fact *facts.FuncFact
	if !body {
		var analysed bool
		if fact, analysed = s.e.know.Fact(method); !analysed {
			return s.unread(st, instr, method, args, how)
		}
	}
	if body && s.e.know.NoReturn(callee) || fact != nil && fact.NoReturn {
		return nil
	}
	states := []*eval.State{st}
	var done []result // states with a result already
	for i, a := range args {
		if !st.Holds(a) && a.Op != heap.Closure {
			kept := body && a.Path == "" && s.keepers().fills(a) && s.keepsArg(method, callee, i)
			for _, st := range states {
				if s.expose(st, a); kept {
					s.keepers().keep(st, a)
				}
			}
			continue
		}
		var next []*eval.State
		for _, st := range states {
			for _, r := range s.passed(st, instr, method, callee, body, fact, i, a, args, how) {
				if r.result != nil {
					done = append(done, r)
				} else {
					next = append(next, r.st)
				}
			}
		}
		states = next
	}
	for _, st := range states {
		done = append(done, result{st: st})
	}
	return done
}

// passed applies a call to one argument that holds the resource or is a func.
func (s calls) passed(st *eval.State, instr ssa.CallInstruction, method *types.Func, callee *ssa.Function, body bool, fact *facts.FuncFact, i int, a *heap.Term, args []*heap.Term, how mode) []result {
	if a.Op == heap.Closure || a.Op == heap.Cleanup {
		outcomes := s.e.summaries.paramOutcomes(method, callee, body, fact, i, string(heap.Func), "", facts.Concrete{})
		if outcomes == nil {
			return nil
		}
		called, kept := false, true
		for _, o := range outcomes {
			switch o.Effect {
			case facts.Moved:
				s.escape(st, a, facts.MovedClosure)
				return only(st)
			case facts.Released:
				called = true
			case facts.Kept:
				kept = kept && len(o.Into) == 0
			}
		}
		if !kept {
			s.escape(st, a, facts.MovedClosure)
			return only(st)
		}
		if !called {
			s.expose(st, a)
			return only(st)
		}
		var rs []result
		for _, n := range s.funcs().callValue(st, instr, a, how) {
			rs = append(rs, result{st: n})
		}
		return rs
	}
	if st.Status == eval.Released {
		return s.usage().passedLate(st, instr, method, callee, body, fact, i, args, how)
	}
	if st.Status != eval.Open {
		return only(st)
	}
	shape, ok := s.Shape(st, a)
	if !ok {
		s.escape(st, a, facts.MovedUnknown)
		return only(st)
	}
	as := s.Concrete(st, a)
	outcomes := s.e.summaries.paramOutcomes(method, callee, body, fact, i, shape, strings.Join(s.release, ","), as, s.constants(st, args)...)
	if i == 0 && shape != "" && ssaflow.IsMethod(method) {
		outcomes = facts.OwnersWord(outcomes)
	}
	taken := i == 0 && shape != "" && ssaflow.IsMethod(method) && slices.ContainsFunc(outcomes, facts.Outcome.InResult)
	var rs []result
	for n, o := range outcomes {
		to := st
		if n < len(outcomes)-1 {
			to = st.Clone()
		}
		if taken && o.Effect == facts.Kept && !o.InResult() && len(o.Lends) == 0 {
			to.Doubtful = true // an owner that gives out what it has has nothing here
		}
		if s.site != nil && s.site.open.Given() != nil && o.Effect == facts.Kept && facts.Mixed(outcomes) {
			to.Doubtful = true // who releases it at times may know when it is to be released
		}
		states := []*eval.State{to}
		for _, l := range o.Lends {
			var next []*eval.State
			for _, st := range states {
				next = append(next, s.funcs().lent(st, instr, l, args, how)...)
			}
			states = next
		}
		for _, st := range states {
			opened := st.Status == eval.Open
			r := s.applyOutcome(st, instr, o, args, how)
			if opened && r.st.Status == eval.Released {
				r.st.Release.Perhaps = slices.ContainsFunc(outcomes, func(o facts.Outcome) bool { return o.Effect != facts.Released })
			}
			if shape != "" {
				r.result = s.found(r, ssaflow.ValueOf(instr))
			}
			rs = append(rs, r)
		}
	}
	return rs
}

// found completes the results of a call that took the resource out of an owner:
// a bool beside it, the last result, says whether there was one.
func (s calls) found(r result, v ssa.Value) *heap.Term {
	if v == nil || r.result == nil || r.result.Op != heap.Tuple || !r.st.Holds(r.result) {
		return r.result
	}
	last := v.Type().(*types.Tuple).Len() - 1
	if !ssaflow.IsBool(v.Type().(*types.Tuple).At(last).Type()) || r.result.Result(last) != nil {
		return r.result
	}
	parts := append(slices.Clone(r.result.Parts), heap.Part{Path: heap.Field(last), Term: s.Pool.Found(v)})
	return s.Pool.Tuple(v, parts)
}

// applyOutcome brings about what a summary says of one way of returning.
func (s calls) applyOutcome(st *eval.State, instr ssa.CallInstruction, o facts.Outcome, args []*heap.Term, how mode) result {
	v := ssaflow.ValueOf(instr)
	parts := map[int]*heap.Term{}
	for i, k := range o.Results {
		if x := s.Known(k); x != nil {
			parts[i] = x
		} else if k == facts.Uses && v != nil {
			parts[i] = s.Pool.Handle(s.Pool.Made(v))
		}
	}
	switch o.Effect {
	case facts.Released:
		s.releaseBy(st, instr, how, "", o.Manner)
	case facts.Moved:
		s.move(st, o.Reason)
	case facts.Kept:
		for _, p := range o.Into {
			switch {
			case p.Param:
				if p.Index < len(args) {
					s.plant(st, args[p.Index], heap.Shape(p.Shape))
				}
			case v == nil:
				s.untaken = true // the place is lost, the resource is not
			case p.Func:
				parts[p.Index] = s.Pool.Cleanup
			default:
				parts[p.Index] = s.PlantedAt(st, s.Pool.Made(v), p, knowledge.ResultType(v, p))
			}
		}
	}
	if v == nil || len(parts) == 0 {
		return result{st: st}
	}
	return result{st, s.Results(v, parts)}
}

// paramOutcomes returns what a call can do to a resource under a shape of one
// of its arguments. For the shape "()", a func, released means called.
func (e *summaries) paramOutcomes(method *types.Func, callee *ssa.Function, body bool, fact *facts.FuncFact, i int, shape, via string, as facts.Concrete, consts ...facts.Constant) []facts.Outcome {
	if body {
		return e.summarise(callee, i, shape, via, as, consts)
	}
	if fact != nil {
		best := -1
		for n, p := range fact.Params {
			if p.Param != i || p.Shape != shape || !facts.WhenHolds(p.When, as.Flags, consts) {
				continue
			}
			// Those with a condition stand before the one without. What names the
			// methods that release knows more than what names none.
			if p.Via != "" && facts.Overlaps(p.Via, via) {
				best = n
				break
			} else if p.Via == "" && best < 0 {
				best = n
			}
		}
		if best >= 0 {
			return fact.Params[best].Outcomes
		}
	}
	if shape != "" && shape != string(heap.Func) && knowledge.ParamIsInterface(method, i) {
		return e.lifted(fact, i, shape, via, as)
	}
	if s := heap.Shape(shape); (s.Pointers() > 1 || s.HasFunc() && s != heap.Func) && !knowledge.BuiltInside(method, i, shape) {
		return []facts.Outcome{{Effect: facts.Moved, Reason: facts.MovedUnknown}} // not looked at when it was analysed
	}
	return []facts.Outcome{{}}
}

// lifted returns what becomes of a resource in an object that is passed as an
// interface, from what is known to become of the object.
func (e *summaries) lifted(fact *facts.FuncFact, i int, shape, via string, as facts.Concrete) []facts.Outcome {
	closers := ""
	if as.Type != nil {
		closers = strings.Join(e.owners.closers(as.Type, shape, as.Hops, strings.Split(via, ",")), ",")
	}
	var of *facts.ParamFact
	if fact != nil {
		for n, p := range fact.Params {
			if p.Param == i && p.Shape == "" && p.When == "" && (p.Via == "" && of == nil || p.Via != "" && facts.Overlaps(p.Via, closers)) {
				of = &fact.Params[n]
			}
		}
	}
	if of == nil {
		return []facts.Outcome{{}}
	}
	out := make([]facts.Outcome, len(of.Outcomes))
	for n, o := range of.Outcomes {
		out[n] = o
		out[n].Into = nil
		for _, p := range o.Into {
			if !p.Func {
				p.Shape += shape
				at := p.Shape[:len(p.Shape)-len(shape)]
				hops := p.OnWay()
				if as.Type != nil {
					hops = []facts.Hop{{Shape: at, Type: as.Type}}
				}
				for _, h := range as.Hops {
					hops = append(hops, facts.Hop{Shape: at + h.Shape, Type: h.Type})
				}
				p = p.Typed(p.Dynamic(), hops)
			}
			out[n].Into = append(out[n].Into, p)
		}
	}
	return out
}

// summarise computes what a function of this package does to a resource that
// it gets under a shape of one parameter.
func (e *summaries) summarise(fn *ssa.Function, param int, shape, via string, as facts.Concrete, consts []facts.Constant) []facts.Outcome {
	key := summaryKey{fn: fn, param: param, shape: shape, via: via}
	for _, c := range consts {
		key.consts += c.String() + "/"
	}
	key.types = as.String()
	if sum, ok := e.known[key]; ok {
		switch {
		case !sum.running:
		case sum.depth == e.depth:
			e.recursed = true // by the function itself: its other paths decide
		default:
			return []facts.Outcome{{Effect: facts.Moved, Reason: facts.MovedRecursive}}
		}
		return sum.outcomes
	}
	if e.depth >= maxDepth || param >= len(fn.Params) {
		return []facts.Outcome{{Effect: facts.Moved, Reason: facts.GaveUp}}
	}
	e.depth++
	sum := &summary{running: true, depth: e.depth}
	e.known[key] = sum
	outer := e.recursed
	// A function that calls itself is computed until its result changes nothing.
	for round := 0; round < maxRounds; round++ {
		e.recursed = false
		outcomes := e.searchParam(fn, param, shape, via, as, consts)
		same := len(outcomes) == len(sum.outcomes)
		sum.outcomes = outcomes
		if !e.recursed || same {
			break
		}
	}
	e.depth--
	e.recursed = outer
	sum.running = false
	return sum.outcomes
}

// searchParam searches a function for what it does to what a parameter brings.
// Where that takes too many paths, it is asked once more without any conditions:
// what each path does then is so on each that can run.
func (e *summaries) searchParam(fn *ssa.Function, param int, shape, via string, as facts.Concrete, consts []facts.Constant) []facts.Outcome {
	origin := facts.Place{Param: true, Index: param, Shape: shape}
	s, st := e.withParam(fn, param, shape, via, as, consts)
	outs := s.run(fn, st)
	if !s.gaveUp {
		return facts.Merge(s.exits().classifyAll(fn, outs, &origin))
	}
	s, st = e.withParam(fn, param, shape, via, as, consts)
	s.coarse, s.blunt = true, true
	outs = s.run(fn, st)
	if !s.gaveUp {
		if one, ok := facts.Agreed(s.exits().classifyAll(fn, outs, &origin)); ok {
			return []facts.Outcome{one}
		}
	}
	e.count(facts.GaveUp)
	return []facts.Outcome{{Effect: facts.Moved, Reason: facts.GaveUp}}
}

// withParam readies a search of a function for what a parameter brings.
func (e *summaries) withParam(fn *ssa.Function, param int, shape, via string, as facts.Concrete, consts []facts.Constant) (*search, *eval.State) {
	s := &search{Evaluator: e.evaluator(), e: e.engine, asks: e.questionsOf(fn), root: fn, limit: stepsFor(fn) / 2, moves: map[facts.Reason]bool{}}
	if via != "" {
		s.release = strings.Split(via, ",")
	}
	st := eval.NewState(e.pool)
	st.Status = eval.Open
	s.opened = true
	p := fn.Params[param]
	s.reach = ssaflow.ReachFrom(p)
	id := e.pool.Val(p)
	switch {
	case shape == string(heap.Func):
		st.SetReg(p, s.Pool.Cleanup)
	case shape == "":
		s.Type = as.Type
		st.SetReg(p, s.Pool.Tracked)
	case heap.Shape(shape).Ways()[0].BehindPointer():
		s.PlantedAt(st, id, facts.Place{Shape: shape, Flags: as.Flags}.Typed(nil, as.Hops), as.Type)
		st.SetReg(p, s.Pool.Addr(id, "")) // not nil: the resource is behind it
	default:
		st.SetReg(p, s.PlantedAt(st, id, facts.Place{Shape: shape, Flags: as.Flags}.Typed(nil, as.Hops), as.Type))
	}
	for _, c := range consts {
		switch {
		case c.Param >= len(fn.Params):
		case c.Path != "":
			p := fn.Params[c.Param]
			at, known := st.Reg(p)
			if !known {
				at = e.pool.Val(p)
			}
			s.takeGiven(st, at, facts.Given(c))
		case c.Param != param:
			st.SetReg(fn.Params[c.Param], s.Known(c.Value))
		}
	}
	return s, st
}
