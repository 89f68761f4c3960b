// Package repair finds out how a resource that some path leaves open would be
// released on every path, where that is certain. The engines state facts, and a
// repair is none: this is where what could be harmed is asked.
package repair

import (
	"go/ast"
	"go/types"
	"reflect"
	"slices"

	"github.com/redislint/redislint/internal/lifetime"
	"github.com/redislint/redislint/internal/lifetime/facts"
	"github.com/redislint/redislint/internal/program"
	"github.com/redislint/redislint/internal/redisapi"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/astutil"
	"golang.org/x/tools/go/ssa"
)

// Analyzer prepares the repairs of a package. Its result is a *Result.
var Analyzer = &analysis.Analyzer{
	Name:       "repair",
	Doc:        "repair: find out how a resource that leaks would be released",
	Requires:   []*analysis.Analyzer{program.Analyzer, lifetime.Analyzer},
	Run:        run,
	ResultType: reflect.TypeFor[*Result](),
	FactTypes:  []analysis.Fact{&Quiet{}, &NeverNil{}},
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
	ReleaseOf(types.Type) []string
	ClosersOf(lifetime.Site) []string
	Ends(*ssa.Call) bool
	Exits(*lifetime.Resource) (root *ssa.Function, exits []lifetime.Exit, moves []ssa.Instruction, ok bool)
}

func run(pass *analysis.Pass) (any, error) {
	r := &Result{
		prog:  pass.ResultOf[program.Analyzer].(*program.Program),
		lives: pass.ResultOf[lifetime.Analyzer].(*lifetime.Result),
	}
	r.pass = program.WithoutLibraries(pass, r.prog.Table)
	if r.prog.Awaited() {
		r.exportQuiet()
	}
	return r, nil
}

// Of returns how to release a resource that leaks, or that is released by plain
// calls, or half a line that says why nothing is certain to be right.
func (r *Result) Of(x *lifetime.Resource) ([]analysis.SuggestedFix, Reason) {
	f, why := r.fixer(x)
	if why != "" {
		return nil, why
	}
	c := r.lives.Course(f.site)
	if c.GaveUp {
		return nil, TooMany
	}
	switch {
	case x.Overwritten.IsValid():
		return nil, Overwritten
	case len(x.Late) > 0:
		return nil, Afterwards
	case x.Undeferred != nil:
		return f.first(func() Reason { return f.deferred(c) })
	case len(x.Leaks) == 0:
		return nil, ""
	case f.site.Open().At.Param && x.Never:
		return f.first(func() Reason { return behind(f, c) })
	case c.Left || c.Given || c.Moved || len(x.Moved) > 0:
		return f.first(func() Reason { return throughout(f) }, f.exits, f.inBranch, func() Reason { return collected(f) }, func() Reason { return indexed(f) }, func() Reason { return divided(f) }, func() Reason { return withinLiteral(f) })
	case !x.Never:
		return f.first(func() Reason { return f.deferred(c) }, f.inBranch)
	}
	return f.first(func() Reason { return f.deferred(c) }, f.hoisted, func() Reason { return f.inGoroutine(c) }, func() Reason { return f.atIterationEnd(c) })
}

// OfOwner returns how a type releases what it keeps and forgets, or half a line
// that says why nothing is certain to be right.
func (r *Result) OfOwner(x *lifetime.Resource) ([]analysis.SuggestedFix, Reason) {
	f, why := r.fixer(x)
	if why != "" {
		return nil, why
	}
	return f.first(f.forgotten)
}

// first returns the first fix that is found, or the reason that tells most.
func (f *fixer) first(ways ...func() Reason) ([]analysis.SuggestedFix, Reason) {
	var why Reason
	for _, way := range ways {
		f.fix, f.twice, f.onlyIf, f.asserted, f.unsure, f.guarded = analysis.SuggestedFix{}, false, "", "", false, false
		reason := way()
		if reason == "" {
			return []analysis.SuggestedFix{f.fix}, ""
		}
		if why == "" || reason.tells(why) {
			why = reason
		}
	}
	return nil, why
}

// fixer prepares to look for the repair of a resource.
func (r *Result) fixer(x *lifetime.Resource) (*fixer, Reason) {
	site, ok := x.Site()
	if !ok {
		return nil, TooMany
	}
	switch x.Kind {
	case redisapi.Server, redisapi.Monitor:
		return nil, Works
	case redisapi.Worker:
		if !r.commanded(site) {
			return nil, Works
		}
	}
	if site.Open().Lent {
		return nil, Shared
	}
	f := &fixer{Result: r, site: site, open: x, info: r.pass.TypesInfo, fn: site.Func().Syntax(), call: x.Call}
	for _, file := range r.pass.Files {
		if file.FileStart <= f.call.Pos() && f.call.Pos() < file.FileEnd {
			f.file = file
		}
	}
	if f.fn == nil || f.file == nil {
		return nil, Layout
	}
	return f, ""
}

// A fixer looks for the repair of one resource.
type fixer struct {
	*Result
	site     lifetime.Site
	open     *lifetime.Resource
	info     *types.Info
	fn       ast.Node // function that opens the resource
	call     ast.Node // call that opens it
	file     *ast.File
	stmt     ast.Stmt          // statement that opens it
	rest     []ast.Stmt        // what follows in the same block
	holder   *types.Var        // the variable that holds the resource, or the owner whose field does
	target   *types.Var        // the variable that releases it: holder, or the cleanup function
	field    string            // the field of target that holds it, or ""
	method   *types.Func       // that releases it, or nil if target is called
	others   []ssa.Instruction // what opens what the variable holds, if that is set in several places
	asserted string            // the interface that the release needs, and the type of target does not have, or ""
	onlyIf   string            // the condition of the last release before a return
	unsure   bool              // the variable may be nil
	guarded  bool              // the release asks first whether it is
	twice    bool              // the release can be called again without harm
	fix      analysis.SuggestedFix
}

// release is the call that releases the resource: "rdb.Close()".
func (f *fixer) release() string {
	text := f.target.Name()
	if f.field != "" {
		text += "." + f.field
	}
	if f.method != nil {
		text += "." + f.method.Name()
	}
	return text + "()"
}

// locate finds the statement that opens the resource. It must be one of a
// block of the function itself, and no part of another.
func (f *fixer) locate() Reason {
	f.stmt, f.rest = nil, nil
	path, _ := astutil.PathEnclosingInterval(f.file, f.call.Pos(), f.call.End())
	for i, n := range path {
		switch n := n.(type) {
		case *ast.FuncLit, *ast.FuncDecl:
			if n != f.fn || f.stmt == nil {
				return Nameless
			}
			return ""
		case ast.Stmt:
			if f.stmt != nil || i+1 == len(path) {
				continue
			}
			switch n.(type) {
			case *ast.AssignStmt, *ast.DeclStmt:
			default:
				return Nameless
			}
			list := statements(path[i+1])
			at := slices.Index(list, n)
			if at < 0 {
				return Nameless
			}
			f.stmt, f.rest = n, list[at+1:]
		}
	}
	return Nameless
}

// held finds the variables that hold the resource and release it. Each is set
// once and its address is not taken.
func (f *fixer) held() Reason {
	if r := f.heldOrNil(); r != "" || !f.unsure {
		return r
	}
	return Nil
}

// heldOrNil does so, and notes if the variable may be nil.
func (f *fixer) heldOrNil() Reason {
	f.unsure = !f.certain(f.site)
	if f.unsure && f.site.Open().At.Param {
		return Nil
	}
	if r := f.variables(); r != "" || !f.unsure {
		return r
	}
	if f.target != f.holder || f.field != "" || f.asserted != "" || !mayBeNilType(f.holder.Type()) {
		return Nil
	}
	return ""
}

// variables finds them.
func (f *fixer) variables() Reason {
	if r := f.locate(); r != "" {
		return r
	}
	open := f.site.Open()
	syntax := f.prog.Source()
	if open.At.Param {
		return Nameless
	}
	f.field = ""
	bound := syntax.Bound(f.call, open.At.Index)
	if bound == nil || types.ExprString(bound) == "_" {
		return Nameless
	}
	if f.holder = f.local(bound); f.holder == nil {
		return Set
	}
	f.target = f.holder
	r := f.releasedBy(f.holder.Type(), open)
	if field := open.At.FieldOf(f.holder.Type()); r == NoMethod && field != nil && (field.Exported() || field.Pkg() == f.pass.Pkg) && f.neverSet(field) && !f.several(f.site) {
		f.field = field.Name()
		return f.releasedBy(field.Type(), open) // of an owner without a method of its own
	}
	return r
}

// several reports whether the call of a site opens another resource that leaks, too.
func (r *Result) several(s lifetime.Site) bool {
	return slices.ContainsFunc(r.lives.Sites(s.Func()), func(o lifetime.Site) bool {
		return o.Instr() == s.Instr() && o.Open().At.String() != s.Open().At.String() && len(r.lives.Course(o).Leaks) > 0
	})
}

// releasedBy finds the method of the holder, or the cleanup function, that
// releases the resource.
func (f *fixer) releasedBy(t types.Type, open facts.Open) Reason {
	f.method, f.asserted = nil, ""
	if open.At.Func {
		return ""
	}
	if open.Cleanup >= 0 {
		if cleanup := f.local(f.prog.Source().Bound(f.call, open.Cleanup)); cleanup != nil {
			f.target, f.field = cleanup, ""
			return ""
		}
	}
	if len(f.open.Release) == 0 {
		return NoMethod
	}
	var method *types.Func
	for _, name := range slices.Concat(f.open.Release[:1], f.lives.ClosersOf(f.site)) {
		obj, _, _ := types.LookupFieldOrMethod(t, true, f.pass.Pkg, name)
		if method, _ = obj.(*types.Func); method != nil {
			break
		}
	}
	if method == nil {
		return f.assertedBy(t, open)
	}
	if method.Signature().Params().Len() > 0 {
		return Arguments
	}
	f.method = method
	if recv := method.Signature().Recv(); recv != nil && method.Pkg() != nil {
		// A library's Close that returns an error returns one when it
		// is called again, and does nothing else.
		f.twice = f.prog.Table.Covers(method.Pkg().Path()) && method.Signature().Results().Len() == 1
	}
	return ""
}

// assertedBy finds the method of what a variable of an interface type holds that
// has no such method.
func (f *fixer) assertedBy(t types.Type, open facts.Open) Reason {
	dyn := f.site.Type()
	if c, ok := f.call.(*ast.CallExpr); ok && dyn == nil {
		dyn = f.info.TypeOf(c)
	}
	if dyn == nil || !types.IsInterface(t) || open.At.Shape != "" {
		return NoMethod
	}
	obj, _, _ := types.LookupFieldOrMethod(dyn, true, f.pass.Pkg, f.open.Release[0])
	method, _ := obj.(*types.Func)
	if method == nil || method.Signature().Params().Len() > 0 || method.Signature().Results().Len() != 1 || !isError(method.Signature().Results().At(0).Type()) {
		return NoMethod
	}
	f.method, f.asserted = method, "interface{ "+method.Name()+"() error }"
	return ""
}

// commanded reports whether what a site opens does what it is asked to by
// commands, as a queue's client does, and a queue's server does not.
func (r *Result) commanded(s lifetime.Site) bool {
	t := s.Type()
	if c, ok := s.Instr().(ssa.CallInstruction); ok && t == nil && !s.Open().At.Param {
		if results := c.Common().Signature().Results(); s.Open().At.Index < results.Len() {
			t = results.At(s.Open().At.Index).Type()
		}
	}
	if t == nil {
		return false
	}
	methods := types.NewMethodSet(t)
	for i := range methods.Len() {
		if m, ok := methods.At(i).Obj().(*types.Func); ok && r.prog.Table.Command(m) {
			return true
		}
	}
	return false
}
