package scope

import (
	"fmt"
	"strings"
)

// A FuncFact says how clients pass through a function. It is exported for the
// functions about which there is something to say. Parameters are numbered as
// go/ssa numbers them: a method's receiver is parameter 0.
type FuncFact struct {
	Commands  []int          // parameters on which a call issues Redis commands
	Checks    []int          // those of them on which it only asks whether the connection works
	Callbacks []Callback     // what its func parameters are called with
	Results   []Lent         // results that are clients of a known origin
	Yields    []Yield        // what results that are funcs, such as iterators, call their func parameters with
	Waits     []WaitFact     // what a call waits for, whatever its caller decides
	Logs      bool           // it writes to a log
	Registers []int          // parameters that stay reachable for ever
	Keeps     []int          // clients that it keeps when it returns
	Frees     []int          // contexts with which it takes back what was put on the server
	Defers    []DeferredFact // what its deferred calls take back by its contexts
}

// A Callback says where a client comes from that a func parameter is called
// with.
type Callback struct {
	Param, Arg int   // the func parameter, and which of its arguments
	Scoped     bool  // from a scope
	Made       bool  // by a scope that is made for any commands: see origins.made
	Outside    bool  // from elsewhere
	Params     []int // from these parameters of the function
}

// A Yield says what a result that is a func calls its func parameters with.
type Yield struct {
	Result int
	Callback
}

// A Lent says where a client comes from that a call returns and the caller does not own.
type Lent struct {
	Result  int
	Outside bool  // not from a scope
	Params  []int // from these parameters
}

// AFact marks FuncFact as a fact.
func (*FuncFact) AFact() {}

// Exposes reports that a package is not worth a look for this fact alone: the
// types of a function tell whether its callers get at a client.
func (*FuncFact) Exposes() bool { return false }

func (f *FuncFact) String() string {
	var s []string
	if len(f.Commands) > 0 {
		s = append(s, fmt.Sprintf("commands on %v", f.Commands))
	}
	if len(f.Checks) > 0 {
		s = append(s, fmt.Sprintf("checks %v", f.Checks))
	}
	for _, c := range f.Callbacks {
		what := "lends"
		switch {
		case c.Outside:
			what = "exposes"
		case c.Scoped:
			what = "scopes"
		}
		said := fmt.Sprintf("%s %d(%d) %v", what, c.Param, c.Arg, c.Params)
		if c.Made {
			said += " any command"
		}
		s = append(s, said)
	}
	for _, y := range f.Yields {
		s = append(s, fmt.Sprintf("yields %d(%d) of %d scoped=%v", y.Param, y.Arg, y.Result, y.Scoped))
	}
	for _, r := range f.Results {
		s = append(s, fmt.Sprintf("returns %d outside=%v %v", r.Result, r.Outside, r.Params))
	}
	if len(f.Registers) > 0 {
		s = append(s, fmt.Sprintf("registers %v", f.Registers))
	}
	if len(f.Keeps) > 0 {
		s = append(s, fmt.Sprintf("keeps %v", f.Keeps))
	}
	if len(f.Frees) > 0 {
		s = append(s, fmt.Sprintf("frees %v", f.Frees))
	}
	for _, d := range f.Defers {
		s = append(s, fmt.Sprintf("defers %s %d", d.What, d.Ctx))
	}
	if f.Logs {
		s = append(s, "logs")
	}
	for _, w := range f.Waits {
		s = append(s, fmt.Sprintf("waits %s %d %d", w.What, w.Zero, w.Ctx))
	}
	return strings.Join(s, ", ")
}

// Scoped says of a struct's field that the client in it comes from a scope.
type Scoped struct{}

// AFact marks Scoped as a fact.
func (*Scoped) AFact() {}

// Exposes reports that a package is not worth a look for this fact alone.
func (*Scoped) Exposes() bool { return false }

func (*Scoped) String() string { return "scoped" }
