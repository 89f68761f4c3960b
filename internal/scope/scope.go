// Package scope finds out which functions are scopes, and whose clients the
// Redis commands of a package run on. It states facts and never reports: the
// rules ask it.
//
// A scope is a function that opens a client, lends it to a callback, and
// releases it on every path. It is known by what it does: the client that it
// opens flows to a func value that it was given, and internal/lifetime says
// that the client is released when that func gives it back. Functions built
// on scopes are scopes, and so are the callbacks of the libraries.
//
// How clients flow is one graph over the package (graph.go, call.go): each
// value has a set of origins, and these move along assignments, fields,
// closures and calls until nothing changes. Then each command is asked for
// the origin of its client (origin.go). A parameter is nobody's fault where it
// is used: the fact that a function issues commands on it goes to its callers,
// in this package and in others (facts.go).
package scope

import (
	"fmt"
	"go/ast"
	"go/token"
	"reflect"
	"strings"
	"sync"

	"github.com/redislint/redislint/internal/lifetime"
	"github.com/redislint/redislint/internal/program"
	"github.com/redislint/redislint/internal/requests"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"
)

// Analyzer finds the scopes of a package and the commands outside of them. Its
// result is a *Result.
var Analyzer = newAnalyzer()

func newAnalyzer() *analysis.Analyzer {
	c := &config{}
	a := &analysis.Analyzer{
		Name:       "scope",
		Doc:        "scope: find out which functions lend a client to a callback, and where the clients of commands come from",
		Requires:   []*analysis.Analyzer{program.Analyzer, lifetime.Analyzer, requests.Analyzer},
		Run:        c.run,
		ResultType: reflect.TypeFor[*Result](),
		FactTypes:  []analysis.Fact{&FuncFact{}, &Scoped{}},
	}
	a.Flags.StringVar(&c.funcs, "scope.funcs", "", "comma-separated full `names` of functions that are scopes although their code does not show it")
	return a
}

// config holds the flags.
type config struct{ funcs string }

// Result is what is known of the scopes of one package.
type Result struct {
	Outside []Use     // uses of clients that did not come from a scope, in source order
	Escapes []Escape  // clients that leave the callback of their scope, in source order
	Closed  []Closing // releases of clients that were only lent, in source order
	origins *origins  // nil if the package has nothing to do with Redis
	source  *program.Source
	mu      sync.Mutex // rules may ask at the same time
}

// A Use is a command, or a call of a function that issues commands on a client
// it is handed.
type Use struct {
	Call    *ast.CallExpr
	Command token.Pos // where the function that is called issues a command, if it is in this package
	Handed  bool      // the client is handed to a function that issues commands
	Helper  string    // the name of a scope at hand in which the call could stand, or ""
	needs   []need    // what a scope must lend for that
}

// An Escape is a place where the client of a scope leaves its callback.
type Escape struct {
	Pos, End token.Pos
	Client   string // as the code names it, or ""
	Lent     string // the parameter by which the scope passes it, or "a client"
	Scope    string // the scope, as the code names it, or ""
	By       Holder // what holds the client
	How      How
	Into     string // the variable or field that it is kept in, as the code names it, or ""
}

// A Holder says what a client leaves its scope in.
type Holder uint8

// What can hold a client.
const (
	Itself Holder = iota // the client, or a handle on it
	Func                 // a func that uses it
	Object               // a struct that has it in a field
)

// How says in which way a client leaves its scope.
type How uint8

// The ways out of a scope.
const (
	Stored   How = iota // in a variable or field that outlives the callback
	Returned            // by the callback
	Sent                // on a channel that outlives the callback
	Kept                // by a function that it is handed to
	Spawned             // it is used by a goroutine that the callback does not wait for
)

func (c *config) run(pass *analysis.Pass) (any, error) {
	named, err := c.names()
	if err != nil {
		return nil, err
	}
	prog := pass.ResultOf[program.Analyzer].(*program.Program)
	r := &Result{}
	if !prog.Relevant() {
		return r, nil
	}
	lives := pass.ResultOf[lifetime.Analyzer].(*lifetime.Result)
	g := newGraph(program.WithoutLibraries(pass, prog.Table), prog, lives, named)
	g.resources, g.bracketed = lives.Resources, map[ssa.Instruction]bool{}
	for _, r := range lives.Resources {
		g.bracketed[r.Instr] = r.Bracketed
	}
	g.requests = pass.ResultOf[requests.Analyzer].(*requests.Result)
	g.build()
	o := newOrigins(g)
	o.judgeCommands()
	o.computeWaits()
	o.computeRegistrations()
	r.origins, r.source = o, prog.Source()
	r.Outside = o.uses(r.source)
	r.Escapes = o.escapes(r.source)
	r.Closed = o.closings(r.source)
	if prog.Awaited() {
		o.exportFacts()
	}
	return r, nil
}

// names returns the functions that the flag names.
func (c *config) names() (map[string]bool, error) {
	named := map[string]bool{}
	for _, name := range strings.Split(c.funcs, ",") {
		name = strings.TrimSpace(name)
		if name == "" {
			continue
		}
		if !strings.Contains(name, ".") {
			return nil, fmt.Errorf("-scope.funcs: %q is not a full name, such as example.com/cache.WithRedis", name)
		}
		named[name] = true
	}
	return named, nil
}
