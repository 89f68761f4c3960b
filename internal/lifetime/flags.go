package lifetime

import (
	"go/types"
	"strconv"

	"github.com/redislint/redislint/internal/lifetime/heap"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// This file knows the flags of an owner: what its constructor says once and for
// all of what its methods are to do.

// A Flag is a boolean that stands beside a resource in an object on the way to
// it.
type Flag struct {
	Shape string // from the place to it
	Value bool
}

func (f Flag) String() string { return f.Shape + "=" + strconv.FormatBool(f.Value) }

// flagsIn returns the fields of a struct type that are flags: unexported
// booleans on which conditions of the package hang, and which nobody sets but
// who makes the struct, or has it made.
func (kn *knowledge) flagsIn(t types.Type) []heap.Path {
	st, ok := t.Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	return kn.flags.of(t, func() (list []heap.Path) {
		for i := range st.NumFields() {
			if f := st.Field(i); !f.Exported() && ssaflow.IsBool(f.Type()) && kn.flagFields()[f.Origin()] {
				list = append(list, heap.Field(i))
			}
		}
		return list
	})
}

// flagsBehind returns both values of each flag of what a type points to.
func (kn *knowledge) flagsBehind(t types.Type) (list []Flag) {
	ptr, ok := t.Underlying().(*types.Pointer)
	if !ok {
		return nil
	}
	for _, path := range kn.flagsIn(ptr.Elem()) {
		shape := heap.Here().Deref(path).String()
		list = append(list, Flag{shape, false}, Flag{shape, true})
	}
	return list
}

// flagFields returns the fields that conditions of the package ask for and that
// are set, to constants, only by who makes their struct or has it made.
func (kn *knowledge) flagFields() map[*types.Var]bool {
	if kn.asked != nil {
		return kn.asked
	}
	kn.asked = map[*types.Var]bool{}
	changed := map[*types.Var]bool{}
	for _, fn := range kn.prog.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				switch instr := instr.(type) {
				case *ssa.FieldAddr:
					f := ssaflow.DeclaredField(instr.X.Type(), instr.Field)
					if f == nil || !ssaflow.IsBool(f.Type()) {
						continue
					}
					for _, ref := range *instr.Referrers() {
						switch ref := ref.(type) {
						case *ssa.UnOp:
							if tested(ref) {
								kn.asked[f] = true
							}
						case *ssa.Store:
							mine := false
							switch instr.X.(type) {
							case *ssa.Alloc, *ssa.Call, *ssa.Extract:
								mine = true
							}
							_, constant := ref.Val.(*ssa.Const)
							if ref.Addr != instr || !mine || !constant {
								changed[f] = true
							}
						case *ssa.DebugRef:
						default:
							changed[f] = true
						}
					}
				case *ssa.Field:
					if f := ssaflow.DeclaredField(instr.X.Type(), instr.Field); f != nil && tested(instr) {
						kn.asked[f] = true
					}
				}
			}
		}
	}
	for f := range changed {
		delete(kn.asked, f)
	}
	return kn.asked
}

// flagged notes the flags of a struct that is made, none of which is set yet.
func (s *search) flagged(st *state, a *ssa.Alloc) {
	for _, path := range s.e.know.flagsIn(a.Type().Underlying().(*types.Pointer).Elem()) {
		s.setFlag(st, s.pool.Val(a), path, false)
	}
}

// flagsOf collects the flags of the objects that hold the resource, on the ways
// to it from a value.
func (s *evaluator) flagsOf(st *state, v *heap.Term, way heap.Way) (list []Flag) {
	switch v.Op {
	case heap.Aggregate:
		for _, p := range v.Parts {
			list = append(list, s.flagsOf(st, p.Term, way.Then(p.Path))...)
		}
	case heap.Addr:
		if way.Pointers() >= maxHops || !st.Holds(v) {
			return nil
		}
		for path, x := range st.Cells(v.X, v.Path) {
			rest, _ := path.Below(v.Path)
			to := way.Deref(rest)
			if value, ok := x.IsBool(); ok && s.flags[s.pool.Component(v.X, path)] {
				list = append(list, Flag{to.String(), value})
			} else {
				list = append(list, s.flagsOf(st, x, to)...)
			}
		}
	}
	return list
}

// setFlags sets the flags beside a planted resource.
func (s *evaluator) setFlags(st *state, object *heap.Term, flags []Flag) {
	for _, f := range flags {
		way, ok := heap.Shape(f.Shape).One()
		if !ok || way.Pointers() == 0 {
			continue // in a struct value: it is not put together part by part
		}
		at := s.pool.Within(object, way.Paths[0])
		for _, path := range way.Paths[1 : len(way.Paths)-1] {
			at = s.pool.Behind(at, path)
		}
		s.setFlag(st, at, way.Paths[len(way.Paths)-1], f.Value)
	}
}

func (s *evaluator) setFlag(st *state, object *heap.Term, path heap.Path, value bool) {
	st.SetCell(object, path, s.pool.Bool(value))
	s.flags[s.pool.Component(object, path)] = true
}

// common returns the flags on which two places agree.
func common(a, b []Flag) (list []Flag) {
	for _, x := range a {
		for _, y := range b {
			if x == y {
				list = append(list, x)
			}
		}
	}
	return list
}

// asksHolder reports whether a condition asks a boolean field of an object that
// holds the resource.
func (s *search) asksHolder(st *state, instr *ssa.If) bool {
	load, ok := instr.Cond.(*ssa.UnOp)
	if !ok {
		return false
	}
	field, ok := load.X.(*ssa.FieldAddr)
	if !ok {
		return false
	}
	p := s.pool.Pointee(s.eval(st, field.X))
	return p != nil && st.Holds(p)
}

// holderDecides reports whether a path leaves the resource open only because a
// flag of the object that holds it says so, which would have had it released at
// once. Whoever set the flag answers for it: it may be set where this path has
// not looked.
func holderDecides(leaving outcome, outs []outcome) bool {
	for t := leaving.st.trail; t != nil; t = t.prev {
		if !t.flag || t.decided {
			continue
		}
		for _, o := range outs {
			if o.st.status != released {
				continue
			}
			last := o.st.trail
			for last != nil && last.decided {
				last = last.prev
			}
			if last != nil && last.instr == t.instr && last.taken != t.taken {
				return true
			}
		}
	}
	return false
}
