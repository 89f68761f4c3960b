// Package facts has the words in which it is told what a function does to the
// resources that pass through it: to the searches of its own package, and as facts
// to other packages.
package facts

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/redislint/redislint/internal/lifetime/heap"
)

// A FuncFact says what a function does to the resources that pass through it.
// It is exported for the functions about which there is something to say; a
// function of an analysed package without one borrows its parameters.
type FuncFact struct {
	NoReturn bool        // it never returns to its caller
	Fresh    []int       // results that point to a new object which nobody else knows
	Same     []Same      // results that are what it is passed
	Opens    []Open      // resources that a call hands to its caller
	Params   []ParamFact // what becomes of a resource that is passed in
	Makes    []Make      // resources that a call hands to its caller if a func that is passed in opens them
	Insists  []int       // parameters, errors, that are nil whenever it returns
}

// AFact marks FuncFact as a fact.
func (*FuncFact) AFact() {}

// Exposes reports whether a caller gets a resource from the function: a
// package that calls it has to be looked at, whatever it imports. All other
// facts matter only where there is a resource already.
func (f *FuncFact) Exposes() bool { return len(f.Opens) > 0 }

func (f *FuncFact) String() string {
	var s []string
	if f.NoReturn {
		s = append(s, "noreturn")
	}
	for _, i := range f.Fresh {
		s = append(s, fmt.Sprintf("makes result %d", i))
	}
	for _, x := range f.Same {
		s = append(s, fmt.Sprintf("returns param %d as result %d", x.Param, x.Result))
	}
	for _, o := range f.Opens {
		s = append(s, "opens "+o.At.String())
	}
	for _, p := range f.Params {
		for _, o := range p.Outcomes {
			s = append(s, fmt.Sprintf("%s %d%s", o.Effect, p.Param, p.Shape))
		}
	}
	return strings.Join(s, ", ")
}

// A Same is a result that is always a parameter, as a builder's step returns its
// receiver.
type Same struct{ Result, Param int }

// An Open is a resource that the caller owns after the call.
type Open struct {
	At      Place    // where the caller finds it
	Also    []Place  // results that share it
	Err     int      // index of the error result that is nil when it was opened, or -1
	Cleanup int      // index of the func result whose call releases it, or -1
	Kind    string   // kind of the resource, as redisapi names it
	What    string   // the opening call, for messages: "redis.NewClient"
	Release []string // method names that release it, the usual one first
	Results []Known  // what is certain of the results when it was opened
	Held    bool     // it is made when the result is asked for it: see held.go
	Lent    bool     // on some path the caller gets what belongs to somebody else instead
	Nil     bool     // beside an error there is nothing in the result: a method called on it panics
	When    string   // holds for calls with a constant alone, "0=nil"; "": for all

	given []Given // known in its own package only: if it is lent, what fields say when it is not
}

// If returns the resource with what fields say when it is not lent.
func (o Open) If(given []Given) Open {
	o.given = given
	return o
}

// Given returns what fields say when the resource is not lent, if that is known.
func (o Open) Given() []Given { return o.given }

// A Make is what a call hands to its caller of what a func parameter opens.
type Make struct {
	Func   int    // the func parameter
	Result int    // in which of its results the func returns the resource
	Via    string // the methods that count as releasing it, joined by commas; "": none
	Opens  []Open // without what the func knows: kind, name and methods
}

// A ParamFact says what becomes of a resource that a call is given under a
// shape of one parameter.
type ParamFact struct {
	Param    int       // a method's receiver is parameter 0
	Shape    string    // how the resource hangs on the parameter
	When     string    // holds for calls with a constant, "1=true", or an owner with a flag, "*.2=true"; "": for all others
	Via      string    // the methods that count as releasing it, joined by commas
	Outcomes []Outcome // one a way of returning; none: the call never returns
}

// Known is what is certain of a result: "", "nil", "notnil", "true", "false", or
// Uses.
type Known string

// Uses is said of a result that uses what the call was given, and cannot release
// it: a func that captured it.
const Uses Known = "uses"

// A Constant is a parameter that a call sets to true, false or nil, or of which a
// field is known to be so.
type Constant struct {
	Param int
	Value Known
	Path  heap.Path // of the field, in what the parameter points to; "": the parameter itself
}

func (c Constant) String() string {
	if c.Path != "" {
		return strconv.Itoa(c.Param) + heap.Here().Deref(c.Path).String() + "=" + string(c.Value)
	}
	return strconv.Itoa(c.Param) + "=" + string(c.Value)
}

// A Given is what is known of a field behind a parameter.
type Given Constant

// Negated is what is known of it otherwise.
func (g Given) Negated() Given {
	switch g.Value {
	case "nil":
		g.Value = "notnil"
	case "notnil":
		g.Value = "nil"
	case "true":
		g.Value = "false"
	case "false":
		g.Value = "true"
	}
	return g
}

// WhenHolds reports whether a fact's condition is met by a call's constants
// or its receiver's flags.
func WhenHolds(when string, flags []Flag, consts []Constant) bool {
	for _, f := range flags {
		if f.String() == when {
			return true
		}
	}
	for _, c := range consts {
		if c.String() == when {
			return true
		}
	}
	return when == ""
}

// Overlaps reports whether two lists of methods, joined by commas, share one.
func Overlaps(a, b string) bool {
	for _, x := range strings.Split(a, ",") {
		for _, y := range strings.Split(b, ",") {
			if x == y {
				return true
			}
		}
	}
	return false
}
