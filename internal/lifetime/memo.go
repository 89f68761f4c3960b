package lifetime

// A memo remembers the answers to a question. Its zero value is empty.
type memo[K comparable, V any] struct{ answers map[K]V }

// of returns the answer about a key, which is found once.
func (m *memo[K, V]) of(key K, find func() V) V {
	if v, ok := m.answers[key]; ok {
		return v
	}
	return m.keep(key, find())
}

// meanwhile is of, for a question that finding the answer may lead back to:
// until it is found, the answer is that given.
func (m *memo[K, V]) meanwhile(key K, answer V, find func() V) V {
	if v, ok := m.answers[key]; ok {
		return v
	}
	m.keep(key, answer)
	return m.keep(key, find())
}

func (m *memo[K, V]) keep(key K, v V) V {
	if m.answers == nil {
		m.answers = map[K]V{}
	}
	m.answers[key] = v
	return v
}
