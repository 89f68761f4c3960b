package requests

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"github.com/redislint/redislint/internal/lifetime"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// A PerCall is a resource that is opened for each request, or in each call of a
// function, and does not outlive it, although it is always the same.
type PerCall struct {
	*lifetime.Resource
	Request *Request // on whose behalf; nil: in each call of its function
}

// PerCalls returns the resources that a process opens again and again, in
// source order. Whether they are always the same is asked of the settings they
// are opened with: these come from constants, package-level variables, the
// receiver or the environment, and not from the request or from an argument.
func (r *Result) PerCalls() []PerCall {
	var list []PerCall
	for _, res := range r.resources {
		site, ok := res.Site()
		if !ok || r.prog.InTest(res.Instr.Pos()) || !res.Heavy() {
			continue
		}
		q := r.Of(res.Func)
		if q == nil && !r.perCall(res.Func) {
			continue
		}
		if c := r.lives.Course(site); c.GaveUp || c.Moved || c.Given {
			continue // somebody keeps it
		}
		if r.steady(res) {
			list = append(list, PerCall{res, q})
		}
	}
	return list
}

// steady reports whether an acquisition opens the same each time.
func (r *Result) steady(res *lifetime.Resource) bool {
	return !r.loops.Varies(res, func(p *ssa.Parameter) bool {
		fn := p.Parent()
		isRecv := fn.Signature.Recv() != nil && p == fn.Params[0]
		if q := r.Of(fn); q != nil {
			return !isRecv || q.Carrier == p
		}
		return fn == res.Func && !isRecv
	})
}

// perCall reports whether a function that is not known to serve requests is
// one that a program calls again and again: it works on data that it is given.
// Programs' own commands, constructors, functions that lend to a callback, and
// those that go on until they are stopped are not.
func (r *Result) perCall(fn *ssa.Function) bool {
	if fn.Parent() != nil || fn.Pkg == nil || fn.Pkg.Pkg.Name() == "main" || !ast.IsExported(fn.Name()) || setsUp(fn.Name()) {
		return false
	}
	return r.WorksOnData(fn)
}

// WorksOnData reports whether a function is given data, and nothing that it could
// set up or go on with.
func (r *Result) WorksOnData(fn *ssa.Function) bool {
	data := false
	for i, p := range fn.Params {
		if i == 0 && fn.Signature.Recv() != nil {
			continue
		}
		if ssaflow.IsContext(p.Type()) {
			continue
		}
		if !r.isData(p.Type()) {
			return false
		}
		data = true
	}
	return data && !goesOn(fn)
}

// isData reports whether a type is of plain data: no func, no client, and no
// type of a framework.
func (r *Result) isData(t types.Type) bool {
	if n := ssaflow.Named(t); n != nil && n.Obj().Pkg() != r.prog.Pkg.Pkg {
		_, basic := n.Underlying().(*types.Basic)
		return basic || n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "time"
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return true
	case *types.Pointer:
		return r.isData(u.Elem())
	case *types.Slice:
		return r.isData(u.Elem())
	case *types.Map:
		return r.isData(u.Elem())
	case *types.Struct:
		return true
	case *types.Interface:
		return u.Empty()
	}
	return false
}

// setsUp reports whether a name is that of a function which is called when a
// program starts or ends, or by a person.
func setsUp(name string) bool {
	for _, word := range []string{"New", "Open", "Connect", "Init", "Setup", "Start", "Run", "Serve", "Listen", "Dial",
		"Main", "Migrate", "Seed", "Test", "Check", "Ping", "Health", "Ready", "Load", "Register", "Execute", "Close", "Stop", "Wait", "Must",
		"Provide", "Build", "Create", "Make", "Configure", "Install", "Subscribe", "Consume", "Watch"} {
		rest, ok := strings.CutPrefix(name, word)
		if ok && (rest == "" || rest[0] < 'a' || rest[0] > 'z') {
			return true
		}
	}
	return false
}

// goesOn reports whether a function has a loop that waits for something.
func goesOn(fn *ssa.Function) bool {
	loops := ssaflow.Loops(fn)
	for _, b := range fn.Blocks {
		if !loops[b.Index] {
			continue
		}
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Select:
				return true
			case *ssa.UnOp:
				if instr.Op == token.ARROW {
					return true
				}
			}
		}
	}
	return false
}
