package ssaflow

import (
	"slices"

	"golang.org/x/tools/go/ssa"
)

// A Flow holds what is computed once about a function's body: which values
// are still needed at a block, and which blocks lie on a loop.
type Flow struct {
	index   map[ssa.Value]int
	liveIn  [][]uint64
	liveOut [][]uint64
	within  map[within][]uint64 // what is needed at some points inside of blocks, as far as it was asked
	loops   []bool
}

// within is a point inside of a block.
type within struct {
	block *ssa.BasicBlock
	index int // of the instruction that runs next
}

// NewFlow computes it.
func NewFlow(fn *ssa.Function) *Flow {
	f := &Flow{index: map[ssa.Value]int{}, within: map[within][]uint64{}}
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
	f.liveIn, f.liveOut = make([][]uint64, len(fn.Blocks)), make([][]uint64, len(fn.Blocks))
	phiUse := make([][]uint64, len(fn.Blocks)) // used by phis of successors
	for i := range fn.Blocks {
		use[i], def[i] = make([]uint64, words), make([]uint64, words)
		f.liveIn[i], f.liveOut[i], phiUse[i] = make([]uint64, words), make([]uint64, words), make([]uint64, words)
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
				f.liveOut[i][w] = out
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

// LiveAt reports whether a value is needed at a point of a block: before the
// instruction with that index.
func (f *Flow) LiveAt(v ssa.Value, b *ssa.BasicBlock, index int) bool {
	if index == 0 {
		return f.Live(v, b)
	}
	k, ok := f.index[v]
	if !ok {
		return true
	}
	at := within{b, index}
	live, known := f.within[at]
	if !known {
		live = f.before(at)
		f.within[at] = live
	}
	return live[k/64]&(1<<(k%64)) != 0
}

// before computes what is needed at a point inside of a block.
func (f *Flow) before(at within) []uint64 {
	live := slices.Clone(f.liveOut[at.block.Index])
	var ops []*ssa.Value
	for _, instr := range slices.Backward(at.block.Instrs[at.index:]) {
		if v, ok := instr.(ssa.Value); ok {
			k := f.index[v]
			live[k/64] &^= 1 << (k % 64)
		}
		if _, ok := instr.(*ssa.Phi); ok {
			continue
		}
		ops = instr.Operands(ops[:0])
		for _, op := range ops {
			if k, ok := f.index[*op]; ok {
				live[k/64] |= 1 << (k % 64)
			}
		}
	}
	return live
}

// InLoop reports whether a block can be reached from itself.
func (f *Flow) InLoop(b *ssa.BasicBlock) bool { return f.loops[b.Index] }
