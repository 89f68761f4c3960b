package lifetime

// This file answers what other rooms ask about resources and their lives:
// internal/holders, internal/requests, internal/failures, internal/repair, the
// engine of scopes and the rules.

import (
	"cmp"
	"go/token"
	"go/types"
	"slices"

	"github.com/redislint/redislint/internal/lifetime/eval"
	"github.com/redislint/redislint/internal/lifetime/facts"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// A Site is a place where a resource is acquired.
type Site struct{ site *site }

// Instr returns the call or literal that acquires it.
func (s Site) Instr() ssa.Instruction { return s.site.instr }

// Func returns the function that the site is in.
func (s Site) Func() *ssa.Function { return s.site.fn }

// Open returns what is acquired, and where the site's function finds it.
func (s Site) Open() facts.Open { return s.site.open }

// Type returns the concrete type of what a call returns as an interface, or nil
// if it is not certain.
func (s Site) Type() types.Type { return s.site.dyn }

// Values returns the values by which the site's function gets the resource.
func (s Site) Values() []ssa.Value { return sources(s.site) }

// Site returns where the resource is acquired. It is not ok if there were too
// many paths to follow from there.
func (r *Resource) Site() (s Site, ok bool) { return Site{r.site}, r.site != nil }

// Sites returns the acquisitions in a function, in order.
func (r *Result) Sites(fn *ssa.Function) []Site {
	return ask(r, func(e *engine) []Site {
		var list []Site
		for _, s := range e.openings.sites(fn) {
			list = append(list, Site{s})
		}
		return list
	})
}

// Reacquired reports whether a loop comes round to a site, whose resource is
// judged in a function, after it has opened one there: that was released or lost by
// then, or is to be released by a deferred call of the loop alone. Those calls are
// returned.
func (r *Result) Reacquired(s Site, root *ssa.Function) (again bool, by []*ssa.Defer) {
	ask(r, func(e *engine) any {
		for _, t := range e.judge(s.site, ssaflow.AroundLoops(root)).reacquired {
			again = true
			if t.deferred != nil {
				by = append(by, t.deferred)
			}
		}
		return nil
	})
	return again, by
}

// Hands reports whether a call hands a resource to its caller, on some path at
// least.
func (r *Result) Hands(c *ssa.CallCommon) bool {
	return ask(r, func(e *engine) bool { return len(e.openings.handedAt(c)) > 0 })
}

// A Course is what becomes of a resource in the function that acquires it.
type Course struct {
	GaveUp bool   // there are too many paths to tell, and nothing else is known
	Leaks  []Leak // exits reached with it open, without their positions and paths
	Given  bool   // the caller gets it on some path
	Left   bool   // some way of returning leaves it where the caller can reach it
	Moved  bool   // some path stops owning it
}

// Course tells what becomes of what a site acquires.
func (r *Result) Course(s Site) Course {
	return ask(r, func(e *engine) Course { return e.course(s.site) })
}

func (e *engine) course(s *site) Course {
	v := e.judge(s, s.fn)
	c := Course{GaveUp: v.gaveUp, Given: len(v.given) > 0, Left: len(v.handed) > 0, Moved: len(v.moved) > 0}
	for _, l := range v.leaks {
		c.Leaks = append(c.Leaks, Leak{Again: l.again, WithError: l.withError})
	}
	return c
}

// An Exit is a return of the function that a resource is judged in, and how the
// resource stands there on the paths that reach it. Paths on which somebody else
// has become its owner end before, and those that have not opened it are no
// paths of its life.
type Exit struct {
	At        ssa.Instruction
	Pos       token.Pos // the return statement, or the brace that ends the function
	Open      bool      // some path has it open, and leaves it nowhere
	WithError bool      // some path returns it beside an error
	Closed    bool      // some path has released it, or a deferred call has
	Given     bool      // some path hands it to the caller, or leaves it where others reach it
	Taken     bool      // on some path somebody else has become its owner right before
	Failed    bool      // the last result is an error, and certainly not nil where it is left open
	Succeeded bool      // and certainly nil where it is given or taken
}

// Exits returns the function that a resource is judged in, its exits in order,
// and the instructions by which somebody else becomes its owner. It is not ok if
// there are too many paths to tell.
func (r *Result) Exits(x *Resource) (root *ssa.Function, exits []Exit, moves []ssa.Instruction, ok bool) {
	if x.site == nil {
		return nil, nil, nil, false
	}
	ask(r, func(e *engine) any {
		exits, moves, ok = e.exits(x.site, x.root)
		return nil
	})
	return x.root, exits, moves, ok
}

func (e *engine) exits(s *site, root *ssa.Function) (list []Exit, moves []ssa.Instruction, ok bool) {
	notes := &trace{}
	x, outs := e.followTraced(s, root, false, notes)
	if x.gaveUp {
		*notes = trace{}
		x, outs = e.followTraced(s, root, true, notes)
	}
	if x.gaveUp {
		return nil, nil, false
	}
	for _, m := range notes.moves {
		moves = append(moves, m.at)
	}
	index := map[ssa.Instruction]int{}
	for _, o := range outs {
		if o.st.Status == eval.Before {
			continue
		}
		i, seen := index[o.exit]
		if !seen {
			i = len(list)
			index[o.exit] = i
			list = append(list, Exit{At: o.exit, Pos: exitPos(root, o.exit), Failed: true, Succeeded: true})
		}
		at := &list[i]
		last := facts.Known("")
		if n := root.Signature.Results().Len(); n > 0 && n == len(o.results) && ssaflow.IsError(root.Signature.Results().At(n-1).Type()) {
			if known := x.KnownResults(o.st, o.results); len(known) == n {
				last = known[n-1]
			}
		}
		switch o.st.Status {
		case eval.Released:
			at.Closed = true
			continue
		case eval.Moved:
			at.Taken, at.Succeeded = true, at.Succeeded && last == "nil"
			continue
		}
		out := x.exits().classify(root, o, nil)
		switch {
		case out.Effect == facts.Moved:
			at.Taken, at.Succeeded = true, at.Succeeded && last == "nil"
		case len(out.Into) == 0 && o.st.Doubtful:
			moves = append(moves, o.exit)
		case len(out.Into) == 0:
			at.Open, at.Failed = true, at.Failed && last == "notnil"
		case failedWith(root, out) && !succeeds(o.exit):
			at.WithError = true
		default:
			at.Given, at.Succeeded = true, at.Succeeded && last == "nil"
		}
	}
	slices.SortStableFunc(list, func(a, b Exit) int { return cmp.Compare(a.Pos, b.Pos) })
	return list, moves, true
}

// A Release is an instruction that releases a resource.
type Release struct {
	Instr    ssa.Instruction
	Deferred bool // it does so when the function returns
}

// ReleasesOf returns what releases the resource of a site on some path. It is not
// ok if there are too many paths to tell.
func (r *Result) ReleasesOf(s Site) (list []Release, ok bool) {
	ask(r, func(e *engine) any {
		x, _ := e.follow(s.site, s.site.fn, false)
		for _, event := range x.releases {
			list = append(list, Release{event.Instr, event.Deferred})
		}
		ok = !x.gaveUp
		return nil
	})
	return list, ok
}

// Released reports whether the function that acquires a resource releases it on
// every path.
func (r *Result) Released(x *Resource) bool {
	return ask(r, func(e *engine) bool {
		for _, s := range e.openings.sites(x.Func) {
			if s.instr == x.Instr {
				c := e.course(s)
				return !c.GaveUp && len(c.Leaks) == 0 && !c.Given && !c.Moved
			}
		}
		return false
	})
}

// OnlyUsed reports whether what an instruction reads, a resource with such
// methods, is used where it is, and neither released nor passed on.
func (r *Result) OnlyUsed(read ssa.Instruction, o facts.Open) bool {
	return ask(r, func(e *engine) bool { return e.owners.onlyUsed(read.Parent(), read, facts.Place{}, o) })
}

// ReleaseOf returns the methods that release a value of a library's type, the
// usual one first.
func (r *Result) ReleaseOf(t types.Type) []string {
	return ask(r, func(e *engine) []string { return e.know.ReleaseOf(t) })
}

// ClosersOf returns the methods by which what the site's function gets releases
// what it holds, the usual one first.
func (r *Result) ClosersOf(s Site) []string {
	return ask(r, func(e *engine) []string {
		t := s.site.dyn
		if c, ok := s.site.instr.(ssa.CallInstruction); ok && t == nil && !s.site.open.At.Param {
			if results := c.Common().Signature().Results(); s.site.open.At.Index < results.Len() {
				t = results.At(s.site.open.At.Index).Type()
			}
		}
		if t == nil || s.site.open.At.Shape == "" {
			return nil
		}
		return e.owners.closers(t, s.site.open.At.Shape, s.site.open.At.OnWay(), s.site.open.Release)
	})
}

// Fact returns what is known of a function of another package, or nil, and
// whether that package was analysed at all.
func (r *Result) Fact(fn *types.Func) (fact *facts.FuncFact, analysed bool) {
	ask(r, func(e *engine) any {
		fact, analysed = e.know.Fact(fn)
		return nil
	})
	return fact, analysed
}

// Ends reports whether a call never returns.
func (r *Result) Ends(call *ssa.Call) bool {
	return ask(r, func(e *engine) bool { return e.know.CallEnds(call) })
}
