package lifetime

import (
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// A Neglect is a resource that was handed to a type of the package which never
// releases it, and from which nobody else can get it.
type Neglect struct {
	Owner  string    // the type
	Field  string    // where it keeps the resource
	Method string    // the method that releases its other resources, or ""
	Pos    token.Pos // the method, or the return of it that forgets the field
	Partly bool      // the method releases it, but not on every path
	Path   []Condition
}

// neglect reports whether the type that a site's resource is handed to
// forgets it. There are two ways. Either the type has a method that releases
// other fields on every path, but not this one; or nothing in the package
// ever reads the field.
func (e *engine) neglect(s *site, fn *ssa.Function, given []Open) *Neglect {
	for _, o := range given {
		t := e.placeType(fn, o.At)
		if o.At.dyn != nil {
			t = o.At.dyn
		}
		if t == nil || strings.Contains(o.At.Shape, "|") {
			return nil
		}
		owner, field := e.ownerField(t, o.At.Shape)
		if owner == nil {
			return nil
		}
		n := &Neglect{Owner: owner.Obj().Name(), Field: field.Name()}
		if !e.fieldRead(owner, field) {
			return n
		}
		return e.forgotten(owner, field, o, n)
	}
	return nil
}

// ownerField returns the type of this package that holds a resource directly
// in an unexported field, as a place says, and the field.
func (e *engine) ownerField(t types.Type, shape string) (*types.Named, *types.Var) {
	n := namedOf(t)
	index, err := strconv.Atoi(strings.TrimPrefix(strings.TrimPrefix(shape, "*"), "."))
	if n == nil || n.Obj().Pkg() != e.pass.Pkg || err != nil {
		return nil, nil
	}
	st, ok := n.Underlying().(*types.Struct)
	if !ok || index >= st.NumFields() || st.Field(index).Exported() || st.Field(index).Embedded() {
		return nil, nil
	}
	return n, st.Field(index)
}

// fieldRead reports whether any code of the package reads a field.
func (e *engine) fieldRead(owner *types.Named, field *types.Var) bool {
	for _, fn := range e.funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				switch instr := instr.(type) {
				case *ssa.FieldAddr:
					if fieldOf(instr.X.Type(), instr.Field) == field.Origin() {
						for _, ref := range *instr.Referrers() {
							if st, ok := ref.(*ssa.Store); !ok || st.Addr != instr {
								return true
							}
						}
					}
				case *ssa.Field:
					if fieldOf(instr.X.Type(), instr.Field) == field.Origin() {
						return true
					}
				}
			}
		}
	}
	// A value of the type that is looked at as a whole may be read by anyone.
	return e.seenWhole(owner)
}

func fieldOf(t types.Type, i int) *types.Var {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	if st, ok := t.Underlying().(*types.Struct); ok {
		return st.Field(i).Origin()
	}
	return nil
}

// seenWhole reports whether values of a type are put into interfaces, where
// reflection can read them.
func (e *engine) seenWhole(owner *types.Named) bool {
	for _, fn := range e.funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if m, ok := instr.(*ssa.MakeInterface); ok && namedOf(m.X.Type()) == owner {
					return true
				}
			}
		}
	}
	return false
}

// forgotten looks for a method that releases the type's other resources on
// every path, and this field on none or only on some.
func (e *engine) forgotten(owner *types.Named, field *types.Var, o Open, n *Neglect) *Neglect {
	ms := types.NewMethodSet(types.NewPointer(owner))
	shape := o.At.Shape
	if !strings.HasPrefix(shape, "*") {
		shape = "*" + shape
	}
	var closer *types.Func
	touched := false
	for i := 0; i < ms.Len(); i++ {
		m, ok := ms.At(i).Obj().(*types.Func)
		if !ok || len(ms.At(i).Index()) != 1 {
			continue
		}
		f := e.pkg.Prog.FuncValue(m)
		if !e.hasBody(f) {
			continue
		}
		some, all := e.releasesShape(f, shape, o.Release)
		if all {
			return nil
		}
		if e.releasesOther(f, owner, field) {
			if closer == nil || closerRank(m.Name()) < closerRank(closer.Name()) {
				closer, n.Partly = m, some
			}
		} else if some {
			touched = true
		}
	}
	if closer == nil || touched || !n.Partly && e.handedOn(owner, field) {
		return nil
	}
	n.Method, n.Pos = closer.Name(), closer.Pos()
	return n
}

// releasesShape reports whether a method releases what its receiver holds
// under a shape, on some and on all paths.
func (e *engine) releasesShape(f *ssa.Function, shape string, release []string) (some, all bool) {
	out := e.summarise(f, 0, recvShape(f, shape), strings.Join(release, ","), nil)
	all = len(out) > 0
	for _, o := range out {
		switch o.Effect {
		case Released:
			some = true
		case Moved:
			return true, true // not understood: silence
		default:
			all = false
		}
	}
	return some, all
}

func recvShape(f *ssa.Function, shape string) string {
	if len(f.Params) > 0 {
		if _, ptr := f.Params[0].Type().Underlying().(*types.Pointer); !ptr {
			return strings.TrimPrefix(shape, "*")
		}
	}
	return shape
}

// releasesOther reports whether a method releases another resource field of
// its type on every path.
func (e *engine) releasesOther(f *ssa.Function, owner *types.Named, field *types.Var) bool {
	st := owner.Underlying().(*types.Struct)
	for i := 0; i < st.NumFields(); i++ {
		if other := st.Field(i); other != field {
			if release := e.releaseOf(other.Type()); release != nil {
				out := e.summarise(f, 0, recvShape(f, "*."+strconv.Itoa(i)), strings.Join(release, ","), nil)
				all := len(out) > 0
				for _, o := range out {
					all = all && o.Effect == Released
				}
				if all {
					return true
				}
			}
		}
	}
	return false
}

// handedOn reports whether the package gives what is in a field to something
// other than a method call on it: whoever gets it may release it.
func (e *engine) handedOn(owner *types.Named, field *types.Var) bool {
	for _, fn := range e.funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				var v ssa.Value
				switch instr := instr.(type) {
				case *ssa.FieldAddr:
					if fieldOf(instr.X.Type(), instr.Field) != field.Origin() {
						continue
					}
					for _, ref := range *instr.Referrers() {
						switch ref := ref.(type) {
						case *ssa.Store:
							if ref.Addr != instr {
								return true
							}
						case *ssa.UnOp:
							if e.passedOn(ref) {
								return true
							}
						default:
							return true
						}
					}
					continue
				case *ssa.Field:
					if fieldOf(instr.X.Type(), instr.Field) == field.Origin() {
						v = instr
					}
				}
				if v != nil && e.passedOn(v) {
					return true
				}
			}
		}
	}
	return false
}

// passedOn reports whether a value is used other than by calling its methods
// and comparing it.
func (e *engine) passedOn(v ssa.Value) bool {
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.BinOp, *ssa.DebugRef:
		case *ssa.FieldAddr, *ssa.Field:
			// An embedded part, for a promoted method.
		case ssa.CallInstruction:
			c := ref.Common()
			if c.IsInvoke() && c.Value == v {
				continue
			}
			if len(c.Args) == 0 || c.Args[0] != v || c.Signature().Recv() == nil {
				return true
			}
			for _, a := range c.Args[1:] {
				if a == v {
					return true
				}
			}
		default:
			return true
		}
	}
	return false
}
