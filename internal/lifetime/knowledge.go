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

// Knowledge is what rows, facts, types and single functions tell without a
// search.
type knowledge struct {
	prog  *program.Program
	pass  *analysis.Pass
	pkg   *ssa.Package
	table *redisapi.Table

	facts   memo[*types.Func, factOf]
	endless memo[*ssa.Function, bool] // whether it never returns
	effects memo[*ssa.Function, bool] // whether it has none: see pure.go
	holders memo[types.Type, bool]    // see relevance.go
	models  memo[*types.Func, *types.Func]
	fresh   memo[*ssa.Function, []int] // see fresh.go
	same    memo[*ssa.Function, []Same]
	flags   memo[types.Type, []heap.Path]
	asked   map[*types.Var]bool // fields that are flags

	insists memo[*ssa.Function, []int] // errors that are nil whenever it returns: see insist.go
}

type factOf struct {
	fact     *FuncFact
	analysed bool
}

// hasBody reports whether a function's body can be searched here.
func (kn *knowledge) hasBody(fn *ssa.Function) bool { return kn.prog.HasBody(fn) }

// method returns the function that a method call on a concrete type runs.
func (kn *knowledge) method(t types.Type, m *types.Func) *ssa.Function {
	if types.IsInterface(t) {
		return nil
	}
	sel := kn.pkg.Prog.MethodSets.MethodSet(t).Lookup(m.Pkg(), m.Name())
	if sel == nil || ssaflow.IsGeneric(t) {
		return nil
	}
	return kn.pkg.Prog.MethodValue(sel)
}

// fact returns what is known of a function of another package, and whether
// that package was analysed at all.
func (kn *knowledge) fact(fn *types.Func) (*FuncFact, bool) {
	if fn == nil || fn.Pkg() == nil {
		return nil, false
	}
	fn = fn.Origin()
	f := kn.facts.of(fn, func() (f factOf) {
		if fn.Pkg() != kn.pass.Pkg {
			f.analysed = kn.prog.Analysed(fn.Pkg())
			if fact := new(FuncFact); kn.pass.ImportObjectFact(fn, fact) {
				f.fact = fact
			}
		}
		return f
	})
	return f.fact, f.analysed
}

// noReturn reports whether a function of this package never returns.
func (kn *knowledge) noReturn(fn *ssa.Function) bool {
	// A recursive call returns if another path does.
	return kn.endless.meanwhile(fn, true, func() bool { return kn.noReturnNew(fn) })
}

func (kn *knowledge) noReturnNew(fn *ssa.Function) bool {
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
				ends = ends || kn.callEnds(instr)
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
	return never
}

// callEnds reports whether a call never returns.
func (kn *knowledge) callEnds(call *ssa.Call) bool {
	c := call.Common()
	if c.IsInvoke() {
		row := kn.table.Func(c.Method)
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
		if row := kn.table.Func(obj); row != nil {
			return row.NoReturn
		}
		if !kn.hasBody(f) {
			fact, _ := kn.fact(obj)
			return fact != nil && fact.NoReturn
		}
	}
	return kn.hasBody(f) && kn.noReturn(f)
}

// releaseOf returns the releasing methods of a library's resource type.
func (kn *knowledge) releaseOf(t types.Type) []string {
	n := ssaflow.Named(t)
	if n == nil {
		return nil
	}
	k := kn.table.Type(n.Obj())
	if k == nil {
		return nil
	}
	return k.Release
}
