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
	MovedField     Reason = "stored through a parameter or a captured variable"
	MovedForeign   Reason = "stored in an object of unknown origin"
	MovedShared    Reason = "stored in an object that is kept elsewhere"
	MovedOverwrote Reason = "overwritten in an object that is kept elsewhere"
	MovedUnknown   Reason = "passed to a function whose code is not known"
	MovedDynamic   Reason = "passed to an interface method or a function value"
	MovedTaken     Reason = "taken over by the function it was passed to"
	MovedSent      Reason = "sent on a channel"
	MovedClosure   Reason = "captured by a function that outlives the call"
	MovedForever   Reason = "used by a goroutine that never returns"
	MovedLoop      Reason = "kept from an earlier iteration of a loop"
	MovedUnsafe    Reason = "converted to an unsafe pointer, or used by reflection"
	MovedRecursive Reason = "passed between functions that call each other"
	MovedMain      Reason = "kept by main until the process exits"
	GaveUp         Reason = "too many paths"
	NoCloser       Reason = "held by a type that has no method to close it"
	HolderDecides  Reason = "a field of its owner decides whether it is closed"
	Doubtful       Reason = "possibly not opened: a function checks the error"
	Borrowed       Reason = "may belong to somebody else"
)
