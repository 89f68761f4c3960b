package lifetime

import (
	"go/types"
	"slices"
	"sort"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// A summary of what a call does to a resource it is given.
type summary struct {
	outcomes []Outcome
	running  bool // being computed
	depth    int  // of the computation, while it runs
}

// maxOutcomes bounds the ways of returning that a summary tells apart.
const maxOutcomes = 6

// maxRounds bounds the computations of one recursive function.
const maxRounds = 4

// maxDepth bounds the chain of summaries computed for one another. A longer
// chain of helpers is left in silence, which is counted.
const maxDepth = 40

// value returns what a caller knows of a result.
func (k Known) value() *value {
	switch k {
	case "nil":
		return nilValue
	case "notnil":
		return nonNilValue
	case "true":
		return trueValue
	case "false":
		return falseValue
	}
	return nil
}

func knownOf(st *state, v *value) Known {
	switch {
	case v.kind == symbol:
		if isNil, asked := st.facts[v.name+"==nil"]; asked && isNil {
			return "nil"
		} else if asked {
			return "notnil"
		}
		if truth, asked := st.facts[v.name]; asked {
			return Known(strconv.FormatBool(truth))
		}
	case v.isNil():
		return "nil"
	case v.kind == constant && (v.name == "true" || v.name == "false"):
		return Known(v.name)
	case v.notNil():
		return "notnil"
	}
	return ""
}

func knownResults(st *state, results []*value) []Known {
	ks := make([]Known, len(results))
	any := false
	for i, r := range results {
		ks[i] = knownOf(st, r)
		any = any || ks[i] != ""
	}
	if !any {
		return nil
	}
	return ks
}

// summarised applies a call by the summary of what it calls.
func (s *search) summarised(st *state, instr ssa.CallInstruction, method *types.Func, callee *ssa.Function, args []*value, how mode) []result {
	body := s.e.hasBody(callee)
	var fact *FuncFact
	if !body {
		var analysed bool
		if fact, analysed = s.e.fact(method); !analysed {
			return s.unknownCall(st, instr, args, MovedUnknown)
		}
	}
	if body && s.e.noReturn(callee) || fact != nil && fact.NoReturn {
		return nil
	}
	states := []*state{st}
	var done []result // states with a result already
	for i, a := range args {
		if !s.holds(st, a) && a.kind != closure {
			for _, st := range states {
				s.expose(st, a)
			}
			continue
		}
		var next []*state
		for _, st := range states {
			for _, r := range s.passed(st, instr, method, callee, body, fact, i, a, args, how) {
				if r.result != nil {
					done = append(done, r)
				} else {
					next = append(next, r.st)
				}
			}
		}
		states = next
	}
	for _, st := range states {
		done = append(done, result{st: st})
	}
	return done
}

// passed applies a call to one argument that holds the resource or is a func.
func (s *search) passed(st *state, instr ssa.CallInstruction, method *types.Func, callee *ssa.Function, body bool, fact *FuncFact, i int, a *value, args []*value, how mode) []result {
	if a.kind == closure || a.kind == cleanup {
		outcomes := s.e.paramOutcomes(method, callee, body, fact, i, "()", "", nil)
		if outcomes == nil {
			return nil
		}
		called, kept := false, true
		for _, o := range outcomes {
			switch o.Effect {
			case Moved:
				s.escape(st, a, MovedClosure)
				return only(st)
			case Released:
				called = true
			case Kept:
				kept = kept && len(o.Into) == 0
			}
		}
		if !kept {
			s.escape(st, a, MovedClosure)
			return only(st)
		}
		if !called {
			s.expose(st, a)
			return only(st)
		}
		var rs []result
		for _, n := range s.callValue(st, instr, a, how) {
			rs = append(rs, result{st: n})
		}
		return rs
	}
	if st.status != open {
		return only(st)
	}
	shape, ok := s.shape(st, a)
	if !ok {
		s.escape(st, a, MovedUnknown)
		return only(st)
	}
	var dyn types.Type
	switch a.kind {
	case address:
		dyn = s.dyn[a.name+a.path]
	case tracked:
		dyn = s.typ
	}
	outcomes := s.e.paramOutcomes(method, callee, body, fact, i, shape, strings.Join(s.release, ","), dyn, constArgs(args)...)
	if i == 0 && shape != "" && isMethod(method) {
		outcomes = ownersWord(outcomes)
	}
	var rs []result
	for n, o := range outcomes {
		to := st
		if n < len(outcomes)-1 {
			to = st.clone()
		}
		rs = append(rs, s.applyOutcome(to, instr, o, args, how))
	}
	return rs
}

func isMethod(fn *types.Func) bool {
	return fn != nil && fn.Type().(*types.Signature).Recv() != nil
}

// ownersWord is what a method that releases part of its receiver means to who
// calls it: the owner knows when there is something to release. Whether it
// is right is asked where the owner is made.
func ownersWord(outcomes []Outcome) []Outcome {
	var releases []Outcome
	for _, o := range outcomes {
		switch {
		case o.Effect == Released:
			releases = append(releases, o)
		case o.Effect != Kept || len(o.Into) > 0:
			return outcomes
		}
	}
	if releases == nil {
		return outcomes
	}
	return releases
}

// applyOutcome brings about what a summary says of one way of returning.
func (s *search) applyOutcome(st *state, instr ssa.CallInstruction, o Outcome, args []*value, how mode) result {
	v := valueOf(instr)
	parts := map[int]*value{}
	for i, k := range o.Results {
		if x := k.value(); x != nil {
			parts[i] = x
		}
	}
	switch o.Effect {
	case Released:
		s.releaseBy(st, instr, how, "")
	case Moved:
		s.move(st, o.Reason)
	case Kept:
		for _, p := range o.Into {
			switch {
			case p.Param:
				if p.Index < len(args) {
					s.plant(st, args[p.Index], p.Shape)
				}
			case v == nil:
				// Nobody takes the result: the place is lost, the resource is not.
			case p.Func:
				parts[p.Index] = cleanupValue
			default:
				parts[p.Index] = s.plantedAt(st, "o"+s.e.id(v)[1:], p, s.e.resultType(v, p))
			}
		}
	}
	if v == nil || len(parts) == 0 {
		return result{st: st}
	}
	return result{st, resultValue(v, parts, s.e.id(v))}
}

// resultType is the type of the object that a place in a call's result names.
func (e *engine) resultType(v ssa.Value, p Place) types.Type {
	if p.dyn != nil {
		return p.dyn
	}
	t := v.Type()
	if tup, ok := t.(*types.Tuple); ok {
		if p.Index >= tup.Len() {
			return nil
		}
		t = tup.At(p.Index).Type()
	}
	if types.IsInterface(t) {
		return nil
	}
	return t
}

// maxShapes bounds the ways to one resource that a place tells.
const maxShapes = 3

// shape returns all ways from a value to the resource as one shape.
func (s *search) shape(st *state, v *value) (string, bool) {
	return joinShapes(s.shapes(st, v))
}

func joinShapes(shapes []string) (string, bool) {
	sort.Slice(shapes, func(i, j int) bool {
		if len(shapes[i]) != len(shapes[j]) {
			return len(shapes[i]) < len(shapes[j])
		}
		return shapes[i] < shapes[j]
	})
	shapes = slices.Compact(shapes)
	switch {
	case len(shapes) == 0:
		return "", false
	case shapes[0] == "":
		return "", true
	case len(shapes) > maxShapes:
		shapes = shapes[:maxShapes]
	}
	return strings.Join(shapes, "|"), true
}

// shapes returns how the resource hangs on a value.
func (s *search) shapes(st *state, v *value) []string {
	var found []string
	s.shapesOf(st, v, "", 0, &found)
	return found
}

// maxHops bounds the pointers between a value and the resource.
const maxHops = 3

func (s *search) shapesOf(st *state, v *value, prefix string, hops int, found *[]string) {
	switch v.kind {
	case tracked:
		*found = append(*found, prefix)
	case cleanup:
		*found = append(*found, prefix+"()")
	case closure:
		if s.holds(st, v) {
			*found = append(*found, prefix+"()")
		}
	case aggregate:
		for _, p := range v.parts {
			s.shapesOf(st, p.value, prefix+p.path, hops, found)
		}
	case address, symbol:
		if hops >= maxHops {
			return
		}
		p := pointee(v)
		if p == nil {
			return
		}
		for c, x := range st.mem {
			if c.object == p.name && strings.HasPrefix(c.path, p.path) && c.path != dirtyPath {
				s.shapesOf(st, x, prefix+"*"+c.path[len(p.path):], hops+1, found)
			}
		}
	}
}

// hops returns the concrete types of the objects below a value.
func (s *search) hops(st *state, v *value) []hop {
	var found []hop
	s.hopsOf(st, v, "", 0, &found)
	return found
}

func (s *search) hopsOf(st *state, v *value, prefix string, n int, found *[]hop) {
	switch v.kind {
	case aggregate:
		for _, p := range v.parts {
			s.hopsOf(st, p.value, prefix+p.path, n, found)
		}
	case address:
		if t := s.dyn[v.name+v.path]; t != nil {
			*found = append(*found, hop{prefix, t})
		}
		if n >= maxHops {
			return
		}
		for c, x := range st.mem {
			if c.object == v.name && strings.HasPrefix(c.path, v.path) && c.path != dirtyPath {
				s.hopsOf(st, x, prefix+"*"+c.path[len(v.path):], n+1, found)
			}
		}
	}
}

// paramOutcomes returns what a call can do to a resource under a shape of one
// of its arguments. For the shape "()", a func, released means called.
func (e *engine) paramOutcomes(method *types.Func, callee *ssa.Function, body bool, fact *FuncFact, i int, shape, via string, dyn types.Type, consts ...constArg) []Outcome {
	if body {
		return e.summarise(callee, i, shape, via, dyn, consts)
	}
	if fact != nil {
		best := -1
		for n, p := range fact.Params {
			if p.Param == i && p.Shape == shape && (p.Via == "" || overlaps(p.Via, via)) && whenHolds(p.When, consts) {
				best = n // those with a condition stand before the one without
				break
			}
		}
		if best >= 0 {
			return fact.Params[best].Outcomes
		}
	}
	if shape != "" && shape != "()" && paramIsInterface(method, i) {
		return e.lifted(fact, i, shape, via, dyn)
	}
	if strings.Count(shape, "*") > 1 && !e.builtInside(method, i, shape) || strings.Contains(shape, "()") && shape != "()" && !e.builtInside(method, i, shape) {
		return []Outcome{{Effect: Moved, Reason: MovedUnknown}} // not looked at when it was analysed
	}
	return []Outcome{{}}
}

func paramIsInterface(method *types.Func, i int) bool {
	sig := method.Type().(*types.Signature)
	if sig.Recv() != nil {
		i--
	}
	if i < 0 || sig.Params().Len() == 0 {
		return false
	}
	if i >= sig.Params().Len() {
		i = sig.Params().Len() - 1
	}
	t := sig.Params().At(i).Type()
	return types.IsInterface(t) || isTypeParam(t)
}

// lifted returns what becomes of a resource in an object that is passed as an
// interface, from what is known to become of the object.
func (e *engine) lifted(fact *FuncFact, i int, shape, via string, dyn types.Type) []Outcome {
	closers := ""
	if dyn != nil {
		closers = strings.Join(e.closers(dyn, shape, strings.Split(via, ",")), ",")
	}
	var of *ParamFact
	if fact != nil {
		for n, p := range fact.Params {
			if p.Param == i && p.Shape == "" && p.When == "" && (p.Via == "" && of == nil || p.Via != "" && overlaps(p.Via, closers)) {
				of = &fact.Params[n]
			}
		}
	}
	if of == nil {
		return []Outcome{{}}
	}
	out := make([]Outcome, len(of.Outcomes))
	for n, o := range of.Outcomes {
		out[n] = o
		out[n].Into = nil
		for _, p := range o.Into {
			if !p.Func {
				p.Shape += shape
				if dyn != nil {
					p.hops = []hop{{p.Shape[:len(p.Shape)-len(shape)], dyn}}
				}
			}
			out[n].Into = append(out[n].Into, p)
		}
	}
	return out
}

// builtInside reports whether only the package of a type can have put
// something under a shape of it. It was then looked at when that package was
// analysed.
func (e *engine) builtInside(method *types.Func, param int, shape string) bool {
	if param != 0 || !isMethod(method) {
		return false
	}
	return !e.visiblePath(method.Type().(*types.Signature).Recv().Type(), shape)
}

func overlaps(a, b string) bool {
	for _, x := range strings.Split(a, ",") {
		for _, y := range strings.Split(b, ",") {
			if x == y {
				return true
			}
		}
	}
	return false
}

// A constArg is a parameter that a call sets to true, false or nil.
type constArg struct {
	param int
	value *value
}

func (c constArg) String() string { return strconv.Itoa(c.param) + "=" + c.value.name }

// whenHolds reports whether a fact's condition is met by a call's constants.
func whenHolds(when string, consts []constArg) bool {
	for _, c := range consts {
		if c.String() == when {
			return true
		}
	}
	return when == ""
}

func constArgs(args []*value) []constArg {
	var list []constArg
	for i, a := range args {
		if a.kind == constant && (a.name == "true" || a.name == "false" || a.name == "nil") {
			list = append(list, constArg{i, a})
		}
	}
	return list
}

// summarise computes what a function of this package does to a resource that
// it gets under a shape of one parameter.
func (e *engine) summarise(fn *ssa.Function, param int, shape, via string, dyn types.Type, consts []constArg) []Outcome {
	key := e.fnID(fn) + "/" + strconv.Itoa(param) + shape + "/" + via
	for _, c := range consts {
		key += "/" + c.String()
	}
	if dyn != nil {
		key += "/" + types.TypeString(dyn, nil)
	}
	if sum, ok := e.summaries[key]; ok {
		switch {
		case !sum.running:
		case sum.depth == e.depth:
			e.recursed = true // by the function itself: its other paths decide
		default:
			return []Outcome{{Effect: Moved, Reason: MovedRecursive}}
		}
		return sum.outcomes
	}
	if e.depth >= maxDepth || param >= len(fn.Params) {
		return []Outcome{{Effect: Moved, Reason: GaveUp}}
	}
	e.depth++
	sum := &summary{running: true, depth: e.depth}
	e.summaries[key] = sum
	outer := e.recursed
	// A function that calls itself is computed until its result changes nothing.
	for round := 0; round < maxRounds; round++ {
		e.recursed = false
		outcomes := e.searchParam(fn, param, shape, via, dyn, consts)
		same := len(outcomes) == len(sum.outcomes)
		sum.outcomes = outcomes
		if !e.recursed || same {
			break
		}
	}
	e.depth--
	e.recursed = outer
	sum.running = false
	return sum.outcomes
}

func (e *engine) searchParam(fn *ssa.Function, param int, shape, via string, dyn types.Type, consts []constArg) []Outcome {
	s := &search{e: e, root: fn, limit: maxSteps / 2, dyn: map[string]types.Type{}, moves: map[Reason]bool{}}
	if via != "" {
		s.release = strings.Split(via, ",")
	}
	st := newState()
	st.status = open
	s.opened = true
	p := fn.Params[param]
	s.taint = taintFrom(p)
	id := e.id(p)
	switch {
	case shape == "()":
		st.set(p, cleanupValue)
	case shape == "":
		s.typ = dyn
		st.set(p, trackedValue)
	case shape[0] == '*':
		s.planted(st, id, shape, dyn)
		st.set(p, addr(id, "")) // not nil: the resource is behind it
	default:
		st.set(p, s.planted(st, id, shape, nil))
	}
	for _, c := range consts {
		if c.param != param && c.param < len(fn.Params) {
			st.set(fn.Params[c.param], c.value)
		}
	}
	outs := s.run(fn, st)
	if s.gaveUp {
		e.count(GaveUp)
		return []Outcome{{Effect: Moved, Reason: GaveUp}}
	}
	origin := Place{Param: true, Index: param, Shape: shape}
	return mergeOutcomes(s.classifyAll(fn, outs, &origin))
}

// classifyAll turns the ways in which a function returned into outcomes.
func (s *search) classifyAll(fn *ssa.Function, outs []outcome, origin *Place) []Outcome {
	var list []Outcome
	for _, o := range outs {
		list = append(list, s.classify(fn, o, origin))
	}
	return list
}

// classify says where a way of returning leaves the resource.
func (s *search) classify(fn *ssa.Function, o outcome, origin *Place) Outcome {
	out := Outcome{Results: knownResults(o.st, o.results)}
	switch o.st.status {
	case released:
		out.Effect = Released
		return out
	case moved:
		return Outcome{Effect: Moved, Reason: o.st.moved}
	case open:
		if o.st.lent {
			return Outcome{Effect: Moved, Reason: MovedDynamic}
		}
	}
	for i, r := range o.results {
		if !s.holds(o.st, r) {
			continue
		}
		if r.kind == cleanup || r.kind == closure {
			if r.kind == closure && !s.releasesWhenCalled(o.st, r) {
				return Outcome{Effect: Moved, Reason: MovedClosure}
			}
			out.Into = append(out.Into, Place{Index: i, Func: true})
			continue
		}
		shape, ok := s.shape(o.st, r)
		if !ok {
			return Outcome{Effect: Moved, Reason: MovedReturned}
		}
		p := Place{Index: i, Shape: shape, hops: s.hops(o.st, r)}
		if r.kind == address {
			p.dyn = s.dyn[r.name+r.path]
		}
		out.Into = append(out.Into, p)
	}
	for i, p := range fn.Params {
		id := s.e.id(p)
		var held []string
		var hops []hop
		for c, v := range o.st.mem {
			if c.path == dirtyPath {
				continue
			}
			if prefix, ok := derivedFrom(c.object, id); ok {
				s.hopsOf(o.st, v, prefix+c.path, strings.Count(prefix, "*"), &hops)
				s.shapesOf(o.st, v, prefix+c.path, strings.Count(prefix, "*"), &held)
			}
		}
		if shape, ok := joinShapes(held); ok {
			if origin != nil && origin.Index == i && origin.Shape == shape {
				continue
			}
			out.Into = append(out.Into, Place{Param: true, Index: i, Shape: shape, hops: hops})
		}
	}
	if s.heldOutside(o.st, fn) {
		return Outcome{Effect: Moved, Reason: MovedField}
	}
	return out
}

// derivedFrom reports whether an object is what a parameter points to, or what
// was loaded from there, and how one gets from the parameter into it: "*" for
// the first, "*.2*" for what field 2 of it points to.
func derivedFrom(object, param string) (prefix string, ok bool) {
	if object == param {
		return "*", true
	}
	if path, ok := strings.CutPrefix(object, param); ok && (path[0] == '.' || path[0] == '[') {
		return "*" + path + "*", true // planted there when the search began
	}
	inner, ok := strings.CutPrefix(object, "*(")
	if !ok || !strings.HasSuffix(inner, ")") {
		return "", false
	}
	inner = inner[:len(inner)-1]
	end := 0 // of the object within
	if strings.HasPrefix(inner, "*(") {
		for depth := 0; end < len(inner); end++ {
			if inner[end] == '(' {
				depth++
			} else if inner[end] == ')' {
				if depth--; depth == 0 {
					end++
					break
				}
			}
		}
	} else {
		end = strings.IndexAny(inner, ".[")
	}
	if end <= 0 {
		return "", false
	}
	prefix, ok = derivedFrom(inner[:end], param)
	return prefix + inner[end:] + "*", ok
}

// heldOutside reports whether an object that is neither local nor reached from
// a parameter holds the resource: what a captured variable leads to.
func (s *search) heldOutside(st *state, fn *ssa.Function) bool {
	for c, v := range st.mem {
		if c.path == dirtyPath || isLocal(c.object) || !s.holds(st, v) {
			continue
		}
		reached := false
		for _, p := range fn.Params {
			if _, ok := derivedFrom(c.object, s.e.id(p)); ok {
				reached = true
			}
		}
		if !reached {
			return true
		}
	}
	return false
}

// releasesWhenCalled reports whether calling a func releases the resource on
// every path.
func (s *search) releasesWhenCalled(st *state, fn *value) bool {
	states := s.callValue(st.clone(), nil, fn, deferredCall)
	for _, n := range states {
		if n.status != released {
			return false
		}
	}
	return len(states) > 0
}

// mergeOutcomes sorts outcomes and removes doubles; when too many remain, what
// is certain of the results is given up first.
func mergeOutcomes(list []Outcome) []Outcome {
	list = unique(list)
	if len(list) > maxOutcomes {
		for i := range list {
			list[i].Results = nil
		}
		list = unique(list)
	}
	if len(list) > maxOutcomes {
		return []Outcome{{Effect: Moved, Reason: GaveUp}}
	}
	return list
}

func unique(list []Outcome) []Outcome {
	seen := map[string]bool{}
	var keys []string
	by := map[string]Outcome{}
	for _, o := range list {
		k := o.key()
		if !seen[k] {
			seen[k] = true
			keys = append(keys, k)
			by[k] = o
		}
	}
	sort.Strings(keys)
	var out []Outcome
	for _, k := range keys {
		out = append(out, by[k])
	}
	return out
}

func (o Outcome) key() string {
	var b strings.Builder
	b.WriteByte('0' + byte(o.Effect))
	b.WriteString(string(o.Reason))
	for _, p := range o.Into {
		b.WriteString(p.String())
		if p.Func {
			b.WriteByte('f')
		}
	}
	for _, r := range o.Results {
		b.WriteByte(',')
		b.WriteString(string(r))
	}
	return b.String()
}
