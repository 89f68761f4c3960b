package program

import (
	"go/token"
	"go/types"
	"slices"

	"github.com/redislint/redislint/internal/ssaflow"
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

// Callers returns all calls of a function whose results are looked at. It is
// not ok if there may be others: from another package, through a func value,
// or through an interface.
func (p *Program) Callers(fn *ssa.Function) (calls []*ssa.Call, ok bool) {
	obj, named := fn.Object().(*types.Func)
	if !named || fn.Synthetic != "" || fn.Origin() != nil || ssaflow.HasTypeArgs(fn) {
		return nil, false
	}
	if obj.Exported() && p.types.Name() != "main" {
		return nil, false
	}
	index := p.calls()
	if index.other[fn] {
		return nil, false
	}
	if recv := obj.Signature().Recv(); recv != nil {
		for _, b := range index.boxed {
			if ssaflow.Named(b.concrete) == ssaflow.Named(recv.Type()) && hasMethod(b.iface, obj.Name()) {
				return nil, false
			}
		}
	}
	return index.calls[fn], true
}

// Calls returns the calls of a function that are seen; there may be others.
func (p *Program) Calls(fn *ssa.Function) []*ssa.Call { return p.calls().calls[fn] }

// OnlyBoxed returns the one concrete type of which the package makes values of
// one of its own interfaces; nil if there are several.
func (p *Program) OnlyBoxed(iface types.Type) types.Type {
	n := ssaflow.Named(iface)
	if n == nil || n.Obj().Pkg() != p.types {
		return nil
	}
	var concrete types.Type
	for _, b := range p.calls().boxed {
		if b.iface != n.Underlying() {
			continue
		}
		if concrete != nil && !types.Identical(concrete, b.concrete) {
			return nil
		}
		concrete = b.concrete
	}
	return concrete
}

// CallsDirectly reports whether a function calls another by its name.
func (p *Program) CallsDirectly(fn, callee *ssa.Function) bool {
	return slices.ContainsFunc(p.calls().calls[callee], func(c *ssa.Call) bool { return c.Parent() == fn })
}

func hasMethod(iface *types.Interface, name string) bool {
	for i := range iface.NumMethods() {
		if iface.Method(i).Name() == name {
			return true
		}
	}
	return false
}

func newCallIndex(funcs []*ssa.Function) *callIndex {
	x := &callIndex{calls: map[*ssa.Function][]*ssa.Call{}, other: map[*ssa.Function]bool{}}
	for _, fn := range funcs {
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

// FuncsOf returns the functions that a func value can be, if all are known: one
// that FuncOf finds, those that the callers of this function pass, or those that
// the package stores in a field of its own.
func (p *Program) FuncsOf(v ssa.Value) []*ssa.Function {
	if f := p.FuncOf(v); f != nil {
		return []*ssa.Function{f}
	}
	var values []ssa.Value
	switch v := v.(type) {
	case *ssa.Parameter:
		calls, ok := p.Callers(v.Parent())
		if !ok {
			return nil
		}
		at := slices.Index(v.Parent().Params, v)
		for _, call := range calls {
			values = append(values, call.Call.Args[at])
		}
	case *ssa.UnOp:
		if f, ok := v.X.(*ssa.FieldAddr); ok {
			values = p.storedInField(ssaflow.DeclaredField(f.X.Type(), f.Field))
		}
	}
	var funcs []*ssa.Function
	for _, x := range values {
		if ssaflow.IsNil(x) {
			continue
		}
		f := p.FuncOf(x)
		if f == nil {
			return nil
		}
		if !slices.Contains(funcs, f) {
			funcs = append(funcs, f)
		}
	}
	return funcs
}

// storedInField returns what the package stores in an unexported field of one
// of its types; nil if its address gets elsewhere.
func (p *Program) storedInField(field *types.Var) []ssa.Value {
	if field == nil || field.Exported() || field.Pkg() != p.types {
		return nil
	}
	var values []ssa.Value
	for _, fn := range p.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				addr, ok := instr.(*ssa.FieldAddr)
				if !ok || ssaflow.DeclaredField(addr.X.Type(), addr.Field) != field {
					continue
				}
				for _, ref := range *addr.Referrers() {
					switch ref := ref.(type) {
					case *ssa.Store:
						if ref.Addr != addr {
							return nil
						}
						values = append(values, ref.Val)
					case *ssa.UnOp, *ssa.DebugRef:
					default:
						return nil
					}
				}
			}
		}
	}
	return values
}

// FuncOf returns the function that a func value is, if it can be only one: a
// literal, what a function of this package returns, or what a variable was
// set to once.
func (p *Program) FuncOf(v ssa.Value) *ssa.Function {
	const depth = 8 // ways through variables and calls
	return p.funcWithin(v, depth)
}

func (p *Program) funcWithin(v ssa.Value, depth int) *ssa.Function {
	if depth == 0 {
		return nil
	}
	depth--
	switch v := ssaflow.Bare(v).(type) {
	case *ssa.Function:
		return v
	case *ssa.MakeClosure:
		f, _ := v.Fn.(*ssa.Function)
		return f
	case *ssa.Call:
		return p.funcReturned(v, 0, depth)
	case *ssa.Extract:
		if call, ok := v.Tuple.(*ssa.Call); ok {
			return p.funcReturned(call, v.Index, depth)
		}
	case *ssa.FreeVar:
		if outer := ssaflow.Binding(v); outer != nil {
			return p.funcWithin(outer, depth)
		}
	case *ssa.UnOp:
		if v.Op != token.MUL {
			return nil
		}
		cell := v.X
		if free, ok := cell.(*ssa.FreeVar); ok {
			if outer := ssaflow.Binding(free); outer != nil {
				cell = outer
			}
		}
		if a, ok := cell.(*ssa.Alloc); ok {
			if val := ssaflow.StoredOnce(a); val != nil {
				return p.funcWithin(val, depth)
			}
		}
	}
	return nil
}

// funcReturned returns the function that a call of a function of this package
// always returns, beside nil.
func (p *Program) funcReturned(call *ssa.Call, index, depth int) *ssa.Function {
	f := call.Call.StaticCallee()
	if f == nil || f.Origin() != nil || !p.HasBody(f) {
		return nil
	}
	var one *ssa.Function
	for _, b := range f.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || index >= len(ret.Results) {
			continue
		}
		if c, ok := ret.Results[index].(*ssa.Const); ok && c.IsNil() {
			continue
		}
		g := p.funcWithin(ret.Results[index], depth)
		if g == nil || one != nil && g != one {
			return nil
		}
		one = g
	}
	return one
}
