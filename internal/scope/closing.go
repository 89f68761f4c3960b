package scope

import (
	"go/ast"
	"go/types"
	"sort"

	"github.com/redislint/redislint/internal/lifetime"
	"github.com/redislint/redislint/internal/program"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// A Closing is a call by which a callback releases the client that a scope, or
// a library, only lent to it.
type Closing struct {
	Call   *ast.CallExpr
	Client string // as the code names it
	Scope  string // the scope, as the code names it, or ""
	Helper bool   // it is handed to a function that releases it
}

// closings returns the calls that release a client which was only lent. Only
// what is certain counts: nothing else can be in the variable, and nobody but
// scopes is seen to call the function.
func (o *origins) closings(src *program.Source) []Closing {
	var list []Closing
	for _, fn := range o.g.prog.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				call, ok := instr.(ssa.CallInstruction)
				if !ok {
					continue
				}
				args := ssaflow.Args(call.Common())
				for i, a := range args {
					if !o.onlyLent(a) || !o.g.lives.Releases(call, i) {
						continue
					}
					if c := src.Call(call.Common().Pos()); c != nil {
						x := closing(c, i, call.Common())
						x.Scope = o.scopeAround(fn)
						list = append(list, x)
					}
				}
			}
		}
	}
	sort.SliceStable(list, func(i, j int) bool { return list[i].Call.Pos() < list[j].Call.Pos() })
	return list
}

// closing describes a call by its source.
func closing(c *ast.CallExpr, i int, common *ssa.CallCommon) Closing {
	isMethod := common.IsInvoke() || common.Signature().Recv() != nil
	if sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr); ok && isMethod && i == 0 {
		return Closing{Call: c, Client: types.ExprString(sel.X)}
	}
	if isMethod {
		i--
	}
	r := Closing{Call: c, Helper: true}
	if i >= 0 && i < len(c.Args) {
		r.Client = types.ExprString(c.Args[i])
	}
	return r
}

// onlyLent reports whether a value is a parameter that only scopes give their
// client to. What was opened on that client is of another type.
func (o *origins) onlyLent(v ssa.Value) bool {
	n := o.g.node(v)
	if n < 0 || len(o.g.sets[n]) == 0 || !o.g.isClient(v.Type()) {
		return false
	}
	for a := range o.g.sets[n] {
		if a.kind != param || len(o.g.callers[a.fn]) > 0 || !types.Identical(a.fn.Params[a.n].Type(), v.Type()) {
			return false
		}
		m, ok := o.g.ids[boundNode{a.fn, a.n}]
		if !ok || m < 0 {
			return false
		}
		if from := o.of(m); !from.scoped || from.outside || len(from.params) > 0 || !o.certain(m) {
			return false
		}
	}
	return true
}

// certain reports whether whatever is bound to a parameter was lent by a
// library, or by a scope that closes it.
func (o *origins) certain(n int) bool {
	for a := range o.g.sets[n] {
		fate, given := o.fates[a.at]
		if a.kind != lent && !(a.kind == opened && given && fate == lifetime.Safe) {
			return false
		}
	}
	return len(o.g.sets[n]) > 0
}
