package knowledge

import (
	"go/types"
	"slices"

	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// NoReturn reports whether a function of this package never returns.
func (kn *Base) NoReturn(fn *ssa.Function) bool {
	// A recursive call returns if another path does.
	return kn.endless.Meanwhile(fn, true, func() bool { return kn.noReturnNew(fn) })
}

func (kn *Base) noReturnNew(fn *ssa.Function) bool {
	never := true
	seen := make([]bool, len(fn.Blocks))
	work := []*ssa.BasicBlock{fn.Blocks[0]}
	for len(work) > 0 && never {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[b.Index] {
			continue
		}
		seen[b.Index] = true
		ends := false
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Return:
				never = false
			case *ssa.Call:
				ends = ends || kn.CallEnds(instr)
			}
			if ends {
				break
			}
		}
		if !ends {
			work = append(work, b.Succs...)
		}
	}
	if fn.Recover != nil {
		never = false // a recovered panic returns
	}
	return never
}

// CallEnds reports whether a call never returns.
func (kn *Base) CallEnds(call *ssa.Call) bool {
	c := call.Common()
	if c.IsInvoke() {
		row := kn.Table.Func(c.Method)
		return row != nil && row.NoReturn
	}
	f := c.StaticCallee()
	if f == nil {
		return false
	}
	if o := f.Origin(); o != nil {
		f = o
	}
	if obj, ok := f.Object().(*types.Func); ok {
		if row := kn.Table.Func(obj); row != nil {
			return row.NoReturn
		}
		if !kn.HasBody(f) {
			fact, _ := kn.Fact(obj)
			return fact != nil && fact.NoReturn
		}
	}
	return kn.HasBody(f) && kn.NoReturn(f)
}

// Insisted returns the parameters of a function of this package, errors, that
// are nil whenever it returns.
func (kn *Base) Insisted(fn *ssa.Function) []int {
	return kn.insists.Meanwhile(fn, nil, func() (list []int) {
		for i, p := range fn.Params {
			if ssaflow.IsError(p.Type()) && fn.Recover == nil && !kn.returnsWith(fn, p) {
				list = append(list, i)
			}
		}
		return list
	})
}

// returnsWith reports whether a function can return although a parameter, an
// error, is not nil.
func (kn *Base) returnsWith(fn *ssa.Function, err *ssa.Parameter) bool {
	asked := false
	seen := make([]bool, len(fn.Blocks))
	work := []*ssa.BasicBlock{fn.Blocks[0]}
blocks:
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[b.Index] {
			continue
		}
		seen[b.Index] = true
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Return:
				return true
			case *ssa.Call:
				if kn.CallEnds(instr) {
					continue blocks
				}
				if kn.callInsists(instr, err) {
					asked = true
					continue blocks
				}
			}
		}
		if ifs, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If); ok {
			if isNil, ok := ssaflow.ComparesToNil(ifs.Cond, err); ok {
				asked = true
				if isNil {
					work = append(work, b.Succs[1])
				} else {
					work = append(work, b.Succs[0])
				}
				continue
			}
		}
		work = append(work, b.Succs...)
	}
	return !asked // one that never returns asks nothing of its parameter
}

// callInsists reports whether a call insists on a value being nil.
func (kn *Base) callInsists(call *ssa.Call, err ssa.Value) bool {
	at := slices.Index(call.Call.Args, err)
	f := ssaflow.Static(&call.Call)
	if at < 0 || f == nil {
		return false
	}
	if kn.HasBody(f) {
		return slices.Contains(kn.Insisted(f), at)
	}
	obj, _ := f.Object().(*types.Func)
	fact, _ := kn.Fact(obj)
	return fact != nil && slices.Contains(fact.Insists, at)
}

// CanEndTest reports whether a function is given something by which it can end
// the running test: a parameter, or its receiver, with a method FailNow.
func CanEndTest(fn *types.Func) bool {
	ends := func(t types.Type) bool {
		obj, _, _ := types.LookupFieldOrMethod(t, true, nil, "FailNow")
		_, ok := obj.(*types.Func)
		return ok
	}
	sig := fn.Signature()
	if sig.Recv() != nil && ends(sig.Recv().Type()) {
		return true
	}
	return sig.Params().Len() > 0 && ends(sig.Params().At(0).Type())
}

// IsErrorValue reports whether a value is an error, perhaps passed as any.
func IsErrorValue(v ssa.Value) bool {
	if c, ok := v.(*ssa.ChangeInterface); ok {
		v = c.X
	}
	return ssaflow.IsError(v.Type())
}
