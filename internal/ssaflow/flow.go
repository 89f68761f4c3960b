package ssaflow

import "golang.org/x/tools/go/ssa"

// A Flow holds what is computed once about a function's body: which values
// are still needed at a block, and which blocks lie on a loop.
type Flow struct {
	index  map[ssa.Value]int
	liveIn [][]uint64
	loops  []bool
}

// NewFlow computes it.
func NewFlow(fn *ssa.Function) *Flow {
	f := &Flow{index: map[ssa.Value]int{}}
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
	f.loops = Loops(fn)
	return f
}

func (f *Flow) computeLiveness(fn *ssa.Function) {
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

// Live reports whether a value is needed at the start of a block. Values of
// other functions are: those functions are still running.
func (f *Flow) Live(v ssa.Value, b *ssa.BasicBlock) bool {
	k, ok := f.index[v]
	return !ok || f.liveIn[b.Index][k/64]&(1<<(k%64)) != 0
}

// InLoop reports whether a block can be reached from itself.
func (f *Flow) InLoop(b *ssa.BasicBlock) bool { return f.loops[b.Index] }
