package failures

import (
	exact "go/constant"
	"go/token"
	"go/types"

	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// This file answers what an error does to a request.

// failures returns what an error does to the requests that a function serves.
func (x *errorFlow) failures(fn *ssa.Function, s errorSource) []Failure {
	errs := x.errorsOf(s)
	var list []Failure
	miss := s.miss && !x.toldApart(errs)
	for _, region := range x.failing(fn, errs) {
		for _, instr := range region {
			if end := x.endsProcess(instr); end != "" {
				list = append(list, Failure{Pos: instr.Pos(), End: end, What: x.named(s), Origin: s.at.Pos()})
			} else if status := x.answers(instr); status >= 500 && miss {
				list = append(list, Failure{Pos: instr.Pos(), Status: status, What: x.named(s), Origin: s.at.Pos()})
			}
		}
	}
	// A helper that ends the process when it is given an error.
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok {
				continue
			}
			for i, a := range call.Call.Args {
				if errs[a] && x.endsOnArg(&call.Call, i) {
					list = append(list, Failure{Pos: call.Pos(), End: ssaflow.Callee(&call.Call).Name(), What: x.named(s), Origin: s.at.Pos()})
				}
			}
		}
	}
	return list
}

// named is what the code calls where the error comes from: a command of a
// library, or the project's own function.
func (x *errorFlow) named(s errorSource) string {
	obj := ssaflow.Callee(&s.at.Call)
	if obj == nil || obj.Pkg() == nil || x.prog.Table.Covers(obj.Pkg().Path()) && obj.Pkg() != x.pass.Pkg {
		return s.what
	}
	return obj.Name()
}

// failing returns the instructions that run when one of some errors is not
// nil, by the condition that asks, unless another error decides in between.
func (x *errorFlow) failing(fn *ssa.Function, errs map[ssa.Value]bool) [][]ssa.Instruction {
	var list [][]ssa.Instruction
	for _, b := range fn.Blocks {
		to := notNil(b, func(v ssa.Value) bool { return errs[v] })
		if to == nil {
			continue
		}
		var region []ssa.Instruction
		for _, c := range fn.Blocks {
			if to.Dominates(c) && !x.otherError(c, to, errs) {
				region = append(region, c.Instrs...)
			}
		}
		list = append(list, region)
	}
	return list
}

// otherError reports whether between two blocks it is another error that leads
// to the second one.
func (x *errorFlow) otherError(b, from *ssa.BasicBlock, errs map[ssa.Value]bool) bool {
	for d := b; d != nil && d != from; d = d.Idom() {
		up := d.Idom()
		if up == nil {
			return false
		}
		to := notNil(up, func(v ssa.Value) bool { return !errs[v] })
		if to == d {
			return true
		}
	}
	return false
}

// notNil returns the block that follows another when an error which a
// condition asks for is not nil, if nothing else leads there.
func notNil(b *ssa.BasicBlock, is func(ssa.Value) bool) *ssa.BasicBlock {
	if len(b.Instrs) == 0 {
		return nil
	}
	ifs, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
	if !ok {
		return nil
	}
	cond, ok := ifs.Cond.(*ssa.BinOp)
	if !ok {
		return nil
	}
	v := cond.X
	if ssaflow.IsNil(v) {
		v = cond.Y
	} else if !ssaflow.IsNil(cond.Y) {
		return nil
	}
	if !ssaflow.IsError(v.Type()) || !is(v) {
		return nil
	}
	var to *ssa.BasicBlock
	switch cond.Op {
	case token.NEQ:
		to = b.Succs[0]
	case token.EQL:
		to = b.Succs[1]
	}
	if to == nil || len(to.Preds) != 1 {
		return nil
	}
	return to
}

// endsProcess names what ends the process, or panics, at an instruction; ""
// if nothing does.
func (x *errorFlow) endsProcess(instr ssa.Instruction) string {
	switch instr := instr.(type) {
	case *ssa.Panic:
		if instr.Pos().IsValid() {
			return "panic"
		}
	case *ssa.Call:
		if x.lives.Ends(instr) {
			obj := ssaflow.Callee(&instr.Call)
			if obj == nil || ssaflow.IsMethod(obj) && obj.Pkg() != nil && obj.Pkg().Path() == "testing" {
				return ""
			}
			return ssaflow.CallName(obj)
		}
	}
	return ""
}

// answers returns the status that an instruction answers a request with, or 0.
func (x *errorFlow) answers(instr ssa.Instruction) int {
	switch instr := instr.(type) {
	case *ssa.Call:
		status, ours := 0, ssaflow.IsError(instr.Type()) || implementsError(instr.Type())
		for _, a := range ssaflow.Args(&instr.Call) {
			if n := statusOf(a); n > 0 {
				status = n
			}
			ours = ours || x.requests.Carries(a.Type())
		}
		if ours {
			return status
		}
	case *ssa.Store:
		if f, ok := instr.Addr.(*ssa.FieldAddr); ok {
			if v := ssaflow.DeclaredField(f.X.Type(), f.Field); v != nil && v.Name() == "StatusCode" {
				return statusOf(instr.Val)
			}
		}
	}
	return 0
}

func implementsError(t types.Type) bool {
	if _, ok := t.(*types.Tuple); ok {
		return false
	}
	return types.Implements(t, types.Universe.Lookup("error").Type().Underlying().(*types.Interface))
}

// statusOf returns the status of a server's failure that a constant is, or 0.
func statusOf(v ssa.Value) int {
	c, ok := v.(*ssa.Const)
	if !ok || c.Value == nil || c.Value.Kind() != exact.Int {
		return 0
	}
	if n, ok := exact.Int64Val(c.Value); ok && 500 <= n && n <= 599 {
		return int(n)
	}
	return 0
}

// endsOnArg reports whether a call ends the process when an argument, which is
// an error, is not nil.
func (x *errorFlow) endsOnArg(c *ssa.CallCommon, i int) bool {
	if fn := x.prog.Body(c); fn != nil {
		return i < len(fn.Params) && x.endsOn(fn.Params[i])
	}
	if obj := ssaflow.Callee(c); obj != nil {
		if fact := x.fact(obj); fact != nil {
			for _, n := range fact.Ends {
				if n == i {
					return true
				}
			}
		}
	}
	return false
}

// endsOn reports whether a function ends the process when a parameter is not
// nil.
func (x *errorFlow) endsOn(p *ssa.Parameter) bool {
	if r, ok := x.ends[p]; ok {
		return r
	}
	x.ends[p] = false
	for _, region := range x.failing(p.Parent(), map[ssa.Value]bool{p: true}) {
		for _, instr := range region {
			if x.endsProcess(instr) != "" {
				x.ends[p] = true
			}
		}
	}
	return x.ends[p]
}
