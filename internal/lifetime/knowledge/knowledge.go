// Package knowledge has what rows, facts, types and single functions tell of a
// package, its functions and its types without a search.
package knowledge

import (
	"go/types"

	"github.com/redislint/redislint/internal/lifetime/facts"
	"github.com/redislint/redislint/internal/lifetime/heap"
	"github.com/redislint/redislint/internal/memo"
	"github.com/redislint/redislint/internal/program"
	"github.com/redislint/redislint/internal/redisapi"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"
)

// A Base is what is known of one package without a search. What was asked once is
// remembered.
type Base struct {
	prog  *program.Program
	pass  *analysis.Pass
	pkg   *ssa.Package
	Table *redisapi.Table

	facts   memo.Memo[*types.Func, factOf]
	endless memo.Memo[*ssa.Function, bool] // whether it never returns
	effects memo.Memo[*ssa.Function, bool] // whether it has none
	holders memo.Memo[types.Type, bool]    // whether they can lead to a resource
	models  memo.Memo[*types.Func, *types.Func]
	fresh   memo.Memo[*ssa.Function, []int] // results that are new objects
	boxed   memo.Memo[*ssa.Function, boxed] // the result that is one, in an interface
	same    memo.Memo[*ssa.Function, []facts.Same]
	flags   memo.Memo[types.Type, []heap.Path]
	asked   map[*types.Var]bool // fields that are flags
	fetched fetched

	askedFor memo.Memo[*ssa.Package, []string] // methods that could release something

	quietly memo.Memo[quietKey, bool]
	insists memo.Memo[*ssa.Function, []int] // errors that are nil whenever it returns
}

// New returns what is known of a package.
func New(pass *analysis.Pass, prog *program.Program) *Base {
	return &Base{prog: prog, pass: pass, pkg: prog.Pkg, Table: prog.Table}
}

// Fact returns what is known of a function of another package, and whether
// that package was analysed at all.
func (kn *Base) Fact(fn *types.Func) (*facts.FuncFact, bool) {
	if fn == nil || fn.Pkg() == nil {
		return nil, false
	}
	fn = fn.Origin()
	f := kn.facts.Of(fn, func() (f factOf) {
		if fn.Pkg() != kn.pass.Pkg {
			f.analysed = kn.prog.Analysed(fn.Pkg())
			if fact := new(facts.FuncFact); kn.pass.ImportObjectFact(fn, fact) {
				f.fact = fact
			}
		}
		return f
	})
	return f.fact, f.analysed
}

// HasBody reports whether a function's body can be searched here.
func (kn *Base) HasBody(fn *ssa.Function) bool { return kn.prog.HasBody(fn) }

// Method returns the function that a method call on a concrete type runs.
func (kn *Base) Method(t types.Type, m *types.Func) *ssa.Function {
	if types.IsInterface(t) {
		return nil
	}
	sel := kn.pkg.Prog.MethodSets.MethodSet(t).Lookup(m.Pkg(), m.Name())
	if sel == nil || ssaflow.IsGeneric(t) {
		return nil
	}
	return kn.pkg.Prog.MethodValue(sel)
}

// ReleaseOf returns the releasing methods of a library's resource type.
func (kn *Base) ReleaseOf(t types.Type) []string {
	n := ssaflow.Named(t)
	if n == nil {
		return nil
	}
	k := kn.Table.Type(n.Obj())
	if k == nil {
		return nil
	}
	return k.Release
}

type factOf struct {
	fact     *facts.FuncFact
	analysed bool
}

// A quietKey is a function, and what it opens.
type quietKey struct {
	fn      *ssa.Function
	opening ssa.Instruction
}
