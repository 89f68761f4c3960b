package heap

import (
	"iter"
	"maps"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// This file has the parts of a memory that are not in memory: what is known of
// registers and of conditions, and what is deferred.

// Registers are what is known of SSA values.
type registers struct {
	regs       map[ssa.Value]*Term
	sharedRegs bool
}

func (k *registers) ownRegs() {
	if k.sharedRegs {
		k.regs, k.sharedRegs = maps.Clone(k.regs), false
	}
}

// Reg returns what is known of an SSA value.
func (k *registers) Reg(v ssa.Value) (*Term, bool) {
	t, ok := k.regs[v]
	return t, ok
}

// Regs lists what is known of SSA values, in no order.
func (k *registers) Regs() iter.Seq2[ssa.Value, *Term] { return maps.All(k.regs) }

// SetReg notes what is known of an SSA value; nil or Unknown: nothing.
func (k *registers) SetReg(v ssa.Value, t *Term) {
	if !t.Known() {
		k.DropReg(v)
		return
	}
	if k.regs[v] != t {
		k.ownRegs()
		k.regs[v] = t
	}
}

// DropReg forgets an SSA value.
func (k *registers) DropReg(v ssa.Value) {
	if _, ok := k.regs[v]; ok {
		k.ownRegs()
		delete(k.regs, v)
	}
}

// KeepRegs forgets the SSA values that are not to be kept.
func (k *registers) KeepRegs(keep func(ssa.Value) bool) {
	for v := range k.regs {
		if !keep(v) {
			k.ownRegs()
			delete(k.regs, v)
		}
	}
}

// Conditions are those that are known to hold, or not to.
type conditions struct {
	facts []fact // in order of their terms, and never written to
}

// A fact is a condition and whether it holds.
type fact struct {
	c     *Term
	truth bool
}

// Fact returns whether a condition was found to hold.
func (k *conditions) Fact(c *Term) (truth, known bool) {
	if i, ok := k.findFact(c); ok {
		return k.facts[i].truth, true
	}
	return false, false
}

func (k *conditions) findFact(c *Term) (int, bool) {
	return slices.BinarySearchFunc(k.facts, c, func(f fact, c *Term) int { return f.c.id - c.id })
}

// Facts lists the conditions that are known, in no order.
func (k *conditions) Facts() iter.Seq2[*Term, bool] {
	return func(yield func(*Term, bool) bool) {
		for _, f := range k.facts {
			if !yield(f.c, f.truth) {
				return
			}
		}
	}
}

// SetFact notes a condition, and nothing that follows from it.
func (k *conditions) SetFact(c *Term, truth bool) {
	i, have := k.findFact(c)
	switch {
	case !have:
		facts := make([]fact, 0, len(k.facts)+1)
		k.facts = append(append(append(facts, k.facts[:i]...), fact{c, truth}), k.facts[i:]...)
	case k.facts[i].truth != truth:
		k.facts = slices.Clone(k.facts)
		k.facts[i].truth = truth
	}
}

// KeepFacts forgets the conditions that are not to be kept.
func (k *conditions) KeepFacts(keep func(*Term) bool) {
	if slices.ContainsFunc(k.facts, func(f fact) bool { return !keep(f.c) }) {
		k.facts = slices.DeleteFunc(slices.Clone(k.facts), func(f fact) bool { return !keep(f.c) })
	}
}

// A stack is the frames of the functions being run.
type stack struct {
	frames []Frame // innermost last
}

// A Frame holds what one running function has deferred, in order.
type Frame struct{ Defers []*Deferred }

// A Deferred is a deferred call with its operands, evaluated when it was
// registered.
type Deferred struct {
	Instr *ssa.Defer
	Fn    *Term // nil for a call of an interface method, whose receiver is an argument
	Args  []*Term
}

// Enter begins the frame of a function.
func (k *stack) Enter() { k.frames = append(slices.Clip(k.frames), Frame{}) }

// Leave ends the frame of the innermost function.
func (k *stack) Leave() { k.frames = k.frames[:len(k.frames)-1] }

// Frames returns the frames, innermost last. It must not be written to.
func (k *stack) Frames() []Frame { return k.frames }

// Defers returns what a running function has deferred; 0 is the outermost.
func (k *stack) Defers(frame int) []*Deferred { return k.frames[frame].Defers }

// SetDefers replaces what a running function has deferred.
func (k *stack) SetDefers(frame int, list []*Deferred) {
	k.frames = slices.Clone(k.frames)
	k.frames[frame] = Frame{list}
}

func (k *stack) replaceDeferred(leaf *Term, replace func(*Term) *Term) {
	k.frames = slices.Clone(k.frames)
	for i, f := range k.frames {
		defers := slices.Clone(f.Defers)
		for j, d := range defers {
			if !d.Mentions(leaf) {
				continue
			}
			c := &Deferred{Instr: d.Instr, Fn: replace(d.Fn)}
			for _, a := range d.Args {
				c.Args = append(c.Args, replace(a))
			}
			defers[j] = c
		}
		k.frames[i].Defers = defers
	}
}

// terms calls f for each term of a deferred call.
func (d *Deferred) terms(f func(*Term) bool) bool {
	if d.Fn != nil && !f(d.Fn) {
		return false
	}
	for _, a := range d.Args {
		if !f(a) {
			return false
		}
	}
	return true
}

// Mentions reports whether a deferred call depends on a leaf.
func (d *Deferred) Mentions(leaf *Term) bool {
	return !d.terms(func(t *Term) bool { return !t.Mentions(leaf) })
}

// Contains reports whether a deferred call is given an object, or something
// that was reached from it.
func (d *Deferred) Contains(object *Term) bool {
	return !d.terms(func(t *Term) bool { return !t.Contains(object) })
}
