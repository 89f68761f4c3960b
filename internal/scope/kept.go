package scope

import (
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// kept returns the parameters of a function that it keeps: in a field of its
// receiver, in a package-level variable, or with a goroutine that it does not
// wait for.
func (o *origins) kept(fn *ssa.Function) []int {
	if list, ok := o.keeps[fn]; ok {
		return list
	}
	o.keeps[fn] = nil // while it is looked at
	var list []int
	for i, p := range fn.Params {
		if !o.g.isClient(p.Type()) || i == 0 && fn.Signature.Recv() != nil {
			continue
		}
		x := &leaving{o: o, callback: fn, lends: map[atom]bool{{kind: param, fn: fn, n: i}: true}, helper: true}
		x.walk(fn)
		if len(x.list) > 0 {
			list = append(list, i)
		}
	}
	o.keeps[fn] = list
	return list
}

// hands notes the calls by which the client is given to functions that keep
// it.
func (x *leaving) hands(fn *ssa.Function) {
	for _, call := range x.o.g.bodies[fn] {
		f := ssaflow.Static(call.Common())
		if isGo(call) || f.Parent() != nil || f == x.callback {
			continue
		}
		for _, i := range x.o.kept(f) {
			x.hand(call, f, i)
		}
	}
	for _, call := range x.o.g.foreigns[fn] {
		fact := new(FuncFact)
		if isGo(call) || !x.o.g.pass.ImportObjectFact(ssaflow.Callee(call.Common()).Origin(), fact) {
			continue
		}
		for _, i := range fact.Keeps {
			x.hand(call, ssaflow.Callee(call.Common()), i)
		}
	}
}

// hand notes one such call. Called again with something else, the function
// lets go of the client.
func (x *leaving) hand(call ssa.CallInstruction, f any, i int) {
	args := call.Common().Args
	if i >= len(args) {
		return
	}
	if call.Common().Signature().Recv() != nil && x.outer(args[0]) == nil && !x.isReceiver(args[0]) {
		return // an object of the callback
	}
	if !x.carries(args[i]) {
		x.restored[f] = true
		return
	}
	if !x.joins(x.callback, call, nil) {
		x.list = append(x.list, exit{call, args[i], f, Kept})
	}
}

// isReceiver reports whether a value is the receiver of the callback, or a
// part of it.
func (x *leaving) isReceiver(v ssa.Value) bool {
	for {
		switch w := v.(type) {
		case *ssa.FieldAddr:
			v = w.X
		case *ssa.UnOp:
			v = w.X
		case *ssa.Parameter:
			return x.callback.Signature.Recv() != nil && x.callback.Params[0] == w
		default:
			return false
		}
	}
}

// keepsFact lists the parameters that an exported function keeps.
func (o *origins) keepsFact(fn *ssa.Function) []int {
	for v := range fn.Signature.Params().Variables() {
		if o.g.isClient(v.Type()) {
			return o.kept(fn)
		}
	}
	return nil
}
