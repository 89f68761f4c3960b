package ssaflow

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// ErrorResult returns the index of the error among a call's results, or -1.
func ErrorResult(t types.Type) int {
	tup, ok := t.(*types.Tuple)
	if !ok {
		if IsError(t) {
			return 0
		}
		return -1
	}
	if n := tup.Len(); n > 0 && IsError(tup.At(n-1).Type()) {
		return n - 1
	}
	return -1
}

// ValueOf returns the value of a call; nil for a call that stands nowhere, made
// to find out what a func would do.
func ValueOf(instr ssa.CallInstruction) ssa.Value {
	if instr == nil {
		return nil
	}
	if v := instr.Value(); v != nil {
		return v
	}
	return nil
}

// CallName names a call in messages: "redis.NewClient", "Client.Subscribe".
func CallName(obj *types.Func) string {
	if recv := obj.Type().(*types.Signature).Recv(); recv != nil {
		if n := Named(recv.Type()); n != nil {
			return n.Obj().Name() + "." + obj.Name()
		}
		return obj.Name()
	}
	return obj.Pkg().Name() + "." + obj.Name()
}

// Callee returns the function or method that a call names, as it is declared,
// or nil for a func value.
func Callee(c *ssa.CallCommon) *types.Func {
	if c.IsInvoke() {
		return c.Method
	}
	f := Static(c)
	if f == nil {
		return nil
	}
	obj, _ := f.Object().(*types.Func)
	return obj
}

// Args returns the arguments of a call, the receiver first.
func Args(c *ssa.CallCommon) []ssa.Value {
	if c.IsInvoke() {
		return append([]ssa.Value{c.Value}, c.Args...)
	}
	return c.Args
}

// CalledAt returns the one call of a function literal, made where it stands.
func CalledAt(fn *ssa.Function) *ssa.Call {
	if fn.Parent() == nil || fn.Referrers() == nil {
		return nil
	}
	refs := *fn.Referrers()
	if len(refs) == 1 {
		if mc, ok := refs[0].(*ssa.MakeClosure); ok && mc.Fn == fn {
			refs = *mc.Referrers()
		}
	}
	if len(refs) != 1 {
		return nil
	}
	call, ok := refs[0].(*ssa.Call)
	if !ok || call.Call.IsInvoke() || FuncOf(call.Call.Value) != fn {
		return nil
	}
	return call
}

// FuncOf returns the function that a func value runs, as it is declared, if that
// shows without looking into variables, and nil otherwise.
func FuncOf(v ssa.Value) *ssa.Function {
	v = Bare(v)
	if m, ok := v.(*ssa.MakeClosure); ok {
		v = m.Fn
	}
	f, ok := v.(*ssa.Function)
	if !ok {
		return nil
	}
	if f.Synthetic != "" {
		obj, ok := f.Object().(*types.Func)
		if !ok {
			return nil
		}
		return f.Prog.FuncValue(obj.Origin()) // of a method value
	}
	if f.Origin() != nil {
		return f.Origin()
	}
	return f
}

// IsMethod reports whether a function is a method.
func IsMethod(fn *types.Func) bool {
	return fn != nil && fn.Type().(*types.Signature).Recv() != nil
}

// Variadic returns what is in the slice that the compiler makes of the last
// arguments of a call, and false if the slice was there before.
func Variadic(v ssa.Value) ([]ssa.Value, bool) {
	if c, ok := v.(*ssa.Const); ok && c.IsNil() {
		return nil, true
	}
	s, ok := v.(*ssa.Slice)
	if !ok {
		return nil, false
	}
	a, ok := s.X.(*ssa.Alloc)
	if !ok || !IsVarargs(a) {
		return nil, false
	}
	array, ok := a.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Array)
	if !ok {
		return nil, false
	}
	list := make([]ssa.Value, array.Len())
	for _, ref := range *a.Referrers() {
		addr, ok := ref.(*ssa.IndexAddr)
		if !ok {
			continue
		}
		i, ok := addr.Index.(*ssa.Const)
		if !ok || i.Int64() < 0 || i.Int64() >= array.Len() {
			return nil, false
		}
		for _, use := range *addr.Referrers() {
			if st, ok := use.(*ssa.Store); ok {
				list[i.Int64()] = st.Val
			}
		}
	}
	for _, v := range list {
		if v == nil {
			return nil, false
		}
	}
	return list, true
}

// Target is the function that a func value runs, and how many of its
// parameters are bound.
func Target(f *ssa.Function) (*ssa.Function, int) {
	if o := f.Origin(); o != nil {
		f = o
	}
	if bound := IsBoundMethod(f); bound || IsThunk(f) {
		obj, ok := f.Object().(*types.Func)
		if !ok {
			return nil, 0
		}
		m := f.Prog.FuncValue(obj.Origin())
		if bound {
			return m, 1
		}
		return m, 0
	}
	return f, 0
}

// MethodValue returns the method that a call of a method value runs, and the
// receiver that is bound to it: f := rdb.Get; f(ctx, key).
func MethodValue(c *ssa.CallCommon) (*types.Func, ssa.Value) {
	mc, ok := c.Value.(*ssa.MakeClosure)
	if !ok || len(mc.Bindings) != 1 {
		return nil, nil
	}
	f, ok := mc.Fn.(*ssa.Function)
	if !ok || !IsBoundMethod(f) {
		return nil, nil
	}
	obj, ok := f.Object().(*types.Func)
	if !ok {
		return nil, nil
	}
	return obj, mc.Bindings[0]
}

// Static returns the function that a call names, as it is declared, or nil for
// a func value or an interface method.
func Static(c *ssa.CallCommon) *ssa.Function {
	f := c.StaticCallee()
	if f != nil && f.Origin() != nil {
		return f.Origin()
	}
	return f
}
