package relevance

import (
	"go/types"
	"maps"
	"slices"

	"github.com/redislint/redislint/internal/lifetime/heap"
	"github.com/redislint/redislint/internal/lifetime/knowledge"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// This file knows which places in memory are read by what decides something.

// A place is the kind of a place in memory, by the last step that leads to it: a
// field's number, an element, or none.
type place int

const (
	elemPlace  place = -1
	wholePlace place = -2
	anyPlace   place = -3 // all of them: a load of a whole struct
)

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

// findDeciding finds the values that a condition, or what is known of a result,
// can depend on: backward from there, through memory by the kind of place.
func (q *Questions) findDeciding(know *knowledge.Base) {
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

// findReads finds for each block of a function which kinds of places are read
// from there on, by loads that decide something.
func (q *Questions) findReads(root *ssa.Function) {
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

// Read reports whether the plain contents of a cell can decide something from a
// block on.
func (q *Questions) Read(b *ssa.BasicBlock, object *heap.Term, path heap.Path) bool {
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
