// Package loops finds out which resources each turn of a loop opens anew, and
// whether what opens them is always the same.
package loops

import (
	"go/ast"
	"go/constant"
	"go/token"
	"reflect"

	"github.com/redislint/redislint/internal/lifetime"
	"github.com/redislint/redislint/internal/program"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"
)

// Analyzer finds what loops open in a package. Its result is a *Result.
var Analyzer = &analysis.Analyzer{
	Name:       "loops",
	Doc:        "loops: find out which Redis resources each turn of a loop opens anew",
	Requires:   []*analysis.Analyzer{program.Analyzer, lifetime.Analyzer},
	Run:        run,
	ResultType: reflect.TypeFor[*Result](),
}

// Result answers for one package. Several may ask it at the same time.
type Result struct {
	prog  *program.Program
	lives *lifetime.Result
}

func run(pass *analysis.Pass) (any, error) {
	return &Result{pass.ResultOf[program.Analyzer].(*program.Program), pass.ResultOf[lifetime.Analyzer].(*lifetime.Result)}, nil
}

// A Looped is a resource that each turn of a loop opens anew.
type Looped struct {
	*lifetime.Resource
	Same  bool           // all turns open the same, so that one would do
	Task  bool           // in a goroutine of each turn, so that they are open at the same time
	Defer *ast.DeferStmt // it is released by this statement of the loop, when the function ends
}

// Looped returns the resources that a loop opens in each turn and does not
// keep, in source order. A loop that comes round only because something has
// failed is no such loop.
func (r *Result) Looped() (list []Looped) {
	for _, res := range r.lives.Resources {
		site, ok := res.Site()
		if !ok || r.prog.InTest(res.Instr.Pos()) {
			continue
		}
		if l := r.looped(res, site); l.Same || l.Defer != nil {
			list = append(list, l)
		}
	}
	return list
}

// looped judges one resource.
func (r *Result) looped(res *lifetime.Resource, site lifetime.Site) Looped {
	l := Looped{Resource: res}
	at, root := res.Instr, res.Func
	for !inLoop(at) {
		// A function literal that a loop of the function around it calls.
		call := ssaflow.CalledAt(root)
		if call == nil {
			l.Same = r.perTask(res, site)
			l.Task = l.Same
			return l
		}
		at, root = call, call.Parent()
	}
	again, deferred := r.lives.Reacquired(site, root)
	for _, d := range deferred {
		if l.Defer == nil {
			l.Defer = r.prog.Source().Defer(d.Pos())
		}
	}
	if !again || !res.Heavy() || !r.comesRound(at.Block()) {
		return l
	}
	v := &variation{in: r, inside: ssaflow.LoopAround(at.Block()), seen: map[ssa.Value]bool{}}
	l.Same = !v.leavesWith(at.(ssa.Value), res.Release) && !v.waits() && !v.opening(res.Instr)
	return l
}

// inLoop reports whether an instruction can run again within a run of its function.
func inLoop(at ssa.Instruction) bool {
	return ssaflow.Loops(at.Parent())[at.Block().Index] || ssaflow.IsLoopBody(at.Parent())
}

// comesRound reports whether a loop comes back to a block although nothing has
// failed. Otherwise it is there to try again.
func (r *Result) comesRound(b *ssa.BasicBlock) bool {
	seen := map[*ssa.BasicBlock]bool{}
	work := r.succeeding(b)
	if continues(b) {
		return true
	}
	for len(work) > 0 {
		x := work[len(work)-1]
		work = work[:len(work)-1]
		if x == b || continues(x) {
			return true
		}
		if !seen[x] {
			seen[x] = true
			work = append(work, r.succeeding(x)...)
		}
	}
	return false
}

// succeeding returns the blocks that follow a block if nothing has failed.
func (r *Result) succeeding(b *ssa.BasicBlock) []*ssa.BasicBlock {
	ifs, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
	if !ok {
		return append([]*ssa.BasicBlock(nil), b.Succs...)
	}
	switch cond := ifs.Cond.(type) {
	case *ssa.BinOp:
		if ssaflow.IsError(cond.X.Type()) && ssaflow.IsNil(cond.Y) || ssaflow.IsError(cond.Y.Type()) && ssaflow.IsNil(cond.X) {
			switch cond.Op {
			case token.NEQ:
				return []*ssa.BasicBlock{b.Succs[1]}
			case token.EQL:
				return []*ssa.BasicBlock{b.Succs[0]}
			}
		}
	case *ssa.Call:
		if obj := ssaflow.Callee(&cond.Call); obj != nil {
			if row := r.prog.Table.Func(obj); row != nil && row.Refutes {
				return []*ssa.BasicBlock{b.Succs[1]}
			}
		}
	}
	return append([]*ssa.BasicBlock(nil), b.Succs...)
}

// continues reports whether a block ends an iteration of a range over a
// function, and asks for the next one.
func continues(b *ssa.BasicBlock) bool {
	ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
	if !ok || !ssaflow.IsLoopBody(b.Parent()) || len(ret.Results) != 1 {
		return false
	}
	c, ok := ret.Results[0].(*ssa.Const)
	return ok && c.Value != nil && constant.BoolVal(c.Value)
}
