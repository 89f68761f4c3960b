package repair

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/redislint/redislint/internal/check"
	"github.com/redislint/redislint/internal/lifetime"
	"github.com/redislint/redislint/internal/lifetime/facts"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"
)

// This file releases a field where the owner's method releases others.

// forgotten finds the release of a field in the method that forgets it.
func (f *fixer) forgotten() Reason {
	n := f.open.Neglect
	switch {
	case n.Maker != "":
		return Overwritten
	case n.Partly:
		return Partly
	case n.Method == "":
		return f.unowned()
	}
	decl, file := f.methodAt(n)
	if decl == nil || decl.Body == nil || len(decl.Recv.List) != 1 || len(decl.Recv.List[0].Names) != 1 {
		return Layout
	}
	recv, ok := f.info.Defs[decl.Recv.List[0].Names[0]].(*types.Var)
	if !ok || recv.Name() == "_" || check.Generated(f.pass, decl.Pos()) {
		return Layout
	}
	named := ssaflow.Named(recv.Type())
	if named == nil {
		return Layout
	}
	st, ok := named.Underlying().(*types.Struct)
	if !ok {
		return Layout
	}
	var field *types.Var
	for v := range st.Fields() {
		if v.Name() == n.Field {
			field = v
		}
	}
	if field == nil {
		return Layout
	}
	if !f.alwaysOpened(field) {
		return Shared
	}
	open := f.site.Open()
	open.Cleanup, open.At = -1, facts.Place{}
	if r := f.releasedBy(field.Type(), open); r != "" {
		return r
	}
	stmt := f.otherRelease(decl.Body, recv, field)
	if stmt == nil || !f.beginsLineIn(file, stmt) {
		return Layout
	}
	f.file, f.fn = file, decl
	f.target, f.field = recv, field.Name()
	if f.seen(recv.Name(), stmt.Pos()) != recv {
		return OutOfScope
	}
	lines := f.releaseLines(stmt.Pos())
	switch field.Type().Underlying().(type) {
	case *types.Pointer, *types.Interface:
		lines = slices.Concat([]string{"if " + recv.Name() + "." + field.Name() + " != nil {"}, indented(lines), []string{"}"})
	}
	f.fix.Message = "insert " + f.release() + " in " + n.Owner + "." + n.Method
	f.fix.TextEdits = []analysis.TextEdit{check.Above(f.pass, stmt, lines...)}
	return ""
}

func indented(lines []string) []string {
	var list []string
	for _, line := range lines {
		list = append(list, "\t"+line)
	}
	return list
}

// methodAt returns the declaration of the method that forgets the field.
func (f *fixer) methodAt(n *lifetime.Neglect) (*ast.FuncDecl, *ast.File) {
	for _, file := range f.pass.Files {
		for _, d := range file.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv != nil && fn.Name.Pos() == n.Pos {
				return fn, file
			}
		}
	}
	return nil, nil
}

// otherRelease returns the statement of the method that releases another field
// of the receiver.
func (f *fixer) otherRelease(body *ast.BlockStmt, recv, field *types.Var) ast.Stmt {
	var found ast.Stmt
	var stack []ast.Node
	ast.Inspect(body, func(n ast.Node) bool {
		if n == nil {
			stack = stack[:len(stack)-1]
			return true
		}
		stack = append(stack, n)
		call, ok := n.(*ast.CallExpr)
		if !ok || found != nil {
			return true
		}
		sel, ok := call.Fun.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		inner, ok := sel.X.(*ast.SelectorExpr)
		if !ok || !f.is(inner.X, recv) {
			return true
		}
		other, ok := f.info.Uses[inner.Sel].(*types.Var)
		if !ok || other == field || !slices.Contains(f.lives.ReleaseOf(other.Type()), sel.Sel.Name) {
			return true
		}
		for i := len(stack) - 1; i > 0; i-- {
			if s, ok := stack[i].(ast.Stmt); ok && slices.Contains(statements(stack[i-1]), s) {
				switch s.(type) {
				case *ast.ExprStmt, *ast.AssignStmt, *ast.ReturnStmt:
					found = s
				case *ast.IfStmt: // if err := x.Close(); err != nil
					found = s
				}
				return true
			}
		}
		return true
	})
	return found
}

// alwaysOpened reports whether the package puts nothing into a field but what
// it has opened for it.
func (f *fixer) alwaysOpened(field *types.Var) bool {
	for _, fn := range f.prog.Funcs {
		var opened map[ssa.Instruction]bool
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				addr, ok := instr.(*ssa.FieldAddr)
				if !ok || ssaflow.DeclaredField(addr.X.Type(), addr.Field) != field.Origin() {
					continue
				}
				for _, ref := range *addr.Referrers() {
					store, ok := ref.(*ssa.Store)
					if !ok || store.Addr != addr {
						continue
					}
					if opened == nil {
						opened = map[ssa.Instruction]bool{}
						for _, s := range f.lives.Sites(fn) {
							if !s.Open().Lent {
								opened[s.Instr()] = true
							}
						}
					}
					if !madeBy(store.Val, opened, map[ssa.Value]bool{}) {
						return false
					}
				}
			}
		}
	}
	return true
}

// madeBy reports whether a value is nil, or what one of the instructions made.
func madeBy(v ssa.Value, opened map[ssa.Instruction]bool, seen map[ssa.Value]bool) bool {
	if seen[v] {
		return true
	}
	seen[v] = true
	switch v := ssaflow.Bare(v).(type) {
	case *ssa.Const:
		return v.IsNil()
	case *ssa.Phi:
		return !slices.ContainsFunc(v.Edges, func(e ssa.Value) bool { return !madeBy(e, opened, seen) })
	case *ssa.Extract:
		in, ok := v.Tuple.(ssa.Instruction)
		return ok && opened[in]
	case ssa.Instruction:
		return opened[v]
	}
	return false
}
