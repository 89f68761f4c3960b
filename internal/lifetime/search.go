package lifetime

import (
	"go/token"
	"go/types"
	"slices"

	"github.com/redislint/redislint/internal/lifetime/eval"
	"github.com/redislint/redislint/internal/lifetime/facts"
	"github.com/redislint/redislint/internal/lifetime/heap"
	"github.com/redislint/redislint/internal/lifetime/relevance"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// A search follows one resource over all paths of a function, from the entry
// to each exit. Functions whose bodies matter for its conditions (function
// literals, deferred closures) are run in place; all others are known by
// their summaries.
type search struct {
	eval.Evaluator
	e       *engine
	site    *site    // the acquisition, or nil when the resource came in by a parameter
	release []string // method names that release it
	root    *ssa.Function
	asks    *relevance.Questions
	reach   ssaflow.Reach // the values that the resource can reach
	running []*ssa.Function
	steps   int
	limit   int
	coarse  bool // do not correlate conditions on memory: fewer states
	blunt   bool // know nothing but where the resource is: fewest
	past    bool // follow it past where it moves: see early.go
	rooted  bool // it stays where it was read, whatever it is put into besides: see owner.go
	gaveUp  bool
	opened  bool // some path reached the acquisition
	lent    bool // and may have been given there what belongs to somebody else

	untaken  bool // a result that nobody takes led to it
	recovers bool // something is done after a panic, which is not followed

	moves      map[facts.Reason]bool // why paths stopped owning it
	dropped    []dropped             // losses seen before an exit is reached
	releases   []*eval.ReleaseEvent
	undeferred []undeferred
	deferred   []*ssa.Defer   // those that hold the resource
	late       []lateUse      // uses after the release: see misuse.go
	early      []earlyRelease // releases of what leaves the function: see early.go
	reacquired []reacquired   // ways in which a loop came round to the acquisition: see reacquire.go

	wrapped []wrapping // what is taken to be only used: see callback.go
	assumed []assumed  // what is taken for granted of fields: see given.go

	tried int // funcs that are being tried out, one within the other: see closure.go

	trace *trace          // where it moved, if somebody asks: see why.go
	at    ssa.Instruction // the instruction that runs, while somebody asks
}

// The bounds of a search. A function that needs more is left in silence,
// which is counted.
const (
	maxSteps   = 2000   // block visits of one search, and
	blockSteps = 12     // as many for each block of its function
	maxPackage = 500000 // block visits of all searches of a package
	maxCells   = 300    // places in memory that a state remembers
	maxInline  = 6      // function literals run within one another
	maxResults = 64     // ways of returning that are told apart
)

// stepsFor is how many block visits a search of a function may take.
func stepsFor(fn *ssa.Function) int { return max(maxSteps, blockSteps*len(fn.Blocks)) }

// run follows every path of a function from its entry and returns the ways in
// which it returns.
func (s *search) run(fn *ssa.Function, st *eval.State) []outcome {
	if len(fn.Blocks) == 0 {
		return nil
	}
	s.running = append(s.running, fn)
	at := s.at
	defer func() { s.running, s.at = s.running[:len(s.running)-1], at }()
	st.Enter()

	type item struct {
		block *ssa.BasicBlock
		index int
		st    *eval.State
	}
	var (
		outs []outcome
		seen = visited{}
		work []item
		flow = s.e.graphs.Flow(fn)
	)
	enter := func(b, pred *ssa.BasicBlock, st *eval.State) {
		if s.prunable(fn, b, st) {
			return
		}
		s.enter(flow, fn, b, pred, st)
		if st.Size() > maxCells {
			s.gaveUp = true
			return
		}
		if len(b.Preds) < 2 || seen.add(b, 0, st) {
			work = append(work, item{b, 0, st})
		}
	}
	enter(fn.Blocks[0], nil, st)
	// fork goes on inside of a block in several ways. Those that know the same are
	// one: a row of calls would double them with each.
	fork := func(b *ssa.BasicBlock, index int, next []*eval.State) {
		for _, st := range slices.Backward(next) {
			s.forget(flow, fn, b, index, st)
			if seen.add(b, index, st) {
				work = append(work, item{b, index, st})
			}
		}
	}
	for len(work) > 0 {
		it := work[len(work)-1]
		work = work[:len(work)-1]
		s.steps++
		if s.e.steps++; s.steps > s.limit || s.e.steps > maxPackage {
			s.gaveUp = true
			return nil
		}
		b, st := it.block, it.st
	instrs:
		for i := it.index; i < len(b.Instrs); i++ {
			if s.trace != nil {
				s.at = b.Instrs[i]
			}
			switch instr := b.Instrs[i].(type) {
			case *ssa.Phi:
				// set on the edge
			case *ssa.If:
				succs := s.branch(instr, st)
				for j := len(succs) - 1; j >= 0; j-- {
					enter(succs[j].block, b, succs[j].st)
				}
			case *ssa.Jump:
				enter(b.Succs[0], b, st)
			case *ssa.Panic:
				// The process or the goroutine ends here.
			case *ssa.Return:
				if len(st.Defers(len(st.Frames())-1)) > 0 {
					// Deferred by the body of a range over a function alone:
					// go/ssa then has no instruction that runs it.
					for _, n := range s.delayed().runDefers(st) {
						work = append(work, item{b, i, n})
					}
					break instrs
				}
				results := make([]*heap.Term, len(instr.Results))
				for j, r := range instr.Results {
					results[j] = s.Eval(st, r)
				}
				st.Leave()
				if outs = append(outs, outcome{st, results, instr}); len(outs) > 8*maxResults {
					s.gaveUp = true
					return nil
				}
			case *ssa.Select:
				next := s.selects(st, instr, s.inLoop(flow, b))
				if len(next) == 1 {
					st = next[0]
					continue
				}
				fork(b, i+1, next)
				break instrs
			case *ssa.RunDefers:
				next := s.delayed().runDefers(st)
				if len(next) == 1 {
					st = next[0]
					continue
				}
				fork(b, i+1, next)
				break instrs
			case ssa.CallInstruction:
				next := s.calls().callInstr(st, instr, s.inLoop(flow, b))
				if len(next) == 1 {
					st = next[0]
					continue
				}
				fork(b, i+1, next)
				break instrs
			default:
				s.instr(st, instr, s.inLoop(flow, b))
			}
		}
		if s.gaveUp {
			return nil
		}
	}
	return outs
}

// inLoop reports whether a block can run again within the root's run: it lies on
// a loop, or in the body of a range over a function.
func (s *search) inLoop(f *ssaflow.Flow, b *ssa.BasicBlock) bool {
	return f.InLoop(b) || ssaflow.IsLoopBody(b.Parent())
}

// prunable reports whether a state has nothing more to tell: the resource was
// not opened and cannot be, or its fate is settled.
func (s *search) prunable(fn *ssa.Function, b *ssa.BasicBlock, st *eval.State) bool {
	switch st.Status {
	case eval.Moved:
		return s.site != nil && fn == s.root
	case eval.Before:
		return fn == s.root && !s.e.graphs.Reaches(s.site.instr, fn)[b.Index]
	}
	return false
}

// enter moves a state over the edge into a block: phis take their values, and
// what is not needed any more is forgotten, so that paths meet again.
func (s *search) enter(f *ssaflow.Flow, fn *ssa.Function, b, pred *ssa.BasicBlock, st *eval.State) {
	if pred != nil {
		s.phis(f, b, pred, st)
	}
	s.forget(f, fn, b, 0, st)
}

// forget leaves out what is not needed from a point of a block on.
func (s *search) forget(f *ssaflow.Flow, fn *ssa.Function, b *ssa.BasicBlock, index int, st *eval.State) {
	live := func(v ssa.Value) bool { return f.LiveAt(v, b, index) }
	st.KeepRegs(func(v ssa.Value) bool {
		if !live(v) || s.blunt && !s.leads(st, v) {
			return false
		}
		// Of an index that decides nothing, it is known in the block where a loop
		// begins that it is the first one.
		phi, ok := v.(*ssa.Phi)
		return s.asks.Useful(v) || ok && phi.Block() == b
	})
	st.Collect(func(object *heap.Term) bool { return s.collectable(live, fn, object) })
	st.KeepCells(func(object *heap.Term, path heap.Path, x *heap.Term) bool {
		return !plain(x) || !s.blunt && (s.asks.Read(b, object, path) || s.Flags[s.Pool.Component(object, path)])
	})
	st.KeepFacts(func(c *heap.Term) bool { return s.factMatters(live, b, st, c) })
}

// leads reports whether what is known of a value leads to the resource, or can
// come to do so.
func (s *search) leads(st *eval.State, v ssa.Value) bool {
	x, _ := st.Reg(v)
	return !plain(x)
}

// plain reports whether what is in a cell neither leads to the resource nor
// can come to do so.
func plain(x *heap.Term) bool {
	switch x.Op {
	case heap.Tracked, heap.Cleanup, heap.OpenErr, heap.Addr, heap.Closure, heap.Aggregate, heap.Tuple, heap.Unknown, heap.Handle:
		return false
	}
	return true
}

func (s *search) phis(f *ssaflow.Flow, b, pred *ssa.BasicBlock, st *eval.State) {
	edge := -1
	for i, p := range b.Preds {
		if p == pred {
			edge = i
		}
	}
	var phis []*ssa.Phi
	var vals []*heap.Term
	for _, instr := range b.Instrs {
		phi, ok := instr.(*ssa.Phi)
		if !ok {
			break
		}
		phis = append(phis, phi)
		vals = append(vals, s.Eval(st, phi.Edges[edge]))
	}
	for i, phi := range phis {
		self := s.Pool.Val(phi)
		if vals[i] == self {
			continue
		} else if f.InLoop(b) {
			v := vals[i]
			s.renew(st, self)
			vals[i] = s.Pool.Replace(v, self, s.Pool.Earlier(self))
		}
		if s.asks.Useful(phi) || vals[i].Op == heap.Const {
			st.SetReg(phi, vals[i])
		} else {
			st.DropReg(phi)
		}
	}
}

// collectable reports whether an object of a function is one that only what a
// state knows can lead to, of what is needed from a point on.
func (s *search) collectable(live func(ssa.Value) bool, fn *ssa.Function, object *heap.Term) bool {
	leaf := object.Origin()
	if cur := leaf.Current(); cur.Op == heap.Grown {
		return false
	}
	in, ok := leaf.Value.(ssa.Instruction)
	return ok && in.Parent() == fn && (leaf.Op == heap.Earlier || !live(leaf.Value))
}

// factMatters reports whether a condition can be asked again from a block on.
func (s *search) factMatters(live func(ssa.Value) bool, b *ssa.BasicBlock, st *eval.State, c *heap.Term) bool {
	if s.isAssumed(c) || s.isGiven(st, c) {
		return true
	}
	for _, leaf := range c.Leaves() {
		if !computed(leaf.Current()) || leaf.Op == heap.Val && live(leaf.Value) {
			continue
		}
		if !st.ValuesMention(leaf) {
			return false
		}
	}
	if c.Op == heap.Crowded && !st.Holds(s.Pool.Addr(c.X, "")) || c.Op == heap.Filled && c.X.Origin().Op == heap.Earlier {
		return false
	}
	switch {
	case c.Op == heap.Visited, c.Op == heap.Crowded, c.Op == heap.Filled:
		return true
	case c.Memory():
		return !s.coarse && s.asks.Again(c, b)
	}
	return !s.blunt
}

// computed reports whether a leaf is what an instruction computes, other than
// an object that it makes.
func computed(leaf *heap.Term) bool {
	if leaf.Op != heap.Val {
		return false
	}
	switch leaf.Value.(type) {
	case *ssa.Alloc, *ssa.MakeSlice, *ssa.MakeMap, *ssa.MakeChan:
		return false
	}
	_, ok := leaf.Value.(ssa.Instruction)
	return ok
}

// renew prepares for an instruction in a loop to make its value again.
func (s *search) renew(st *eval.State, leaf *heap.Term) {
	if !st.Mentions(leaf) {
		return
	}
	old := s.Pool.Earlier(leaf)
	if st.Status == eval.Open && st.Holds(s.Pool.Addr(old, "")) {
		// The resource is in what an earlier turn made. That keeps its name;
		// of the last turn's nothing more is known.
		if st.Holds(s.Pool.Addr(leaf, "")) {
			s.move(st, facts.MovedLoop)
		}
		st.Forget(leaf)
		return
	}
	if st.Status == eval.Open && deferredWith(st, old) {
		st.Forget(leaf)
		return
	}
	s.Renew(leaf)
	st.Renew(leaf)
}

// deferredWith reports whether a deferred call that holds the resource depends
// on what a leaf stands for: on a flag that the same turn of a loop set.
func deferredWith(st *eval.State, leaf *heap.Term) bool {
	for _, f := range st.Frames() {
		for _, d := range f.Defers {
			if !st.DeferHolds(d) {
				continue
			}
			if d.Mentions(leaf) {
				return true
			}
			for obj := range st.Objects() {
				for _, v := range st.Cells(obj, "") {
					if v.Mentions(leaf) && d.Contains(obj) {
						return true
					}
				}
			}
		}
	}
	return false
}

type edge struct {
	block *ssa.BasicBlock
	st    *eval.State
}

// selects applies a select statement. When one of its cases sends the
// resource away, the cases are told apart.
func (s *search) selects(st *eval.State, instr *ssa.Select, inLoop bool) []*eval.State {
	s.instr(st, instr, inLoop)
	if next := s.channels().selectsReceive(st, instr); next != nil {
		return next
	}
	sends := false
	for _, c := range instr.States {
		sends = sends || c.Send != nil && st.Holds(s.Eval(st, c.Send))
	}
	if !sends || st.Status != eval.Open {
		return []*eval.State{st}
	}
	var next []*eval.State
	choose := func(i int, sent ssa.Value) {
		n := st.Clone()
		if c := instr.States; sent != nil {
			s.channels().send(n, s.Eval(n, c[i].Chan), s.Eval(n, sent))
		}
		n.SetReg(instr, s.Pool.Tuple(instr, []heap.Part{{Path: heap.Field(0), Term: s.Pool.Int(i)}}))
		next = append(next, n)
	}
	for i, c := range instr.States {
		choose(i, c.Send)
	}
	if !instr.Blocking {
		choose(-1, nil)
	}
	return next
}

// branch returns the ways on from a condition that are possible.
func (s *search) branch(instr *ssa.If, st *eval.State) []edge {
	yes, no := instr.Block().Succs[0], instr.Block().Succs[1]
	c := s.Eval(st, instr.Cond)
	decided, flag := false, st.Status == eval.Open && s.asksHolder(st, instr)
	take := func(b *ssa.BasicBlock, st *eval.State, taken bool) edge {
		if st.Status == eval.Open {
			st.Trail = &eval.Step{Prev: st.Trail, Instr: instr, Taken: taken, Decided: decided, Flag: flag}
		}
		return edge{b, st}
	}
	if truth, ok := c.IsBool(); ok {
		decided = true
		if truth {
			return []edge{take(yes, st, true)}
		}
		return []edge{take(no, st, false)}
	}
	if _, known := st.Fact(c); !c.Symbolic() || !known && s.idleTurn(instr) {
		other := st.Clone()
		return []edge{take(yes, st, true), take(no, other, false)}
	}
	negated := c.Op == heap.Not
	if negated {
		c = c.X
	}
	var out []edge
	if e := s.assume(st.Clone(), c, !negated); e != nil {
		out = append(out, take(yes, e, true))
	}
	if e := s.assume(st, c, negated); e != nil {
		out = append(out, take(no, e, false))
	}
	return out
}

// assume makes a condition true or false in a state, and returns nil when the
// state says otherwise, or when the resource cannot have been opened then.
func (s *search) assume(st *eval.State, c *heap.Term, truth bool) *eval.State {
	switch c.Op {
	case heap.ErrNil:
		if !truth && st.Status != eval.Before {
			return nil // opening failed: there is nothing to release
		}
		st.Doubtful = false
		return st
	case heap.ErrIs:
		if truth && st.Status != eval.Before {
			return nil
		}
		return st
	case heap.ErrAsked:
		// A function of the program was asked about the error. What its
		// answer means is not known; the path may be one on which nothing
		// was opened.
		st.Doubtful = st.Doubtful || st.Status == eval.Open
		return st
	case heap.Found:
		// An owner that says it has nothing is another one, or was emptied.
		st.Doubtful = st.Doubtful || !truth && st.Status == eval.Open
		return st
	case heap.Refuted:
		if truth {
			return s.assume(st, s.Pool.Equal(c.X, s.Pool.Nil), false)
		}
		return st
	case heap.More:
		if truth {
			st.SetFact(s.Pool.Visited(c.X), true)
		} else if visited, _ := st.Fact(s.Pool.Visited(c.X)); !visited && st.Status == eval.Open && st.Holds(s.Pool.Addr(c.X, "")) {
			return nil // the container is not empty: the resource is in it
		}
		return st
	}
	if known, ok := st.Fact(c); ok {
		if known != truth {
			return nil
		}
		return st
	}
	if st.Refutes(c, truth) {
		return nil
	}
	st.SetFact(c, truth)
	if c.Op == heap.Equal && c.Y.Op == heap.Nil && truth {
		// What another call opened is there if its error is nil.
		if p := s.e.openings.partner(c.X); p != nil {
			beside := s.Pool.Equal(p, s.Pool.Nil)
			if isNil, ok := st.Fact(beside); ok && isNil {
				return nil
			}
			st.SetFact(beside, false)
		}
	}
	return st
}

// instr applies an instruction that is neither a call nor a jump.
func (s *search) instr(st *eval.State, instr ssa.Instruction, inLoop bool) {
	switch instr := instr.(type) {
	case *ssa.Store:
		v := s.Eval(st, instr.Val)
		if v.Op == heap.Addr && !s.e.know.CanHold(instr.Val.Type()) {
			v = s.Pool.NonNil
		}
		if s.ofResource(st, instr.Addr) && st.Holds(v) {
			return // it is in itself
		}
		s.crowds().crowdStored(st, instr, v, inLoop)
		s.storeTo(st, s.Eval(st, instr.Addr), v, types.IsInterface(instr.Val.Type()))
		return
	case *ssa.MapUpdate:
		m := s.Eval(st, instr.Map)
		s.crowds().crowdMapped(st, m, s.Eval(st, instr.Value), inLoop)
		s.putElem(st, m, s.Eval(st, instr.Value))
		s.putElem(st, m, s.Eval(st, instr.Key))
		return
	case *ssa.Send:
		s.channels().send(st, s.Eval(st, instr.Chan), s.Eval(st, instr.X))
		return
	case *ssa.DebugRef:
		return
	case *ssa.Convert:
		if x := s.Eval(st, instr.X); st.Holds(x) {
			if _, ok := instr.Type().Underlying().(*types.Basic); ok {
				s.escape(st, x, facts.MovedUnsafe)
			}
		}
	}
	v, ok := instr.(ssa.Value)
	if !ok {
		return
	}
	if receive, ok := v.(*ssa.UnOp); ok && receive.Op == token.ARROW {
		s.channels().awaits(st, s.Eval(st, receive.X))
	}
	self := s.Pool.Val(v)
	x := s.Compute(st, v)
	if inLoop && x.Mentions(self) {
		s.renew(st, self)
		switch v.(type) {
		case *ssa.Alloc:
			st.DropObject(self) // the variable starts anew in each turn
		case *ssa.MakeSlice, *ssa.MakeMap, *ssa.MakeChan:
		default:
			if x != self {
				x = s.Pool.Replace(x, self, s.Pool.Earlier(self))
			}
		}
	}
	if a, ok := v.(*ssa.Alloc); ok {
		s.flagged(st, a)
	}
	if s.site != nil && s.site.instr == instr && st.Status != eval.Before {
		s.turns().noteReacquired(st)
	}
	if s.site != nil && s.site.instr == instr && st.Status == eval.Before {
		s.open(st)
		st.SetReg(v, s.PlantedAt(st, s.Pool.Made(v), s.site.open.At, s.site.dyn))
		return
	}
	if x == self || x == s.Pool.Addr(self, "") {
		st.DropReg(v) // eval says so by itself
		return
	}
	if s.asks.Useful(v) || x.Op == heap.Const {
		st.SetReg(v, x)
	} else {
		st.DropReg(v)
	}
}
