package lifetime

import (
	"go/token"
	"go/types"

	"github.com/redislint/redislint/internal/lifetime/facts"
	"github.com/redislint/redislint/internal/lifetime/heap"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// A search follows one resource over all paths of a function, from the entry
// to each exit. Functions whose bodies matter for its conditions (function
// literals, deferred closures) are run in place; all others are known by
// their summaries.
type search struct {
	evaluator
	e       *engine
	site    *site    // the acquisition, or nil when the resource came in by a parameter
	release []string // method names that release it
	root    *ssa.Function
	asks    *questions
	reach   ssaflow.Reach // the values that the resource can reach
	running []*ssa.Function
	steps   int
	limit   int
	coarse  bool // do not correlate conditions on memory: fewer states
	past    bool // follow it past where it moves: see early.go
	gaveUp  bool
	opened  bool // some path reached the acquisition

	recovers bool // something is done after a panic, which is not followed

	moves      map[facts.Reason]bool // why paths stopped owning it
	dropped    []dropped             // losses seen before an exit is reached
	releases   []*releaseEvent
	undeferred []undeferred
	deferred   []*ssa.Defer   // those that hold the resource
	late       []lateUse      // uses after the release: see misuse.go
	early      []earlyRelease // releases of what leaves the function: see early.go
	reacquired []reacquired   // ways in which a loop came round to the acquisition: see reacquire.go

	tried int // funcs that are being tried out, one within the other: see closure.go

	trace *trace          // where it moved, if somebody asks: see why.go
	at    ssa.Instruction // the instruction that runs, while somebody asks
}

// A dropped is a resource that was lost at an instruction other than a return.
type dropped struct {
	st *state
	at ssa.Instruction
}

// An undeferred is a plain release with a call before it that can panic.
type undeferred struct {
	release ssa.Instruction
	risk    ssa.Instruction
}

// An outcome is one way in which a function returned.
type outcome struct {
	st      *state
	results []*heap.Term
	exit    ssa.Instruction
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
func (s *search) run(fn *ssa.Function, st *state) []outcome {
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
		st    *state
	}
	var (
		outs []outcome
		seen = visited{}
		work []item
		flow = s.e.graphs.Flow(fn)
	)
	enter := func(b, pred *ssa.BasicBlock, st *state) {
		if s.prunable(fn, b, st) {
			return
		}
		s.enter(flow, fn, b, pred, st)
		if st.Size() > maxCells {
			s.gaveUp = true
			return
		}
		if len(b.Preds) < 2 || seen.add(b.Index, st) {
			work = append(work, item{b, 0, st})
		}
	}
	enter(fn.Blocks[0], nil, st)
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
					for _, n := range s.runDefers(st) {
						work = append(work, item{b, i, n})
					}
					break instrs
				}
				results := make([]*heap.Term, len(instr.Results))
				for j, r := range instr.Results {
					results[j] = s.eval(st, r)
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
				for j := len(next) - 1; j >= 0; j-- {
					work = append(work, item{b, i + 1, next[j]})
				}
				break instrs
			case *ssa.RunDefers:
				next := s.runDefers(st)
				if len(next) == 1 {
					st = next[0]
					continue
				}
				for j := len(next) - 1; j >= 0; j-- {
					work = append(work, item{b, i + 1, next[j]})
				}
				break instrs
			case ssa.CallInstruction:
				next := s.calls().callInstr(st, instr, s.inLoop(flow, b))
				if len(next) == 1 {
					st = next[0]
					continue
				}
				for j := len(next) - 1; j >= 0; j-- {
					work = append(work, item{b, i + 1, next[j]})
				}
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
func (s *search) prunable(fn *ssa.Function, b *ssa.BasicBlock, st *state) bool {
	switch st.status {
	case moved:
		return s.site != nil && fn == s.root
	case before:
		return fn == s.root && !s.e.graphs.Reaches(s.site.instr, fn)[b.Index]
	}
	return false
}

// enter moves a state over the edge into a block: phis take their values, and
// what is not needed any more is forgotten, so that paths meet again.
func (s *search) enter(f *ssaflow.Flow, fn *ssa.Function, b, pred *ssa.BasicBlock, st *state) {
	if pred != nil {
		s.phis(f, b, pred, st)
	}
	st.KeepRegs(func(v ssa.Value) bool {
		if !f.Live(v, b) {
			return false
		}
		// Of an index that decides nothing, it is known in the block where a loop
		// begins that it is the first one.
		phi, ok := v.(*ssa.Phi)
		return s.asks.useful(v) || ok && phi.Block() == b
	})
	st.Collect(func(object *heap.Term) bool { return s.collectable(f, fn, b, object) })
	st.KeepCells(func(object *heap.Term, path heap.Path, x *heap.Term) bool {
		return !plain(x) || s.asks.read(b, object, path)
	})
	st.KeepFacts(func(c *heap.Term) bool { return s.factMatters(f, b, st, c) })
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

func (s *search) phis(f *ssaflow.Flow, b, pred *ssa.BasicBlock, st *state) {
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
		vals = append(vals, s.eval(st, phi.Edges[edge]))
	}
	for i, phi := range phis {
		self := s.pool.Val(phi)
		if vals[i] == self {
			continue
		} else if f.InLoop(b) {
			v := vals[i]
			s.renew(st, self)
			vals[i] = s.pool.Replace(v, self, s.pool.Earlier(self))
		}
		if s.asks.useful(phi) || vals[i].Op == heap.Const {
			st.SetReg(phi, vals[i])
		} else {
			st.DropReg(phi)
		}
	}
}

// collectable reports whether an object of a function is one that only what a
// state knows can lead to from a block on.
func (s *search) collectable(f *ssaflow.Flow, fn *ssa.Function, b *ssa.BasicBlock, object *heap.Term) bool {
	leaf := object.Origin()
	if cur := leaf.Current(); cur.Op == heap.Grown {
		return false
	}
	in, ok := leaf.Value.(ssa.Instruction)
	return ok && in.Parent() == fn && (leaf.Op == heap.Earlier || !f.Live(leaf.Value, b))
}

// factMatters reports whether a condition can be asked again from a block on.
func (s *search) factMatters(f *ssaflow.Flow, b *ssa.BasicBlock, st *state, c *heap.Term) bool {
	for _, leaf := range c.Leaves() {
		if !computed(leaf.Current()) || leaf.Op == heap.Val && f.Live(leaf.Value, b) {
			continue
		}
		if !st.ValuesMention(leaf) {
			return false
		}
	}
	if c.Op == heap.Crowded && !st.Holds(s.pool.Addr(c.X, "")) || c.Op == heap.Filled && c.X.Origin().Op == heap.Earlier {
		return false
	}
	if c.Memory() && c.Op != heap.Visited {
		return !s.coarse && s.asks.again(c, b)
	}
	return true
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
func (s *search) renew(st *state, leaf *heap.Term) {
	if !st.Mentions(leaf) {
		return
	}
	old := s.pool.Earlier(leaf)
	if st.status == open && st.Holds(s.pool.Addr(old, "")) {
		// The resource is in what an earlier turn made. That keeps its name;
		// of the last turn's nothing more is known.
		if st.Holds(s.pool.Addr(leaf, "")) {
			s.move(st, facts.MovedLoop)
		}
		st.Forget(leaf)
		return
	}
	if st.status == open && deferredWith(st, old) {
		st.Forget(leaf)
		return
	}
	st.Renew(leaf)
}

// deferredWith reports whether a deferred call that holds the resource depends
// on what a leaf stands for: on a flag that the same turn of a loop set.
func deferredWith(st *state, leaf *heap.Term) bool {
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
	st    *state
}

// selects applies a select statement. When one of its cases sends the
// resource away, the cases are told apart.
func (s *search) selects(st *state, instr *ssa.Select, inLoop bool) []*state {
	s.instr(st, instr, inLoop)
	if next := s.selectsReceive(st, instr); next != nil {
		return next
	}
	sends := false
	for _, c := range instr.States {
		sends = sends || c.Send != nil && st.Holds(s.eval(st, c.Send))
	}
	if !sends || st.status != open {
		return []*state{st}
	}
	var next []*state
	choose := func(i int, sent ssa.Value) {
		n := st.clone()
		if c := instr.States; sent != nil {
			s.send(n, s.eval(n, c[i].Chan), s.eval(n, sent))
		}
		n.SetReg(instr, s.pool.Tuple(instr, []heap.Part{{Path: heap.Field(0), Term: s.pool.Int(i)}}))
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
func (s *search) branch(instr *ssa.If, st *state) []edge {
	yes, no := instr.Block().Succs[0], instr.Block().Succs[1]
	c := s.eval(st, instr.Cond)
	decided, flag := false, st.status == open && s.asksHolder(st, instr)
	take := func(b *ssa.BasicBlock, st *state, taken bool) edge {
		if st.status == open {
			st.trail = &step{prev: st.trail, instr: instr, taken: taken, decided: decided, flag: flag}
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
		other := st.clone()
		return []edge{take(yes, st, true), take(no, other, false)}
	}
	negated := c.Op == heap.Not
	if negated {
		c = c.X
	}
	var out []edge
	if e := s.assume(st.clone(), c, !negated); e != nil {
		out = append(out, take(yes, e, true))
	}
	if e := s.assume(st, c, negated); e != nil {
		out = append(out, take(no, e, false))
	}
	return out
}

// assume makes a condition true or false in a state, and returns nil when the
// state says otherwise, or when the resource cannot have been opened then.
func (s *search) assume(st *state, c *heap.Term, truth bool) *state {
	switch c.Op {
	case heap.ErrNil:
		if !truth && st.status != before {
			return nil // opening failed: there is nothing to release
		}
		st.doubtful = false
		return st
	case heap.ErrIs:
		if truth && st.status != before {
			return nil
		}
		return st
	case heap.ErrAsked:
		// A function of the program was asked about the error. What its
		// answer means is not known; the path may be one on which nothing
		// was opened.
		st.doubtful = st.doubtful || st.status == open
		return st
	case heap.Found:
		// An owner that says it has nothing is another one, or was emptied.
		st.doubtful = st.doubtful || !truth && st.status == open
		return st
	case heap.Refuted:
		if truth {
			return s.assume(st, s.pool.Equal(c.X, s.pool.Nil), false)
		}
		return st
	case heap.More:
		if truth {
			st.SetFact(s.pool.Visited(c.X), true)
		} else if visited, _ := st.Fact(s.pool.Visited(c.X)); !visited && st.status == open && st.Holds(s.pool.Addr(c.X, "")) {
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
			beside := s.pool.Equal(p, s.pool.Nil)
			if isNil, ok := st.Fact(beside); ok && isNil {
				return nil
			}
			st.SetFact(beside, false)
		}
	}
	return st
}

// instr applies an instruction that is neither a call nor a jump.
func (s *search) instr(st *state, instr ssa.Instruction, inLoop bool) {
	switch instr := instr.(type) {
	case *ssa.Store:
		v := s.eval(st, instr.Val)
		if v.Op == heap.Addr && !s.e.know.CanHold(instr.Val.Type()) {
			v = s.pool.NonNil
		}
		s.crowdStored(st, instr, v, inLoop)
		s.storeTo(st, s.eval(st, instr.Addr), v)
		return
	case *ssa.MapUpdate:
		m := s.eval(st, instr.Map)
		s.crowdMapped(st, m, s.eval(st, instr.Value), inLoop)
		s.putElem(st, m, s.eval(st, instr.Value))
		s.putElem(st, m, s.eval(st, instr.Key))
		return
	case *ssa.Send:
		s.send(st, s.eval(st, instr.Chan), s.eval(st, instr.X))
		return
	case *ssa.DebugRef:
		return
	case *ssa.Convert:
		if x := s.eval(st, instr.X); st.Holds(x) {
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
		s.awaits(st, s.eval(st, receive.X))
	}
	self := s.pool.Val(v)
	x := s.compute(st, v)
	if inLoop && x.Mentions(self) {
		s.renew(st, self)
		switch v.(type) {
		case *ssa.Alloc:
			st.DropObject(self) // the variable starts anew in each turn
		case *ssa.MakeSlice, *ssa.MakeMap, *ssa.MakeChan:
		default:
			if x != self {
				x = s.pool.Replace(x, self, s.pool.Earlier(self))
			}
		}
	}
	if a, ok := v.(*ssa.Alloc); ok {
		s.flagged(st, a)
	}
	if s.site != nil && s.site.instr == instr && st.status != before {
		s.noteReacquired(st)
	}
	if s.site != nil && s.site.instr == instr && st.status == before {
		s.open(st)
		st.SetReg(v, s.plantedAt(st, s.pool.Made(v), s.site.open.At, s.site.dyn))
		return
	}
	if x == self || x == s.pool.Addr(self, "") {
		st.DropReg(v) // eval says so by itself
		return
	}
	if s.asks.useful(v) || x.Op == heap.Const {
		st.SetReg(v, x)
	} else {
		st.DropReg(v)
	}
}
