package knowledge

import (
	"go/token"
	"go/types"

	"github.com/redislint/redislint/internal/lifetime/heap"
	"github.com/redislint/redislint/internal/redisapi"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// This file answers what functions do with a resource that they are known to
// have: whether they issue commands on it, wait, or read it elsewhere.

// IsCommand reports whether a call issues a command on its receiver.
func (kn *Base) IsCommand(instr ssa.CallInstruction, method *types.Func) bool {
	c := instr.Common()
	if c.IsInvoke() {
		return kn.Table.CommandOn(c.Value.Type(), method)
	}
	if len(c.Args) == 0 {
		return false
	}
	return kn.Table.CommandOn(ssaflow.SelectedFrom(c.Args[0]).Type(), method)
}

// maxIssues bounds the calls between a function and the command that it issues
// on a parameter.
const maxIssues = 4

// IssuesOn reports whether a function of this package issues a command on a
// parameter whatever else it is given: on the way there it asks for nothing but
// errors, and whether there is more to do.
func (kn *Base) IssuesOn(fn *ssa.Function, param, depth int) bool {
	if !kn.HasBody(fn) || param >= len(fn.Params) || depth > maxIssues {
		return false
	}
	var surely []bool
	for v := range ssaflow.ReachFrom(fn.Params[param]) {
		if v.Referrers() == nil {
			continue
		}
		for _, ref := range *v.Referrers() {
			call, ok := ref.(ssa.CallInstruction)
			if _, async := ref.(*ssa.Go); !ok || async || ref.Parent() != fn {
				continue
			}
			if surely == nil {
				surely = unasked(fn)
			}
			if !surely[ref.Block().Index] {
				continue
			}
			obj := ssaflow.Callee(call.Common())
			for i, a := range ssaflow.Args(call.Common()) {
				if a != v {
					continue
				}
				if i == 0 && obj != nil && ssaflow.IsMethod(obj) && kn.Table.CommandOn(ssaflow.SelectedFrom(a).Type(), obj) || kn.IssuesOn(ssaflow.Static(call.Common()), i, depth+1) {
					return true
				}
			}
		}
	}
	return false
}

// unasked says which blocks of a function are reached although every condition
// on the way but of errors and loops may have been either.
func unasked(fn *ssa.Function) []bool {
	r := make([]bool, len(fn.Blocks))
	loops := ssaflow.Loops(fn)
	work := []*ssa.BasicBlock{fn.Blocks[0]}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if r[b.Index] {
			continue
		}
		r[b.Index] = true
		if i, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If); ok && !loops[b.Index] {
			c, ok := i.Cond.(*ssa.BinOp)
			if !ok || !ssaflow.IsError(c.X.Type()) && !ssaflow.IsError(c.Y.Type()) {
				continue
			}
		}
		work = append(work, b.Succs...)
	}
	return r
}

// issuesNone reports whether a function issues no command: it opens for others.
func (kn *Base) issuesNone(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			if obj := ssaflow.Callee(call.Common()); obj != nil {
				if row := kn.Table.Func(obj); row != nil && len(row.Commands) > 0 || kn.Table.Command(obj) {
					return false
				}
			}
		}
	}
	return true
}

// KeepsQuiet reports whether a function does nothing with what it opens but to
// use it by itself: it calls functions of libraries alone, and a few that look
// at errors or print.
func (kn *Base) KeepsQuiet(fn *ssa.Function, opening ssa.Instruction) bool {
	return kn.quietly.Of(quietKey{fn, opening}, func() bool { return quietKey{fn, opening}.keepsQuiet(kn) })
}

func (q quietKey) keepsQuiet(kn *Base) bool {
	fn, opening := q.fn, q.opening
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok || instr == opening {
				continue
			}
			if _, ok := instr.(*ssa.Go); ok {
				return false
			}
			c := call.Common()
			if _, ok := c.Value.(*ssa.Builtin); ok {
				continue
			}
			if f := ssaflow.Static(c); f != nil && f.Parent() != nil && ssaflow.Encloses(fn, f) {
				if !kn.KeepsQuiet(f, opening) {
					return false
				}
				continue
			}
			if fn == opening.Parent() && !ssaflow.After(instr, opening) {
				continue // before anything is opened
			}
			if obj := ssaflow.Callee(c); obj == nil || !quiet(kn.Table, kn.pass.Pkg, obj) {
				return false
			}
		}
	}
	return true
}

// quiet reports whether a function is one of a library that knows nothing of
// the program, or of the standard library's that do not wait.
func quiet(table *redisapi.Table, own *types.Package, obj *types.Func) bool {
	if obj.Pkg() == nil {
		return true // the Error method of error
	}
	if row := table.Func(obj); row != nil && (row.NoReturn || row.Pause || len(row.Calls) > 0) {
		return row.NoReturn
	}
	switch path := obj.Pkg().Path(); path {
	case "errors", "fmt", "log", "log/slog", "os", "strings", "strconv", "time", "context":
		return true
	default:
		return table.Covers(path) && obj.Pkg() != own
	}
}

// RunsBefore reports whether what a function does, on a path that runs it, is
// done before what follows there in another one: it is the same, it is around the
// other one, or it is a literal that runs where it stands.
func (kn *Base) RunsBefore(fn, later *ssa.Function) bool {
	if ssaflow.Encloses(fn, later) || ssaflow.IsLoopBody(fn) {
		return true
	}
	mc := ssaflow.Maker(fn)
	if mc == nil || len(*mc.Referrers()) != 1 {
		return false
	}
	call, ok := (*mc.Referrers())[0].(ssa.CallInstruction)
	if !ok {
		return false
	}
	if _, async := call.(*ssa.Go); async || call.Common().Value == ssa.Value(mc) {
		return !async
	}
	obj := ssaflow.Callee(call.Common())
	row := (*redisapi.Func)(nil)
	if obj != nil {
		row = kn.Table.Func(obj)
	}
	return row != nil && (row.Once || len(row.Calls) > 0)
}

// ReadElsewhere reports whether another function reads the place that a resource
// was stored in, and never writes to it: it expects to find it there.
func (kn *Base) ReadElsewhere(fn *ssa.Function, at ssa.Value, path heap.Path) bool {
	if free, ok := at.(*ssa.FreeVar); ok && path == "" {
		return readAround(fn, ssaflow.Binding(free))
	}
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	var field *types.Var
	g, global := at.(*ssa.Global)
	if !global || path != "" {
		n, rest, ok := path.First()
		if !ok || n < 0 || rest != "" {
			return false
		}
		if field = ssaflow.Field(at.Type(), n); field == nil {
			return false
		}
		g = nil
	}
	if g != nil && (g.Object() != nil && g.Object().Exported() || kn.issuesNone(fn)) {
		return true
	}
	for _, f := range kn.prog.Funcs {
		if ssaflow.Encloses(fn, f) || kn.prog.InTest(f.Pos()) {
			continue
		}
		if reads, writes := touches(f, g, field); reads && !writes {
			return true
		}
	}
	return false
}

// readAround reports whether a variable that a literal captures is read outside of
// the literal.
func readAround(fn *ssa.Function, variable ssa.Value) bool {
	if variable == nil || variable.Referrers() == nil {
		return false
	}
	for _, ref := range *variable.Referrers() {
		switch ref := ref.(type) {
		case *ssa.UnOp:
			return true
		case *ssa.MakeClosure:
			if ref.Fn != ssa.Value(fn) {
				return true
			}
		}
	}
	return false
}

// touches reports whether a function reads a package-level variable, or a field,
// and whether it writes to it.
func touches(fn *ssa.Function, g *ssa.Global, field *types.Var) (reads, writes bool) {
	is := func(addr ssa.Value) bool {
		if g != nil {
			return addr == ssa.Value(g)
		}
		a, ok := addr.(*ssa.FieldAddr)
		return ok && ssaflow.Field(a.X.Type(), a.Field) == field
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.UnOp:
				reads = reads || instr.Op == token.MUL && is(instr.X)
			case *ssa.Store:
				writes = writes || is(instr.Addr)
			}
		}
	}
	return reads, writes
}
