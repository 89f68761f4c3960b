package redisapi

import (
	"go/types"
	"slices"
)

// A Conduct says how a function spends time, and whom it tells or gives what
// it was given. It is beside what a function does to a resource: see Func.
type Conduct struct {
	Slow        bool   // it waits for something that is not Redis
	Input       bool   // it waits for a person if its first parameter reads from standard input
	Waits       *Wait  // it is a command that waits until there is something to return
	Receives    bool   // what it waits for is a message of a subscription
	Confirms    bool   // it also returns the confirmation of a subscription, which comes at once
	Dated       bool   // its result is a context with a deadline
	Messages    bool   // its result is a channel of a subscription's messages
	Names       int    // this parameter is the name of a command, those after it are its arguments; or -1
	Builds      string // it begins a command that waits for ever if the method of this name is given zero
	Spawns      []int  // func parameters that run in a goroutine of their own
	Keeps       []int  // parameters that the receiver holds from now on
	Registers   []int  // parameters that stay reachable for ever
	Unregisters bool   // it takes back what was registered with its receiver, or with its package
	Bounds      bool   // it gives a connection a read timeout
	Logs        bool   // it writes to a log
	Until       bool   // it tells whether a request has ended
	Cancels     bool   // a result is a context that another result ends
	Ends        bool   // its result is a context that ends when the client of a request has gone
	Unlocks     bool   // it takes back what was put on the server, unless its context has ended
}

// A Wait says what bounds the time that a command waits. Parameters are
// numbered as go/ssa numbers them, and -1 is none.
type Wait struct {
	Timeout  int    // a parameter that says how long; zero is for ever
	Args     int    // a parameter that is a struct, or points to one, whose field says how long
	Field    string // the name of the field: zero is for ever, and less is not at all
	Ctx      int    // a context
	Deadline bool   // the deadline of the context bounds it
}

// blockField is the field of a command's arguments that says how long it waits.
const blockField = "Block"

// Conduct is what is known of the conduct of fn, or nil.
func (t *Table) Conduct(fn *types.Func) *Conduct {
	if fn.Pkg() == nil {
		return nil
	}
	path := unvendored(fn.Pkg().Path())
	indexes := t.conductIndexes(path)
	if len(indexes) == 0 {
		return nil
	}
	fn = fn.Origin()
	asked := symbol{fn.Pkg().Path(), recvName(fn), fn.Name()}
	if c, ok := t.conducts.Load(asked); ok {
		return c.(*Conduct)
	}
	c, _ := conductOf(fn, symbol{path, asked.recv, asked.name}, indexes)
	t.conducts.Store(asked, c)
	return c
}

// RoundTrips reports whether a call whose last parameter is any number of a
// named type is a round trip.
func (t *Table) RoundTrips(name *types.TypeName) bool {
	if name.Pkg() == nil {
		return false
	}
	s := symbol{path: unvendored(name.Pkg().Path()), name: name.Name()}
	for _, idx := range t.conductIndexes(s.path) {
		for _, r := range idx.conduct[s] {
			if r.Word == "rpc" {
				return true
			}
		}
	}
	return false
}

// conductIndexes are the files that know the conduct of a package's functions,
// the most important first.
func (t *Table) conductIndexes(path string) []*index {
	var found []*index
	if t.user.conducts[path] {
		found = append(found, t.user)
	}
	if f := t.builtin[path]; f != nil && f.index().conducts[path] {
		found = append(found, f.index())
	}
	for _, f := range t.general {
		if f.index().conducts[path] {
			found = append(found, f.index())
		}
	}
	return found
}

// conductOf applies the rows about fn to its signature. The error says which
// row does not fit it.
func conductOf(fn *types.Func, s symbol, indexes []*index) (*Conduct, error) {
	b := builder{sig: fn.Type().(*types.Signature)}
	for _, idx := range indexes {
		for _, r := range idx.conduct[s] {
			if b.conduct == nil {
				b.conduct = &Conduct{Names: none}
			}
			b.apply(r)
		}
	}
	return b.conduct, b.err
}

// wait is what bounds the time that a command waits.
func (b *builder) wait(r Row) *Wait {
	params := b.params()
	return &Wait{
		Timeout: slices.IndexFunc(params, isDuration), Args: slices.IndexFunc(params, hasBlock), Field: blockField,
		Ctx: slices.IndexFunc(params, isContext), Deadline: r.ctx,
	}
}

func hasContext(b *builder, r Row) string {
	return unless(!r.ctx || slices.ContainsFunc(b.params(), isContext), "there is no context")
}

func takesContext(b *builder, _ Row) string {
	return unless(slices.ContainsFunc(b.params(), isContext), "there is no context")
}

func returnsContext(b *builder, _ Row) string {
	return unless(slices.ContainsFunc(tuple(b.sig.Results()), isContext), "no result is a context")
}

func returnsChan(b *builder, _ Row) string {
	return unless(b.returns(isChan), "the result is no channel")
}

// named is the parameter that a row names, or the first text, or -1.
func (b *builder) named(r Row) int {
	if r.param != unset {
		return r.param
	}
	return slices.IndexFunc(b.params(), isString)
}

// last is the parameter that a row names, or the last one.
func (b *builder) last(r Row) int {
	if r.param != unset {
		return r.param
	}
	return len(b.params()) - 1
}

// CheckConduct says why the rows about the conduct of fn do not fit its
// signature, if so.
func (t *Table) CheckConduct(fn *types.Func) error {
	path := unvendored(fn.Pkg().Path())
	_, err := conductOf(fn.Origin(), symbol{path, recvName(fn), fn.Name()}, t.conductIndexes(path))
	return err
}

func isDuration(typ types.Type) bool {
	n, ok := types.Unalias(typ).(*types.Named)
	return ok && n.Obj().Name() == "Duration" && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "time"
}

func isContext(typ types.Type) bool {
	n, ok := types.Unalias(typ).(*types.Named)
	return ok && n.Obj().Name() == "Context" && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "context"
}

// hasBlock reports whether a type is a struct with a field that says how long
// a command waits, or points to one.
func hasBlock(typ types.Type) bool {
	if ptr, ok := types.Unalias(typ).(*types.Pointer); ok {
		typ = ptr.Elem()
	}
	st, ok := typ.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for f := range st.Fields() {
		if f.Name() == blockField {
			return true
		}
	}
	return false
}

func isChan(typ types.Type) bool {
	_, ok := typ.Underlying().(*types.Chan)
	return ok
}

func isString(typ types.Type) bool {
	basic, ok := typ.Underlying().(*types.Basic)
	return ok && basic.Kind() == types.String
}
