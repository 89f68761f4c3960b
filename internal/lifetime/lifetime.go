// Package lifetime finds out who owns a Redis resource, and on which paths it
// is released. It states facts and never reports: the rules ask it.
//
// A package that touches no Redis library, neither by an import nor by a fact
// of one of its imports, costs nothing. For the others the engine builds SSA
// form and searches forward from each acquisition over all paths (search.go),
// with calls known by their summaries (summary.go), which travel between
// packages as facts (facts.go). Whatever it does not understand has moved to
// somebody else, and the engine is silent; each silence has a name.
package lifetime

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"os"
	"reflect"
	"slices"
	"sort"
	"strings"

	"github.com/redislint/redislint/internal/lifetime/eval"
	"github.com/redislint/redislint/internal/lifetime/facts"
	"github.com/redislint/redislint/internal/program"
	"github.com/redislint/redislint/internal/redisapi"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"
)

// Analyzer computes the lives of the resources in a package. Its result is a
// *Result.
var Analyzer = newAnalyzer()

func newAnalyzer() *analysis.Analyzer {
	c := &config{}
	a := &analysis.Analyzer{
		Name:       "lifetime",
		Doc:        "lifetime: find out who owns each Redis resource and where it is released",
		Requires:   []*analysis.Analyzer{program.Analyzer},
		Run:        c.run,
		ResultType: reflect.TypeFor[*Result](),
		FactTypes:  []analysis.Fact{&facts.FuncFact{}},
	}
	a.Flags.BoolVar(&c.debug, "debug.lifetime", false, "print what became of each resource, and how often each reason for silence was met")
	return a
}

// config holds the flags.
type config struct {
	debug bool
}

func (c *config) run(pass *analysis.Pass) (any, error) {
	prog := pass.ResultOf[program.Analyzer].(*program.Program)
	r := &Result{prog: prog}
	if !prog.Relevant() {
		return r, nil
	}
	e := newEngine(program.WithoutLibraries(pass, prog.Table), prog)
	r.engine = e
	e.findOpenings()
	r.Resources = e.resources()
	if prog.Awaited() {
		e.exportFacts()
	}
	if c.debug {
		e.print(r)
	}
	return r, nil
}

// resources judges every acquisition of the package.
func (e *engine) resources() []*Resource {
	syntax := e.prog.Source()
	var list []*Resource
	for _, fn := range e.funcs {
		for _, s := range e.openings.sites(fn) {
			if r := e.resource(s, syntax); r != nil {
				list = append(list, r)
			}
		}
	}
	sort.SliceStable(list, func(i, j int) bool { return list[i].Call.Pos() < list[j].Call.Pos() })
	return list
}

// resource judges one acquisition. One inside a function literal that hands it
// on is judged in the functions around it as well.
func (e *engine) resource(s *site, syntax *program.Source) *Resource {
	node := syntax.At(s.instr)
	if node == nil {
		return nil // made by the compiler
	}
	r := &Resource{
		Call: node, Name: program.Name(s.bound(syntax, node)), What: s.open.What, Kind: redisapi.Kind(s.open.Kind),
		Release: s.open.Release, Cleanup: s.open.At.Func, Func: s.fn, Instr: s.instr,
	}
	if s.open.Held && r.Name != "" {
		r.Name = "what " + r.Name + " makes"
	}
	if closers := s.open.At.ClosedWith(); closers != nil {
		r.Release = closers
	}
	inner := ssaflow.AroundLoops(s.fn)
	v := e.judge(s, inner)
	r.root = inner
	r.Early = e.earlyReleases(v)
	for root := inner; len(v.leaks) == 0 && root.Parent() != nil && movedOut(v); {
		root = root.Parent()
		outer := e.judge(s, root)
		if !outer.reached {
			break
		}
		v, r.root = outer, root
	}
	if v.gaveUp {
		r.Moved = []facts.Reason{facts.GaveUp}
		return r
	}
	r.Moved, r.site = v.moved, s
	r.Bracketed = v.bracketed()
	r.Late = e.lateUses(v)
	if s.open.Given() != nil && !v.all {
		own := e.ownLeaks(s, v.leaks)
		if len(own) == 0 {
			r.Moved = append(r.Moved, facts.Borrowed)
			return r
		}
		v.leaks = own
	} else if v.lent && !v.all {
		// Whether it is the caller's to release is asked where it is released.
		r.Moved = append(r.Moved, facts.Borrowed)
		return r
	}
	// A helper that releases it where the callback fails, and only there, has given
	// it away where that does not.
	given := len(v.wrapped) > 0 && v.released && !slices.ContainsFunc(v.leaks, func(l leak) bool { return !saysNil(l.at) })
	if len(v.leaks) > 0 && (given || !e.summaries.wrapped(v.wrapped, s.open.Release)) {
		v.leaks = nil
		r.Moved = append(r.Moved, facts.MovedDynamic)
	}
	root := inner
	if isMain(root) {
		v.leaks = dropExits(v.leaks)
		r.Moved = append(r.Moved, facts.MovedMain)
	}
	for _, l := range v.leaks {
		leak := Leak{Exit: exitPos(root, l.at), Again: l.again, WithError: l.withError}
		leak.Path = e.names.conditions(l.trail)
		r.Leaks = append(r.Leaks, leak)
	}
	r.Never = v.all
	r.Neglect = e.owners.neglect(root, s.open, v)
	if r.Neglect == nil {
		r.Neglect = e.reopened(s, v)
	}
	if r.Neglect == nil && len(r.Leaks) == 0 && len(v.moved) == 1 && movedOut(v) {
		r.Neglect = e.owners.left(s)
	}
	if r.Never && !s.open.At.Param {
		r.Overwritten = syntax.Overwritten(node, s.open.At.Index)
	}
	if len(v.leaks)+len(v.handed)+len(v.given)+len(v.moved) == 0 {
		r.Undeferred = e.firstUndeferred(v.undeferred, syntax)
	}
	return r
}

// bound returns what the source calls the place where a call opens something,
// or nil.
func (s *site) bound(syntax *program.Source, n ast.Node) ast.Expr {
	at := s.open.At
	if !at.Param {
		return syntax.Bound(n, at.Index)
	}
	index := at.Index
	if call, ok := s.instr.(ssa.CallInstruction); ok {
		if f := ssaflow.Callee(call.Common()); f != nil && ssaflow.IsMethod(f) {
			if index == 0 {
				return syntax.Receiver(n) // a method that opens leaves it in its receiver
			}
			index--
		}
	}
	// A function is given the address of the variable that it fills.
	call, ok := n.(*ast.CallExpr)
	if !ok || index >= len(call.Args) {
		return nil
	}
	if addr, ok := ast.Unparen(call.Args[index]).(*ast.UnaryExpr); ok && addr.Op == token.AND {
		return addr.X
	}
	return nil
}

// conditions lists what a path has taken. Of a condition that was asked in
// several turns of a loop, the last answer is told.
func (ns *names) conditions(trail *eval.Step) []Condition {
	var list []Condition
	listed := map[token.Pos]bool{}
	for t := trail; t != nil; t = t.Prev {
		if pos := ns.conds.At(t.Instr); !listed[pos] {
			listed[pos] = true
			list = append(list, Condition{pos, t.Taken})
		}
	}
	slices.Reverse(list)
	return list
}

// firstUndeferred picks the plain release that stands first, and leaves out
// those in loops, where a defer would run too late.
func (e *engine) firstUndeferred(list []undeferred, syntax *program.Source) *Undeferred {
	var first *undeferred
	for i, u := range list {
		b := u.release.Block()
		if b == nil || e.graphs.InLoop(u.release) {
			return nil
		}
		if first == nil || u.release.Pos() < first.release.Pos() {
			first = &list[i]
		}
	}
	if first == nil {
		return nil
	}
	u := &Undeferred{Release: first.release.Pos(), Risk: first.risk.Pos()}
	if call, ok := syntax.At(first.release).(*ast.CallExpr); ok {
		u.Call = types.ExprString(call)
	}
	return u
}

// dropExits removes the leaks at the exits of func main: the process ends there.
func dropExits(leaks []leak) []leak {
	var kept []leak
	for _, l := range leaks {
		if l.again {
			kept = append(kept, l)
		}
	}
	return kept
}

func movedOut(v *verdict) bool {
	for _, r := range v.moved {
		if r == facts.MovedField || r == facts.MovedSent {
			return true
		}
	}
	return false
}

// print writes what became of each resource to standard error.
func (e *engine) print(r *Result) {
	for _, x := range r.Resources {
		fate := "released"
		switch {
		case len(x.Leaks) > 0:
			fate = "leaks"
		case len(x.Moved) > 0:
			var why []string
			for _, m := range x.Moved {
				why = append(why, string(m))
			}
			fate = "moved: " + strings.Join(why, "; ")
		}
		fmt.Fprintf(os.Stderr, "%s: %s %s: %s\n", e.pass.Fset.Position(x.Call.Pos()), x.What, x.Name, fate)
	}
	var reasons []string
	for why := range e.silences {
		reasons = append(reasons, string(why))
	}
	sort.Strings(reasons)
	for _, why := range reasons {
		fmt.Fprintf(os.Stderr, "%s: silent %d times: %s\n", e.pass.Pkg.Path(), e.silences[facts.Reason(why)], why)
	}
}
