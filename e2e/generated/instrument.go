package generated

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"sort"
	"strings"
)

// instrument returns the source of a file as it is run, under a name below the
// root of the module. Line numbers stay as
// they are. The additions tell the recorder what the stubs cannot see: calls
// that begin and end, resources that are stored where others reach them,
// literals that are resources, and the end of the process.
func instrument(c *checked, name string) []byte {
	in := &instrumenter{c: c, name: name, params: map[types.Object]bool{}}
	in.collectParams()
	ast.Inspect(c.file, func(n ast.Node) bool {
		if n == nil {
			in.stack = in.stack[:len(in.stack)-1]
			return true
		}
		in.visit(n)
		in.stack = append(in.stack, n)
		return true
	})
	return in.apply()
}

type edit struct {
	from, to int // offsets of the text that is replaced
	text     string
	order    int  // in which it was made, enclosing ones first
	closing  bool // ends what encloses the text before it: inner ones come first
}

type instrumenter struct {
	name   string
	c      *checked
	params map[types.Object]bool
	stack  []ast.Node
	edits  []edit
}

func (in *instrumenter) offset(p token.Pos) int { return in.c.fset.Position(p).Offset }

func (in *instrumenter) insert(at token.Pos, text string) { in.replace(at, at, text) }

func (in *instrumenter) replace(from, to token.Pos, text string) {
	in.edits = append(in.edits, edit{in.offset(from), in.offset(to), text, len(in.edits), false})
}

func (in *instrumenter) insertEnd(at token.Pos, text string) {
	in.edits = append(in.edits, edit{in.offset(at), in.offset(at), text, len(in.edits), true})
}

// wrap puts a call of a function around an expression.
func (in *instrumenter) wrap(e ast.Expr, function string) {
	in.insert(e.Pos(), function+"(")
	in.insertEnd(e.End(), ")")
}

func (in *instrumenter) parent() ast.Node {
	if len(in.stack) == 0 {
		return nil
	}
	return in.stack[len(in.stack)-1]
}

func (in *instrumenter) collectParams() {
	ast.Inspect(in.c.file, func(n ast.Node) bool {
		var lists []*ast.FieldList
		switch n := n.(type) {
		case *ast.FuncDecl:
			lists = []*ast.FieldList{n.Recv, n.Type.Params}
		case *ast.FuncLit:
			lists = []*ast.FieldList{n.Type.Params}
		}
		for _, l := range lists {
			if l == nil {
				continue
			}
			for _, f := range l.List {
				for _, id := range f.Names {
					in.params[in.c.info.Defs[id]] = true
				}
			}
		}
		return true
	})
}

func (in *instrumenter) visit(n ast.Node) {
	switch n := n.(type) {
	case *ast.FuncDecl:
		in.function(n)
	case *ast.ForStmt:
		in.insert(n.Body.Lbrace+1, " recorder.Step();")
	case *ast.RangeStmt:
		in.insert(n.Body.Lbrace+1, " recorder.Step();")
	case *ast.GoStmt:
		in.replace(n.Go, n.Call.Pos(), "recorder.Go(func() { ")
		in.insertEnd(n.End(), " })")
	case *ast.UnaryExpr:
		lit, ok := n.X.(*ast.CompositeLit)
		if ok && n.Op == token.AND && in.isNamed(lit, "github.com/gomodule/redigo/redis", "Pool") {
			in.wrap(n, "redigo.Opened")
		}
	case *ast.CallExpr:
		in.call(n)
	case *ast.AssignStmt:
		if stmtList(in.parent()) == nil {
			return
		}
		for _, lhs := range n.Lhs {
			if f := in.sink(lhs); f != "" {
				in.insertEnd(n.End(), fmt.Sprintf("; recorder.%s(%s)", f, in.text(lhs)))
			}
		}
	case *ast.SendStmt:
		if f := in.sink(n.Chan); f != "" {
			in.insertEnd(n.End(), fmt.Sprintf("; recorder.%s(%s)", f, in.text(n.Value)))
		}
	}
}

func (in *instrumenter) text(e ast.Expr) string {
	return string(in.c.src[in.offset(e.Pos()):in.offset(e.End())])
}

// function names the results and registers the end of the call.
func (in *instrumenter) function(f *ast.FuncDecl) {
	var names []string
	if r := f.Type.Results; r != nil && len(r.List) > 0 {
		open := r.Opening.IsValid()
		for i, field := range r.List {
			if len(field.Names) == 0 {
				name := fmt.Sprintf("xr%d", i)
				names = append(names, name)
				if !open {
					name = "(" + name
				}
				in.insert(field.Type.Pos(), name+" ")
				if !open {
					in.insertEnd(field.Type.End(), ")")
				}
			}
			for _, id := range field.Names {
				names = append(names, id.Name)
			}
		}
	}
	in.insert(f.Body.Lbrace+1, fmt.Sprintf(" defer recorder.Leave(recorder.Enter(%q, %d), func() []any { return []any{%s} });", in.name, in.c.fset.Position(f.Pos()).Line, strings.Join(names, ", ")))
}

func (in *instrumenter) call(n *ast.CallExpr) {
	if id, ok := n.Fun.(*ast.Ident); ok && len(n.Args) == 0 && in.used(n) && in.listed(id) {
		in.wrap(n, "recorder.MayFail") // a method value in a list of closers
		return
	}
	sel, ok := n.Fun.(*ast.SelectorExpr)
	if !ok {
		return
	}
	if id, ok := sel.X.(*ast.Ident); ok {
		switch id.Name + "." + sel.Sel.Name {
		case "log.Fatal", "log.Fatalln":
			in.replace(n.Fun.Pos(), n.Fun.End(), "recorder.Fatal")
		case "log.Fatalf":
			in.replace(n.Fun.Pos(), n.Fun.End(), "recorder.Fatalf")
		case "os.Exit":
			in.replace(n.Fun.Pos(), n.Fun.End(), "recorder.Exit")
		}
	}
	if sel.Sel.Name == "Close" && len(n.Args) == 0 && in.used(n) {
		if tv, ok := in.c.info.Types[n]; ok && tv.Type != nil && tv.Type.String() == "error" {
			in.wrap(n, "recorder.MayFail")
		}
	}
}

// listed says whether a name is the variable of a range over a list of funcs that
// return an error.
func (in *instrumenter) listed(id *ast.Ident) bool {
	obj := in.c.info.Uses[id]
	if obj == nil || obj.Type().String() != "func() error" {
		return false
	}
	for _, n := range in.stack {
		if r, ok := n.(*ast.RangeStmt); ok {
			if v, ok := r.Value.(*ast.Ident); ok && in.c.info.Defs[v] == obj {
				return true
			}
		}
	}
	return false
}

// used says whether somebody looks at the result of a call.
func (in *instrumenter) used(n *ast.CallExpr) bool {
	switch p := in.parent().(type) {
	case *ast.ExprStmt, *ast.DeferStmt, *ast.GoStmt:
		return false
	case *ast.AssignStmt:
		id, ok := p.Lhs[0].(*ast.Ident)
		return !ok || id.Name != "_"
	}
	return true
}

// sink is the recorder's function for a store to an expression: MovedAll when
// it outlives the program's function, Moved when it outlives the current one.
func (in *instrumenter) sink(e ast.Expr) string {
	direct := true
	for {
		if in.isNamed(e, "generated.test/ext", "Sink") {
			return "MovedAll"
		}
		switch x := e.(type) {
		case *ast.Ident:
			obj := in.c.info.Uses[x]
			v, ok := obj.(*types.Var)
			switch {
			case !ok:
				return ""
			case v.Pkg() != nil && v.Parent() == v.Pkg().Scope():
				return "MovedAll"
			case !direct && in.params[obj]:
				return "Moved"
			}
			return ""
		case *ast.SelectorExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		default:
			return ""
		}
		direct = false
	}
}

func (in *instrumenter) isNamed(e ast.Expr, pkg, name string) bool {
	t := in.c.info.TypeOf(e)
	if t == nil {
		return false
	}
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Name() == name && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == pkg
}

// apply returns the edited source with the recorder imported.
func (in *instrumenter) apply() []byte {
	sort.Slice(in.edits, func(i, j int) bool {
		a, b := in.edits[i], in.edits[j]
		switch {
		case a.from != b.from:
			return a.from < b.from
		case a.closing != b.closing:
			return a.closing
		case a.closing:
			return a.order > b.order
		}
		return a.order < b.order
	})
	var b strings.Builder
	at := 0
	for _, e := range in.edits {
		b.Write(in.c.src[at:e.from])
		b.WriteString(e.text)
		at = e.to
	}
	b.Write(in.c.src[at:])
	src := b.String()
	nl := strings.IndexByte(src, '\n')
	src = src[:nl] + `; import "redislint.test/recorder"` + src[nl:] + "\nvar _ = recorder.Fail\n"
	for _, imp := range in.c.file.Imports {
		switch imp.Path.Value {
		case `"log"`:
			src += "var _ = log.Fatal\n"
		case `"os"`:
			src += "var _ = os.Exit\n"
		}
	}
	return []byte(src)
}
