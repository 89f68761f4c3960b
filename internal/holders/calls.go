package holders

import (
	"go/token"
	"go/types"
	"slices"

	"github.com/redislint/redislint/internal/lifetime/facts"
	"github.com/redislint/redislint/internal/redisapi"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// This file answers what calls put behind what they are given, and what they
// return.

// passedTo adds what a call puts behind a reference that it is given.
func (t *walk) passedTo(call ssa.CallInstruction, ref ssa.Value) {
	c := call.Common()
	if b, ok := c.Value.(*ssa.Builtin); ok {
		if b.Name() == "copy" && c.Args[0] == ref {
			t.value(c.Args[1])
		}
		return
	}
	if fn := t.prog.Body(c); fn != nil {
		for i, arg := range c.Args {
			if arg == ref && i < len(fn.Params) {
				t.apply(t.put(fn.Params[i]), fn, c.Args)
			}
		}
		return
	}
	callee := ssaflow.Callee(c)
	if callee == nil {
		return
	}
	args := ssaflow.Args(c)
	self := -1
	for i, arg := range args {
		if arg == ref {
			self = i
		}
	}
	if self < 0 {
		return
	}
	if row := t.prog.Table.Func(callee); row != nil {
		for _, put := range row.Puts {
			if self == 0 && put.Param < len(args) {
				t.value(args[put.Param])
			}
		}
		return
	}
	fact, analysed := t.lives.Fact(callee)
	switch {
	case fact != nil:
		t.byFact(fact, args, func(p facts.Place) bool { return p.Param && p.Index == self })
	case analysed:
	case self == 0 && ssaflow.IsMethod(callee) && (t.liberal || keeps(callee)):
		for _, arg := range args[1:] {
			t.value(arg)
		}
	}
}

// put returns what a function puts behind one of its parameters.
func (t *finder) put(p *ssa.Parameter) *origins {
	if o := t.puts[p]; o != nil {
		return o
	}
	t.puts[p] = &origins{}
	w := t.start()
	w.into(p)
	t.puts[p] = w.out
	return w.out
}

// byFact adds the arguments that a call leaves at a place that is wanted.
func (t *walk) byFact(fact *facts.FuncFact, args []ssa.Value, want func(facts.Place) bool) {
	for _, p := range fact.Params {
		for _, o := range p.Outcomes {
			for _, place := range o.Into {
				if want(place) && p.Param < len(args) {
					t.value(args[p.Param])
				}
			}
		}
	}
}

// keeps reports whether a method of a container keeps its arguments.
func keeps(m *types.Func) bool {
	switch m.Name() {
	case "Store", "LoadOrStore", "Swap", "CompareAndSwap", "Put", "Set", "SetDefault", "Add", "GetOrSet",
		"Push", "PushBack", "PushFront", "InsertBefore", "InsertAfter", "Insert", "Append",
		"Handle", "HandleFunc": // a router keeps its handlers
		return true
	}
	return false
}

// apply adds what was found out about a function, with the arguments of a call
// in place of its parameters.
func (t *walk) apply(o *origins, fn *ssa.Function, args []ssa.Value) {
	for _, v := range o.roots {
		t.out.addRoot(v)
	}
	for _, p := range o.params {
		i := paramIndex(p.param)
		switch {
		case p.param.Parent() != fn || i >= len(args):
			t.out.addParam(p)
		case p.called:
			t.called(args[i])
		default:
			t.value(args[i])
		}
	}
}

// result adds what a result of a call leads to.
func (t *walk) result(call *ssa.Call, result int) {
	c := call.Common()
	if b, ok := c.Value.(*ssa.Builtin); ok {
		if b.Name() == "append" {
			for _, arg := range c.Args {
				t.value(arg)
			}
		}
		return
	}
	if fn := t.prog.Body(c); fn != nil {
		t.apply(t.returned(fn, result), fn, c.Args)
		return
	}
	callee := ssaflow.Callee(c)
	if callee == nil {
		t.called(c.Value)
		return
	}
	args := ssaflow.Args(c)
	if row := t.prog.Table.Func(callee); row != nil {
		if row.Once && len(args) > 0 {
			t.called(args[0])
		}
		t.byRow(row, call, result, args)
		return
	}
	for _, o := range t.lives.Opened(call) {
		if !o.At.Param && o.At.Index == result {
			t.out.addRoot(call)
			return
		}
	}
	fact, analysed := t.lives.Fact(callee)
	switch {
	case fact != nil:
		t.byFact(fact, args, func(p facts.Place) bool { return !p.Param && p.Index == result })
	case t.liberal && !analysed:
		for _, arg := range args {
			t.value(arg)
		}
	}
}

// byRow adds what a library's function returns.
func (t *walk) byRow(row *redisapi.Func, call *ssa.Call, result int, args []ssa.Value) {
	for _, i := range row.Attaches {
		if i < len(args) {
			t.value(args[0]) // what it is attached to
			t.value(args[i])
		}
	}
	for _, o := range row.Opens {
		if o.Result == result && o.Kind != redisapi.Server {
			t.out.addRoot(call)
		}
	}
	if slices.Contains(row.Gets, result) && len(args) > 0 {
		t.value(args[0]) // a container, whose contents are as good as itself
	}
	for _, list := range [][]redisapi.Alias{row.Aliases, row.Derives} {
		for _, a := range list {
			if a.Result == result && a.Param < len(args) {
				t.value(args[a.Param])
			}
		}
	}
}

// called adds what a func returns when it is called.
func (t *walk) called(fn ssa.Value) {
	if !t.enter(fn, 'c') {
		return
	}
	if inner, ok := ssaflow.Through(fn); ok {
		t.called(inner)
		return
	}
	switch v := fn.(type) {
	case *ssa.Function:
		t.function(v)
	case *ssa.MakeClosure:
		t.function(v.Fn.(*ssa.Function))
	case *ssa.Parameter:
		t.out.addParam(origin{v, true})
	case *ssa.Phi:
		for _, e := range v.Edges {
			t.called(e)
		}
	case *ssa.FreeVar:
		if b := ssaflow.Binding(v); b != nil {
			t.called(b)
		}
	case *ssa.UnOp:
		if v.Op == token.MUL {
			t.called(v.X)
		}
	case *ssa.Alloc, *ssa.Global:
		for _, instr := range t.uses(v) {
			if st, ok := instr.(*ssa.Store); ok && st.Addr == v {
				t.called(st.Val)
			}
		}
	case *ssa.Call:
		if callee := ssaflow.Callee(v.Common()); callee != nil {
			if row := t.prog.Table.Func(callee); row != nil && row.Once && len(v.Call.Args) > 0 {
				t.called(v.Call.Args[0])
			}
		}
	}
}

// function adds what a function returns, whoever calls it.
func (t *walk) function(fn *ssa.Function) {
	if fn.Origin() != nil {
		fn = fn.Origin()
	}
	if t.prog.HasBody(fn) {
		t.out.add(t.returned(fn, anyResult))
		return
	}
	res := fn.Signature.Results()
	for i := range res.Len() {
		if t.types.of(res.At(i).Type()).kind != "" {
			t.out.addRoot(fn)
		}
	}
}
