package lifetime

import (
	"go/types"

	"github.com/redislint/redislint/internal/lifetime/eval"
	"github.com/redislint/redislint/internal/lifetime/facts"
	"github.com/redislint/redislint/internal/lifetime/heap"
	"github.com/redislint/redislint/internal/lifetime/knowledge"
	"github.com/redislint/redislint/internal/lifetime/relevance"
	"github.com/redislint/redislint/internal/memo"
	"github.com/redislint/redislint/internal/program"
	"github.com/redislint/redislint/internal/ssaflow"
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

	know      *knowledge.Base
	names     names
	graphs    *ssaflow.Graphs
	openings  openings
	summaries summaries
	owners    owners
	verdicts  memo.Memo[verdictKey, *verdict]
	questions memo.Memo[*ssa.Function, *relevance.Questions] // what can decide on the paths of each

	steps    int // of all searches
	depth    int // of openings and summaries that others wait for
	recursed bool
	silences map[facts.Reason]int

	lending bool    // func values give back what they are passed: see scope.go
	lent    *memory // what was found out under that assumption
}

// Names are how values and conditions are called in the user's own words.
type names struct {
	prog  *program.Program
	conds *program.Conditions
}

// Openings are the engine asked what a call hands to its caller.
type openings struct {
	*engine
	known  memo.Memo[*ssa.Function, []facts.Open]
	makes  memo.Memo[makesKey, []facts.Open]
	making map[*ssa.CallCommon][]facts.Open // calls of func parameters that are taken to open: see through.go

	busy    map[*ssa.Function]int // those that are being looked at, and how many were before
	oldest  int                   // of those that were asked meanwhile
	guessed []*ssa.Function       // those whose answer depends on that
}

// Summaries are the engine asked what a function does to what it is given.
type summaries struct {
	*engine
	known map[summaryKey]*summary
}

// Owners are the engine asked which types release what they hold.
type owners struct {
	*engine
	unreleased  map[string]left        // what becomes of what fields hold: see owner.go
	unreleasing map[string]bool        // those that are being looked at
	asking      map[*ssa.Function]bool // whose callers are looked at
}

// A site is a place where a resource is acquired.
type site struct {
	instr ssa.Instruction
	fn    *ssa.Function
	open  facts.Open
	dyn   types.Type // the concrete type of what a call returns, if certain
}

func newEngine(pass *analysis.Pass, prog *program.Program) *engine {
	e := &engine{prog: prog, pass: pass, pkg: prog.Pkg, funcs: prog.Funcs, pool: heap.NewPool(), silences: map[facts.Reason]int{}}
	e.know, e.graphs = knowledge.New(pass, prog), &ssaflow.Graphs{}
	e.names = names{prog: prog, conds: program.NewConditions(pass.TypesInfo)}
	e.openings = openings{engine: e, making: map[*ssa.CallCommon][]facts.Open{}, busy: map[*ssa.Function]int{}}
	e.summaries = summaries{engine: e, known: map[summaryKey]*summary{}}
	e.owners = owners{engine: e, unreleased: map[string]left{}, unreleasing: map[string]bool{}, asking: map[*ssa.Function]bool{}}
	return e
}

// questionsOf returns what a function asks.
func (e *engine) questionsOf(fn *ssa.Function) *relevance.Questions {
	return e.questions.Of(fn, func() *relevance.Questions { return relevance.Of(fn, e.know, e.graphs, e.pool) })
}

// evaluator returns one that knows no path yet.
func (e *engine) evaluator() eval.Evaluator { return eval.New(e.know, e.graphs, e.pool) }

func (e *engine) count(r facts.Reason) { e.silences[r]++ }

// A summaryKey says what is asked: what becomes of a resource that comes in
// under a shape of a parameter.
type summaryKey struct {
	fn         *ssa.Function
	param      int
	shape, via string
	consts     string // what the call sets other parameters to
	types      string // those behind interfaces, where they are certain
}

// A summary of what a call does to a resource it is given.
type summary struct {
	outcomes []facts.Outcome
	running  bool // being computed
	depth    int  // of the computation, while it runs
}

type makesKey struct {
	fn            *ssa.Function
	param, result int
	release       string
}

type verdictKey struct {
	instr ssa.Instruction
	root  *ssa.Function
	at    string
}

// A memory holds what was found out under one assumption about func values.
type memory struct {
	summaries map[summaryKey]*summary
	verdicts  memo.Memo[verdictKey, *verdict]
}
