package eval

import (
	"go/types"
	"strconv"

	"github.com/redislint/redislint/internal/lifetime/facts"
	"github.com/redislint/redislint/internal/lifetime/heap"
	"github.com/redislint/redislint/internal/lifetime/knowledge"
	"golang.org/x/tools/go/ssa"
)

// This file knows what a call returns: by what the search found out of it, because
// the call has no effects, or because it makes an object.

// PureCall returns the term of a call without effects, or nil.
func (s *Evaluator) PureCall(st *State, call *ssa.Call) *heap.Term {
	if b, ok := call.Call.Value.(*ssa.Builtin); ok && b.Name() == "len" {
		return s.Length(s.Eval(st, call.Call.Args[0]))
	}
	callee := call.Call.StaticCallee()
	if callee == nil || call.Call.Signature().Results().Len() != 1 || !s.know.Pure(callee) {
		return nil
	}
	args := make([]*heap.Term, len(call.Call.Args))
	for i, a := range call.Call.Args {
		x := s.Eval(st, a)
		if !x.Known() || x.Op == heap.Tracked || x.Op == heap.OpenErr || x.Nesting() >= maxNesting {
			return nil
		}
		args[i] = x
	}
	return s.Pool.Pure(callee, args)
}

// Length is the length of a container or text, or nil.
func (s *Evaluator) Length(x *heap.Term) *heap.Term {
	if p := s.Pool.Pointee(x); p != nil && p.Path == "" {
		return s.Pool.Len(p.X)
	}
	if x.Op == heap.Nil {
		return s.Pool.Zero
	}
	return nil
}

// Made is what a call returns that makes an object which only its caller knows,
// or returns one that it is passed; nil for other calls.
func (s *Evaluator) Made(v ssa.Value, c *ssa.CallCommon, args []*heap.Term) *heap.Term {
	parts := map[int]*heap.Term{}
	fresh, same := s.know.ResultsOf(c)
	if len(fresh) == 1 {
		if t := knowledge.MadeAs(s.know, c); t != nil {
			s.Dyn[s.Pool.Made(v)] = t
		}
		parts[fresh[0]] = s.Pool.Addr(s.Pool.Made(v), "") // an object is told by the call that made it
	}
	for _, x := range same {
		if x.Param < len(args) && args[x.Param].Op == heap.Addr {
			parts[x.Result] = args[x.Param]
		}
	}
	if len(parts) == 0 {
		return nil
	}
	return s.Results(v, parts)
}

// Results packs what is known of a call's results; nil if that is nothing.
func (s *Evaluator) Results(call ssa.Value, parts map[int]*heap.Term) *heap.Term {
	t, ok := call.Type().(*types.Tuple)
	if !ok {
		return parts[0]
	}
	var list []heap.Part
	for i := range t.Len() {
		if x := parts[i]; x.Known() {
			list = append(list, heap.Part{Path: heap.Field(i), Term: x})
		}
	}
	return s.Pool.Tuple(call, list)
}

// Pack turns results into the value of a call.
func (s *Evaluator) Pack(results []*heap.Term) *heap.Term {
	switch len(results) {
	case 0:
		return nil
	case 1:
		return results[0]
	}
	var parts []heap.Part
	for i, r := range results {
		if r.Known() {
			parts = append(parts, heap.Part{Path: heap.Field(i), Term: r})
		}
	}
	return s.Pool.Tuple(nil, parts)
}

// Known returns what a caller knows of a result, or nil.
func (s *Evaluator) Known(k facts.Known) *heap.Term {
	switch k {
	case "nil":
		return s.Pool.Nil
	case "notnil":
		return s.Pool.NonNil
	case "true":
		return s.Pool.True
	case "false":
		return s.Pool.False
	}
	return nil
}

// KnownOf returns what a state knows of a result.
func (s *Evaluator) KnownOf(st *State, v *heap.Term) facts.Known {
	if v.Symbolic() {
		if isNil, asked := st.Fact(s.Pool.Equal(v, s.Pool.Nil)); asked && isNil {
			return "nil"
		} else if asked {
			return "notnil"
		}
		if truth, asked := st.Fact(v); asked {
			return facts.Known(strconv.FormatBool(truth))
		}
		return ""
	}
	if truth, ok := v.IsBool(); ok {
		return facts.Known(strconv.FormatBool(truth))
	}
	switch {
	case v.Op == heap.Nil:
		return "nil"
	case v.NotNil():
		return "notnil"
	}
	return ""
}

// KnownResults returns what a state knows of results; nil if that is nothing.
func (s *Evaluator) KnownResults(st *State, results []*heap.Term) []facts.Known {
	ks := make([]facts.Known, len(results))
	any := false
	for i, r := range results {
		ks[i] = s.KnownOf(st, r)
		any = any || ks[i] != ""
	}
	if !any {
		return nil
	}
	return ks
}

// Settled is what a value is known to be on this path: nil, not nil, or itself.
func (s *Evaluator) Settled(st *State, v *heap.Term) *heap.Term {
	if v.Symbolic() {
		if isNil, ok := st.Fact(s.Pool.Equal(v, s.Pool.Nil)); ok {
			if isNil {
				return s.Pool.Nil
			}
			return s.Pool.NonNil
		}
	}
	return v
}

// Joined is the error that several errors are joined to, or nil if it is not
// known whether it is nil.
func (s *Evaluator) Joined(errs []*heap.Term) *heap.Term {
	var one *heap.Term
	for _, e := range errs {
		switch {
		case (e.Op == heap.Nil):
		case e.NotNil():
			return s.Pool.NonNil
		case one != nil && one != e:
			return nil
		default:
			one = e
		}
	}
	if one == nil && len(errs) > 0 {
		return errs[0]
	}
	return one
}

// ConstArgs returns the arguments that are true, false or nil.
func (s *Evaluator) ConstArgs(args []*heap.Term) []facts.Constant {
	var list []facts.Constant
	for i, a := range args {
		if truth, ok := a.IsBool(); ok {
			list = append(list, facts.Constant{Param: i, Value: facts.Known(strconv.FormatBool(truth))})
		} else if a.Op == heap.Nil {
			list = append(list, facts.Constant{Param: i, Value: "nil"})
		}
	}
	return list
}
