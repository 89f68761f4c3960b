package lifetime

import (
	"go/types"
	"maps"
	"slices"

	"github.com/redislint/redislint/internal/lifetime/heap"
	"github.com/redislint/redislint/internal/lifetime/knowledge"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// Most of what a function computes decides nothing about a resource. What can
// decide nothing from a block on is left out of a state, so that paths meet
// again: see docs/engine.md, "When two states merge".

// questions are what a function and its literals ask.
type questions struct {
	family  map[*ssa.Function]bool // the function and its literals
	asked   map[*heap.Term]*question
	about   map[*heap.Term][]*question // those that compare a value with a constant
	decides map[ssa.Value]bool         // values that a condition or a result can depend on
	bits    map[place]int              // the places that loads which decide something read
	reads   map[*ssa.BasicBlock]bits   // places whose contents can decide something from a block of the function on
	inner   bits                       // places that literals read
}

// A question is a condition that is asked in some places.
type question struct {
	count  int
	blocks map[*ssa.BasicBlock]bool // of the function itself
	inner  bool                     // a literal asks it too
	reach  []bool                   // blocks from which one of the blocks is reached, once it was asked for
}

// A place is the kind of a place in memory, by the last step that leads to it: a
// field's number, an element, or none.
type place int

const (
	elemPlace  place = -1
	wholePlace place = -2
	anyPlace   place = -3 // all of them: a load of a whole struct
)

// bits is a set of places, by their numbers in questions.bits.
type bits []uint64

func (b bits) has(i int) bool { return i/64 < len(b) && b[i/64]&(1<<(i%64)) != 0 }

func (b *bits) set(i int) {
	for len(*b) <= i/64 {
		*b = append(*b, 0)
	}
	(*b)[i/64] |= 1 << (i % 64)
}

// union adds a set, and reports whether that added anything.
func (b *bits) union(c bits) bool {
	grown := false
	for len(*b) < len(c) {
		*b = append(*b, 0)
	}
	for i, w := range c {
		if w&^(*b)[i] != 0 {
			(*b)[i] |= w
			grown = true
		}
	}
	return grown
}

// questionsOf returns what a function asks.
func questionsOf(fn *ssa.Function, know *knowledge.Base, graphs *ssaflow.Graphs, pool *heap.Pool) *questions {
	q := &questions{family: map[*ssa.Function]bool{}, asked: map[*heap.Term]*question{}, about: map[*heap.Term][]*question{},
		decides: map[ssa.Value]bool{}, bits: map[place]int{}, reads: map[*ssa.BasicBlock]bits{}}
	q.add(fn)
	q.findDeciding(know)
	q.findReads(fn)
	q.plainly(fn, fn, newState(pool), know, graphs, pool)
	return q
}

func (q *questions) add(fn *ssa.Function) {
	q.family[fn] = true
	for _, anon := range fn.AnonFuncs {
		q.add(anon)
	}
}

// plainly evaluates the conditions of a function and its literals without any
// knowledge of the path, which gives each its plain term.
func (q *questions) plainly(root, fn *ssa.Function, st *state, know *knowledge.Base, graphs *ssaflow.Graphs, pool *heap.Pool) {
	s := newEvaluator(know, graphs, pool)
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.If:
				c := s.eval(st, instr.Cond)
				if c.Op == heap.Not {
					c = c.X
				}
				if less, ok := instr.Cond.(*ssa.BinOp); ok && know.OverIdle(less.X, less.Y) {
					// Whether a loop over it has a first turn.
					if n := s.eval(st, less.Y); n.Op == heap.Len {
						c = s.pool.Less(s.pool.Zero, n)
					}
				}
				if c.Symbolic() {
					q.note(c, root, b)
				}
			case *ssa.Alloc:
				if !graphs.WrittenOnce(instr) {
					st.Smudge(pool.Val(instr)) // whatever is in it on the path
				}
			case *ssa.Store:
				if a, ok := instr.Addr.(*ssa.Alloc); ok && graphs.WrittenOnce(a) {
					st.Store(pool.Val(a), "", s.eval(st, instr.Val))
				}
			case *ssa.Call:
				if x := s.pureCall(st, instr); x != nil {
					st.SetReg(instr, x)
				}
			case ssa.CallInstruction, *ssa.Phi, *ssa.MapUpdate, *ssa.Send:
			case *ssa.MakeClosure:
				c := s.compute(st, instr)
				st.SetReg(instr, c)
				for i, free := range c.Fn.FreeVars {
					if i < len(c.Parts) {
						st.SetReg(free, c.Parts[i].Term)
					}
				}
			case ssa.Value:
				st.SetReg(instr, s.compute(st, instr))
			}
		}
	}
	for _, anon := range fn.AnonFuncs {
		q.plainly(root, anon, st, know, graphs, pool)
	}
}

func (q *questions) note(c *heap.Term, root *ssa.Function, b *ssa.BasicBlock) {
	x := q.asked[c]
	if x == nil {
		x = &question{blocks: map[*ssa.BasicBlock]bool{}}
		q.asked[c] = x
		if v := compared(c); v != nil {
			q.about[v] = append(q.about[v], x)
		}
	}
	x.count++
	if b.Parent() == root {
		x.blocks[b] = true
	} else {
		x.inner = true
	}
}

// compared returns the value that a condition compares with a constant, or nil.
// What is known of one such condition can decide another: heap.Memory.Refutes.
func compared(c *heap.Term) *heap.Term {
	switch {
	case c.Op != heap.Less && c.Op != heap.Equal:
	case c.Y.Op == heap.Const && !c.X.Constant():
		return c.X
	case c.X.Op == heap.Const && !c.Y.Constant():
		return c.Y
	}
	return nil
}

// again reports whether a condition that was asked can be asked once more from
// a block on, or another one that it can decide.
func (q *questions) again(c *heap.Term, b *ssa.BasicBlock) bool {
	x := q.asked[c]
	if x != nil && x.count > 1 && x.from(b) {
		return true
	}
	if v := compared(c); v != nil {
		for _, y := range q.about[v] {
			if y != x && y.from(b) {
				return true
			}
		}
	}
	return false
}

// from reports whether a question can be asked from a block on.
func (x *question) from(b *ssa.BasicBlock) bool {
	fn := b.Parent()
	for block := range x.blocks {
		if block.Parent() != fn {
			return true // a literal runs
		}
		break
	}
	if x.inner || len(x.blocks) == 0 {
		return true
	}
	if x.reach == nil {
		x.reach = ssaflow.CanReach(fn, x.blocks)
	}
	return x.reach[b.Index]
}

// findDeciding finds the values that a condition, or what is known of a result,
// can depend on: backward from there, through memory by the kind of place.
func (q *questions) findDeciding(know *knowledge.Base) {
	stores := map[place][]ssa.Value{} // what is stored, by the kind of place
	var work []ssa.Value
	want := func(v ssa.Value) {
		if v != nil && !q.decides[v] {
			q.decides[v] = true
			work = append(work, v)
		}
	}
	for fn := range q.family {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				switch instr := instr.(type) {
				case *ssa.If:
					want(instr.Cond)
				case *ssa.Return:
					for _, r := range instr.Results {
						if tellsResult(r.Type()) {
							want(r)
						}
					}
				case *ssa.Store:
					at := placeOf(instr.Addr)
					stores[at] = append(stores[at], instr.Val)
				case ssa.CallInstruction:
					c := instr.Common()
					callee := c.StaticCallee()
					for _, a := range c.Args {
						// A literal's parameter is its argument; a flag chooses what a
						// function does.
						if callee == nil && !c.IsInvoke() || callee != nil && callee.Parent() != nil || ssaflow.IsBool(a.Type()) {
							want(a)
						}
					}
				}
			}
		}
	}
	var operands [10]*ssa.Value
	for len(work) > 0 {
		v := work[len(work)-1]
		work = work[:len(work)-1]
		instr, ok := v.(ssa.Instruction)
		if !ok {
			continue
		}
		if load, ok := v.(*ssa.UnOp); ok {
			places := readPlaces(load)
			if places[0] == anyPlace {
				places = slices.Collect(maps.Keys(stores))
			}
			for _, at := range places {
				for _, s := range stores[at] {
					want(s)
				}
				delete(stores, at)
			}
		}
		switch instr := instr.(type) {
		case *ssa.BinOp:
			if know.OverIdle(instr.X, instr.Y) {
				want(instr.Y)
				continue
			}
			if know.OverIdle(instr.Y, instr.X) {
				want(instr.X)
				continue
			}
		case *ssa.IndexAddr:
			want(instr.X) // elements are not told apart
			continue
		case *ssa.Index:
			want(instr.X)
			continue
		case *ssa.Lookup:
			want(instr.X)
			continue
		}
		for _, op := range instr.Operands(operands[:0]) {
			want(*op)
		}
	}
}

// tellsResult reports whether something can be known of a result of a type:
// whether it is nil, or true.
func tellsResult(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return !ok || b.Info()&types.IsBoolean != 0
}

// placeOf is the kind of the place that an address denotes.
func placeOf(addr ssa.Value) place {
	switch a := addr.(type) {
	case *ssa.FieldAddr:
		return place(a.Field)
	case *ssa.IndexAddr:
		return elemPlace
	}
	return wholePlace
}

// readPlaces are the kinds of places that a load can see: its own, and those it
// is a part of. A whole struct has parts of all kinds.
func readPlaces(load *ssa.UnOp) []place {
	switch load.Type().Underlying().(type) {
	case *types.Struct, *types.Array:
		return []place{anyPlace}
	}
	var places []place
	for addr := load.X; ; {
		places = append(places, placeOf(addr))
		switch a := addr.(type) {
		case *ssa.FieldAddr:
			addr = a.X
		case *ssa.IndexAddr:
			addr = a.X
		default:
			return places
		}
	}
}

// findReads finds for each block of a function which kinds of places are read
// from there on, by loads that decide something.
func (q *questions) findReads(root *ssa.Function) {
	for fn := range q.family {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				load, ok := instr.(*ssa.UnOp)
				if !ok || !q.decides[load] {
					continue
				}
				for _, at := range readPlaces(load) {
					n, ok := q.bits[at]
					if !ok {
						n = len(q.bits)
						q.bits[at] = n
					}
					if fn == root {
						set := q.reads[b]
						set.set(n)
						q.reads[b] = set
					} else {
						q.inner.set(n)
					}
				}
			}
		}
	}
	for again := true; again; {
		again = false
		for i := len(root.Blocks) - 1; i >= 0; i-- {
			b := root.Blocks[i]
			all := q.reads[b]
			for _, s := range b.Succs {
				again = all.union(q.reads[s]) || again
			}
			q.reads[b] = all
		}
	}
}

// useful reports whether what is known of a value can decide something.
func (q *questions) useful(v ssa.Value) bool {
	if _, ok := v.Type().Underlying().(*types.Basic); !ok {
		return true
	}
	return q.decides[v] || !q.family[v.Parent()]
}

// read reports whether the plain contents of a cell can decide something from a
// block on.
func (q *questions) read(b *ssa.BasicBlock, object *heap.Term, path heap.Path) bool {
	if v := object.Origin().Value; v != nil && v.Parent() != nil && !q.family[v.Parent()] {
		return true // of another function that runs
	}
	if !q.isRootBlock(b) {
		return true // a literal runs
	}
	last := wholePlace
	path.Steps(func(field int) bool {
		if last = elemPlace; field >= 0 {
			last = place(field)
		}
		return true
	})
	for _, at := range []place{last, anyPlace} {
		if n, ok := q.bits[at]; ok && (q.reads[b].has(n) || q.inner.has(n)) {
			return true
		}
	}
	return false
}

func (q *questions) isRootBlock(b *ssa.BasicBlock) bool {
	return q.family[b.Parent()] && !q.isLiteral(b.Parent())
}

func (q *questions) isLiteral(fn *ssa.Function) bool {
	return fn.Parent() != nil && q.family[fn.Parent()]
}
