package facts

import (
	"fmt"
	"go/types"
	"strconv"
	"strings"

	"github.com/redislint/redislint/internal/lifetime/heap"
	"github.com/redislint/redislint/internal/ssaflow"
)

// A Place is where a resource can be reached after a call: in a result or
// behind a parameter, directly or under a shape.
//
// A shape leads from a value to the resource in it: "" is the value itself,
// "*" follows a pointer, ".2" selects field 2, "[]" an element, "()" at the end
// is a func that releases it. Several ways are joined by "|".
type Place struct {
	Param bool   // behind a parameter, not in a result
	Index int    // which
	Shape string // how to get from there to the resource
	Func  bool   // not the resource but a func whose call releases it
	Flags []Flag // what its owner was told to do with it, when it was made

	// Known in its own package only, so that no fact has it:
	dyn     types.Type // concrete type behind an interface at the place itself
	hops    []Hop      // concrete types behind interfaces on the way to the resource
	closers []string   // methods of the holder that release it
}

// Typed returns the place with the concrete types at it, and on the way from it
// to the resource.
func (p Place) Typed(dyn types.Type, hops []Hop) Place {
	p.dyn, p.hops = dyn, hops
	return p
}

// ClosedBy returns the place with the methods of the holder that release the
// resource.
func (p Place) ClosedBy(names []string) Place {
	p.closers = names
	return p
}

// Portable returns the place without what is known in its own package only.
func (p Place) Portable() Place {
	p.dyn, p.hops, p.closers = nil, nil, nil
	return p
}

// Dynamic returns the concrete type behind an interface at the place, or nil if
// it is not certain.
func (p Place) Dynamic() types.Type { return p.dyn }

// OnWay returns the concrete types behind interfaces on the way from the place
// to the resource.
func (p Place) OnWay() []Hop { return p.hops }

// ClosedWith returns the methods of the holder that release the resource.
func (p Place) ClosedWith() []string { return p.closers }

// Within returns the part of a place that begins where rest is left of its shape.
func (p Place) Within(rest string) Place {
	in := Place{Shape: rest}
	cut := len(p.Shape) - len(rest)
	for _, h := range p.hops {
		if len(h.Shape) == cut {
			in.dyn = h.Type
		} else if len(h.Shape) > cut {
			in.hops = append(in.hops, Hop{h.Shape[cut:], h.Type})
		}
	}
	for _, f := range p.Flags {
		if len(f.Shape) > cut && f.Shape[:cut] == p.Shape[:cut] {
			in.Flags = append(in.Flags, Flag{f.Shape[cut:], f.Value})
		}
	}
	return in
}

// On returns the place with one of the ways of its shape.
func (p Place) On(way heap.Way) Place {
	p.Shape = way.String()
	return p
}

func (p Place) String() string {
	kind := "result"
	if p.Param {
		kind = "param"
	}
	return fmt.Sprintf("%s %d%s", kind, p.Index, p.Shape)
}

// FieldOf returns the field of a value of a type that a place says the resource
// is in, or nil if it is elsewhere.
func (p Place) FieldOf(t types.Type) *types.Var {
	way, one := heap.Shape(p.Shape).One()
	if !one || way.Func || p.Func || p.Shape == "" {
		return nil
	}
	if way.BehindPointer() {
		way = way.Tail()
	}
	index, rest, ok := way.Paths[0].First()
	st, isStruct := ssaflow.Deref(t).Underlying().(*types.Struct)
	if len(way.Paths) != 1 || !ok || rest != "" || index < 0 || !isStruct || index >= st.NumFields() {
		return nil
	}
	return st.Field(index)
}

// A Hop is the concrete type of an object on the way to a resource: of what the
// shape up to there leads to.
type Hop struct {
	Shape string
	Type  types.Type
}

// Below returns the types on a way without that of where it begins.
func Below(hops []Hop) (list []Hop) {
	for _, h := range hops {
		if h.Shape != "" {
			list = append(list, h)
		}
	}
	return list
}

// A Flag is a boolean that stands beside a resource in an object on the way to
// it.
type Flag struct {
	Shape string // from the place to it
	Value bool
}

func (f Flag) String() string { return f.Shape + "=" + strconv.FormatBool(f.Value) }

// CommonFlags returns the flags on which two places agree.
func CommonFlags(a, b []Flag) (list []Flag) {
	for _, x := range a {
		for _, y := range b {
			if x == y {
				list = append(list, x)
			}
		}
	}
	return list
}

// A Concrete is the types behind interfaces, as far as they are certain: of a
// value, and of the objects on the way from it to the resource.
type Concrete struct {
	Type  types.Type
	Hops  []Hop
	Flags []Flag
}

func (c Concrete) String() string {
	var b strings.Builder
	if c.Type != nil {
		b.WriteString(types.TypeString(c.Type, nil))
	}
	for _, h := range c.Hops {
		b.WriteString(" " + h.Shape + "=" + types.TypeString(h.Type, nil))
	}
	for _, f := range c.Flags {
		b.WriteString(" " + f.String())
	}
	return b.String()
}
