package scope

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// A Helper is a function that opens a client, lends it and closes it.
type Helper struct {
	Name    string
	Pos     token.Pos // of its name
	Logs    bool      // it says so in a log
	Dropped string    // the call of it that drops the error of closing, as "rdb.Close", or ""
}

// Helpers returns the scopes of the package that open the client that they
// lend, in source order.
func (r *Result) Helpers() []Helper {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.helpers()
}

func (r *Result) helpers() []Helper {
	if r.origins == nil {
		return nil
	}
	o := r.origins
	var list []Helper
	for _, fn := range o.g.prog.Funcs {
		obj, ok := fn.Object().(*types.Func)
		if !ok || fn.Parent() != nil || o.g.prog.InTest(obj.Pos()) {
			continue
		}
		opening := o.lendsOwn(fn)
		if opening == nil {
			continue
		}
		h := Helper{Name: obj.Name(), Pos: obj.Pos(), Logs: o.logs(fn, map[*ssa.Function]bool{})}
		if call := o.drops(fn, opening); call != nil {
			if c := r.source.Call(call.Common().Pos()); c != nil {
				h.Dropped = types.ExprString(c.Fun)
			}
		}
		list = append(list, h)
	}
	return list
}

// lendsOwn returns what a function opens, lends to a func that it was given,
// and closes, or nil.
func (o *origins) lendsOwn(fn *ssa.Function) ssa.Instruction {
	for _, p := range o.g.passed[fn] {
		n := o.g.node(p)
		if n < 0 {
			continue
		}
		if from := o.of(n); !from.firm || from.outside {
			continue
		}
		for _, instr := range o.openedIn(fn) {
			if o.g.sets[n][atom{kind: opened, at: instr}] && !o.isTaken(instr) {
				return instr
			}
		}
	}
	return nil
}

// isTaken reports whether a call takes a connection from a pool, or from a
// client, that lives on. Nothing is opened then that a log would have to tell.
func (o *origins) isTaken(instr ssa.Instruction) bool {
	call, ok := instr.(*ssa.Call)
	if !ok {
		return false
	}
	obj := ssaflow.Callee(&call.Call)
	return obj != nil && obj.Signature().Recv() != nil && obj.Pkg() != nil && o.g.table.Covers(obj.Pkg().Path())
}

// openedIn returns the calls and literals of a function, and of the literals in
// it, that open something.
func (o *origins) openedIn(fn *ssa.Function) []ssa.Instruction {
	var list []ssa.Instruction
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if len(o.g.lives.Opened(instr)) > 0 {
				list = append(list, instr)
			}
		}
	}
	for _, anon := range fn.AnonFuncs {
		list = append(list, o.openedIn(anon)...)
	}
	return list
}

// logs reports whether a function writes to a log, by itself, in a literal or
// by what it calls. In doubt it does: a func that it was given may.
func (o *origins) logs(fn *ssa.Function, seen map[*ssa.Function]bool) bool {
	if seen[fn] {
		return false
	}
	seen[fn] = true
	for _, a := range o.g.acts[fn] {
		if a.conduct.Logs {
			return true
		}
	}
	for _, call := range o.g.bodies[fn] {
		if f := ssaflow.Static(call.Common()); o.isLogger(f) || o.logs(f, seen) {
			return true
		}
	}
	for _, call := range o.g.foreigns[fn] {
		obj := ssaflow.Callee(call.Common())
		fact := new(FuncFact)
		if isLogging(obj) || o.g.pass.ImportObjectFact(obj.Origin(), fact) && fact.Logs {
			return true
		}
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if ok && o.mayLog(call.Common()) {
				return true
			}
		}
	}
	return slices.ContainsFunc(fn.AnonFuncs, func(anon *ssa.Function) bool { return o.logs(anon, seen) })
}

// mayLog reports whether a call is one of an interface that looks like a
// logger, or of a func that is given a text.
func (o *origins) mayLog(c *ssa.CallCommon) bool {
	if c.IsInvoke() {
		return isLogging(c.Method)
	}
	if c.StaticCallee() != nil {
		return false
	}
	if _, ok := c.Value.(*ssa.Builtin); ok {
		return false
	}
	sig := c.Signature()
	if sig.Results().Len() > 0 || sig.Params().Len() == 0 {
		return false
	}
	for v := range sig.Params().Variables() {
		if n := ssaflow.Named(v.Type()); n != nil && o.g.ofLibrary(n) {
			return false // the callback
		}
	}
	return true // such as func(format string, args ...any), or one that is told of the end
}

// isLogger reports whether a function of this package looks like a logger's.
func (o *origins) isLogger(f *ssa.Function) bool {
	obj, ok := f.Object().(*types.Func)
	return ok && isLogging(obj)
}

// isLogging reports whether a function is a logger's by its name and that of
// its package, or by the methods of its type: a project's own logger.
func isLogging(obj *types.Func) bool {
	if !isLogName(obj.Name()) {
		return false
	}
	recv := obj.Signature().Recv()
	if recv == nil {
		return obj.Pkg() != nil && strings.Contains(strings.ToLower(obj.Pkg().Name()), "log") || strings.HasPrefix(strings.ToLower(obj.Name()), "log")
	}
	n := 0
	for sel := range types.NewMethodSet(recv.Type()).Methods() {
		if isLogName(sel.Obj().Name()) {
			n++
		}
	}
	return n > 1 || obj.Name() == "Log" || obj.Name() == "Logf" || obj.Name() == "Printf"
}

// isLogName reports whether a name is one that loggers give their functions:
// Info, Infof, InfoContext, Warnw...
func isLogName(name string) bool {
	lower := strings.ToLower(name)
	for _, level := range []string{"trace", "debug", "info", "notice", "warn", "warning", "error", "print", "log"} {
		if rest, ok := strings.CutPrefix(lower, level); ok {
			switch rest {
			case "", "f", "ln", "w", "s", "context", "ctx", "attrs", "fields", "event":
				return true
			}
		}
	}
	return false
}

// drops returns the call that releases what a helper opened and drops the
// error, if that is the only one.
func (o *origins) drops(fn *ssa.Function, opening ssa.Instruction) ssa.CallInstruction {
	var found ssa.CallInstruction
	calls := 0
	var visit func(fn *ssa.Function)
	visit = func(fn *ssa.Function) {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				call, ok := instr.(ssa.CallInstruction)
				if !ok || !o.releasesOpened(call, opening) || ssaflow.Callee(call.Common()).Signature().Results().Len() == 0 {
					continue
				}
				calls++
				if v := call.Value(); v == nil || len(*v.Referrers()) == 0 {
					found = call
				}
			}
		}
		for _, anon := range fn.AnonFuncs {
			visit(anon)
		}
	}
	visit(fn)
	if calls != 1 {
		return nil
	}
	return found
}

// releasesOpened reports whether a call is a release of what an instruction
// opened.
func (o *origins) releasesOpened(call ssa.CallInstruction, opening ssa.Instruction) bool {
	obj := ssaflow.Callee(call.Common())
	if obj == nil || o.g.prog.HasBody(ssaflow.Static(call.Common())) {
		return false
	}
	row := o.g.table.Func(obj)
	if row == nil || len(row.Releases) == 0 {
		return false
	}
	args := ssaflow.Args(call.Common())
	n := o.g.node(args[row.Releases[0]])
	return n >= 0 && o.g.sets[n][atom{kind: opened, at: opening}]
}
