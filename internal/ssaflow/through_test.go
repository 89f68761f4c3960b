package ssaflow

import (
	"testing"

	"golang.org/x/tools/go/ssa"
)

// Each function returns its parameter, or what only looks like it.
const through = `package p

type C struct{}

func (*C) Close() error { return nil }
func (*C) Ping()        {}

type closer interface{ Close() error }
type pinger interface {
	closer
	Ping()
}
type named func()

func boxed(c *C) any           { return c }
func changed(p pinger) closer  { return p }
func converted(f func()) named { return f }
func asserted(x any) *C        { return x.(*C) }
func both(c *C) closer         { return any(c).(closer) }

func perhaps(x any) *C       { c, _ := x.(*C); return c }
func loaded(c **C) any       { return *c }
func counted(n int) int64    { return int64(n) }
`

func TestThrough(t *testing.T) {
	pkg := build(t, through)
	for name, want := range map[string]bool{
		"boxed": true, "changed": true, "converted": true, "asserted": true, "both": true,
		"perhaps": false, "loaded": false, "counted": false,
	} {
		fn := pkg.Func(name)
		ret := fn.Blocks[0].Instrs[len(fn.Blocks[0].Instrs)-1].(*ssa.Return)
		if got := Bare(ret.Results[0]) == ssa.Value(fn.Params[0]); got != want {
			t.Errorf("%s: the result is the parameter: %t, want %t", name, got, want)
		}
	}
}

const captured = `package p

func outer(n int, stop func() bool) func() int {
	total := n
	add := func() int {
		return func() int { total++; return total }()
	}
	for !stop() {
		for i := 0; i < n; i++ {
			total += i
		}
	}
	if n > 3 {
		return add
	}
	return nil
}
`

func TestCapturedAndLoops(t *testing.T) {
	fn := build(t, captured).Func("outer")
	add := fn.AnonFuncs[0]
	inner := add.AnonFuncs[0]
	cell, ok := Binding(inner.FreeVars[0]).(*ssa.FreeVar)
	if !ok || cell != add.FreeVars[0] {
		t.Fatalf("the inner literal captures %v", Binding(inner.FreeVars[0]))
	}
	total, ok := Binding(cell).(*ssa.Alloc)
	if !ok || total.Parent() != fn {
		t.Fatalf("the outer literal captures %v", Binding(cell))
	}
	if n := len(StoredIn(total)); n != 3 {
		t.Errorf("%d values are stored in total, want those of :=, ++ and +=", n)
	}
	if StoredOnce(total) != nil {
		t.Error("total is stored to once")
	}
	if !Encloses(fn, inner) || Encloses(inner, fn) || !Encloses(add, add) {
		t.Error("who encloses whom is wrong")
	}
	loops := Loops(fn)
	flow := NewFlow(fn)
	for _, b := range fn.Blocks {
		if want := Reaches(b, b); loops[b.Index] != want || flow.InLoop(b) != want {
			t.Errorf("block %d is on a loop: %t, want %t", b.Index, loops[b.Index], want)
		}
		if got, want := len(LoopAround(b)) > 0, loops[b.Index]; got != want {
			t.Errorf("block %d has a loop around it: %t, want %t", b.Index, got, want)
		}
	}
	if !flow.Live(total, fn.Blocks[len(fn.Blocks)-1]) && !flow.Live(total, fn.Blocks[1]) {
		t.Error("total is needed nowhere")
	}
}
