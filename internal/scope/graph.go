package scope

import (
	"go/token"
	"go/types"

	"github.com/redislint/redislint/internal/lifetime"
	"github.com/redislint/redislint/internal/lifetime/facts"
	"github.com/redislint/redislint/internal/program"
	"github.com/redislint/redislint/internal/redisapi"
	"github.com/redislint/redislint/internal/requests"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"
)

// An atom is one origin of a value.
type atom struct {
	kind atomKind
	fn   *ssa.Function
	n    int
	at   ssa.Instruction
}

type atomKind uint8

const (
	lent     atomKind = iota // lent by a scope to its callback; n says by which
	outside                  // a package-level variable, or lent by a function that has it from elsewhere
	param                    // parameter n of fn
	function                 // fn itself, its first n parameters bound
	load                     // what the instruction reads from a field
	opened                   // what the instruction opens
	yields                   // a func that calls its own func parameters with what its maker's fact says: Yields[n] of the call at
	held                     // a connection that a command opens: whoever answers for the command answers for it
	inline                   // a connection that the function itself takes from a client and gives back
)

// What lends a client to a callback, if it is not just known to be no leak.
const (
	shared = 1 + iota // a library lends one that lives on after the callback
	made              // a scope that is made for any commands lends its own
)

// The nodes of the graph are SSA values and these. A variable, its address and
// its contents are one node, and so are a container and its elements. The
// fields of the program's own structs have one node each, whatever the object.
type (
	fieldNode  struct{ v *types.Var }
	resultNode struct {
		of any // a function, or a call with several results
		i  int
	}
	boundNode struct { // what parameter i of fn gets from calls of it as a func value
		fn *ssa.Function
		i  int
	}
	passedNode struct { // what a func in a parameter of fn is called with
		fn         *ssa.Function // nil: a func of unknown origin
		param, arg int
	}
)

// lives is what is asked of the lives of resources.
type lives interface {
	Opened(ssa.Instruction) []facts.Open
	Releases(call ssa.CallInstruction, arg int) bool
	FateWhenLent(ssa.Instruction) lifetime.Fate
	Released(*lifetime.Resource) bool
}

// A graph says how clients and funcs flow through a package.
type graph struct {
	pass      *analysis.Pass
	prog      *program.Program
	lives     lives
	requests  *requests.Result
	resources []*lifetime.Resource
	bracketed map[ssa.Instruction]bool // what opens a resource that the same function surely releases
	table     *redisapi.Table
	named     map[string]bool // scopes without a proof

	leading map[leadsKey]bool // see leads

	ids   map[any]int
	sets  []map[atom]bool // what is known to reach each node
	succs [][]int
	edges map[[2]int]bool
	dirty []pending
	moved bool // something changed in this round

	calls   []ssa.CallInstruction
	hooks   []int                                   // funcs in library options that are lent a resource
	passed  map[*ssa.Function][]passedNode          // by function, in the order of discovery
	callers map[*ssa.Function][]ssa.CallInstruction // static calls of this package
	yields  map[ssa.Instruction][]Yield             // by the call of another package's function

	bodies   map[*ssa.Function][]ssa.CallInstruction // by the calling function: calls of functions with a body
	foreigns map[*ssa.Function][]ssa.CallInstruction // by the calling function: calls of other packages' functions
	acts     map[*ssa.Function][]act                 // by the calling function: calls of functions of known conduct
	conducts map[*types.Func]*redisapi.Conduct
	bounds   bool // some connection of the package has a read timeout
	looping  map[*ssa.Function][]bool
}

// A pending atom has reached a node and not yet what follows it.
type pending struct {
	node int
	atom atom
}

func newGraph(pass *analysis.Pass, prog *program.Program, lives lives, named map[string]bool) *graph {
	return &graph{
		pass: pass, prog: prog, lives: lives, table: prog.Table, named: named,
		leading: map[leadsKey]bool{}, ids: map[any]int{}, edges: map[[2]int]bool{},
		passed: map[*ssa.Function][]passedNode{}, callers: map[*ssa.Function][]ssa.CallInstruction{}, yields: map[ssa.Instruction][]Yield{},
		bodies: map[*ssa.Function][]ssa.CallInstruction{}, foreigns: map[*ssa.Function][]ssa.CallInstruction{},
		acts: map[*ssa.Function][]act{}, conducts: map[*types.Func]*redisapi.Conduct{}, looping: map[*ssa.Function][]bool{},
	}
}

// node returns the number of a node, or -1 for a value that leads to no client.
func (g *graph) node(key any) int {
	if id, ok := g.ids[key]; ok {
		return id
	}
	v, isValue := key.(ssa.Value)
	if isValue {
		if _, ok := v.(*ssa.Const); ok || !g.leads(v.Type()) {
			g.ids[key] = -1
			return -1
		}
	}
	id := len(g.sets)
	g.ids[key] = id
	g.sets = append(g.sets, map[atom]bool{})
	g.succs = append(g.succs, nil)
	switch v := key.(type) {
	case *ssa.Parameter:
		for i, p := range v.Parent().Params {
			if p == v {
				g.add(id, atom{kind: param, fn: v.Parent(), n: i})
			}
		}
	case *ssa.Function:
		if f, n := ssaflow.Target(v); f != nil {
			g.add(id, atom{kind: function, fn: f, n: n})
		}
	case *ssa.Global:
		if !isFunc(v.Type()) {
			g.add(id, atom{kind: outside})
		}
	case passedNode:
		if v.fn != nil {
			g.passed[v.fn] = append(g.passed[v.fn], v)
		}
	}
	return id
}

func (g *graph) add(n int, a atom) {
	if n < 0 || g.sets[n][a] {
		return
	}
	g.sets[n][a] = true
	g.moved = true
	g.dirty = append(g.dirty, pending{n, a})
}

func (g *graph) edge(from, to int) {
	if from < 0 || to < 0 || from == to || g.edges[[2]int{from, to}] {
		return
	}
	g.edges[[2]int{from, to}] = true
	g.succs[from] = append(g.succs[from], to)
	g.moved = true
	for a := range g.sets[from] {
		g.add(to, a)
	}
}

func (g *graph) propagate() {
	for len(g.dirty) > 0 {
		p := g.dirty[len(g.dirty)-1]
		g.dirty = g.dirty[:len(g.dirty)-1]
		for _, to := range g.succs[p.node] {
			g.add(to, p.atom)
		}
	}
}

// flow lets everything that reaches one value reach another.
func (g *graph) flow(from, to any) { g.edge(g.node(from), g.node(to)) }

// build makes the graph. Which functions a call runs, and with what, depends
// on the graph itself: calls are looked at again until nothing changes.
func (g *graph) build() {
	for _, fn := range g.prog.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				g.instr(fn, instr)
			}
		}
	}
	g.propagate()
	for g.moved = true; g.moved; {
		g.moved = false
		for _, c := range g.calls {
			g.call(c)
			g.propagate()
		}
		for _, n := range g.hooks {
			g.lendAll(n)
			g.propagate()
		}
	}
}

func (g *graph) instr(fn *ssa.Function, instr ssa.Instruction) {
	if v, ok := instr.(ssa.Value); ok {
		if inner, ok := ssaflow.Through(v); ok {
			g.flow(inner, v)
			return
		}
	}
	switch instr := instr.(type) {
	case *ssa.Phi:
		for _, e := range instr.Edges {
			g.flow(e, instr)
		}
	case *ssa.Convert:
		g.flow(instr.X, instr)
	case *ssa.SliceToArrayPointer:
		g.flow(instr.X, instr)
	case *ssa.Slice:
		g.flow(instr.X, instr)
	case *ssa.TypeAssert:
		g.flow(instr.X, instr)
	case *ssa.Next:
		if r, ok := instr.Iter.(*ssa.Range); ok {
			g.flow(r.X, instr)
		}
	case *ssa.Index:
		g.flow(instr.X, instr)
	case *ssa.IndexAddr:
		g.flow(instr.X, instr)
	case *ssa.Lookup:
		g.flow(instr.X, instr)
	case *ssa.UnOp:
		if instr.Op == token.MUL || instr.Op == token.ARROW {
			g.flow(instr.X, instr)
		}
	case *ssa.Extract:
		if call, ok := instr.Tuple.(*ssa.Call); ok {
			g.flow(resultNode{call, instr.Index}, instr)
		} else {
			g.flow(instr.Tuple, instr)
		}
	case *ssa.FieldAddr:
		g.field(instr, instr.X, instr.Field)
	case *ssa.Field:
		g.field(instr, instr.X, instr.Field)
	case *ssa.Store:
		g.store(instr.Addr, instr.Val)
	case *ssa.MapUpdate:
		g.store(instr.Map, instr.Value)
	case *ssa.Send:
		g.store(instr.Chan, instr.X)
	case *ssa.Select:
		for _, s := range instr.States {
			if s.Send != nil {
				g.store(s.Chan, s.Send)
			} else {
				g.flow(s.Chan, instr)
			}
		}
	case *ssa.Alloc:
		if len(g.lives.Opened(instr)) > 0 {
			g.add(g.node(instr), atom{kind: opened, at: instr})
		}
	case *ssa.MakeClosure:
		g.closure(instr)
	case *ssa.Return:
		for i, r := range instr.Results {
			g.flow(r, resultNode{fn, i})
		}
	case ssa.CallInstruction:
		if g.matters(instr) {
			g.calls = append(g.calls, instr)
		}
		if f := ssaflow.Static(instr.Common()); f != nil && g.prog.HasBody(f) {
			g.callers[f] = append(g.callers[f], instr)
		}
		g.note(fn, instr)
	}
}

// matters reports whether a client or a func can come into a call or out of it.
func (g *graph) matters(c ssa.CallInstruction) bool {
	if v := c.Value(); v != nil && g.leads(v.Type()) {
		return true
	}
	args := ssaflow.Args(c.Common())
	if _, bound := ssaflow.MethodValue(c.Common()); bound != nil {
		args = append(args, bound)
	}
	for _, a := range args {
		if g.node(a) >= 0 {
			return true
		}
	}
	return false
}

func (g *graph) closure(c *ssa.MakeClosure) {
	f, n := ssaflow.Target(c.Fn.(*ssa.Function))
	if f == nil {
		return
	}
	g.add(g.node(c), atom{kind: function, fn: f, n: n})
	if n == 1 {
		g.flow(c.Bindings[0], boundNode{f, 0})
		return
	}
	for i, b := range c.Bindings {
		g.flow(b, f.FreeVars[i])
		g.flow(f.FreeVars[i], b)
	}
}

// field lets flow what is read from a field, or its address. The fields of a
// library's types are part of the whole.
func (g *graph) field(v ssa.Instruction, x ssa.Value, i int) {
	f := ssaflow.Field(x.Type(), i)
	switch {
	case f == nil:
	case g.ofLibrary(x.Type()):
		g.flow(x, v)
	case isFunc(f.Type()):
		g.flow(fieldNode{f.Origin()}, v)
	case g.isContained(f.Type()):
		g.add(g.node(v), atom{kind: load, at: v})
	default:
		g.flow(x, v) // a part of the object
	}
}

func (g *graph) ofLibrary(t types.Type) bool {
	n := ssaflow.Named(t)
	return n != nil && n.Obj().Pkg() != nil && g.table.Covers(n.Obj().Pkg().Path())
}

// store lets flow what is written to an address, or put into a container.
func (g *graph) store(addr, val ssa.Value) {
	from := g.node(val)
	for from >= 0 {
		switch a := addr.(type) {
		case *ssa.FieldAddr:
			f := ssaflow.Field(a.X.Type(), a.Field)
			if f == nil {
				return
			}
			if !g.ofLibrary(a.X.Type()) {
				g.edge(from, g.node(fieldNode{f.Origin()}))
				if object, ok := a.X.(*ssa.Alloc); ok && !isFunc(f.Type()) {
					g.edge(from, g.node(object)) // who gets the object gets the client
				}
				return
			}
			if g.hook(a.X.Type(), f.Name()) {
				g.hooks = append(g.hooks, from)
				return
			}
			addr = a.X
		case *ssa.IndexAddr:
			addr = a.X
		case *ssa.UnOp:
			g.edge(from, g.node(a))
			addr = a.X
		case *ssa.Slice:
			g.edge(from, g.node(a))
			addr = a.X
		case *ssa.Global:
			if isFunc(a.Type()) {
				g.edge(from, g.node(a))
			}
			return
		default:
			g.edge(from, g.node(a))
			return
		}
	}
}

// hook reports whether a library lends a resource to the func in a field.
func (g *graph) hook(t types.Type, field string) bool {
	lit := g.table.Literal(ssaflow.Named(t).Obj())
	if lit == nil {
		return false
	}
	for _, name := range lit.Scopes {
		if name == field {
			return true
		}
	}
	return false
}
