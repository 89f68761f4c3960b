package lifetime

import (
	"go/types"
	"sort"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// A value is what the search knows of an SSA value on one path. Values are
// immutable; two values with the same key are the same.
type value struct {
	kind  valueKind
	name  string        // symbol, constant, or the object that an address points into
	path  string        // within that object: fields ".3", elements "[]"
	fn    *ssa.Function // closures: the function
	parts []part        // aggregates: fields; closures: bindings; tuples: results

	text string // the key, once it was asked for
}

type valueKind uint8

const (
	unknown   valueKind = iota // nothing: its own symbol
	symbol                     // an unknown value with a name, so that two tests of it agree
	constant                   // a constant: "nil", "true", or its exact text
	nonNil                     // not nil, otherwise unknown
	address                    // the address of a cell
	aggregate                  // a struct or array value
	tuple                      // the results of a call
	closure                    // a function with its bindings
	length                     // the length of a container
	iterator                   // a range over a container
	tracked                    // the resource itself, or an alias of it
	openErr                    // the error that is nil when the resource was opened
	cleanup                    // a func whose call releases the resource
)

// A part is a component of a compound value.
type part struct {
	path  string
	value *value
}

// A cell is a place in memory.
type cell struct{ object, path string }

var (
	nilValue     = keyed(&value{kind: constant, name: "nil"})
	trueValue    = keyed(&value{kind: constant, name: "true"})
	falseValue   = keyed(&value{kind: constant, name: "false"})
	nonNilValue  = keyed(&value{kind: nonNil})
	trackedValue = keyed(&value{kind: tracked})
	errValue     = keyed(&value{kind: openErr})
	cleanupValue = keyed(&value{kind: cleanup})
)

func sym(name string) *value { return &value{kind: symbol, name: name} }

func addr(object, path string) *value {
	return &value{kind: address, name: object, path: path}
}

func boolValue(b bool) *value {
	if b {
		return trueValue
	}
	return falseValue
}

// keyed computes the key of a value that searches share, so that none of them
// writes to it.
func keyed(v *value) *value {
	v.key()
	return v
}

// key identifies a value among all values.
func (v *value) key() string {
	if v.text == "" {
		var b strings.Builder
		b.WriteByte(byte('a' + v.kind))
		b.WriteString(v.name)
		b.WriteString(v.path)
		if v.fn != nil {
			b.WriteString(v.fn.String())
		}
		if len(v.parts) > 0 {
			b.WriteByte('{')
			for _, p := range v.parts {
				b.WriteString(p.path)
				b.WriteByte('=')
				b.WriteString(p.value.key())
				b.WriteByte(',')
			}
			b.WriteByte('}')
		}
		v.text = b.String()
	}
	return v.text
}

// part returns the component at path, or nil.
func (v *value) part(path string) *value {
	for _, p := range v.parts {
		if p.path == path {
			return p.value
		}
	}
	return nil
}

// below returns the components of an aggregate under a path as an aggregate
// of their own, or nil when there are none.
func (v *value) below(path string) *value {
	var parts []part
	for _, p := range v.parts {
		if rest, ok := strings.CutPrefix(p.path, path); ok && rest != "" && (rest[0] == '.' || rest[0] == '[') {
			parts = append(parts, part{rest, p.value})
		}
	}
	if parts == nil {
		return nil
	}
	return &value{kind: aggregate, name: subName(v.name, path), parts: parts}
}

func subName(base, path string) string {
	if base == "" {
		return ""
	}
	return base + path
}

// known reports whether the value is worth a register.
func (v *value) known() bool { return v != nil && v.kind != unknown }

// isConst reports whether the value is a constant.
func (v *value) isConst() bool { return v.kind == constant }

// isNil, notNil say what is certain about nilness.
func (v *value) isNil() bool { return v.kind == constant && v.name == "nil" }

func (v *value) notNil() bool {
	switch v.kind {
	case nonNil, address, closure, tracked, cleanup:
		return true
	case constant:
		return v.name != "nil"
	}
	return false
}

// rename replaces an object or symbol by another name in all of a value.
func (v *value) rename(old, new string) *value {
	if v == nil || !v.mentions(old) {
		return v
	}
	c := *v
	c.text = ""
	c.name = renameIn(c.name, old, new)
	if len(v.parts) > 0 {
		c.parts = make([]part, len(v.parts))
		for i, p := range v.parts {
			c.parts[i] = part{p.path, p.value.rename(old, new)}
		}
	}
	return &c
}

func (v *value) mentions(name string) bool {
	if v.name != "" && v.kind != constant && mentionsIn(v.name, name) {
		return true
	}
	for _, p := range v.parts {
		if p.value.mentions(name) {
			return true
		}
	}
	return false
}

// The name of a symbol is built from the names of others: "*(i5.3)" is what
// was loaded from field 3 of the object i5. Names end where their digits do.
func mentionsIn(s, name string) bool {
	for i := 0; ; {
		j := strings.Index(s[i:], name)
		if j < 0 {
			return false
		}
		end := i + j + len(name)
		if end == len(s) || s[end] < '0' || s[end] > '9' {
			if start := i + j; start == 0 || s[start-1] != '~' || name[0] == '~' {
				return true
			}
		}
		i = end
	}
}

func renameIn(s, old, new string) string {
	if s == old {
		return new
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		if strings.HasPrefix(s[i:], old) {
			end := i + len(old)
			if (end == len(s) || s[end] < '0' || s[end] > '9') && (i == 0 || s[i-1] != '~') {
				b.WriteString(new)
				i = end
				continue
			}
		}
		b.WriteByte(s[i])
		i++
	}
	return b.String()
}

// sortedParts brings components into one order.
func sortedParts(parts []part) []part {
	sort.Slice(parts, func(i, j int) bool { return parts[i].path < parts[j].path })
	return parts
}

// zero returns the zero value of a type as far as the search cares.
func zero(t types.Type) *value {
	switch u := t.Underlying().(type) {
	case *types.Basic:
		switch {
		case u.Info()&types.IsBoolean != 0:
			return falseValue
		case u.Info()&types.IsString != 0:
			return &value{kind: constant, name: `""`}
		case u.Info()&types.IsNumeric != 0:
			return &value{kind: constant, name: "0"}
		}
		return nilValue
	case *types.Struct, *types.Array:
		return &value{kind: aggregate, name: "0"}
	case *types.Interface:
		if _, ok := t.(*types.TypeParam); ok {
			return &value{}
		}
		return nilValue
	case *types.Tuple:
		return &value{}
	}
	return nilValue
}
