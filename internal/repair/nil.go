package repair

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"iter"
	"slices"

	"github.com/redislint/redislint/internal/lifetime"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// This file answers whether what was opened may be nil.

// certain reports whether what a site opens is there whenever its error is nil,
// and never belongs to somebody else.
func (r *Result) certain(s lifetime.Site) bool {
	if s.Open().Lent {
		return false
	}
	c, ok := s.Instr().(ssa.CallInstruction)
	if !ok {
		return true
	}
	callee := c.Common().StaticCallee()
	if callee == nil {
		// A method of a library's interface, or what only its error tells of.
		return s.Open().Err >= 0 || c.Common().IsInvoke() && r.libraryType(c.Common().Value.Type())
	}
	if fn, ok := callee.Object().(*types.Func); ok && fn.Pkg() != nil && r.prog.Table.Covers(fn.Pkg().Path()) {
		return true
	}
	if s.Open().At.Param {
		return s.Open().Err >= 0 // behind a parameter: nothing tells what is there
	}
	return r.neverNil(callee, s.Open().At.Index, 0)
}

// neverNil reports whether a result of a function is never nil where the function
// does not return an error, as far as it is made here or in a package that was
// analysed.
func (r *Result) neverNil(fn *ssa.Function, result, depth int) bool {
	if results := fn.Signature.Results(); result < results.Len() && !mayBeNilType(results.At(result).Type()) {
		return true
	}
	if len(fn.Blocks) == 0 {
		obj, ok := fn.Object().(*types.Func)
		var fact NeverNil
		return ok && (r.pass.ImportObjectFact(obj.Origin(), &fact) && slices.Contains(fact.Results, result) ||
			obj.Pkg() != nil && r.prog.Table.Covers(obj.Pkg().Path()))
	}
	if depth > 3 {
		return false
	}
	returns := false
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || b == fn.Recover {
			continue
		}
		returns = true
		if result >= len(ret.Results) {
			return false
		}
		for v, err := range together(ret, result) {
			if r.mayBeNil(v, depth, map[ssa.Value]bool{}) && !fails(v, err) {
				return false
			}
		}
	}
	return returns
}

// together yields a result beside the error, for each way on which both are set.
func together(ret *ssa.Return, result int) iter.Seq2[ssa.Value, ssa.Value] {
	return func(yield func(v, err ssa.Value) bool) {
		v, err := returned(ret, ret.Results[result]), returned(ret, ret.Results[len(ret.Results)-1])
		in, ok1 := variableOf(v)
		beside, ok2 := variableOf(err)
		if ok1 && ok2 && ret.Parent().Signature.Results().At(result).Name() == "" {
			storedTogether(ret.Parent(), in, beside, yield)
			return
		}
		eachEdge(v, err, yield)
	}
}

// eachEdge yields two values for each way to where they come together. It
// reports whether to go on.
func eachEdge(v, err ssa.Value, yield func(v, err ssa.Value) bool) bool {
	a, ok1 := v.(*ssa.Phi)
	b, ok2 := err.(*ssa.Phi)
	if !ok1 || !ok2 || a.Block() != b.Block() {
		return yield(v, err)
	}
	for i := range a.Edges {
		if !yield(a.Edges[i], b.Edges[i]) {
			return false
		}
	}
	return true
}

// variableOf returns the variable that a value is read from: of a result, if the
// body of a loop over a func sets it.
func variableOf(v ssa.Value) (ssa.Value, bool) {
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return nil, false
	}
	a, ok := load.X.(*ssa.Alloc)
	return a, ok
}

// storedTogether yields what a function, and the literals in it, put into two
// variables at once. It reports whether to go on.
func storedTogether(fn *ssa.Function, a, b ssa.Value, yield func(v, err ssa.Value) bool) bool {
	for _, block := range fn.Blocks {
		var v, err ssa.Value
		for _, instr := range block.Instrs {
			store, ok := instr.(*ssa.Store)
			if !ok {
				continue
			}
			to := store.Addr
			for fv, ok := to.(*ssa.FreeVar); ok; fv, ok = to.(*ssa.FreeVar) {
				to = ssaflow.Binding(fv)
			}
			switch to {
			case a:
				v = store.Val
			case b:
				err = store.Val
			}
		}
		if v != nil && !eachEdge(v, cmp.Or(err, v), yield) {
			return false
		}
	}
	return !slices.ContainsFunc(fn.AnonFuncs, func(f *ssa.Function) bool { return !storedTogether(f, a, b, yield) })
}

// fails reports whether a nil is returned beside an error.
func fails(v, err ssa.Value) bool {
	isNil := func(v ssa.Value) bool {
		c, ok := ssaflow.Bare(v).(*ssa.Const)
		return ok && c.IsNil()
	}
	return v != err && isError(err.Type()) && isNil(v) && !isNil(err)
}

// mayBeNilType reports whether there is a nil of a type.
func mayBeNilType(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Basic, *types.Struct, *types.Array:
		return false
	}
	return true
}

// mayBeNil reports whether a value is nil on some way, as far as it is made
// here.
func (r *Result) mayBeNil(v ssa.Value, depth int, seen map[ssa.Value]bool) bool {
	if seen[v] {
		return false
	}
	seen[v] = true
	switch v := ssaflow.Bare(v).(type) {
	case *ssa.Const:
		return v.IsNil()
	case *ssa.Phi:
		return slices.ContainsFunc(v.Edges, func(e ssa.Value) bool { return r.mayBeNil(e, depth, seen) })
	case *ssa.Alloc:
		return false
	case *ssa.Extract:
		call, ok := v.Tuple.(*ssa.Call)
		return !ok || r.callMayBeNil(call, v.Index, depth)
	case *ssa.Call:
		return r.callMayBeNil(v, 0, depth)
	}
	return true
}

// callMayBeNil reports whether a result of a call is nil on some way.
func (r *Result) callMayBeNil(call *ssa.Call, result, depth int) bool {
	if callee := call.Call.StaticCallee(); callee != nil {
		return !r.neverNil(callee, result, depth+1)
	}
	return !call.Call.IsInvoke() || !r.libraryType(call.Call.Value.Type())
}

// used reports whether what a site opens has been used on every path to a return,
// or, if that is nil, to any: a nil would have panicked there. What the function
// does where the opening has failed does not matter.
func (r *Result) used(s lifetime.Site, to ssa.Instruction, failed ast.Stmt) bool {
	start := s.Instr().Block()
	if start == nil || start.Parent() != s.Func() {
		return false
	}
	body := &ast.BlockStmt{}
	if s, ok := failed.(*ast.IfStmt); ok {
		body = s.Body
	}
	seen := map[*ssa.BasicBlock]bool{}
	work := []*ssa.BasicBlock{start}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[b] || inside(b, body) || slices.ContainsFunc(b.Instrs, func(instr ssa.Instruction) bool { return r.uses(s, instr) }) {
			continue
		}
		seen[b] = true
		last := b.Instrs[len(b.Instrs)-1]
		if _, returns := last.(*ssa.Return); last == to || returns && to == nil {
			return false
		}
		work = append(work, b.Succs...)
	}
	return true
}

// uses reports whether an instruction asks what a site opens for a field or a
// method.
func (r *Result) uses(s lifetime.Site, instr ssa.Instruction) bool {
	opened := func(v ssa.Value) bool {
		v = ssaflow.Bare(v)
		x, several := v.(*ssa.Extract)
		if several {
			v = x.Tuple
		}
		in, ok := v.(ssa.Instruction)
		return ok && in == s.Instr() && (!several || x.Index == s.Open().At.Index)
	}
	switch instr := instr.(type) {
	case *ssa.FieldAddr:
		return opened(instr.X)
	case *ssa.Call:
		if c := &instr.Call; c.IsInvoke() {
			return opened(c.Value)
		} else if c.Signature().Recv() != nil && len(c.Args) > 0 {
			// A method of the program may be one of a nil pointer.
			return opened(c.Args[0]) && r.libraryType(c.Args[0].Type())
		}
	}
	return false
}

// exportNeverNil marks the results of a function that callers need not ask about.
func (r *Result) exportNeverNil(fn *ssa.Function, obj *types.Func) {
	var sure NeverNil
	for i := range fn.Signature.Results().Len() {
		t := fn.Signature.Results().At(i).Type()
		if mayBeNilType(t) && !isError(t) && (types.IsInterface(t) || r.leadsTo(t, 3)) && r.neverNil(fn, i, 0) {
			sure.Results = append(sure.Results, i)
		}
	}
	if len(sure.Results) > 0 {
		r.pass.ExportObjectFact(obj, &sure)
	}
}

// NeverNil marks a function by the results that are never nil without an error.
type NeverNil struct{ Results []int }

// AFact marks NeverNil as a fact.
func (*NeverNil) AFact() {}

// Exposes reports that a caller gets nothing by it.
func (*NeverNil) Exposes() bool { return false }

func (n *NeverNil) String() string { return fmt.Sprint("never nil ", n.Results) }
