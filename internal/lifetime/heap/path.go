package heap

import (
	"iter"
	"strconv"
	"strings"
)

// A Path leads from an object or a compound value to a part of it: a sequence
// of fields and elements. Elements of one container are not told apart. The
// empty path is the whole.
//
// A step is one rune, 0 for an element and n+1 for field n, so that paths can
// be compared, and are keys of maps, without being text.
type Path string

const elemStep = "\x00"

// Field is the path of field n.
func Field(n int) Path { return Path(rune(n + 1)) }

// Elem is the path of an element.
const Elem Path = elemStep

// Below returns the rest of a path that begins with another one.
func (p Path) Below(prefix Path) (rest Path, ok bool) {
	s, ok := strings.CutPrefix(string(p), string(prefix))
	return Path(s), ok
}

// Elems reports whether an element is on the way.
func (p Path) Elems() bool { return strings.Contains(string(p), elemStep) }

// Steps calls f for each step: the number of a field, or -1 for an element. It
// ends early, and returns false, when f does.
func (p Path) Steps(f func(field int) bool) bool {
	for _, r := range string(p) {
		if !f(int(r) - 1) {
			return false
		}
	}
	return true
}

// Prefixes yields the paths on the way, from the first step to the last but one.
func (p Path) Prefixes() iter.Seq[Path] {
	return func(yield func(Path) bool) {
		for i := range string(p) {
			if i > 0 && !yield(p[:i]) {
				return
			}
		}
	}
}

// First returns the first step, the number of a field or -1 for an element, and
// the path from there. It is not ok for the empty path.
func (p Path) First() (field int, rest Path, ok bool) {
	for i, r := range string(p) {
		if i > 0 {
			return field, p[i:], true
		}
		field, ok = int(r)-1, true
	}
	return field, "", ok
}

// String writes a path as a Shape does: ".2[]" is an element of field 2.
func (p Path) String() string {
	var b strings.Builder
	p.Steps(func(field int) bool {
		if field < 0 {
			b.WriteString("[]")
		} else {
			b.WriteByte('.')
			b.WriteString(strconv.Itoa(field))
		}
		return true
	})
	return b.String()
}
