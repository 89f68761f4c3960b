// Package memo remembers the answers to a question.
package memo

// A Memo remembers the answers to a question. Its zero value is empty.
type Memo[K comparable, V any] struct{ answers map[K]V }

// Of returns the answer about a key, which is found once.
func (m *Memo[K, V]) Of(key K, find func() V) V {
	if v, ok := m.answers[key]; ok {
		return v
	}
	return m.keep(key, find())
}

// Meanwhile is of, for a question that finding the answer may lead back to:
// until it is found, the answer is that given.
func (m *Memo[K, V]) Meanwhile(key K, answer V, find func() V) V {
	if v, ok := m.answers[key]; ok {
		return v
	}
	m.keep(key, answer)
	return m.keep(key, find())
}

// Forget makes the question about a key new.
func (m *Memo[K, V]) Forget(key K) { delete(m.answers, key) }

// Known returns the answer about a key, if it was found before.
func (m *Memo[K, V]) Known(key K) (V, bool) {
	v, ok := m.answers[key]
	return v, ok
}

func (m *Memo[K, V]) keep(key K, v V) V {
	if m.answers == nil {
		m.answers = map[K]V{}
	}
	m.answers[key] = v
	return v
}
