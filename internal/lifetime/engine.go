package lifetime

import (
	"go/types"

	"github.com/redislint/redislint/internal/lifetime/heap"
	"github.com/redislint/redislint/internal/program"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"
)

// An engine answers for one package who owns its resources. What it knows
// without a search, how its functions are built, and the three questions that
// searches ask of each other each have a type of their own.
type engine struct {
	prog  *program.Program
	pass  *analysis.Pass
	pkg   *ssa.Package
	funcs []*ssa.Function // all with a body, literals included, in source order
	pool  *heap.Pool

	know      knowledge
	names     names
	graphs    graphs
	openings  openings
	summaries summaries
	owners    owners
	verdicts  memo[verdictKey, *verdict]
	questions memo[*ssa.Function, *questions] // what can decide on the paths of each
	quietly   memo[reachKey, bool]            // see early.go

	steps    int // of all searches
	depth    int // of openings and summaries that others wait for
	recursed bool
	silences map[Reason]int

	lending bool    // func values give back what they are passed: see scope.go
	lent    *memory // what was found out under that assumption
}

// Names are how values and conditions are called in the user's own words.
type names struct {
	prog  *program.Program
	conds *condIndex
}

// Openings are the engine asked what a call hands to its caller.
type openings struct {
	*engine
	known  memo[*ssa.Function, []Open]
	makes  memo[makesKey, []Open]
	making map[*ssa.CallCommon][]Open // calls of func parameters that are taken to open: see through.go
}

// Summaries are the engine asked what a function does to what it is given.
type summaries struct {
	*engine
	known map[summaryKey]*summary
}

// Owners are the engine asked which types release what they hold.
type owners struct {
	*engine
	unreleased  map[string]bool        // fields whose resource nothing can release: see owner.go
	unreleasing map[string]bool        // those that are being looked at
	asking      map[*ssa.Function]bool // whose callers are looked at
	fetched     map[string]bool        // methods called on what was kept under a key: see attach.go
}

// A site is a place where a resource is acquired.
type site struct {
	instr ssa.Instruction
	fn    *ssa.Function
	open  Open
	dyn   types.Type // the concrete type of what a call returns, if certain
}

func newEngine(pass *analysis.Pass, prog *program.Program) *engine {
	e := &engine{prog: prog, pass: pass, pkg: prog.Pkg, funcs: prog.Funcs, pool: heap.NewPool(), silences: map[Reason]int{}}
	e.know = knowledge{prog: prog, pass: pass, pkg: prog.Pkg, table: prog.Table}
	e.names = names{prog: prog, conds: newCondIndex(pass.TypesInfo)}
	e.openings = openings{engine: e, making: map[*ssa.CallCommon][]Open{}}
	e.summaries = summaries{engine: e, known: map[summaryKey]*summary{}}
	e.owners = owners{engine: e, unreleased: map[string]bool{}, unreleasing: map[string]bool{}, asking: map[*ssa.Function]bool{}}
	return e
}

func (e *engine) count(r Reason) { e.silences[r]++ }
