package failures

import (
	exact "go/constant"
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// This file answers where the errors of Redis come from, and which values hold
// them.

// sourcesIn returns the calls of a function whose errors are errors of Redis.
func (x *errorFlow) sourcesIn(fn *ssa.Function) []errorSource {
	var list []errorSource
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(*ssa.Call); ok && ssaflow.ErrorResult(call.Type()) >= 0 {
				if s, ok := x.source(call); ok {
					list = append(list, s)
				}
			}
		}
	}
	return list
}

// source tells whether the error of a call is one of Redis.
func (x *errorFlow) source(call *ssa.Call) (errorSource, bool) {
	c := call.Common()
	s := errorSource{at: call}
	if obj := ssaflow.Callee(c); obj != nil {
		if obj.Pkg() != nil && x.prog.Table.Covers(obj.Pkg().Path()) && obj.Pkg() != x.pass.Pkg {
			return x.ofLibrary(call, obj)
		}
		if fn := x.prog.Body(c); fn != nil {
			if from := x.returns(fn)[ssaflow.ErrorResult(call.Type())]; from != nil {
				s.what, s.miss = from.what, from.miss
				return s, true
			}
		} else if fact := x.fact(obj); fact != nil {
			for _, m := range fact.Missing {
				if i, what, _ := strings.Cut(m, "="); i == strconv.Itoa(ssaflow.ErrorResult(call.Type())) {
					s.what, s.miss = what, true
					return s, true
				}
			}
		}
	}
	// A function that is given a literal returns the literal's error.
	for _, a := range c.Args {
		lit := ssaflow.FuncOf(a)
		if lit == nil || lit.Parent() == nil || !x.prog.HasBody(lit) {
			continue
		}
		res := lit.Signature.Results()
		if n := res.Len(); n > 0 && ssaflow.IsError(res.At(n-1).Type()) {
			if from := x.returns(lit)[n-1]; from != nil {
				s.what, s.miss = from.what, from.miss
				return s, true
			}
		}
	}
	return s, false
}

func (x *errorFlow) fact(obj *types.Func) *ErrorFact {
	fact := new(ErrorFact)
	if obj.Pkg() == nil || obj.Pkg() == x.pass.Pkg || !x.pass.ImportObjectFact(obj.Origin(), fact) {
		return nil
	}
	return fact
}

// ofLibrary judges a call of a client library: one that opens, one on a
// client, one that looks at a reply.
func (x *errorFlow) ofLibrary(call *ssa.Call, obj *types.Func) (errorSource, bool) {
	args := ssaflow.Args(call.Common())
	s := errorSource{at: call, what: obj.Name()}
	if !ssaflow.IsMethod(obj) {
		row := x.prog.Table.Func(obj)
		reply := len(args) == 2 && ssaflow.IsError(args[1].Type()) // redis.String(conn.Do(...))
		if row == nil || !reply && len(row.Opens)+len(row.Commands) == 0 {
			return s, false
		}
		if reply {
			if do := tupleCall(args[0]); do != nil {
				if name := x.command(do); name != "" {
					s.what, s.miss = name, x.prog.Table.Missing(name)
				}
			}
		}
		return s, true
	}
	if len(args) == 0 {
		return s, false
	}
	// The reply of a command: cmd.Result().
	if cmd, ok := behind(args[0]).(*ssa.Call); ok {
		if name := x.command(cmd); name != "" {
			s.what = name
			s.miss = x.prog.Table.Missing(name) && !x.touched(cmd)
			return s, true
		}
	}
	if name := x.command(call); name != "" {
		s.what = name
	}
	return s, true
}

// touched reports whether the key that a command reads was in the hands of
// another command before, on every path that leads there: it then exists.
func (x *errorFlow) touched(read *ssa.Call) bool {
	key := keyOf(read)
	if key == nil {
		return false
	}
	for _, b := range read.Parent().Blocks {
		if !b.Dominates(read.Block()) {
			continue
		}
		for _, instr := range b.Instrs {
			if instr == ssa.Instruction(read) {
				break
			}
			call, ok := instr.(*ssa.Call)
			if !ok {
				continue
			}
			if name := x.command(call); name == "" || x.prog.Table.Missing(name) {
				continue
			}
			if k := keyOf(call); k != nil && alike(k, key) {
				return true
			}
		}
	}
	return false
}

// keyOf is the first argument of a command that is a string.
func keyOf(call *ssa.Call) ssa.Value {
	for _, a := range ssaflow.Args(&call.Call)[1:] {
		if b, ok := a.Type().Underlying().(*types.Basic); ok && b.Info()&types.IsString != 0 {
			return a
		}
	}
	return nil
}

// alike reports whether two values are computed in the same way.
func alike(a, b ssa.Value) bool {
	if a == b {
		return true
	}
	switch a := a.(type) {
	case *ssa.Const:
		b, ok := b.(*ssa.Const)
		return ok && a.Value != nil && b.Value != nil && a.Value.ExactString() == b.Value.ExactString()
	case *ssa.Call:
		b, ok := b.(*ssa.Call)
		if !ok || ssaflow.Callee(&a.Call) == nil || ssaflow.Callee(&a.Call) != ssaflow.Callee(&b.Call) {
			return false
		}
		p, q := ssaflow.Args(&a.Call), ssaflow.Args(&b.Call)
		for i := range p {
			if i >= len(q) || !alike(p[i], q[i]) {
				return false
			}
		}
		return len(p) == len(q)
	case *ssa.BinOp:
		b, ok := b.(*ssa.BinOp)
		return ok && a.Op == b.Op && alike(a.X, b.X) && alike(a.Y, b.Y)
	case *ssa.UnOp:
		b, ok := b.(*ssa.UnOp)
		return ok && a.Op == b.Op && alike(a.X, b.X)
	case *ssa.FieldAddr:
		b, ok := b.(*ssa.FieldAddr)
		return ok && a.Field == b.Field && alike(a.X, b.X)
	}
	return false
}

// behind looks through the embedded parts of a reply to what a call returned.
func behind(v ssa.Value) ssa.Value {
	for {
		switch w := v.(type) {
		case *ssa.FieldAddr:
			v = w.X
		case *ssa.Field:
			v = w.X
		case *ssa.UnOp:
			if w.Op != token.MUL {
				return v
			}
			v = w.X
		case *ssa.Alloc:
			// A reply that is a struct, kept to call a method on its address.
			var stored ssa.Value
			for _, ref := range *w.Referrers() {
				if st, ok := ref.(*ssa.Store); ok && st.Addr == w {
					if stored != nil {
						return v
					}
					stored = st.Val
				}
			}
			if stored == nil {
				return v
			}
			v = stored
		case *ssa.Extract:
			v = w.Tuple
		default:
			return v
		}
	}
}

func tupleCall(v ssa.Value) *ssa.Call {
	if x, ok := v.(*ssa.Extract); ok {
		call, _ := x.Tuple.(*ssa.Call)
		return call
	}
	return nil
}

// command returns the Redis command that a call issues: by the name of the
// method, by a constant argument, or by the builder of an argument.
func (x *errorFlow) command(call *ssa.Call) string {
	c := call.Common()
	obj := ssaflow.Callee(c)
	if obj == nil || obj.Pkg() == nil || !x.prog.Table.Covers(obj.Pkg().Path()) || !ssaflow.IsMethod(obj) {
		return ""
	}
	if row := x.prog.Table.Func(obj); row == nil || len(row.Opens) > 0 {
		return "" // a pool has a Get, too
	}
	if x.prog.Table.Missing(obj.Name()) {
		return obj.Name()
	}
	for _, a := range ssaflow.Args(c)[1:] {
		if k, ok := a.(*ssa.Const); ok && strings.HasPrefix(obj.Name(), "Do") && k.Value != nil && k.Value.Kind() == exact.String {
			return exact.StringVal(k.Value)
		}
		if name := x.built(a); name != "" {
			return name
		}
	}
	return obj.Name()
}

// built returns the command that a chain of builder calls makes, if a miss of
// it is an error.
func (x *errorFlow) built(v ssa.Value) string {
	for range 12 {
		call, ok := behind(v).(*ssa.Call)
		if !ok {
			return ""
		}
		obj := ssaflow.Callee(call.Common())
		if obj == nil || obj.Pkg() == nil || !x.prog.Table.Covers(obj.Pkg().Path()) || !ssaflow.IsMethod(obj) {
			return ""
		}
		args := ssaflow.Args(call.Common())
		inner, isCall := behind(args[0]).(*ssa.Call)
		if x.prog.Table.Missing(obj.Name()) && (!isCall || len(args) == 1) {
			return obj.Name()
		}
		if !isCall {
			return ""
		}
		v = inner
	}
	return ""
}

// errorsOf returns the values in a function that hold the error of a call, or
// an error that wraps it.
func (x *errorFlow) errorsOf(s errorSource) map[ssa.Value]bool {
	errs := map[ssa.Value]bool{}
	var work []ssa.Value
	add := func(v ssa.Value) {
		if !errs[v] {
			errs[v] = true
			work = append(work, v)
		}
	}
	if _, tuple := s.at.Type().(*types.Tuple); !tuple {
		add(s.at)
	} else {
		for _, ref := range *s.at.Referrers() {
			if ex, ok := ref.(*ssa.Extract); ok && ex.Index == ssaflow.ErrorResult(s.at.Type()) {
				add(ex)
			}
		}
	}
	for len(work) > 0 {
		v := work[len(work)-1]
		work = work[:len(work)-1]
		for _, copied := range ssaflow.Copies(v) {
			if _, cell := copied.(*ssa.Alloc); !cell {
				add(copied)
			}
		}
		for _, ref := range *v.Referrers() {
			switch ref := ref.(type) {
			case *ssa.Phi:
				add(ref)
			case *ssa.Store:
				// An argument of fmt.Errorf.
				if w := x.wrapping(ref, v); w != nil {
					add(w)
				}
			case ssa.Value:
				if _, ok := ssaflow.Through(ref); ok {
					add(ref)
				}
			}
		}
	}
	return errs
}

// wrapping returns the call that makes another error of one which a store puts
// among its variadic arguments.
func (x *errorFlow) wrapping(st *ssa.Store, v ssa.Value) *ssa.Call {
	at, ok := st.Addr.(*ssa.IndexAddr)
	if !ok || st.Val != v {
		return nil
	}
	array, ok := at.X.(*ssa.Alloc)
	if !ok {
		return nil
	}
	for _, ref := range *array.Referrers() {
		slice, ok := ref.(*ssa.Slice)
		if !ok {
			continue
		}
		for _, use := range *slice.Referrers() {
			call, ok := use.(*ssa.Call)
			if !ok {
				continue
			}
			if obj := ssaflow.Callee(call.Common()); obj != nil && ssaflow.IsError(call.Type()) {
				if row := x.prog.Table.Func(obj); row != nil && row.NonNil {
					return call
				}
			}
		}
	}
	return nil
}

// returns tells, by result, which errors of Redis a function returns.
func (x *errorFlow) returns(fn *ssa.Function) map[int]*errorSource {
	if found, ok := x.sources[fn]; ok {
		return found
	}
	x.sources[fn] = nil
	res := fn.Signature.Results()
	n := res.Len()
	if n == 0 || !ssaflow.IsError(res.At(n-1).Type()) || fn.Recover != nil && len(fn.Blocks) == 0 {
		return nil
	}
	found := map[int]*errorSource{}
	for _, s := range x.sourcesIn(fn) {
		errs := x.errorsOf(s)
		if !x.returned(fn, s, errs) {
			continue
		}
		s.miss = s.miss && !x.toldApart(errs)
		if have := found[n-1]; have == nil || s.miss && !have.miss {
			found[n-1] = &s
		}
	}
	x.sources[fn] = found
	return found
}

// returned reports whether one of some errors is the last result of a function.
func (x *errorFlow) returned(fn *ssa.Function, s errorSource, errs map[ssa.Value]bool) bool {
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || len(ret.Results) == 0 {
			continue
		}
		last := ret.Results[len(ret.Results)-1]
		if errs[last] {
			return true
		}
		// return redis.String(...)
		if ex, ok := last.(*ssa.Extract); ok && ex.Tuple == s.at {
			return true
		}
		if load, ok := last.(*ssa.UnOp); ok {
			if cell, ok := load.X.(*ssa.Alloc); ok {
				for _, ref := range *cell.Referrers() {
					if st, ok := ref.(*ssa.Store); ok && errs[st.Val] {
						return true
					}
				}
			}
		}
	}
	return false
}
