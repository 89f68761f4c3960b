package repair

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/redislint/redislint/internal/check"
	"github.com/redislint/redislint/internal/lifetime"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"
)

// This file releases at the end of the goroutine what the function opens for it
// alone.

// inGoroutine finds the deferred release in the one goroutine that works with
// the resource, which nothing else does once it has started.
func (f *fixer) inGoroutine(c lifetime.Course) Reason {
	if !f.open.Never || c.Left || c.Given || c.Moved || len(f.open.Moved) > 0 {
		return Nameless
	}
	if r := f.held(); r != "" || f.asserted != "" {
		return cmp.Or(r, NoMethod)
	}
	if f.inLoop() || f.target != f.holder || f.checked() != "" {
		return Nameless
	}
	at := slices.IndexFunc(f.rest, func(s ast.Stmt) bool {
		g, ok := s.(*ast.GoStmt)
		return ok && f.mentions(g, f.holder)
	})
	if at < 0 {
		return Nameless
	}
	start := f.rest[at].(*ast.GoStmt)
	body, v, file := f.started(start)
	if body == nil || !f.startsOnce(start, at) {
		return Goroutine
	}
	// Beside this goroutine nothing may use it later.
	for _, b := range f.site.Func().Blocks {
		for _, instr := range b.Instrs {
			if g, ok := instr.(*ssa.Go); ok && g.Pos() == start.Pos() {
				if r := f.mayUseBeside(f.site, g); r != "" {
					return r
				}
			}
		}
	}
	if r := f.feedsOthers(); r != "" {
		return r
	}
	call := v.Name() + "." + f.method.Name() + "()"
	line := "defer " + call
	if f.method.Signature().Results().Len() == 1 && f.blank() {
		line = "defer func() { _ = " + call + " }()"
	}
	// Below what is deferred first, which is to run last.
	var first ast.Stmt
	for _, s := range body.List {
		if _, ok := s.(*ast.DeferStmt); !ok {
			break
		}
		first = s
	}
	switch {
	case first != nil:
		pos := f.lineEndIn(file, first)
		if !pos.IsValid() {
			return Layout
		}
		f.fix.TextEdits = []analysis.TextEdit{check.Below(f.pass, first, pos, line)}
	case len(body.List) > 0 && f.line(body.Lbrace) < f.line(body.List[0].Pos()):
		f.fix.TextEdits = []analysis.TextEdit{check.Above(f.pass, body.List[0], line)}
	default:
		return Layout
	}
	f.fix.Message = "insert " + line + " in the goroutine"
	return ""
}

// started returns what a go statement runs, and the variable by which it has the
// resource.
func (f *fixer) started(g *ast.GoStmt) (body *ast.BlockStmt, v *types.Var, file *ast.File) {
	if lit, ok := g.Call.Fun.(*ast.FuncLit); ok {
		if len(g.Call.Args) > 0 || f.seenIn(lit.Body) != f.holder {
			return nil, nil, nil
		}
		return lit.Body, f.holder, f.file
	}
	fn, ok := f.callee(g.Call).(*types.Func)
	if !ok {
		return nil, nil, nil
	}
	given := -1
	for i, a := range g.Call.Args {
		switch {
		case f.is(a, f.holder) && given < 0:
			given = i
		case f.mentions(a, f.holder):
			return nil, nil, nil
		}
	}
	ssaFn := f.prog.Pkg.Prog.FuncValue(fn)
	if given < 0 || ssaFn == nil || len(ssaFn.Blocks) == 0 || ssaFn.Pkg != f.prog.Pkg || fn.Signature().Variadic() {
		return nil, nil, nil
	}
	decl, ok := ssaFn.Syntax().(*ast.FuncDecl)
	v = fn.Signature().Params().At(given)
	if !ok || v.Name() == "" || v.Name() == "_" || len(f.prog.Source().Sets(v)) > 0 || !types.Identical(v.Type(), f.holder.Type()) {
		return nil, nil, nil
	}
	uses := 0
	for id, obj := range f.info.Uses {
		if obj == fn && id.Pos().IsValid() {
			uses++
		}
	}
	for _, in := range f.pass.Files {
		if in.FileStart <= decl.Pos() && decl.Pos() < in.FileEnd {
			file = in
		}
	}
	if uses != 1 || fn.Exported() || file == nil || check.Generated(f.pass, decl.Pos()) || f.addressedIn(decl.Body, v) {
		return nil, nil, nil
	}
	if handsOver(decl.Body) {
		return nil, nil, nil
	}
	return decl.Body, v, file
}

// handsOver reports whether a body hands the resource to another goroutine or
// func of its own.
func handsOver(body *ast.BlockStmt) bool {
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.GoStmt, *ast.FuncLit:
			found = true
		}
		return !found
	})
	return found
}

// seenIn is what the name of the holder means at the beginning of a body.
func (f *fixer) seenIn(body *ast.BlockStmt) types.Object {
	return f.seen(f.holder.Name(), body.Lbrace+1)
}

// startsOnce reports whether a go statement runs whenever the resource was
// opened, and is the last to mention it.
func (f *fixer) startsOnce(start *ast.GoStmt, at int) bool {
	for _, s := range f.rest[:at] {
		if f.errorCheck() == s {
			continue
		}
		leaves := false
		ast.Inspect(s, func(n ast.Node) bool {
			switch n.(type) {
			case *ast.FuncLit:
				return false
			case *ast.ReturnStmt, *ast.BranchStmt:
				leaves = true
			}
			return true
		})
		if leaves {
			return false
		}
	}
	// A func that was made before may use it still, if the goroutine alone calls it.
	for _, s := range f.rest[at+1:] {
		if f.mentions(s, f.holder) {
			return false
		}
		var used bool
		ast.Inspect(s, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			if ok {
				v, is := f.info.Uses[id].(*types.Var)
				used = used || is && f.capturing(v, at)
			}
			return true
		})
		if used {
			return false
		}
	}
	return true
}

// capturing reports whether a variable was set to a func that has the resource.
func (f *fixer) capturing(v *types.Var, at int) bool {
	for _, s := range f.rest[:at] {
		a, ok := s.(*ast.AssignStmt)
		if !ok || !f.mentions(a, f.holder) {
			continue
		}
		for _, lhs := range a.Lhs {
			if f.is(lhs, v) && a.Tok == token.DEFINE {
				return true
			}
		}
	}
	return false
}
