package lifetime

import (
	"github.com/redislint/redislint/internal/lifetime/eval"
	"golang.org/x/tools/go/ssa"
)

// A visited is the states in which points of blocks were reached.
type visited map[entry][]*eval.State

type entry struct {
	block, index int
	hash         uint64
}

// add notes a state, and reports whether it is new. The state must not change
// afterwards other than by a clone's writing.
func (v visited) add(b *ssa.BasicBlock, index int, s *eval.State) bool {
	k := entry{b.Index, index, s.Hash()}
	for _, t := range v[k] {
		if s.Same(t) {
			return false
		}
	}
	v[k] = append(v[k], s.Clone())
	return true
}
