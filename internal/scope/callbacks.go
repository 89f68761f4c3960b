package scope

import (
	"go/token"
	"go/types"

	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// A ScopeCallback is a function that a scope calls with its client.
type ScopeCallback struct {
	Pos, End token.Pos
	Client   string    // the parameter, or "a client" if it has no name
	Scope    string    // what the callback is passed to, as the code names it, or ""
	At       token.Pos // that call, if there is a name
}

// Callbacks returns the callbacks of scopes in the package, in source order.
func (r *Result) Callbacks() []ScopeCallback {
	if r.origins == nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	var list []ScopeCallback
	for _, l := range r.origins.lendings() {
		node := l.callback.Syntax()
		if node == nil {
			continue
		}
		name, at := r.origins.scopeOf(l.callback)
		list = append(list, ScopeCallback{node.Pos(), node.End(), l.name(), name, at})
	}
	return list
}

// scopeOf returns what a callback is passed to, as the code names it, and the
// call. Of several calls it is the first.
func (o *origins) scopeOf(callback *ssa.Function) (name string, at token.Pos) {
	for _, c := range o.g.calls {
		common := c.Common()
		pos := common.Pos()
		if !pos.IsValid() || at.IsValid() && at <= pos {
			continue
		}
		for _, arg := range common.Args {
			if functionOf(arg) != callback {
				continue
			}
			if call := o.g.prog.Source().Call(pos); call != nil {
				name, at = types.ExprString(call.Fun), call.Pos()
			}
		}
	}
	return name, at
}

// scopeAround is the scope that the innermost callback around a function is passed
// to, as the code names it, or "".
func (o *origins) scopeAround(fn *ssa.Function) string {
	for ; fn != nil; fn = fn.Parent() {
		if name, _ := o.scopeOf(fn); name != "" {
			return name
		}
	}
	return ""
}

// functionOf is the function that a value certainly is, or nil.
func functionOf(v ssa.Value) *ssa.Function {
	for {
		switch w := ssaflow.Unboxed(v).(type) {
		case *ssa.ChangeType:
			v = w.X
		case *ssa.MakeClosure:
			fn, _ := w.Fn.(*ssa.Function)
			return fn
		case *ssa.Function:
			return w
		default:
			return nil
		}
	}
}
