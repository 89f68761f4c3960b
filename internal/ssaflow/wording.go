package ssaflow

import (
	"strings"

	"golang.org/x/tools/go/ssa"
)

// What go/ssa tells in words alone, for people to read. Its words may change
// with any version of x/tools; wording_test.go builds small programs to see
// that they have not.

// IsBoundMethod reports whether a function is what a method value runs: f in
// f := x.M.
func IsBoundMethod(f *ssa.Function) bool {
	return f != nil && strings.HasPrefix(f.Synthetic, "bound method wrapper")
}

// IsThunk reports whether a function is what a method expression runs: f in
// f := T.M.
func IsThunk(f *ssa.Function) bool {
	return f != nil && strings.HasPrefix(f.Synthetic, "thunk")
}

// IsLoopBody reports whether a function is the body of a loop over a func.
func IsLoopBody(f *ssa.Function) bool {
	return f != nil && f.Synthetic == "range-over-func yield"
}

// IsComposite reports whether a variable is what a composite literal makes.
func IsComposite(a *ssa.Alloc) bool { return a.Comment == "complit" }

// IsVarargs reports whether a variable is the array that holds the last
// arguments of a call of a variadic function.
func IsVarargs(a *ssa.Alloc) bool { return a.Comment == "varargs" }

// NilCheck is the name of the built-in function by which a method value asks
// whether its receiver is nil. It returns the receiver.
const NilCheck = "ssa:wrapnilchk"
