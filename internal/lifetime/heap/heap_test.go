package heap

import (
	"go/constant"
	"slices"
	"testing"

	"golang.org/x/tools/go/ssa"
)

// values are SSA values without a program: terms ask only which they are.
func values(n int) []ssa.Value {
	var list []ssa.Value
	for range n {
		list = append(list, new(ssa.Parameter))
	}
	return list
}

// A term is made once, and equal questions are one term.
func TestTermsAreInterned(t *testing.T) {
	p := NewPool()
	v := values(2)
	x, y := p.Val(v[0]), p.Val(v[1])
	for _, c := range []struct {
		what string
		a, b *Term
		same bool
	}{
		{"a value", p.Val(v[0]), x, true},
		{"another value", x, y, false},
		{"equality either way round", p.Equal(x, y), p.Equal(y, x), true},
		{"equality with a constant either way round", p.Equal(x, p.Nil), p.Equal(p.Nil, x), true},
		{"order", p.Less(x, y), p.Less(y, x), false},
		{"a double negation", p.Not(p.Not(p.Equal(x, y))), p.Equal(x, y), true},
		{"a number of another type", p.Int(0), p.Constant(constant.MakeFloat64(0)), true},
		{"a number and its text", p.Int(4), p.Constant(constant.MakeString("4")), false},
		{"true and its text", p.True, p.Constant(constant.MakeString("true")), false},
		{"aggregates", p.Aggregate(nil, []Part{{Field(1), x}, {Field(0), y}}), p.Aggregate(nil, []Part{{Field(0), y}, {Field(1), x}}), true},
		{"fields one and eleven", p.Addr(x, Field(1)), p.Addr(x, Field(11)), false},
		{"parts of parts", p.Component(p.Component(x, Field(1)), Field(2)), p.Component(x, Field(1)+Field(2)), true},
		{"a part of what was loaded", p.Component(p.Loaded(x, Field(1)), Field(2)), p.Loaded(x, Field(1)+Field(2)), true},
	} {
		if (c.a == c.b) != c.same {
			t.Errorf("%s: %v and %v, same is %v", c.what, c.a, c.b, !c.same)
		}
	}
}

// What an earlier iteration made is another value than what the last one made.
func TestReplace(t *testing.T) {
	p := NewPool()
	v := values(2)
	x, y := p.Val(v[0]), p.Val(v[1])
	old := p.Earlier(x)
	for _, c := range []struct{ in, out *Term }{
		{x, old},
		{y, y},
		{old, old},
		{p.Loaded(x, Field(3)), p.Loaded(old, Field(3))},
		{p.Equal(x, y), p.Equal(old, y)},
		{p.Not(p.Less(y, x)), p.Not(p.Less(y, old))},
		{p.Loaded(p.Loaded(x, Field(1)), Field(4)), p.Loaded(p.Loaded(old, Field(1)), Field(4))},
		{p.Aggregate(nil, []Part{{Field(0), x}}), p.Aggregate(nil, []Part{{Field(0), old}})},
		{p.Addr(p.Within(x, Field(1)), Elem), p.Addr(p.Within(old, Field(1)), Elem)},
	} {
		if got := p.Replace(c.in, x, old); got != c.out {
			t.Errorf("%v became %v, want %v", c.in, got, c.out)
		}
		if mentions := c.in != c.out; c.in.Mentions(x) != mentions {
			t.Errorf("%v mentions %v: %v", c.in, x, !mentions)
		}
	}
}

// The way from a parameter to what was loaded through it.
func TestWayFrom(t *testing.T) {
	p := NewPool()
	v := values(2)
	x, y := p.Val(v[0]), p.Val(v[1])
	for _, c := range []struct {
		object *Term
		way    string
		ok     bool
	}{
		{x, "*", true},
		{p.Within(x, Field(1)), "*.1*", true},
		{p.Loaded(x, Field(1)), "*.1*", true},
		{p.Loaded(p.Loaded(x, Field(1)), Field(4)), "*.1*.4*", true},
		{y, "", false},
		{p.Loaded(y, Field(1)), "", false},
	} {
		way, ok := WayFrom(x, c.object)
		if ok != c.ok || ok && way.String() != c.way {
			t.Errorf("to %v: %q, %v, want %q", c.object, way, ok, c.way)
		}
	}
}

// A shape is read as it was written.
func TestShape(t *testing.T) {
	for _, s := range []Shape{"", "()", "*", "*.2", ".3*.12[]", "*.1()|*.3*.0", "*[]"} {
		got, ok := Join(s.Ways())
		if !ok || got != s {
			t.Errorf("%q was read and written as %q", s, got)
		}
	}
	if _, ok := Join(nil); ok {
		t.Error("no way is a shape")
	}
	var ways []Way
	for _, s := range []Shape{"*.3()", "*.1", "*.1"} {
		ways = append(ways, s.Ways()...)
	}
	slices.Reverse(ways)
	if got, _ := Join(ways); got != "*.1|*.3()" {
		t.Errorf("ways in another order are joined to %q", got)
	}
}

// A clone and its original change independently.
func TestClone(t *testing.T) {
	p := NewPool()
	v := values(3)
	m := NewMemory(p)
	m.SetReg(v[0], p.Tracked)
	m.Store(p.Val(v[1]), Field(2), p.Val(v[0]))
	m.SetFact(p.Equal(p.Val(v[0]), p.Nil), false)
	m.Enter()
	n := m.Clone()
	if !m.Same(n) || m.Hash() != n.Hash() {
		t.Fatal("a clone knows something else")
	}
	n.DropReg(v[0])
	n.Store(p.Val(v[1]), Field(2), p.Nil)
	n.SetFact(p.Equal(p.Val(v[2]), p.Nil), true)
	n.SetDefers(0, []*Deferred{{Args: []*Term{p.Tracked}}})
	if m.Same(n) {
		t.Error("what a clone learns changes the original")
	}
	if x, ok := m.Reg(v[0]); !ok || x != p.Tracked || m.Cell(p.Val(v[1]), Field(2)) != p.Val(v[0]) || len(m.Defers(0)) != 0 {
		t.Error("what a clone forgets is forgotten by the original")
	}
}

// A store replaces what was below it, and leaves its neighbours alone.
func TestStore(t *testing.T) {
	p := NewPool()
	v := values(2)
	m := NewMemory(p)
	obj := p.Val(v[0])
	zero := func() *Term { return p.Zero }
	m.Store(obj, Field(1)+Field(0), p.Tracked)
	m.Store(obj, Field(11), p.NonNil)
	if !m.Holds(p.Addr(obj, Field(1))) || m.Holds(p.Addr(obj, Field(11))) {
		t.Error("fields 1 and 11 are taken for one another")
	}
	m.Store(obj, Field(1), p.Val(v[1]))
	if m.Holds(p.Addr(obj, "")) {
		t.Error("what was below is still there")
	}
	if got := m.Load(obj, Field(1)+Field(5), zero); got != p.Component(p.Val(v[1]), Field(5)) {
		t.Errorf("a part of what was stored is %v", got)
	}
	if got := m.Load(obj, Field(11), zero); got != p.NonNil {
		t.Errorf("the neighbour is %v", got)
	}
}

// Shapes are made of other shapes way by way.
func TestShapeOfPointers(t *testing.T) {
	const both Shape = "*.2|*.1*[]"
	if got := both.Value(); got != ".2|.1*[]" {
		t.Errorf("the value has it at %q", got)
	}
	if got := both.Value().Behind(); got != both {
		t.Errorf("a pointer to it has it at %q", got)
	}
	if !both.Elems() || both.HasFunc() || both.Pointers() != 3 || !Func.HasFunc() || Itself.Pointers() != 0 {
		t.Error("what is on the ways is miscounted")
	}
	if f, rest, ok := (Field(7) + Elem).First(); f != 7 || rest != Elem || !ok {
		t.Errorf("the first step is %d, then %v, %v", f, rest, ok)
	}
	if _, _, ok := Path("").First(); ok {
		t.Error("the empty path has a first step")
	}
}
