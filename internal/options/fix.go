package options

import (
	"fmt"
	"go/ast"
	"go/format"
	"go/token"
	"go/types"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/tools/go/analysis"
)

// Repair is the edits that give settings a value which no rule minds: limit
// to a timeout, and to others what the rows say. It is nil if they cannot be
// made without a risk.
func (set *Set) Repair(list []Setting, limit time.Duration) []analysis.TextEdit {
	f := newFixer(set, limit)
	if f == nil {
		return nil
	}
	var adds []add
	for _, x := range list {
		if x.Call {
			return f.rewrite(x)
		}
		text, ok := f.value(x)
		if !ok {
			return nil
		}
		var exprs []ast.Expr
		left := false // to a default, on some path
		for _, v := range x.Values {
			switch {
			case v.kind == unset:
				left = true
			case v.kind != isKnown:
			case v.Expr == nil && set.lit != nil:
				return nil // whoever sets it has the word after the literal
			case v.Expr == nil:
				left = true
			case !slices.Contains(exprs, v.Expr):
				exprs = append(exprs, v.Expr)
			}
		}
		for _, expr := range exprs {
			f.edits = append(f.edits, analysis.TextEdit{Pos: expr.Pos(), End: expr.End(), NewText: []byte(text)})
		}
		if left || len(exprs) == 0 {
			if x.Path == nil {
				return nil
			}
			adds = append(adds, add{x.Path, text, x.Option})
		}
	}
	if !f.add(adds) {
		return nil
	}
	return f.finish()
}

// add is a value to be put where there was none.
type add struct {
	path   []string
	text   string
	option bool // the last of path is called with it
}

func (a add) call(pkg string) string {
	name := a.path[len(a.path)-1]
	if strings.Contains(a.text, name+"(") {
		return a.text // the row says how
	}
	return pkg + name + "(" + a.text + ")"
}

// fixer makes the edits of a repair, all in one file.
type fixer struct {
	set     *Set
	pass    *analysis.Pass
	file    *ast.File
	start   token.Pos
	text    []byte // of the file
	limit   time.Duration
	edits   []analysis.TextEdit
	imports []string // added
	failed  bool
}

func newFixer(set *Set, limit time.Duration) *fixer {
	f := &fixer{set: set, pass: set.engine.pass, limit: limit}
	for _, file := range f.pass.Files {
		if file.FileStart <= set.Pos && set.Pos < file.FileEnd {
			f.file, f.start = file, file.FileStart
		}
	}
	if f.file == nil {
		return nil
	}
	name := f.pass.Fset.File(f.start).Name()
	read := f.pass.ReadFile
	if read == nil {
		read = os.ReadFile
	}
	var err error
	if f.text, err = read(name); err != nil || len(f.text) != f.pass.Fset.File(f.start).Size() {
		return nil
	}
	return f
}

// finish makes one edit of those in the literal, or else in the call, and
// formats what becomes of it.
func (f *fixer) finish() []analysis.TextEdit {
	if f.failed {
		return nil
	}
	var whole ast.Expr
	switch {
	case f.set.lit != nil:
		whole = f.set.lit
	case f.set.call != nil:
		whole = f.set.call
	}
	var inside, outside []analysis.TextEdit
	for _, e := range f.edits {
		switch {
		case e.Pos < f.file.FileStart || e.End > f.file.FileEnd:
			return nil // another file
		case whole != nil && whole.Pos() <= e.Pos && e.End <= whole.End() && (e.Pos < e.End || e.Pos > whole.Pos()):
			inside = append(inside, e)
		default:
			outside = append(outside, e)
		}
	}
	if len(inside) == 0 {
		return outside
	}
	slices.SortStableFunc(inside, func(a, b analysis.TextEdit) int { return int(a.Pos - b.Pos) })
	var b strings.Builder
	pos := whole.Pos()
	for _, e := range inside {
		if e.Pos < pos {
			return nil
		}
		b.Write(f.source(pos, e.Pos))
		b.Write(e.NewText)
		pos = e.End
	}
	b.Write(f.source(pos, whole.End()))
	text, ok := f.format(b.String(), whole.Pos())
	if !ok {
		return nil
	}
	return append(outside, analysis.TextEdit{Pos: whole.Pos(), End: whole.End(), NewText: []byte(text)})
}

// format formats an expression as it stands at a position.
func (f *fixer) format(expr string, pos token.Pos) (string, bool) {
	prefix := f.indent(pos) + "_ = "
	out, err := format.Source([]byte(prefix + expr))
	if err != nil {
		return "", false
	}
	return strings.CutPrefix(string(out), prefix)
}

func (f *fixer) source(from, to token.Pos) []byte { return f.text[from-f.start : to-f.start] }

// indent is the tabs that the line of a position begins with.
func (f *fixer) indent(pos token.Pos) string {
	i := int(pos - f.start)
	begin := strings.LastIndexByte(string(f.text[:i]), '\n') + 1
	end := begin
	for end < i && f.text[end] == '\t' {
		end++
	}
	return string(f.text[begin:end])
}

func (f *fixer) line(pos token.Pos) int { return f.pass.Fset.PositionFor(pos, false).Line }

// value is the source of the value that a setting gets.
func (f *fixer) value(x Setting) (string, bool) {
	switch {
	case x.Code != "":
		return f.code(x.Code), !f.failed
	case x.Role.Timeout():
		return f.duration(x), !f.failed
	case strings.Contains(x.OK, "."):
		i := strings.LastIndexByte(x.OK, '.')
		return f.pkg(x.OK[:i]) + x.OK[i+1:], !f.failed
	case x.OK != "":
		return x.OK, true
	case len(x.Off) > 0:
		return x.Off[0], true
	}
	return "", false
}

func (f *fixer) duration(x Setting) string {
	if x.Seconds {
		return fmt.Sprint(max(1, int64(f.limit/time.Second)))
	}
	pkg := f.pkg("time")
	for _, u := range []struct {
		d    time.Duration
		name string
	}{{time.Minute, "Minute"}, {time.Second, "Second"}, {time.Millisecond, "Millisecond"}} {
		if f.limit%u.d == 0 {
			if f.limit == u.d {
				return pkg + u.name
			}
			return fmt.Sprintf("%d * %s%s", f.limit/u.d, pkg, u.name)
		}
	}
	return fmt.Sprint(int64(f.limit))
}

var codeRE = regexp.MustCompile(`\{([^{}\s]+)\}|PKG\.|LIMIT|ARGS`)

// code fills in the source that a row has for a repair.
func (f *fixer) code(code string) string {
	return codeRE.ReplaceAllStringFunc(code, func(s string) string {
		switch s {
		case "PKG.":
			return f.library()
		case "LIMIT":
			return f.duration(Setting{})
		case "ARGS":
			call := f.set.call
			if call == nil || call.Ellipsis.IsValid() || len(call.Args) == 0 {
				f.failed = true
				return ""
			}
			return string(f.source(call.Args[0].Pos(), call.Args[len(call.Args)-1].End()))
		}
		return strings.TrimSuffix(f.pkg(s[1:len(s)-1]), ".")
	})
}

// library is the qualifier of the library whose function is called.
func (f *fixer) library() string {
	if f.set.call != nil {
		var id *ast.Ident
		switch fun := ast.Unparen(f.set.call.Fun).(type) {
		case *ast.SelectorExpr:
			id = fun.Sel
		case *ast.Ident:
			id = fun
		}
		if id != nil {
			if obj := f.pass.TypesInfo.Uses[id]; obj != nil && obj.Pkg() != nil {
				return f.pkg(obj.Pkg().Path())
			}
		}
	}
	f.failed = true
	return ""
}

// rewrite replaces the call by another.
func (f *fixer) rewrite(x Setting) []analysis.TextEdit {
	if f.set.call == nil || x.Code == "" {
		return nil
	}
	text, ok := f.format(f.code(x.Code), f.set.call.Pos())
	if !ok || f.failed {
		return nil
	}
	return append(f.edits, analysis.TextEdit{Pos: f.set.call.Pos(), End: f.set.call.End(), NewText: []byte(text)})
}

// pkg is the qualifier of a package, which is imported if it was not.
func (f *fixer) pkg(path string) string {
	name := path[strings.LastIndexByte(path, '/')+1:]
	for _, spec := range f.file.Imports {
		if spec.Path.Value != `"`+path+`"` {
			continue
		}
		name := f.pass.TypesInfo.PkgNameOf(spec)
		if name == nil || name.Name() == "_" {
			continue
		}
		if name.Name() == "." {
			return ""
		}
		if !f.means(name.Name(), name) {
			f.failed = true
		}
		return name.Name() + "."
	}
	if !f.means(name, nil) {
		f.failed = true
	}
	if !slices.Contains(f.imports, path) {
		f.imports = append(f.imports, path)
		f.importIt(path)
	}
	return name + "."
}

// means tells whether a name stands for an object where the repair is made.
func (f *fixer) means(name string, want types.Object) bool {
	scope := f.pass.TypesInfo.Scopes[f.file]
	if inner := scope.Innermost(f.set.Pos); inner != nil {
		scope = inner
	}
	_, obj := scope.LookupParent(name, f.set.Pos)
	return obj == want
}

// importIt adds an import, in the order of the group that it belongs to.
func (f *fixer) importIt(path string) {
	text := `"` + path + `"`
	var decl *ast.GenDecl
	for _, d := range f.file.Decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.IMPORT && len(g.Specs) > 0 {
			if decl == nil || g.Lparen.IsValid() && !decl.Lparen.IsValid() {
				decl = g
			}
		}
	}
	if decl == nil {
		f.edits = append(f.edits, analysis.TextEdit{Pos: f.file.Name.End(), End: f.file.Name.End(), NewText: []byte("\n\nimport " + text)})
		return
	}
	if !decl.Lparen.IsValid() {
		f.edits = append(f.edits, analysis.TextEdit{Pos: decl.Pos(), End: decl.Pos(), NewText: []byte("import " + text + "\n")})
		return
	}
	// Parts of the declaration, which other rules read at the same time.
	var groups [][]ast.Spec
	first := 0
	for i := 1; i < len(decl.Specs); i++ {
		if f.line(decl.Specs[i].Pos())-f.line(decl.Specs[i-1].End()) > 1 {
			groups = append(groups, decl.Specs[first:i])
			first = i
		}
	}
	groups = append(groups, decl.Specs[first:])
	outside := func(p string) bool { first, _, _ := strings.Cut(p, "/"); return strings.Contains(first, ".") }
	value := func(s ast.Spec) string { return strings.Trim(s.(*ast.ImportSpec).Path.Value, `"`) }
	into := groups[0]
	for _, g := range groups {
		if outside(value(g[0])) == outside(path) {
			into = g
			break
		}
	}
	for _, s := range into {
		if value(s) > path {
			f.edits = append(f.edits, analysis.TextEdit{Pos: s.Pos(), End: s.Pos(), NewText: []byte(text + "\n\t")})
			return
		}
	}
	end := into[len(into)-1].End()
	f.edits = append(f.edits, analysis.TextEdit{Pos: end, End: end, NewText: []byte("\n\t" + text)})
}

// add puts values where there were none: in the literal, behind the arguments
// of the call, or in statements before it.
func (f *fixer) add(list []add) bool {
	if len(list) == 0 {
		return true
	}
	if f.set.lit != nil {
		return f.fields(f.set.lit, f.pass.TypesInfo.TypeOf(f.set.lit), list)
	}
	if list[0].option && len(list[0].path) == 1 {
		return f.arguments(list)
	}
	return f.statements(list)
}

// fields adds to a literal.
func (f *fixer) fields(lit *ast.CompositeLit, typ types.Type, list []add) bool {
	if sl, ok := typ.Underlying().(*types.Slice); ok {
		for _, a := range list {
			f.element(lit, a.call(f.qualifier(sl.Elem())))
		}
		return true
	}
	st, ok := typ.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for _, g := range group(list) {
		name := g[0].path[0]
		var present ast.Expr
		for _, elt := range lit.Elts {
			kv, ok := elt.(*ast.KeyValueExpr)
			if !ok {
				return false
			}
			if id, ok := kv.Key.(*ast.Ident); ok && id.Name == name {
				present = kv.Value
			}
		}
		var field *types.Var
		for v := range st.Fields() {
			if v.Name() == name {
				field = v
			}
		}
		switch {
		case field == nil:
			return false
		case present == nil:
			text, ok := f.build(field.Type(), tails(g))
			if !ok {
				return false
			}
			f.element(lit, name+": "+text)
		default:
			if u, ok := ast.Unparen(present).(*ast.UnaryExpr); ok && u.Op == token.AND {
				present = u.X
			}
			inner, ok := ast.Unparen(present).(*ast.CompositeLit)
			if !ok || !f.fields(inner, f.pass.TypesInfo.TypeOf(inner), tails(g)) {
				return false
			}
		}
	}
	return true
}

// group puts those together that begin with the same field.
func group(list []add) [][]add {
	var groups [][]add
	for _, a := range list {
		i := slices.IndexFunc(groups, func(g []add) bool { return g[0].path[0] == a.path[0] })
		if i < 0 {
			groups = append(groups, nil)
			i = len(groups) - 1
		}
		groups[i] = append(groups[i], a)
	}
	return groups
}

func tails(list []add) []add {
	var out []add
	for _, a := range list {
		a.path = a.path[1:]
		out = append(out, a)
	}
	return out
}

// element adds an element to a literal.
func (f *fixer) element(lit *ast.CompositeLit, text string) {
	pos, before, after := lit.Rbrace, "", ""
	if n := len(lit.Elts); n > 0 {
		last := lit.Elts[n-1].End()
		rest := strings.TrimSpace(string(f.source(last, lit.Rbrace)))
		switch {
		case strings.HasPrefix(rest, ",") && f.line(lit.Lbrace) != f.line(lit.Rbrace):
			after = ",\n"
		case strings.HasPrefix(rest, ","):
			before, after = " ", ","
		default:
			pos, before = last, ", "
		}
	}
	if n := len(f.edits); n > 0 && len(lit.Elts) == 0 && slices.ContainsFunc(f.edits, func(e analysis.TextEdit) bool { return e.Pos == pos }) {
		before = ", "
	}
	f.edits = append(f.edits, analysis.TextEdit{Pos: pos, End: pos, NewText: []byte(before + text + after)})
}

// build writes a value of a type that has what is added, and nothing else.
func (f *fixer) build(t types.Type, list []add) (string, bool) {
	if len(list[0].path) == 0 {
		return list[0].text, true
	}
	and := ""
	if ptr, ok := types.Unalias(t).(*types.Pointer); ok {
		and, t = "&", ptr.Elem()
	}
	if sl, ok := t.Underlying().(*types.Slice); ok {
		q := f.qualifier(sl.Elem())
		name := typeName(sl.Elem())
		if name == nil {
			return "", false
		}
		var elems []string
		for _, a := range list {
			elems = append(elems, a.call(q))
		}
		return "[]" + q + name.Name() + "{" + strings.Join(elems, ", ") + "}", !f.failed
	}
	typ := ""
	if types.IsInterface(t) {
		i := slices.IndexFunc(f.set.Settings, func(x Setting) bool { return x.As != "" })
		if i < 0 {
			return "", false
		}
		path, isPtr := strings.CutPrefix(f.set.Settings[i].As, "*")
		if isPtr {
			and = "&"
		}
		dot := strings.LastIndexByte(path, '.')
		typ = f.pkg(path[:dot]) + path[dot+1:]
		return and + typ + "{" + list[0].path[0] + ": " + list[0].text + "}", !f.failed && len(list) == 1
	}
	name := typeName(t)
	st, ok := t.Underlying().(*types.Struct)
	if name == nil || !ok {
		return "", false
	}
	typ = f.qualifier(t) + name.Name()
	var fields []string
	for _, g := range group(list) {
		for v := range st.Fields() {
			if v.Name() == g[0].path[0] {
				text, ok := f.build(v.Type(), tails(g))
				if !ok {
					return "", false
				}
				fields = append(fields, v.Name()+": "+text)
			}
		}
	}
	return and + typ + "{" + strings.Join(fields, ", ") + "}", !f.failed
}

// qualifier is what stands before the name of a type.
func (f *fixer) qualifier(t types.Type) string {
	name := typeName(t)
	if name == nil || name.Pkg() == nil {
		f.failed = true
		return ""
	}
	if name.Pkg() == f.pass.Pkg {
		return ""
	}
	return f.pkg(name.Pkg().Path())
}

// arguments adds options behind the arguments of the call.
func (f *fixer) arguments(list []add) bool {
	call := f.set.call
	if call == nil || call.Ellipsis.IsValid() || len(call.Args) == 0 {
		return false
	}
	// The library's option may go to a function that passes it on.
	sig, ok := f.pass.TypesInfo.TypeOf(call.Fun).(*types.Signature)
	if !ok || !sig.Variadic() {
		return false
	}
	option, ok := sig.Params().At(sig.Params().Len() - 1).Type().(*types.Slice)
	if !ok {
		return false
	}
	pkg := f.qualifier(option.Elem())
	last := call.Args[len(call.Args)-1].End()
	var b strings.Builder
	if f.line(last) != f.line(call.Rparen) { // each on a line of its own
		for _, a := range list {
			b.WriteString("\t" + a.call(pkg) + ",\n" + f.indent(call.Rparen))
		}
		f.edits = append(f.edits, analysis.TextEdit{Pos: call.Rparen, End: call.Rparen, NewText: []byte(b.String())})
		return true
	}
	for _, a := range list {
		b.WriteString(", " + a.call(pkg))
	}
	f.edits = append(f.edits, analysis.TextEdit{Pos: last, End: last, NewText: []byte(b.String())})
	return true
}

// statements adds assignments before the statement with the call.
func (f *fixer) statements(list []add) bool {
	id, ok := f.set.arg.(*ast.Ident)
	if !ok {
		return false
	}
	var before ast.Stmt
	ast.Inspect(f.file, func(n ast.Node) bool {
		if n == nil || n.Pos() > f.set.call.Pos() || n.End() < f.set.call.End() {
			return false
		}
		var stmts []ast.Stmt
		switch n := n.(type) {
		case *ast.BlockStmt:
			stmts = n.List
		case *ast.CaseClause:
			stmts = n.Body
		case *ast.CommClause:
			stmts = n.Body
		}
		for _, s := range stmts {
			if s.Pos() <= f.set.call.Pos() && f.set.call.End() <= s.End() {
				before = s
			}
		}
		return true
	})
	if before == nil {
		return false
	}
	typ := f.pass.TypesInfo.TypeOf(id)
	if ptr, ok := typ.Underlying().(*types.Pointer); ok {
		typ = ptr.Elem()
	}
	var b strings.Builder
	for _, g := range group(list) {
		for _, a := range g {
			field := fieldType(typ, a.path)
			if field == nil && len(a.path) > 1 {
				return false
			}
			// A struct below a pointer is made anew, and so is a list.
			n := len(a.path)
			for i := range a.path {
				t := fieldType(typ, a.path[:i+1])
				if t != nil && (pointer(t) || types.IsInterface(t)) && i+1 < n {
					n = i + 1
				}
			}
			text, ok := f.build(fieldType(typ, a.path[:n]), []add{{path: a.path[n:], text: a.text, option: a.option}})
			if !ok {
				return false
			}
			fmt.Fprintf(&b, "%s.%s = %s\n%s", id.Name, strings.Join(a.path[:n], "."), text, f.indent(before.Pos()))
		}
	}
	f.edits = append(f.edits, analysis.TextEdit{Pos: before.Pos(), End: before.Pos(), NewText: []byte(b.String())})
	return true
}
