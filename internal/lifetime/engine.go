package lifetime

import (
	"go/types"

	"github.com/redislint/redislint/internal/lifetime/heap"
	"github.com/redislint/redislint/internal/program"
	"github.com/redislint/redislint/internal/redisapi"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"
)

// An engine knows one package: its SSA form, and what has been found out about
// its functions so far.
type engine struct {
	prog  *program.Program
	pass  *analysis.Pass
	table *redisapi.Table
	pkg   *ssa.Package
	funcs []*ssa.Function // all with a body, literals included, in source order

	pool        *heap.Pool
	conds       *condIndex
	flows       map[*ssa.Function]*ssaflow.Flow
	questions   map[*ssa.Function]*questions
	once        map[*ssa.Alloc]bool    // variables that are set once
	effects     map[*ssa.Function]bool // functions without effects: see pure.go
	reach       map[reachKey][]bool
	summaries   map[summaryKey]*summary
	endless     map[*ssa.Function]bool // whether it never returns
	opens       map[*ssa.Function][]Open
	opening     map[*ssa.Function]bool // opens is being computed
	facts       map[*types.Func]factOf
	holders     map[types.Type]bool // see relevance.go
	verdicts    map[verdictKey]*verdict
	unreleasing map[string]bool        // those that are being looked at
	fetched     map[string]bool        // methods called on what was kept under a key: see attach.go
	unreleased  map[string]bool        // fields whose resource nothing can release: see owner.go
	asking      map[*ssa.Function]bool // whose callers are looked at, see owner.go
	steps       int                    // of all searches
	depth       int
	recursed    bool
	silences    map[Reason]int

	lending bool    // func values give back what they are passed: see scope.go
	lent    *memory // what was found out under that assumption
}

type reachKey struct {
	fn    *ssa.Function
	instr ssa.Instruction
}

type factOf struct {
	fact     *FuncFact
	analysed bool
}

// A site is a place where a resource is acquired.
type site struct {
	instr ssa.Instruction
	fn    *ssa.Function
	open  Open
	dyn   types.Type // the concrete type of what a call returns, if certain
}

func newEngine(pass *analysis.Pass, prog *program.Program) *engine {
	return &engine{
		prog: prog, pass: pass, table: prog.Table, pkg: prog.Pkg, funcs: prog.Funcs,
		pool: heap.NewPool(), conds: newCondIndex(pass.TypesInfo),
		flows: map[*ssa.Function]*ssaflow.Flow{}, questions: map[*ssa.Function]*questions{}, once: map[*ssa.Alloc]bool{}, effects: map[*ssa.Function]bool{},
		reach: map[reachKey][]bool{}, summaries: map[summaryKey]*summary{},
		endless: map[*ssa.Function]bool{}, opens: map[*ssa.Function][]Open{}, opening: map[*ssa.Function]bool{},
		verdicts: map[verdictKey]*verdict{}, unreleased: map[string]bool{}, unreleasing: map[string]bool{}, asking: map[*ssa.Function]bool{}, facts: map[*types.Func]factOf{}, holders: map[types.Type]bool{},
		silences: map[Reason]int{},
	}
}

func (e *engine) count(r Reason) { e.silences[r]++ }

func (e *engine) flow(fn *ssa.Function) *ssaflow.Flow {
	f := e.flows[fn]
	if f == nil {
		f = ssaflow.NewFlow(fn)
		e.flows[fn] = f
	}
	return f
}

// hasBody reports whether a function's body can be searched here.
func (e *engine) hasBody(fn *ssa.Function) bool { return e.prog.HasBody(fn) }

// method returns the function that a method call on a concrete type runs.
func (e *engine) method(t types.Type, m *types.Func) *ssa.Function {
	if types.IsInterface(t) {
		return nil
	}
	sel := e.pkg.Prog.MethodSets.MethodSet(t).Lookup(m.Pkg(), m.Name())
	if sel == nil || ssaflow.IsGeneric(t) {
		return nil
	}
	return e.pkg.Prog.MethodValue(sel)
}

// fact returns what is known of a function of another package, and whether
// that package was analysed at all.
func (e *engine) fact(fn *types.Func) (*FuncFact, bool) {
	if fn == nil || fn.Pkg() == nil {
		return nil, false
	}
	fn = fn.Origin()
	if f, ok := e.facts[fn]; ok {
		return f.fact, f.analysed
	}
	var f factOf
	if fn.Pkg() != e.pass.Pkg {
		f.analysed = e.prog.Analysed(fn.Pkg())
		fact := new(FuncFact)
		if e.pass.ImportObjectFact(fn, fact) {
			f.fact = fact
		}
	}
	e.facts[fn] = f
	return f.fact, f.analysed
}

// noReturn reports whether a function of this package never returns.
func (e *engine) noReturn(fn *ssa.Function) bool {
	if r, ok := e.endless[fn]; ok {
		return r
	}
	e.endless[fn] = true // while it is looked at: a recursive call returns if another path does
	never := true
	seen := make([]bool, len(fn.Blocks))
	work := []*ssa.BasicBlock{fn.Blocks[0]}
	for len(work) > 0 && never {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[b.Index] {
			continue
		}
		seen[b.Index] = true
		ends := false
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Return:
				never = false
			case *ssa.Call:
				ends = ends || e.callEnds(instr)
			}
			if ends {
				break
			}
		}
		if !ends {
			work = append(work, b.Succs...)
		}
	}
	if fn.Recover != nil {
		never = false // a recovered panic returns
	}
	e.endless[fn] = never
	return never
}

// callEnds reports whether a call never returns.
func (e *engine) callEnds(call *ssa.Call) bool {
	c := call.Common()
	if c.IsInvoke() {
		row := e.table.Func(c.Method)
		return row != nil && row.NoReturn
	}
	f := c.StaticCallee()
	if f == nil {
		return false
	}
	if o := f.Origin(); o != nil {
		f = o
	}
	if obj, ok := f.Object().(*types.Func); ok {
		if row := e.table.Func(obj); row != nil {
			return row.NoReturn
		}
		if !e.hasBody(f) {
			fact, _ := e.fact(obj)
			return fact != nil && fact.NoReturn
		}
	}
	return e.hasBody(f) && e.noReturn(f)
}

// reachesSite returns the blocks of a function from which a site is reached,
// or a func literal that contains it.
func (e *engine) reachesSite(s *site, fn *ssa.Function) []bool {
	key := reachKey{fn, s.instr}
	if r, ok := e.reach[key]; ok {
		return r
	}
	targets := map[*ssa.BasicBlock]bool{}
	if s.fn == fn {
		targets[s.instr.Block()] = true
	} else {
		for _, b := range fn.Blocks {
			targets[b] = true
		}
	}
	r := ssaflow.CanReach(fn, targets)
	e.reach[key] = r
	return r
}
