package lifetime

import (
	"go/types"
	"slices"
	"sort"

	"github.com/redislint/redislint/internal/lifetime/facts"
	"github.com/redislint/redislint/internal/lifetime/heap"
	"github.com/redislint/redislint/internal/lifetime/knowledge"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// This file answers where a function opens a resource, and what a call hands to its
// caller.

// sites returns the acquisitions in a function, in order.
func (e *openings) sites(fn *ssa.Function) []*site {
	var list []*site
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Alloc:
				if o, ok := e.know.Literal(instr); ok {
					list = append(list, &site{instr: instr, fn: fn, open: o})
				}
			case *ssa.Call:
				for _, o := range e.handedBy(instr) {
					s := &site{instr: instr, fn: fn, open: o}
					if !o.At.Param {
						s.dyn = knowledge.ResultType(instr, o.At)
					}
					list = append(list, s)
				}
				if o, ok := e.held(instr); ok {
					list = append(list, &site{instr: instr, fn: fn, open: o})
				}
			}
		}
	}
	return list
}

// openedBy returns the resources that a call certainly hands to its caller.
func (e *openings) openedBy(call *ssa.Call) []facts.Open {
	list := e.handedBy(call)
	for i, o := range list {
		if o.Lent {
			owned := append([]facts.Open(nil), list[:i]...)
			for _, o := range list[i:] {
				if !o.Lent {
					owned = append(owned, o)
				}
			}
			return owned
		}
	}
	return list
}

// handedBy returns the resources that a call hands to its caller, those too
// that belong to somebody else on some path.
func (e *openings) handedBy(call *ssa.Call) []facts.Open { return e.handedAt(call.Common()) }

func (e *openings) handedAt(c *ssa.CallCommon) []facts.Open { return knowledge.MetBy(c, e.handedIf(c)) }

// handedIf returns what a call can hand to its caller, and when.
func (e *openings) handedIf(c *ssa.CallCommon) []facts.Open {
	if opens := e.making[c]; opens != nil {
		return opens
	}
	var obj *types.Func
	var f *ssa.Function
	if c.IsInvoke() {
		if obj = c.Method; e.know.Table.Func(obj) == nil {
			f = e.know.OnlyImplementation(c)
		}
		if made := knowledge.MethodMade(e.know, c); made != nil {
			return e.openedIn(made)
		}
	} else if f = c.StaticCallee(); f != nil {
		if ssaflow.IsBoundMethod(f) {
			obj, _ = f.Object().(*types.Func)
			f = nil
		} else {
			if o := f.Origin(); o != nil {
				f = o
			}
			obj, _ = f.Object().(*types.Func)
		}
	} else if opens := e.know.Factory(c); opens != nil {
		return opens
	} else if funcs := e.prog.FuncsOf(c.Value); len(funcs) > 1 {
		return e.openedByAll(funcs)
	} else if len(funcs) == 1 {
		f = funcs[0]
		if f.Synthetic != "" || ssaflow.HasTypeArgs(f) {
			return nil
		}
		obj, _ = f.Object().(*types.Func)
	}
	var opens []facts.Open
	switch {
	case e.know.HasBody(f):
		opens = e.opensOf(f)
	case obj == nil:
		return nil
	case e.know.Table.Func(obj) != nil:
		opens = knowledge.RowOpens(e.know.Table.Func(obj), obj)
	default:
		if fact, _ := e.know.Fact(obj); fact != nil {
			opens = fact.Opens
		} else if c.IsInvoke() {
			if model := e.know.ModelOf(obj); model != nil {
				opens = knowledge.RowOpens(e.know.Table.Func(model), model)
			}
		}
	}
	if len(opens) == 0 && !c.IsInvoke() {
		return e.throughFuncs(c, f, obj)
	}
	return opens
}

// openedIn returns what a method of an object that is new to its caller opens and
// leaves in it. What is behind the object may be somebody else's.
func (e *openings) openedIn(method *ssa.Function) (list []facts.Open) {
	for _, o := range e.opensOf(method) {
		if way, one := heap.Shape(o.At.Shape).One(); !o.At.Param || one && way.Pointers() == 1 {
			list = append(list, o)
		}
	}
	return list
}

// openedByAll returns what each of several functions hands to its caller.
func (e *openings) openedByAll(funcs []*ssa.Function) []facts.Open {
	var common []facts.Open
	for i, f := range funcs {
		if f.Synthetic != "" || ssaflow.HasTypeArgs(f) {
			return nil
		}
		var opens []facts.Open
		obj, _ := f.Object().(*types.Func)
		switch {
		case e.know.HasBody(f):
			opens = e.opensOf(f)
		case obj == nil:
		case e.know.Table.Func(obj) != nil:
			opens = knowledge.RowOpens(e.know.Table.Func(obj), obj)
		default:
			if fact, _ := e.know.Fact(obj); fact != nil {
				opens = fact.Opens
			}
		}
		if i == 0 {
			common = opens
			continue
		}
		common = slices.DeleteFunc(slices.Clone(common), func(o facts.Open) bool {
			return !slices.ContainsFunc(opens, func(p facts.Open) bool { return o.At.String() == p.At.String() && o.Err == p.Err })
		})
	}
	return common
}

// partner returns the error beside a value that an opening call returned, or
// the value beside its error; nil for all other values.
func (e *openings) partner(t *heap.Term) *heap.Term {
	x, ok := t.Value.(*ssa.Extract)
	if !ok {
		return nil
	}
	call, ok := x.Tuple.(*ssa.Call)
	if !ok {
		return nil
	}
	other := -1
	for _, o := range e.openedBy(call) {
		switch {
		case o.At.Param || o.Err < 0:
		case o.At.Index == x.Index:
			other = o.Err
		case o.Err == x.Index:
			other = o.At.Index
		}
	}
	for _, ref := range *call.Referrers() {
		if y, ok := ref.(*ssa.Extract); ok && y.Index == other {
			if t.Op == heap.Earlier {
				return e.pool.Earlier(e.pool.Val(y))
			}
			return e.pool.Val(y)
		}
	}
	return nil
}

// opensOf returns the resources that a function of this package hands to its
// callers. Of a function that is asked while it is looked at, the other paths
// decide; what others found out with that answer is a guess, and they are asked
// again once it is known.
func (e *openings) opensOf(fn *ssa.Function) []facts.Open {
	if at, busy := e.busy[fn]; busy {
		e.oldest = min(e.oldest, at)
		return nil
	}
	if _, known := e.known.Known(fn); !known && e.depth >= maxDepth {
		return nil
	}
	list := e.known.Of(fn, func() []facts.Open {
		at, outer := len(e.busy), e.oldest
		e.busy[fn], e.oldest = at, at
		e.depth++
		defer func() { e.depth-- }()
		list := e.opensNew(fn)
		if delete(e.busy, fn); e.oldest < at {
			e.guessed = append(e.guessed, fn)
		}
		e.oldest = min(e.oldest, outer)
		return list
	})
	if len(e.busy) == 0 {
		guessed := e.guessed
		e.guessed = nil
		for _, f := range guessed {
			e.known.Forget(f)
		}
		for _, f := range guessed {
			e.opensOf(f)
		}
	}
	return list
}

func (e *openings) opensNew(fn *ssa.Function) (list []facts.Open) {
	for _, s := range e.sites(fn) {
		list = append(list, e.judge(s, fn).given...)
	}
	for _, anon := range fn.AnonFuncs {
		for _, s := range e.sites(anon) {
			list = append(list, e.judge(s, fn).given...)
		}
	}
	return e.mergeOpens(fn, list)
}

// mergeOpens unites what several sites hand to the caller at the same place.
func (e *openings) mergeOpens(fn *ssa.Function, list []facts.Open) []facts.Open {
	by := map[string]*facts.Open{}
	var keys []string
	for _, o := range list {
		k := o.At.String()
		if o.At.Func {
			k += "f"
		}
		if have := by[k]; have != nil {
			for i := range have.Results {
				if i >= len(o.Results) || o.Results[i] != have.Results[i] {
					have.Results[i] = ""
				}
			}
			if have.Cleanup != o.Cleanup {
				have.Cleanup = -1
			}
			have.Lent = have.Lent || o.Lent
			have.At.Flags = facts.CommonFlags(have.At.Flags, o.At.Flags)
			have.Nil = have.Nil && o.Nil
			continue
		}
		o.Results = append([]facts.Known(nil), o.Results...)
		by[k] = &o
		keys = append(keys, k)
	}
	sort.Strings(keys)
	var out []facts.Open
	for _, k := range keys {
		o := by[k]
		if !o.At.Param && e.mayLend(fn, o.At.Index) {
			e.count(facts.Borrowed)
			if o.At.Shape != "" || o.At.Func || o.Cleanup >= 0 || knowledge.ReturnsParam(fn, o.At.Index) {
				if o.When = e.openedWhen(fn, o.At); o.When == "" {
					continue
				}
			} else {
				o.Lent, o.When = true, e.openedWhen(fn, o.At)
				*o = o.If(e.openedGiven(fn, o.At.Index))
			}
		}
		if o.At.Param && len(o.Also) > 0 && e.opensSometimes(fn, o.Also[0].Index) {
			o.Lent = true // at its first call alone: its receiver keeps it
		}
		if o.At.Shape != "" && !o.At.Param && o.When == "" && e.opensSometimes(fn, o.At.Index) {
			if o.When = e.openedWhen(fn, o.At); o.When == "" && !(heap.Shape(o.At.Shape).Elems() && e.opensInTurns(fn)) {
				e.count(facts.Borrowed)
				continue
			}
		}
		if !e.owners.releasable(fn, o) {
			e.count(facts.NoCloser)
			continue
		}
		out = append(out, *o)
	}
	return out
}

// opensSometimes reports whether a function can return an object without
// having opened anything: one that was given its client, say.
func (e *openings) opensSometimes(fn *ssa.Function, index int) bool {
	return e.returnsUnopened(fn, index, func(b *ssa.BasicBlock) []*ssa.BasicBlock { return b.Succs })
}

// opensInTurns reports whether a function opens in a loop: for each of what it is
// given, which may be nothing.
func (e *openings) opensInTurns(fn *ssa.Function) bool {
	return slices.ContainsFunc(e.sites(fn), func(s *site) bool { return len(ssaflow.LoopAround(s.instr.Block())) > 0 })
}

// returnsUnopened reports whether a function can return a result without having
// opened anything, on the ways that can be taken.
func (e *openings) returnsUnopened(fn *ssa.Function, index int, ways func(*ssa.BasicBlock) []*ssa.BasicBlock) bool {
	sites := map[*ssa.BasicBlock]bool{}
	for _, s := range e.sites(fn) {
		sites[s.instr.Block()] = true
	}
	if len(sites) == 0 {
		return true // a function literal opens it
	}
	seen := make([]bool, len(fn.Blocks))
	work := []*ssa.BasicBlock{fn.Blocks[0]}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[b.Index] || sites[b] {
			continue
		}
		seen[b.Index] = true
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && index < len(ret.Results) {
			if c, ok := ret.Results[index].(*ssa.Const); !ok || c.Value != nil {
				return true
			}
		}
		work = append(work, ways(b)...)
	}
	return false
}

// mayLend reports whether a result can be something that its caller does not
// own: a field, a global, a parameter, whatever another function returned.
func (e *openings) mayLend(fn *ssa.Function, index int) bool {
	seen := map[ssa.Value]bool{}
	var lends func(v ssa.Value) bool
	lends = func(v ssa.Value) bool {
		if seen[v] {
			return false
		}
		seen[v] = true
		switch v := v.(type) {
		case *ssa.Const, *ssa.MakeClosure, *ssa.Function, *ssa.MakeSlice, *ssa.MakeMap:
			return false
		case *ssa.Alloc:
			return false
		case *ssa.Phi:
			for _, e := range v.Edges {
				if lends(e) {
					return true
				}
			}
			return false
		case *ssa.MakeInterface:
			return lends(v.X)
		case *ssa.ChangeInterface:
			return lends(v.X)
		case *ssa.ChangeType:
			return lends(v.X)
		case *ssa.TypeAssert:
			return lends(v.X)
		case *ssa.Slice:
			return lends(v.X)
		case *ssa.Extract:
			if call, ok := v.Tuple.(*ssa.Call); ok {
				return !e.callOpens(call, v.Index)
			}
			if ta, ok := v.Tuple.(*ssa.TypeAssert); ok && v.Index == 0 {
				return lends(ta.X)
			}
			return true
		case *ssa.Call:
			if b, ok := v.Call.Value.(*ssa.Builtin); ok && b.Name() == "append" {
				return lends(v.Call.Args[0])
			}
			return !e.callOpens(v, 0)
		case *ssa.UnOp:
			// A local variable: whatever is stored there.
			var cell ssa.Value = v.X
			if a, ok := cell.(*ssa.Alloc); ok {
				for _, ref := range *a.Referrers() {
					if st, ok := ref.(*ssa.Store); ok && st.Addr == a && lends(st.Val) {
						return true
					}
					// A closure that sets it is searched with its function.
				}
				return false
			}
			return true
		}
		return true
	}
	for _, b := range fn.Blocks {
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && index < len(ret.Results) {
			if lends(ret.Results[index]) {
				return true
			}
		}
	}
	return false
}

// callOpens reports whether a result of a call is the caller's own: a fresh
// resource, an alias of an argument that is, or something that closes over one.
func (e *openings) callOpens(call *ssa.Call, index int) bool {
	for _, o := range e.openedBy(call) {
		if !o.At.Param && o.At.Index == index || o.Cleanup == index {
			return true
		}
		for _, p := range o.Also {
			if p.Index == index {
				return true
			}
		}
	}
	c := call.Common()
	obj := c.Method
	if !c.IsInvoke() {
		f := c.StaticCallee()
		if f == nil {
			return false
		}
		if f.Origin() != nil {
			f = f.Origin()
		}
		obj, _ = f.Object().(*types.Func)
		if e.know.HasBody(f) {
			// A function of this package that makes an object or passes one on.
			return !knowledge.PassesOn(f, index)
		}
		if obj == nil || e.know.Table.Func(obj) == nil {
			fact, _ := e.know.Fact(obj)
			if fact == nil {
				return false
			}
			for _, p := range fact.Params {
				for _, o := range p.Outcomes {
					for _, in := range o.Into {
						if !in.Param && in.Index == index {
							return true
						}
					}
				}
			}
			return false
		}
	}
	if row := e.know.Table.Func(obj); row != nil {
		for _, a := range row.Aliases {
			if a.Result == index {
				return true
			}
		}
	}
	return false
}
