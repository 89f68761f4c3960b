package options

import (
	"go/constant"
	"go/token"
	"go/types"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/redislint/redislint/internal/redisapi"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// result answers what is below a result of a call.
func (e *engine) result(call *ssa.Call, index int, path []string, depth int) values {
	if depth > maxDepth {
		return anyValue()
	}
	depth++
	fn := ssaflow.Static(&call.Call)
	if fn == nil {
		return anyValue()
	}
	obj, _ := fn.Object().(*types.Func)
	if obj != nil {
		if known := e.table.Func(obj); known != nil && known.Parses {
			return e.parsed(call, known, index, path, depth)
		}
	}
	if fn.Pkg == e.pkg && len(fn.Blocks) > 0 {
		if e.entered[fn] {
			return anyValue()
		}
		leave := e.enter(fn, call)
		found := e.returned(fn, index, path, depth)
		leave()
		return e.given(found, fn, call, depth)
	}
	if obj == nil {
		return anyValue()
	}
	var fact FuncFact
	if !e.pass.ImportObjectFact(obj, &fact) {
		return anyValue()
	}
	for _, r := range fact.Results {
		if r.At == index && r.Path == strings.Join(path, ".") {
			return e.unpack(r.Values, call, depth)
		}
	}
	return anyValue()
}

// returned answers what is below a result of a function, in terms of its
// parameters. A nil, or a zero beside an error, is not what a caller uses.
func (e *engine) returned(fn *ssa.Function, index int, path []string, depth int) values {
	var good, other values
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || index >= len(ret.Results) {
			continue
		}
		v := ssaflow.Bare(ret.Results[index])
		if c, ok := v.(*ssa.Const); ok && c.IsNil() {
			continue
		}
		found := e.read(v, path, ret, depth)
		last := ret.Results[len(ret.Results)-1]
		c, isConst := last.(*ssa.Const)
		if len(ret.Results) > 1 && ssaflow.IsError(last.Type()) && !(isConst && c.IsNil()) {
			other = other.add(found...)
			continue
		}
		good = good.add(found...)
	}
	if good != nil {
		return good
	}
	if other != nil {
		return other
	}
	return anyValue()
}

// given replaces what the parameters of a function bring by what a call gives
// them.
func (e *engine) given(vs values, fn *ssa.Function, call ssa.CallInstruction, depth int) values {
	var out values
	for _, v := range vs {
		if v.kind != param || v.of.Parent() != fn {
			out = out.add(v)
			continue
		}
		out = out.add(e.argument(call, slices.Index(fn.Params, v.of), v.path, depth)...)
	}
	return out
}

// argument answers what is below an argument of a call.
func (e *engine) argument(call ssa.CallInstruction, i int, path string, depth int) values {
	args := call.Common().Args
	if i < 0 || i >= len(args) {
		return anyValue()
	}
	var fields []string
	if path != "" {
		fields = strings.Split(path, ".")
	}
	found := e.read(args[i], fields, call, depth)
	if path == "" {
		found = found.at(call.Pos(), nil)
	}
	return found
}

// effect answers what a call leaves below an object that it is given; goes
// tells whether it may also leave what was there.
func (e *engine) effect(call *ssa.Call, root ssa.Value, path []string, depth int) (found values, goes bool) {
	common := call.Common()
	goes = true
	operands := common.Args
	if common.IsInvoke() {
		operands = append([]ssa.Value{common.Value}, operands...)
	}
	for i, arg := range operands {
		arg = ssaflow.Bare(arg)
		if !pointer(arg.Type()) {
			continue // a copy
		}
		r, below := e.locate(arg)
		if r != root || len(below) > len(path) || !slices.Equal(below, path[:len(below)]) {
			continue
		}
		vals, on := e.changed(call, i, path[len(below):], depth)
		found, goes = found.add(vals...), goes && on
	}
	return found, goes
}

// changed answers what a call leaves behind its argument i.
func (e *engine) changed(call *ssa.Call, i int, path []string, depth int) (values, bool) {
	if _, ok := call.Call.Value.(*ssa.Builtin); ok {
		return nil, true
	}
	fn := ssaflow.Static(&call.Call)
	if call.Call.IsInvoke() {
		return anyValue(), false
	}
	if fn == nil {
		return e.changedByFuncs(call, i, path, depth)
	}
	pkg := packageOf(fn)
	switch {
	case pkg == nil:
		return anyValue(), false
	case e.table.Covers(pkg.Path()):
		return nil, true // it fills in the defaults that we know
	case fn.Pkg == e.pkg && len(fn.Blocks) > 0:
		if e.entered[fn] || i >= len(fn.Params) {
			return anyValue(), false
		}
		leave := e.enter(fn, call)
		left := e.left(fn, i, path, depth)
		leave()
		return e.kept(left, fn.Params[i], path, func(v Value) values { return e.given(values{v}, fn, call, depth) })
	}
	obj, _ := fn.Object().(*types.Func)
	var fact FuncFact
	if obj != nil && e.pass.ImportObjectFact(obj, &fact) {
		for _, c := range fact.Changes {
			if c.At == i && c.Path == strings.Join(path, ".") {
				found := e.unpack(c.Values, call, depth)
				return found, c.Keeps
			}
		}
	}
	if !e.pass.ImportPackageFact(pkg, &Analysed{}) || types.IsInterface(call.Call.Args[i].Type()) {
		return anyValue(), false
	}
	return nil, true
}

// enter begins to read a function as a call runs it.
func (e *engine) enter(fn *ssa.Function, call ssa.CallInstruction) (leave func()) {
	e.entered[fn], e.calling[fn] = true, call
	return func() {
		delete(e.entered, fn)
		delete(e.calling, fn)
	}
}

// changedByFuncs answers what a call of a func value leaves behind its argument
// i: of a func that the function is given, or of one of a list of them, as the
// call at hand gives it.
func (e *engine) changedByFuncs(call *ssa.Call, i int, path []string, depth int) (values, bool) {
	list, ok := e.funcsGiven(call.Call.Value)
	if !ok {
		return anyValue(), false
	}
	var found values
	for _, v := range slices.Backward(list) { // the last one counts
		fn := e.prog.FuncOf(v)
		if fn == nil || fn.Pkg != e.pkg || len(fn.Blocks) == 0 || e.entered[fn] || i >= len(fn.Params) {
			return anyValue(), false
		}
		leave := e.enter(fn, call)
		left := e.left(fn, i, path, depth)
		leave()
		vals, goes := e.kept(left, fn.Params[i], path, func(v Value) values {
			if v.kind == param {
				return anyValue() // what it captured
			}
			return values{v}
		})
		if found = found.add(vals...); !goes {
			return found, false
		}
	}
	return found, true
}

// funcsGiven returns the funcs that a func value can be, in the order in which
// they are called, if it is a parameter or an element of one, and the call that
// is being read says what that is.
func (e *engine) funcsGiven(v ssa.Value) ([]ssa.Value, bool) {
	element := false
	if load, ok := v.(*ssa.UnOp); ok {
		if addr, ok := load.X.(*ssa.IndexAddr); ok {
			v, element = addr.X, true
		}
	}
	p, ok := v.(*ssa.Parameter)
	if !ok {
		return nil, false
	}
	call := e.calling[p.Parent()]
	at := slices.Index(p.Parent().Params, p)
	if call == nil || at >= len(call.Common().Args) {
		return nil, false
	}
	arg := call.Common().Args[at]
	if element {
		return ssaflow.Variadic(arg)
	}
	return []ssa.Value{arg}, true
}

// left answers what a function leaves behind its parameter i.
func (e *engine) left(fn *ssa.Function, i int, path []string, depth int) values {
	var left values
	for _, b := range fn.Blocks {
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
			left = left.add(e.memory(fn.Params[i], path, ret, depth)...)
		}
	}
	return left
}

// kept splits what is left behind a parameter into what was there before, and
// the rest.
func (e *engine) kept(left values, p *ssa.Parameter, path []string, rest func(Value) values) (found values, goes bool) {
	for _, v := range left {
		if v.kind == param && v.of == p && v.path == strings.Join(path, ".") {
			goes = true
			continue
		}
		found = found.add(rest(v)...)
	}
	return found, goes
}

func packageOf(fn *ssa.Function) *types.Package {
	if obj := fn.Object(); obj != nil {
		return obj.Pkg()
	}
	if fn.Pkg != nil {
		return fn.Pkg.Pkg
	}
	return nil
}

// parsed answers what a URL sets, if it is a constant.
func (e *engine) parsed(call *ssa.Call, known *redisapi.Func, index int, path []string, depth int) values {
	if index != 0 || len(call.Call.Args) == 0 {
		return anyValue()
	}
	name := strings.Join(path, ".")
	i := slices.IndexFunc(known.Query, func(q redisapi.Query) bool { return q.Field == name })
	if i < 0 {
		return noValue() // no URL can set it
	}
	text := e.read(call.Call.Args[0], nil, call, depth)
	if len(text) != 1 || text[0].kind != isKnown || text[0].Const.Kind() != constant.String {
		return anyValue()
	}
	u, err := url.Parse(constant.StringVal(text[0].Const))
	if err != nil {
		return anyValue()
	}
	q := known.Query[i]
	if !u.Query().Has(q.Key) {
		return noValue()
	}
	s := u.Query().Get(q.Key)
	var c constant.Value
	sig := call.Call.Signature().Results().At(0).Type()
	switch {
	case q.Means != "":
		c = constant.MakeBool(s == q.Means)
	case isDuration(fieldType(sig, path)):
		d, err := time.ParseDuration(s)
		if n, e := strconv.Atoi(s); e == nil {
			d, err = time.Duration(n)*time.Second, nil
		}
		if err != nil {
			return anyValue()
		}
		if d <= 0 {
			d = -1
		}
		c = constant.MakeInt64(int64(d))
	default:
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return anyValue()
		}
		c = constant.MakeInt64(n)
	}
	return aValue(c).at(call.Pos(), nil)
}

// fieldType is the type at the end of a path.
func fieldType(t types.Type, path []string) types.Type {
	for _, name := range path {
		for pointer(t) {
			t = t.Underlying().(*types.Pointer).Elem()
		}
		st, ok := t.Underlying().(*types.Struct)
		if !ok {
			return nil
		}
		var next types.Type
		for f := range st.Fields() {
			if f.Name() == name {
				next = f.Type()
			}
		}
		if next == nil {
			return nil
		}
		t = next
	}
	return t
}

func isDuration(t types.Type) bool {
	named, ok := t.(*types.Named)
	return ok && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == "time" && named.Obj().Name() == "Duration"
}

// uses are the instructions of the package that use a variable in another way
// than to read it: stores to it or below it, and what takes its address.
func (e *engine) uses(g *ssa.Global) []ssa.Instruction {
	if e.globals == nil {
		e.globals = map[*ssa.Global][]ssa.Instruction{}
		var operands []*ssa.Value
		for _, fn := range e.funcs {
			for _, b := range fn.Blocks {
				for _, instr := range b.Instrs {
					operands = instr.Operands(operands[:0])
					for _, op := range operands {
						if g, ok := (*op).(*ssa.Global); ok {
							e.globals[g] = append(e.globals[g], e.writes(g, instr)...)
						}
					}
				}
			}
		}
	}
	return e.globals[g]
}

// writes are the instructions by which an address is written to or handed on.
func (e *engine) writes(addr ssa.Value, instr ssa.Instruction) []ssa.Instruction {
	switch instr := instr.(type) {
	case *ssa.Store:
		return []ssa.Instruction{instr}
	case *ssa.DebugRef:
		return nil
	case *ssa.UnOp:
		if instr.Op != token.MUL {
			return []ssa.Instruction{instr}
		}
		if !pointer(instr.Type()) {
			return nil
		}
		// A pointer in it: what is stored below counts, and a call that is
		// given the pointer, unless it is the library's.
		var list []ssa.Instruction
		for _, ref := range *instr.Referrers() {
			switch ref := ref.(type) {
			case *ssa.FieldAddr:
				list = append(list, e.writes(instr, ref)...)
			case *ssa.MakeInterface:
				list = append(list, ref)
			case ssa.CallInstruction:
				fn := ref.Common().StaticCallee()
				if fn == nil || packageOf(fn) == nil || !e.table.Covers(packageOf(fn).Path()) {
					list = append(list, ref)
				}
			}
		}
		return list
	case *ssa.FieldAddr:
		var list []ssa.Instruction
		for _, ref := range *instr.Referrers() {
			list = append(list, e.writes(instr, ref)...)
		}
		return list
	}
	return []ssa.Instruction{instr}
}
