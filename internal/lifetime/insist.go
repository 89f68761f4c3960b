package lifetime

import (
	"go/types"

	"github.com/redislint/redislint/internal/lifetime/eval"
	"github.com/redislint/redislint/internal/lifetime/heap"
	"github.com/redislint/redislint/internal/lifetime/knowledge"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// This file applies calls that insist on an error being nil: a helper of a test,
// or a Must, does not return if it is not.

// insists applies what a call insists on, before anything else that it does. It
// reports whether the call returns.
func (s calls) insists(st *eval.State, c *ssa.CallCommon, method *types.Func, callee *ssa.Function, args []*heap.Term) bool {
	if method == nil {
		return true
	}
	body := s.e.know.HasBody(callee)
	fact, analysed := s.e.know.Fact(method)
	switch {
	case body:
		for _, i := range s.e.know.Insisted(callee) {
			if !s.insistsOn(st, args[i]) {
				return false
			}
		}
	case fact != nil:
		for _, i := range fact.Insists {
			if i < len(args) && !s.insistsOn(st, args[i]) {
				return false
			}
		}
	case !analysed && st.Status == eval.Open && knowledge.CanEndTest(method):
		// It cannot be read. It may have ended the test, and a test that has
		// failed may leave what it likes open.
		for _, a := range ssaflow.Args(c) {
			if !knowledge.IsErrorValue(a) {
				continue
			}
			if s.KnownOf(st, s.Eval(st, a)) == "notnil" {
				st.Doubtful = true
			}
		}
	}
	return true
}

// insistsOn makes an error nil in a state, and reports whether it can be.
func (s calls) insistsOn(st *eval.State, err *heap.Term) bool {
	switch {
	case err.Op == heap.Nil || err.Op == heap.OpenErr:
		return true
	case err.NotNil():
		return false
	case err.Symbolic():
		return s.assume(st, s.Pool.Equal(err, s.Pool.Nil), true) != nil
	}
	return true
}
