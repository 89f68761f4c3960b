package lifetime

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"
)

// A syntaxIndex finds the source of an acquisition, and the name that the
// code gives it.
type syntaxIndex struct {
	info   *types.Info
	calls  map[token.Pos]ast.Node     // by the position that SSA gives a call or literal
	names  map[ast.Node][]ast.Expr    // what a call's results are bound to
	outer  map[ast.Node]*ast.CallExpr // the call that a call is an argument of
	forks  [][]ast.Node
	sets   map[types.Object][]token.Pos // assignments to a variable
	defers map[token.Pos]*ast.DeferStmt // by the position of the statement
}

// source returns the index of the package, which is made when it is first needed.
func (e *engine) source() *syntaxIndex {
	if e.syntax == nil {
		e.syntax = newSyntaxIndex(e.pass)
	}
	return e.syntax
}

func newSyntaxIndex(pass *analysis.Pass) *syntaxIndex {
	x := &syntaxIndex{
		info: pass.TypesInfo, calls: map[token.Pos]ast.Node{}, names: map[ast.Node][]ast.Expr{},
		outer: map[ast.Node]*ast.CallExpr{}, sets: map[types.Object][]token.Pos{},
		defers: map[token.Pos]*ast.DeferStmt{},
	}
	for _, file := range pass.Files {
		ast.Inspect(file, func(n ast.Node) bool {
			x.fork(n)
			switch n := n.(type) {
			case *ast.CallExpr:
				x.calls[n.Lparen] = n
				for _, arg := range n.Args {
					x.outer[bare(arg)] = n
				}
			case *ast.DeferStmt:
				x.defers[n.Defer] = n
			case *ast.CompositeLit:
				x.calls[n.Lbrace] = n
			case *ast.AssignStmt:
				x.bind(n.Lhs, n.Rhs)
				for _, l := range n.Lhs {
					if obj := x.variable(l); obj != nil {
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

func (x *syntaxIndex) bind(lhs, rhs []ast.Expr) {
	if len(rhs) == 1 && len(lhs) > 1 {
		x.names[bare(rhs[0])] = lhs
		return
	}
	for i, r := range rhs {
		if i < len(lhs) {
			x.names[bare(r)] = lhs[i : i+1]
		}
	}
}

// bare looks through parentheses, type assertions and the & of a literal.
func bare(e ast.Expr) ast.Expr {
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

// at returns the call or literal that an instruction stands for.
func (x *syntaxIndex) at(instr ssa.Instruction) ast.Node { return x.calls[instr.Pos()] }

func (x *syntaxIndex) variable(e ast.Expr) types.Object {
	if id, ok := e.(*ast.Ident); ok && id.Name != "_" {
		return x.info.ObjectOf(id)
	}
	return nil
}

// bound returns what a result of the call is bound to. A call that is an
// argument of another which passes it on, as in must(redis.Dial(...)), is
// bound to what that one is.
func (x *syntaxIndex) bound(n ast.Node, at Place) ast.Expr {
	if at.Param {
		if call, ok := n.(*ast.CallExpr); ok && at.Index == 0 {
			if sel, ok := call.Fun.(*ast.SelectorExpr); ok {
				return sel.X // a method that opens leaves it in its receiver
			}
		}
		return nil
	}
	if lhs := x.names[n]; at.Index < len(lhs) {
		return lhs[at.Index]
	}
	if outer := x.outer[n]; outer != nil && at.Index == 0 {
		if lhs := x.names[outer]; len(lhs) > 0 && types.Identical(x.resultType(n), x.resultType(outer)) {
			return lhs[0]
		}
	}
	return nil
}

func (x *syntaxIndex) resultType(n ast.Node) types.Type {
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

// name returns the variable that a result of the call is bound to.
func (x *syntaxIndex) name(n ast.Node, at Place) string { return exprName(x.bound(n, at)) }

// overwritten returns the next assignment to the variable that a result of
// the call is bound to.
func (x *syntaxIndex) overwritten(n ast.Node, at Place) token.Pos {
	obj := x.variable(x.bound(n, at))
	if obj == nil || at.Param {
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
func (x *syntaxIndex) exclusive(a, b token.Pos) bool {
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
func (x *syntaxIndex) fork(n ast.Node) {
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

// exprName writes a variable or field as the code does; "" for the blank one.
func exprName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		if e.Name != "_" {
			return e.Name
		}
	case *ast.IndexExpr:
		if x := exprName(e.X); x != "" {
			if i := exprName(e.Index); i != "" {
				return x + "[" + i + "]"
			}
		}
	case *ast.SelectorExpr:
		if x := exprName(e.X); x != "" {
			return x + "." + e.Sel.Name
		}
	}
	return ""
}
