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

// builder makes a Func of rows and a signature.
type builder struct {
	table *Table
	sig   *types.Signature
	fn    *Func
	err   error
}

func (b *builder) apply(r Row) {
	fail := func(format string, args ...any) {
		if b.err == nil {
			b.err = fmt.Errorf("line %d: %s %s: %s", r.Line, r.Word, r, fmt.Sprintf(format, args...))
		}
	}
	given := func(index int, n int, what string) {
		if index >= n {
			fail("there is no %s %d", what, index)
		}
	}
	params := b.params()
	given(r.param, len(params), "parameter")
	given(r.result, b.sig.Results().Len(), "result")
	given(r.callback, len(params), "parameter")

	// param is the option's, or the first argument that ok accepts, or the receiver.
	param := func(ok func(types.Type) bool) int {
		if r.param != unset {
			return r.param
		}
		if i := b.argument(ok); i >= 0 {
			return i
		}
		if len(params) == 0 {
			fail("there is no parameter")
		}
		return 0
	}

	f := b.fn
	switch r.Word {
	case "open":
		f.Opens = append(f.Opens, b.open(r, fail))
	case "alias", "derive":
		a := Alias{Result: r.result, Param: r.param}
		if a.Result == unset {
			a.Result = max(0, b.result(b.known))
		}
		if a.Param == unset {
			a.Param = 0
			if b.sig.Recv() == nil {
				a.Param = param(b.known)
			}
		}
		if b.sig.Results().Len() == 0 {
			fail("there is no result")
		}
		if r.Word == "derive" {
			f.Derives = append(f.Derives, a)
			break
		}
		f.Aliases = append(f.Aliases, a)
	case "lend":
		if r.result != unset {
			f.Lends = append(f.Lends, r.result)
			break
		}
		for i, typ := range tuple(b.sig.Results()) {
			if !isError(typ) {
				f.Lends = append(f.Lends, i)
			}
		}
		if len(f.Lends) == 0 {
			fail("there is no result")
		}
	case "take":
		f.Takes = append(f.Takes, param(b.known))
	case "release":
		f.Releases = append(f.Releases, param(b.known))
	case "command":
		f.Commands = append(f.Commands, param(b.known))
	case "entry":
		f.Entries = append(f.Entries, param(func(typ types.Type) bool { return isFunc(typ) || isAny(typ) }))
	case "factory":
		i := param(isFunc)
		if i < len(params) && !isFunc(params[i]) {
			fail("parameter %d is no func", i)
		}
		f.Factories = append(f.Factories, i)
	case "calls":
		if r.callback != unset {
			f.Calls = append(f.Calls, r.callback)
			break
		}
		for i, typ := range params {
			if isFunc(typ) {
				f.Calls = append(f.Calls, i)
			}
		}
		if len(f.Calls) == 0 {
			fail("no parameter is a func")
		}
	case "scope":
		sc := Scope{Callback: r.callback, Arg: r.arg, Later: r.later}
		if sc.Callback == unset {
			sc.Callback = slices.IndexFunc(params, isFunc)
		}
		if sc.Callback < 0 || sc.Callback >= len(params) || !isFunc(params[sc.Callback]) {
			fail("the callback is no func")
			break
		}
		cb := tuple(params[sc.Callback].Underlying().(*types.Signature).Params())
		if sc.Arg == unset {
			sc.Arg = slices.IndexFunc(cb, b.known)
		}
		if sc.Arg < 0 || sc.Arg >= len(cb) {
			fail("the callback gets no resource")
			break
		}
		f.Scopes = append(f.Scopes, sc)
	case "noreturn":
		f.NoReturn = true
	case "fail":
		f.Fails = true
	case "nonnil":
		f.NonNil = true
		f.Library = true
	case "joins":
		if r := tuple(b.sig.Results()); len(r) != 1 || !isError(r[0]) || !b.sig.Variadic() {
			fail("it does not make one error of several")
		}
		f.Joins = true
		f.Library = true
	case "probe":
		if r := tuple(b.sig.Results()); len(r) != 1 || !isError(r[0]) {
			fail("the result is no error")
		}
		f.Probe = true
	case "deadline":
		f.Deadline = true
	case "query":
		f.Parses, f.Query = true, r.query
	case "refutes":
		if r := tuple(b.sig.Results()); len(r) != 1 || !isBool(r[0]) {
			fail("the result is no bool")
		}
		if len(params) == 0 || !isError(params[0]) {
			fail("parameter 0 is no error")
		}
		f.Refutes = true
		f.Library = true
	case "verdict":
		if r := tuple(b.sig.Results()); len(r) != 1 || !isBool(r[0]) {
			fail("the result is no bool")
		}
		f.Verdict = true
		f.Library = true
	case "once":
		f.Once = true
	case "pause":
		f.Pause = true
	case "borrow":
		f.Library = true
	}
}

func (b *builder) open(r Row, fail func(string, ...any)) Open {
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
				fail("no result has a type row, say result=, kind= and release=")
			}
		}
	}
	if o.Result >= len(results) {
		fail("there is no result %d", o.Result)
		return Open{Err: none, Cleanup: none, Kind: Client}
	}
	if o.Err == unset {
		o.Err = none
		if last := len(results) - 1; last != o.Result && isError(results[last]) {
			o.Err = last
		}
	}
	if o.Err >= len(results) || o.Err >= 0 && !isError(results[o.Err]) {
		fail("result %d is no error", o.Err)
		o.Err = none
	}
	if o.Cleanup == unset {
		o.Cleanup = slices.IndexFunc(results, isCleanup)
	}
	if o.Cleanup >= len(results) || o.Cleanup >= 0 && !isCleanup(results[o.Cleanup]) {
		fail("result %d is no func without parameters", o.Cleanup)
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
