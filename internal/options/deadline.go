package options

import (
	"go/constant"
	"go/types"
	"math"
	"time"

	"github.com/redislint/redislint/internal/redisapi"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// deadlines notes, for options of which the client does not see a context's
// deadline, the first command that is given one: one that would end the
// command before the client's own timeout does. It is noted only if both the
// client and the context are certain.
func (e *engine) deadlines(sets []*Set) {
	e.clients = map[ssa.Instruction]*Set{}
	for _, set := range sets {
		i := -1
		for j, x := range set.Settings {
			if x.Role == redisapi.Deadline && x.Known && len(x.Values) == 1 && off(x.Values[0]) {
				i = j
			}
		}
		if i >= 0 {
			for _, s := range set.openings {
				e.clients[s] = set
			}
		}
	}
	if len(e.clients) == 0 {
		return
	}
	for _, fn := range e.funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				call, ok := instr.(ssa.CallInstruction)
				if ok {
					e.deadline(call)
				}
			}
		}
	}
}

// off reports whether a value is false, or nobody's.
func off(v Value) bool {
	return v.kind == unset || v.kind == isKnown && v.Const.Kind() == constant.Bool && !constant.BoolVal(v.Const)
}

func (e *engine) deadline(call ssa.CallInstruction) {
	common := call.Common()
	args := common.Args
	var obj *types.Func
	if common.IsInvoke() {
		obj, args = common.Method, append([]ssa.Value{common.Value}, args...)
	} else if callee := common.StaticCallee(); callee != nil {
		obj, _ = callee.Object().(*types.Func)
	}
	if obj == nil || len(args) < 2 || !e.table.Command(obj) {
		return
	}
	wait, ok := e.wait(args[1], call)
	if !ok {
		return
	}
	root, path := e.locate(args[0])
	set := e.clients[e.opener(root, path, 0)]
	if set == nil || set.Deadline != nil {
		return
	}
	if bound, ok := set.reading(); ok && wait < bound {
		set.Deadline = &Ignored{Pos: call.Pos(), Wait: time.Duration(wait)}
	}
}

// reading is after how many nanoseconds the client itself ends a read.
func (set *Set) reading() (int64, bool) {
	for _, x := range set.Settings {
		if x.Role != redisapi.Read || !x.Known || len(x.Values) != 1 {
			continue
		}
		n, ok := Int(x.Values[0])
		if ok && n == 0 {
			d, err := time.ParseDuration(x.Default)
			return int64(d), err == nil && x.Stands
		}
		if n < 0 {
			n = math.MaxInt64
		}
		return n, ok
	}
	return 0, false
}

// wait is after how many nanoseconds a context ends, if that is a constant.
func (e *engine) wait(ctx ssa.Value, at ssa.Instruction) (int64, bool) {
	call, index := e.callOf(ctx)
	if call == nil || index != 0 || call.Call.StaticCallee() == nil || len(call.Call.Args) < 2 {
		return 0, false
	}
	obj, ok := call.Call.StaticCallee().Object().(*types.Func)
	if !ok {
		return 0, false
	}
	known := e.table.Func(obj)
	if known == nil || !known.Deadline || !isDuration(call.Call.Args[1].Type()) {
		return 0, false
	}
	e.fresh()
	vals := e.resolve(e.read(call.Call.Args[1], nil, call, 0), 0)
	if len(vals) != 1 || vals[0].kind != isKnown {
		return 0, false
	}
	return Int(vals[0])
}

// callOf is the call whose result a value certainly is.
func (e *engine) callOf(v ssa.Value) (*ssa.Call, int) {
	for range maxDepth {
		v = ssaflow.Bare(v)
		switch x := v.(type) {
		case *ssa.Extract:
			call, _ := x.Tuple.(*ssa.Call)
			return call, x.Index
		case *ssa.Call:
			return x, 0
		case *ssa.UnOp:
			root, path := e.locate(x.X)
			cell, ok := root.(*ssa.Alloc)
			if !ok || len(path) > 0 {
				return nil, 0
			}
			one := e.assigned(cell)
			if one == nil {
				return nil, 0
			}
			v = one
		default:
			return nil, 0
		}
	}
	return nil, 0
}

// opener is the call that certainly opened the client in a value or below it.
func (e *engine) opener(v ssa.Value, path []string, depth int) ssa.Instruction {
	if depth > maxDepth {
		return nil
	}
	depth++
	v = ssaflow.Bare(v)
	if f := e.field(v, path); f != nil {
		if one := e.assignedField(f); one != nil {
			root, below := e.locate(one)
			return e.opener(root, below, depth)
		}
		return nil
	}
	switch x := v.(type) {
	case *ssa.Extract:
		if call, ok := x.Tuple.(*ssa.Call); ok {
			return e.openedBy(call, x.Index, depth)
		}
	case *ssa.Call:
		return e.openedBy(x, 0, depth)
	case *ssa.Alloc:
		if one := e.assigned(x); one != nil {
			root, below := e.locate(one)
			return e.opener(root, below, depth)
		}
	case *ssa.Global:
		if x.Pkg != e.pkg || x.Object() == nil || x.Object().Exported() {
			return nil
		}
		var one ssa.Value
		for _, use := range e.uses(x) {
			st, ok := use.(*ssa.Store)
			if !ok || one != nil {
				return nil
			}
			one = st.Val
		}
		if one != nil {
			root, below := e.locate(one)
			return e.opener(root, below, depth)
		}
	}
	return nil
}

// openedBy is the call that opened what a call returns: itself, or one in the
// function of this package that it calls.
func (e *engine) openedBy(call *ssa.Call, index, depth int) ssa.Instruction {
	fn := call.Call.StaticCallee()
	if e.clients[call] != nil {
		return call
	}
	if fn == nil || fn.Pkg != e.pkg {
		return nil
	}
	var found ssa.Instruction
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || index >= len(ret.Results) {
			continue
		}
		if c, ok := ssaflow.Bare(ret.Results[index]).(*ssa.Const); ok && c.IsNil() {
			continue
		}
		root, below := e.locate(ret.Results[index])
		one := e.opener(root, below, depth)
		if one == nil || found != nil && found != one {
			return nil
		}
		found = one
	}
	return found
}

// assigned is the value that a variable is given once, if nobody else writes
// to it.
func (e *engine) assigned(cell *ssa.Alloc) ssa.Value {
	var found ssa.Value
	var one func(v ssa.Value) bool
	one = func(v ssa.Value) bool {
		for _, ref := range *v.Referrers() {
			switch ref := ref.(type) {
			case *ssa.Store:
				if ref.Addr != v || found != nil {
					return false
				}
				found = ref.Val
			case *ssa.MakeClosure:
				for i, b := range ref.Bindings {
					if b == v && !one(ref.Fn.(*ssa.Function).FreeVars[i]) {
						return false
					}
				}
			case *ssa.UnOp, *ssa.DebugRef, *ssa.FieldAddr:
			default:
				return false
			}
		}
		return true
	}
	if !one(cell) {
		return nil
	}
	return found
}

// field is the first field on a path that this package declares, unexported or
// of an unexported type: nobody else writes to it.
func (e *engine) field(v ssa.Value, path []string) *types.Var {
	if len(path) == 0 {
		return nil
	}
	t := v.Type()
	for pointer(t) {
		t = t.Underlying().(*types.Pointer).Elem()
	}
	name := typeName(t)
	st, ok := t.Underlying().(*types.Struct)
	if name == nil || !ok || name.Pkg() != e.pass.Pkg {
		return nil
	}
	for f := range st.Fields() {
		if f.Name() == path[0] && (!f.Exported() || !name.Exported()) {
			return f
		}
	}
	return nil
}

// assignedField is the value that a field is given at the one place where the
// package writes to it.
func (e *engine) assignedField(f *types.Var) ssa.Value {
	if e.fields == nil {
		e.fields = map[*types.Var][]ssa.Value{}
		for _, fn := range e.funcs {
			for _, b := range fn.Blocks {
				for _, instr := range b.Instrs {
					addr, ok := instr.(*ssa.FieldAddr)
					if !ok {
						continue
					}
					v := ssaflow.Field(addr.X.Type(), addr.Field)
					for _, ref := range *addr.Referrers() {
						switch ref := ref.(type) {
						case *ssa.Store:
							if ref.Addr == addr {
								e.fields[v] = append(e.fields[v], ref.Val)
							}
						case *ssa.UnOp, *ssa.FieldAddr, *ssa.DebugRef:
						default:
							e.fields[v] = append(e.fields[v], nil) // its address goes elsewhere
						}
					}
				}
			}
		}
	}
	if list := e.fields[f]; len(list) == 1 {
		return list[0]
	}
	return nil
}
