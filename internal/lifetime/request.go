package lifetime

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// A Request says on behalf of which requests a function runs.
type Request struct {
	Handler *ssa.Function  // the function that answers them
	Carrier *ssa.Parameter // its parameter that the request came in by, or nil
	Async   bool           // a goroutine was started on the way from the handler
}

// Name names the handler in a message: "serve", "Server.serve", or "" for a
// function literal.
func (q *Request) Name() string {
	if obj, ok := q.Handler.Object().(*types.Func); ok && q.Handler.Parent() == nil {
		if obj.Signature().Recv() == nil {
			return obj.Name()
		}
		return ssaflow.CallName(obj)
	}
	return ""
}

// Pos is where the handler stands.
func (q *Request) Pos() token.Pos { return q.Handler.Pos() }

// Request tells by which handler a function is reached, if it is a request
// handler or is reached from handlers alone; otherwise it returns nil. When
// several handlers reach it, the first one in the source is named.
//
// A handler is known by its parameters, by the receiver that a framework or
// the gRPC compiler made, or because a serverless entry point is given it.
// Only callers in the package are known: an exported function is anybody's.
// What runs once, however many requests there are, is not on their path.
func (r *Result) Request(fn *ssa.Function) *Request {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.request(fn)
}

func (r *Result) request(fn *ssa.Function) *Request {
	if !r.prog.Relevant() {
		return nil
	}
	if r.requests == nil {
		r.requests = r.findRequests()
	}
	return r.requests[fn]
}

// findRequests finds the functions that run for requests only.
func (r *Result) findRequests() map[*ssa.Function]*Request {
	e := r.engine
	found := map[*ssa.Function]*Request{}
	var entries []*ssa.Function
	add := func(fn *ssa.Function, carrier *ssa.Parameter) {
		if found[fn] == nil && !e.prog.InTest(fn.Pos()) {
			found[fn] = &Request{Handler: fn, Carrier: carrier}
			entries = append(entries, fn)
		}
	}
	for _, fn := range r.prog.Funcs {
		if p, ok := e.handles(fn); ok {
			add(fn, p)
		}
	}
	for _, fn := range r.prog.Funcs {
		if e.prog.InTest(fn.Pos()) {
			continue
		}
		for _, call := range entryCalls(r.prog.Table, fn) {
			if h := ssaflow.FuncOf(call.handler); h != nil && e.hasBody(h) {
				add(h, contextParam(h))
			}
		}
	}
	if len(entries) == 0 {
		return found
	}
	calls := r.callGraph()
	only := calls.only(r.prog.Funcs, found)
	for len(entries) > 0 {
		fn := entries[0]
		entries = entries[1:]
		for _, c := range calls.from[fn] {
			if only[c.to] && found[c.to] == nil {
				from := found[fn]
				found[c.to] = &Request{from.Handler, from.Carrier, from.Async || c.async}
				entries = append(entries, c.to)
			}
		}
	}
	return found
}

// handles reports whether a function is a request handler by itself, and the
// parameter that carries the request.
func (e *engine) handles(fn *ssa.Function) (*ssa.Parameter, bool) {
	for _, p := range fn.Params {
		if e.carriesRequest(p.Type()) {
			return p, true
		}
	}
	if fn.Signature.Recv() == nil || !ast.IsExported(fn.Name()) || len(fn.Params) == 0 {
		return nil, false
	}
	// A method of a controller, or of a server that the gRPC compiler made the
	// base of.
	st, ok := ssaflow.Deref(fn.Signature.Recv().Type()).Underlying().(*types.Struct)
	if !ok {
		return nil, false
	}
	for f := range st.Fields() {
		if !f.Embedded() {
			continue
		}
		if e.carriesRequest(f.Type()) {
			return fn.Params[0], true
		}
		n := ssaflow.Named(f.Type())
		if n != nil && strings.HasPrefix(n.Obj().Name(), "Unimplemented") && strings.HasSuffix(n.Obj().Name(), "Server") {
			if m, _, _ := types.LookupFieldOrMethod(n, true, fn.Pkg.Pkg, fn.Name()); m != nil {
				return contextParam(fn), true
			}
		}
	}
	return nil, false
}

// carriesRequest reports whether a value of a type is a request, or what it is
// answered by.
func (e *engine) carriesRequest(t types.Type) bool {
	n := ssaflow.Named(t)
	if n == nil {
		return false
	}
	if e.table.Request(n.Obj()) {
		return true
	}
	iface, ok := n.Underlying().(*types.Interface)
	if !ok {
		return false
	}
	for t := range iface.EmbeddedTypes() {
		if e.carriesRequest(t) {
			return true
		}
	}
	return false
}

// contextParam is the first parameter that is a context, or nil.
func contextParam(fn *ssa.Function) *ssa.Parameter {
	for _, p := range fn.Params {
		if ssaflow.IsContext(p.Type()) {
			return p
		}
	}
	return nil
}

// A callEdge is a call of a function of the package by another, or a literal
// within it.
type callEdge struct {
	to    *ssa.Function
	async bool
}

// A callGraph says who runs the functions of a package, as far as it shows.
type callGraph struct {
	from    map[*ssa.Function][]callEdge
	callers map[*ssa.Function][]*ssa.Function
	unknown map[*ssa.Function]bool // somebody else may run it
}

// callGraph makes the graph. Test files are left out: a test runs a function
// to see what it does.
func (r *Result) callGraph() *callGraph {
	e := r.engine
	g := &callGraph{map[*ssa.Function][]callEdge{}, map[*ssa.Function][]*ssa.Function{}, map[*ssa.Function]bool{}}
	edge := func(from, to *ssa.Function, async bool) {
		g.from[from] = append(g.from[from], callEdge{to, async})
		g.callers[to] = append(g.callers[to], from)
	}
	var ops []*ssa.Value
	for _, fn := range r.prog.Funcs {
		if e.prog.InTest(fn.Pos()) {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				call, isCall := instr.(ssa.CallInstruction)
				if isCall {
					if to := ssaflow.FuncOf(call.Common().Value); to != nil {
						_, async := instr.(*ssa.Go)
						edge(fn, to, async)
					}
				}
				ops = instr.Operands(ops[:0])
				for _, op := range ops {
					f, ok := (*op).(*ssa.Function)
					if !ok || isCall && op == &call.Common().Value {
						continue
					}
					to := ssaflow.FuncOf(f)
					switch {
					case to == nil:
					case to.Parent() == nil || e.runsOnce(instr):
						g.unknown[to] = true
					default:
						edge(fn, to, startedBy(instr)) // a literal runs when its function does
					}
				}
			}
		}
	}
	return g
}

// only returns the functions that nobody but request handlers, and such
// functions in turn, is seen to run.
func (g *callGraph) only(funcs []*ssa.Function, handlers map[*ssa.Function]*Request) map[*ssa.Function]bool {
	only := map[*ssa.Function]bool{}
	for _, fn := range funcs {
		only[fn] = len(g.callers[fn]) > 0 && !g.unknown[fn] && !visible(fn)
	}
	for again := true; again; {
		again = false
		for _, fn := range funcs {
			if only[fn] && slices.ContainsFunc(g.callers[fn], func(c *ssa.Function) bool { return !only[c] && handlers[c] == nil }) {
				only[fn], again = false, true
			}
		}
	}
	return only
}

// visible reports whether code that is not seen can run a function by its name:
// other packages, or a library that knows it as a method.
func visible(fn *ssa.Function) bool {
	if fn.Parent() != nil || !ast.IsExported(fn.Name()) {
		return false
	}
	return fn.Signature.Recv() != nil || fn.Pkg == nil || fn.Pkg.Pkg.Name() != "main"
}

// runsOnce reports whether an instruction hands a func, or makes one that is
// handed, to a function that runs it once for all requests.
func (e *engine) runsOnce(instr ssa.Instruction) bool {
	if call, ok := instr.(ssa.CallInstruction); ok {
		obj := ssaflow.Callee(call.Common())
		if obj == nil {
			return false
		}
		row := e.table.Func(obj)
		return row != nil && row.Once
	}
	if v, ok := instr.(*ssa.MakeClosure); ok {
		return slices.ContainsFunc(*v.Referrers(), func(ref ssa.Instruction) bool {
			_, ok := ref.(ssa.CallInstruction)
			return ok && e.runsOnce(ref)
		})
	}
	return false
}

// startedBy reports whether an instruction starts a func as a goroutine, or
// makes one that is.
func startedBy(instr ssa.Instruction) bool {
	if _, ok := instr.(*ssa.Go); ok {
		return true
	}
	v, ok := instr.(*ssa.MakeClosure)
	return ok && slices.ContainsFunc(*v.Referrers(), func(ref ssa.Instruction) bool {
		g, ok := ref.(*ssa.Go)
		return ok && g.Call.Value == v
	})
}
