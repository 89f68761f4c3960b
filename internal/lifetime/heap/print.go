package heap

import (
	"fmt"
	"strings"
)

var opNames = [...]string{
	Unknown: "?", Tracked: "resource", OpenErr: "openErr", Cleanup: "cleanup", NonNil: "nonnil", Nil: "nil",
	Earlier: "earlier", Made: "made", Grown: "grown", Within: "within", Loaded: "load", Component: "part",
	Binary: "op", Pure: "pure", Len: "len", Handle: "handle", Iterator: "range", Addr: "addr", Aggregate: "struct", Tuple: "tuple",
	Closure: "func", Equal: "equal", Less: "less", Not: "not", More: "more", Visited: "visited", Filled: "filled", Crowded: "crowded",
	ErrNil: "err=nil", ErrIs: "err=", ErrAsked: "asked", Refuted: "refuted", Found: "found",
}

// String writes a term for people. Nothing is learned from it.
func (t *Term) String() string {
	if t == nil {
		return "-"
	}
	switch t.Op {
	case Const:
		return t.Const.ExactString()
	case Val:
		return t.Value.Name()
	case Made, Grown:
		return opNames[t.Op] + "(" + t.Value.Name() + ")"
	case part:
		return fmt.Sprintf("%v, %v", t.X, t.Y)
	}
	var args []string
	if t.Fn != nil {
		args = append(args, t.Fn.Name())
	}
	if t.X != nil {
		args = append(args, t.X.String())
	}
	if t.Path != "" {
		args = append(args, t.Path.String())
	}
	if len(t.Parts) == 0 && t.Y != nil {
		args = append(args, t.Y.String())
	}
	for _, p := range t.Parts {
		args = append(args, p.Path.String()+": "+p.Term.String())
	}
	if t.Op == Binary {
		return opNames[t.Op] + t.Tok.String() + "(" + strings.Join(args, ", ") + ")"
	}
	if len(args) == 0 {
		return opNames[t.Op]
	}
	return opNames[t.Op] + "(" + strings.Join(args, ", ") + ")"
}
