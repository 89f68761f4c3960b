// Package requests finds out what runs on behalf of requests: which functions
// answer them, which are reached from such handlers alone, and what is opened
// for each anew. It follows no paths.
package requests

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"strings"
	"sync"

	"github.com/redislint/redislint/internal/lifetime"
	"github.com/redislint/redislint/internal/loops"
	"github.com/redislint/redislint/internal/program"
	"github.com/redislint/redislint/internal/redisapi"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"
)

// Analyzer finds the requests of a package. Its result is a *Result.
var Analyzer = &analysis.Analyzer{
	Name:       "requests",
	Doc:        "requests: find out what runs on behalf of requests",
	Requires:   []*analysis.Analyzer{program.Analyzer, lifetime.Analyzer, loops.Analyzer},
	Run:        run,
	ResultType: reflect.TypeFor[*Result](),
}

// Result is what is known of the requests that one package serves. Several may
// ask it at the same time.
type Result struct {
	prog      *program.Program
	resources []*lifetime.Resource
	lives     lives
	loops     *loops.Result
	requests  func() map[*ssa.Function]*Request
}

// lives is what is asked of the lives of resources.
type lives interface {
	Course(lifetime.Site) lifetime.Course
}

func run(pass *analysis.Pass) (any, error) {
	found := pass.ResultOf[lifetime.Analyzer].(*lifetime.Result)
	r := &Result{
		prog: pass.ResultOf[program.Analyzer].(*program.Program), resources: found.Resources, lives: found,
		loops: pass.ResultOf[loops.Analyzer].(*loops.Result),
	}
	r.requests = sync.OnceValue(r.findRequests)
	return r, nil
}

// A Request says on behalf of which requests a function runs.
type Request struct {
	Handler *ssa.Function  // the function that answers them
	Carrier *ssa.Parameter // its parameter that the request came in by, or nil
	Async   bool           // a goroutine was started on the way from the handler
	Entry   bool           // a serverless entry point is given the handler
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

// Of tells by which handler a function is reached, if it is a request
// handler or is reached from handlers alone; otherwise it returns nil. When
// several handlers reach it, the first one in the source is named.
//
// A handler is known by its parameters, by the receiver that a framework or
// the gRPC compiler made, or because a serverless entry point is given it.
// Only callers in the package are known: an exported function is anybody's.
// What runs once, however many requests there are, is not on their path.
func (r *Result) Of(fn *ssa.Function) *Request { return r.requests()[fn] }

// findRequests finds the functions that run for requests only.
func (r *Result) findRequests() map[*ssa.Function]*Request {
	found := map[*ssa.Function]*Request{}
	var entries []*ssa.Function
	add := func(fn *ssa.Function, carrier *ssa.Parameter, entry bool) {
		if found[fn] == nil && !r.prog.InTest(fn.Pos()) {
			found[fn] = &Request{Handler: fn, Carrier: carrier, Entry: entry}
			entries = append(entries, fn)
		}
	}
	for _, fn := range r.prog.Funcs {
		if p, ok := r.handles(fn); ok {
			add(fn, p, false)
		}
	}
	for _, fn := range r.prog.Funcs {
		if r.prog.InTest(fn.Pos()) {
			continue
		}
		for _, call := range Entries(r.prog.Table, fn) {
			if h := ssaflow.FuncOf(call.Handler); h != nil && r.prog.HasBody(h) {
				add(h, contextParam(h), true)
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
				found[c.to] = &Request{from.Handler, from.Carrier, from.Async || c.async, from.Entry}
				entries = append(entries, c.to)
			}
		}
	}
	return found
}

// handles reports whether a function is a request handler by itself, and the
// parameter that carries the request.
func (r *Result) handles(fn *ssa.Function) (*ssa.Parameter, bool) {
	for _, p := range fn.Params {
		if r.Carries(p.Type()) {
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
		if r.Carries(f.Type()) {
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

// Carries reports whether a value of a type is a request, or what it is
// answered by.
func (r *Result) Carries(t types.Type) bool {
	n := ssaflow.Named(t)
	if n == nil {
		return false
	}
	if r.prog.Table.Request(n.Obj()) {
		return true
	}
	iface, ok := n.Underlying().(*types.Interface)
	if !ok {
		return false
	}
	for t := range iface.EmbeddedTypes() {
		if r.Carries(t) {
			return true
		}
	}
	return false
}

// An Entry hands a handler to a serverless entry point.
type Entry struct {
	Handler ssa.Value
	Name    string // of the entry point: "lambda.Start"
	Pos     token.Pos
}

// Entries returns the calls in a function that hand a handler to a serverless
// entry point.
func Entries(table *redisapi.Table, fn *ssa.Function) []Entry {
	var list []Entry
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			callee := ssaflow.Callee(call.Common())
			if callee == nil {
				continue
			}
			row := table.Func(callee)
			if row == nil {
				continue
			}
			for _, i := range row.Entries {
				if args := call.Common().Args; i < len(args) {
					list = append(list, Entry{args[i], ssaflow.CallName(callee), call.Pos()})
				}
			}
		}
	}
	return list
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
