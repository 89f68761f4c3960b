package lifetime

import (
	"sort"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// A status is where the resource stands on a path.
type status uint8

const (
	before   status = iota // not opened yet
	open                   // opened, and this path must release it
	released               // released
	moved                  // somebody else owns it now
)

// A state is one path's knowledge at one point. Only what is known is stored.
type state struct {
	status   status
	moved    Reason               // why, when status is moved
	regs     map[ssa.Value]*value //
	mem      map[cell]*value      //
	facts    map[string]bool      // truth of conditions taken, by the condition's key
	frames   []frame              // the deferred calls of each function being run, innermost last
	trail    *step                // the conditions taken since the resource was opened
	risk     ssa.Instruction      // the first call since then that can panic
	release  *releaseEvent        // the release
	doubtful bool                 // perhaps nothing was opened on this path
	lent     bool                 // a callback had it, and may have kept it
	covered  bool                 // a deferred call would have released it
}

// A frame holds what one running function has deferred, in order.
type frame struct{ defers []*deferred }

// A deferred call with its operands, evaluated when it was registered.
type deferred struct {
	instr *ssa.Defer
	fn    *value
	args  []*value
}

// A step is a condition that a path took.
type step struct {
	prev  *step
	instr ssa.Instruction
	taken bool
}

// A releaseEvent says how a path released the resource.
type releaseEvent struct {
	instr    ssa.Instruction
	deferred bool
	how      string
}

func newState() *state {
	return &state{
		regs:  map[ssa.Value]*value{},
		mem:   map[cell]*value{},
		facts: map[string]bool{},
	}
}

func (s *state) clone() *state {
	c := *s
	c.regs = make(map[ssa.Value]*value, len(s.regs))
	for k, v := range s.regs {
		c.regs[k] = v
	}
	c.mem = make(map[cell]*value, len(s.mem))
	for k, v := range s.mem {
		c.mem[k] = v
	}
	c.facts = make(map[string]bool, len(s.facts))
	for k, v := range s.facts {
		c.facts[k] = v
	}
	c.frames = append([]frame(nil), s.frames...)
	return &c
}

func (s *state) set(v ssa.Value, x *value) {
	if x.known() {
		s.regs[v] = x
	} else {
		delete(s.regs, v)
	}
}

// key identifies the state among those seen at one block. The trail is no
// part of it: the first path that leads to a state stands for all.
func (s *state) key(e *engine) string {
	items := make([]string, 0, len(s.regs)+len(s.mem)+len(s.facts))
	for v, x := range s.regs {
		items = append(items, e.id(v)+":"+x.key())
	}
	for c, x := range s.mem {
		items = append(items, c.object+c.path+"="+x.key())
	}
	for f, t := range s.facts {
		if t {
			items = append(items, "+"+f)
		} else {
			items = append(items, "-"+f)
		}
	}
	sort.Strings(items)
	var b strings.Builder
	b.WriteByte(byte('0' + s.status))
	b.WriteString(string(s.moved))
	if s.risk != nil {
		b.WriteByte('r')
	}
	if s.lent {
		b.WriteByte('l')
	}
	if s.doubtful {
		b.WriteByte('?')
	}
	for _, i := range items {
		b.WriteString(i)
		b.WriteByte(';')
	}
	for _, f := range s.frames {
		b.WriteByte('|')
		for _, d := range f.defers {
			d.write(&b, e)
		}
	}
	return b.String()
}

func (d *deferred) write(b *strings.Builder, e *engine) {
	b.WriteString(e.instrID(d.instr))
	if d.fn != nil {
		b.WriteString(d.fn.key())
	}
	for _, a := range d.args {
		b.WriteByte(',')
		b.WriteString(a.key())
	}
}

// rename gives an object or a symbol another name throughout the state. It is
// how the value that an instruction made in an earlier turn of a loop is told
// from the one it makes now.
func (s *state) rename(old, new string) {
	for k, v := range s.regs {
		s.regs[k] = v.rename(old, new)
	}
	var from []cell
	for c, v := range s.mem {
		s.mem[c] = v.rename(old, new)
		if mentionsIn(c.object, old) {
			from = append(from, c)
		}
	}
	for _, c := range from {
		v := s.mem[c]
		delete(s.mem, c)
		s.mem[cell{renameIn(c.object, old, new), c.path}] = v
	}
	for f, t := range s.facts {
		if mentionsIn(f, old) {
			delete(s.facts, f)
			s.facts[renameIn(f, old, new)] = t
		}
	}
	for i, f := range s.frames {
		defers := make([]*deferred, len(f.defers))
		for j, d := range f.defers {
			if defers[j] = d; !d.mentions(old) {
				continue
			}
			c := *d
			c.fn = d.fn.rename(old, new)
			c.args = make([]*value, len(d.args))
			for k, a := range d.args {
				c.args[k] = a.rename(old, new)
			}
			defers[j] = &c
		}
		s.frames[i].defers = defers
	}
}

// forget drops everything that is known under a name.
func (s *state) forget(name string) {
	for k, v := range s.regs {
		if v.mentions(name) {
			delete(s.regs, k)
		}
	}
	for c, v := range s.mem {
		if mentionsIn(c.object, name) {
			delete(s.mem, c)
		} else if v.mentions(name) {
			s.mem[c] = &value{}
		}
	}
	for f := range s.facts {
		if mentionsIn(f, name) {
			delete(s.facts, f)
		}
	}
}

func (s *state) mentions(name string) bool {
	for _, v := range s.regs {
		if v.mentions(name) {
			return true
		}
	}
	for c, v := range s.mem {
		if mentionsIn(c.object, name) || v.mentions(name) {
			return true
		}
	}
	for f := range s.facts {
		if mentionsIn(f, name) {
			return true
		}
	}
	for _, f := range s.frames {
		for _, d := range f.defers {
			if d.mentions(name) {
				return true
			}
		}
	}
	return false
}

func (d *deferred) mentions(name string) bool {
	if d.fn != nil && d.fn.mentions(name) {
		return true
	}
	for _, a := range d.args {
		if a.mentions(name) {
			return true
		}
	}
	return false
}

// renew makes room for a new value under a name that an instruction in a loop
// uses again: what the name stood for so far becomes "~name".
func (s *state) renew(name string) {
	s.forget("~" + name)
	s.rename(name, "~"+name)
}

// load reads a cell. The type decides the zero value of a fresh object.
func (s *state) load(c cell, zeroOf func() *value) *value {
	if v, ok := s.mem[c]; ok {
		if v.kind == unknown {
			return sym("*(" + c.object + c.path + ")")
		}
		return v
	}
	var parts []part
	for d, v := range s.mem {
		if d.object == c.object {
			if rest, ok := strings.CutPrefix(d.path, c.path); ok && rest != "" && (rest[0] == '.' || rest[0] == '[') {
				parts = append(parts, part{rest, v})
			}
		}
	}
	if parts != nil {
		return &value{kind: aggregate, name: "*(" + c.object + c.path + ")", parts: sortedParts(parts)}
	}
	if isFresh(c.object) && !s.dirty(c.object) {
		return zeroOf()
	}
	return sym("*(" + c.object + c.path + ")")
}

// store writes a cell.
func (s *state) store(c cell, v *value) {
	for d := range s.mem {
		if d.object == c.object && d.path != c.path && strings.HasPrefix(d.path, c.path) {
			rest := d.path[len(c.path):]
			if rest[0] == '.' || rest[0] == '[' {
				delete(s.mem, d)
			}
		}
	}
	delete(s.mem, c)
	if v.kind == aggregate {
		for _, p := range v.parts {
			s.mem[cell{c.object, c.path + p.path}] = p.value
		}
		return
	}
	s.mem[c] = v
}

// An object whose address is known to strangers may be written at any time.
const dirtyPath = "!"

func (s *state) dirty(object string) bool {
	_, ok := s.mem[cell{object, dirtyPath}]
	return ok
}

// spoil forgets the plain contents of an object that a stranger may write,
// and keeps what the resource depends on.
func (s *state) spoil(object string) {
	for c, v := range s.mem {
		if c.object == object && c.path != dirtyPath {
			switch v.kind {
			case tracked, cleanup, address, closure, openErr:
			default:
				s.mem[c] = &value{}
			}
		}
	}
	s.mem[cell{object, dirtyPath}] = nonNilValue
}

// isFresh reports whether an object starts out as its type's zero value.
func isFresh(object string) bool { return strings.TrimLeft(object, "~")[0] == 'a' }

// isLocal reports whether an object was made by the code under search.
func isLocal(object string) bool {
	object = strings.TrimLeft(object, "~")
	return object != "" && (object[0] == 'a' || object[0] == 'o')
}

// base returns the first letter of the name that a symbol was built from:
// a allocation, o object returned by a call, p parameter, f free variable,
// g global, i the result of an instruction.
func base(name string) byte {
	for i := 0; i < len(name); i++ {
		switch name[i] {
		case '*', '(', '~':
		default:
			return name[i]
		}
	}
	return 0
}
