// Package heap is what the ownership search knows of a program's values and
// memory at one point of one path: terms, cells, and the conditions that the
// path took.
//
// A value is a Term: an operation with operands, typed, and interned in a
// Pool, so that two terms are equal exactly when they are the same pointer.
// Nothing is learned from a term's printed form, which is for people.
package heap

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// An Op is the operation of a term.
type Op uint8

// The operations. Those up to Closure are values, those from Equal on are
// conditions.
const (
	Unknown   Op = iota // nothing is known; a cell with it has unknown contents
	Tracked             // the resource itself, or an alias of it
	OpenErr             // the error that is nil when the resource was opened
	Cleanup             // a func whose call releases the resource
	NonNil              // not nil, otherwise unknown
	Nil                 // nil
	Const               // a constant
	Val                 // an SSA value: what a parameter, a variable or an instruction yields
	Earlier             // what a Val, Made or Grown was in an earlier iteration of a loop
	Made                // the object that a call returned
	Grown               // the array behind the slice that an append returned
	Within              // the object behind a pointer at a path of another object, planted there
	Loaded              // what was in a cell when it was first read
	Component           // a part of a struct value or of a call's results
	Binary              // an arithmetic operation
	Pure                // a call without effects
	Len                 // the length of a container
	Handle              // a value that uses the resource and cannot release it
	Iterator            // a range over a container
	Addr                // the address of a cell: an object and a path
	Aggregate           // a struct or array value with parts; what has no part is a component of its base
	Tuple               // the results of a call
	Closure             // a function with its bindings
	part                // a link in the list of a compound term's parts
	Equal               // two values are equal
	Less                // one is less than the other
	Not                 // a condition does not hold
	More                // a range over a container has another iteration
	Visited             // it has had one
	Filled              // an element was appended to a slice
	Crowded             // another element can stand before the resource in a container
	ErrNil              // OpenErr is nil
	ErrIs               // OpenErr is some other error
	ErrAsked            // what some function says of OpenErr
	Refuted             // an error is of some kind, and so not nil
	Found               // what a call says beside a result: that there is something in it
)

// A Term is a value, an object or a condition. Terms of one Pool are the same
// if they are the same pointer.
type Term struct {
	Op    Op
	X, Y  *Term          // operands: the object of an Addr, the base of an Aggregate
	Path  Path           // within X
	Value ssa.Value      // of Val, Made, Grown, Pure, ErrAsked
	Fn    *ssa.Function  // of Closure and Pure
	Const constant.Value // of Const
	Tok   token.Token    // of Binary
	Parts []Part         // of compound terms, in order of their paths

	id     int
	leaves []*Term // the values it is made from, in order of their ids
	nested int     // operations within it
	memory bool    // it depends on memory, a parameter or a global
}

// A Part is a part of a compound term: a field or element of an aggregate, a
// binding of a closure, a result of a tuple.
type Part struct {
	Path Path
	Term *Term
}

// A Pool makes terms, each only once.
type Pool struct {
	terms  map[key]*Term
	values map[ssa.Value]*Term // those of operation Val, which are asked for most
	addrs  map[place]*Term     // and those of operation Addr
	count  int

	Unknown, Tracked, OpenErr, Cleanup, NonNil, Nil *Term
	True, False, Zero, ErrNil                       *Term
	// ZeroBase is the base of an aggregate whose other parts are zero.
	ZeroBase *Term
}

type place struct {
	object *Term
	path   Path
}

type key struct {
	op    Op
	x, y  *Term
	path  Path
	value ssa.Value
	fn    *ssa.Function
	kind  constant.Kind
	text  string // of a constant, in its exact form
	tok   token.Token
}

// NewPool returns a pool without terms.
func NewPool() *Pool {
	p := &Pool{terms: map[key]*Term{}, values: map[ssa.Value]*Term{}, addrs: map[place]*Term{}}
	one := func(op Op) *Term { return p.intern(key{op: op}, Term{Op: op}) }
	p.Unknown, p.Tracked, p.OpenErr, p.Cleanup = one(Unknown), one(Tracked), one(OpenErr), one(Cleanup)
	p.NonNil, p.Nil, p.ErrNil = one(NonNil), one(Nil), one(ErrNil)
	p.True, p.False, p.Zero = p.Bool(true), p.Bool(false), p.Int(0)
	p.ZeroBase = p.Zero
	return p
}

func (p *Pool) intern(k key, t Term) *Term {
	if have := p.terms[k]; have != nil {
		return have
	}
	c := p.add(t)
	p.terms[k] = c
	return c
}

// add makes a new term.
func (p *Pool) add(t Term) *Term {
	t.id = p.count
	p.count++
	switch t.Op {
	case Val, Made, Grown, Earlier:
		c := &t
		c.memory = t.X != nil && t.X.memory
		switch t.Value.(type) {
		case *ssa.Parameter, *ssa.Global:
			c.memory = true
		}
		c.leaves = []*Term{c}
		return c
	}
	t.memory = t.Op == Loaded || t.Op == Pure
	for _, x := range []*Term{t.X, t.Y} {
		if x != nil {
			t.leaves = union(t.leaves, x.leaves)
			t.memory = t.memory || x.memory
			t.nested = max(t.nested, x.nested)
		}
	}
	if t.Op == Binary || t.Op == Pure {
		t.nested++
	}
	return &t
}

// union merges two lists of leaves. It writes to neither.
func union(a, b []*Term) []*Term {
	if len(a) == 0 {
		return b
	}
	out := a
	for _, x := range b {
		i, have := slices.BinarySearchFunc(out, x, func(a, b *Term) int { return a.id - b.id })
		if !have {
			out = slices.Insert(slices.Clip(slices.Clone(out)), i, x)
		}
	}
	return out
}

// Val is the value of an SSA value that nothing else is known of.
func (p *Pool) Val(v ssa.Value) *Term {
	t := p.values[v]
	if t == nil {
		t = p.add(Term{Op: Val, Value: v})
		p.values[v] = t
	}
	return t
}

// Made is the object that a call returned.
func (p *Pool) Made(v ssa.Value) *Term {
	return p.intern(key{op: Made, value: v}, Term{Op: Made, Value: v})
}

// Grown is the array behind the slice that an append returned.
func (p *Pool) Grown(v ssa.Value) *Term {
	return p.intern(key{op: Grown, value: v}, Term{Op: Grown, Value: v})
}

// Earlier is what a Val, Made or Grown was in an earlier iteration. Iterations
// before the last one are not told apart.
func (p *Pool) Earlier(x *Term) *Term {
	if x.Op == Earlier {
		return x
	}
	return p.intern(key{op: Earlier, x: x}, Term{Op: Earlier, X: x, Value: x.Value})
}

// Within is the object behind a pointer that is the part of a value at a path,
// where x is the object behind the value if it is itself the pointer.
func (p *Pool) Within(x *Term, path Path) *Term {
	if path == "" {
		return x
	}
	return p.Behind(x, path)
}

// Behind is the object behind a pointer in an object's cell at a path.
func (p *Pool) Behind(x *Term, path Path) *Term {
	return p.intern(key{op: Within, x: x, path: path}, Term{Op: Within, X: x, Path: path})
}

// Loaded is what was in a cell when it was first read.
func (p *Pool) Loaded(x *Term, path Path) *Term {
	return p.intern(key{op: Loaded, x: x, path: path}, Term{Op: Loaded, X: x, Path: path})
}

// Component is a part of a struct value, or of a call's results.
func (p *Pool) Component(x *Term, path Path) *Term {
	if path == "" {
		return x
	}
	switch x.Op {
	case Component:
		return p.Component(x.X, x.Path+path)
	case Loaded:
		return p.Loaded(x.X, x.Path+path) // of what was in a cell, that is another cell
	}
	return p.intern(key{op: Component, x: x, path: path}, Term{Op: Component, X: x, Path: path})
}

// Binary is an arithmetic operation that nothing more is known of.
func (p *Pool) Binary(op token.Token, x, y *Term) *Term {
	return p.intern(key{op: Binary, x: x, y: y, tok: op}, Term{Op: Binary, X: x, Y: y, Tok: op})
}

// Pure is the result of a function without effects.
func (p *Pool) Pure(fn *ssa.Function, args []*Term) *Term {
	var list *Term
	for _, a := range args {
		list = p.link(list, "", a)
	}
	return p.intern(key{op: Pure, x: list, fn: fn}, Term{Op: Pure, X: list, Fn: fn})
}

// Len is the length of a container.
func (p *Pool) Len(x *Term) *Term { return p.intern(key{op: Len, x: x}, Term{Op: Len, X: x}) }

// Handle is a value that uses the resource and cannot release it, such as a
// pipeline of it.
func (p *Pool) Handle(x *Term) *Term { return p.intern(key{op: Handle, x: x}, Term{Op: Handle, X: x}) }

// Iterator is a range over a container.
func (p *Pool) Iterator(x *Term) *Term {
	return p.intern(key{op: Iterator, x: x}, Term{Op: Iterator, X: x})
}

// Addr is the address of a cell.
func (p *Pool) Addr(object *Term, path Path) *Term {
	k := place{object, path}
	t := p.addrs[k]
	if t == nil {
		t = p.add(Term{Op: Addr, X: object, Path: path})
		p.addrs[k] = t
	}
	return t
}

// Bool is a constant.
func (p *Pool) Bool(b bool) *Term { return p.Constant(constant.MakeBool(b)) }

// Int is a constant.
func (p *Pool) Int(i int) *Term { return p.Constant(constant.MakeInt64(int64(i))) }

// Constant is a constant. Numbers of one value are the same, whatever their
// type.
func (p *Pool) Constant(c constant.Value) *Term {
	kind := c.Kind()
	if kind == constant.Float || kind == constant.Complex {
		kind = constant.Int
	}
	return p.intern(key{op: Const, kind: kind, text: c.ExactString()}, Term{Op: Const, Const: c})
}

// Aggregate is a struct or array value with some parts. What has no part is a
// component of the base, zero if that is ZeroBase, and unknown if it is nil.
func (p *Pool) Aggregate(base *Term, parts []Part) *Term {
	return p.compound(Term{Op: Aggregate, X: base}, parts)
}

// Tuple is the results of a call, by their index.
func (p *Pool) Tuple(call ssa.Value, parts []Part) *Term {
	var of *Term
	if call != nil {
		of = p.Val(call)
	}
	return p.compound(Term{Op: Tuple, X: of}, parts)
}

// Closure is a function with its bindings, by their index.
func (p *Pool) Closure(fn *ssa.Function, bindings []*Term) *Term {
	var parts []Part
	for i, b := range bindings {
		parts = append(parts, Part{Field(i), b})
	}
	return p.compound(Term{Op: Closure, Fn: fn}, parts)
}

func (p *Pool) compound(t Term, parts []Part) *Term {
	slices.SortFunc(parts, func(a, b Part) int { return comparePaths(a.Path, b.Path) })
	var list *Term
	for _, x := range parts {
		list = p.link(list, x.Path, x.Term)
	}
	t.Y, t.Parts = list, parts
	return p.intern(key{op: t.Op, x: t.X, y: list, fn: t.Fn}, t)
}

func comparePaths(a, b Path) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// link makes lists of terms, so that a compound term has two operands as well.
func (p *Pool) link(list *Term, path Path, x *Term) *Term {
	return p.intern(key{op: part, x: list, y: x, path: path}, Term{Op: part, X: list, Y: x, Path: path})
}

// Equal is the condition that two values are equal. A constant comes second.
func (p *Pool) Equal(x, y *Term) *Term {
	if x.Constant() && !y.Constant() || x.Constant() == y.Constant() && x.id > y.id {
		x, y = y, x
	}
	return p.intern(key{op: Equal, x: x, y: y}, Term{Op: Equal, X: x, Y: y})
}

// Less is the condition that one value is less than another.
func (p *Pool) Less(x, y *Term) *Term {
	return p.intern(key{op: Less, x: x, y: y}, Term{Op: Less, X: x, Y: y})
}

// Not is the negation of a condition.
func (p *Pool) Not(x *Term) *Term {
	switch {
	case x == p.True:
		return p.False
	case x == p.False:
		return p.True
	case x.Op == Not:
		return x.X
	}
	return p.intern(key{op: Not, x: x}, Term{Op: Not, X: x})
}

// More is the condition that a range over a container has another iteration.
func (p *Pool) More(x *Term) *Term { return p.about(More, x) }

// Visited is the condition that a range over a container has had an iteration.
func (p *Pool) Visited(x *Term) *Term { return p.about(Visited, x) }

// Filled is the condition that an element was appended to a slice.
func (p *Pool) Filled(x *Term) *Term { return p.about(Filled, x) }

// Crowded is the condition that another element can stand before the resource in
// a container.
func (p *Pool) Crowded(x *Term) *Term { return p.about(Crowded, x) }

// ErrIs is the condition that OpenErr is some other error, or nil: any.
func (p *Pool) ErrIs(x *Term) *Term { return p.about(ErrIs, x) }

// Refuted is the condition that an error is of some kind, and so not nil.
func (p *Pool) Refuted(x *Term) *Term { return p.about(Refuted, x) }

// ErrAsked is what a call says of OpenErr.
func (p *Pool) ErrAsked(call ssa.Value) *Term { return p.about(ErrAsked, p.Val(call)) }

// Found is what a call says beside a result: that there is something in it.
func (p *Pool) Found(call ssa.Value) *Term { return p.about(Found, p.Val(call)) }

func (p *Pool) about(op Op, x *Term) *Term { return p.intern(key{op: op, x: x}, Term{Op: op, X: x}) }

// ZeroOf is the zero value of a type as far as the search cares.
func (p *Pool) ZeroOf(t types.Type) *Term {
	switch u := t.Underlying().(type) {
	case *types.Basic:
		switch {
		case u.Info()&types.IsBoolean != 0:
			return p.False
		case u.Info()&types.IsString != 0:
			return p.Constant(constant.MakeString(""))
		case u.Info()&types.IsNumeric != 0:
			return p.Zero
		}
		return p.Nil
	case *types.Struct, *types.Array:
		return p.Aggregate(p.ZeroBase, nil)
	case *types.Interface:
		if _, ok := t.(*types.TypeParam); ok {
			return p.Unknown
		}
		return p.Nil
	case *types.Tuple:
		return p.Unknown
	}
	return p.Nil
}

// Known reports whether a term says anything.
func (t *Term) Known() bool { return t != nil && t.Op != Unknown }

// Constant reports whether a term is a constant, nil included.
func (t *Term) Constant() bool { return t.Op == Const || t.Op == Nil }

// Symbolic reports whether a term stands for a value that is not known, so
// that two terms of it agree, or for a condition.
func (t *Term) Symbolic() bool {
	switch t.Op {
	case Val, Earlier, Made, Grown, Within, Loaded, Component, Binary, Pure, Len, Handle:
		return true
	}
	return t.Op >= Equal
}

// Condition reports whether a term is a condition that was asked of values.
func (t *Term) Condition() bool { return t.Op >= Equal }

// NotNil reports whether a value is certainly not nil.
func (t *Term) NotNil() bool {
	switch t.Op {
	case NonNil, Addr, Closure, Tracked, Cleanup, Const:
		return true
	}
	return false
}

// IsBool returns the value of a constant condition.
func (t *Term) IsBool() (value, ok bool) {
	if t.Op == Const && t.Const.Kind() == constant.Bool {
		return constant.BoolVal(t.Const), true
	}
	return false, false
}

// IsInt returns the value of a small integer constant.
func (t *Term) IsInt() (value int64, ok bool) {
	if t.Op != Const || t.Const.Kind() != constant.Int {
		return 0, false
	}
	return constant.Int64Val(t.Const)
}

// Part returns the part at a path, or nil.
func (t *Term) Part(path Path) *Term {
	for _, x := range t.Parts {
		if x.Path == path {
			return x.Term
		}
	}
	return nil
}

// Result returns a result of a tuple, or nil.
func (t *Term) Result(i int) *Term { return t.Part(Field(i)) }

// PartsBelow returns the parts of an aggregate under a path as an aggregate of
// their own, or nil when there are none.
func (p *Pool) PartsBelow(t *Term, path Path) *Term {
	var parts []Part
	for _, x := range t.Parts {
		if rest, ok := x.Path.Below(path); ok && rest != "" {
			parts = append(parts, Part{rest, x.Term})
		}
	}
	if parts == nil {
		return nil
	}
	base := t.X
	if base != nil && base != p.ZeroBase {
		base = p.Component(base, path)
	}
	return p.Aggregate(base, parts)
}

// Leaves returns the values that a term is made from: terms of the operations
// Val, Earlier, Made and Grown. It must not be written to.
func (t *Term) Leaves() []*Term { return t.leaves }

// Mentions reports whether a term is made from a leaf.
func (t *Term) Mentions(leaf *Term) bool {
	_, ok := slices.BinarySearchFunc(t.leaves, leaf, func(a, b *Term) int { return a.id - b.id })
	return ok
}

// Contains reports whether a term is, or is made from, another one.
func (t *Term) Contains(x *Term) bool {
	if t == x || t.Op == Earlier {
		return t == x
	}
	return t.X != nil && t.X.Contains(x) || t.Y != nil && t.Y.Contains(x)
}

// Nesting is how deep arithmetic operations and calls are nested in a term.
func (t *Term) Nesting() int { return t.nested }

// Memory reports whether a term depends on memory, a parameter or a global.
func (t *Term) Memory() bool { return t.memory }

// Origin returns the leaf that an object was reached from.
func (t *Term) Origin() *Term {
	for t.X != nil && t.Op != Earlier {
		t = t.X
	}
	return t
}

// Fresh reports whether an object starts out as its type's zero value.
func (t *Term) Fresh() bool {
	if t.Op == Earlier {
		t = t.X
	}
	switch t.Op {
	case Within:
		return t.X.Fresh()
	case Grown:
		return true
	case Val:
		switch t.Value.(type) {
		case *ssa.Alloc, *ssa.MakeSlice, *ssa.MakeMap, *ssa.MakeChan:
			return true
		}
	}
	return false
}

// Local reports whether an object was made by the code under search.
func (t *Term) Local() bool {
	if t.Op == Within {
		return t.X.Local()
	}
	return t.Op == Made || t.Op == Earlier && t.X.Op == Made || t.Fresh()
}

// Current returns what an Earlier was, and any other term itself.
func (t *Term) Current() *Term {
	if t.Op == Earlier {
		return t.X
	}
	return t
}

// Replace returns a term with a leaf replaced by another term.
func (p *Pool) Replace(t, leaf, by *Term) *Term {
	if t == nil || !t.Mentions(leaf) {
		return t
	}
	if t == leaf {
		return by
	}
	switch t.Op {
	case Addr:
		return p.Addr(p.Replace(t.X, leaf, by), t.Path)
	case Within:
		return p.Behind(p.Replace(t.X, leaf, by), t.Path)
	case Loaded:
		return p.Loaded(p.Replace(t.X, leaf, by), t.Path)
	case Component:
		return p.Component(p.Replace(t.X, leaf, by), t.Path)
	case Equal:
		return p.Equal(p.Replace(t.X, leaf, by), p.Replace(t.Y, leaf, by))
	case Not:
		return p.Not(p.Replace(t.X, leaf, by))
	case Aggregate, Tuple, Closure:
		parts := make([]Part, len(t.Parts))
		for i, x := range t.Parts {
			parts[i] = Part{x.Path, p.Replace(x.Term, leaf, by)}
		}
		return p.compound(Term{Op: t.Op, X: p.Replace(t.X, leaf, by), Fn: t.Fn}, parts)
	}
	n := *t
	n.X, n.Y, n.leaves = p.Replace(t.X, leaf, by), p.Replace(t.Y, leaf, by), nil
	return p.intern(key{op: n.Op, x: n.X, y: n.Y, path: n.Path, value: n.Value, fn: n.Fn, tok: n.Tok}, n)
}
