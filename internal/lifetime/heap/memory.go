package heap

import (
	"hash/maphash"
	"iter"
	"maps"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// A Memory is what one path knows at one point: of SSA values, of places in
// memory, of conditions, and which calls it has deferred. Only what is known
// is stored.
//
// A clone shares its maps with the original until one of them writes.
type Memory struct {
	registers
	conditions
	stack
	pool          *Pool
	objects       map[*Term]*object
	sharedObjects bool
}

// An object is the known cells of an object, in order. It is not written to
// once it is in a memory.
type object struct {
	cells []Part
	dirty bool // strangers know its address, and may write it at any time
	kept  bool // strangers keep its address, and own what will be in it
}

// NewMemory returns a memory of which nothing is known.
func NewMemory(pool *Pool) *Memory {
	return &Memory{pool: pool, registers: registers{regs: map[ssa.Value]*Term{}}, objects: map[*Term]*object{}}
}

// Clone returns a memory that changes independently.
func (m *Memory) Clone() *Memory {
	m.sharedRegs, m.sharedObjects = true, true
	c := *m
	c.frames = slices.Clone(m.frames)
	return &c
}

func (m *Memory) ownObjects() {
	if m.sharedObjects {
		m.objects, m.sharedObjects = maps.Clone(m.objects), false
	}
}

// Objects lists the objects of which something is known, in no order.
func (m *Memory) Objects() iter.Seq[*Term] { return maps.Keys(m.objects) }

// Cells lists the known cells of an object at and below a path, in order; the
// paths are those within the object.
func (m *Memory) Cells(obj *Term, path Path) iter.Seq2[Path, *Term] {
	return func(yield func(Path, *Term) bool) {
		o := m.objects[obj]
		if o == nil {
			return
		}
		for _, c := range o.cells {
			if _, ok := c.Path.Below(path); ok && !yield(c.Path, c.Term) {
				return
			}
		}
	}
}

// Size counts the cells, and the objects that strangers know.
func (m *Memory) Size() int {
	n := 0
	for _, o := range m.objects {
		n += len(o.cells)
		if o.dirty || o.kept {
			n++
		}
	}
	return n
}

// Cell returns what was stored in a cell, or nil if that is not known.
func (m *Memory) Cell(obj *Term, path Path) *Term {
	if o := m.objects[obj]; o != nil {
		if i, ok := o.find(path); ok {
			return o.cells[i].Term
		}
	}
	return nil
}

func (o *object) find(path Path) (int, bool) {
	return slices.BinarySearchFunc(o.cells, path, func(c Part, p Path) int { return comparePaths(c.Path, p) })
}

// SetCell writes a cell, and nothing else: not the cells below it.
func (m *Memory) SetCell(obj *Term, path Path, t *Term) {
	m.ownObjects()
	o := m.objects[obj]
	if o == nil {
		m.objects[obj] = &object{cells: []Part{{path, t}}}
		return
	}
	i, have := o.find(path)
	cells := slices.Clone(o.cells)
	if have {
		cells[i].Term = t
	} else {
		cells = slices.Insert(cells, i, Part{path, t})
	}
	m.objects[obj] = &object{cells, o.dirty, o.kept}
}

// DropObject forgets an object.
func (m *Memory) DropObject(obj *Term) {
	if _, ok := m.objects[obj]; ok {
		m.ownObjects()
		delete(m.objects, obj)
	}
}

// DropCell forgets a cell.
func (m *Memory) DropCell(obj *Term, path Path) {
	o := m.objects[obj]
	if o == nil {
		return
	}
	i, have := o.find(path)
	if !have {
		return
	}
	m.ownObjects()
	if len(o.cells) == 1 && !o.dirty && !o.kept {
		delete(m.objects, obj)
		return
	}
	m.objects[obj] = &object{slices.Delete(slices.Clone(o.cells), i, i+1), o.dirty, o.kept}
}

// KeepCells forgets the cells that are not to be kept.
func (m *Memory) KeepCells(keep func(object *Term, path Path, x *Term) bool) {
	for obj, o := range m.objects {
		var kept []Part
		for i, c := range o.cells {
			switch {
			case keep(obj, c.Path, c.Term):
				if kept != nil {
					kept = append(kept, c)
				}
			case kept == nil:
				kept = append(make([]Part, 0, len(o.cells)), o.cells[:i]...)
			}
		}
		if kept == nil {
			continue
		}
		m.ownObjects()
		if len(kept) == 0 && !o.dirty && !o.kept {
			delete(m.objects, obj)
		} else {
			m.objects[obj] = &object{kept, o.dirty, o.kept}
		}
	}
}

// Load reads a cell. Of an object that is fresh and that nobody else has
// written, zero is in it.
func (m *Memory) Load(obj *Term, path Path, zero func() *Term) *Term {
	o := m.objects[obj]
	if o != nil {
		if i, ok := o.find(path); ok {
			if t := o.cells[i].Term; t.Op != Unknown {
				return t
			}
			return m.pool.Loaded(obj, path)
		}
		var parts []Part
		for _, c := range o.cells {
			if rest, ok := c.Path.Below(path); ok {
				parts = append(parts, Part{rest, c.Term})
			} else if rest, ok := path.Below(c.Path); ok && c.Term.Symbolic() {
				return m.pool.Component(c.Term, rest)
			}
		}
		if parts != nil {
			return m.pool.Aggregate(m.pool.Loaded(obj, path), parts)
		}
	}
	if obj.Fresh() && !m.Dirty(obj) {
		return zero()
	}
	return m.pool.Loaded(obj, path)
}

// Store writes a cell, and thereby those below it.
func (m *Memory) Store(obj *Term, path Path, t *Term) {
	m.ownObjects()
	n := &object{}
	if o := m.objects[obj]; o != nil {
		n.dirty, n.kept = o.dirty, o.kept
		for _, c := range o.cells {
			if _, below := c.Path.Below(path); !below {
				n.cells = append(n.cells, c)
			}
		}
	}
	parts := []Part{{"", t}}
	if t.Op == Aggregate {
		parts = t.Parts
		// The parts that are not known are not zero, unless the whole was.
		n.dirty = n.dirty || t.X != m.pool.ZeroBase
	}
	for _, x := range parts {
		at := path + x.Path
		i, _ := n.find(at)
		n.cells = slices.Insert(n.cells, i, Part{at, x.Term})
	}
	if len(n.cells) == 0 && !n.dirty && !n.kept {
		delete(m.objects, obj)
		return
	}
	m.objects[obj] = n
}

// Dirty reports whether strangers may write an object.
func (m *Memory) Dirty(obj *Term) bool {
	o := m.objects[obj]
	return o != nil && o.dirty
}

// Smudge notes that an object may hold something other than zero.
func (m *Memory) Smudge(obj *Term) {
	o := m.objects[obj]
	if o != nil && o.dirty {
		return
	}
	m.ownObjects()
	n := &object{dirty: true}
	if o != nil {
		n.cells, n.kept = o.cells, o.kept
	}
	m.objects[obj] = n
}

// Keep notes that strangers keep an object: they own what is put into it.
func (m *Memory) Keep(obj *Term) {
	n := &object{kept: true}
	if o := m.objects[obj]; o != nil {
		n.cells, n.dirty = o.cells, o.dirty
	}
	m.ownObjects()
	m.objects[obj] = n
}

// Kept reports whether strangers keep an object.
func (m *Memory) Kept(obj *Term) bool {
	o := m.objects[obj]
	return o != nil && o.kept
}

// Spoil forgets the plain contents of an object that a stranger may write, and
// keeps what the resource depends on.
func (m *Memory) Spoil(obj *Term) {
	n := &object{dirty: true}
	if o := m.objects[obj]; o != nil {
		n.kept = o.kept
		for _, c := range o.cells {
			switch c.Term.Op {
			case Tracked, Cleanup, Addr, Closure, OpenErr:
			default:
				c.Term = m.pool.Unknown
			}
			n.cells = append(n.cells, c)
		}
	}
	m.ownObjects()
	m.objects[obj] = n
}

// Mentions reports whether anything known depends on a leaf.
func (m *Memory) Mentions(leaf *Term) bool {
	if m.ValuesMention(leaf) {
		return true
	}
	for obj := range m.objects {
		if obj.Mentions(leaf) {
			return true
		}
	}
	for _, f := range m.facts {
		if f.c.Mentions(leaf) {
			return true
		}
	}
	for _, f := range m.frames {
		for _, d := range f.Defers {
			if d.Mentions(leaf) {
				return true
			}
		}
	}
	return false
}

// ValuesMention reports whether an SSA value or a cell depends on a leaf.
func (m *Memory) ValuesMention(leaf *Term) bool {
	for _, t := range m.regs {
		if t.Mentions(leaf) {
			return true
		}
	}
	for _, o := range m.objects {
		for _, c := range o.cells {
			if c.Term.Mentions(leaf) {
				return true
			}
		}
	}
	return false
}

// Forget drops everything that is known of a leaf. What is deferred stays.
func (m *Memory) Forget(leaf *Term) {
	for v, t := range m.regs {
		if t.Mentions(leaf) {
			m.DropReg(v)
		}
	}
	for obj, o := range m.objects {
		if obj.Mentions(leaf) {
			m.DropObject(obj)
			continue
		}
		for _, c := range o.cells {
			if c.Term.Mentions(leaf) {
				m.SetCell(obj, c.Path, m.pool.Unknown)
			}
		}
	}
	m.KeepFacts(func(c *Term) bool { return !c.Mentions(leaf) })
}

// Renew makes room for the value that an instruction of a loop makes again:
// what the leaf stood for so far is an earlier iteration's from here on.
func (m *Memory) Renew(leaf *Term) {
	old := m.pool.Earlier(leaf)
	m.Forget(old)
	replace := func(t *Term) *Term { return m.pool.Replace(t, leaf, old) }
	for v, t := range m.regs {
		m.SetReg(v, replace(t))
	}
	for obj, o := range m.objects {
		for _, c := range o.cells {
			if c.Term.Mentions(leaf) {
				m.SetCell(obj, c.Path, replace(c.Term))
			}
		}
		if obj.Mentions(leaf) {
			o = m.objects[obj]
			m.DropObject(obj)
			m.ownObjects()
			m.objects[replace(obj)] = o
		}
	}
	if slices.ContainsFunc(m.facts, func(f fact) bool { return f.c.Mentions(leaf) }) {
		old := m.facts
		m.facts = nil
		for _, f := range old {
			m.SetFact(replace(f.c), f.truth)
		}
	}
	m.replaceDeferred(leaf, replace)
}

var seed = maphash.MakeSeed()

// Hash is equal for equal memories of one process.
func (m *Memory) Hash() uint64 {
	var h uint64
	mix := func(a, b uint64) {
		x := a*0x9E3779B97F4A7C15 ^ b
		x ^= x >> 29
		x *= 0xBF58476D1CE4E5B9
		h += x ^ x>>32
	}
	for v, t := range m.regs {
		mix(maphash.Comparable(seed, v), uint64(t.id))
	}
	for obj, o := range m.objects {
		mix(uint64(obj.id)<<32|uint64(len(o.cells)), 7)
		for _, c := range o.cells {
			mix(uint64(obj.id)<<32^maphash.String(seed, string(c.Path)), uint64(c.Term.id))
		}
	}
	for _, f := range m.facts {
		if f.truth {
			mix(uint64(f.c.id), 1)
		} else {
			mix(uint64(f.c.id), 2)
		}
	}
	return h
}

// Same reports whether two memories know the same.
func (m *Memory) Same(n *Memory) bool {
	return maps.Equal(m.regs, n.regs) && slices.Equal(m.facts, n.facts) &&
		maps.EqualFunc(m.objects, n.objects, func(a, b *object) bool {
			return a == b || a.dirty == b.dirty && a.kept == b.kept && slices.Equal(a.cells, b.cells)
		}) &&
		slices.EqualFunc(m.frames, n.frames, func(a, b Frame) bool {
			return slices.EqualFunc(a.Defers, b.Defers, func(a, b *Deferred) bool {
				return a == b || a.Instr == b.Instr && a.Fn == b.Fn && slices.Equal(a.Args, b.Args)
			})
		})
}
