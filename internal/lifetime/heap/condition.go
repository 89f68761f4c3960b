package heap

// This file answers what follows from the conditions that a path took.

// Refutes reports whether a condition cannot hold beside what is known: a value
// that equals one constant equals no other.
func (m *Memory) Refutes(c *Term) bool {
	if c.Op != Equal || !c.Y.Constant() {
		return false
	}
	for f, truth := range m.facts {
		if truth && f.Op == Equal && f.X == c.X && f.Y.Constant() {
			return true
		}
	}
	return false
}
