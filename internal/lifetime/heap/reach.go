package heap

// This file answers what can be reached from a value: whether the resource,
// and on which ways.

// Pointee returns the address that a pointer value denotes, or nil.
func (p *Pool) Pointee(t *Term) *Term {
	switch {
	case t.Op == Addr:
		return t
	case t.Symbolic() && !t.Condition() && t.Op != Len:
		return p.Addr(t, "")
	}
	return nil
}

// Visit calls f for each value reachable from one until f returns false.
func (m *Memory) Visit(t *Term, f func(*Term) bool) {
	if t == nil {
		return
	}
	if len(t.Parts) == 0 && t.Op != Addr && t.Op != Iterator && !t.Symbolic() {
		f(t)
		return
	}
	var seen []place
	work := []*Term{t}
	for len(work) > 0 {
		x := work[len(work)-1]
		work = work[:len(work)-1]
		if !f(x) {
			return
		}
		for _, p := range x.Parts {
			work = append(work, p.Term)
		}
		at := place{x, ""}
		switch {
		case x.Op == Addr:
			at = place{x.X, x.Path}
		case x.Op == Iterator:
			at = place{x.X, ""}
		case !x.Symbolic() || x.Condition():
			continue
		}
		if m.objects[at.object] == nil || containsPlace(seen, at) {
			continue
		}
		seen = append(seen, at)
		// A pointer into an object reaches the cells at and below it.
		for _, y := range m.Cells(at.object, at.path) {
			work = append(work, y)
		}
	}
}

func containsPlace[T comparable](list []T, x T) bool {
	for _, y := range list {
		if x == y {
			return true
		}
	}
	return false
}

// Holds reports whether the resource, or a func that releases it, can be
// reached from a value.
func (m *Memory) Holds(t *Term) bool {
	found := false
	m.Visit(t, func(x *Term) bool {
		found = x.Op == Tracked || x.Op == Cleanup
		return !found
	})
	return found
}

// HasUser reports whether a value leads to what a call made of the resource to
// use it, and that cannot release it.
func (m *Memory) HasUser(t *Term) bool {
	found := false
	m.Visit(t, func(x *Term) bool {
		found = x.Op == Handle && x.X.Op == Made
		return !found
	})
	return found
}

// Funcs returns the funcs with variables of their own that can be reached from
// a value other than through such a func, and whether the resource can.
func (m *Memory) Funcs(t *Term) (funcs []*Term, resource bool) {
	return m.outside(t, func(x *Term) bool { return x.Op == Tracked || x.Op == Cleanup })
}

// Users is Funcs for those who can use the resource: whether it, or a handle on
// it, can be reached other than through a func.
func (m *Memory) Users(t *Term) (funcs []*Term, direct bool) {
	return m.outside(t, func(x *Term) bool { return x.Op == Tracked || x.Op == Handle })
}

// outside returns the funcs that are reached from a value other than through a
// func, or whether one of the wanted terms is.
func (m *Memory) outside(t *Term, wanted func(*Term) bool) (funcs []*Term, found bool) {
	var seen []*Term
	work := []*Term{t}
	for len(work) > 0 {
		x := work[len(work)-1]
		work = work[:len(work)-1]
		if x == nil || containsPlace(seen, x) {
			continue
		}
		seen = append(seen, x)
		switch {
		case wanted(x):
			return nil, true
		case x.Op == Closure:
			funcs = append(funcs, x)
			continue
		}
		for _, p := range x.Parts {
			work = append(work, p.Term)
		}
		at := place{x, ""}
		switch {
		case x.Op == Addr:
			at = place{x.X, x.Path}
		case x.Op == Iterator:
			at = place{x.X, ""}
		case !x.Symbolic() || x.Condition():
			continue
		}
		for _, y := range m.Cells(at.object, at.path) {
			work = append(work, y)
		}
	}
	return funcs, false
}

// DeferHolds reports whether a deferred call can reach the resource.
func (m *Memory) DeferHolds(d *Deferred) bool {
	return !d.terms(func(t *Term) bool { return !m.Holds(t) })
}

// Reachable reports whether anything still leads to the resource.
func (m *Memory) Reachable() bool {
	for _, t := range m.regs {
		if m.Holds(t) {
			return true
		}
	}
	for _, o := range m.objects {
		for _, c := range o.cells {
			switch c.Term.Op {
			case Tracked, Cleanup:
				return true
			case Closure:
				if m.Holds(c.Term) {
					return true
				}
			}
		}
	}
	for _, f := range m.frames {
		for _, d := range f.Defers {
			if m.DeferHolds(d) {
				return true
			}
		}
	}
	return false
}

// MaxHops bounds the pointers between a value and the resource.
const MaxHops = 4

// Ways returns how the resource hangs on a value, in no order. A way over too many
// pointers is not told, and is taken to be one of those that are, gone round a
// circle, if there are any.
func (m *Memory) Ways(t *Term) []Way { return m.WaysFrom(t, Here()) }

// WaysFrom is Ways for a value that a way leads to.
func (m *Memory) WaysFrom(t *Term, prefix Way) []Way {
	var found []Way
	m.ways(t, prefix, nil, &found)
	return found
}

// passed is the places that a way has come through, the last one first.
type passed struct {
	at     place
	before *passed
}

func (p *passed) has(at place) bool {
	for ; p != nil; p = p.before {
		if p.at == at {
			return true
		}
	}
	return false
}

// ways follows all ways but those that come round to where they were: what
// they lead to has a shorter one.
func (m *Memory) ways(t *Term, prefix Way, through *passed, found *[]Way) {
	switch {
	case t.Op == Tracked:
		*found = append(*found, prefix)
	case t.Op == Cleanup, t.Op == Closure && m.Holds(t):
		*found = append(*found, prefix.Call())
	case t.Op == Aggregate:
		for _, p := range t.Parts {
			m.ways(p.Term, prefix.Then(p.Path), through, found)
		}
	case t.Op == Addr, t.Symbolic():
		p := m.pool.Pointee(t)
		if p == nil || prefix.Pointers() >= MaxHops {
			return
		}
		at := place{p.X, p.Path}
		if through.has(at) {
			return
		}
		for path, x := range m.Cells(p.X, p.Path) {
			rest, _ := path.Below(p.Path)
			m.ways(x, prefix.Deref(rest), &passed{at, through}, found)
		}
	}
}

// Collect forgets the objects that nothing leads to any more, of those that
// may be forgotten.
func (m *Memory) Collect(may func(object *Term) bool) {
	var doubtful map[*Term]bool
	for obj := range m.objects {
		if may(obj) {
			if doubtful == nil {
				doubtful = map[*Term]bool{}
			}
			doubtful[obj] = true
		}
	}
	if doubtful == nil {
		return
	}
	// Whatever is still mentioned stays, and what that mentions.
	var work []*Term
	for _, t := range m.regs {
		work = append(work, t)
	}
	for _, f := range m.frames {
		for _, d := range f.Defers {
			d.terms(func(t *Term) bool {
				work = append(work, t)
				return true
			})
		}
	}
	for obj, o := range m.objects {
		if !doubtful[obj] {
			for _, c := range o.cells {
				work = append(work, c.Term)
			}
		}
	}
	for len(work) > 0 && len(doubtful) > 0 {
		t := work[len(work)-1]
		work = work[:len(work)-1]
		for obj := range doubtful {
			if t.Contains(obj) {
				delete(doubtful, obj)
				for _, c := range m.objects[obj].cells {
					work = append(work, c.Term)
				}
			}
		}
	}
	for obj := range doubtful {
		m.DropObject(obj)
	}
}
