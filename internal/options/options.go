// Package options finds out with which settings Redis clients are opened. It
// states facts and never reports: the rules ask it.
//
// Options are followed from where they are made to the call that opens
// something with them: built in a literal or in steps, copied, given by a URL
// that is a constant, set on some paths only, made or changed by helpers in
// this package and in others. What a setting may be at that call is read
// backwards over all paths (read.go), through calls (call.go) that are known
// from their bodies or by facts (facts.go). What comes from configuration, or
// from where the engine does not look, may be anything.
package options

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"time"

	"github.com/redislint/redislint/internal/program"
	"github.com/redislint/redislint/internal/redisapi"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"
)

// Analyzer finds the options of clients. Its result is a *Result.
var Analyzer = &analysis.Analyzer{
	Name:       "options",
	Doc:        "options: find out with which settings Redis clients are opened",
	Requires:   []*analysis.Analyzer{program.Analyzer},
	Run:        run,
	ResultType: reflect.TypeFor[*Result](),
	FactTypes:  []analysis.Fact{&FuncFact{}, &Analysed{}},
}

// Result is what is known of the options in one package.
type Result struct {
	Sets []*Set // in source order
}

// A Set is the settings with which a client is opened.
type Set struct {
	Pos, End token.Pos // the literal that makes the options, or else the call that is given them
	Subject  string    // the type of the options, or the function that is called, as the code names it
	Settings []Setting // that this version of the library has
	Deadline *Ignored  // a command on the client that is given a deadline, or nil

	engine *engine
	call   *ast.CallExpr     // the call that is given the options
	lit    *ast.CompositeLit // the literal that makes them, or nil
	arg    ast.Expr          // the argument that they are, or nil
	others map[string]values // what the settings depend on

	openings []ssa.Instruction // the calls that open something with them
}

// A Setting is one of a set: what is known of it, and what it may be.
type Setting struct {
	redisapi.Setting
	Values []Value // not empty
	Known  bool    // it cannot be anything else
	Stands bool    // what the row says of its default is so
}

// An Ignored is a deadline that the client does not see.
type Ignored struct {
	Pos  token.Pos     // the command
	Wait time.Duration // when it is
}

func run(pass *analysis.Pass) (any, error) {
	prog := pass.ResultOf[program.Analyzer].(*program.Program)
	r := &Result{}
	if !prog.Relevant() {
		return r, nil
	}
	pass = program.WithoutLibraries(pass, prog.Table)
	e := &engine{
		prog: prog, pass: pass, table: prog.Table, pkg: prog.Pkg, funcs: prog.Funcs, src: newSource(pass, prog.Source()),
		joining: map[*ssa.Phi]bool{}, entered: map[*ssa.Function]bool{}, calling: map[*ssa.Function]ssa.CallInstruction{}, brought: map[*ssa.Parameter][]*sink{},
	}
	e.find()
	r.Sets = e.sets()
	e.deadlines(r.Sets)
	if prog.Awaited() {
		e.exportFacts()
	}
	return r, nil
}

// engine follows the options of one package.
type engine struct {
	prog  *program.Program
	pass  *analysis.Pass
	table *redisapi.Table
	pkg   *ssa.Package
	funcs []*ssa.Function
	src   *source

	steps   int                                   // that may still be taken for the value at hand
	joining map[*ssa.Phi]bool                     // being read, so that a loop ends
	entered map[*ssa.Function]bool                // being read, so that recursion ends
	calling map[*ssa.Function]ssa.CallInstruction // the call for which a function is being read
	globals map[*ssa.Global][]ssa.Instruction
	callers map[*ssa.Function][]ssa.CallInstruction
	open    map[*ssa.Function]bool // called from elsewhere too
	sinks   []*sink
	clients map[ssa.Instruction]*Set // by the call that opens them, of which deadlines matter
	fields  map[*types.Var][]ssa.Value
	brought map[*ssa.Parameter][]*sink // whose options a parameter brings
}

// typeName is the named type that t is, points to or lists.
func typeName(t types.Type) *types.TypeName {
	for {
		switch x := types.Unalias(t).(type) {
		case *types.Pointer:
			t = x.Elem()
		case *types.Slice:
			t = x.Elem()
		case *types.Named:
			return x.Obj()
		default:
			return nil
		}
	}
}
