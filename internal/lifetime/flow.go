package lifetime

import (
	"golang.org/x/tools/go/ssa"
)

// A flow holds what is computed once about a function's body: which values
// are still needed at a block, and which blocks lie on a loop.
type flow struct {
	index  map[ssa.Value]int
	liveIn [][]uint64
	loop   []bool
}

func newFlow(fn *ssa.Function) *flow {
	f := &flow{index: map[ssa.Value]int{}}
	add := func(v ssa.Value) {
		if _, ok := f.index[v]; !ok {
			f.index[v] = len(f.index)
		}
	}
	for _, p := range fn.Params {
		add(p)
	}
	for _, v := range fn.FreeVars {
		add(v)
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if v, ok := instr.(ssa.Value); ok {
				add(v)
			}
		}
	}
	f.computeLiveness(fn)
	f.computeLoops(fn)
	return f
}

func (f *flow) computeLiveness(fn *ssa.Function) {
	words := (len(f.index) + 63) / 64
	use := make([][]uint64, len(fn.Blocks))
	def := make([][]uint64, len(fn.Blocks))
	f.liveIn = make([][]uint64, len(fn.Blocks))
	phiUse := make([][]uint64, len(fn.Blocks)) // used by phis of successors
	for i := range fn.Blocks {
		use[i], def[i] = make([]uint64, words), make([]uint64, words)
		f.liveIn[i], phiUse[i] = make([]uint64, words), make([]uint64, words)
	}
	var ops []*ssa.Value
	for i, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if phi, ok := instr.(*ssa.Phi); ok {
				for j, e := range phi.Edges {
					if k, ok := f.index[e]; ok {
						p := b.Preds[j].Index
						phiUse[p][k/64] |= 1 << (k % 64)
					}
				}
			} else {
				ops = instr.Operands(ops[:0])
				for _, op := range ops {
					if *op == nil {
						continue
					}
					if k, ok := f.index[*op]; ok && def[i][k/64]&(1<<(k%64)) == 0 {
						use[i][k/64] |= 1 << (k % 64)
					}
				}
			}
			if v, ok := instr.(ssa.Value); ok {
				k := f.index[v]
				def[i][k/64] |= 1 << (k % 64)
			}
		}
	}
	for changed := true; changed; {
		changed = false
		for i := len(fn.Blocks) - 1; i >= 0; i-- {
			b := fn.Blocks[i]
			for w := 0; w < words; w++ {
				out := phiUse[i][w]
				for _, s := range b.Succs {
					out |= f.liveIn[s.Index][w]
				}
				in := use[i][w] | out&^def[i][w]
				if in != f.liveIn[i][w] {
					f.liveIn[i][w] = in
					changed = true
				}
			}
		}
	}
	// A phi's value is set on the edge into its block, so it lives there.
	for i, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if phi, ok := instr.(*ssa.Phi); ok {
				k := f.index[phi]
				f.liveIn[i][k/64] |= 1 << (k % 64)
			}
		}
	}
}

// computeLoops marks the blocks that can reach themselves: those in a strongly
// connected component with an edge. It is Tarjan's algorithm with a stack of
// its own, so that a long function does not deepen ours.
func (f *flow) computeLoops(fn *ssa.Function) {
	n := len(fn.Blocks)
	f.loop = make([]bool, n)
	order, low := make([]int, n), make([]int, n) // 0: not visited
	onStack := make([]bool, n)
	var stack []int
	type visit struct{ block, next int }
	count := 0
	open := func(b int) visit {
		count++
		order[b], low[b] = count, count
		stack, onStack[b] = append(stack, b), true
		return visit{block: b}
	}
	for root := range fn.Blocks {
		if order[root] != 0 {
			continue
		}
		visits := []visit{open(root)}
		for len(visits) > 0 {
			v := &visits[len(visits)-1]
			b := v.block
			if succs := fn.Blocks[b].Succs; v.next < len(succs) {
				s := succs[v.next].Index
				v.next++
				switch {
				case order[s] == 0:
					visits = append(visits, open(s))
				case onStack[s]:
					low[b] = min(low[b], order[s])
					f.loop[b] = f.loop[b] || s == b
				}
				continue
			}
			visits = visits[:len(visits)-1]
			if len(visits) > 0 {
				up := visits[len(visits)-1].block
				low[up] = min(low[up], low[b])
			}
			if low[b] == order[b] {
				f.closeComponent(&stack, onStack, b)
			}
		}
	}
}

// closeComponent takes a component off the stack, and marks its blocks if
// there are several.
func (f *flow) closeComponent(stack *[]int, onStack []bool, root int) {
	s := *stack
	for i := len(s) - 1; ; i-- {
		onStack[s[i]] = false
		if s[i] == root {
			if part := s[i:]; len(part) > 1 {
				for _, b := range part {
					f.loop[b] = true
				}
			}
			*stack = s[:i]
			return
		}
	}
}

// live reports whether a value is needed at the start of a block. Values of
// other functions are: those functions are still running.
func (f *flow) live(v ssa.Value, b *ssa.BasicBlock) bool {
	k, ok := f.index[v]
	return !ok || f.liveIn[b.Index][k/64]&(1<<(k%64)) != 0
}

// canReach returns the blocks from which some block in targets is reached.
func canReach(fn *ssa.Function, targets map[*ssa.BasicBlock]bool) []bool {
	reach := make([]bool, len(fn.Blocks))
	var work []*ssa.BasicBlock
	for _, b := range fn.Blocks {
		if targets[b] {
			reach[b.Index] = true
			work = append(work, b)
		}
	}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		for _, p := range b.Preds {
			if !reach[p.Index] {
				reach[p.Index] = true
				work = append(work, p)
			}
		}
	}
	return reach
}
