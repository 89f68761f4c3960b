package lifetime

import (
	"go/types"
	"slices"
	"strconv"
	"strings"

	"github.com/redislint/redislint/internal/redisapi"
	"golang.org/x/tools/go/ssa"
)

// A mode says how a call is made.
type mode uint8

const (
	plainCall    mode = iota // now
	deferredCall             // when the function returns
	goCall                   // by another goroutine
)

// callInstr applies a call, a go or a defer statement.
func (s *search) callInstr(st *state, instr ssa.CallInstruction, inLoop bool) []*state {
	c := instr.Common()
	fn, args := s.operands(st, c)
	switch instr := instr.(type) {
	case *ssa.Defer:
		s.deferCall(st, instr, fn, args)
		return []*state{st}
	case *ssa.Go:
		return s.goroutine(st, instr, fn, args)
	}
	v := instr.Value()
	if inLoop && v != nil {
		name := s.e.id(v)
		if st.mentions(name) {
			s.renew(st, name)
			for i := range args {
				args[i] = args[i].rename(name, "~"+name)
			}
			if fn != nil {
				fn = fn.rename(name, "~"+name)
			}
		}
		if obj := "o" + name[1:]; st.mentions(obj) {
			s.renew(st, obj)
			for i := range args {
				args[i] = args[i].rename(obj, "~"+obj)
			}
		}
		delete(st.regs, v)
	}
	if s.site != nil && s.site.instr == instr {
		return s.acquire(st, instr, args)
	}
	if st.status == open && st.risk == nil && s.canPanic(c, st, args) {
		st.risk = instr
	}
	was := st.status
	asked := v != nil && st.status == open && isBool(v.Type()) && hasOpenErr(args)
	var next []*state
	for _, r := range s.call(st, instr, c, fn, args, plainCall) {
		if asked && r.result == nil {
			r.result = sym(errAskedFact + s.e.id(v))
		}
		if was == before && r.st.status == open && r.result == nil && v != nil {
			// It ran a callback that opens. Its error is that of opening.
			if i := errorResult(v.Type()); i >= 0 {
				r.result = resultValue(v, map[int]*value{i: errValue}, s.e.id(v))
			}
		}
		if v != nil && r.result != nil {
			r.st.set(v, r.result)
		}
		next = append(next, r.st)
	}
	return next
}

// errorResult returns the index of the error among a call's results, or -1.
func errorResult(t types.Type) int {
	tup, ok := t.(*types.Tuple)
	if !ok {
		if isErrorType(t) {
			return 0
		}
		return -1
	}
	if n := tup.Len(); n > 0 && isErrorType(tup.At(n-1).Type()) {
		return n - 1
	}
	return -1
}

func hasOpenErr(args []*value) bool {
	for _, a := range args {
		if a.kind == openErr {
			return true
		}
	}
	return false
}

// operands evaluates a call's function value and arguments, the receiver first.
func (s *search) operands(st *state, c *ssa.CallCommon) (fn *value, args []*value) {
	fn = s.eval(st, c.Value)
	if c.IsInvoke() {
		args = append(args, fn)
		fn = nil
	}
	for _, a := range c.Args {
		args = append(args, s.eval(st, a))
	}
	return fn, args
}

// acquire applies the opening call itself.
func (s *search) acquire(st *state, instr ssa.CallInstruction, args []*value) []*state {
	v := instr.Value()
	if st.status != before {
		// The loop came round. What the last turn opened must be held by
		// something other than the register that is written now.
		if v != nil {
			delete(st.regs, v)
		}
		s.noteTurn(st)
		if st.status == open && !s.reachable(st) {
			s.dropped = append(s.dropped, dropped{st, instr})
			return nil
		}
		if st.status == open {
			for _, a := range args {
				s.expose(st, a)
			}
		}
		return []*state{st}
	}
	for i, a := range args {
		// What it is opened with is only borrowed, unless it is a place to
		// put the resource in.
		if p := s.site.open.At; !p.Param || p.Index != i {
			s.expose(st, a)
		}
	}
	s.open(st)
	o := s.site.open
	parts := map[int]*value{}
	for i, k := range o.Results {
		if x := k.value(); x != nil {
			parts[i] = x
		}
	}
	if o.Err >= 0 {
		parts[o.Err] = errValue
	}
	if o.Cleanup >= 0 {
		parts[o.Cleanup] = cleanupValue
	}
	switch {
	case o.At.Param:
		if o.At.Index < len(args) {
			s.plant(st, args[o.At.Index], o.At.Shape)
		}
	case o.At.Func:
		parts[o.At.Index] = cleanupValue
	default:
		parts[o.At.Index] = s.plantedAt(st, "o"+s.e.id(v)[1:], o.At, s.site.dyn)
		for _, p := range o.Also {
			parts[p.Index] = s.planted(st, "o"+s.e.id(v)[1:], p.Shape, s.e.resultType(v, p))
		}
	}
	st.set(v, resultValue(v, parts, s.e.id(v)))
	return []*state{st}
}

// resultValue packs what is known of a call's results.
func resultValue(v ssa.Value, parts map[int]*value, name string) *value {
	t, ok := v.Type().(*types.Tuple)
	if !ok {
		if x := parts[0]; x != nil {
			return x
		}
		return nil
	}
	r := &value{kind: tuple, name: name}
	for i := 0; i < t.Len(); i++ {
		if x := parts[i]; x != nil && x.known() {
			r.parts = append(r.parts, part{strconv.Itoa(i), x})
		}
	}
	return r
}

// plantedAt is planted for a place, with the types of the objects on the way.
func (s *search) plantedAt(st *state, object string, p Place, dyn types.Type) *value {
	for _, h := range p.hops {
		// The objects are named by the way to them: see plantedOne.
		s.dyn[object+strings.ReplaceAll(h.shape, "*", "")] = h.typ
	}
	return s.planted(st, object, p.Shape, dyn)
}

// planted builds a value with the resource under a shape, or under several.
// Objects on the way get names of their own.
func (s *search) planted(st *state, object, shape string, dyn types.Type) *value {
	var whole *value
	for _, one := range strings.Split(shape, "|") {
		v := s.plantedOne(st, object, one, dyn)
		if whole != nil && whole.kind == aggregate && v.kind == aggregate {
			v = &value{kind: aggregate, parts: sortedParts(append(append([]part(nil), whole.parts...), v.parts...))}
		}
		whole = v
	}
	return whole
}

func (s *search) plantedOne(st *state, object, shape string, dyn types.Type) *value {
	switch shape {
	case "":
		return trackedValue
	case "()":
		return cleanupValue
	}
	pointer := shape[0] == '*'
	path, rest := strings.TrimPrefix(shape, "*"), ""
	if i := strings.IndexAny(path, "*("); i >= 0 {
		path, rest = path[:i], path[i:]
	}
	inner := s.plantedOne(st, object+path, rest, nil)
	if !pointer {
		return &value{kind: aggregate, parts: []part{{path, inner}}}
	}
	st.mem[cell{object, path}] = inner
	if dyn != nil {
		s.dyn[object] = dyn
	}
	return addr(object, "")
}

// plant puts the resource behind a value that a call was given.
func (s *search) plant(st *state, v *value, shape string) {
	p := pointee(v)
	for _, one := range strings.Split(shape, "|") {
		if p == nil || one == "" || one[0] != '*' {
			s.move(st, MovedForeign)
			return
		}
		path, rest := one[1:], ""
		if i := strings.IndexAny(path, "*("); i >= 0 {
			path, rest = path[:i], path[i:]
		}
		s.storeTo(st, addr(p.name, p.path+path), s.plantedOne(st, p.name+p.path+path, rest, nil))
	}
}

// reachable reports whether anything still leads to the resource.
func (s *search) reachable(st *state) bool {
	for _, v := range st.regs {
		if s.holds(st, v) {
			return true
		}
	}
	for c, v := range st.mem {
		if c.path != dirtyPath && (v.kind == tracked || v.kind == cleanup || v.kind == closure) && s.holds(st, v) {
			return true
		}
	}
	for _, f := range st.frames {
		for _, d := range f.defers {
			if s.deferHolds(st, d) {
				return true
			}
		}
	}
	return false
}

func (s *search) deferHolds(st *state, d *deferred) bool {
	if d.fn != nil && s.holds(st, d.fn) {
		return true
	}
	for _, a := range d.args {
		if s.holds(st, a) {
			return true
		}
	}
	return false
}

// deferCall registers a deferred call. Of a statement that a loop comes back
// to, the turn that holds the resource is remembered, and the last one.
func (s *search) deferCall(st *state, instr *ssa.Defer, fn *value, args []*value) {
	d := &deferred{instr, fn, args}
	if !s.deferMatters(st, d) {
		return
	}
	top := len(st.frames) - 1
	holds := s.deferHolds(st, d)
	var defers []*deferred
	for _, o := range st.frames[top].defers {
		if o.instr != instr || !holds && s.deferHolds(st, o) {
			defers = append(defers, o)
		}
	}
	st.frames[top].defers = append(defers, d)
	if st.status == open && holds {
		st.covered = true
	}
}

// deferMatters reports whether a deferred call can release the resource: it
// holds it, or it shares a variable that the resource can get into.
func (s *search) deferMatters(st *state, d *deferred) bool {
	if s.deferHolds(st, d) {
		return true
	}
	c := d.instr.Common()
	if s.taint[c.Value] || d.fn != nil && d.fn.kind == closure && s.taint.literal(d.fn.fn) {
		return true
	}
	for _, a := range c.Args {
		if s.taint[a] {
			return true
		}
	}
	return false
}

// runDefers runs what the innermost function deferred, last first.
func (s *search) runDefers(st *state) []*state {
	states := []*state{st}
	top := len(st.frames) - 1
	defers := st.frames[top].defers
	st.frames[top].defers = nil
	for i := len(defers) - 1; i >= 0; i-- {
		d := defers[i]
		var next []*state
		for _, st := range states {
			for _, r := range s.call(st, d.instr, d.instr.Common(), d.fn, d.args, deferredCall) {
				next = append(next, r.st)
			}
		}
		if states = next; len(states) > maxResults {
			s.gaveUp = true
			return nil
		}
	}
	return states
}

// goroutine applies a go statement. What the goroutine does to the resource
// counts; what it writes does not, since nobody knows when.
func (s *search) goroutine(st *state, instr *ssa.Go, fn *value, args []*value) []*state {
	holds := fn != nil && s.holds(st, fn)
	for _, a := range args {
		holds = holds || s.holds(st, a)
	}
	if !holds || st.status != open {
		if fn != nil {
			s.expose(st, fn)
		}
		for _, a := range args {
			s.expose(st, a)
		}
		return []*state{st}
	}
	results := s.call(st.clone(), instr, instr.Common(), fn, args, goCall)
	if len(results) == 0 {
		if !s.gaveUp {
			s.move(st, MovedForever)
		}
		return []*state{st}
	}
	var next []*state
	seen := map[status]bool{}
	for _, r := range results {
		if seen[r.st.status] {
			continue
		}
		seen[r.st.status] = true
		n := st.clone()
		n.status, n.moved, n.trail, n.release = r.st.status, r.st.moved, r.st.trail, r.st.release
		if fn != nil {
			s.expose(n, fn)
		}
		next = append(next, n)
	}
	return next
}

// A result is a way in which a call returned.
type result struct {
	st     *state
	result *value
}

func only(st *state) []result { return []result{{st: st}} }

// call applies a call and returns the ways in which it returns; none when it
// never does.
func (s *search) call(st *state, instr ssa.CallInstruction, c *ssa.CallCommon, fn *value, args []*value, how mode) []result {
	if s.told != nil {
		s.at = instr
	}
	if b, ok := c.Value.(*ssa.Builtin); ok {
		return s.builtin(st, instr, b, args)
	}
	if fn != nil && fn.kind == cleanup {
		s.releaseBy(st, instr, how, "")
		return only(st)
	}
	callee, method, args := s.callee(st, c, fn, args)
	if callee != nil && callee.Parent() != nil && s.e.hasBody(callee) {
		return s.inline(st, instr, callee, fn, args, how)
	}
	if i := rangeBody(args); i >= 0 {
		return s.rangeOver(st, instr, args[i], how)
	}
	if method == nil && callee == nil {
		// A func value that nothing is known of.
		if s.e.lending {
			for _, a := range args {
				s.expose(st, a)
			}
			return only(st)
		}
		if fn != nil {
			s.escape(st, fn, MovedDynamic)
		}
		if st.status == open && how == plainCall && s.lends(st, c, args) {
			return only(st)
		}
		return s.unknownCall(st, instr, args, MovedDynamic)
	}
	if method == nil {
		return s.summarised(st, instr, nil, callee, args, how)
	}
	row := s.e.table.Func(method)
	if row != nil && (row.NoReturn || row.Fails && st.status == open) {
		return nil // a test that has failed may leave what it likes open
	}
	if row != nil && (!s.e.hasBody(callee) || s.ends(st, method, args)) {
		return s.known(st, instr, row, method, args, how)
	}
	if c.IsInvoke() && callee == nil {
		return s.invoke(st, instr, method, args, how)
	}
	if len(args) > 0 && args[0].kind == tracked && method.Type().(*types.Signature).Recv() != nil {
		return s.ownMethod(st, instr, method, callee, args, how)
	}
	return s.summarised(st, instr, method, callee, args, how)
}

// lends gives the resource itself to a callback of the function's caller. A
// callback may keep it; but a function that releases it afterwards only lent
// it.
func (s *search) lends(st *state, c *ssa.CallCommon, args []*value) bool {
	switch c.Value.(type) {
	case *ssa.Parameter, *ssa.FreeVar:
	default:
		return false
	}
	lent := false
	for _, a := range args {
		if a.kind != tracked && s.holds(st, a) {
			return false
		}
		lent = lent || a.kind == tracked
	}
	st.lent = st.lent || lent
	if lent {
		s.told.lend(s.at)
	}
	return lent
}

// rangeBody returns the index of the argument that is the body of a range over
// a function, or -1.
func rangeBody(args []*value) int {
	for i, a := range args {
		if a.kind == closure && a.fn.Synthetic == "range-over-func yield" {
			return i
		}
	}
	return -1
}

// rangeOver applies the iterator of a range statement: its body runs not at
// all, or once for all turns.
func (s *search) rangeOver(st *state, instr ssa.CallInstruction, body *value, how mode) []result {
	results := []result{{st: st.clone()}}
	for _, n := range s.callValue(st, instr, body, how) {
		results = append(results, result{st: n})
	}
	return results
}

// callee finds the function that a call runs, looking through closures, bound
// methods and interfaces whose dynamic type is certain. It returns the
// function's body, if there is one in this package, its object, and the
// arguments as that function sees them.
func (s *search) callee(st *state, c *ssa.CallCommon, fn *value, args []*value) (*ssa.Function, *types.Func, []*value) {
	if c.IsInvoke() {
		recv := args[0]
		var dyn types.Type
		switch recv.kind {
		case address:
			dyn = s.dyn[recv.name+recv.path]
		case tracked:
			if s.typ != nil && !types.IsInterface(s.typ) {
				dyn = s.typ
			}
		}
		if dyn != nil {
			if m := s.e.method(dyn, c.Method); m != nil {
				obj, _ := m.Object().(*types.Func)
				if obj == nil {
					obj = c.Method
				}
				return m, obj, args
			}
		}
		return nil, c.Method, args
	}
	var f *ssa.Function
	if fn != nil && fn.kind == closure {
		f = fn.fn
	} else {
		f = c.StaticCallee()
	}
	if f == nil {
		return nil, nil, args
	}
	if strings.HasPrefix(f.Synthetic, "bound method wrapper") && fn != nil && len(fn.parts) == 1 {
		obj, _ := f.Object().(*types.Func)
		args = append([]*value{fn.parts[0].value}, args...)
		if obj == nil {
			return nil, nil, args
		}
		if m := f.Prog.FuncValue(obj); m != nil {
			return m, obj, args
		}
		return nil, obj, args
	}
	if o := f.Origin(); o != nil {
		f = o
	}
	obj, _ := f.Object().(*types.Func)
	return f, obj, args
}

// inline runs a function literal where it is called.
func (s *search) inline(st *state, instr ssa.CallInstruction, callee *ssa.Function, fn *value, args []*value, how mode) []result {
	depth := 0
	for _, r := range s.running {
		if r == callee {
			depth = maxInline // recursion
		}
		if r.Parent() != nil {
			depth++
		}
	}
	if depth >= maxInline {
		if fn != nil {
			s.escape(st, fn, MovedClosure)
		}
		return s.unknownCall(st, instr, args, MovedDynamic)
	}
	for i, p := range callee.Params {
		if i < len(args) {
			st.set(p, args[i])
		}
	}
	if fn != nil && fn.kind == closure {
		for i, f := range callee.FreeVars {
			if i < len(fn.parts) {
				st.set(f, fn.parts[i].value)
			}
		}
	}
	// A deferred function's releases are deferred ones, a goroutine's its own.
	before := st.release
	outs := s.run(callee, st)
	var results []result
	for _, o := range outs {
		if o.st.release != before && o.st.release != nil && how != plainCall {
			o.st.release = &releaseEvent{o.st.release.instr, true, o.st.release.how}
		}
		for v := range o.st.regs {
			if in, ok := v.(ssa.Instruction); ok && in.Parent() == callee {
				delete(o.st.regs, v)
			}
		}
		results = append(results, result{o.st, pack(o.results)})
	}
	return results
}

// pack turns results into the value of a call.
func pack(results []*value) *value {
	switch len(results) {
	case 0:
		return nil
	case 1:
		return results[0]
	}
	t := &value{kind: tuple}
	for i, r := range results {
		if r.known() {
			t.parts = append(t.parts, part{strconv.Itoa(i), r})
		}
	}
	return t
}

// builtin applies a call of a builtin function.
func (s *search) builtin(st *state, instr ssa.CallInstruction, b *ssa.Builtin, args []*value) []result {
	switch b.Name() {
	case "append":
		dst := args[0]
		p := pointee(dst)
		if dst.isNil() || p == nil || !isLocal(p.name) {
			// A slice of its own from here on.
			fresh := addr("a"+s.e.instrID(instr)[1:], "")
			if p != nil && s.holds(st, dst) {
				s.storeTo(st, addr(fresh.name, "[]"), s.elem(st, p, func() *value { return &value{} }))
			}
			p = fresh
		}
		for _, a := range args[1:] {
			x := pointee(a)
			if x == nil {
				continue
			}
			elem := s.elem(st, x, func() *value { return &value{} })
			// A literal that shares the resource's variable may come to hold it.
			if s.holds(st, x) || elem.kind == closure && s.taint.literal(elem.fn) {
				s.storeTo(st, addr(p.name, p.path+"[]"), elem)
			}
		}
		return []result{{st, p}}
	case "copy":
		if dst, src := pointee(args[0]), pointee(args[1]); dst != nil && src != nil && s.holds(st, src) {
			s.storeTo(st, addr(dst.name, dst.path+"[]"), s.elem(st, src, func() *value { return &value{} }))
		}
	case "len":
		if p := pointee(args[0]); p != nil && p.path == "" {
			return []result{{st, &value{kind: length, name: p.name}}}
		}
		if args[0].isNil() {
			return []result{{st, &value{kind: constant, name: "0"}}}
		}
	case "panic":
		return nil
	case "ssa:wrapnilchk", "min", "max":
		return []result{{st, args[0]}}
	}
	return only(st)
}

// variadic evaluates what a call passes one by one for its last parameter. It
// is nil if the call passes a slice.
func (s *search) variadic(st *state, c *ssa.CallCommon) []*value {
	slice, ok := c.Args[len(c.Args)-1].(*ssa.Slice)
	if !ok {
		return nil
	}
	array, ok := slice.X.(*ssa.Alloc)
	if !ok || array.Comment != "varargs" {
		return nil
	}
	var list []*value
	for _, ref := range *array.Referrers() {
		elem, ok := ref.(*ssa.IndexAddr)
		if !ok {
			continue
		}
		for _, use := range *elem.Referrers() {
			if store, ok := use.(*ssa.Store); ok && store.Addr == elem {
				list = append(list, settled(st, s.eval(st, store.Val)))
			}
		}
	}
	return list
}

// settled is what a value is known to be on this path: nil, not nil, or itself.
func settled(st *state, v *value) *value {
	if v.kind == symbol {
		if isNil, ok := st.facts[v.name+"==nil"]; ok {
			if isNil {
				return nilValue
			}
			return nonNilValue
		}
	}
	return v
}

// joined is the error that several errors are joined to, or nil if it is not
// known whether it is nil.
func joined(errs []*value) *value {
	var one *value
	for _, e := range errs {
		switch {
		case e.isNil():
		case e.notNil():
			return nonNilValue
		case one != nil && one.key() != e.key():
			return nil
		default:
			one = e
		}
	}
	if one == nil && len(errs) > 0 {
		return errs[0]
	}
	return one
}

// unknownCall applies a call of which nothing is known.
func (s *search) unknownCall(st *state, instr ssa.CallInstruction, args []*value, why Reason) []result {
	for _, a := range args {
		s.escape(st, a, why)
	}
	return only(st)
}

// known applies a call that the knowledge has a row for.
func (s *search) known(st *state, instr ssa.CallInstruction, row *redisapi.Func, method *types.Func, args []*value, how mode) []result {
	for _, i := range row.Releases {
		if i < len(args) && st.status == open && s.holds(st, args[i]) {
			s.releaseBy(st, instr, how, method.Name())
			return only(st)
		}
	}
	if len(args) > 0 && st.status == open && method.Type().(*types.Signature).Recv() != nil &&
		s.isRelease(method.Name()) && s.holds(st, args[0]) {
		s.releaseBy(st, instr, how, method.Name())
		return only(st)
	}
	s.noteUse(st, instr, row, method, args)
	switch {
	case row.Refutes && len(args) > 0:
		return s.refutes(st, args[0])
	case row.NonNil:
		return []result{{st, nonNilValue}}
	case row.Joins:
		if v := joined(s.variadic(st, instr.Common())); v != nil {
			return []result{{st, v}}
		}
	case row.Probe && args[0].kind == tracked && (st.risk == nil || st.risk == instr):
		return []result{{st, errValue}}
	case row.Verdict:
		for _, a := range args {
			if a.kind == openErr {
				return []result{{st, sym(errNilFact)}}
			}
		}
	}
	for _, a := range row.Aliases {
		if a.Param < len(args) && s.holds(st, args[a.Param]) {
			v := valueOf(instr)
			if v == nil {
				return only(st)
			}
			parts := map[int]*value{a.Result: trackedValue}
			return []result{{st, resultValue(v, parts, s.e.id(v))}}
		}
	}
	for _, i := range row.Takes {
		if i < len(args) {
			s.escape(st, args[i], MovedTaken)
		}
	}
	states := []*state{st}
	runs := append([]int(nil), row.Calls...)
	for _, sc := range row.Scopes {
		runs = append(runs, sc.Callback)
	}
	for _, i := range runs {
		if i >= len(args) || args[i].kind != closure && args[i].kind != cleanup {
			continue
		}
		var next []*state
		for _, st := range states {
			next = append(next, s.callValue(st, instr, args[i], how)...)
		}
		states = next
	}
	var results []result
	for _, st := range states {
		for i, a := range args {
			if row.Library || contains(runs, i) {
				// A library borrows what it is given, but it keeps funcs.
				if a.kind == closure && !contains(runs, i) {
					s.escape(st, a, MovedClosure)
				}
				continue
			}
			s.escape(st, a, MovedUnknown)
		}
		results = append(results, result{st: st})
	}
	return results
}

// refutes applies a call that is true only of an error that is not nil.
func (s *search) refutes(st *state, err *value) []result {
	switch {
	case err.isNil():
		return []result{{st, falseValue}}
	case err.kind == openErr:
		return []result{{st, sym(errOtherFact + "is")}}
	case err.kind == symbol:
		return []result{{st, sym(refutesFact + err.name)}}
	}
	return only(st)
}

// valueOf returns the value of a call; nil for a call that stands nowhere, made
// to find out what a func would do.
func valueOf(instr ssa.CallInstruction) ssa.Value {
	if instr == nil {
		return nil
	}
	if v := instr.Value(); v != nil {
		return v
	}
	return nil
}

func contains(list []int, i int) bool {
	for _, x := range list {
		if x == i {
			return true
		}
	}
	return false
}

// ends reports whether the knowledge says that a method releases its receiver,
// which is the resource itself. That stands in the library's own package too,
// whatever the method's body looks like.
func (s *search) ends(st *state, method *types.Func, args []*value) bool {
	recv := method.Signature().Recv()
	if recv == nil || len(args) == 0 || st.status != open || !slices.Contains(s.e.releaseOf(recv.Type()), method.Name()) {
		return false
	}
	shape, ok := s.shape(st, args[0])
	return ok && (shape == "" || shape == "*")
}

// callValue calls a func value with arguments that nothing is known of.
func (s *search) callValue(st *state, instr ssa.CallInstruction, fn *value, how mode) []*state {
	if fn.kind == cleanup {
		s.releaseBy(st, instr, how, "")
		return []*state{st}
	}
	c := &ssa.CallCommon{Value: fn.fn}
	callee, method, args := s.callee(st, c, fn, nil)
	var rs []result
	switch {
	case callee != nil && callee.Parent() != nil && s.e.hasBody(callee):
		rs = s.inline(st, instr, callee, fn, args, how)
	case callee != nil && method == nil:
		rs = s.summarised(st, instr, nil, callee, args, how)
	case method != nil:
		if row := s.e.table.Func(method); row != nil && (!s.e.hasBody(callee) || s.ends(st, method, args)) {
			rs = s.known(st, instr, row, method, args, how)
		} else if len(args) > 0 && args[0].kind == tracked {
			rs = s.ownMethod(st, instr, method, callee, args, how)
		} else {
			rs = s.summarised(st, instr, method, callee, args, how)
		}
	default:
		s.escape(st, fn, MovedDynamic)
		return []*state{st}
	}
	var states []*state
	for _, r := range rs {
		states = append(states, r.st)
	}
	return states
}

// invoke applies a call of an interface method whose dynamic type is not known.
func (s *search) invoke(st *state, instr ssa.CallInstruction, method *types.Func, args []*value, how mode) []result {
	if len(args) > 0 && args[0].kind == tracked && st.status == open {
		if s.isRelease(method.Name()) {
			s.releaseBy(st, instr, how, method.Name())
			return only(st)
		}
		return s.unknownCall(st, instr, args[1:], MovedDynamic)
	}
	return s.unknownCall(st, instr, args, MovedDynamic)
}

// ownMethod applies a call of a method of the resource itself.
func (s *search) ownMethod(st *state, instr ssa.CallInstruction, method *types.Func, callee *ssa.Function, args []*value, how mode) []result {
	if st.status == open && s.isRelease(method.Name()) {
		s.releaseBy(st, instr, how, method.Name())
		return only(st)
	}
	return s.summarised(st, instr, method, callee, args, how)
}

func (s *search) isRelease(name string) bool {
	for _, r := range s.release {
		if r == name {
			return true
		}
	}
	return false
}

// releaseBy marks the resource as released.
func (s *search) releaseBy(st *state, instr ssa.CallInstruction, how mode, method string) {
	if st.status != open {
		return
	}
	if how == plainCall && !st.covered && st.risk != nil && len(s.running) == 1 {
		s.undeferred = append(s.undeferred, undeferred{instr, st.risk})
	}
	st.status = released
	st.release = &releaseEvent{instr, how != plainCall, method}
	s.releases = append(s.releases, st.release)
}

// canPanic reports whether a call between opening and releasing is one that
// can panic. A library's own constructors and options cannot.
func (s *search) canPanic(c *ssa.CallCommon, st *state, args []*value) bool {
	if _, ok := c.Value.(*ssa.Builtin); ok {
		return false
	}
	var obj *types.Func
	if c.IsInvoke() {
		obj = c.Method
	} else if f := c.StaticCallee(); f != nil {
		obj, _ = f.Object().(*types.Func)
	}
	if obj == nil {
		return true
	}
	row := s.e.table.Func(obj)
	if row == nil {
		return true
	}
	if s.isRelease(obj.Name()) && len(args) > 0 && s.holds(st, args[0]) {
		return false
	}
	if row.Library && !isMethod(obj) && len(row.Commands) == 0 && s.e.table.Covers(obj.Pkg().Path()) {
		return false
	}
	return len(row.Opens) == 0 && len(row.Aliases) == 0
}
