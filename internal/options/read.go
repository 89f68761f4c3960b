package options

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// maxDepth bounds how far a value is followed through helpers and copies.
// Above it, it may be anything.
const maxDepth = 40

// maxSteps bounds how many instructions are looked at for one value.
const maxSteps = 1 << 16

// fresh begins to read another value.
func (e *engine) fresh() { e.steps = maxSteps }

// read answers what is found below v on a path of field names, as it is at an
// instruction. Pointers on the way are followed without a word. The last name
// may be that of a function which makes an option, if a slice of options is
// what the path leads to.
func (e *engine) read(v ssa.Value, path []string, at ssa.Instruction, depth int) values {
	if e.steps--; depth > maxDepth || e.steps < 0 || at == nil {
		return anyValue()
	}
	depth++
	v = ssaflow.Bare(v)
	if len(path) == 0 {
		return e.scalar(v, at, depth)
	}
	if !e.leads(v.Type(), path[0]) {
		return anyValue() // another type behind an interface
	}
	if _, ok := v.Type().Underlying().(*types.Slice); ok {
		return e.list(v, path[0], at, depth)
	}
	switch v := v.(type) {
	case *ssa.Const:
		return noValue()
	case *ssa.Field:
		return e.read(v.X, append([]string{fieldName(v.X.Type(), v.Field)}, path...), v, depth)
	case *ssa.UnOp:
		if _, ok := v.Type().Underlying().(*types.Pointer); !ok && v.Op == token.MUL {
			at = v // the struct is copied here
		}
	}
	root, below := e.locate(v)
	if root == v && !pointer(v.Type()) {
		return e.origin(v, path, at, depth) // a struct, as a call or a parameter brings it
	}
	return e.memory(root, slices.Concat(below, path), at, depth)
}

func pointer(t types.Type) bool {
	_, ok := t.Underlying().(*types.Pointer)
	return ok
}

// leads tells whether a type has a field of that name, or is a list of options.
func (e *engine) leads(t types.Type, name string) bool {
	for pointer(t) {
		t = t.Underlying().(*types.Pointer).Elem()
	}
	switch u := t.Underlying().(type) {
	case *types.Struct:
		for f := range u.Fields() {
			if f.Name() == name {
				return true
			}
		}
		return false
	case *types.Slice, *types.Interface:
		return true
	}
	return false
}

func fieldName(t types.Type, i int) string {
	if f := ssaflow.Field(t, i); f != nil {
		return f.Name()
	}
	return ""
}

// locate splits an address into the object that it points into and the path of
// fields from there. A variable that is assigned once is what it holds.
func (e *engine) locate(v ssa.Value) (root ssa.Value, path []string) {
	for range maxDepth {
		v = ssaflow.Bare(v)
		switch x := v.(type) {
		case *ssa.FieldAddr:
			path = append([]string{fieldName(x.X.Type(), x.Field)}, path...)
			v = x.X
			continue
		case *ssa.UnOp:
			if x.Op == token.MUL {
				v = x.X
				continue
			}
		case *ssa.FreeVar:
			if b := ssaflow.Binding(x); b != nil {
				v = b
				continue
			}
		case *ssa.Alloc:
			if held := e.held(x); held != nil {
				v = held
				continue
			}
		}
		break
	}
	return v, path
}

// held is what a variable of pointer type holds that is assigned once.
func (e *engine) held(cell *ssa.Alloc) ssa.Value {
	if !pointer(cell.Type().Underlying().(*types.Pointer).Elem()) {
		return nil
	}
	return e.assigned(cell)
}

// memory answers what a path below an object holds at an instruction: what
// was stored there last, on each way that leads to it.
func (e *engine) memory(root ssa.Value, path []string, at ssa.Instruction, depth int) values {
	if depth > maxDepth {
		return anyValue()
	}
	depth++
	if g, ok := root.(*ssa.Global); ok {
		return e.global(g, path, depth)
	}
	var out values
	visited := map[edge]bool{}
	var walk func(b, from *ssa.BasicBlock, end int)
	walk = func(b, from *ssa.BasicBlock, end int) {
		if e.steps -= end + 1; e.steps < 0 {
			out = out.add(anyValue()...)
			return
		}
		for i := end - 1; i >= 0; i-- {
			switch instr := b.Instrs[i].(type) {
			case *ssa.Store:
				r, below := e.locate(instr.Addr)
				if r == root && len(below) <= len(path) && slices.Equal(below, path[:len(below)]) {
					found := e.read(instr.Val, path[len(below):], instr, depth)
					out = out.add(found.at(instr.Pos(), e.src.values[instr.Pos()])...)
					return
				}
			case *ssa.MakeClosure:
				if e.changes(instr.Fn.(*ssa.Function), root, path) {
					out = out.add(anyValue()...)
					return
				}
			case *ssa.Call:
				if ssa.Value(instr) == root {
					break
				}
				found, goes := e.effect(instr, root, path, depth)
				out = out.add(found...)
				if !goes {
					return
				}
			}
			if v, ok := b.Instrs[i].(ssa.Value); ok && v == root {
				out = out.add(e.origin(root, path, at, depth)...)
				return
			}
		}
		if len(b.Preds) == 0 {
			out = out.add(e.entry(b.Parent(), root, path, at, depth)...)
		}
		for _, p := range e.before(b, from) {
			to := edge{p, nil}
			if e.turns(p) {
				to.from = b
			}
			if !visited[to] {
				visited[to] = true
				walk(p, b, len(p.Instrs))
			}
		}
	}
	walk(at.Block(), nil, slices.Index(at.Block().Instrs, at))
	return out
}

// An edge is a block, and the one that it was reached from backwards, where
// that matters.
type edge struct{ block, from *ssa.BasicBlock }

// before returns the blocks before one, by which it can have been reached if it
// leads to another. A loop over the funcs that a function is given has one turn,
// which runs them all.
func (e *engine) before(b, to *ssa.BasicBlock) []*ssa.BasicBlock {
	if to == nil || !e.turns(b) {
		return b.Preds
	}
	loop := ssaflow.LoopAround(b)
	left := !loop[to]
	return slices.DeleteFunc(slices.Clone(b.Preds), func(p *ssa.BasicBlock) bool { return loop[p] != left })
}

// turns reports whether a block begins the turns of a loop over a list of funcs
// that a function is given, if it may be given some.
func (e *engine) turns(b *ssa.BasicBlock) bool {
	ifs, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
	if !ok {
		return false
	}
	less, ok := ifs.Cond.(*ssa.BinOp)
	if !ok || less.Op != token.LSS {
		return false
	}
	length, ok := less.Y.(*ssa.Call)
	if !ok {
		return false
	}
	if f, ok := length.Call.Value.(*ssa.Builtin); !ok || f.Name() != "len" {
		return false
	}
	p, ok := length.Call.Args[0].(*ssa.Parameter)
	if !ok {
		return false
	}
	if s, ok := p.Type().Underlying().(*types.Slice); !ok || !ssaflow.IsFunc(s.Elem()) {
		return false
	}
	call := e.calling[p.Parent()]
	if call == nil {
		return true
	}
	list, known := ssaflow.Variadic(call.Common().Args[slices.Index(p.Parent().Params, p)])
	return !known || len(list) > 0
}

// entry answers for an object that a function did not make.
func (e *engine) entry(fn *ssa.Function, root ssa.Value, path []string, at ssa.Instruction, depth int) values {
	if p, ok := root.(*ssa.Parameter); ok && p.Parent() == fn {
		return e.origin(root, path, at, depth)
	}
	mk := ssaflow.Maker(fn)
	if mk == nil || !slices.ContainsFunc(parents(fn), func(f *ssa.Function) bool { return f == root.Parent() }) {
		return anyValue()
	}
	// What the function around a literal sets later may come before the
	// literal runs, or after it.
	for _, b := range mk.Block().Parent().Blocks {
		for _, instr := range b.Instrs {
			if st, ok := instr.(*ssa.Store); ok && st.Pos() > mk.Pos() && mk.Pos().IsValid() {
				if r, below := e.locate(st.Addr); r == root && len(below) <= len(path) && slices.Equal(below, path[:len(below)]) {
					return anyValue()
				}
			}
		}
	}
	return e.memory(root, path, mk, depth)
}

func parents(fn *ssa.Function) []*ssa.Function {
	var list []*ssa.Function
	for fn = fn.Parent(); fn != nil; fn = fn.Parent() {
		list = append(list, fn)
	}
	return list
}

// changes reports whether a function literal stores to a path below an object
// of the function around it.
func (e *engine) changes(fn *ssa.Function, root ssa.Value, path []string) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Store:
				r, below := e.locate(instr.Addr)
				if r == root && len(below) <= len(path) && slices.Equal(below, path[:len(below)]) {
					return true
				}
			case *ssa.MakeClosure:
				if e.changes(instr.Fn.(*ssa.Function), root, path) {
					return true
				}
			}
		}
	}
	return false
}

// origin answers for an object as it was made.
func (e *engine) origin(root ssa.Value, path []string, at ssa.Instruction, depth int) values {
	switch root := root.(type) {
	case *ssa.Alloc:
		return noValue()
	case *ssa.Parameter:
		return values{{kind: param, of: root, path: strings.Join(path, ".")}}
	case *ssa.Call:
		return e.result(root, 0, path, depth)
	case *ssa.Extract:
		if call, ok := root.Tuple.(*ssa.Call); ok {
			return e.result(call, root.Index, path, depth)
		}
	case *ssa.Phi:
		return e.join(root, func(edge ssa.Value, from ssa.Instruction) values {
			return e.read(edge, path, from, depth)
		})
	case *ssa.Lookup:
		return e.oneOf(e.entries(root), root, path, depth)
	case *ssa.IndexAddr:
		return e.oneOf(e.elementsOf(root), root, path, depth)
	}
	return anyValue()
}

// oneOf answers for an element of a table, whichever it is.
func (e *engine) oneOf(list []ssa.Value, at ssa.Instruction, path []string, depth int) values {
	if list == nil {
		return anyValue()
	}
	var out values
	for _, v := range list {
		out = out.add(e.read(v, path, at, depth)...)
	}
	return out
}

// entries returns what is put into the map of a lookup, if only its function
// uses that, to look things up; nil if that is not known.
func (e *engine) entries(at *ssa.Lookup) []ssa.Value {
	made, ok := at.X.(*ssa.MakeMap)
	if !ok {
		return nil
	}
	var list []ssa.Value
	for _, ref := range *made.Referrers() {
		switch ref := ref.(type) {
		case *ssa.MapUpdate:
			if ref.Map != made {
				return nil
			}
			list = append(list, ref.Value)
		case *ssa.Lookup:
			if ref != at && !e.onlyRead(ref) {
				return nil
			}
		case *ssa.DebugRef:
		default:
			return nil
		}
	}
	return list
}

// elementsOf returns what the literal of a list has in it that an element is
// taken of, if only its function uses that, to index it; nil if that is not
// known.
func (e *engine) elementsOf(at *ssa.IndexAddr) []ssa.Value {
	array := at.X
	if s, ok := array.(*ssa.Slice); ok && s.Low == nil && s.High == nil {
		for _, ref := range *s.Referrers() {
			switch ref := ref.(type) {
			case *ssa.IndexAddr:
				if !e.onlyLoaded(ref, at) {
					return nil
				}
			case *ssa.DebugRef:
			case *ssa.Call:
				if b, ok := ref.Call.Value.(*ssa.Builtin); !ok || b.Name() != "len" {
					return nil
				}
			default:
				return nil
			}
		}
		array = s.X
	}
	made, ok := array.(*ssa.Alloc)
	if !ok {
		return nil
	}
	var list []ssa.Value
	for _, ref := range *made.Referrers() {
		switch ref := ref.(type) {
		case *ssa.IndexAddr:
			if st, ok := onlyUse(ref).(*ssa.Store); ok && st.Addr == ref {
				list = append(list, st.Val)
			} else if !e.onlyLoaded(ref, at) {
				return nil
			}
		case *ssa.Slice, *ssa.DebugRef:
		default:
			return nil
		}
	}
	return list
}

// onlyUse is the instruction that uses a value, if there is one.
func onlyUse(v ssa.Value) ssa.Instruction {
	if refs := *v.Referrers(); len(refs) == 1 {
		return refs[0]
	}
	return nil
}

// onlyLoaded reports whether an element is only loaded, and what is loaded only
// read, unless the element is the one that is asked about.
func (e *engine) onlyLoaded(elem, at *ssa.IndexAddr) bool {
	for _, use := range *elem.Referrers() {
		if load, ok := use.(*ssa.UnOp); !ok || load.Op != token.MUL || elem != at && !e.onlyRead(load) {
			return false
		}
	}
	return true
}

// onlyRead reports whether what a pointer leads to is only read, or given to
// the library.
func (e *engine) onlyRead(v ssa.Value) bool {
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.FieldAddr:
			for _, use := range *ref.Referrers() {
				if load, ok := use.(*ssa.UnOp); !ok || load.Op != token.MUL {
					return false
				}
			}
		case *ssa.UnOp, *ssa.BinOp, *ssa.DebugRef:
		case *ssa.Call:
			fn := ssaflow.Static(&ref.Call)
			if fn == nil || packageOf(fn) == nil || !e.table.Covers(packageOf(fn).Path()) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// join joins what the edges of a phi bring. An edge that leads back to the phi
// brings nothing new.
func (e *engine) join(phi *ssa.Phi, read func(ssa.Value, ssa.Instruction) values) values {
	if e.joining[phi] {
		return nil
	}
	e.joining[phi] = true
	defer delete(e.joining, phi)
	var out values
	for i, edge := range phi.Edges {
		pred := phi.Block().Preds[i]
		out = out.add(read(edge, pred.Instrs[len(pred.Instrs)-1])...)
	}
	return out
}

// global answers for a package-level variable: what is assigned to it anywhere,
// if nobody else can.
func (e *engine) global(g *ssa.Global, path []string, depth int) values {
	if g.Pkg != e.pkg || g.Object() == nil || g.Object().Exported() && e.pkg.Pkg.Name() != "main" {
		return anyValue()
	}
	var out values
	for _, use := range e.uses(g) {
		st, ok := use.(*ssa.Store)
		if !ok {
			return anyValue() // its address goes elsewhere
		}
		r, below := e.locate(st.Addr)
		if r != g || len(below) > len(path) || !slices.Equal(below, path[:len(below)]) {
			continue
		}
		if len(below) > 0 && st.Parent().Name() != "init" {
			return anyValue() // at some time
		}
		found := e.read(st.Val, path[len(below):], st, depth)
		out = out.add(found.at(st.Pos(), e.src.values[st.Pos()])...)
	}
	if out == nil {
		return noValue()
	}
	return out
}

// scalar answers what a number, a bool or a string is.
func (e *engine) scalar(v ssa.Value, at ssa.Instruction, depth int) values {
	if depth > maxDepth {
		return anyValue()
	}
	depth++
	switch v := v.(type) {
	case *ssa.Const:
		if v.Value == nil {
			return noValue()
		}
		return aValue(v.Value)
	case *ssa.Convert:
		return e.each(e.read(v.X, nil, at, depth), func(c constant.Value) constant.Value {
			if b, ok := v.Type().Underlying().(*types.Basic); ok && b.Info()&types.IsInteger != 0 {
				return constant.ToInt(c)
			}
			return c
		})
	case *ssa.BinOp:
		switch v.Op {
		case token.ADD, token.SUB, token.MUL, token.QUO:
		default:
			return anyValue()
		}
		x, y := e.read(v.X, nil, at, depth), e.read(v.Y, nil, at, depth)
		if len(y) != 1 || y[0].kind != isKnown {
			x, y = y, x
			if v.Op == token.SUB || v.Op == token.QUO {
				return anyValue()
			}
		}
		if len(y) != 1 || y[0].kind != isKnown {
			return anyValue()
		}
		return e.each(x, func(c constant.Value) constant.Value {
			op := v.Op
			if op == token.QUO {
				if constant.Sign(y[0].Const) == 0 {
					return nil
				}
				if c.Kind() == constant.Int && y[0].Const.Kind() == constant.Int {
					op = token.QUO_ASSIGN // an integer division
				}
			}
			return constant.BinaryOp(c, op, y[0].Const)
		})
	case *ssa.UnOp:
		switch v.Op {
		case token.SUB:
			return e.each(e.read(v.X, nil, at, depth), func(c constant.Value) constant.Value {
				return constant.UnaryOp(token.SUB, c, 0)
			})
		case token.MUL:
			root, path := e.locate(v.X)
			return e.memory(root, path, v, depth)
		}
	case *ssa.Field:
		return e.read(v.X, []string{fieldName(v.X.Type(), v.Field)}, v, depth)
	case *ssa.Phi:
		return e.join(v, func(edge ssa.Value, from ssa.Instruction) values { return e.read(edge, nil, from, depth) })
	case *ssa.Parameter, *ssa.Call, *ssa.Extract:
		return e.origin(v, nil, at, depth)
	}
	return anyValue()
}

// each folds constants. What is nobody's is a zero that was computed with.
func (e *engine) each(vs values, fold func(constant.Value) constant.Value) values {
	var out values
	for _, v := range vs {
		if v.kind != isKnown {
			out = out.add(anyValue()...)
			continue
		}
		for _, w := range aValue(fold(v.Const)) {
			w.Pos, w.Expr = v.Pos, nil
			out = out.add(w)
		}
	}
	return out
}

// count is what the length of a list is called in a path.
const count = "#"

// list answers what the function NAME is given in a list of options; the last
// one counts.
func (e *engine) list(v ssa.Value, name string, at ssa.Instruction, depth int) values {
	if depth > maxDepth {
		return anyValue()
	}
	depth++
	switch v := ssaflow.Bare(v).(type) {
	case *ssa.Const:
		return noValue()
	case *ssa.Slice:
		array, ok := v.X.(*ssa.Alloc)
		if !ok || v.Low != nil || v.High != nil {
			return anyValue()
		}
		if name == count {
			return aValue(constant.MakeInt64(array.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Array).Len()))
		}
		return e.elements(array, name, depth)
	case *ssa.Call:
		if b, ok := v.Call.Value.(*ssa.Builtin); ok {
			if b.Name() != "append" || len(v.Call.Args) != 2 || name == count {
				return anyValue()
			}
			last := e.list(v.Call.Args[1], name, at, depth)
			if !last.has(unset) {
				return last
			}
			return last.without(unset).add(e.list(v.Call.Args[0], name, at, depth)...)
		}
		return e.result(v, 0, []string{name}, depth)
	case *ssa.Phi:
		return e.join(v, func(edge ssa.Value, from ssa.Instruction) values { return e.list(edge, name, from, depth) })
	case *ssa.UnOp:
		root, path := e.locate(v)
		if root == ssa.Value(v) {
			return anyValue()
		}
		return e.memory(root, append(path, name), v, depth)
	case *ssa.Field:
		return e.read(v.X, []string{fieldName(v.X.Type(), v.Field), name}, v, depth)
	case *ssa.Parameter, *ssa.Extract:
		return e.origin(v, []string{name}, at, depth)
	case *ssa.MakeSlice:
		if n, ok := v.Len.(*ssa.Const); ok && n.Int64() == 0 {
			return noValue()
		}
	}
	return anyValue()
}

// elements answers for the options in the array of a literal.
func (e *engine) elements(array *ssa.Alloc, name string, depth int) values {
	type element struct {
		index int64
		vals  values
	}
	var found []element
	for _, ref := range *array.Referrers() {
		addr, ok := ref.(*ssa.IndexAddr)
		if !ok {
			continue
		}
		index, ok := addr.Index.(*ssa.Const)
		if !ok {
			return anyValue()
		}
		for _, use := range *addr.Referrers() {
			st, ok := use.(*ssa.Store)
			if !ok {
				return anyValue()
			}
			if vals := e.option(st.Val, name, st, depth); vals != nil {
				found = append(found, element{index.Int64(), vals})
			}
		}
	}
	slices.SortStableFunc(found, func(a, b element) int { return int(b.index - a.index) })
	out := values(nil)
	for _, f := range found {
		out = out.add(f.vals.without(unset)...)
		if !f.vals.has(unset) && !f.vals.has(unknown) {
			return out
		}
	}
	if len(out) == 0 || !out.has(unknown) {
		out = out.add(noValue()...)
	}
	return out
}

// option answers what one option gives the function NAME: nil if it is
// another function's.
func (e *engine) option(v ssa.Value, name string, at ssa.Instruction, depth int) values {
	call, ok := ssaflow.Bare(v).(*ssa.Call)
	if !ok {
		return anyValue()
	}
	fn := call.Call.StaticCallee()
	switch {
	case fn == nil || packageOf(fn) == nil:
		return anyValue()
	case e.table.Covers(packageOf(fn).Path()):
		if fn.Name() != name {
			return nil
		}
		if len(call.Call.Args) == 0 {
			return anyValue()
		}
		return e.read(call.Call.Args[0], nil, call, depth).at(call.Pos(), e.src.argument(call.Pos(), 0))
	}
	return anyValue()
}
