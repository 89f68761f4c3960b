// Package failures finds out what errors of Redis do to requests: where one ends
// the process, or where a key that does not exist is answered like a failure of
// the server. It follows errors, and knows nothing of who owns what.
package failures

import (
	"go/token"
	"go/types"
	"reflect"
	"sort"
	"strconv"
	"strings"
	"sync"

	"github.com/redislint/redislint/internal/lifetime"
	"github.com/redislint/redislint/internal/program"
	"github.com/redislint/redislint/internal/requests"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"
)

// Analyzer finds what errors of Redis do. Its result is a *Result.
var Analyzer = &analysis.Analyzer{
	Name:       "failures",
	Doc:        "failures: find out what errors of Redis do to requests",
	Requires:   []*analysis.Analyzer{program.Analyzer, lifetime.Analyzer, requests.Analyzer},
	Run:        run,
	ResultType: reflect.TypeFor[*Result](),
	FactTypes:  []analysis.Fact{&ErrorFact{}},
}

// Result is what is known of the errors of Redis in one package. Several may ask
// it at the same time.
type Result struct {
	failures func() []Failure
}

// lives is what is asked of the engine that knows which functions return.
type lives interface {
	Ends(*ssa.Call) bool
}

func run(pass *analysis.Pass) (any, error) {
	prog := pass.ResultOf[program.Analyzer].(*program.Program)
	if !prog.Relevant() {
		return &Result{func() []Failure { return nil }}, nil
	}
	x := &errorFlow{
		pass: program.WithoutLibraries(pass, prog.Table), prog: prog,
		lives:    pass.ResultOf[lifetime.Analyzer].(*lifetime.Result),
		requests: pass.ResultOf[requests.Analyzer].(*requests.Result),
		sources:  map[*ssa.Function]map[int]*errorSource{}, ends: map[*ssa.Parameter]bool{}, asking: map[*ssa.Parameter]bool{},
	}
	if prog.Awaited() {
		x.export()
	}
	return &Result{sync.OnceValue(x.all)}, nil
}

// A Failure is a place where an error of Redis does more harm to a request than
// it must.
type Failure struct {
	Pos     token.Pos // the call that ends the process, or that answers
	End     string    // what ends the process: "log.Fatal", "panic"; "" if nothing does
	Status  int       // otherwise, the status that a missing key is answered with
	What    string    // the Redis call whose error it is: "Get"
	Origin  token.Pos // that call
	Handler *requests.Request
}

// An ErrorFact says what a function's errors mean to its callers.
type ErrorFact struct {
	Missing []string // by result, what read a key that may not exist: "1=Get"; the miss is not told apart from a failure
	Ends    []int    // parameters that are errors; when one is not nil, the process ends
}

// AFact marks ErrorFact as a fact.
func (*ErrorFact) AFact() {}

// Exposes reports whether a caller can treat a miss as a failure.
func (f *ErrorFact) Exposes() bool { return len(f.Missing) > 0 }

func (f *ErrorFact) String() string {
	var s []string
	for _, m := range f.Missing {
		s = append(s, "misses "+m)
	}
	for _, i := range f.Ends {
		s = append(s, "ends on "+strconv.Itoa(i))
	}
	return strings.Join(s, ", ")
}

// An errorSource is a call whose error is one of Redis.
type errorSource struct {
	at   *ssa.Call
	what string
	miss bool // the error may say that a key does not exist, and nothing else has asked so far
}

// errorFlow knows the errors of Redis in the functions of a package.
type errorFlow struct {
	pass     *analysis.Pass
	prog     *program.Program
	lives    lives
	requests *requests.Result

	sources map[*ssa.Function]map[int]*errorSource // by function and result; nil while it is looked at
	ends    map[*ssa.Parameter]bool
	asking  map[*ssa.Parameter]bool // those that are being looked at
}

// export exports what other packages need to know of errors.
func (x *errorFlow) export() {
	for _, fn := range x.prog.Funcs {
		obj, ok := fn.Object().(*types.Func)
		if !ok || fn.Parent() != nil || obj.Pkg() != x.pass.Pkg || !obj.Exported() || x.prog.InTest(fn.Pos()) {
			continue
		}
		fact := &ErrorFact{}
		for i := range fn.Signature.Results().Len() {
			if s := x.returns(fn)[i]; s != nil && s.miss {
				fact.Missing = append(fact.Missing, strconv.Itoa(i)+"="+s.what)
			}
		}
		for i, p := range fn.Params {
			if ssaflow.IsError(p.Type()) && x.endsOn(p) {
				fact.Ends = append(fact.Ends, i)
			}
		}
		if len(fact.Missing)+len(fact.Ends) > 0 {
			x.pass.ExportObjectFact(obj, fact)
		}
	}
}

// Failures returns the places, on the paths of requests, where an error of
// Redis ends the process, or where a key that does not exist is answered like
// a failure of the server. They are in source order.
func (r *Result) Failures() []Failure { return r.failures() }

func (x *errorFlow) all() []Failure {
	var list []Failure
	seen := map[token.Pos]bool{}
	for _, fn := range x.prog.Funcs {
		q := x.requests.Of(fn)
		if q == nil || x.prog.InTest(fn.Pos()) {
			continue
		}
		for _, s := range x.sourcesIn(fn) {
			for _, f := range x.failures(fn, s) {
				if f.Pos.IsValid() && !seen[f.Pos] {
					seen[f.Pos] = true
					f.Handler = q
					list = append(list, f)
				}
			}
		}
	}
	sort.SliceStable(list, func(i, j int) bool { return list[i].Pos < list[j].Pos })
	return list
}
