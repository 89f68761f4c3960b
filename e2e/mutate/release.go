package main

import (
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/redislint/redislint/internal/driver"
	"github.com/redislint/redislint/internal/redisapi"
)

// A class is what the variable is that a release is reached through.
type class int

const (
	elsewhere class = iota // nothing that can be followed by reading one function
	local                  // a local variable of the function
	cleanup                // a local func variable, which another function returned
	parameter              // a parameter of the function
	owner                  // the receiver of the method
	element                // what a range statement gives
)

// A release is a call in the program that releases a resource, or an owner of
// one.
type release struct {
	pkg     *driver.Package
	file    string
	call    *ast.CallExpr
	operand ast.Expr     // what is released
	root    types.Object // the variable at its beginning
	class   class
	home    ast.Node // *ast.FuncDecl or *ast.FuncLit that declares root
	decl    *ast.FuncDecl
	stack   []ast.Node // from the file to the call
}

// finder knows which functions of a program release what they are given.
type finder struct {
	table    *redisapi.Table
	packages []driver.Package
	fset     *token.FileSet

	methods map[string]bool         // methods that release a part of their receiver, by full name
	types   []types.Type            // the types that declare them
	helpers map[string]map[int]bool // parameters that functions release, by full name
	makers  map[string]bool         // functions that return a func which releases
	own     map[*types.Package]bool
}

// releases finds the calls that release something, in the order of files and
// lines. Functions that release what they are given are found first, until
// there are no more.
func releases(table *redisapi.Table, packages []driver.Package, fset *token.FileSet) (*finder, []*release) {
	x := &finder{
		table: table, packages: packages, fset: fset,
		methods: map[string]bool{}, helpers: map[string]map[int]bool{}, makers: map[string]bool{}, own: map[*types.Package]bool{},
	}
	for _, p := range packages {
		x.own[p.Types] = true
	}
	for range 4 { // helpers of helpers of helpers
		before := len(x.methods) + len(x.helpers) + len(x.makers)
		for _, r := range x.scan() {
			x.learn(r)
		}
		if len(x.methods)+len(x.helpers)+len(x.makers) == before {
			break
		}
	}
	return x, x.scan()
}

// learn notes what a release makes of the function around it.
func (x *finder) learn(r *release) {
	fn, ok := r.pkg.Info.Defs[r.decl.Name].(*types.Func)
	if !ok {
		return
	}
	name := fn.FullName()
	switch r.class {
	case owner:
		if !x.methods[name] && releasing(fn.Name()) {
			x.methods[name] = true
			x.types = append(x.types, fn.Signature().Recv().Type())
		}
	case parameter:
		params := fn.Signature().Params()
		for i := range params.Len() {
			if params.At(i) == r.root {
				if x.helpers[name] == nil {
					x.helpers[name] = map[int]bool{}
				}
				x.helpers[name][i] = true
			}
		}
	case local, cleanup:
		results := fn.Signature().Results()
		for i := range results.Len() {
			if isCleanup(results.At(i).Type()) && insideLiteral(r) {
				x.makers[name] = true
			}
		}
	}
}

// insideLiteral reports whether a release is in a function literal that is not
// called where it stands.
func insideLiteral(r *release) bool {
	for i, n := range r.stack {
		if _, ok := n.(*ast.FuncLit); ok {
			call, called := r.stack[i-1].(*ast.CallExpr)
			if !called || call.Fun != n {
				return true
			}
		}
	}
	return false
}

// releasing reports whether a method is called what one that ends its receiver
// is called.
func releasing(name string) bool {
	switch strings.ToLower(name) {
	case "close", "stop", "shutdown", "release", "disconnect", "cleanup", "terminate", "teardown", "teardowntest", "teardownsuite",
		"destroy", "quit", "dispose", "end", "free", "finish", "stopall", "closeall", "ondestroy", "unsubscribe", "exit", "drain":
		return true
	}
	return strings.HasPrefix(name, "Close") || strings.HasPrefix(name, "close") || strings.HasPrefix(name, "Shutdown")
}

// isCleanup reports whether a type is a func that can be called to clean up.
func isCleanup(t types.Type) bool {
	sig, ok := t.Underlying().(*types.Signature)
	return ok && sig.Params().Len() == 0 && sig.Results().Len() <= 1 && (sig.Results().Len() == 0 || isError(sig.Results().At(0).Type()))
}

func isError(t types.Type) bool { return types.Identical(t, types.Universe.Lookup("error").Type()) }

// scan lists the releases as far as functions are known.
func (x *finder) scan() []*release {
	var list []*release
	for i := range x.packages {
		p := &x.packages[i]
		for _, f := range p.Files {
			if ast.IsGenerated(f) {
				continue
			}
			name := x.fset.File(f.FileStart).Name()
			var stack []ast.Node
			ast.Inspect(f, func(n ast.Node) bool {
				if n == nil {
					stack = stack[:len(stack)-1]
					return true
				}
				stack = append(stack, n)
				call, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				operand := x.released(p.Info, call)
				if operand == nil {
					return true
				}
				r := &release{pkg: p, file: name, call: call, operand: operand, stack: slices.Clone(stack)}
				for _, n := range stack {
					if d, ok := n.(*ast.FuncDecl); ok {
						r.decl = d
					}
				}
				if r.decl != nil && r.decl.Body != nil {
					x.classify(r)
					list = append(list, r)
				}
				return true
			})
		}
	}
	slices.SortStableFunc(list, func(a, b *release) int {
		if c := strings.Compare(a.file, b.file); c != 0 {
			return c
		}
		return int(a.call.Pos() - b.call.Pos())
	})
	return list
}

// released returns what a call releases, or nil.
func (x *finder) released(info *types.Info, call *ast.CallExpr) ast.Expr {
	if id, ok := call.Fun.(*ast.Ident); ok && len(call.Args) == 0 {
		if v, ok := info.Uses[id].(*types.Var); ok && isCleanup(v.Type()) {
			return id // whether a function that makes such funcs returned it is asked later
		}
	}
	fn, _ := typeutil.Callee(info, call).(*types.Func)
	if fn == nil {
		return nil
	}
	fn = fn.Origin()
	if known := x.table.Func(fn); known != nil {
		for _, i := range known.Releases {
			if fn.Signature().Recv() != nil {
				i--
			}
			if i >= 0 && i < len(call.Args) {
				return call.Args[i]
			}
		}
	}
	for i := range call.Args {
		if x.helpers[fn.FullName()][i] {
			return call.Args[i]
		}
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || len(call.Args) > 1 {
		return nil
	}
	selection := info.Selections[sel]
	if selection == nil {
		return nil
	}
	if x.methods[fn.FullName()] {
		return sel.X
	}
	// The method may be promoted from a field.
	t := selection.Recv()
	for _, i := range selection.Index()[:len(selection.Index())-1] {
		if x.releases(t, fn.Name()) {
			break
		}
		st, ok := deref(t).Underlying().(*types.Struct)
		if !ok {
			break
		}
		t = st.Field(i).Type()
	}
	if x.releases(t, fn.Name()) {
		return sel.X
	}
	if iface, ok := t.Underlying().(*types.Interface); ok && x.own[fn.Pkg()] && releasing(fn.Name()) {
		for _, t := range x.types {
			if types.Implements(t, iface) {
				return sel.X
			}
		}
	}
	return nil
}

// releases reports whether a method of that name releases a value of a type of
// a library. Test servers end with the test, and handles own nothing.
func (x *finder) releases(t types.Type, name string) bool {
	named, ok := types.Unalias(deref(t)).(*types.Named)
	if !ok {
		return false
	}
	known := x.table.Type(named.Obj())
	return known != nil && slices.Contains(known.Release, name) && known.Kind != redisapi.Server && known.Kind != redisapi.Handle
}

func deref(t types.Type) types.Type {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}

// classify finds the variable that a release is reached through.
func (x *finder) classify(r *release) {
	id := rootOf(r.operand)
	if id == nil {
		return
	}
	v, ok := r.pkg.Info.ObjectOf(id).(*types.Var)
	if !ok || v.IsField() || v.Parent() == r.pkg.Types.Scope() || v.Pkg() != r.pkg.Types {
		return
	}
	r.root = v
	// The innermost function that declares it.
	for _, n := range r.stack {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if within(v.Pos(), n) {
				r.home = n
			}
		case *ast.FuncLit:
			if within(v.Pos(), n) {
				r.home = n
			}
		}
	}
	if r.home == nil {
		return
	}
	switch {
	case r.decl.Recv != nil && within(v.Pos(), r.decl.Recv):
		if _, bare := ast.Unparen(r.operand).(*ast.Ident); !bare {
			r.class = owner
		}
		return
	case within(v.Pos(), r.decl.Type.Params):
		if call0(r.call) == nil { // a callback is no resource
			r.class = parameter
		}
		return
	}
	for _, n := range r.stack {
		if rs, ok := n.(*ast.RangeStmt); ok && v.Pos() >= rs.Pos() && v.Pos() < rs.Body.Pos() {
			r.class = element
			return
		}
		if lit, ok := n.(*ast.FuncLit); ok && within(v.Pos(), lit.Type.Params) {
			return // whoever calls it knows
		}
	}
	if ast.Unparen(r.operand) == call0(r.call) {
		if x.made(r) {
			r.class = cleanup
		}
		return
	}
	if x.opened(r) {
		r.class = local
	}
}

// opened reports whether the function that declares the variable of a release
// opens what is in it, or may.
func (x *finder) opened(r *release) bool {
	opens, found := r.opens(), false
	ast.Inspect(r.home, func(n ast.Node) bool {
		found = found || n != nil && opens(n)
		return !found
	})
	return found
}

// related lists the variables with which one stands for the same resource: its
// cleanup function, what shares it, or is shared by it.
func (x *finder) related(r *release) map[types.Object]bool {
	same := map[types.Object]bool{}
	object := func(e ast.Expr) types.Object {
		id, ok := ast.Unparen(e).(*ast.Ident)
		if !ok || id.Name == "_" {
			return nil
		}
		return r.pkg.Info.ObjectOf(id)
	}
	ast.Inspect(r.home, func(n ast.Node) bool {
		assign, ok := n.(*ast.AssignStmt)
		if !ok || len(assign.Rhs) != 1 {
			return true
		}
		e := ast.Unparen(assign.Rhs[0])
		if a, ok := e.(*ast.TypeAssertExpr); ok {
			e = a.X
		}
		call, ok := e.(*ast.CallExpr)
		if !ok {
			return true
		}
		var all []types.Object
		for _, l := range assign.Lhs {
			if obj := object(l); obj != nil && !isError(obj.Type()) {
				all = append(all, obj)
			}
		}
		fn, _ := typeutil.Callee(r.pkg.Info, call).(*types.Func)
		if fn != nil && x.table.Func(fn.Origin()) != nil {
			for _, a := range x.table.Func(fn.Origin()).Aliases {
				i := a.Param
				if fn.Signature().Recv() != nil {
					i--
				}
				if i >= 0 && i < len(call.Args) {
					if obj := object(call.Args[i]); obj != nil {
						all = append(all, obj)
					}
				}
			}
		}
		if slices.Contains(all, r.root) {
			for _, obj := range all {
				same[obj] = true
			}
		}
		return true
	})
	delete(same, r.root)
	return same
}

// call0 is the identifier of a called func variable, or nil.
func call0(call *ast.CallExpr) ast.Expr {
	if id, ok := call.Fun.(*ast.Ident); ok && len(call.Args) == 0 {
		return id
	}
	return nil
}

// made reports whether the func variable of a release got its value from a
// function that returns what releases.
func (x *finder) made(r *release) bool {
	found := false
	ast.Inspect(r.home, func(n ast.Node) bool {
		assign, ok := n.(*ast.AssignStmt)
		if !ok || len(assign.Rhs) != 1 {
			return true
		}
		call, ok := ast.Unparen(assign.Rhs[0]).(*ast.CallExpr)
		if !ok {
			return true
		}
		for i, l := range assign.Lhs {
			id, ok := l.(*ast.Ident)
			if !ok || r.pkg.Info.ObjectOf(id) != r.root {
				continue
			}
			fn, _ := typeutil.Callee(r.pkg.Info, call).(*types.Func)
			if fn == nil {
				continue
			}
			found = found || x.makers[fn.Origin().FullName()]
			if known := x.table.Func(fn.Origin()); known != nil {
				for _, o := range known.Opens {
					found = found || o.Cleanup == i
				}
			}
		}
		return true
	})
	return found
}

// rootOf is the variable at the beginning of a chain of selectors.
func rootOf(e ast.Expr) *ast.Ident {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return e
	case *ast.SelectorExpr:
		return rootOf(e.X)
	case *ast.StarExpr:
		return rootOf(e.X)
	case *ast.UnaryExpr:
		return rootOf(e.X)
	case *ast.TypeAssertExpr:
		return rootOf(e.X)
	}
	return nil
}

func within(pos token.Pos, n ast.Node) bool { return n.Pos() <= pos && pos < n.End() }

// outer is the statement of the function that declares the variable in which
// the release happens: what defers it, registers it, or is it.
func (r *release) outer() ast.Stmt {
	at := slices.Index(r.stack, r.home)
	last := len(r.stack)
	for i := at + 1; i < len(r.stack); i++ {
		if _, ok := r.stack[i].(*ast.FuncLit); ok {
			last = i
			break
		}
	}
	for i := last - 1; i > at; i-- {
		s, ok := r.stack[i].(ast.Stmt)
		if !ok {
			continue
		}
		if inList(r.stack[i-1], s) {
			return s
		}
	}
	return nil
}

// inner is the statement that is the release, or has it as its expression.
func (r *release) inner() ast.Stmt {
	for i := len(r.stack) - 1; i >= 0; i-- {
		switch n := r.stack[i].(type) {
		case *ast.FuncLit:
			return nil
		case ast.Stmt:
			return n
		}
	}
	return nil
}

// list is the statements that a node is made of, if other statements can stand
// between them.
func list(n ast.Node) []ast.Stmt {
	switch n := n.(type) {
	case *ast.BlockStmt:
		return n.List
	case *ast.CaseClause:
		return n.Body
	case *ast.CommClause:
		return n.Body
	}
	return nil
}

func inList(parent ast.Node, s ast.Stmt) bool { return slices.Contains(list(parent), s) }

// base names a file for people.
func base(root, file string) string {
	if rel, err := filepath.Rel(root, file); err == nil && filepath.IsLocal(rel) {
		return filepath.ToSlash(rel)
	}
	return file
}

// cleansUp reports whether the function that opens the variable of a release
// has somebody else release it, as a test helper does by t.Cleanup.
func (x *finder) cleansUp(r *release, rels []*release) bool {
	opens := r.opens()
	if opens == nil {
		return false
	}
	found := false
	ast.Inspect(r.home, func(n ast.Node) bool {
		if n == nil || !opens(n) {
			return true
		}
		ast.Inspect(n, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			fn, _ := typeutil.Callee(r.pkg.Info, call).(*types.Func)
			for _, o := range rels {
				if fn != nil && o.pkg.Info.Defs[o.decl.Name] == fn && registered(o) {
					found = true
				}
			}
			return true
		})
		return true
	})
	return found
}

// registered reports whether a release is in a function literal that somebody
// else is given, to be called at the end.
func registered(r *release) bool {
	for i, n := range r.stack {
		if _, ok := n.(*ast.FuncLit); ok && i > 0 {
			call, ok := r.stack[i-1].(*ast.CallExpr)
			if ok && slices.Contains(call.Args, n.(ast.Expr)) {
				return true
			}
		}
	}
	return false
}

// called reports whether anybody can call the method of a release: it has a
// name that other packages see, or its package calls one of that name.
func (x *finder) called(r *release) bool {
	if ast.IsExported(r.decl.Name.Name) {
		return true
	}
	found := false
	for _, p := range x.packages {
		if p.Types.Path() != r.pkg.Types.Path() {
			continue
		}
		for _, f := range p.Files {
			ast.Inspect(f, func(n ast.Node) bool {
				if sel, ok := n.(*ast.SelectorExpr); ok && sel.Sel.Name == r.decl.Name.Name {
					found = true
				}
				return !found
			})
		}
	}
	return found
}

// inMain reports whether a release is of a variable of the program's function
// main. What that opens lives as long as the process, and unclosed leaves it
// alone.
func (r *release) inMain() bool {
	return r.home == ast.Node(r.decl) && r.decl.Recv == nil && r.decl.Name.Name == "main" && r.pkg.Types.Name() == "main"
}

// fieldOf is the operand without the variable at its beginning: ".client".
func fieldOf(e ast.Expr) string {
	text := textOf(e)
	if i := strings.IndexByte(text, '.'); i >= 0 {
		return text[i:]
	}
	return ""
}

func textOf(e ast.Expr) string { return types.ExprString(e) }

// receiver is the type of the receiver of a release's method, as text.
func receiver(r *release) string {
	if r.decl.Recv == nil || len(r.decl.Recv.List) == 0 {
		return ""
	}
	return strings.TrimLeft(textOf(r.decl.Recv.List[0].Type), "*")
}
