// Package relevance knows what can decide something about a resource. Most of what a
// function computes decides nothing. What can decide nothing from a block on is left
// out of a state, so that paths meet again: see docs/engine.md, "When two states
// merge".
package relevance

import (
	"go/types"

	"github.com/redislint/redislint/internal/lifetime/eval"
	"github.com/redislint/redislint/internal/lifetime/heap"
	"github.com/redislint/redislint/internal/lifetime/knowledge"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// Questions are what a function and its literals ask.
type Questions struct {
	family  map[*ssa.Function]bool // the function and its literals
	asked   map[*heap.Term]*question
	about   map[*heap.Term][]*question // those that compare a value with a constant
	decides map[ssa.Value]bool         // values that a condition or a result can depend on
	bits    map[place]int              // the places that loads which decide something read
	reads   map[*ssa.BasicBlock]bits   // places whose contents can decide something from a block of the function on
	inner   bits                       // places that literals read
}

// Of returns what a function asks.
func Of(fn *ssa.Function, know *knowledge.Base, graphs *ssaflow.Graphs, pool *heap.Pool) *Questions {
	q := &Questions{family: map[*ssa.Function]bool{}, asked: map[*heap.Term]*question{}, about: map[*heap.Term][]*question{},
		decides: map[ssa.Value]bool{}, bits: map[place]int{}, reads: map[*ssa.BasicBlock]bits{}}
	q.add(fn)
	q.findDeciding(know)
	q.findReads(fn)
	q.plainly(fn, fn, eval.NewState(pool), know, graphs, pool)
	return q
}

func (q *Questions) add(fn *ssa.Function) {
	q.family[fn] = true
	for _, anon := range fn.AnonFuncs {
		q.add(anon)
	}
}

// plainly evaluates the conditions of a function and its literals without any
// knowledge of the path, which gives each its plain term.
func (q *Questions) plainly(root, fn *ssa.Function, st *eval.State, know *knowledge.Base, graphs *ssaflow.Graphs, pool *heap.Pool) {
	s := eval.New(know, graphs, pool)
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.If:
				c := s.Eval(st, instr.Cond)
				if c.Op == heap.Not {
					c = c.X
				}
				if less, ok := instr.Cond.(*ssa.BinOp); ok && know.OverIdle(less.X, less.Y) {
					// Whether a loop over it has a first turn.
					if n := s.Eval(st, less.Y); n.Op == heap.Len {
						c = s.Pool.Less(s.Pool.Zero, n)
					}
				}
				if c.Symbolic() {
					q.note(c, root, b)
				}
			case *ssa.Return:
				for _, r := range instr.Results {
					if p, ok := r.(*ssa.Parameter); ok && ssaflow.IsError(p.Type()) {
						q.note(s.Pool.Equal(s.Eval(st, p), s.Pool.Nil), root, b) // the caller asks that of the result
					}
				}
			case *ssa.Alloc:
				if !graphs.WrittenOnce(instr) {
					st.Smudge(pool.Val(instr)) // whatever is in it on the path
				}
			case *ssa.Store:
				if a, ok := instr.Addr.(*ssa.Alloc); ok && graphs.WrittenOnce(a) {
					st.Store(pool.Val(a), "", s.Eval(st, instr.Val))
				}
			case *ssa.Call:
				if x := s.PureCall(st, instr); x != nil {
					st.SetReg(instr, x)
				}
			case ssa.CallInstruction, *ssa.Phi, *ssa.MapUpdate, *ssa.Send:
			case *ssa.MakeClosure:
				c := s.Compute(st, instr)
				st.SetReg(instr, c)
				for i, free := range c.Fn.FreeVars {
					if i < len(c.Parts) {
						st.SetReg(free, c.Parts[i].Term)
					}
				}
			case ssa.Value:
				st.SetReg(instr, s.Compute(st, instr))
			}
		}
	}
	for _, anon := range fn.AnonFuncs {
		q.plainly(root, anon, st, know, graphs, pool)
	}
}

// A question is a condition that is asked in some places.
type question struct {
	count  int
	blocks map[*ssa.BasicBlock]bool // of the function itself
	inner  bool                     // a literal asks it too
	reach  []bool                   // blocks from which one of the blocks is reached, once it was asked for
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

func (q *Questions) note(c *heap.Term, root *ssa.Function, b *ssa.BasicBlock) {
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

// Again reports whether a condition that was asked can be asked once more from
// a block on, or another one that it can decide.
func (q *Questions) Again(c *heap.Term, b *ssa.BasicBlock) bool {
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

// Useful reports whether what is known of a value can decide something.
func (q *Questions) Useful(v ssa.Value) bool {
	if _, ok := v.Type().Underlying().(*types.Basic); !ok {
		return true
	}
	return q.decides[v] || !q.family[v.Parent()]
}

func (q *Questions) isRootBlock(b *ssa.BasicBlock) bool {
	return q.family[b.Parent()] && !q.isLiteral(b.Parent())
}

func (q *Questions) isLiteral(fn *ssa.Function) bool {
	return fn.Parent() != nil && q.family[fn.Parent()]
}
