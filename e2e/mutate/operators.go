package main

import (
	"bytes"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// An operator removes or misplaces one release.
type operator struct {
	name  string
	about string
	rules []string // a finding of one of these is right
	tests bool     // it is asked in test files; otherwise the rules leave those alone, as the test itself fails
	apply func(x *finder, r *release, others []*release) []mutation
}

// A mutation is one way to write a mutant: the edits of a file. Line breaks are
// kept, so that lines stay what they are.
type mutation []edit

type edit struct {
	pos, end token.Pos
	text     string
}

// asked is a variable that mutants ask: nobody knows what is in it.
const asked = "redislintMutant"

var leaks = []string{"unclosed"}

// operators lists them in the order of the report.
func operators() []operator {
	return []operator{
		{"delete", "the release is gone", leaks, true, ofClass(remove, local)},
		{"field", "a method of the owner forgets it", leaks, true, ofClass(remove, owner)},
		{"cleanup", "the cleanup function is not called", leaks, true, ofClass(remove, cleanup)},
		{"callee", "a function that released its parameter does not", leaks, true, ofClass(remove, parameter)},
		{"element", "the loop over a container releases nothing", leaks, true, ofClass(remove, element)},
		{"branch", "only under a condition", leaks, true, branch},
		{"onerror", "only if there was an error", leaks, true, onError},
		{"return", "behind an early return", leaks, true, earlyReturn},
		{"continue", "behind a continue", leaks, true, earlyContinue},
		{"break", "the loop over a container stops early", leaks, true, earlyBreak},
		{"fielderr", "a method of the owner returns when closing another field fails", leaks, true, fieldError},
		{"swap", "another variable is released", leaks, true, swap},
		{"unchecked", "before the error of opening is checked", []string{"afterclose", "unclosed", "undeferred"}, false, beforeCheck},
		{"inloop", "deferred in the loop that opens", []string{"inloop", "unclosed"}, false, deferInLoop},
		{"early", "at once, not deferred", []string{"afterclose", "escape", "undeferred"}, false, early},
		{"unjoin", "before a goroutine has ended that uses it", []string{"afterclose", "escape"}, false, unjoin},
	}
}

func ofClass(f func(*finder, *release, []*release) []mutation, classes ...class) func(*finder, *release, []*release) []mutation {
	return func(x *finder, r *release, others []*release) []mutation {
		if !slices.Contains(classes, r.class) {
			return nil
		}
		return f(x, r, others)
	}
}

// followed reports whether one function tells if a release matters.
func (r *release) followed() bool { return r.class != elsewhere && r.class != element }

// misplaced are the releases that are put under conditions. The methods of
// owners are left out: that one closes a field under a condition is right as a
// rule, because the field may be empty, shared, or closed already.
func (r *release) misplaced() bool { return r.followed() && r.class != owner }

// remove takes the release away.
func remove(x *finder, r *release, others []*release) []mutation {
	if r.followed() && !r.matters(others) {
		return nil
	}
	return r.without(x)
}

// without is the mutation that a release is not there, in two ways: what it
// mentions is still mentioned, or not.
func (r *release) without(x *finder) []mutation {
	var mentions []string
	for _, e := range append([]ast.Expr{r.operand}, r.call.Args...) {
		if simple(e) && !slices.Contains(mentions, types.ExprString(e)) {
			mentions = append(mentions, types.ExprString(e))
		}
	}
	mention := ""
	if len(mentions) > 0 {
		mention = strings.Repeat("_, ", len(mentions)-1) + "_ = " + strings.Join(mentions, ", ")
	}
	switch s := r.inner().(type) {
	case *ast.ExprStmt:
		if s.X == r.call {
			return []mutation{{{s.Pos(), s.End(), mention}}}
		}
	case *ast.DeferStmt:
		if s.Call == r.call {
			return []mutation{{{s.Pos(), s.End(), mention}}}
		}
	case *ast.GoStmt:
		if s.Call == r.call {
			return []mutation{{{s.Pos(), s.End(), mention}}}
		}
	}
	if t := r.pkg.Info.TypeOf(r.call); t == nil || !isError(t) {
		return nil
	}
	all := []mutation{{{r.call.Pos(), r.call.End(), "error(nil)"}}}
	if s := r.inner(); s != nil && mention != "" {
		if i := slices.Index(r.stack, ast.Node(s)); i > 0 && inList(r.stack[i-1], s) {
			all = append(all, mutation{{s.Pos(), s.Pos(), mention + "; "}, {r.call.Pos(), r.call.End(), "error(nil)"}})
		}
	}
	return all
}

// simple reports whether an expression can be mentioned without doing anything.
func simple(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return e.Name != "nil" && e.Name != "_"
	case *ast.SelectorExpr:
		return simple(e.X)
	}
	return false
}

// wrapped reports whether a statement can be put into a block.
func wrapped(s ast.Stmt) bool {
	switch s := s.(type) {
	case *ast.ExprStmt, *ast.DeferStmt, *ast.GoStmt, *ast.IfStmt:
		return true
	case *ast.AssignStmt:
		return s.Tok == token.ASSIGN
	}
	return false
}

func wrap(s ast.Stmt, condition string) []mutation {
	return []mutation{{{s.Pos(), s.Pos(), "if " + condition + " { "}, {s.End(), s.End(), " }"}}}
}

// conditional is the statement that can be put under a condition: the one of
// the function around, or that of the function literal which it returns.
func (r *release) conditional() ast.Stmt {
	for _, s := range []ast.Stmt{r.outer(), r.inner()} {
		if s != nil && wrapped(s) && inList(r.stack[slices.Index(r.stack, ast.Node(s))-1], s) {
			return s
		}
	}
	return nil
}

// branch releases only under a condition.
func branch(x *finder, r *release, others []*release) []mutation {
	s := r.conditional()
	if !r.misplaced() || s == nil || !r.matters(others) {
		return nil
	}
	return wrap(s, asked+" > 0")
}

// onError releases only if the error that is at hand is one.
func onError(x *finder, r *release, others []*release) []mutation {
	s := r.conditional()
	if !r.misplaced() || s == nil || !r.matters(others) {
		return nil
	}
	scope := r.pkg.Types.Scope().Innermost(s.Pos())
	if scope == nil {
		return nil
	}
	_, obj := scope.LookupParent("err", s.Pos())
	if v, ok := obj.(*types.Var); !ok || !isError(v.Type()) || !within(v.Pos(), r.home) {
		return nil
	}
	for _, n := range r.stack {
		if check, ok := n.(*ast.IfStmt); ok && within(s.Pos(), check.Body) && r.asks(check.Cond, obj) {
			return nil // it is an error there
		}
	}
	return wrap(s, "err != nil")
}

// earlyReturn returns before the release is met.
func earlyReturn(x *finder, r *release, others []*release) []mutation {
	s := r.outer()
	if !r.misplaced() || s == nil || !r.needed(others) {
		return nil
	}
	values, ok := r.zeros(x)
	if !ok {
		return nil
	}
	return []mutation{{{s.Pos(), s.Pos(), "if " + asked + " > 0 { return " + values + " }; "}}}
}

// zeros are the zero values of the function's results, as text.
func (r *release) zeros(x *finder) (string, bool) {
	var results *ast.FieldList
	switch home := r.home.(type) {
	case *ast.FuncDecl:
		results = home.Type.Results
	case *ast.FuncLit:
		results = home.Type.Results
	}
	if results == nil {
		return "", true
	}
	var values []string
	for _, f := range results.List {
		var text bytes.Buffer
		text.WriteString(types.ExprString(f.Type))
		if len(f.Names) > 0 {
			return "", true
		}
		values = append(values, "*new("+text.String()+")")
	}
	return strings.Join(values, ", "), true
}

// loop is the innermost loop of the function that declares the variable which
// the release is in, if the variable is declared in its body.
func (r *release) loop() *ast.BlockStmt {
	s := r.outer()
	for i := slices.Index(r.stack, ast.Node(s)); s != nil && i > 0 && r.stack[i] != r.home; i-- {
		var body *ast.BlockStmt
		switch n := r.stack[i].(type) {
		case *ast.ForStmt:
			body = n.Body
		case *ast.RangeStmt:
			body = n.Body
		default:
			continue
		}
		if r.root != nil && within(r.root.Pos(), body) && r.class != element {
			return body
		}
		return nil
	}
	return nil
}

// earlyContinue goes on with the next iteration before the release is met.
func earlyContinue(x *finder, r *release, others []*release) []mutation {
	s := r.outer()
	if r.class != local && r.class != cleanup || s == nil || r.loop() == nil || !r.needed(others) {
		return nil
	}
	return []mutation{{{s.Pos(), s.Pos(), "if " + asked + " > 0 { continue }; "}}}
}

// earlyBreak releases the first element alone.
func earlyBreak(x *finder, r *release, others []*release) []mutation {
	s := r.inner()
	if r.class != element || s == nil {
		return nil
	}
	i := slices.Index(r.stack, ast.Node(s))
	if i < 0 || !inList(r.stack[i-1], s) {
		return nil
	}
	return []mutation{{{s.End(), s.End(), "; if " + asked + " > 0 { break }"}}}
}

// fieldError returns the error of the release before, if there is one.
func fieldError(x *finder, r *release, others []*release) []mutation {
	s, ok := r.inner().(*ast.ExprStmt)
	if r.class != owner || !ok || !r.matters(others) {
		return nil
	}
	i := slices.Index(r.stack, ast.Node(s))
	block := list(r.stack[i-1])
	at := slices.Index(block, ast.Stmt(s))
	results := r.decl.Type.Results
	if at < 1 || results == nil || len(results.List) != 1 || textOf(results.List[0].Type) != "error" {
		return nil
	}
	before, ok := block[at-1].(*ast.ExprStmt)
	if !ok || !errorTyped(r.pkg.Info.TypeOf(before.X)) {
		return nil
	}
	return []mutation{{{before.Pos(), before.Pos(), "if err := "}, {before.End(), before.End(), "; err != nil { return err }"}}}
}

// swap releases another variable of the same type.
func swap(x *finder, r *release, others []*release) []mutation {
	id, ok := ast.Unparen(r.operand).(*ast.Ident)
	if r.class != local || !ok || !r.matters(others) {
		return nil
	}
	same := x.related(r)
	scope := r.pkg.Types.Scope().Innermost(r.call.Pos())
	for ; scope != nil && scope != r.pkg.Types.Scope(); scope = scope.Parent() {
		for _, name := range scope.Names() {
			v, ok := scope.Lookup(name).(*types.Var)
			if !ok || v == r.root || same[v] || name == "_" || v.Pos() > r.call.Pos() || !types.Identical(v.Type(), r.root.Type()) || !within(v.Pos(), r.home) {
				continue
			}
			if _, now := r.pkg.Types.Scope().Innermost(r.call.Pos()).LookupParent(name, r.call.Pos()); now != v {
				continue
			}
			all := []mutation{{{id.Pos(), id.End(), name}}}
			if s := r.outer(); s != nil {
				all = append(all, mutation{{s.Pos(), s.Pos(), "_ = " + id.Name + "; "}, {id.Pos(), id.End(), name}})
			}
			return all
		}
	}
	return nil
}

// beforeCheck defers the release before the error of opening is asked.
func beforeCheck(x *finder, r *release, others []*release) []mutation {
	s, ok := r.outer().(*ast.DeferStmt)
	if r.class != local || !ok {
		return nil
	}
	i := slices.Index(r.stack, ast.Node(s))
	block := list(r.stack[i-1])
	at := slices.Index(block, ast.Stmt(s))
	if at < 2 || !r.opens()(block[at-2]) {
		return nil
	}
	check, ok := block[at-1].(*ast.IfStmt)
	if !ok || check.Init != nil || !asksError(check.Cond) || len(check.Body.List) == 0 {
		return nil
	}
	if _, ok := check.Body.List[len(check.Body.List)-1].(*ast.ReturnStmt); !ok {
		return nil // what is deferred does not run where the process ends
	}
	return []mutation{{{check.Pos(), check.Pos(), "\x00"}, {s.Pos(), s.End(), ""}}}
}

// asksError reports whether a condition is err != nil, of a variable.
func asksError(e ast.Expr) bool {
	b, ok := e.(*ast.BinaryExpr)
	if !ok || b.Op != token.NEQ || !isNil(b.Y) {
		return false
	}
	_, ok = ast.Unparen(b.X).(*ast.Ident)
	return ok
}

// asks reports whether a condition is err != nil, of that variable.
func (r *release) asks(e ast.Expr, err types.Object) bool {
	if !asksError(e) {
		return false
	}
	return r.pkg.Info.Uses[ast.Unparen(e.(*ast.BinaryExpr).X).(*ast.Ident)] == err
}

// deferInLoop defers the release in the loop that opens.
func deferInLoop(x *finder, r *release, others []*release) []mutation {
	s, ok := r.outer().(*ast.ExprStmt)
	if r.class != local || !ok || s.X != r.call || r.loop() == nil || !r.needed(others) {
		return nil
	}
	return []mutation{{{s.Pos(), s.Pos(), "defer "}}}
}

// early releases where the release was deferred, although the resource is used
// later.
func early(x *finder, r *release, others []*release) []mutation {
	s, ok := r.outer().(*ast.DeferStmt)
	if r.class != local || !ok || s.Call != r.call || !r.usedAfter(s.End()) {
		return nil
	}
	return []mutation{{{s.Pos(), s.Pos() + token.Pos(len("defer")), "     "}}}
}

// usedAfter reports whether a method is called on the variable later, in the
// text, other than to release it.
func (r *release) usedAfter(pos token.Pos) bool {
	used := false
	ast.Inspect(r.home, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || call.Pos() < pos || call == r.call {
			return true
		}
		if sel, ok := call.Fun.(*ast.SelectorExpr); ok && !releasing(sel.Sel.Name) {
			if id, ok := ast.Unparen(sel.X).(*ast.Ident); ok && r.pkg.Info.Uses[id] == r.root {
				used = true
			}
		}
		return true
	})
	return used
}

// unjoin does not wait for a goroutine that uses the resource.
func unjoin(x *finder, r *release, others []*release) []mutation {
	s, ok := r.outer().(*ast.DeferStmt)
	if r.class != local || !ok {
		return nil
	}
	var uses bool // a goroutine uses it
	var wait ast.Stmt
	waiting := 0 // a second wait may be for the same goroutine
	ast.Inspect(bodyOf(r.home), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			if n.Pos() > s.End() && mentions(r, n) {
				uses = true
			}
			return false
		case *ast.FuncLit:
			return false
		case *ast.ExprStmt:
			if waits(n.X) {
				waiting++
			}
			if uses && wait == nil && waits(n.X) {
				wait = n
			}
		}
		return true
	})
	if wait == nil || waiting > 1 {
		return nil
	}
	return []mutation{{{wait.Pos(), wait.End(), ""}}}
}

func mentions(r *release, n ast.Node) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && r.pkg.Info.Uses[id] == r.root {
			found = true
		}
		return true
	})
	return found
}

// waits reports whether an expression waits for goroutines.
func waits(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.UnaryExpr:
		return e.Op == token.ARROW
	case *ast.CallExpr:
		sel, ok := e.Fun.(*ast.SelectorExpr)
		return ok && sel.Sel.Name == "Wait" && len(e.Args) == 0
	}
	return false
}

// write applies a mutation to the text of a file, and declares the flag if it
// asks it.
func (x *finder) write(src []byte, m mutation) []byte {
	offset := func(p token.Pos) int { return x.fset.PositionFor(p, false).Offset }
	edits := slices.Clone(m)
	// A text that moves stands at the first of two edits, on one line.
	if len(edits) == 2 && edits[0].text == "\x00" {
		moved := string(src[offset(edits[1].pos):offset(edits[1].end)])
		edits[0].text = strings.Join(strings.Fields(moved), " ") + "; "
		if strings.Contains(moved, "\n") {
			edits[0].text = "" // it would not compile on one line
			return nil
		}
	}
	var out bytes.Buffer
	last := 0
	for _, e := range edits {
		out.Write(src[last:offset(e.pos)])
		old := src[offset(e.pos):offset(e.end)]
		out.WriteString(e.text)
		if n := bytes.Count(old, []byte("\n")) - strings.Count(e.text, "\n"); n > 0 {
			out.WriteString(strings.Repeat("\n", n))
		}
		last = offset(e.end)
	}
	out.Write(src[last:])
	if bytes.Contains(out.Bytes(), []byte(asked)) {
		out.WriteString("\nvar " + asked + " int\n")
	}
	return out.Bytes()
}

func errorTyped(t types.Type) bool { return t != nil && isError(t) }
