// Package ssaflow is the ground that the engines stand on: questions about SSA
// that are answered by looking at one function, or at a few instructions, and
// that have nothing to do with Redis.
//
//   - wording.go: what go/ssa tells in words alone
//   - call.go: which function a call runs, with which arguments
//   - variable.go: what a variable holds, and what a literal captures
//   - through.go: what an instruction only gives another type
//   - types.go: what a type is
//   - graph.go: which blocks lead to which, and which lie on a loop
//   - flow.go: which values are still needed at a block
//   - graphs.go: what was found out of the blocks of functions, remembered
//   - value.go: small questions about single values and types
//   - reach.go: which values a value can ever get into
package ssaflow
