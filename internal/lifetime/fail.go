package lifetime

import (
	exact "go/constant"
	"go/token"
	"go/types"
	"sort"
	"strconv"
	"strings"

	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// A Failure is a place where an error of Redis does more harm to a request than
// it must.
type Failure struct {
	Pos     token.Pos // the call that ends the process, or that answers
	End     string    // what ends the process: "log.Fatal", "panic"; "" if nothing does
	Status  int       // otherwise, the status that a missing key is answered with
	What    string    // the Redis call whose error it is: "Get"
	Origin  token.Pos // that call
	Handler *Request
}

// An ErrorFact says what a function's errors mean to its callers.
type ErrorFact struct {
	Missing []string // by result, what read a key that may not exist: "1=Get"; the miss is not told apart from a failure
	Ends    []int    // parameters that are errors; when one is not nil, the process ends
}

// AFact marks ErrorFact as a fact.
func (*ErrorFact) AFact() {}

// Exposes reports whether a caller can treat a miss as a failure.
func (f *ErrorFact) Exposes() bool { return len(f.Missing) > 0 }

func (f *ErrorFact) String() string {
	var s []string
	for _, m := range f.Missing {
		s = append(s, "misses "+m)
	}
	for _, i := range f.Ends {
		s = append(s, "ends on "+strconv.Itoa(i))
	}
	return strings.Join(s, ", ")
}

// An errorSource is a call whose error is one of Redis.
type errorSource struct {
	at   *ssa.Call
	what string
	miss bool // the error may say that a key does not exist, and nothing else has asked so far
}

// errorFlow knows the errors of Redis in the functions of a package.
type errorFlow struct {
	e       *engine
	sources map[*ssa.Function]map[int]*errorSource // by function and result; nil while it is looked at
	ends    map[*ssa.Parameter]bool
	asking  map[*ssa.Parameter]bool // those that are being looked at
}

func (e *engine) errorFlow() *errorFlow {
	if e.errors == nil {
		e.errors = &errorFlow{e: e, sources: map[*ssa.Function]map[int]*errorSource{}, ends: map[*ssa.Parameter]bool{}, asking: map[*ssa.Parameter]bool{}}
	}
	return e.errors
}

// exportErrors exports what other packages need to know of errors.
func (e *engine) exportErrors() {
	x := e.errorFlow()
	for _, fn := range e.funcs {
		obj, ok := fn.Object().(*types.Func)
		if !ok || fn.Parent() != nil || obj.Pkg() != e.pass.Pkg || !obj.Exported() || e.prog.InTest(fn.Pos()) {
			continue
		}
		fact := &ErrorFact{}
		for i := range fn.Signature.Results().Len() {
			if s := x.returns(fn)[i]; s != nil && s.miss {
				fact.Missing = append(fact.Missing, strconv.Itoa(i)+"="+s.what)
			}
		}
		for i, p := range fn.Params {
			if ssaflow.IsError(p.Type()) && x.endsOn(p) {
				fact.Ends = append(fact.Ends, i)
			}
		}
		if len(fact.Missing)+len(fact.Ends) > 0 {
			e.pass.ExportObjectFact(obj, fact)
		}
	}
}

// Failures returns the places, on the paths of requests, where an error of
// Redis ends the process, or where a key that does not exist is answered like
// a failure of the server. They are in source order.
func (r *Result) Failures() []Failure {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.failures()
}

func (r *Result) failures() []Failure {
	if !r.prog.Relevant() {
		return nil
	}
	var list []Failure
	seen := map[token.Pos]bool{}
	x := r.engine.errorFlow()
	for _, fn := range r.prog.Funcs {
		q := r.request(fn)
		if q == nil || r.engine.prog.InTest(fn.Pos()) {
			continue
		}
		for _, s := range x.sourcesIn(fn) {
			for _, f := range x.failures(fn, s) {
				if f.Pos.IsValid() && !seen[f.Pos] {
					seen[f.Pos] = true
					f.Handler = q
					list = append(list, f)
				}
			}
		}
	}
	sort.SliceStable(list, func(i, j int) bool { return list[i].Pos < list[j].Pos })
	return list
}

// sourcesIn returns the calls of a function whose errors are errors of Redis.
func (x *errorFlow) sourcesIn(fn *ssa.Function) []errorSource {
	var list []errorSource
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(*ssa.Call); ok && ssaflow.ErrorResult(call.Type()) >= 0 {
				if s, ok := x.source(call); ok {
					list = append(list, s)
				}
			}
		}
	}
	return list
}

// source tells whether the error of a call is one of Redis.
func (x *errorFlow) source(call *ssa.Call) (errorSource, bool) {
	c := call.Common()
	s := errorSource{at: call}
	if obj := ssaflow.Callee(c); obj != nil {
		if obj.Pkg() != nil && x.e.table.Covers(obj.Pkg().Path()) && obj.Pkg() != x.e.pass.Pkg {
			return x.ofLibrary(call, obj)
		}
		if fn := x.e.prog.Body(c); fn != nil {
			if from := x.returns(fn)[ssaflow.ErrorResult(call.Type())]; from != nil {
				s.what, s.miss = from.what, from.miss
				return s, true
			}
		} else if fact := x.fact(obj); fact != nil {
			for _, m := range fact.Missing {
				if i, what, _ := strings.Cut(m, "="); i == strconv.Itoa(ssaflow.ErrorResult(call.Type())) {
					s.what, s.miss = what, true
					return s, true
				}
			}
		}
	}
	// A function that is given a literal returns the literal's error.
	for _, a := range c.Args {
		lit := ssaflow.FuncOf(a)
		if lit == nil || lit.Parent() == nil || !x.e.prog.HasBody(lit) {
			continue
		}
		res := lit.Signature.Results()
		if n := res.Len(); n > 0 && ssaflow.IsError(res.At(n-1).Type()) {
			if from := x.returns(lit)[n-1]; from != nil {
				s.what, s.miss = from.what, from.miss
				return s, true
			}
		}
	}
	return s, false
}

func (x *errorFlow) fact(obj *types.Func) *ErrorFact {
	fact := new(ErrorFact)
	if obj.Pkg() == nil || obj.Pkg() == x.e.pass.Pkg || !x.e.pass.ImportObjectFact(obj.Origin(), fact) {
		return nil
	}
	return fact
}

// ofLibrary judges a call of a client library: one that opens, one on a
// client, one that looks at a reply.
func (x *errorFlow) ofLibrary(call *ssa.Call, obj *types.Func) (errorSource, bool) {
	args := ssaflow.Args(call.Common())
	s := errorSource{at: call, what: obj.Name()}
	if !ssaflow.IsMethod(obj) {
		row := x.e.table.Func(obj)
		reply := len(args) == 2 && ssaflow.IsError(args[1].Type()) // redis.String(conn.Do(...))
		if row == nil || !reply && len(row.Opens)+len(row.Commands) == 0 {
			return s, false
		}
		if reply {
			if do := tupleCall(args[0]); do != nil {
				if name := x.command(do); name != "" {
					s.what, s.miss = name, x.e.table.Missing(name)
				}
			}
		}
		return s, true
	}
	if len(args) == 0 {
		return s, false
	}
	// The reply of a command: cmd.Result().
	if cmd, ok := behind(args[0]).(*ssa.Call); ok {
		if name := x.command(cmd); name != "" {
			s.what = name
			s.miss = x.e.table.Missing(name) && !x.touched(cmd)
			return s, true
		}
	}
	if name := x.command(call); name != "" {
		s.what = name
	}
	return s, true
}

// touched reports whether the key that a command reads was in the hands of
// another command before, on every path that leads there: it then exists.
func (x *errorFlow) touched(read *ssa.Call) bool {
	key := keyOf(read)
	if key == nil {
		return false
	}
	for _, b := range read.Parent().Blocks {
		if !b.Dominates(read.Block()) {
			continue
		}
		for _, instr := range b.Instrs {
			if instr == ssa.Instruction(read) {
				break
			}
			call, ok := instr.(*ssa.Call)
			if !ok {
				continue
			}
			if name := x.command(call); name == "" || x.e.table.Missing(name) {
				continue
			}
			if k := keyOf(call); k != nil && alike(k, key) {
				return true
			}
		}
	}
	return false
}

// keyOf is the first argument of a command that is a string.
func keyOf(call *ssa.Call) ssa.Value {
	for _, a := range ssaflow.Args(&call.Call)[1:] {
		if b, ok := a.Type().Underlying().(*types.Basic); ok && b.Info()&types.IsString != 0 {
			return a
		}
	}
	return nil
}

// alike reports whether two values are computed in the same way.
func alike(a, b ssa.Value) bool {
	if a == b {
		return true
	}
	switch a := a.(type) {
	case *ssa.Const:
		b, ok := b.(*ssa.Const)
		return ok && a.Value != nil && b.Value != nil && a.Value.ExactString() == b.Value.ExactString()
	case *ssa.Call:
		b, ok := b.(*ssa.Call)
		if !ok || ssaflow.Callee(&a.Call) == nil || ssaflow.Callee(&a.Call) != ssaflow.Callee(&b.Call) {
			return false
		}
		p, q := ssaflow.Args(&a.Call), ssaflow.Args(&b.Call)
		for i := range p {
			if i >= len(q) || !alike(p[i], q[i]) {
				return false
			}
		}
		return len(p) == len(q)
	case *ssa.BinOp:
		b, ok := b.(*ssa.BinOp)
		return ok && a.Op == b.Op && alike(a.X, b.X) && alike(a.Y, b.Y)
	case *ssa.UnOp:
		b, ok := b.(*ssa.UnOp)
		return ok && a.Op == b.Op && alike(a.X, b.X)
	case *ssa.FieldAddr:
		b, ok := b.(*ssa.FieldAddr)
		return ok && a.Field == b.Field && alike(a.X, b.X)
	}
	return false
}

// behind looks through the embedded parts of a reply to what a call returned.
func behind(v ssa.Value) ssa.Value {
	for {
		switch w := v.(type) {
		case *ssa.FieldAddr:
			v = w.X
		case *ssa.Field:
			v = w.X
		case *ssa.UnOp:
			if w.Op != token.MUL {
				return v
			}
			v = w.X
		case *ssa.Alloc:
			// A reply that is a struct, kept to call a method on its address.
			var stored ssa.Value
			for _, ref := range *w.Referrers() {
				if st, ok := ref.(*ssa.Store); ok && st.Addr == w {
					if stored != nil {
						return v
					}
					stored = st.Val
				}
			}
			if stored == nil {
				return v
			}
			v = stored
		case *ssa.Extract:
			v = w.Tuple
		default:
			return v
		}
	}
}

func tupleCall(v ssa.Value) *ssa.Call {
	if x, ok := v.(*ssa.Extract); ok {
		call, _ := x.Tuple.(*ssa.Call)
		return call
	}
	return nil
}

// command returns the Redis command that a call issues: by the name of the
// method, by a constant argument, or by the builder of an argument.
func (x *errorFlow) command(call *ssa.Call) string {
	c := call.Common()
	obj := ssaflow.Callee(c)
	if obj == nil || obj.Pkg() == nil || !x.e.table.Covers(obj.Pkg().Path()) || !ssaflow.IsMethod(obj) {
		return ""
	}
	if row := x.e.table.Func(obj); row == nil || len(row.Opens) > 0 {
		return "" // a pool has a Get, too
	}
	if x.e.table.Missing(obj.Name()) {
		return obj.Name()
	}
	for _, a := range ssaflow.Args(c)[1:] {
		if k, ok := a.(*ssa.Const); ok && strings.HasPrefix(obj.Name(), "Do") && k.Value != nil && k.Value.Kind() == exact.String {
			return exact.StringVal(k.Value)
		}
		if name := x.built(a); name != "" {
			return name
		}
	}
	return obj.Name()
}

// built returns the command that a chain of builder calls makes, if a miss of
// it is an error.
func (x *errorFlow) built(v ssa.Value) string {
	for range 12 {
		call, ok := behind(v).(*ssa.Call)
		if !ok {
			return ""
		}
		obj := ssaflow.Callee(call.Common())
		if obj == nil || obj.Pkg() == nil || !x.e.table.Covers(obj.Pkg().Path()) || !ssaflow.IsMethod(obj) {
			return ""
		}
		args := ssaflow.Args(call.Common())
		inner, isCall := behind(args[0]).(*ssa.Call)
		if x.e.table.Missing(obj.Name()) && (!isCall || len(args) == 1) {
			return obj.Name()
		}
		if !isCall {
			return ""
		}
		v = inner
	}
	return ""
}

// errorsOf returns the values in a function that hold the error of a call, or
// an error that wraps it.
func (x *errorFlow) errorsOf(s errorSource) map[ssa.Value]bool {
	errs := map[ssa.Value]bool{}
	var work []ssa.Value
	add := func(v ssa.Value) {
		if !errs[v] {
			errs[v] = true
			work = append(work, v)
		}
	}
	if _, tuple := s.at.Type().(*types.Tuple); !tuple {
		add(s.at)
	} else {
		for _, ref := range *s.at.Referrers() {
			if ex, ok := ref.(*ssa.Extract); ok && ex.Index == ssaflow.ErrorResult(s.at.Type()) {
				add(ex)
			}
		}
	}
	for len(work) > 0 {
		v := work[len(work)-1]
		work = work[:len(work)-1]
		for _, copied := range ssaflow.Copies(v) {
			if _, cell := copied.(*ssa.Alloc); !cell {
				add(copied)
			}
		}
		for _, ref := range *v.Referrers() {
			switch ref := ref.(type) {
			case *ssa.Phi:
				add(ref)
			case *ssa.ChangeInterface:
				add(ref)
			case *ssa.MakeInterface:
				add(ref)
			case *ssa.Store:
				// An argument of fmt.Errorf.
				if w := x.wrapping(ref, v); w != nil {
					add(w)
				}
			}
		}
	}
	return errs
}

// wrapping returns the call that makes another error of one which a store puts
// among its variadic arguments.
func (x *errorFlow) wrapping(st *ssa.Store, v ssa.Value) *ssa.Call {
	at, ok := st.Addr.(*ssa.IndexAddr)
	if !ok || st.Val != v {
		return nil
	}
	array, ok := at.X.(*ssa.Alloc)
	if !ok {
		return nil
	}
	for _, ref := range *array.Referrers() {
		slice, ok := ref.(*ssa.Slice)
		if !ok {
			continue
		}
		for _, use := range *slice.Referrers() {
			call, ok := use.(*ssa.Call)
			if !ok {
				continue
			}
			if obj := ssaflow.Callee(call.Common()); obj != nil && ssaflow.IsError(call.Type()) {
				if row := x.e.table.Func(obj); row != nil && row.NonNil {
					return call
				}
			}
		}
	}
	return nil
}

// toldApart reports whether the code asks more of an error than whether there
// is one.
func (x *errorFlow) toldApart(errs map[ssa.Value]bool) bool {
	for v := range errs {
		for _, ref := range *v.Referrers() {
			switch ref := ref.(type) {
			case *ssa.BinOp:
				if !ssaflow.IsNil(ref.X) && !ssaflow.IsNil(ref.Y) {
					return true
				}
			case *ssa.TypeAssert, *ssa.MapUpdate, *ssa.Send, *ssa.MakeClosure:
				return true
			case *ssa.Store:
				cell, local := ssaflow.Root(ref.Addr).(*ssa.Alloc)
				if !local || ref.Val == v && asksLater(cell, errs) {
					return true // somebody else will look at it
				}
			case ssa.CallInstruction:
				c := ref.Common()
				if c.IsInvoke() && c.Value == v {
					if asksText(ref.Value()) {
						return true
					}
					continue // err.Error()
				}
				if x.harmless(ref, v) {
					continue
				}
				return true
			}
		}
	}
	return false
}

// asksLater reports whether a variable that an error is stored in is looked at
// where it is not known to hold that error, or by a func that captured it.
func asksLater(cell *ssa.Alloc, errs map[ssa.Value]bool) bool {
	for _, ref := range *cell.Referrers() {
		switch ref := ref.(type) {
		case *ssa.MakeClosure:
			return true
		case *ssa.UnOp:
			if errs[ref] {
				continue
			}
			for _, use := range *ref.Referrers() {
				if _, ok := use.(*ssa.Return); !ok {
					return true
				}
			}
		}
	}
	return false
}

// asksText reports whether the text of an error is compared with something.
func asksText(text ssa.Value) bool {
	if text == nil {
		return false
	}
	for _, ref := range *text.Referrers() {
		switch ref := ref.(type) {
		case *ssa.BinOp:
			if ref.Op == token.EQL || ref.Op == token.NEQ {
				return true
			}
		case *ssa.Call:
			if ssaflow.IsBool(ref.Type()) {
				return true
			}
		}
	}
	return false
}

// harmless reports whether a call only writes down, answers with, or passes on
// an error that it is given.
func (x *errorFlow) harmless(instr ssa.CallInstruction, err ssa.Value) bool {
	c := instr.Common()
	obj := ssaflow.Callee(c)
	if obj == nil {
		return false
	}
	res := obj.Signature().Results()
	for i := range res.Len() {
		if ssaflow.IsBool(res.At(i).Type()) {
			return false
		}
	}
	if x.e.table.Func(obj) != nil || x.answers(instr) > 0 {
		return true
	}
	fn := x.e.prog.Body(c)
	if fn == nil {
		return res.Len() == 0 // it tells nobody what it was
	}
	for i, a := range c.Args {
		if a == err && i < len(fn.Params) {
			p := fn.Params[i]
			if x.asking[p] {
				return false
			}
			x.asking[p] = true
			apart := x.toldApart(map[ssa.Value]bool{p: true})
			delete(x.asking, p)
			if apart {
				return false
			}
		}
	}
	return res.Len() == 0
}

// returns tells, by result, which errors of Redis a function returns.
func (x *errorFlow) returns(fn *ssa.Function) map[int]*errorSource {
	if found, ok := x.sources[fn]; ok {
		return found
	}
	x.sources[fn] = nil
	res := fn.Signature.Results()
	n := res.Len()
	if n == 0 || !ssaflow.IsError(res.At(n-1).Type()) || fn.Recover != nil && len(fn.Blocks) == 0 {
		return nil
	}
	found := map[int]*errorSource{}
	for _, s := range x.sourcesIn(fn) {
		errs := x.errorsOf(s)
		if !x.returned(fn, s, errs) {
			continue
		}
		s.miss = s.miss && !x.toldApart(errs)
		if have := found[n-1]; have == nil || s.miss && !have.miss {
			found[n-1] = &s
		}
	}
	x.sources[fn] = found
	return found
}

// returned reports whether one of some errors is the last result of a function.
func (x *errorFlow) returned(fn *ssa.Function, s errorSource, errs map[ssa.Value]bool) bool {
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || len(ret.Results) == 0 {
			continue
		}
		last := ret.Results[len(ret.Results)-1]
		if errs[last] {
			return true
		}
		// return redis.String(...)
		if ex, ok := last.(*ssa.Extract); ok && ex.Tuple == s.at {
			return true
		}
		if load, ok := last.(*ssa.UnOp); ok {
			if cell, ok := load.X.(*ssa.Alloc); ok {
				for _, ref := range *cell.Referrers() {
					if st, ok := ref.(*ssa.Store); ok && errs[st.Val] {
						return true
					}
				}
			}
		}
	}
	return false
}

// failures returns what an error does to the requests that a function serves.
func (x *errorFlow) failures(fn *ssa.Function, s errorSource) []Failure {
	errs := x.errorsOf(s)
	var list []Failure
	miss := s.miss && !x.toldApart(errs)
	for _, region := range x.failing(fn, errs) {
		for _, instr := range region {
			if end := x.e.endsProcess(instr); end != "" {
				list = append(list, Failure{Pos: instr.Pos(), End: end, What: x.named(s), Origin: s.at.Pos()})
			} else if status := x.answers(instr); status >= 500 && miss {
				list = append(list, Failure{Pos: instr.Pos(), Status: status, What: x.named(s), Origin: s.at.Pos()})
			}
		}
	}
	// A helper that ends the process when it is given an error.
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok {
				continue
			}
			for i, a := range call.Call.Args {
				if errs[a] && x.endsOnArg(&call.Call, i) {
					list = append(list, Failure{Pos: call.Pos(), End: ssaflow.Callee(&call.Call).Name(), What: x.named(s), Origin: s.at.Pos()})
				}
			}
		}
	}
	return list
}

// named is what the code calls where the error comes from: a command of a
// library, or the project's own function.
func (x *errorFlow) named(s errorSource) string {
	obj := ssaflow.Callee(&s.at.Call)
	if obj == nil || obj.Pkg() == nil || x.e.table.Covers(obj.Pkg().Path()) && obj.Pkg() != x.e.pass.Pkg {
		return s.what
	}
	return obj.Name()
}

// failing returns the instructions that run when one of some errors is not
// nil, by the condition that asks, unless another error decides in between.
func (x *errorFlow) failing(fn *ssa.Function, errs map[ssa.Value]bool) [][]ssa.Instruction {
	var list [][]ssa.Instruction
	for _, b := range fn.Blocks {
		to := notNil(b, func(v ssa.Value) bool { return errs[v] })
		if to == nil {
			continue
		}
		var region []ssa.Instruction
		for _, c := range fn.Blocks {
			if to.Dominates(c) && !x.otherError(c, to, errs) {
				region = append(region, c.Instrs...)
			}
		}
		list = append(list, region)
	}
	return list
}

// otherError reports whether between two blocks it is another error that leads
// to the second one.
func (x *errorFlow) otherError(b, from *ssa.BasicBlock, errs map[ssa.Value]bool) bool {
	for d := b; d != nil && d != from; d = d.Idom() {
		up := d.Idom()
		if up == nil {
			return false
		}
		to := notNil(up, func(v ssa.Value) bool { return !errs[v] })
		if to == d {
			return true
		}
	}
	return false
}

// notNil returns the block that follows another when an error which a
// condition asks for is not nil, if nothing else leads there.
func notNil(b *ssa.BasicBlock, is func(ssa.Value) bool) *ssa.BasicBlock {
	if len(b.Instrs) == 0 {
		return nil
	}
	ifs, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
	if !ok {
		return nil
	}
	cond, ok := ifs.Cond.(*ssa.BinOp)
	if !ok {
		return nil
	}
	v := cond.X
	if ssaflow.IsNil(v) {
		v = cond.Y
	} else if !ssaflow.IsNil(cond.Y) {
		return nil
	}
	if !ssaflow.IsError(v.Type()) || !is(v) {
		return nil
	}
	var to *ssa.BasicBlock
	switch cond.Op {
	case token.NEQ:
		to = b.Succs[0]
	case token.EQL:
		to = b.Succs[1]
	}
	if to == nil || len(to.Preds) != 1 {
		return nil
	}
	return to
}

// endsProcess names what ends the process, or panics, at an instruction; ""
// if nothing does.
func (e *engine) endsProcess(instr ssa.Instruction) string {
	switch instr := instr.(type) {
	case *ssa.Panic:
		if instr.Pos().IsValid() {
			return "panic"
		}
	case *ssa.Call:
		if e.callEnds(instr) {
			obj := ssaflow.Callee(&instr.Call)
			if obj == nil || ssaflow.IsMethod(obj) && obj.Pkg() != nil && obj.Pkg().Path() == "testing" {
				return ""
			}
			return ssaflow.CallName(obj)
		}
	}
	return ""
}

// answers returns the status that an instruction answers a request with, or 0.
func (x *errorFlow) answers(instr ssa.Instruction) int {
	switch instr := instr.(type) {
	case *ssa.Call:
		status, ours := 0, ssaflow.IsError(instr.Type()) || implementsError(instr.Type())
		for _, a := range ssaflow.Args(&instr.Call) {
			if n := statusOf(a); n > 0 {
				status = n
			}
			ours = ours || x.e.carriesRequest(a.Type())
		}
		if ours {
			return status
		}
	case *ssa.Store:
		if f, ok := instr.Addr.(*ssa.FieldAddr); ok {
			if v := ssaflow.DeclaredField(f.X.Type(), f.Field); v != nil && v.Name() == "StatusCode" {
				return statusOf(instr.Val)
			}
		}
	}
	return 0
}

func implementsError(t types.Type) bool {
	if _, ok := t.(*types.Tuple); ok {
		return false
	}
	return types.Implements(t, types.Universe.Lookup("error").Type().Underlying().(*types.Interface))
}

// statusOf returns the status of a server's failure that a constant is, or 0.
func statusOf(v ssa.Value) int {
	c, ok := v.(*ssa.Const)
	if !ok || c.Value == nil || c.Value.Kind() != exact.Int {
		return 0
	}
	if n, ok := exact.Int64Val(c.Value); ok && 500 <= n && n <= 599 {
		return int(n)
	}
	return 0
}

// endsOnArg reports whether a call ends the process when an argument, which is
// an error, is not nil.
func (x *errorFlow) endsOnArg(c *ssa.CallCommon, i int) bool {
	if fn := x.e.prog.Body(c); fn != nil {
		return i < len(fn.Params) && x.endsOn(fn.Params[i])
	}
	if obj := ssaflow.Callee(c); obj != nil {
		if fact := x.fact(obj); fact != nil {
			for _, n := range fact.Ends {
				if n == i {
					return true
				}
			}
		}
	}
	return false
}

// endsOn reports whether a function ends the process when a parameter is not
// nil.
func (x *errorFlow) endsOn(p *ssa.Parameter) bool {
	if r, ok := x.ends[p]; ok {
		return r
	}
	x.ends[p] = false
	for _, region := range x.failing(p.Parent(), map[ssa.Value]bool{p: true}) {
		for _, instr := range region {
			if x.e.endsProcess(instr) != "" {
				x.ends[p] = true
			}
		}
	}
	return x.ends[p]
}
