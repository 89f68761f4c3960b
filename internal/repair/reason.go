package repair

// A Reason is half a line that says why a finding has no fix, as of the resource.
type Reason string

// The reasons, from the one that tells least.
const (
	Layout      Reason = "there is no line of its own for the call"
	TooMany     Reason = "too many paths"
	Nameless    Reason = "no variable holds it"
	Set         Reason = "its variable may hold another value by then"
	Overwritten Reason = "its variable is overwritten while it is open"
	Unused      Reason = "nothing uses it"
	Afterwards  Reason = "it is used after it is closed"
	NoMethod    Reason = "its type has no method that closes it"
	Arguments   Reason = "the method that closes it takes arguments"
	Loop        Reason = "it is opened in a loop"
	Unchecked   Reason = "the error of the opening call is not checked on the next line"
	Nil         Reason = "it may be nil"
	Mixed       Reason = "it is not open on every path to the return"
	Used        Reason = "the return statement uses it"
	OutOfScope  Reason = "its variable is out of scope at the return"
	Elsewhere   Reason = "another function closes it on some path"
	Twice       Reason = "it would be closed twice"
	Kept        Reason = "another path passes it on"
	Shared      Reason = "somebody else may own it"
	Later       Reason = "something may use it after the return"
	Goroutine   Reason = "a goroutine may use it after the return"
	Feeds       Reason = "what was opened with it is used after the return"
	Subtests    Reason = "a parallel subtest may use it after the return"
	Works       Reason = "it does its work in the background"
	NoCloser    Reason = "its owner has no method that closes it"
	Partly      Reason = "the method closes it on some path"
)

// tells reports whether a reason tells more than another.
func (r Reason) tells(other Reason) bool {
	return r.rank() > other.rank()
}

func (r Reason) rank() int {
	for i, x := range []Reason{Layout, Nameless, Set, Kept, NoMethod, Loop, OutOfScope, Mixed, Unchecked, Used} {
		if x == r {
			return i
		}
	}
	return 100
}
