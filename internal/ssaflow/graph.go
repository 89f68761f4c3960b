package ssaflow

import "golang.org/x/tools/go/ssa"

// Loops tells, by index, which blocks of a function can be reached from
// themselves: those in a strongly connected component with an edge. It is
// Tarjan's algorithm with a stack of its own, so that a long function does not
// deepen ours.
func Loops(fn *ssa.Function) []bool {
	n := len(fn.Blocks)
	loops := make([]bool, n)
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
					loops[b] = loops[b] || s == b
				}
				continue
			}
			visits = visits[:len(visits)-1]
			if len(visits) > 0 {
				up := visits[len(visits)-1].block
				low[up] = min(low[up], low[b])
			}
			if low[b] == order[b] {
				closeComponent(loops, &stack, onStack, b)
			}
		}
	}
	return loops
}

// closeComponent takes a component off the stack, and marks its blocks if
// there are several.
func closeComponent(loops []bool, stack *[]int, onStack []bool, root int) {
	s := *stack
	for i := len(s) - 1; ; i-- {
		onStack[s[i]] = false
		if s[i] == root {
			if part := s[i:]; len(part) > 1 {
				for _, b := range part {
					loops[b] = true
				}
			}
			*stack = s[:i]
			return
		}
	}
}

// CanReach returns the blocks from which some block in targets is reached.
func CanReach(fn *ssa.Function, targets map[*ssa.BasicBlock]bool) []bool {
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

// LoopAround returns the blocks of the outermost loop that a block is in.
func LoopAround(b *ssa.BasicBlock) map[*ssa.BasicBlock]bool {
	inside := map[*ssa.BasicBlock]bool{}
	if IsLoopBody(b.Parent()) {
		for _, x := range b.Parent().Blocks {
			inside[x] = true
		}
		return inside
	}
	after := ReachableFrom(b)
	work := []*ssa.BasicBlock{b}
	for len(work) > 0 {
		x := work[len(work)-1]
		work = work[:len(work)-1]
		if !inside[x] && after[x] {
			inside[x] = true
			work = append(work, x.Preds...)
		}
	}
	return inside
}

// ReachableFrom returns the blocks that can follow a block.
func ReachableFrom(b *ssa.BasicBlock) map[*ssa.BasicBlock]bool {
	seen := map[*ssa.BasicBlock]bool{}
	work := append([]*ssa.BasicBlock(nil), b.Succs...)
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if !seen[b] {
			seen[b] = true
			work = append(work, b.Succs...)
		}
	}
	return seen
}

// Reaches reports whether a path leads from the end of one block to another.
func Reaches(from, to *ssa.BasicBlock) bool {
	seen := make([]bool, len(from.Parent().Blocks))
	work := append([]*ssa.BasicBlock(nil), from.Succs...)
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if b == to {
			return true
		}
		if !seen[b.Index] {
			seen[b.Index] = true
			work = append(work, b.Succs...)
		}
	}
	return false
}

// After reports whether an instruction can run once another one has.
func After(later, earlier ssa.Instruction) bool {
	a, b := earlier.Block(), later.Block()
	if a == b {
		for _, instr := range a.Instrs {
			if instr == earlier {
				return true
			}
			if instr == later {
				break
			}
		}
	}
	return Reaches(a, b)
}
