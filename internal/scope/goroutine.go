package scope

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// Goroutines that a callback starts may use its client as long as the callback
// waits for them.

// spawns notes a goroutine that uses the client, and that the callback does
// not wait for.
func (x *leaving) spawns(call ssa.CallInstruction, fn ssa.Value, args []ssa.Value) {
	client := fn
	if !x.carries(fn) {
		i := slices.IndexFunc(args, x.carries)
		if i < 0 {
			return
		}
		client = args[i]
	}
	if !x.joins(x.callback, call, bodyOf(fn)) && x.mayReturn(call) {
		x.list = append(x.list, exit{instr: call, client: client, how: Spawned})
	}
}

// bodyOf is the literal that a func value runs, or nil.
func bodyOf(v ssa.Value) *ssa.Function {
	switch v := v.(type) {
	case *ssa.MakeClosure:
		return v.Fn.(*ssa.Function)
	case *ssa.Function:
		return v
	}
	return nil
}

// LeavesBehind reports whether the function that starts a goroutine surely returns
// without waiting for it: it is done soon, and nothing in it may wait.
func (r *Result) LeavesBehind(spawn *ssa.Go) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.origins == nil {
		return false
	}
	x := &leaving{o: r.origins, callback: spawn.Parent()}
	return r.origins.g.requests.Brief(x.callback, spawn) && !x.joins(x.callback, spawn, bodyOf(spawn.Call.Value)) && x.mayReturn(spawn)
}

// joins reports whether a function may wait for a goroutine that was started.
// In doubt it does.
func (x *leaving) joins(fn *ssa.Function, spawn ssa.Instruction, body *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if instr == spawn || !waitsFor(instr) {
				continue
			}
			_, deferred := instr.(*ssa.Defer)
			if deferred || fn != spawn.Parent() || ssaflow.After(instr, spawn) {
				return true
			}
		}
	}
	return slices.ContainsFunc(fn.AnonFuncs, func(anon *ssa.Function) bool {
		return anon != body && x.joins(anon, spawn, body)
	})
}

// waitsFor reports whether an instruction may wait for a goroutine: it reads a
// channel, hands one on, or calls something that waits by its name.
func waitsFor(instr ssa.Instruction) bool {
	switch instr := instr.(type) {
	case *ssa.UnOp:
		return instr.Op == token.ARROW
	case *ssa.Select:
		return true
	case *ssa.Call:
		return callWaits(&instr.Call)
	case *ssa.Defer:
		return callWaits(&instr.Call)
	}
	return false
}

func callWaits(c *ssa.CallCommon) bool {
	obj := ssaflow.Callee(c)
	if obj == nil {
		if _, ok := c.Value.(*ssa.Builtin); ok {
			return false
		}
		return !isCancel(c) // a func value may do anything
	}
	for _, word := range []string{"wait", "join", "stop", "shutdown", "drain", "serve", "start", "run", "listen", "collect", "eventually", "sync", "lock", "acquire"} {
		if strings.Contains(strings.ToLower(obj.Name()), word) {
			return true
		}
	}
	return slices.ContainsFunc(ssaflow.Args(c), func(v ssa.Value) bool { return isSignal(v.Type(), maxContainers) }) &&
		obj.Name() != "Go" && obj.Name() != "TryGo" && obj.Name() != "Add" && obj.Name() != "Done" && obj.Name() != "SetLimit"
}

// isCancel reports whether a call is that of the func which ends a context.
func isCancel(c *ssa.CallCommon) bool {
	n := ssaflow.Named(c.Value.Type())
	return n != nil && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "context"
}

// isSignal reports whether a goroutine can be waited for by a value of a type:
// a channel, or a struct of package sync or with one in it.
func isSignal(t types.Type, depth int) bool {
	if depth == 0 {
		return false
	}
	switch u := t.Underlying().(type) {
	case *types.Chan:
		return !ssaflow.IsContext(t)
	case *types.Pointer:
		return isSignal(u.Elem(), depth-1)
	case *types.Struct:
		if n := ssaflow.Named(t); n != nil && n.Obj().Pkg() != nil && n.Obj().Name() == "WaitGroup" && n.Obj().Pkg().Path() == "sync" {
			return true
		}
		for f := range u.Fields() {
			if n := ssaflow.Named(f.Type()); n != nil && n.Obj().Pkg() != nil && n.Obj().Name() == "WaitGroup" && n.Obj().Pkg().Path() == "sync" {
				return true
			}
		}
	}
	return false
}

// mayReturn reports whether the callback can return once a goroutine was
// started.
func (x *leaving) mayReturn(spawn ssa.Instruction) bool {
	if spawn.Parent() != x.callback {
		return true
	}
	for _, b := range x.callback.Blocks {
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && ssaflow.After(ret, spawn) {
			return true
		}
	}
	return false
}
