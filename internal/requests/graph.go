package requests

import (
	"go/ast"
	"slices"

	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// A callEdge is a call of a function of the package by another, or a literal
// within it.
type callEdge struct {
	to    *ssa.Function
	async bool
}

// A callGraph says who runs the functions of a package, as far as it shows.
type callGraph struct {
	from    map[*ssa.Function][]callEdge
	callers map[*ssa.Function][]*ssa.Function
	unknown map[*ssa.Function]bool // somebody else may run it
}

// callGraph makes the graph. Test files are left out: a test runs a function
// to see what it does.
func (r *Result) callGraph() *callGraph {
	g := &callGraph{map[*ssa.Function][]callEdge{}, map[*ssa.Function][]*ssa.Function{}, map[*ssa.Function]bool{}}
	edge := func(from, to *ssa.Function, async bool) {
		g.from[from] = append(g.from[from], callEdge{to, async})
		g.callers[to] = append(g.callers[to], from)
	}
	var ops []*ssa.Value
	for _, fn := range r.prog.Funcs {
		if r.prog.InTest(fn.Pos()) {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				call, isCall := instr.(ssa.CallInstruction)
				if isCall {
					if to := ssaflow.FuncOf(call.Common().Value); to != nil {
						_, async := instr.(*ssa.Go)
						edge(fn, to, async)
					}
				}
				ops = instr.Operands(ops[:0])
				for _, op := range ops {
					f, ok := (*op).(*ssa.Function)
					if !ok || isCall && op == &call.Common().Value {
						continue
					}
					to := ssaflow.FuncOf(f)
					switch {
					case to == nil:
					case to.Parent() == nil || r.runsOnce(instr):
						g.unknown[to] = true
					default:
						edge(fn, to, startedBy(instr)) // a literal runs when its function does
					}
				}
			}
		}
	}
	return g
}

// only returns the functions that nobody but request handlers, and such
// functions in turn, is seen to run.
func (g *callGraph) only(funcs []*ssa.Function, handlers map[*ssa.Function]*Request) map[*ssa.Function]bool {
	only := map[*ssa.Function]bool{}
	for _, fn := range funcs {
		only[fn] = len(g.callers[fn]) > 0 && !g.unknown[fn] && !visible(fn)
	}
	for again := true; again; {
		again = false
		for _, fn := range funcs {
			if only[fn] && slices.ContainsFunc(g.callers[fn], func(c *ssa.Function) bool { return !only[c] && handlers[c] == nil }) {
				only[fn], again = false, true
			}
		}
	}
	return only
}

// visible reports whether code that is not seen can run a function by its name:
// other packages, or a library that knows it as a method.
func visible(fn *ssa.Function) bool {
	if fn.Parent() != nil || !ast.IsExported(fn.Name()) {
		return false
	}
	return fn.Signature.Recv() != nil || fn.Pkg == nil || fn.Pkg.Pkg.Name() != "main"
}

// runsOnce reports whether an instruction hands a func, or makes one that is
// handed, to a function that runs it once for all requests.
func (r *Result) runsOnce(instr ssa.Instruction) bool {
	if call, ok := instr.(ssa.CallInstruction); ok {
		obj := ssaflow.Callee(call.Common())
		if obj == nil {
			return false
		}
		row := r.prog.Table.Func(obj)
		return row != nil && row.Once
	}
	if v, ok := instr.(*ssa.MakeClosure); ok {
		return slices.ContainsFunc(*v.Referrers(), func(ref ssa.Instruction) bool {
			_, ok := ref.(ssa.CallInstruction)
			return ok && r.runsOnce(ref)
		})
	}
	return false
}

// startedBy reports whether an instruction starts a func as a goroutine, or
// makes one that is.
func startedBy(instr ssa.Instruction) bool {
	if _, ok := instr.(*ssa.Go); ok {
		return true
	}
	v, ok := instr.(*ssa.MakeClosure)
	return ok && slices.ContainsFunc(*v.Referrers(), func(ref ssa.Instruction) bool {
		g, ok := ref.(*ssa.Go)
		return ok && g.Call.Value == v
	})
}
