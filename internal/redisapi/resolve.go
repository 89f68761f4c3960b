package redisapi

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
)

// resolve applies the rows about fn to its signature. The error says which
// row does not fit it; the rest of the answer stands.
func (t *Table) resolve(fn *types.Func, indexes []*index) (*Func, error) {
	path := unvendored(fn.Pkg().Path())
	sig := fn.Type().(*types.Signature)
	s := symbol{path, recvName(fn), fn.Name()}
	b := builder{table: t, sig: sig, fn: &Func{Name: fullName(s, sig)}}

	known := false
	for _, idx := range indexes {
		if idx.covers[path] && ast.IsExported(fn.Name()) || idx.borrows[path] {
			known, b.fn.Library = true, true
		}
	}
	for _, idx := range indexes {
		rows := idx.funcs[s]
		for _, r := range rows {
			known = true
			b.apply(r)
		}
		if rows != nil {
			break
		}
	}
	if sig.Recv() != nil && len(b.fn.Releases) == 0 {
		if typ := t.typeOf(sig.Recv().Type()); typ != nil && slices.Contains(typ.Release, fn.Name()) {
			known = true
			b.fn.Releases = []int{0}
		}
	}
	if !known {
		return nil, b.err
	}
	return b.fn, b.err
}

// builder applies rows to a signature: those about resources and others make a
// Func, those about conduct a Conduct.
type builder struct {
	table   *Table
	sig     *types.Signature
	fn      *Func
	conduct *Conduct
	err     error
}

// apply applies a row. One that does not fit the signature says nothing.
func (b *builder) apply(r Row) {
	misfit := b.outside(r)
	if misfit == "" && r.word.check != nil {
		misfit = r.word.check(b, r)
	}
	switch {
	case misfit != "":
		b.fail(r, misfit)
	case r.word.effect != nil:
		r.word.effect(b, r)
	}
}

// fail notes why a row does not fit, if it is the first that does not.
func (b *builder) fail(r Row, misfit string) {
	if b.err == nil {
		b.err = fmt.Errorf("line %d: %s %s: %s", r.Line, r.Word, r, misfit)
	}
}

// outside says which number of a row is none of the signature's, or "".
func (b *builder) outside(r Row) string {
	for _, n := range []int{r.param, r.callback} {
		if n >= len(b.params()) {
			return fmt.Sprintf("there is no parameter %d", n)
		}
	}
	if r.result >= b.sig.Results().Len() {
		return fmt.Sprintf("there is no result %d", r.result)
	}
	return ""
}

// open is the resource of an open row. What does not fit is left out.
func (b *builder) open(r Row) Open {
	results := tuple(b.sig.Results())
	o := Open{Result: r.result, Err: r.err, Cleanup: r.cleanup, Kind: r.kind, Release: r.release, Inert: r.inert}
	if o.Result == unset {
		o.Result = b.result(func(typ types.Type) bool {
			known := b.table.typeOf(typ)
			return known != nil && len(known.Release) > 0
		})
		if o.Result < 0 {
			o.Result = 0
			if o.Kind == "" || o.Release == nil {
				b.fail(r, "no result has a type row, say result=, kind= and release=")
			}
		}
	}
	if o.Result >= len(results) {
		b.fail(r, fmt.Sprintf("there is no result %d", o.Result))
		return Open{Err: none, Cleanup: none, Kind: Client}
	}
	if o.Err == unset {
		o.Err = none
		if last := len(results) - 1; last != o.Result && isError(results[last]) {
			o.Err = last
		}
	}
	if o.Err >= len(results) || o.Err >= 0 && !isError(results[o.Err]) {
		b.fail(r, fmt.Sprintf("result %d is no error", o.Err))
		o.Err = none
	}
	if o.Cleanup == unset {
		o.Cleanup = slices.IndexFunc(results, isCleanup)
	}
	if o.Cleanup >= len(results) || o.Cleanup >= 0 && !isCleanup(results[o.Cleanup]) {
		b.fail(r, fmt.Sprintf("result %d is no func without parameters", o.Cleanup))
		o.Cleanup = none
	}
	if typ := b.table.typeOf(results[o.Result]); typ != nil {
		if o.Kind == "" {
			o.Kind = typ.Kind
		}
		if o.Release == nil {
			o.Release = typ.Release
		}
	}
	if o.Kind == "" {
		o.Kind = Client
	}
	if o.Release == nil && o.Cleanup == none {
		o.Release = []string{"Close"}
	}
	return o
}

// alias is what an alias or derive row says of a result and a parameter.
func (b *builder) alias(r Row) Alias {
	a := Alias{Result: r.result, Param: r.param}
	if a.Result == unset {
		a.Result = max(0, b.result(b.known))
	}
	if a.Param == unset {
		a.Param = 0
		if b.sig.Recv() == nil {
			a.Param = b.param(r, b.known)
		}
	}
	return a
}

func shares(b *builder, r Row) string {
	if b.sig.Results().Len() == 0 {
		return "there is no result"
	}
	return hasParam(b, r)
}

// lent are the results that a lend row is about: the one it names, or all that
// are no error.
func (b *builder) lent(r Row) []int {
	if r.result != unset {
		return []int{r.result}
	}
	var lent []int
	for i, typ := range tuple(b.sig.Results()) {
		if !isError(typ) {
			lent = append(lent, i)
		}
	}
	return lent
}

func lends(b *builder, r Row) string {
	return unless(len(b.lent(r)) > 0, "there is no result")
}

// scope is what a scope row says of a callback.
func (b *builder) scope(r Row) Scope {
	sc := Scope{Callback: b.callback(r), Arg: r.arg, Later: r.later}
	if sc.Arg == unset {
		sc.Arg = slices.IndexFunc(b.callbackParams(r), b.known)
	}
	return sc
}

// put is what a put row says.
func (b *builder) put(r Row) Put {
	return Put{Param: b.last(r), When: max(none, r.when), Unless: max(none, r.unless), Over: r.over}
}

// each is the callback of an each row, and its last argument.
func (b *builder) each(r Row) Scope {
	e := Scope{Callback: b.callback(r), Arg: r.arg}
	if e.Arg == unset {
		e.Arg = len(b.callbackParams(r)) - 1
	}
	return e
}

func putsInto(b *builder, r Row) string {
	if misfit := hasReceiver(b, r); misfit != "" {
		return misfit
	}
	for _, i := range []int{r.when, r.unless} {
		if i != unset && (i >= b.sig.Results().Len() || !isBool(b.sig.Results().At(i).Type())) {
			return fmt.Sprintf("result %d is no bool", i)
		}
	}
	return unless(b.last(r) > 0, "there is nothing to put")
}

func hasReceiver(b *builder, _ Row) string {
	return unless(b.sig.Recv() != nil, "it is no method")
}

func lendsToCallback(b *builder, r Row) string {
	if misfit := hasCallback(b, r); misfit != "" {
		return misfit
	}
	arg := b.scope(r).Arg
	return unless(0 <= arg && arg < len(b.callbackParams(r)), "the callback gets no resource")
}

// callback is the parameter that a row names, or the first func, or -1.
func (b *builder) callback(r Row) int {
	if r.callback != unset {
		return r.callback
	}
	return slices.IndexFunc(b.params(), isFunc)
}

func (b *builder) callbackParams(r Row) []types.Type {
	return tuple(b.params()[b.callback(r)].Underlying().(*types.Signature).Params())
}

func hasCallback(b *builder, r Row) string {
	i := b.callback(r)
	return unless(i >= 0 && isFunc(b.params()[i]), "the callback is no func")
}

// called are the func parameters that a calls row is about: the one it names,
// or all of them.
func (b *builder) called(r Row) []int {
	if r.callback != unset {
		return []int{r.callback}
	}
	var called []int
	for i, typ := range b.params() {
		if isFunc(typ) {
			called = append(called, i)
		}
	}
	return called
}

func callsFunc(b *builder, r Row) string {
	return unless(len(b.called(r)) > 0, "no parameter is a func")
}

func undoesFunc(b *builder, r Row) string {
	return unless(len(b.called(r)) > 0 && b.sig.Results().Len() > 0 && isFunc(b.sig.Results().At(0).Type()), "it returns no func that takes one back")
}

func wrapsFunc(b *builder, _ Row) string {
	params, results := b.params(), b.sig.Results()
	return unless(len(params) > 0 && isFunc(params[0]) && results.Len() > 0 && isFunc(results.At(0).Type()), "it makes no func of a func")
}

// param is the parameter that a row names, or the first argument that ok
// accepts, or the receiver, or the first.
func (b *builder) param(r Row, ok func(types.Type) bool) int {
	if r.param != unset {
		return r.param
	}
	return max(0, b.argument(ok))
}

func hasParam(b *builder, _ Row) string {
	return unless(len(b.params()) > 0, "there is no parameter")
}

func hasFactory(b *builder, r Row) string {
	if misfit := hasParam(b, r); misfit != "" {
		return misfit
	}
	i := b.param(r, isFunc)
	return unless(isFunc(b.params()[i]), fmt.Sprintf("parameter %d is no func", i))
}

func joinsErrors(b *builder, r Row) string {
	return unless(returnsError(b, r) == "" && b.sig.Variadic(), "it does not make one error of several")
}

func returnsError(b *builder, _ Row) string {
	return unless(b.returns(isError), "the result is no error")
}

func returnsBool(b *builder, _ Row) string {
	return unless(b.returns(isBool), "the result is no bool")
}

func asksError(b *builder, r Row) string {
	if misfit := returnsBool(b, r); misfit != "" {
		return misfit
	}
	return unless(len(b.params()) > 0 && isError(b.params()[0]), "parameter 0 is no error")
}

// unless is what does not fit unless something holds.
func unless(ok bool, misfit string) string {
	if ok {
		return ""
	}
	return misfit
}

// returns reports whether there is one result, and ok accepts it.
func (b *builder) returns(ok func(types.Type) bool) bool {
	results := tuple(b.sig.Results())
	return len(results) == 1 && ok(results[0])
}

// known reports whether a row says something about a type.
func (b *builder) known(typ types.Type) bool { return b.table.typeOf(typ) != nil }

// params are the types of the parameters, the receiver first.
func (b *builder) params() []types.Type {
	params := tuple(b.sig.Params())
	if recv := b.sig.Recv(); recv != nil {
		params = append([]types.Type{recv.Type()}, params...)
	}
	return params
}

// argument is the first parameter after the receiver that ok accepts, or -1.
func (b *builder) argument(ok func(types.Type) bool) int {
	i := slices.IndexFunc(tuple(b.sig.Params()), ok)
	if i >= 0 && b.sig.Recv() != nil {
		i++
	}
	return i
}

// result is the first result that ok accepts, or -1.
func (b *builder) result(ok func(types.Type) bool) int {
	return slices.IndexFunc(tuple(b.sig.Results()), ok)
}

func tuple(t *types.Tuple) []types.Type {
	list := make([]types.Type, t.Len())
	for i := range list {
		list[i] = t.At(i).Type()
	}
	return list
}

func isFunc(typ types.Type) bool {
	_, ok := typ.Underlying().(*types.Signature)
	return ok
}

func isCleanup(typ types.Type) bool {
	sig, ok := typ.Underlying().(*types.Signature)
	return ok && sig.Params().Len() == 0
}

// isHandler reports whether a type may be that of a handler.
func isHandler(typ types.Type) bool { return isFunc(typ) || isAny(typ) }

func isAny(typ types.Type) bool {
	i, ok := typ.Underlying().(*types.Interface)
	return ok && i.Empty()
}

func isBool(typ types.Type) bool {
	basic, ok := typ.Underlying().(*types.Basic)
	return ok && basic.Kind() == types.Bool
}

func isError(typ types.Type) bool {
	return types.Identical(typ, types.Universe.Lookup("error").Type())
}

// recvName is the name of the type that declares the method fn, or "".
func recvName(fn *types.Func) string {
	recv := fn.Type().(*types.Signature).Recv()
	if recv == nil {
		return ""
	}
	typ := types.Unalias(recv.Type())
	if ptr, ok := typ.(*types.Pointer); ok {
		typ = types.Unalias(ptr.Elem())
	}
	if named, ok := typ.(*types.Named); ok {
		return named.Obj().Name()
	}
	return ""
}

func fullName(s symbol, sig *types.Signature) string {
	r := Row{Path: s.path, Recv: s.recv, Name: s.name}
	if sig.Recv() != nil {
		_, r.Ptr = types.Unalias(sig.Recv().Type()).(*types.Pointer)
	}
	return r.String()
}
