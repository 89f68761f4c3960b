// Package holders finds out which variables hold a client: package-level ones,
// and those that the handlers of a serverless program keep. It follows values
// backwards to where they come from; order and conditions do not matter to it.
package holders

import (
	"go/token"
	"go/types"
	"reflect"
	"sort"
	"sync"

	"github.com/redislint/redislint/internal/lifetime"
	"github.com/redislint/redislint/internal/lifetime/facts"
	"github.com/redislint/redislint/internal/program"
	"github.com/redislint/redislint/internal/redisapi"
	"github.com/redislint/redislint/internal/requests"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"
)

// Analyzer finds what holds clients in a package. Its result is a *Result.
var Analyzer = &analysis.Analyzer{
	Name:       "holders",
	Doc:        "holders: find out which variables hold a client",
	Requires:   []*analysis.Analyzer{program.Analyzer, lifetime.Analyzer, requests.Analyzer},
	Run:        run,
	ResultType: reflect.TypeFor[*Result](),
}

// Result is what is known of the holders in one package. Several may ask it at
// the same time.
type Result struct {
	prog      *program.Program
	resources []*lifetime.Resource
	lives     lives
	requests  *requests.Result
	holders   func() []Holder
}

// lives is what is asked of the lives of resources.
type lives interface {
	Opened(ssa.Instruction) []facts.Open
	Fact(*types.Func) (fact *facts.FuncFact, analysed bool)
	Released(*lifetime.Resource) bool
	ReleaseOf(types.Type) []string
	OnlyUsed(ssa.Instruction, facts.Open) bool
}

func run(pass *analysis.Pass) (any, error) {
	found := pass.ResultOf[lifetime.Analyzer].(*lifetime.Result)
	r := &Result{
		prog: pass.ResultOf[program.Analyzer].(*program.Program), resources: found.Resources, lives: found,
		requests: pass.ResultOf[requests.Analyzer].(*requests.Result),
	}
	r.holders = sync.OnceValue(r.findHolders)
	return r, nil
}

// A Holder is a package-level variable that holds a resource.
type Holder struct {
	Var   *types.Var
	Kind  redisapi.Kind // what it holds
	Field *types.Var    // the field of this package that leads to the resource, if its type tells
	From  token.Pos     // what flows into it, if its type does not tell
}

// A Captive is a resource that the handler of a serverless program keeps from one
// invocation to the next. Of its Resource only Call, Name, What and Kind are
// sure to be set: the acquisition may be in another package.
type Captive struct {
	*lifetime.Resource
	Handler string    // which handler keeps it: "the handler of lambda.Start"
	Entry   token.Pos // where the handler is handed over
}

// Holders returns the package-level variables that hold a resource, in source
// order. The type of a variable decides, down through pointers, fields,
// elements and type arguments. Where it does not, as with interfaces and
// funcs, what the package puts into the variable does. Variables of test
// files, and what test files put into others, are left out, and so is the
// blank variable.
func (r *Result) Holders() []Holder { return r.holders() }

func (r *Result) findHolders() []Holder {
	if !r.prog.Relevant() {
		return nil
	}
	var list []Holder
	t := newFinder(r.prog, r.lives, false)
	scope := r.prog.Pkg.Pkg.Scope()
	for _, name := range scope.Names() {
		v, ok := scope.Lookup(name).(*types.Var)
		if !ok || r.prog.InTest(v.Pos()) {
			continue
		}
		if h := t.types.of(v.Type()); h.kind != "" {
			list = append(list, Holder{Var: v, Kind: h.kind, Field: h.fieldOf(v.Pkg())})
		} else if g := r.prog.Pkg.Var(name); g != nil && h.hides {
			if roots := t.held(g).roots; len(roots) > 0 {
				list = append(list, Holder{Var: v, Kind: t.kindOf(roots[0]), From: roots[0].Pos()})
			}
		}
	}
	sort.SliceStable(list, func(i, j int) bool { return list[i].Var.Pos() < list[j].Var.Pos() })
	return list
}

// Captives returns the resources that the handlers of serverless entry points
// keep: captured by a closure, or reached from a receiver. They are in source
// order. What a package-level variable keeps is Holders' to tell.
func (r *Result) Captives() []Captive {
	var list []Captive
	seen := map[ssa.Value]bool{}
	var t *finder
	add := func(fn *ssa.Function, roots []ssa.Value, handler string, entry token.Pos) {
		for _, root := range roots {
			if res := t.acquired(r, root, fn); res != nil && !seen[root] {
				seen[root] = true
				list = append(list, Captive{res, handler, entry})
			}
		}
	}
	for _, fn := range r.prog.Funcs {
		if r.prog.InTest(fn.Pos()) {
			continue
		}
		for _, call := range requests.Entries(r.prog.Table, fn) {
			if t == nil {
				t = newFinder(r.prog, r.lives, true)
			}
			add(fn, t.resolved(call.Handler).roots, "the handler of "+call.Name, call.Pos)
		}
		if isKnative(fn) {
			if t == nil {
				t = newFinder(r.prog, r.lives, true)
			}
			add(fn, t.callers(t.returned(fn, 0)).roots, "the handler that "+fn.Name()+" returns", fn.Pos())
		}
	}
	sort.SliceStable(list, func(i, j int) bool { return list[i].Call.Pos() < list[j].Call.Pos() })
	return list
}

// isKnative reports whether fn is the constructor of a Knative function: New
// of a package named function, whose result has a method Handle for requests
// or events.
func isKnative(fn *ssa.Function) bool {
	res := fn.Signature.Results()
	if fn.Name() != "New" || fn.Signature.Recv() != nil || fn.Pkg == nil || fn.Pkg.Pkg.Name() != "function" || res.Len() != 1 {
		return false
	}
	m, _, _ := types.LookupFieldOrMethod(res.At(0).Type(), true, fn.Pkg.Pkg, "Handle")
	handle, ok := m.(*types.Func)
	if !ok {
		return false
	}
	params := handle.Signature().Params()
	if params.Len() == 0 {
		return false
	}
	first := types.TypeString(params.At(0).Type(), nil)
	return first == "context.Context" || first == "net/http.ResponseWriter"
}

// acquired returns the acquisition that a root is, as far as a handler given
// away in fn is concerned: nil if it was not acquired here, or if a method or
// literal acquires and releases it within each invocation.
func (t *finder) acquired(r *Result, root ssa.Value, fn *ssa.Function) *lifetime.Resource {
	instr, ok := root.(ssa.Instruction)
	if !ok || t.prog.InTest(root.Pos()) {
		return nil
	}
	for _, res := range r.resources {
		if res.Instr == instr {
			if !ssaflow.Encloses(res.Func, fn) && t.lives.Released(res) {
				return nil
			}
			return res
		}
	}
	call, ok := root.(*ssa.Call)
	if !ok {
		return nil
	}
	if callee := ssaflow.Callee(call.Common()); callee == nil || callee.Pkg() == r.prog.Pkg.Pkg {
		return nil
	}
	syntax := t.prog.Source()
	node := syntax.At(call)
	if node == nil {
		return nil
	}
	return &lifetime.Resource{Call: node, Name: program.Name(syntax.Bound(node, 0)), What: ssaflow.CallName(ssaflow.Callee(call.Common())),
		Kind: t.kindOf(call), Func: call.Parent(), Instr: call}
}
