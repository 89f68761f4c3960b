package lifetime

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// A callIndex knows who calls the functions of the package.
type callIndex struct {
	calls map[*ssa.Function][]*ssa.Call
	other map[*ssa.Function]bool // also used in another way than by such a call
	boxed []boxing
}

// A boxing is a conversion of a concrete type to an interface.
type boxing struct {
	concrete types.Type
	iface    *types.Interface
}

// callers returns all calls of a function whose results are looked at. It is
// not ok if there may be others: from another package, through a func value,
// or through an interface.
func (e *engine) callers(fn *ssa.Function) (calls []*ssa.Call, ok bool) {
	obj, named := fn.Object().(*types.Func)
	if !named || fn.Synthetic != "" || fn.Origin() != nil || hasTypeArgs(fn) {
		return nil, false
	}
	if obj.Exported() && e.pass.Pkg.Name() != "main" {
		return nil, false
	}
	if e.index == nil {
		e.index = e.newCallIndex()
	}
	if e.index.other[fn] {
		return nil, false
	}
	if recv := obj.Signature().Recv(); recv != nil {
		for _, b := range e.index.boxed {
			if namedOf(b.concrete) == namedOf(recv.Type()) && hasMethod(b.iface, obj.Name()) {
				return nil, false
			}
		}
	}
	return e.index.calls[fn], true
}

func hasTypeArgs(fn *ssa.Function) bool {
	return fn.TypeParams().Len() > 0 || len(fn.TypeArgs()) > 0
}

func hasMethod(iface *types.Interface, name string) bool {
	for i := range iface.NumMethods() {
		if iface.Method(i).Name() == name {
			return true
		}
	}
	return false
}

func (e *engine) newCallIndex() *callIndex {
	x := &callIndex{calls: map[*ssa.Function][]*ssa.Call{}, other: map[*ssa.Function]bool{}}
	for _, fn := range e.funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				x.add(instr)
			}
		}
	}
	return x
}

func (x *callIndex) add(instr ssa.Instruction) {
	var callee *ssa.Function
	if call, ok := instr.(ssa.CallInstruction); ok {
		callee = call.Common().StaticCallee()
		if c, ok := call.(*ssa.Call); ok && callee != nil {
			x.calls[callee] = append(x.calls[callee], c)
		}
	}
	if m, ok := instr.(*ssa.MakeInterface); ok {
		if iface, ok := m.Type().Underlying().(*types.Interface); ok {
			x.boxed = append(x.boxed, boxing{m.X.Type(), iface})
		}
	}
	var operands [10]*ssa.Value
	for _, op := range instr.Operands(operands[:0]) {
		f, ok := (*op).(*ssa.Function)
		if !ok {
			continue
		}
		if f == callee {
			callee = nil // once: a call may also pass its callee
			continue
		}
		x.other[f] = true
		if obj := f.Object(); obj != nil && f.Synthetic != "" {
			// A method value or expression stands for the method.
			if m, ok := obj.(*types.Func); ok {
				x.other[f.Prog.FuncValue(m)] = true
			}
		}
	}
}
