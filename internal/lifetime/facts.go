package lifetime

import (
	"fmt"
	"go/types"
	"strings"
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
}

// A Make is what a call hands to its caller of what a func parameter opens.
type Make struct {
	Func   int    // the func parameter
	Result int    // in which of its results the func returns the resource
	Via    string // the methods that count as releasing it, joined by commas; "": none
	Opens  []Open // without what the func knows: kind, name and methods
}

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

	// Known in its own package only:
	dyn     types.Type // concrete type behind an interface at the place itself
	hops    []hop      // concrete types behind interfaces on the way to the resource
	closers []string   // methods of the holder that release it
}

// A hop is the concrete type of an object on the way to a resource: of what the
// shape up to there leads to.
type hop struct {
	shape string
	typ   types.Type
}

// within returns the part of a place that begins where rest is left of its shape.
func (p Place) within(rest string) Place {
	in := Place{Shape: rest}
	cut := len(p.Shape) - len(rest)
	for _, h := range p.hops {
		if len(h.shape) == cut {
			in.dyn = h.typ
		} else if len(h.shape) > cut {
			in.hops = append(in.hops, hop{h.shape[cut:], h.typ})
		}
	}
	for _, f := range p.Flags {
		if len(f.Shape) > cut && f.Shape[:cut] == p.Shape[:cut] {
			in.Flags = append(in.Flags, Flag{f.Shape[cut:], f.Value})
		}
	}
	return in
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

// An Outcome is one way in which a call can leave the resource.
type Outcome struct {
	Effect  Effect
	Reason  Reason  // why, when it moved
	Into    []Place // where it can be reached besides the parameter it came by
	Lends   []Lend  // the callbacks that it was passed to, if it was kept
	Results []Known // what is certain of the results then
	Manner  Manner  // how it was released
}

// A Lend says that a func parameter was called with the resource. Whether that
// releases or keeps it is for who knows the func to say.
type Lend struct {
	Func int // the func parameter
	Arg  int // which of the func's own parameters got the resource
}

// A Manner says what a caller that means to release a resource by a call can
// rely on when something panics.
type Manner uint8

// The manners.
const (
	Plainly Manner = iota // something that can panic may come before the release
	Surely                // the release comes first, or is deferred before anything can panic
	Later                 // a goroutine that the call started releases it
)

// An Effect is what a call did to a resource.
type Effect uint8

// The effects.
const (
	Kept     Effect = iota // nothing: whoever owned it still does
	Released               // released
	Moved                  // somebody else owns it now, or might
)

// Known is what is certain of a result: "", "nil", "notnil", "true", "false".
type Known string

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

func (p Place) String() string {
	kind := "result"
	if p.Param {
		kind = "param"
	}
	return fmt.Sprintf("%s %d%s", kind, p.Index, p.Shape)
}

func (e Effect) String() string {
	return [...]string{"keeps", "releases", "moves"}[e]
}

// A Reason names why the search says nothing more about a resource.
type Reason string

// The reasons for silence.
const (
	MovedReturned  Reason = "returned to the caller"
	MovedGlobal    Reason = "stored in a package-level variable"
	MovedField     Reason = "stored behind a parameter or a captured variable"
	MovedForeign   Reason = "stored in an object of unknown origin"
	MovedShared    Reason = "stored in an object that somebody else keeps"
	MovedOverwrote Reason = "overwritten in an object that others can see"
	MovedUnknown   Reason = "passed to a function that nothing is known of"
	MovedDynamic   Reason = "passed to an interface method or a func value"
	MovedTaken     Reason = "taken over by the function it was passed to"
	MovedSent      Reason = "sent on a channel"
	MovedClosure   Reason = "captured by a func that outlives the call"
	MovedForever   Reason = "used by a goroutine that never ends"
	MovedLoop      Reason = "kept by an earlier turn of a loop"
	MovedUnsafe    Reason = "converted to an unsafe pointer or by reflection"
	MovedRecursive Reason = "passed around a circle of functions"
	MovedMain      Reason = "lives as long as func main"
	GaveUp         Reason = "too many paths"
	NoCloser       Reason = "held by a type that has no way to release it"
	HolderDecides  Reason = "a flag of the object that holds it tells whether to release it"
	Doubtful       Reason = "perhaps not opened: a function was asked about the error"
	Borrowed       Reason = "may belong to somebody else"
)
