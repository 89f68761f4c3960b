package scope

import (
	"go/constant"
	"go/token"
	"go/types"

	"github.com/redislint/redislint/internal/redisapi"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// An act is a call of a function whose conduct is known.
type act struct {
	call    ssa.CallInstruction
	obj     *types.Func
	conduct *redisapi.Conduct
}

// note remembers a call for the questions about time, goroutines and logs.
func (g *graph) note(fn *ssa.Function, call ssa.CallInstruction) {
	c := call.Common()
	if f := ssaflow.Static(c); f != nil && g.prog.HasBody(f) {
		g.bodies[fn] = append(g.bodies[fn], call)
		return
	}
	obj := ssaflow.Callee(c)
	if obj == nil {
		return
	}
	if known := g.conduct(obj); known != nil {
		g.acts[fn] = append(g.acts[fn], act{call, obj, known})
		g.bounds = g.bounds || known.Bounds
	} else if !c.IsInvoke() && obj.Pkg() != nil && obj.Pkg() != g.pass.Pkg {
		g.foreigns[fn] = append(g.foreigns[fn], call)
	}
}

// conduct is what is known of the conduct of a function without a body here.
func (g *graph) conduct(obj *types.Func) *redisapi.Conduct {
	obj = obj.Origin()
	known, ok := g.conducts[obj]
	if !ok {
		known = g.table.Conduct(obj)
		if known == nil && g.roundTrips(obj.Signature()) {
			known = &redisapi.Conduct{Slow: true, Names: -1}
		}
		g.conducts[obj] = known
	}
	return known
}

// roundTrips reports whether a call of a function of a signature is a remote
// procedure's: its options say so.
func (g *graph) roundTrips(sig *types.Signature) bool {
	if !sig.Variadic() {
		return false
	}
	s, ok := sig.Params().At(sig.Params().Len() - 1).Type().(*types.Slice)
	if !ok {
		return false
	}
	n, ok := types.Unalias(s.Elem()).(*types.Named)
	return ok && g.table.RoundTrips(n.Obj())
}

// shortName names a function in a message: "time.Sleep", "http.Client.Do".
func shortName(obj *types.Func) string {
	name := obj.Name()
	if recv := obj.Signature().Recv(); recv != nil {
		if n := ssaflow.Named(recv.Type()); n != nil && n.Obj().Exported() {
			name = n.Obj().Name() + "." + name
		}
	}
	if obj.Pkg() != nil {
		name = obj.Pkg().Name() + "." + name
	}
	return name
}

// isGo reports whether a call starts a goroutine.
func isGo(call ssa.CallInstruction) bool {
	_, ok := call.(*ssa.Go)
	return ok
}

// constantOf is the constant that a value is, boxed or converted or not, or nil.
func constantOf(v ssa.Value) constant.Value {
	for {
		switch x := ssaflow.Bare(v).(type) {
		case *ssa.Convert:
			v = x.X
		case *ssa.Const:
			return x.Value
		default:
			return nil
		}
	}
}

// text is an argument of a command as the protocol writes it, or "?".
func text(v ssa.Value) string {
	c := constantOf(v)
	if c == nil {
		return "?"
	}
	if c.Kind() == constant.String {
		return constant.StringVal(c)
	}
	return c.ExactString()
}

// loops says which blocks of a function can be reached from themselves.
func (g *graph) loops(fn *ssa.Function) []bool {
	if r, ok := g.looping[fn]; ok {
		return r
	}
	r := ssaflow.Loops(fn)
	g.looping[fn] = r
	return r
}

// only returns the one value that is ever assigned to what a value is loaded
// from, and the value itself if it is no load. It sees through captured
// variables. It returns nil if there are several.
func only(v ssa.Value) ssa.Value {
	for range maxContainers {
		if f, ok := v.(*ssa.FreeVar); ok {
			if v = ssaflow.Binding(f); v == nil {
				return nil
			}
			continue
		}
		load, ok := v.(*ssa.UnOp)
		if !ok || load.Op != token.MUL {
			return v
		}
		addr := load.X
		for range maxContainers {
			f, ok := addr.(*ssa.FreeVar)
			if !ok {
				break
			}
			addr = ssaflow.Binding(f)
		}
		a, ok := addr.(*ssa.Alloc)
		if !ok {
			return v
		}
		stored := ssaflow.StoredIn(a)
		if len(stored) != 1 {
			return nil
		}
		v = stored[0]
	}
	return nil
}
