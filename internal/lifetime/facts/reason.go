package facts

import ()

// A Reason names why the search says nothing more about a resource.
type Reason string

// Called reports whether a resource that moved for a reason was given to a
// call, or sent to somebody.
func (r Reason) Called() bool {
	switch r {
	case MovedUnknown, MovedDynamic, MovedClosure, MovedSent:
		return true
	}
	return false
}

// Understood reports whether a reason names a new owner. Otherwise it names
// what the engine cannot follow.
func (r Reason) Understood() bool {
	switch r {
	case MovedReturned, MovedGlobal, MovedField, MovedShared, MovedTaken, MovedSent, MovedClosure, MovedForever, MovedLoop, MovedMain:
		return true
	}
	return false
}

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
