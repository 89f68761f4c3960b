package scope

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/redislint/redislint/internal/redisapi"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// A Borrowing is a call by which a function that works with a shared client for
// a moment closes it for everybody else.
type Borrowing struct {
	Call   *ast.CallExpr
	Client string // as the code names it
	Func   string // the function that is called again and again, or "" for a literal
	Verb   string // what is done to the client: "closed"
}

// Borrowed returns such calls, in source order. Only what is certain counts: the
// client is in a package-level variable, in a field of the receiver that other
// functions use too, or what a function that shares one returns; the function
// uses it itself, opens no other, and is called more than once.
func (r *Result) Borrowed() []Borrowing {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.origins == nil {
		return nil
	}
	o := r.origins
	var list []Borrowing
	for _, fn := range o.g.prog.Funcs {
		root := fn
		for root.Parent() != nil {
			root = root.Parent()
		}
		if o.g.prog.InTest(fn.Pos()) {
			continue
		}
		if fn != root {
			if d := deferOf(fn); d == nil || fn.Parent() != root || !succeeds(d.Block()) {
				continue
			}
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				call, ok := instr.(ssa.CallInstruction)
				if _, async := instr.(*ssa.Go); !ok || async || !succeeds(b) {
					continue
				}
				for i, a := range ssaflow.Args(call.Common()) {
					if !o.borrowed(root, a) || !o.g.lives.Releases(call, i) {
						continue
					}
					if c := r.source.Call(call.Common().Pos()); c != nil {
						list = append(list, o.borrowing(root, c, i, call.Common()))
					}
				}
			}
		}
	}
	slices.SortFunc(list, func(a, b Borrowing) int { return cmp.Compare(a.Call.Lparen, b.Call.Lparen) })
	return list
}

func (o *origins) borrowing(root *ssa.Function, c *ast.CallExpr, i int, common *ssa.CallCommon) Borrowing {
	b := Borrowing{Call: c, Client: closing(c, i, common).Client, Func: root.Name(), Verb: "closed"}
	if b.Client == "" {
		b.Client = "the client"
	}
	if obj := ssaflow.Callee(common); obj != nil && strings.HasPrefix(obj.Name(), "S") {
		b.Verb = "stopped" // Stop and Shutdown
	}
	return b
}

// deferOf returns the statement that defers a literal, or nil.
func deferOf(fn *ssa.Function) *ssa.Defer {
	for _, b := range fn.Parent().Blocks {
		for _, instr := range b.Instrs {
			if d, ok := instr.(*ssa.Defer); ok && ssaflow.FuncOf(d.Call.Value) == fn {
				return d
			}
		}
	}
	return nil
}

// borrowed reports whether a value is a client that is certainly somebody else's
// in a function, which uses it for a moment.
func (o *origins) borrowed(root *ssa.Function, v ssa.Value) bool {
	if !o.heavy(v.Type()) || root.Name() == "init" {
		return false
	}
	place, at := o.place(v)
	if place == nil {
		return false
	}
	if _, field := place.(*types.Var); field {
		if _, own := at.(*ssa.Parameter); !own && !isGlobal(at) {
			return false
		}
	}
	if o.endsThings(root) || !o.again(root, 0) || o.writes(root, place, map[*ssa.Function]bool{}) {
		return false
	}
	here, elsewhere := o.usersOf(place, root)
	if _, field := place.(*types.Var); field && !elsewhere {
		return false // an object may be there for one call
	}
	return here
}

func isGlobal(v ssa.Value) bool {
	_, ok := v.(*ssa.Global)
	return ok
}

// heavy reports whether a value of a type is a client or a pool, which is there
// to be shared.
func (o *origins) heavy(t types.Type) bool {
	n := ssaflow.Named(t)
	if n == nil {
		return false
	}
	typ := o.g.table.Type(n.Obj())
	if typ == nil || len(typ.Release) == 0 {
		return false
	}
	switch typ.Kind {
	case redisapi.Client, redisapi.Cluster, redisapi.Ring, redisapi.Sentinel, redisapi.Pool, redisapi.Worker, redisapi.Store:
		return true
	}
	return false
}

// place returns where a shared client is read from: a package-level variable, a
// field, or the function that returns it; and the object whose field it is.
func (o *origins) place(v ssa.Value) (place any, at ssa.Value) {
	for range maxContexts {
		if v = ssaflow.Bare(v); v == nil {
			return nil, nil
		}
		switch x := v.(type) {
		case *ssa.UnOp:
			switch a := x.X.(type) {
			case *ssa.Global:
				return a, a
			case *ssa.FieldAddr:
				if o.g.ofLibrary(a.X.Type()) {
					v = a.X // a method that a client has from what is embedded in it
					continue
				}
				return ssaflow.Field(a.X.Type(), a.Field), objectOf(a.X)
			}
		case *ssa.FieldAddr:
			if !o.g.ofLibrary(x.X.Type()) {
				return nil, nil
			}
			v = x.X
			continue
		case *ssa.Field:
			return ssaflow.Field(x.X.Type(), x.Field), objectOf(x.X)
		case *ssa.TypeAssert:
			v = x.X
			continue
		case *ssa.Extract:
			if assert, ok := x.Tuple.(*ssa.TypeAssert); ok && x.Index == 0 {
				v = assert.X
				continue
			}
			return nil, nil
		case *ssa.Call:
			if f := ssaflow.Static(&x.Call); f != nil && len(o.g.lives.Opened(x)) == 0 && o.returnsShared(f) {
				return f, nil
			}
			return nil, nil
		}
		w := only(v)
		if w == nil || w == v {
			return nil, nil
		}
		v = w
	}
	return nil, nil
}

// returnsShared reports whether a function returns a client that it has from a
// package-level variable, and does not open another once that was closed.
func (o *origins) returnsShared(fn *ssa.Function) bool {
	if !o.g.prog.HasBody(fn) {
		obj, ok := fn.Object().(*types.Func)
		fact := new(FuncFact)
		if !ok || o.g.table.Func(obj) != nil || !o.g.pass.ImportObjectFact(obj.Origin(), fact) {
			return false
		}
		return slices.ContainsFunc(fact.Results, func(l Lent) bool { return l.Result == 0 && l.Outside && len(l.Params) == 0 })
	}
	for _, b := range fn.Blocks {
		switch last := b.Instrs[len(b.Instrs)-1].(type) {
		case *ssa.If:
			c, ok := last.Cond.(*ssa.BinOp)
			if !ok || !ssaflow.IsNil(c.X) && !ssaflow.IsNil(c.Y) {
				return false
			}
		case *ssa.Return:
			if len(last.Results) != 1 {
				return false
			}
			load, ok := ssaflow.Bare(last.Results[0]).(*ssa.UnOp)
			if !ok || !isGlobal(load.X) {
				return false
			}
		}
	}
	return true
}

// objectOf is what an address was selected from, as far as it leads.
func objectOf(v ssa.Value) ssa.Value {
	for range maxContexts {
		switch x := v.(type) {
		case *ssa.FieldAddr:
			v = x.X
		case *ssa.UnOp:
			v = x.X
		case *ssa.FreeVar:
			if w := ssaflow.Binding(x); w != nil {
				v = w
				continue
			}
			return v
		case *ssa.Alloc:
			if w := ssaflow.StoredOnce(x); w != nil {
				v = w
				continue
			}
			return v
		default:
			return v
		}
	}
	return v
}

// writes reports whether a function, one that it calls, or a literal in it puts
// something else into a place.
func (o *origins) writes(fn *ssa.Function, place any, seen map[*ssa.Function]bool) bool {
	if seen[fn] {
		return false
	}
	seen[fn] = true
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			st, ok := instr.(*ssa.Store)
			if !ok {
				continue
			}
			switch addr := st.Addr.(type) {
			case *ssa.Global:
				if place == any(addr) {
					return true
				}
			case *ssa.FieldAddr:
				if _, fresh := ssaflow.Root(addr).(*ssa.Alloc); !fresh && place == any(ssaflow.Field(addr.X.Type(), addr.Field)) {
					return true
				}
			}
		}
	}
	for _, call := range o.g.bodies[fn] {
		if f := ssaflow.Static(call.Common()); o.writes(f, place, seen) {
			return true
		}
	}
	return slices.ContainsFunc(fn.AnonFuncs, func(anon *ssa.Function) bool { return o.writes(anon, place, seen) })
}

// usersOf reports whether a function issues commands on what is at a place, and
// whether another one does that neither releases nor replaces it.
func (o *origins) usersOf(place any, root *ssa.Function) (here, elsewhere bool) {
	for _, c := range o.g.calls {
		fn := c.Parent()
		if fn == nil || o.g.prog.InTest(fn.Pos()) {
			continue
		}
		used := slices.ContainsFunc(o.clients(c), func(v ssa.Value) bool {
			p, _ := o.place(v)
			return p == place
		}) || slices.ContainsFunc(o.handed(c), func(h handing) bool {
			p, _ := o.place(h.client)
			return p == place
		})
		switch {
		case !used:
		case ssaflow.Encloses(root, fn):
			here = true
		case !elsewhere:
			elsewhere = !o.writes(fn, place, map[*ssa.Function]bool{})
		}
	}
	return here, elsewhere
}

// maxAgain bounds the calls between a function and one that is known to be
// called more than once.
const maxAgain = 4

// again reports whether a function is certainly called more than once: it
// answers requests, it is there for other packages to work on data, or one that
// is called more than once calls it, or a loop.
func (o *origins) again(fn *ssa.Function, depth int) bool {
	if q := o.g.requests.Of(fn); q != nil {
		return !q.Async
	}
	if fn.Pkg == nil || fn.Name() == "main" || depth > maxAgain {
		return false
	}
	if ast.IsExported(fn.Name()) && fn.Pkg.Pkg.Name() != "main" && o.g.requests.WorksOnData(fn) && answers(fn) {
		return true
	}
	for _, c := range o.g.callers[fn] {
		caller := c.Parent()
		for caller.Parent() != nil {
			caller = caller.Parent()
		}
		if o.g.prog.InTest(caller.Pos()) {
			continue
		}
		if o.g.loops(c.Parent())[c.Block().Index] || caller != fn && o.again(caller, depth+1) {
			return true
		}
	}
	return false
}

// answers reports whether a function returns something besides an error: its
// callers ask it. One that does not may be all that a program is for.
func answers(fn *ssa.Function) bool {
	for v := range fn.Signature.Results().Variables() {
		if !ssaflow.IsError(v.Type()) {
			return true
		}
	}
	return false
}

// endsThings reports whether a function says by its name that its caller is done
// with whatever it closes.
func (o *origins) endsThings(fn *ssa.Function) bool {
	name := strings.ToLower(fn.Name())
	for _, word := range []string{"close", "stop", "shutdown", "disconnect", "release", "terminat", "destroy", "cleanup", "dispose",
		"exit", "quit", "finish", "teardown", "drain", "finali", "deinit"} {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}

// succeeds reports whether a block is reached if nothing fails, and nothing else
// is asked on the way.
func succeeds(b *ssa.BasicBlock) bool {
	seen := map[*ssa.BasicBlock]bool{}
	work := []*ssa.BasicBlock{b.Parent().Blocks[0]}
	for len(work) > 0 {
		x := work[len(work)-1]
		work = work[:len(work)-1]
		if x == b {
			return true
		}
		if seen[x] {
			continue
		}
		seen[x] = true
		ifs, ok := x.Instrs[len(x.Instrs)-1].(*ssa.If)
		if !ok {
			work = append(work, x.Succs...)
			continue
		}
		c, ok := ifs.Cond.(*ssa.BinOp)
		if !ok || !ssaflow.IsError(c.X.Type()) || !ssaflow.IsNil(c.Y) {
			continue
		}
		switch c.Op {
		case token.NEQ:
			work = append(work, x.Succs[1])
		case token.EQL:
			work = append(work, x.Succs[0])
		}
	}
	return false
}
