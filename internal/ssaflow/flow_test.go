package ssaflow

import (
	"testing"

	"golang.org/x/tools/go/ssa"
)

// Each call makes a value; it is needed up to where it is used last.
const row = `package p

func make1() int
func use(int)

func f(n int) {
	a := make1()
	use(n)
	b := make1()
	use(a)
	if b > 0 {
		use(b)
	}
}
`

func TestLiveAt(t *testing.T) {
	fn := build(t, row).Func("f")
	flow, first := NewFlow(fn), fn.Blocks[0]
	var made []ssa.Value
	var calls []int // where they stand
	for i, instr := range first.Instrs {
		if call, ok := instr.(*ssa.Call); ok {
			made, calls = append(made, call), append(calls, i)
		}
	}
	n, a, b := fn.Params[0], made[0], made[2]
	for i, want := range []struct{ n, a, b bool }{
		{true, false, false}, // before a is made
		{true, true, false},  // before n is used
		{false, true, false}, // before b is made
		{false, true, true},  // before a is used
		{false, false, true}, // behind that
	} {
		at := calls[len(calls)-1] + 1
		if i < len(calls) {
			at = calls[i]
		}
		got := struct{ n, a, b bool }{flow.LiveAt(n, first, at), flow.LiveAt(a, first, at), flow.LiveAt(b, first, at)}
		if got != want {
			t.Errorf("before instruction %d: needed are %+v, want %+v", at, got, want)
		}
	}
}
