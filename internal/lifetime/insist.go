package lifetime

import (
	"go/token"
	"go/types"
	"slices"

	"github.com/redislint/redislint/internal/lifetime/heap"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// This file answers which functions insist on an error being nil: a helper of a
// test, or a Must, does not return if it is not.

// insists applies what a call insists on, before anything else that it does. It
// reports whether the call returns.
func (s *search) insists(st *state, c *ssa.CallCommon, method *types.Func, callee *ssa.Function, args []*heap.Term) bool {
	if method == nil {
		return true
	}
	body := s.e.know.hasBody(callee)
	fact, analysed := s.e.know.fact(method)
	switch {
	case body:
		for _, i := range s.e.know.insisted(callee) {
			if !s.insistsOn(st, args[i]) {
				return false
			}
		}
	case fact != nil:
		for _, i := range fact.Insists {
			if i < len(args) && !s.insistsOn(st, args[i]) {
				return false
			}
		}
	case !analysed && st.status == open && canEndTest(method):
		// It cannot be read. It may have ended the test, and a test that has
		// failed may leave what it likes open.
		for _, a := range ssaflow.Args(c) {
			if !isErrorValue(a) {
				continue
			}
			if s.knownOf(st, s.eval(st, a)) == "notnil" {
				st.doubtful = true
			}
		}
	}
	return true
}

// insistsOn makes an error nil in a state, and reports whether it can be.
func (s *search) insistsOn(st *state, err *heap.Term) bool {
	switch {
	case err.Op == heap.Nil || err.Op == heap.OpenErr:
		return true
	case err.NotNil():
		return false
	case err.Symbolic():
		return s.assume(st, s.pool.Equal(err, s.pool.Nil), true) != nil
	}
	return true
}

// canEndTest reports whether a function is given something by which it can end
// the running test: a parameter, or its receiver, with a method FailNow.
func canEndTest(fn *types.Func) bool {
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

// isErrorValue reports whether a value is an error, perhaps passed as any.
func isErrorValue(v ssa.Value) bool {
	if c, ok := v.(*ssa.ChangeInterface); ok {
		v = c.X
	}
	return ssaflow.IsError(v.Type())
}

// insisted returns the parameters of a function of this package, errors, that
// are nil whenever it returns.
func (kn *knowledge) insisted(fn *ssa.Function) []int {
	return kn.insists.meanwhile(fn, nil, func() (list []int) {
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
func (kn *knowledge) returnsWith(fn *ssa.Function, err *ssa.Parameter) bool {
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
				if kn.callEnds(instr) {
					continue blocks
				}
				if kn.callInsists(instr, err) {
					asked = true
					continue blocks
				}
			}
		}
		if ifs, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If); ok {
			if isNil, ok := comparesToNil(ifs.Cond, err); ok {
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
func (kn *knowledge) callInsists(call *ssa.Call, err ssa.Value) bool {
	at := slices.Index(call.Call.Args, err)
	f := ssaflow.Static(&call.Call)
	if at < 0 || f == nil {
		return false
	}
	if kn.hasBody(f) {
		return slices.Contains(kn.insisted(f), at)
	}
	obj, _ := f.Object().(*types.Func)
	fact, _ := kn.fact(obj)
	return fact != nil && slices.Contains(fact.Insists, at)
}

// comparesToNil reports whether a condition compares a value with nil, and
// whether it is true if the value is nil.
func comparesToNil(cond, v ssa.Value) (isNil, ok bool) {
	b, ok := cond.(*ssa.BinOp)
	if !ok || b.Op != token.EQL && b.Op != token.NEQ {
		return false, false
	}
	if b.X != v || !ssaflow.IsNil(b.Y) {
		if b.Y != v || !ssaflow.IsNil(b.X) {
			return false, false
		}
	}
	return b.Op == token.EQL, true
}
