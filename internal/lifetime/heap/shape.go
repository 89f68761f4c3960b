package heap

import (
	"slices"
	"sort"
	"strconv"
	"strings"
)

// A Shape says how a resource hangs on a value, in the form in which facts
// carry it to other packages: "" is the value itself, "*" follows a pointer,
// ".2" selects field 2, "[]" an element, and "()" at the end is a func that
// releases it. Several ways to one resource are joined by "|".
//
// This file alone reads and writes that form; everybody else asks for ways.
type Shape string

// A Way is one way of a shape: a path within the value, then for each pointer
// that is followed a path within what it points to.
type Way struct {
	Paths []Path // the first within the value itself
	Func  bool   // it ends at a func that releases the resource
}

// Here returns the way that ends where it begins.
func Here() Way { return Way{Paths: []Path{""}} }

// BehindPointer reports whether the way begins by following a pointer.
func (w Way) BehindPointer() bool { return w.Paths[0] == "" && len(w.Paths) > 1 }

// Pointers counts the pointers that the way follows.
func (w Way) Pointers() int { return len(w.Paths) - 1 }

// Direct reports whether the way ends where it begins.
func (w Way) Direct() bool { return len(w.Paths) == 1 && w.Paths[0] == "" && !w.Func }

// Elems reports whether an element of a container is on the way.
func (w Way) Elems() bool { return slices.ContainsFunc(w.Paths, Path.Elems) }

// Tail returns the way from what the first pointer points to.
func (w Way) Tail() Way { return Way{w.Paths[1:], w.Func} }

// Within returns the way from the end of its first path.
func (w Way) Within() Way { return w.From("") }

// From returns the way whose first path is another one.
func (w Way) From(first Path) Way {
	paths := slices.Clone(w.Paths)
	paths[0] = first
	return Way{paths, w.Func}
}

// Then returns the way that goes on by a path within what is reached.
func (w Way) Then(p Path) Way {
	paths := slices.Clone(w.Paths)
	paths[len(paths)-1] += p
	return Way{paths, w.Func}
}

// Deref returns the way that goes on by a pointer and a path behind it.
func (w Way) Deref(p Path) Way {
	return Way{append(slices.Clone(w.Paths), p), w.Func}
}

// Call returns the way to a func that releases the resource.
func (w Way) Call() Way { return Way{w.Paths, true} }

// Ways returns the ways of a shape.
func (s Shape) Ways() []Way {
	var ways []Way
	for _, one := range strings.Split(string(s), "|") {
		ways = append(ways, parseWay(one))
	}
	return ways
}

// The shapes of a value that is the resource, and of a func that releases it.
const (
	Itself Shape = ""
	Func   Shape = "()"
)

// each returns a shape whose ways are those of another one, changed.
func (s Shape) each(change func(Way) Way) Shape {
	var texts []string
	for _, w := range s.Ways() {
		texts = append(texts, change(w).String())
	}
	return Shape(strings.Join(texts, "|"))
}

// Behind is the shape under which a pointer to the value has the resource.
func (s Shape) Behind() Shape {
	return s.each(func(w Way) Way { return Way{append([]Path{""}, w.Paths...), w.Func} })
}

// Value is the shape under which what a pointer points to has the resource; a
// way that does not begin with a pointer stays as it is.
func (s Shape) Value() Shape {
	return s.each(func(w Way) Way {
		if w.BehindPointer() {
			return w.Tail()
		}
		return w
	})
}

// Elems reports whether an element of a container is on some way.
func (s Shape) Elems() bool { return slices.ContainsFunc(s.Ways(), Way.Elems) }

// Pointers counts the pointers on all ways.
func (s Shape) Pointers() int {
	n := 0
	for _, w := range s.Ways() {
		n += w.Pointers()
	}
	return n
}

// HasFunc reports whether some way ends at a func.
func (s Shape) HasFunc() bool {
	return slices.ContainsFunc(s.Ways(), func(w Way) bool { return w.Func })
}

// One returns the way of a shape that has one.
func (s Shape) One() (Way, bool) {
	if strings.Contains(string(s), "|") {
		return Way{}, false
	}
	return parseWay(string(s)), true
}

func parseWay(text string) Way {
	var w Way
	text, w.Func = strings.CutSuffix(text, "()")
	for _, path := range strings.Split(text, "*") {
		var p Path
		for path != "" {
			if rest, ok := strings.CutPrefix(path, "[]"); ok {
				p, path = p+Elem, rest
				continue
			}
			end := 1
			for end < len(path) && '0' <= path[end] && path[end] <= '9' {
				end++
			}
			n, err := strconv.Atoi(path[1:end])
			if err != nil {
				break // no other package writes such a shape
			}
			p, path = p+Field(n), path[end:]
		}
		w.Paths = append(w.Paths, p)
	}
	return w
}

// String writes a way.
func (w Way) String() string {
	var b strings.Builder
	for i, p := range w.Paths {
		if i > 0 {
			b.WriteByte('*')
		}
		b.WriteString(p.String())
	}
	if w.Func {
		b.WriteString("()")
	}
	return b.String()
}

// maxWays bounds the ways to one resource that a shape tells.
const maxWays = 3

// Join makes one shape of several ways: the shortest ones, in one order. A way
// that is no way at all stands for all others. It is not ok if there is none.
func Join(ways []Way) (Shape, bool) {
	texts := make([]string, len(ways))
	for i, w := range ways {
		texts[i] = w.String()
	}
	sort.Slice(texts, func(i, j int) bool {
		if len(texts[i]) != len(texts[j]) {
			return len(texts[i]) < len(texts[j])
		}
		return texts[i] < texts[j]
	})
	texts = slices.Compact(texts)
	switch {
	case len(texts) == 0:
		return "", false
	case texts[0] == "":
		return "", true
	case len(texts) > maxWays:
		texts = texts[:maxWays]
	}
	return Shape(strings.Join(texts, "|")), true
}

// WayFrom returns how one gets from a parameter to the object that it points
// to, or that was planted or read there.
func WayFrom(param, object *Term) (Way, bool) {
	if object == param {
		return Here().Deref(""), true
	}
	switch object.Op {
	case Within, Loaded:
		if object.Op == Loaded && object.X == param && object.Path == "" {
			return Way{}, false
		}
		if way, ok := WayFrom(param, object.X); ok {
			return way.Then(object.Path).Deref(""), true
		}
	}
	return Way{}, false
}
