package holders

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/redislint/redislint/internal/lifetime"
	"github.com/redislint/redislint/internal/lifetime/facts"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// An Unreleased is a package-level variable with a client that nothing can ever
// release: the package opens it, nobody else can get at it, and the package
// neither releases it nor hands it on.
type Unreleased struct {
	Var  *types.Var
	What string    // what opens it: "redis.NewClient"
	Open token.Pos // where
	Verb string    // what should be done to it: "closed"
}

// Unreleased returns the package-level variables whose client is never released,
// in source order. Whatever is done to the variable besides using its client,
// by a test as well, is a reason for silence.
func (r *Result) Unreleased() []Unreleased {
	if !r.prog.Relevant() || r.prog.Pkg.Pkg.Name() == "main" && !r.serves() {
		return nil // a program that runs and ends closes everything
	}
	var list []Unreleased
	for _, h := range r.holders() {
		release := r.lives.ReleaseOf(h.Var.Type())
		g, _ := r.prog.Pkg.Members[h.Var.Name()].(*ssa.Global)
		if g == nil || len(release) == 0 || ast.IsExported(h.Var.Name()) && r.prog.Pkg.Pkg.Name() != "main" {
			continue
		}
		if f, ok := r.unreleased(g, release); ok {
			f.Var = h.Var
			list = append(list, f)
		}
	}
	return list
}

// serves reports whether the package answers requests.
func (r *Result) serves() bool {
	for _, fn := range r.prog.Funcs {
		if r.requests.Of(fn) != nil {
			return true
		}
	}
	return false
}

// unreleased judges one variable.
func (r *Result) unreleased(g *ssa.Global, release []string) (f Unreleased, ok bool) {
	var ops []*ssa.Value
	for _, fn := range r.prog.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				ops = instr.Operands(ops[:0])
				for _, op := range ops {
					if *op != ssa.Value(g) {
						continue
					}
					switch instr := instr.(type) {
					case *ssa.Store:
						call, open := r.openedInto(instr.Val, release)
						if call == nil {
							if ssaflow.IsNil(instr.Val) {
								continue
							}
							return f, false // what it holds may be somebody else's
						}
						if f.What == "" {
							if open.Cleanup >= 0 {
								return f, false // a func releases it
							}
							res := lifetime.Resource{Release: open.Release}
							f = Unreleased{What: open.What, Open: call.Pos(), Verb: res.Verb()}
						}
					case *ssa.UnOp:
						o := facts.Open{Release: release, Kind: string(r.prog.Table.Type(ssaflow.Named(instr.Type()).Obj()).Kind)}
						if !r.lives.OnlyUsed(instr, o) {
							return f, false
						}
					case *ssa.DebugRef:
					default:
						return f, false // its address is kept
					}
				}
			}
		}
	}
	return f, f.What != ""
}

// openedInto returns the call or literal that opens what is stored, if nothing
// else can be.
func (r *Result) openedInto(v ssa.Value, release []string) (ssa.Value, facts.Open) {
	index := 0
	for {
		switch x := ssaflow.Bare(v).(type) {
		case *ssa.Extract:
			v, index = x.Tuple, x.Index
			continue
		case *ssa.Alloc:
			for _, o := range r.lives.Opened(x) {
				if overlap(o.Release, release) {
					return x, o
				}
			}
		case *ssa.Call:
			for _, o := range r.lives.Opened(x) {
				if !o.At.Param && !o.At.Func && o.At.Index == index && o.At.Shape == "" && overlap(o.Release, release) {
					return x, o
				}
			}
		}
		return nil, facts.Open{}
	}
}

func overlap(a, b []string) bool {
	for _, s := range a {
		if slices.Contains(b, s) {
			return true
		}
	}
	return false
}
