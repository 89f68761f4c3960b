package options

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/redislint/redislint/internal/redisapi"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// A sink is a call that opens something, and the options that it is given.
type sink struct {
	call     ssa.Instruction // a call, or the literal that is opened
	arg      ssa.Value       // nil if its settings are parameters
	below    []string        // where the options are in arg
	at       ssa.Instruction // when they count
	settings []redisapi.Setting
	values   map[string]values // of settings, by path, and of what they depend on; "0" is parameter 0
	from     made
}

// made says where options were made.
type made struct {
	alloc ssa.Instruction // an allocation, or the call that parses a URL
	param *ssa.Parameter
	below []string // in what the parameter brings
}

// find finds the sinks of the package. A helper that is given options is a
// sink of its own to its callers.
func (e *engine) find() {
	done := map[*ssa.Function]bool{}
	var visit func(fn *ssa.Function)
	visit = func(fn *ssa.Function) {
		if done[fn] {
			return
		}
		done[fn] = true
		for _, anon := range fn.AnonFuncs {
			visit(anon)
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				call, ok := instr.(ssa.CallInstruction)
				if ok {
					if callee := call.Common().StaticCallee(); callee != nil && callee.Pkg == e.pkg {
						visit(callee)
					}
				}
				e.visit(instr)
			}
		}
	}
	for _, fn := range e.funcs {
		visit(fn)
	}
}

func (e *engine) visit(instr ssa.Instruction) {
	if alloc, ok := instr.(*ssa.Alloc); ok {
		e.literal(alloc)
		return
	}
	call, ok := instr.(ssa.CallInstruction)
	if !ok {
		return
	}
	callee := call.Common().StaticCallee()
	if callee == nil {
		return
	}
	if callee.Pkg == e.pkg && len(callee.Blocks) > 0 {
		for _, p := range callee.Params {
			for _, s := range e.brought[p] {
				e.helper(call, s, callee)
			}
		}
		return
	}
	obj, ok := callee.Object().(*types.Func)
	if !ok || obj.Pkg() == nil {
		return
	}
	if !e.table.Covers(obj.Pkg().Path()) {
		var fact FuncFact
		if e.pass.ImportObjectFact(obj, &fact) {
			e.imported(call, &fact)
		}
		return
	}
	if list := e.table.Arguments(obj); len(list) > 0 {
		s := &sink{call: call, at: call, settings: list, values: map[string]values{}}
		for _, x := range list {
			if !x.Call {
				e.fresh()
				s.values[key(x)] = e.argument(call, x.Param, "", 0)
				if x.Param < len(call.Common().Args) {
					for i := range s.values[key(x)] {
						s.values[key(x)][i].Expr = e.src.argument(call.Pos(), x.Param-receivers(callee))
					}
				}
			}
		}
		e.add(s)
	}
	if known := e.table.Func(obj); known == nil || len(known.Opens) == 0 {
		return
	}
	for _, arg := range call.Common().Args {
		if name := typeName(ssaflow.Bare(arg).Type()); name != nil {
			if list := e.table.Settings(name); len(list) > 0 {
				e.evaluate(&sink{call: call, arg: only(arg, list), at: call, settings: list})
			}
		}
	}
}

// only is the one options struct in a variadic parameter.
func only(arg ssa.Value, list []redisapi.Setting) ssa.Value {
	sl, ok := arg.(*ssa.Slice)
	if !ok || list[0].Option {
		return arg
	}
	array, ok := sl.X.(*ssa.Alloc)
	if !ok {
		return arg
	}
	var one ssa.Value
	for _, ref := range *array.Referrers() {
		addr, ok := ref.(*ssa.IndexAddr)
		if !ok {
			continue
		}
		for _, use := range *addr.Referrers() {
			if st, ok := use.(*ssa.Store); ok {
				if one != nil {
					return arg
				}
				one = st.Val
			}
		}
	}
	if one == nil {
		return arg
	}
	return one
}

func receivers(fn *ssa.Function) int {
	if fn.Signature.Recv() != nil {
		return 1
	}
	return 0
}

// literal finds a literal that is a resource itself. Its settings are those
// that it has when the function ends.
func (e *engine) literal(alloc *ssa.Alloc) {
	name := typeName(alloc.Type())
	if name == nil || name.Pkg() == nil || !e.table.Covers(name.Pkg().Path()) || e.src.literals[alloc.Pos()] == nil {
		return
	}
	lit := e.table.Literal(name)
	if lit == nil || lit.Opens == nil {
		return
	}
	list := e.table.Settings(name)
	if len(list) == 0 {
		return
	}
	for _, b := range alloc.Parent().Blocks {
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
			e.evaluate(&sink{call: alloc, arg: alloc, at: ret, settings: list})
			return
		}
	}
}

// key names what a setting is of.
func key(x redisapi.Setting) string {
	if x.Path == nil {
		return string(rune('0' + x.Param))
	}
	return x.Name()
}

// names are the paths that have to be known of some settings.
func names(list []redisapi.Setting) []string {
	var all []string
	add := func(name string) {
		if name != "" && !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	for _, x := range list {
		if x.Path == nil {
			continue
		}
		add(x.Name())
		for _, u := range x.Unless {
			add(u)
		}
		if x.One != "" {
			add(x.One + "." + count)
		}
	}
	return all
}

// evaluate reads the settings of a sink.
func (e *engine) evaluate(s *sink) {
	s.values = map[string]values{}
	typ := ssaflow.Bare(s.arg).Type()
	if len(s.below) > 0 {
		typ = fieldType(typ, s.below)
	}
	for _, name := range names(s.settings) {
		path := strings.Split(name, ".")
		if lacks(typ, path[0]) {
			s.values[name] = noValue() // this version has nothing of that name
			continue
		}
		e.fresh()
		s.values[name] = e.read(s.arg, slices.Concat(s.below, path), s.at, 0)
	}
	s.from = e.made(s.arg, s.below, 0)
	e.add(s)
}

// lacks reports whether a type is a struct without a field of that name.
func lacks(t types.Type, name string) bool {
	for t != nil && pointer(t) {
		t = t.Underlying().(*types.Pointer).Elem()
	}
	if t == nil {
		return false
	}
	st, ok := t.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for f := range st.Fields() {
		if f.Name() == name {
			return false
		}
	}
	return typeName(t) != nil && !optionFunc(typeName(t))
}

// optionFunc reports whether a type is that of options which functions make,
// though it is a struct.
func optionFunc(name *types.TypeName) bool {
	st, ok := name.Type().Underlying().(*types.Struct)
	if !ok {
		return true
	}
	for f := range st.Fields() {
		if f.Exported() {
			return false
		}
	}
	return true
}

func (e *engine) add(s *sink) {
	e.sinks = append(e.sinks, s)
	if p := s.from.param; p != nil {
		e.brought[p] = append(e.brought[p], s)
	}
}

// helper is a call of a function that opens something with options that it is
// given.
func (e *engine) helper(call ssa.CallInstruction, inner *sink, callee *ssa.Function) {
	i := slices.Index(callee.Params, inner.from.param)
	if i >= len(call.Common().Args) {
		return
	}
	s := &sink{call: call, arg: call.Common().Args[i], below: inner.from.below, at: call, settings: inner.settings, values: map[string]values{}}
	for name, vals := range inner.values {
		e.fresh()
		s.values[name] = e.given(vals, callee, call, 0)
	}
	s.from = e.made(s.arg, s.below, 0)
	e.add(s)
}

// made finds where options were made.
func (e *engine) made(v ssa.Value, below []string, depth int) made {
	if depth > maxDepth {
		return made{}
	}
	depth++
	v = ssaflow.Bare(v)
	root, path := e.locate(v)
	path = slices.Concat(path, below)
	switch root := root.(type) {
	case *ssa.Alloc:
		name := typeName(root.Type())
		if len(path) == 0 && name != nil && !pointer(root.Type().Underlying().(*types.Pointer).Elem()) {
			return made{alloc: root}
		}
		return e.stored(root, path, depth)
	case *ssa.Global:
		return e.stored(root, path, depth)
	case *ssa.Parameter:
		return made{param: root, below: path}
	case *ssa.Phi:
		if e.joining[root] {
			return made{}
		}
		e.joining[root] = true
		defer delete(e.joining, root)
		var found made
		for _, edge := range root.Edges {
			if m := e.made(edge, below, depth); m.alloc != nil || m.param != nil {
				if found.alloc != nil && found.alloc != m.alloc || found.param != nil && found.param != m.param {
					return made{}
				}
				found = m
			}
		}
		return found
	case *ssa.Extract:
		if call, ok := root.Tuple.(*ssa.Call); ok {
			return e.madeBy(call, root.Index, path, depth)
		}
	case *ssa.Call:
		return e.madeBy(root, 0, path, depth)
	}
	return made{}
}

// madeBy finds where what a call returns was made.
func (e *engine) madeBy(call *ssa.Call, index int, below []string, depth int) made {
	if b, ok := call.Call.Value.(*ssa.Builtin); ok && b.Name() == "append" {
		return e.made(call.Call.Args[0], below, depth)
	}
	fn := call.Call.StaticCallee()
	if fn == nil {
		return made{}
	}
	if obj, ok := fn.Object().(*types.Func); ok {
		if known := e.table.Func(obj); known != nil && known.Parses {
			return made{alloc: call}
		}
	}
	if fn.Pkg != e.pkg || e.entered[fn] {
		return made{}
	}
	e.entered[fn] = true
	defer delete(e.entered, fn)
	var found made
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || index >= len(ret.Results) {
			continue
		}
		m := e.made(ret.Results[index], below, depth)
		if m.alloc == nil {
			continue
		}
		if found.alloc != nil && found.alloc != m.alloc {
			return made{}
		}
		found = m
	}
	return found
}

// stored finds where the one thing was made that is stored at a path.
func (e *engine) stored(root ssa.Value, path []string, depth int) made {
	var vals []ssa.Value
	for _, fn := range e.funcs {
		if _, ok := root.(*ssa.Global); !ok && fn != root.Parent() {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if st, ok := instr.(*ssa.Store); ok {
					if r, below := e.locate(st.Addr); r == root && slices.Equal(below, path) {
						vals = append(vals, st.Val)
					}
				}
			}
		}
	}
	if len(vals) != 1 {
		return made{}
	}
	return e.made(vals[0], nil, depth)
}

// sets are the options that are made here, or given from here to a call that
// opens something with them.
func (e *engine) sets() []*Set {
	byPos := map[token.Pos]*Set{}
	var list []*Set
	for _, s := range e.sinks {
		if s.from.param != nil {
			continue // a caller's
		}
		set := e.set(s)
		if set == nil {
			continue
		}
		if other := byPos[set.Pos]; other != nil {
			other.openings = append(other.openings, s.call)
			continue
		}
		set.openings = append(set.openings, s.call)
		byPos[set.Pos] = set
		list = append(list, set)
	}
	slices.SortFunc(list, func(a, b *Set) int { return int(a.Pos - b.Pos) })
	return list
}

// set describes a sink. Nil if its source is not at hand.
func (e *engine) set(s *sink) *Set {
	set := &Set{engine: e, others: map[string]values{}}
	node := ast.Node(nil)
	if call := e.src.index.Call(s.call.Pos()); call != nil {
		node, set.call, set.Subject = call, call, types.ExprString(call.Fun)
		for _, a := range call.Args {
			if s.arg != nil && len(s.below) == 0 && typeName(e.pass.TypesInfo.TypeOf(a)) == typeName(ssaflow.Bare(s.arg).Type()) && !call.Ellipsis.IsValid() {
				set.arg = a
			}
		}
	}
	if lit := e.zeroLiteral(set.call, s); lit != nil {
		node, set.lit, set.Subject = lit, lit, types.ExprString(lit.Type)
	} else if s.from.alloc != nil {
		if lit := e.src.literals[s.from.alloc.Pos()]; lit != nil && lit.Type != nil && s.decides(lit) {
			node, set.lit, set.Subject = lit, lit, types.ExprString(lit.Type)
		} else if s.arg != nil && set.call != nil {
			if name := typeName(ssaflow.Bare(s.arg).Type()); name != nil && len(s.below) == 0 {
				set.Subject = e.src.name(e.pass, set.call.Pos(), name)
			}
		}
	}
	if node == nil {
		return nil
	}
	set.Pos, set.End = node.Pos(), node.End()
	for name, vals := range s.values {
		e.fresh()
		set.others[name] = e.resolve(vals, 0)
	}
	for _, x := range s.settings {
		vals := set.others[key(x)]
		if x.Call {
			vals = noValue()
		}
		set.Settings = append(set.Settings, Setting{
			Setting: x, Values: vals, Known: !vals.has(unknown), Stands: e.holds(x, set.others),
		})
	}
	return set
}

// decides reports whether a literal is where the options are decided on: it
// stands in the function that opens something with them, or nothing is set
// outside of it.
func (s *sink) decides(lit *ast.CompositeLit) bool {
	if fn := s.from.alloc.Parent(); fn == s.call.Parent() || slices.Contains(parents(s.call.Parent()), fn) {
		return true
	}
	for _, vals := range s.values {
		for _, v := range vals {
			if v.Pos.IsValid() && (v.Pos < lit.Pos() || lit.End() <= v.Pos) {
				return false
			}
		}
	}
	return true
}

// zeroLiteral is a literal without fields that is given to the call: it is a
// constant to SSA.
func (e *engine) zeroLiteral(call *ast.CallExpr, s *sink) *ast.CompositeLit {
	if call == nil || s.arg == nil || len(s.below) > 0 {
		return nil
	}
	if _, ok := ssaflow.Bare(s.arg).(*ssa.Const); !ok {
		return nil
	}
	exprs := call.Args
	if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok {
		exprs = append([]ast.Expr{sel.X}, exprs...)
	}
	for _, x := range exprs {
		x = ast.Unparen(x)
		if id, ok := x.(*ast.Ident); ok {
			if obj := e.pass.TypesInfo.Uses[id]; obj != nil && e.src.literals[obj.Pos()] != nil {
				x = e.src.literals[obj.Pos()]
			}
		}
		lit, ok := x.(*ast.CompositeLit)
		if ok && lit.Type != nil && typeName(e.pass.TypesInfo.TypeOf(lit)) == typeName(ssaflow.Bare(s.arg).Type()) {
			return lit
		}
	}
	return nil
}

// holds reports whether what a row says of a default is so.
func (e *engine) holds(x redisapi.Setting, others map[string]values) bool {
	for _, u := range x.Unless {
		for _, v := range others[u] {
			if v.kind != unset {
				return false
			}
		}
	}
	if x.One != "" {
		for _, v := range others[x.One+"."+count] {
			if v.kind == unset {
				continue
			}
			if v.kind != isKnown {
				return false
			}
			if n, ok := Int(v); !ok || n > 1 {
				return false
			}
		}
	}
	return true
}

// resolve replaces what parameters bring by what the callers of the function
// give them, if all callers are at hand.
func (e *engine) resolve(vs values, depth int) values {
	if !vs.has(param) {
		return vs
	}
	var out values
	for _, v := range vs {
		if v.kind != param {
			out = out.add(v)
			continue
		}
		fn := v.of.Parent()
		calls := e.callsOf(fn)
		if len(calls) == 0 || depth > 5 {
			return anyValue()
		}
		for _, call := range calls {
			out = out.add(e.resolve(e.argument(call, slices.Index(fn.Params, v.of), v.path, 0), depth+1)...)
		}
	}
	return out
}

// callsOf are the calls of a function, or nil if there may be others.
func (e *engine) callsOf(fn *ssa.Function) []ssa.CallInstruction {
	if e.callers == nil {
		e.callers, e.open = map[*ssa.Function][]ssa.CallInstruction{}, map[*ssa.Function]bool{}
		invoked := map[string]bool{}
		var operands []*ssa.Value
		for _, f := range e.funcs {
			for _, b := range f.Blocks {
				for _, instr := range b.Instrs {
					call, isCall := instr.(ssa.CallInstruction)
					if isCall && call.Common().IsInvoke() {
						invoked[call.Common().Method.Name()] = true
					}
					if isCall && call.Common().StaticCallee() != nil {
						e.callers[call.Common().StaticCallee()] = append(e.callers[call.Common().StaticCallee()], call)
					}
					operands = instr.Operands(operands[:0])
					for i, op := range operands {
						if f, ok := (*op).(*ssa.Function); ok && !(isCall && i == 0 && call.Common().StaticCallee() == f) {
							e.open[f] = true
						}
					}
				}
			}
		}
		for _, f := range e.funcs {
			if f.Signature.Recv() != nil && invoked[f.Name()] {
				e.open[f] = true
			}
		}
	}
	if e.open[fn] || fn.Parent() != nil || fn.Object() == nil || fn.Object().Exported() && e.pkg.Pkg.Name() != "main" {
		return nil
	}
	return e.callers[fn]
}
