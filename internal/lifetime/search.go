package lifetime

import (
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// A search follows one resource over all paths of a function, from the entry
// to each exit. Functions whose bodies matter for its conditions (function
// literals, deferred closures) are run in place; all others are known by
// their summaries.
type search struct {
	e       *engine
	site    *site                 // the acquisition, or nil when the resource came in by a parameter
	release []string              // method names that release it
	typ     types.Type            // its dynamic type, if certain
	dyn     map[string]types.Type // the concrete types of objects held in interfaces
	root    *ssa.Function
	taint   taint // the values that the resource can reach
	running []*ssa.Function
	steps   int
	limit   int
	coarse  bool // do not correlate conditions on memory: fewer states
	gaveUp  bool
	opened  bool // some path reached the acquisition

	moves      map[Reason]bool // why paths stopped owning it
	dropped    []dropped       // losses seen before an exit is reached
	releases   []*releaseEvent
	undeferred []undeferred
	late       []lateUse // uses after the release: see misuse.go
	turns      []turn    // ways in which a loop came round to the acquisition: see turn.go

	told *telling        // where it moved, if somebody asks: see why.go
	at   ssa.Instruction // the instruction that runs, while somebody asks
}

// A dropped is a resource that was lost at an instruction other than a return.
type dropped struct {
	st *state
	at ssa.Instruction
}

// An undeferred is a plain release with a call before it that can panic.
type undeferred struct {
	release ssa.Instruction
	risk    ssa.Instruction
}

// An outcome is one way in which a function returned.
type outcome struct {
	st      *state
	results []*value
	exit    ssa.Instruction
}

// The bounds of a search. A function that needs more is left in silence,
// which is counted.
const (
	maxSteps   = 2000   // block visits of one search
	maxPackage = 500000 // block visits of all searches of a package
	maxCells   = 300    // places in memory that a state remembers
	maxInline  = 6      // function literals run within one another
	maxResults = 64     // ways of returning that are told apart
)

// run follows every path of a function from its entry and returns the ways in
// which it returns.
func (s *search) run(fn *ssa.Function, st *state) []outcome {
	if len(fn.Blocks) == 0 {
		return nil
	}
	s.running = append(s.running, fn)
	at := s.at
	defer func() { s.running, s.at = s.running[:len(s.running)-1], at }()
	st.frames = append(st.frames, frame{})

	type item struct {
		block *ssa.BasicBlock
		index int
		st    *state
	}
	var (
		outs []outcome
		seen = map[string]bool{}
		work []item
		flow = s.e.flow(fn)
	)
	enter := func(b, pred *ssa.BasicBlock, st *state) {
		if s.prunable(fn, b, st) {
			return
		}
		s.enter(flow, fn, b, pred, st)
		if len(st.mem) > maxCells {
			s.gaveUp = true
			return
		}
		key := strconv.Itoa(b.Index) + "#" + st.key(s.e)
		if !seen[key] {
			seen[key] = true
			work = append(work, item{b, 0, st})
		}
	}
	enter(fn.Blocks[0], nil, st)
	for len(work) > 0 {
		it := work[len(work)-1]
		work = work[:len(work)-1]
		s.steps++
		if s.e.steps++; s.steps > s.limit || s.e.steps > maxPackage {
			s.gaveUp = true
			return nil
		}
		b, st := it.block, it.st
	instrs:
		for i := it.index; i < len(b.Instrs); i++ {
			if s.told != nil {
				s.at = b.Instrs[i]
			}
			switch instr := b.Instrs[i].(type) {
			case *ssa.Phi:
				// set on the edge
			case *ssa.If:
				succs := s.branch(instr, st)
				for j := len(succs) - 1; j >= 0; j-- {
					enter(succs[j].block, b, succs[j].st)
				}
			case *ssa.Jump:
				enter(b.Succs[0], b, st)
			case *ssa.Panic:
				// The process or the goroutine ends here.
			case *ssa.Return:
				results := make([]*value, len(instr.Results))
				for j, r := range instr.Results {
					results[j] = s.eval(st, r)
				}
				st.frames = st.frames[:len(st.frames)-1]
				if outs = append(outs, outcome{st, results, instr}); len(outs) > 8*maxResults {
					s.gaveUp = true
					return nil
				}
			case *ssa.Select:
				next := s.selects(st, instr, flow.loop[b.Index])
				if len(next) == 1 {
					st = next[0]
					continue
				}
				for j := len(next) - 1; j >= 0; j-- {
					work = append(work, item{b, i + 1, next[j]})
				}
				break instrs
			case *ssa.RunDefers:
				next := s.runDefers(st)
				if len(next) == 1 {
					st = next[0]
					continue
				}
				for j := len(next) - 1; j >= 0; j-- {
					work = append(work, item{b, i + 1, next[j]})
				}
				break instrs
			case ssa.CallInstruction:
				next := s.callInstr(st, instr, flow.loop[b.Index])
				if len(next) == 1 {
					st = next[0]
					continue
				}
				for j := len(next) - 1; j >= 0; j-- {
					work = append(work, item{b, i + 1, next[j]})
				}
				break instrs
			default:
				s.instr(st, instr, flow.loop[b.Index])
			}
		}
		if s.gaveUp {
			return nil
		}
	}
	return outs
}

// prunable reports whether a state has nothing more to tell: the resource was
// not opened and cannot be, or its fate is settled.
func (s *search) prunable(fn *ssa.Function, b *ssa.BasicBlock, st *state) bool {
	switch st.status {
	case moved:
		return s.site != nil && fn == s.root
	case before:
		return fn == s.root && !s.e.reachesSite(s.site, fn)[b.Index]
	}
	return false
}

// enter moves a state over the edge into a block: phis take their values, and
// what is not needed any more is forgotten, so that paths meet again.
func (s *search) enter(f *flow, fn *ssa.Function, b, pred *ssa.BasicBlock, st *state) {
	if pred != nil {
		edge := -1
		for i, p := range b.Preds {
			if p == pred {
				edge = i
			}
		}
		var phis []*ssa.Phi
		var vals []*value
		for _, instr := range b.Instrs {
			phi, ok := instr.(*ssa.Phi)
			if !ok {
				break
			}
			phis = append(phis, phi)
			vals = append(vals, s.eval(st, phi.Edges[edge]))
		}
		for i, phi := range phis {
			if self := s.e.id(phi); vals[i].kind == symbol && vals[i].name == self {
				continue
			} else if f.loop[b.Index] {
				v := vals[i]
				s.renew(st, self)
				vals[i] = v.rename(self, "~"+self)
			}
			if s.e.useful(phi) {
				st.set(phi, vals[i])
			} else {
				delete(st.regs, phi)
			}
		}
	}
	for v := range st.regs {
		if !f.live(v, b) {
			delete(st.regs, v)
		}
	}
	s.collect(f, fn, b, st)
	for fact := range st.facts {
		if !s.factMatters(f, b, st, fact) {
			delete(st.facts, fact)
		}
	}
}

// collect forgets the objects of this function that nothing leads to any more.
func (s *search) collect(f *flow, fn *ssa.Function, b *ssa.BasicBlock, st *state) {
	var doubtful map[string]bool
	for c := range st.mem {
		if doubtful[c.object] {
			continue
		}
		switch base(c.object) {
		case 'a', 'o', 'i':
		default:
			continue
		}
		names := namesIn(c.object)
		if len(names) == 0 {
			continue
		}
		name := trimRenames(names[0])
		renamed := name != names[0]
		if name[0] == 'o' {
			name = "i" + name[1:]
		}
		v := s.e.byID[name]
		if in, ok := v.(ssa.Instruction); !ok || in.Parent() != fn || !renamed && f.live(v, b) {
			continue
		}
		if doubtful == nil {
			doubtful = map[string]bool{}
		}
		doubtful[c.object] = true
	}
	if doubtful == nil {
		return
	}
	// Whatever is still mentioned stays, and what that mentions.
	var work []*value
	for _, v := range st.regs {
		work = append(work, v)
	}
	for _, fr := range st.frames {
		for _, d := range fr.defers {
			work = append(work, d.fn)
			work = append(work, d.args...)
		}
	}
	for c, v := range st.mem {
		if !doubtful[c.object] {
			work = append(work, v)
		}
	}
	for len(work) > 0 && len(doubtful) > 0 {
		v := work[len(work)-1]
		work = work[:len(work)-1]
		if v == nil {
			continue
		}
		for _, p := range v.parts {
			work = append(work, p.value)
		}
		if v.name == "" || v.kind == constant {
			continue
		}
		for object := range doubtful {
			if object == v.name || mentionsIn(v.name, object) {
				delete(doubtful, object)
				for c, x := range st.mem {
					if c.object == object {
						work = append(work, x)
					}
				}
			}
		}
	}
	for c := range st.mem {
		if doubtful[c.object] {
			delete(st.mem, c)
		}
	}
}

// factMatters reports whether a condition can be asked again from a block on.
func (s *search) factMatters(f *flow, b *ssa.BasicBlock, st *state, fact string) bool {
	names := namesIn(fact)
	for _, n := range names {
		plain := trimRenames(n)
		if plain[0] != 'i' {
			continue
		}
		v := s.e.byID[plain]
		if v == nil || n == plain && f.live(v, b) {
			continue
		}
		if !s.stateMentions(st, n) {
			return false
		}
	}
	if strings.ContainsAny(fact, "pg*") && !strings.HasPrefix(fact, "visited") {
		return !s.coarse && s.e.asked(s.root, fact) >= 2
	}
	return true
}

func (s *search) stateMentions(st *state, name string) bool {
	for _, v := range st.regs {
		if v.mentions(name) {
			return true
		}
	}
	for _, v := range st.mem {
		if v.mentions(name) {
			return true
		}
	}
	return false
}

// namesIn returns the names of instructions, parameters and so on in a key.
func namesIn(key string) []string {
	var names []string
	for i := 0; i < len(key); i++ {
		switch c := key[i]; c {
		case 'i', 'p', 'f', 'g', 'a', 'o':
			j := i + 1
			for j < len(key) && key[j] >= '0' && key[j] <= '9' {
				j++
			}
			if j > i+1 && (i == 0 || !isLetter(key[i-1])) {
				start := i
				for start > 0 && key[start-1] == '~' {
					start--
				}
				names = append(names, key[start:j])
			}
			i = j - 1
		case '"':
			for i++; i < len(key) && key[i] != '"'; i++ {
				if key[i] == '\\' {
					i++
				}
			}
		}
	}
	return names
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' }

// renew prepares for an instruction in a loop to make its value again.
func (s *search) renew(st *state, name string) {
	if !st.mentions(name) {
		return
	}
	if st.status == open && s.holds(st, addr("~"+name, "")) {
		// The resource is in what an earlier turn made. That keeps its name;
		// of the last turn's nothing more is known.
		if s.holds(st, addr(name, "")) {
			s.move(st, MovedLoop)
		}
		st.forget(name)
		return
	}
	if st.status == open && s.deferredWith(st, "~"+name) {
		st.forget(name)
		return
	}
	st.renew(name)
}

// deferredWith reports whether a deferred call that holds the resource depends
// on what a name stands for: on a flag that the same turn of a loop set.
func (s *search) deferredWith(st *state, name string) bool {
	for _, f := range st.frames {
		for _, d := range f.defers {
			if !s.deferHolds(st, d) {
				continue
			}
			if d.mentions(name) {
				return true
			}
			for c, v := range st.mem {
				if v.mentions(name) && d.mentions(c.object) {
					return true
				}
			}
		}
	}
	return false
}

type edge struct {
	block *ssa.BasicBlock
	st    *state
}

// selects applies a select statement. When one of its cases sends the
// resource away, the cases are told apart.
func (s *search) selects(st *state, instr *ssa.Select, inLoop bool) []*state {
	s.instr(st, instr, inLoop)
	sends := false
	for _, c := range instr.States {
		sends = sends || c.Send != nil && s.holds(st, s.eval(st, c.Send))
	}
	if !sends || st.status != open {
		return []*state{st}
	}
	var next []*state
	choose := func(i int, sent ssa.Value) {
		n := st.clone()
		if sent != nil {
			s.escape(n, s.eval(n, sent), MovedSent)
		}
		index := &value{kind: constant, name: strconv.Itoa(i)}
		n.set(instr, &value{kind: tuple, name: s.e.id(instr), parts: []part{{"0", index}}})
		next = append(next, n)
	}
	for i, c := range instr.States {
		choose(i, c.Send)
	}
	if !instr.Blocking {
		choose(-1, nil)
	}
	return next
}

// branch returns the ways on from a condition that are possible.
func (s *search) branch(instr *ssa.If, st *state) []edge {
	yes, no := instr.Block().Succs[0], instr.Block().Succs[1]
	c := s.eval(st, instr.Cond)
	take := func(b *ssa.BasicBlock, st *state, taken bool) edge {
		if st.status == open {
			st.trail = &step{st.trail, instr, taken}
		}
		return edge{b, st}
	}
	if c.kind == constant {
		if c.name == "true" {
			return []edge{take(yes, st, true)}
		}
		return []edge{take(no, st, false)}
	}
	if c.kind != symbol {
		other := st.clone()
		return []edge{take(yes, st, true), take(no, other, false)}
	}
	name, negated := strings.CutPrefix(c.name, "!")
	var out []edge
	if e := s.assume(st.clone(), name, !negated); e != nil {
		out = append(out, take(yes, e, true))
	}
	if e := s.assume(st, name, negated); e != nil {
		out = append(out, take(no, e, false))
	}
	return out
}

// assume makes a condition true or false in a state, and returns nil when the
// state says otherwise, or when the resource cannot have been opened then.
func (s *search) assume(st *state, fact string, truth bool) *state {
	switch {
	case fact == errNilFact:
		if !truth && st.status != before {
			return nil // opening failed: there is nothing to release
		}
		st.doubtful = false
		return st
	case strings.HasPrefix(fact, errOtherFact):
		if truth && st.status != before {
			return nil
		}
		return st
	case strings.HasPrefix(fact, errAskedFact):
		// A function of the program was asked about the error. What its
		// answer means is not known; the path may be one on which nothing
		// was opened.
		st.doubtful = st.doubtful || st.status == open
		return st
	case strings.HasPrefix(fact, refutesFact):
		if truth {
			return s.assume(st, fact[len(refutesFact):]+"==nil", false)
		}
		return st
	case strings.HasPrefix(fact, moreFact):
		object := fact[len(moreFact):]
		if truth {
			st.facts[visitedFact+object] = true
		} else if !st.facts[visitedFact+object] && st.status == open && s.holds(st, addr(object, "")) {
			return nil // the container is not empty: the resource is in it
		}
		return st
	}
	if known, ok := st.facts[fact]; ok {
		if known != truth {
			return nil
		}
		return st
	}
	if truth {
		if left, _, ok := strings.Cut(fact, "=="); ok {
			for f, t := range st.facts {
				if l, _, ok := strings.Cut(f, "=="); ok && t && l == left {
					return nil // it equals another constant already
				}
			}
		}
	}
	st.facts[fact] = truth
	if name, ok := strings.CutSuffix(fact, "==nil"); ok && truth {
		// What another call opened is there if its error is nil.
		if p := s.e.partner(name); p != "" {
			if isNil, ok := st.facts[p+"==nil"]; ok && isNil {
				return nil
			}
			st.facts[p+"==nil"] = false
		}
	}
	return st
}

// The conditions that mean more than their text.
const (
	errNilFact   = "err==nil" // the error of the opening call is nil
	errOtherFact = "err=="    // it is some other error
	errAskedFact = "err?"     // what some function says of it
	refutesFact  = "not nil:" // an error is of some kind, and so not nil
	moreFact     = "more:"    // a range over a container has another turn
	visitedFact  = "visited:" // it has had one
)

// eval returns what is known of a value.
func (s *search) eval(st *state, v ssa.Value) *value {
	if x, ok := st.regs[v]; ok {
		return x
	}
	switch v := v.(type) {
	case *ssa.Const:
		switch {
		case v.Value == nil:
			return zero(v.Type())
		default:
			return &value{kind: constant, name: v.Value.ExactString()}
		}
	case *ssa.Function:
		return &value{kind: closure, fn: v}
	case *ssa.Global:
		return addr(s.e.id(v), "")
	case *ssa.Alloc, *ssa.MakeSlice, *ssa.MakeMap, *ssa.MakeChan:
		return addr(s.e.id(v), "")
	case *ssa.FreeVar:
		return addr(s.e.id(v), "")
	case *ssa.Builtin:
		return &value{}
	}
	return sym(s.e.id(v))
}

// pointee returns the address that a pointer value denotes.
func pointee(v *value) *value {
	switch v.kind {
	case address:
		return v
	case symbol:
		if !strings.HasPrefix(v.name, "!") && !strings.Contains(v.name, "==") {
			return addr(v.name, "")
		}
	}
	return nil
}

// instr applies an instruction that is neither a call nor a jump.
func (s *search) instr(st *state, instr ssa.Instruction, inLoop bool) {
	switch instr := instr.(type) {
	case *ssa.Store:
		v := s.eval(st, instr.Val)
		if v.kind == address && !s.e.canHold(instr.Val.Type()) {
			v = nonNilValue
		}
		s.storeTo(st, s.eval(st, instr.Addr), v)
		return
	case *ssa.MapUpdate:
		m := s.eval(st, instr.Map)
		s.putElem(st, m, s.eval(st, instr.Value))
		s.putElem(st, m, s.eval(st, instr.Key))
		return
	case *ssa.Send:
		s.escape(st, s.eval(st, instr.X), MovedSent)
		return
	case *ssa.DebugRef:
		return
	}
	v, ok := instr.(ssa.Value)
	if !ok {
		return
	}
	x := s.compute(st, v)
	if inLoop {
		if name := s.e.id(v); x.mentions(name) {
			s.renew(st, name)
			x = x.renameOwn(name, v)
		}
	}
	if a, ok := v.(*ssa.Alloc); ok && inLoop {
		// The variable starts anew in each turn.
		for c := range st.mem {
			if c.object == s.e.id(a) {
				delete(st.mem, c)
			}
		}
	}
	if s.site != nil && s.site.instr == instr && st.status != before {
		s.noteTurn(st)
	}
	if s.site != nil && s.site.instr == instr && st.status == before {
		s.open(st)
		st.set(v, s.plantedAt(st, "o"+s.e.id(v)[1:], s.site.open.At, s.site.dyn))
		return
	}
	if x.kind == symbol && x.name == s.e.id(v) || x.kind == address && x.name == s.e.id(v) && x.path == "" {
		delete(st.regs, v) // eval says so by itself
		return
	}
	if s.e.useful(v) {
		st.set(v, x)
	} else {
		delete(st.regs, v)
	}
}

// renameOwn keeps a value that an instruction computes from names of the same
// instruction's earlier turn apart from what it makes now.
func (v *value) renameOwn(name string, own ssa.Value) *value {
	switch own.(type) {
	case *ssa.Alloc, *ssa.MakeSlice, *ssa.MakeMap, *ssa.MakeChan:
		return v
	}
	if v.kind == symbol && v.name == name {
		return v
	}
	return v.rename(name, "~"+name)
}

// compute returns the value that an instruction makes.
func (s *search) compute(st *state, v ssa.Value) *value {
	self := func() *value { return sym(s.e.id(v)) }
	switch v := v.(type) {
	case *ssa.Alloc, *ssa.MakeSlice, *ssa.MakeMap, *ssa.MakeChan:
		return addr(s.e.id(v), "")
	case *ssa.FieldAddr:
		x := s.eval(st, v.X)
		if x.kind == tracked {
			return embedded(v.X.Type(), v.Field, self)
		}
		if p := pointee(x); p != nil {
			return addr(p.name, p.path+"."+strconv.Itoa(v.Field))
		}
	case *ssa.IndexAddr:
		if p := pointee(s.eval(st, v.X)); p != nil {
			return addr(p.name, p.path+"[]")
		}
	case *ssa.Field:
		if x := s.eval(st, v.X); x.kind == tracked {
			return embedded(v.X.Type(), v.Field, self)
		}
		return s.component(s.eval(st, v.X), "."+strconv.Itoa(v.Field), v.Type(), self)
	case *ssa.Index:
		return s.component(s.eval(st, v.X), "[]", v.Type(), self)
	case *ssa.Lookup:
		x := s.eval(st, v.X)
		elem := self()
		if x.kind == address {
			elem = s.elem(st, x, self)
		}
		if v.CommaOk {
			found := sym(s.e.id(v) + "#1")
			if elem.kind == tracked || elem.kind == cleanup {
				found = trueValue
			}
			return &value{kind: tuple, name: s.e.id(v), parts: []part{{"0", elem}, {"1", found}}}
		}
		return elem
	case *ssa.UnOp:
		switch v.Op {
		case token.MUL:
			if g, ok := v.X.(*ssa.Global); ok && isErrorType(v.Type()) && g.Name() != "_" {
				return nonNilValue // package-level errors say what went wrong
			}
			if s.eval(st, v.X).kind == tracked {
				return trackedValue // a copy of the client shares what it holds
			}
			if p := pointee(s.eval(st, v.X)); p != nil {
				return s.named(v, st.load(cell{p.name, p.path}, func() *value { return zero(v.Type()) }))
			}
		case token.NOT:
			return negate(s.eval(st, v.X), self)
		case token.ARROW:
			x := s.eval(st, v.X)
			if x.kind == address {
				elem := s.elem(st, x, self)
				if v.CommaOk {
					return &value{kind: tuple, name: s.e.id(v), parts: []part{{"0", elem}}}
				}
				return elem
			}
		}
	case *ssa.BinOp:
		return s.binop(st, v, self)
	case *ssa.Extract:
		t := s.eval(st, v.Tuple)
		if t.kind == tuple {
			if p := t.part(strconv.Itoa(v.Index)); p != nil {
				return p
			}
		}
		if t.kind == iterator && v.Index == 0 {
			return sym(moreFact + t.name)
		}
		if t.kind == iterator {
			return s.elem(st, addr(t.name, ""), self)
		}
	case *ssa.ChangeType:
		return s.eval(st, v.X)
	case *ssa.ChangeInterface:
		return s.eval(st, v.X)
	case *ssa.MakeInterface:
		x := s.eval(st, v.X)
		if x.kind == address {
			s.dyn[x.name+x.path] = v.X.Type()
		}
		if x.kind == symbol {
			if _, ptr := v.X.Type().Underlying().(*types.Pointer); !ptr {
				return nonNilValue
			}
		}
		if x.isNil() {
			return nonNilValue
		}
		return x
	case *ssa.Convert:
		x := s.eval(st, v.X)
		if _, ok := v.Type().Underlying().(*types.Basic); ok && s.holds(st, x) {
			s.escape(st, x, MovedUnsafe)
		}
		if x.isConst() {
			return x
		}
	case *ssa.SliceToArrayPointer:
		return s.eval(st, v.X)
	case *ssa.Slice:
		x := s.eval(st, v.X)
		if p := pointee(x); p != nil {
			return addr(p.name, p.path)
		}
		return x
	case *ssa.TypeAssert:
		x := s.eval(st, v.X)
		ok := s.asserts(st, x, v.AssertedType)
		if v.CommaOk {
			okv := sym(s.e.id(v) + "#1")
			val := x
			if ok != nil {
				okv = ok
				if ok == falseValue {
					val = zero(v.AssertedType)
				}
			}
			return &value{kind: tuple, name: s.e.id(v), parts: []part{{"0", val}, {"1", okv}}}
		}
		return x
	case *ssa.MakeClosure:
		c := &value{kind: closure, fn: v.Fn.(*ssa.Function)}
		for i, b := range v.Bindings {
			c.parts = append(c.parts, part{strconv.Itoa(i), s.eval(st, b)})
		}
		return c
	case *ssa.Range:
		if p := pointee(s.eval(st, v.X)); p != nil && p.path == "" {
			return &value{kind: iterator, name: p.name}
		}
	case *ssa.Next:
		if x := s.eval(st, v.Iter); x.kind == iterator {
			return x
		}
	}
	return self()
}

// named gives what was loaded from an element a name of its own: elements are
// not told apart, so that two loads need not be equal.
func (s *search) named(v ssa.Value, x *value) *value {
	if x.kind == symbol && strings.Contains(x.name, "[]") {
		return sym(s.e.id(v))
	}
	return x
}

// embedded returns a field of the resource itself: an embedded one stands for
// the resource, since its methods are promoted.
func embedded(t types.Type, field int, self func() *value) *value {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	if st, ok := t.Underlying().(*types.Struct); ok && st.Field(field).Embedded() {
		return trackedValue
	}
	return self()
}

// component returns a part of an aggregate.
func (s *search) component(x *value, path string, t types.Type, self func() *value) *value {
	if x.kind != aggregate {
		if x.kind == symbol {
			return sym(x.name + path)
		}
		return self()
	}
	if p := x.part(path); p != nil {
		if p.kind == unknown {
			return self()
		}
		return p
	}
	if b := x.below(path); b != nil {
		return b
	}
	if x.name == "0" {
		return zero(t)
	}
	if x.name != "" {
		return sym(x.name + path)
	}
	return self()
}

// elem returns an element of a container. Elements are not told apart.
func (s *search) elem(st *state, container *value, self func() *value) *value {
	path := container.path + "[]"
	if v, ok := st.mem[cell{container.name, path}]; ok && v.known() {
		return v
	}
	var parts []part
	for c, v := range st.mem {
		if rest, ok := strings.CutPrefix(c.path, path); ok && c.object == container.name && rest != "" && v.known() {
			parts = append(parts, part{rest, v})
		}
	}
	if parts != nil {
		return &value{kind: aggregate, name: self().name, parts: sortedParts(parts)}
	}
	return self()
}

// putElem adds an element to a container. What holds the resource stays.
func (s *search) putElem(st *state, container, v *value) {
	if !s.holds(st, v) {
		return
	}
	p := pointee(container)
	if p == nil {
		s.escape(st, v, MovedForeign)
		return
	}
	s.storeTo(st, addr(p.name, p.path+"[]"), v)
}

// storeTo writes a value to an address.
func (s *search) storeTo(st *state, a, v *value) {
	p := pointee(a)
	holds := s.holds(st, v)
	if p == nil {
		if holds {
			s.escape(st, v, MovedForeign)
		}
		return
	}
	c := cell{p.name, p.path}
	old := st.mem[c]
	if !holds && old == nil && isFresh(p.name) && !matters(v) && !s.watched(p.name) {
		st.mem[cell{p.name, dirtyPath}] = nonNilValue
		return
	}
	if strings.Contains(p.path, "[]") && !holds && s.holds(st, addr(p.name, p.path)) {
		return // another element
	}
	if !isLocal(p.name) {
		if holds {
			switch base(p.name) {
			case 'g':
				s.escape(st, v, MovedGlobal)
			case 'p', 'f':
				// Its owner is outside; whether it stays there is seen at the exit.
			default:
				s.escape(st, v, MovedForeign)
			}
		} else if st.status == open && old != nil && s.holds(st, old) {
			s.move(st, MovedOverwrote)
		}
	}
	st.store(c, v)
}

// matters reports whether a stored value that does not hold the resource can
// do so later, or tells whether there is one.
func matters(v *value) bool {
	switch v.kind {
	case openErr, closure, cleanup:
		return true
	case address:
		return isLocal(v.name)
	}
	return false
}

// negate returns the negation of a boolean.
func negate(x *value, self func() *value) *value {
	switch {
	case x.kind == constant:
		return boolValue(x.name == "false")
	case x.kind == symbol && strings.HasPrefix(x.name, "!"):
		return sym(x.name[1:])
	case x.kind == symbol:
		return sym("!" + x.name)
	}
	return self()
}

// binop returns the value of a comparison, in a form in which equal questions
// have equal names.
func (s *search) binop(st *state, v *ssa.BinOp, self func() *value) *value {
	x, y := s.eval(st, v.X), s.eval(st, v.Y)
	switch v.Op {
	case token.EQL, token.NEQ:
		eq := s.equal(st, x, y, self)
		if v.Op == token.NEQ {
			return negate(eq, self)
		}
		return eq
	case token.LSS, token.GTR:
		if v.Op == token.GTR {
			x, y = y, x
		}
		if y.kind == length {
			if x.isConst() && x.name == "0" {
				return s.compareLen(st, y)
			}
			return sym(moreFact + y.name)
		}
		if x.kind == constant && y.kind == constant {
			if a, err := strconv.Atoi(x.name); err == nil {
				if b, err := strconv.Atoi(y.name); err == nil {
					return boolValue(a < b)
				}
			}
		}
		if x.kind == symbol && y.kind == symbol || x.kind == symbol && y.isConst() || y.kind == symbol && x.isConst() {
			return sym("(" + x.name + "<" + y.name + ")")
		}
	case token.ADD:
		return addSmall(x, y, 1, self)
	case token.SUB:
		if z := addSmall(x, y, -1, self); z.isConst() {
			return z
		}
		if x.kind == length && y.isConst() {
			return x // an index that runs down from the end
		}
	case token.LEQ, token.GEQ:
		if v.Op == token.LEQ {
			x, y = y, x
		}
		if x.kind == length && y.isConst() {
			return sym(moreFact + x.name)
		}
		// x >= y is !(x < y)
		if (x.kind == symbol || x.isConst()) && (y.kind == symbol || y.isConst()) && !(x.isConst() && y.isConst()) {
			return sym("!(" + x.name + "<" + y.name + ")")
		}
	case token.AND, token.OR:
		if x.isConst() && y.isConst() && isBool(v.Type()) {
			a, b := x.name == "true", y.name == "true"
			if v.Op == token.AND {
				return boolValue(a && b)
			}
			return boolValue(a || b)
		}
	}
	return self()
}

// addSmall folds a sum that is no further from zero than one, so that the
// first turn of a counted loop is known to happen, and no loop is unrolled.
func addSmall(x, y *value, sign int, self func() *value) *value {
	if x.isConst() && y.isConst() {
		a, err1 := strconv.Atoi(x.name)
		b, err2 := strconv.Atoi(y.name)
		if sum := a + sign*b; err1 == nil && err2 == nil && -1 <= sum && sum <= 1 {
			return &value{kind: constant, name: strconv.Itoa(sum)}
		}
	}
	return self()
}

// compareLen answers whether a container has elements.
func (s *search) compareLen(st *state, l *value) *value {
	if st.status == open && s.holds(st, addr(l.name, "")) {
		return trueValue
	}
	return sym("(0<" + l.name + ")")
}

func isBool(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsBoolean != 0
}

// equal compares two values.
func (s *search) equal(st *state, x, y *value, self func() *value) *value {
	if x.isConst() && !y.isConst() {
		x, y = y, x
	}
	switch {
	case x.kind == openErr && y.isNil():
		return sym(errNilFact)
	case x.kind == openErr || y.kind == openErr:
		if x.kind != openErr {
			x, y = y, x
		}
		if y.kind == openErr {
			return trueValue
		}
		return sym(errOtherFact + y.key())
	case x.isConst() && y.isConst():
		return boolValue(x.name == y.name)
	case y.isNil() && x.notNil():
		return falseValue
	case y.isConst() && y.name == "true" && x.kind == symbol:
		return x
	case y.isConst() && y.name == "false" && x.kind == symbol:
		return negate(x, self)
	case x.kind == length && y.isConst() && y.name == "0":
		return negate(s.compareLen(st, x), self)
	case x.kind == symbol && y.isConst():
		return sym(x.name + "==" + y.name)
	case x.kind == symbol && y.kind == symbol:
		if x.name == y.name {
			return trueValue
		}
		if x.name > y.name {
			x, y = y, x
		}
		return sym("(" + x.name + "=" + y.name + ")")
	case x.kind == tracked && y.kind == tracked:
		return trueValue
	}
	return self()
}

// asserts tells whether a value is certainly of a type, certainly not, or
// neither.
func (s *search) asserts(st *state, x *value, t types.Type) *value {
	var have types.Type
	switch x.kind {
	case tracked:
		have = s.typ
	case address:
		have = s.dyn[x.name+x.path]
	}
	if have == nil {
		if x.kind == tracked {
			return trueValue // it is asked because it may be released so
		}
		return nil
	}
	if types.IsInterface(t) {
		if types.IsInterface(have) {
			if types.Implements(have, t.Underlying().(*types.Interface)) {
				return trueValue
			}
			return nil
		}
		return boolValue(types.Implements(have, t.Underlying().(*types.Interface)))
	}
	if types.IsInterface(have) {
		return nil
	}
	return boolValue(types.Identical(have, t))
}

// open marks the resource as opened.
func (s *search) open(st *state) {
	st.status = open
	st.trail = nil
	st.risk = nil
	s.opened = true
}

// move hands the resource to somebody else.
func (s *search) move(st *state, why Reason) {
	if st.status == open {
		st.status, st.moved = moved, why
		s.moves[why] = true
		s.told.move(s.at, why)
	}
}

// escape hands over whatever a value holds.
func (s *search) escape(st *state, v *value, why Reason) {
	if st.status == open && s.holds(st, v) {
		s.move(st, why)
	}
	s.expose(st, v)
}

// expose lets strangers write to the objects that a value reaches.
func (s *search) expose(st *state, v *value) {
	s.visit(st, v, func(x *value) bool {
		if x.kind == address && isLocal(x.name) && !st.dirty(x.name) {
			st.spoil(x.name)
		}
		return true
	})
}

// holds reports whether the resource, or a func that releases it, can be
// reached from a value.
func (s *search) holds(st *state, v *value) bool {
	found := false
	s.visit(st, v, func(x *value) bool {
		if x.kind == tracked || x.kind == cleanup {
			found = true
		}
		return !found
	})
	return found
}

// visit calls f for each value reachable from v until f returns false.
func (s *search) visit(st *state, v *value, f func(*value) bool) {
	seen := map[string]bool{}
	work := []*value{v}
	for len(work) > 0 {
		x := work[len(work)-1]
		work = work[:len(work)-1]
		if x == nil {
			continue
		}
		if !f(x) {
			return
		}
		for _, p := range x.parts {
			work = append(work, p.value)
		}
		switch x.kind {
		case address, iterator, symbol:
			if x.kind == symbol && strings.ContainsAny(x.name, "=<!:") {
				continue
			}
			key := x.name + x.path
			if seen[key] {
				continue
			}
			seen[key] = true
			// A pointer into an object reaches the cells at and below it.
			var cells []part
			for c, y := range st.mem {
				if c.object == x.name && strings.HasPrefix(c.path, x.path) && c.path != dirtyPath {
					cells = append(cells, part{c.path, y})
				}
			}
			for _, c := range sortedParts(cells) {
				work = append(work, c.value)
			}
		}
	}
}
