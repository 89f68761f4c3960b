package program

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"
)

// A Source finds the syntax that an instruction was made of, and the name that
// the code gives to its result.
type Source struct {
	info   *types.Info
	calls  map[token.Pos]ast.Node     // by the position that SSA gives a call or literal
	names  map[ast.Node][]ast.Expr    // what a call's results are bound to
	outer  map[ast.Node]*ast.CallExpr // the call that a call is an argument of
	forks  [][]ast.Node
	sets   map[types.Object][]token.Pos // assignments to a variable
	defers map[token.Pos]*ast.DeferStmt // by the position of the statement

	assigns  []*ast.AssignStmt
	receives map[token.Pos]ast.Expr // the channel, by the position of the arrow or the loop
}

func newSource(pass *analysis.Pass) *Source {
	x := &Source{
		info: pass.TypesInfo, calls: map[token.Pos]ast.Node{}, names: map[ast.Node][]ast.Expr{},
		outer: map[ast.Node]*ast.CallExpr{}, sets: map[types.Object][]token.Pos{},
		defers: map[token.Pos]*ast.DeferStmt{}, receives: map[token.Pos]ast.Expr{},
	}
	for _, file := range pass.Files {
		ast.Inspect(file, func(n ast.Node) bool {
			x.fork(n)
			switch n := n.(type) {
			case *ast.CallExpr:
				x.calls[n.Lparen] = n
				for _, arg := range n.Args {
					x.outer[Bare(arg)] = n
				}
			case *ast.DeferStmt:
				x.defers[n.Defer] = n
			case *ast.CompositeLit:
				x.calls[n.Lbrace] = n
			case *ast.RangeStmt:
				x.receives[n.For] = n.X
			case *ast.UnaryExpr:
				if n.Op == token.ARROW {
					x.receives[n.OpPos] = n.X
				}
			case *ast.AssignStmt:
				x.assigns = append(x.assigns, n)
				x.bind(n.Lhs, n.Rhs)
				for _, l := range n.Lhs {
					if obj := x.Variable(l); obj != nil {
						x.sets[obj] = append(x.sets[obj], n.Pos())
					}
				}
			case *ast.ValueSpec:
				lhs := make([]ast.Expr, len(n.Names))
				for i, name := range n.Names {
					lhs[i] = name
				}
				x.bind(lhs, n.Values)
			}
			return true
		})
	}
	return x
}

func (x *Source) bind(lhs, rhs []ast.Expr) {
	if len(rhs) == 1 && len(lhs) > 1 {
		x.names[Bare(rhs[0])] = lhs
		return
	}
	for i, r := range rhs {
		if i < len(lhs) {
			x.names[Bare(r)] = lhs[i : i+1]
		}
	}
}

// Bare looks through parentheses, type assertions and the & of a literal.
func Bare(e ast.Expr) ast.Expr {
	for {
		switch y := e.(type) {
		case *ast.ParenExpr:
			e = y.X
		case *ast.TypeAssertExpr:
			e = y.X
		case *ast.UnaryExpr:
			if y.Op != token.AND {
				return e
			}
			e = y.X
		default:
			return e
		}
	}
}

// At returns the call or literal that an instruction stands for, or nil for one
// that the compiler made.
func (x *Source) At(instr ssa.Instruction) ast.Node { return x.calls[instr.Pos()] }

// Variable returns the variable that an expression is, or nil.
func (x *Source) Variable(e ast.Expr) types.Object {
	if id, ok := e.(*ast.Ident); ok && id.Name != "_" {
		return x.info.ObjectOf(id)
	}
	return nil
}

// Bound returns what a result of a call is bound to. A call that is an argument
// of another which passes it on, as in must(redis.Dial(...)), is bound to what
// that one is.
func (x *Source) Bound(n ast.Node, result int) ast.Expr {
	if lhs := x.names[n]; result < len(lhs) {
		return lhs[result]
	}
	if outer := x.outer[n]; outer != nil && result == 0 {
		if lhs := x.names[outer]; len(lhs) > 0 && types.Identical(x.resultType(n), x.resultType(outer)) {
			return lhs[0]
		}
	}
	return nil
}

func (x *Source) resultType(n ast.Node) types.Type {
	e, ok := n.(ast.Expr)
	if !ok {
		return types.Typ[types.Invalid]
	}
	t := x.info.TypeOf(e)
	if tup, ok := t.(*types.Tuple); ok && tup.Len() > 0 {
		return tup.At(0).Type()
	}
	return t
}

// Receiver returns what a method is called on.
func (x *Source) Receiver(n ast.Node) ast.Expr {
	if call, ok := n.(*ast.CallExpr); ok {
		if sel, ok := call.Fun.(*ast.SelectorExpr); ok {
			return sel.X
		}
	}
	return nil
}

// Call returns the call whose arguments open at a position, or nil.
func (x *Source) Call(pos token.Pos) *ast.CallExpr {
	call, _ := x.calls[pos].(*ast.CallExpr)
	return call
}

// Receive returns the channel that is read at a position, or nil.
func (x *Source) Receive(pos token.Pos) ast.Expr { return x.receives[pos] }

// Assign returns the innermost assignment around a position, or nil.
func (x *Source) Assign(pos token.Pos) *ast.AssignStmt {
	var found *ast.AssignStmt
	for _, a := range x.assigns {
		if a.Pos() <= pos && pos < a.End() && (found == nil || a.Pos() >= found.Pos()) {
			found = a
		}
	}
	return found
}

// Sets returns where a variable is assigned to.
func (x *Source) Sets(v types.Object) []token.Pos { return x.sets[v] }

// Defer returns the defer statement at a position, or nil.
func (x *Source) Defer(pos token.Pos) *ast.DeferStmt { return x.defers[pos] }

// Overwritten returns the next assignment to the variable that a result of a
// call is bound to.
func (x *Source) Overwritten(n ast.Node, result int) token.Pos {
	obj := x.Variable(x.Bound(n, result))
	if obj == nil {
		return token.NoPos
	}
	for _, pos := range x.sets[obj] {
		if pos > n.End() && !x.exclusive(n.Pos(), pos) {
			return pos
		}
	}
	return token.NoPos
}

// exclusive reports whether two positions are in different branches of one
// statement, so that no path passes both in this order.
func (x *Source) exclusive(a, b token.Pos) bool {
	for _, branches := range x.forks {
		in := func(p token.Pos) int {
			for i, n := range branches {
				if n != nil && n.Pos() <= p && p < n.End() {
					return i
				}
			}
			return -1
		}
		if i, j := in(a), in(b); i >= 0 && j >= 0 && i != j {
			return true
		}
	}
	return false
}

// fork notes the branches of a statement.
func (x *Source) fork(n ast.Node) {
	var branches []ast.Node
	switch n := n.(type) {
	case *ast.IfStmt:
		if n.Else == nil {
			return
		}
		branches = []ast.Node{n.Body, n.Else}
	case *ast.BlockStmt:
		for _, s := range n.List {
			switch s.(type) {
			case *ast.CaseClause, *ast.CommClause:
				branches = append(branches, s)
			}
		}
	}
	if len(branches) > 1 {
		x.forks = append(x.forks, branches)
	}
}

// Name writes a variable or field as the code does; "" for the blank one.
func Name(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		if e.Name != "_" {
			return e.Name
		}
	case *ast.IndexExpr:
		if x := Name(e.X); x != "" {
			if i := Name(e.Index); i != "" {
				return x + "[" + i + "]"
			}
		}
	case *ast.SelectorExpr:
		if x := Name(e.X); x != "" {
			return x + "." + e.Sel.Name
		}
	}
	return ""
}
