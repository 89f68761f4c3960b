package main

import (
	"go/ast"
	"go/token"
	"strings"

	"golang.org/x/tools/go/cfg"
)

// This file proves that a mutant is another program: that some way through the
// function which released the resource does so no more. The ways are those of
// the syntax, so a condition may make one impossible; what such mutants survive
// is read by people.

// A graph is the ways through a function.
type graph struct {
	cfg *cfg.CFG
}

func graphOf(home ast.Node) *graph {
	body := bodyOf(home)
	if body == nil {
		return nil
	}
	return &graph{cfg.New(body, returns)}
}

func bodyOf(home ast.Node) *ast.BlockStmt {
	switch home := home.(type) {
	case *ast.FuncDecl:
		return home.Body
	case *ast.FuncLit:
		return home.Body
	}
	return nil
}

// returns reports whether a call may return.
func returns(call *ast.CallExpr) bool {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name != "panic"
	case *ast.SelectorExpr:
		name := f.Sel.Name
		return !strings.HasPrefix(name, "Fatal") && name != "FailNow" && name != "Exit" && name != "Goexit" && !strings.HasPrefix(name, "Skip")
	}
	return true
}

// again stands for the way that comes back to where the resource was opened.
const again = token.NoPos

// open lists the ends that are reached from behind the nodes at from without
// meeting a node at which stop is true. An empty from is the beginning of the
// function.
func (g *graph) open(from, stop func(ast.Node) bool) map[token.Pos]bool {
	ends := map[token.Pos]bool{}
	seen := map[*cfg.Block]bool{}
	var walk func(b *cfg.Block, i int)
	walk = func(b *cfg.Block, i int) {
		for ; i < len(b.Nodes); i++ {
			n := b.Nodes[i]
			if stop(n) {
				return
			}
			if from != nil && from(n) {
				ends[again] = true
				return
			}
			if ret, ok := n.(*ast.ReturnStmt); ok {
				ends[ret.Pos()] = true
				return
			}
		}
		for _, s := range b.Succs {
			if !seen[s] {
				seen[s] = true
				walk(s, 0)
			}
		}
	}
	if from == nil {
		walk(g.cfg.Blocks[0], 0)
		return ends
	}
	for _, b := range g.cfg.Blocks {
		if !b.Live {
			continue
		}
		for i, n := range b.Nodes {
			if from(n) {
				walk(b, i+1)
			}
		}
	}
	return ends
}

// reaches reports whether a node is reached from behind the nodes at from
// without meeting a node at which stop is true.
func (g *graph) reaches(from, stop, to func(ast.Node) bool) bool {
	found := false
	g.open(from, func(n ast.Node) bool {
		if to(n) {
			found = true
		}
		return stop(n) || to(n)
	})
	return found
}

// opens returns what is true of the nodes that give the variable of a release
// its value, and nil if it has one from the beginning.
func (r *release) opens() func(ast.Node) bool {
	if r.class == parameter || r.class == owner {
		return nil
	}
	return func(n ast.Node) bool {
		found := false
		is := func(e ast.Expr) {
			if id, ok := e.(*ast.Ident); ok && r.pkg.Info.ObjectOf(id) == r.root {
				found = true
			}
		}
		switch n := n.(type) {
		case *ast.AssignStmt:
			for i, l := range n.Lhs {
				if fresh(n.Rhs[min(i, len(n.Rhs)-1)]) {
					is(l)
				}
			}
		case *ast.ValueSpec:
			for i, id := range n.Names {
				if len(n.Values) > 0 && fresh(n.Values[min(i, len(n.Values)-1)]) {
					is(id)
				}
			}
		}
		return found
	}
}

// fresh reports whether an expression may be something that was opened just
// now, as what is read from a variable, a field or a map is not.
func fresh(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.CallExpr, *ast.CompositeLit:
		return true
	case *ast.UnaryExpr:
		return e.Op == token.AND && fresh(e.X)
	case *ast.TypeAssertExpr:
		return fresh(e.X)
	}
	return false
}

func isNil(e ast.Expr) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == "nil"
}

// at reports whether a node of the graph holds the call of a release.
func (r *release) at(n ast.Node) bool { return within(r.call.Pos(), n) }

// matters reports whether more ends of the function are reached with the
// resource open when this release is away. others are the releases of the same
// variable, without this one.
func (r *release) matters(others []*release) bool {
	g := graphOf(r.home)
	if g == nil {
		return false
	}
	rest := func(n ast.Node) bool {
		for _, o := range others {
			if o.at(n) {
				return true
			}
		}
		return false
	}
	before := g.open(r.opens(), func(n ast.Node) bool { return rest(n) || r.at(n) })
	after := g.open(r.opens(), rest)
	return len(after) > len(before)
}

// needed reports whether the release can be reached with the resource open.
func (r *release) needed(others []*release) bool {
	g := graphOf(r.home)
	if g == nil {
		return false
	}
	return g.reaches(r.opens(), func(n ast.Node) bool {
		for _, o := range others {
			if o.at(n) && !r.at(n) {
				return true
			}
		}
		return false
	}, r.at)
}
