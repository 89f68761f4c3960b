// Package repair finds out how one deferred call would release a resource on
// every path, where that is certain. The engines state facts, and a repair is
// none: this is where what could be harmed is asked.
package repair

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"slices"

	"github.com/redislint/redislint/internal/lifetime"
	"github.com/redislint/redislint/internal/program"
	"github.com/redislint/redislint/internal/redisapi"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/astutil"
	"golang.org/x/tools/go/ssa"
)

// Analyzer prepares the repairs of a package. Its result is a *Result.
var Analyzer = &analysis.Analyzer{
	Name:       "repair",
	Doc:        "repair: find out how a deferred call would release a resource",
	Requires:   []*analysis.Analyzer{program.Analyzer, lifetime.Analyzer},
	Run:        run,
	ResultType: reflect.TypeFor[*Result](),
	FactTypes:  []analysis.Fact{&Quiet{}},
}

// Result knows the repairs of one package. Several may ask it at the same time.
type Result struct {
	pass  *analysis.Pass
	prog  *program.Program
	lives lives
}

// lives is what is asked of the lives of resources.
type lives interface {
	Sites(*ssa.Function) []lifetime.Site
	Course(lifetime.Site) lifetime.Course
	ReleasesOf(lifetime.Site) (list []lifetime.Release, ok bool)
}

func run(pass *analysis.Pass) (any, error) {
	r := &Result{
		prog:  pass.ResultOf[program.Analyzer].(*program.Program),
		lives: pass.ResultOf[lifetime.Analyzer].(*lifetime.Result),
	}
	r.pass = program.WithoutLibraries(pass, r.prog.Table)
	r.exportQuiet()
	return r, nil
}

// A Repair is a deferred release that makes all others superfluous.
type Repair struct {
	After  ast.Stmt   // the statement after which the resource is open, whatever happens
	Pos    token.Pos  // the end of its line, where the deferred call is to stand
	Call   string     // the release: "rdb.Close()"
	Blank  bool       // its result is dropped by an assignment, as the file does it
	Join   string     // the result of the function that its error is joined to, as the function does it, or ""
	Delete []ast.Stmt // plain releases right before a return, which do the same
}

// Statement is the deferred call.
func (p *Repair) Statement() string {
	switch {
	case p.Join != "":
		return "defer func() { " + p.Join + " = errors.Join(" + p.Join + ", " + p.Call + ") }()"
	case p.Blank:
		return "defer func() { _ = " + p.Call + " }()"
	}
	return "defer " + p.Call
}

// Of returns how to release a resource that leaks, or that is released by
// plain calls. It is nil where a deferred call might do harm: where somebody
// else may own the resource, where a variable of its name may hold another
// one, where it may be nil, and in loops.
func (r *Result) Of(x *lifetime.Resource) *Repair {
	site, ok := x.Site()
	if !ok || x.Overwritten.IsValid() || len(x.Moved) > 0 || len(x.Late) > 0 {
		return nil
	}
	c := r.lives.Course(site)
	if c.GaveUp || c.Left || c.Given || c.Moved || len(c.Leaks) == 0 && x.Undeferred == nil {
		return nil
	}
	for _, l := range c.Leaks {
		if l.Again || l.WithError {
			return nil
		}
	}
	switch x.Kind {
	case redisapi.Worker, redisapi.Server, redisapi.Monitor:
		return nil // they work on their own
	}
	if !r.certain(site) || r.mayUseLater(site) {
		return nil
	}
	f := &fixer{Result: r, site: site, info: r.pass.TypesInfo, fn: site.Func().Syntax(), call: x.Call}
	if b := site.Instr().Block(); f.fn == nil || b == nil || ssaflow.Loops(site.Func())[b.Index] {
		return nil
	}
	return f.repair(x)
}

// A fixer looks for the repair of one resource.
type fixer struct {
	*Result
	site   lifetime.Site
	info   *types.Info
	fn     ast.Node // function that opens the resource
	call   ast.Node // call that opens it
	file   *ast.File
	stmt   ast.Stmt    // statement that opens it
	rest   []ast.Stmt  // what follows in the same block
	holder *types.Var  // the variable that holds the resource
	target *types.Var  // the variable that releases it: holder, or the cleanup function
	method *types.Func // that releases it, or nil if target is called
	twice  bool        // the release can be called again without harm
}

func (f *fixer) repair(x *lifetime.Resource) *Repair {
	if !f.locate() || !f.variables(x) || f.feedsOthers() || f.parallel() {
		return nil
	}
	p := &Repair{After: f.stmt, Call: f.target.Name() + "()"}
	if f.method != nil {
		p.Call = f.target.Name() + "." + f.method.Name() + "()"
		if recv := f.method.Signature().Recv(); recv != nil && f.method.Pkg() != nil {
			// A library's Close that returns an error returns one when it
			// is called again, and does nothing else.
			f.twice = f.prog.Table.Covers(f.method.Pkg().Path()) && f.method.Signature().Results().Len() == 1
		}
	}
	if f.site.Open().Err >= 0 {
		check := f.errorCheck()
		if check == nil {
			return nil
		}
		p.After = check
	}
	if !f.plain(p) {
		return nil
	}
	p.Pos = f.lineEnd(p.After)
	if !p.Pos.IsValid() {
		return nil
	}
	if f.method != nil && f.method.Signature().Results().Len() == 1 {
		p.Join = f.join(p.Pos)
		p.Blank = p.Join == "" && f.blank()
	}
	return p
}

// locate finds the statement that opens the resource. It must be one of a
// block of the function itself, not of a loop, and no part of another.
func (f *fixer) locate() bool {
	for _, file := range f.pass.Files {
		if file.FileStart <= f.call.Pos() && f.call.Pos() < file.FileEnd {
			f.file = file
		}
	}
	if f.file == nil {
		return false
	}
	path, _ := astutil.PathEnclosingInterval(f.file, f.call.Pos(), f.call.End())
	for i, n := range path {
		switch n := n.(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			return false
		case *ast.FuncLit, *ast.FuncDecl:
			return n == f.fn && f.stmt != nil
		case ast.Stmt:
			if f.stmt != nil || i+1 == len(path) {
				continue
			}
			switch n.(type) {
			case *ast.AssignStmt, *ast.DeclStmt:
			default:
				return false
			}
			list := statements(path[i+1])
			at := slices.Index(list, n)
			if at < 0 {
				return false
			}
			f.stmt, f.rest = n, list[at+1:]
		}
	}
	return false
}

// statements lists the statements of a block.
func statements(n ast.Node) []ast.Stmt {
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

// variables finds the variables that hold the resource and release it. Each
// is set once and its address is not taken.
func (f *fixer) variables(x *lifetime.Resource) bool {
	open := f.site.Open()
	syntax := f.prog.Source()
	if open.At.Param {
		return false
	}
	if f.holder = f.local(syntax.Bound(f.call, open.At.Index)); f.holder == nil {
		return false
	}
	f.target = f.holder
	if open.At.Func {
		return true
	}
	if open.Cleanup >= 0 {
		if cleanup := f.local(syntax.Bound(f.call, open.Cleanup)); cleanup != nil {
			f.target = cleanup
			return true
		}
	}
	if len(x.Release) == 0 {
		return false
	}
	obj, _, _ := types.LookupFieldOrMethod(f.holder.Type(), true, f.pass.Pkg, x.Release[0])
	f.method, _ = obj.(*types.Func)
	return f.method != nil && f.method.Signature().Params().Len() == 0
}

// local returns the local variable that an expression is, unless it may hold
// something else as well.
func (f *fixer) local(e ast.Expr) *types.Var {
	v, ok := f.prog.Source().Variable(e).(*types.Var)
	if !ok || v.Pos() < f.body().Pos() || f.body().End() <= v.Pos() {
		return nil
	}
	sets := f.prog.Source().Sets(v)
	if len(sets) > 1 || len(sets) == 1 && sets[0] != f.stmt.Pos() {
		return nil
	}
	shared := false
	ast.Inspect(f.body(), func(n ast.Node) bool {
		u, ok := n.(*ast.UnaryExpr)
		shared = shared || ok && u.Op == token.AND && f.is(u.X, v)
		return true
	})
	if shared {
		return nil
	}
	return v
}

func (f *fixer) body() *ast.BlockStmt {
	switch fn := f.fn.(type) {
	case *ast.FuncDecl:
		return fn.Body
	case *ast.FuncLit:
		return fn.Body
	}
	return nil
}

// is reports whether an expression is a variable.
func (f *fixer) is(e ast.Expr, v *types.Var) bool {
	id, ok := ast.Unparen(e).(*ast.Ident)
	return ok && f.info.ObjectOf(id) == v
}

func (f *fixer) mentions(n ast.Node, v *types.Var) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		found = found || ok && f.info.ObjectOf(id) == v
		return !found
	})
	return found
}

// feedsOthers reports whether another resource is opened with this one and
// lives longer than the function: a subscription does not survive its client.
func (f *fixer) feedsOthers() bool {
	for _, fn := range f.prog.Funcs {
		if n := fn.Syntax(); n == nil || n.Pos() < f.fn.Pos() || f.fn.End() < n.End() {
			continue
		}
		for _, s := range f.lives.Sites(fn) {
			n := f.prog.Source().At(s.Instr())
			if n == nil || n == f.call || !f.mentions(n, f.holder) {
				continue
			}
			if c := f.lives.Course(s); c.GaveUp || c.Left || c.Given || c.Moved {
				return true
			}
		}
	}
	return false
}

// parallel reports whether a subtest may use the resource that waits until the
// function has returned, and then runs in parallel.
func (f *fixer) parallel() bool {
	parallel, captured := false, false
	ast.Inspect(f.body(), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			parallel = parallel || n.Sel.Name == "Parallel"
		case *ast.FuncLit:
			captured = captured || f.mentions(n, f.holder)
		}
		return true
	})
	return parallel && captured
}

// errorCheck returns the statement right after the opening that leaves the
// block when the opening has failed.
func (f *fixer) errorCheck() ast.Stmt {
	assign, ok := f.stmt.(*ast.AssignStmt)
	if !ok || len(assign.Rhs) != 1 || program.Bare(assign.Rhs[0]) != f.call || len(f.rest) == 0 {
		return nil
	}
	failed, ok := f.prog.Source().Variable(f.prog.Source().Bound(f.call, f.site.Open().Err)).(*types.Var)
	if !ok {
		return nil
	}
	check, ok := f.rest[0].(*ast.IfStmt)
	if !ok || check.Init != nil || check.Else != nil || !f.leaves(check.Body) {
		return nil
	}
	cond, ok := ast.Unparen(check.Cond).(*ast.BinaryExpr)
	if !ok || cond.Op != token.NEQ {
		return nil
	}
	isNil := func(e ast.Expr) bool { return f.info.Types[e].IsNil() }
	if f.is(cond.X, failed) && isNil(cond.Y) || f.is(cond.Y, failed) && isNil(cond.X) {
		return check
	}
	return nil
}

// leaves reports whether control never passes the end of a block.
func (f *fixer) leaves(b *ast.BlockStmt) bool {
	if len(b.List) == 0 {
		return false
	}
	switch last := b.List[len(b.List)-1].(type) {
	case *ast.ReturnStmt:
		return true
	case *ast.BranchStmt:
		return last.Tok != token.FALLTHROUGH
	case *ast.ExprStmt:
		call, ok := last.X.(*ast.CallExpr)
		if !ok {
			return false
		}
		switch callee := f.callee(call).(type) {
		case *types.Builtin:
			return callee.Name() == "panic"
		case *types.Func:
			row := f.prog.Table.Func(callee)
			return row != nil && row.NoReturn
		}
	}
	return false
}

func (f *fixer) callee(call *ast.CallExpr) types.Object {
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		return f.info.Uses[fun]
	case *ast.SelectorExpr:
		return f.info.Uses[fun.Sel]
	}
	return nil
}

// plain decides what becomes of the plain releases that are there: those right
// before a return do the same as the deferred call and go; others stay, if
// they can be called twice. It reports false if they cannot.
func (f *fixer) plain(p *Repair) bool {
	released, ok := f.lives.ReleasesOf(f.site)
	if !ok {
		return false
	}
	for _, event := range released {
		call, ok := f.prog.Source().At(event.Instr).(*ast.CallExpr)
		if !ok || event.Deferred || event.Instr.Parent() != f.site.Func() || !f.releases(call) {
			return false
		}
	}
	ok = true
	var stack []ast.Node
	ast.Inspect(f.body(), func(n ast.Node) bool {
		if n == nil {
			stack = stack[:len(stack)-1]
			return true
		}
		if call, is := n.(*ast.CallExpr); is && f.releases(call) {
			switch stmt := f.superfluous(call, stack); {
			case stmt != nil:
				p.Delete = append(p.Delete, stmt)
			case !f.twice:
				ok = false
			}
		}
		stack = append(stack, n)
		return true
	})
	return ok
}

// releases reports whether a call is a release by the variable.
func (f *fixer) releases(call *ast.CallExpr) bool {
	if f.method == nil {
		return f.is(call.Fun, f.target)
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	return ok && f.is(sel.X, f.target) && slices.Contains(f.site.Open().Release, sel.Sel.Name)
}

// superfluous returns the statement that a release makes up, if the function
// returns right after it.
func (f *fixer) superfluous(call *ast.CallExpr, stack []ast.Node) ast.Stmt {
	var stmt ast.Stmt
	switch n := stack[len(stack)-1].(type) {
	case *ast.ExprStmt:
		stmt = n
	case *ast.AssignStmt:
		if id, ok := n.Lhs[0].(*ast.Ident); ok && len(n.Lhs) == 1 && id.Name == "_" {
			stmt = n
		}
	}
	if stmt == nil || len(stack) < 2 {
		return nil
	}
	block := stack[len(stack)-2]
	for _, n := range stack {
		if _, ok := n.(*ast.FuncLit); ok {
			return nil // what returns is another function
		}
	}
	list := statements(block)
	at := slices.Index(list, stmt)
	if at < 0 || !f.alone(block, list, at) {
		return nil
	}
	rest := list[at+1:]
	for _, s := range rest {
		if !f.quiet(s) {
			return nil
		}
	}
	if len(rest) == 0 {
		if block == f.body() {
			return stmt
		}
		return nil
	}
	if _, ok := rest[len(rest)-1].(*ast.ReturnStmt); !ok && block != f.body() {
		return nil
	}
	return stmt
}

// alone reports whether a statement has its lines for itself, and no comment
// is about it.
func (f *fixer) alone(block ast.Node, list []ast.Stmt, at int) bool {
	first, last := f.line(list[at].Pos()), f.line(list[at].End())
	before := block.Pos()
	if at > 0 {
		before = list[at-1].End()
	} else if c, ok := block.(*ast.CaseClause); ok {
		before = c.Colon
	} else if c, ok := block.(*ast.CommClause); ok {
		before = c.Colon
	}
	if f.line(before) == first || at+1 < len(list) && f.line(list[at+1].Pos()) == last {
		return false
	}
	if b, ok := block.(*ast.BlockStmt); ok && f.line(b.Rbrace) == last {
		return false
	}
	for _, c := range f.file.Comments {
		if f.line(c.End()) >= first-1 && f.line(c.Pos()) <= last && f.line(c.Pos()) > f.line(before) {
			return false
		}
		if f.line(c.Pos()) <= last && f.line(c.End()) >= first {
			return false
		}
	}
	return true
}

// quiet reports whether a statement does nothing that could wait for the
// release: it calls only what makes and writes texts.
func (f *fixer) quiet(s ast.Stmt) bool {
	switch s.(type) {
	case *ast.ReturnStmt, *ast.AssignStmt, *ast.ExprStmt:
	default:
		return false
	}
	ok := true
	ast.Inspect(s, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			ok = false
		case *ast.UnaryExpr:
			ok = ok && n.Op != token.ARROW
		case *ast.CallExpr:
			switch callee := f.callee(n).(type) {
			case *types.Builtin, *types.TypeName:
			case *types.Func:
				row := f.prog.Table.Func(callee)
				ok = ok && callee.Pkg() != nil && slices.Contains([]string{"errors", "fmt", "strconv", "strings"}, callee.Pkg().Path()) &&
					(row == nil || !row.NoReturn)
			default:
				ok = ok && f.info.Types[n.Fun].IsType()
			}
		}
		return ok
	})
	return ok
}

func (f *fixer) line(pos token.Pos) int { return f.pass.Fset.PositionFor(pos, false).Line }

// lineEnd is where the line ends on which a statement does, behind a comment.
func (f *fixer) lineEnd(s ast.Stmt) token.Pos {
	end := s.End()
	for _, group := range f.file.Comments {
		for _, c := range group.List {
			if c.Pos() < end || f.line(c.Pos()) != f.line(s.End()) {
				continue
			}
			if f.line(c.End()) != f.line(s.End()) {
				return token.NoPos
			}
			end = c.End()
		}
	}
	return end
}

// assignments yields the only statement of each deferred closure below a node.
func assignments(root ast.Node, yield func(*ast.AssignStmt)) {
	ast.Inspect(root, func(n ast.Node) bool {
		d, ok := n.(*ast.DeferStmt)
		if !ok {
			return true
		}
		if lit, ok := d.Call.Fun.(*ast.FuncLit); ok && len(lit.Body.List) == 1 {
			if a, ok := lit.Body.List[0].(*ast.AssignStmt); ok && len(a.Lhs) == 1 && len(a.Rhs) == 1 {
				yield(a)
			}
		}
		return true
	})
}

// blank reports whether the file drops results of deferred calls by assigning
// them to nothing.
func (f *fixer) blank() bool {
	found := false
	assignments(f.file, func(a *ast.AssignStmt) {
		id, ok := a.Lhs[0].(*ast.Ident)
		_, calls := a.Rhs[0].(*ast.CallExpr)
		found = found || ok && calls && id.Name == "_"
	})
	return found
}

// join returns the result of the function to which a deferred call of it joins
// its error, if its name means the same at a position.
func (f *fixer) join(pos token.Pos) string {
	results := f.site.Func().Signature.Results()
	name := ""
	assignments(f.body(), func(a *ast.AssignStmt) {
		id, ok := a.Lhs[0].(*ast.Ident)
		call, calls := a.Rhs[0].(*ast.CallExpr)
		if !ok || !calls || len(call.Args) < 2 {
			return
		}
		fn, ok := f.callee(call).(*types.Func)
		if !ok || fn.FullName() != "errors.Join" || types.ExprString(call.Fun) != "errors.Join" {
			return
		}
		for v := range results.Variables() {
			scope := f.pass.Pkg.Scope().Innermost(pos)
			if f.info.ObjectOf(id) != v || scope == nil {
				continue
			}
			if _, seen := scope.LookupParent(id.Name, pos); seen == v {
				name = id.Name
			}
		}
	})
	return name
}
