package facts

import (
	"fmt"
	"slices"
	"sort"
	"strings"
)

// An Outcome is one way in which a call can leave the resource.
type Outcome struct {
	Effect  Effect
	Reason  Reason  // why, when it moved
	Into    []Place // where it can be reached besides the parameter it came by
	Lends   []Lend  // the callbacks that it was passed to, if it was kept
	Results []Known // what is certain of the results then
	Manner  Manner  // how it was released
}

func (o Outcome) key() string {
	var b strings.Builder
	b.WriteByte('0' + byte(o.Effect))
	b.WriteString(string(o.Reason))
	b.WriteByte('0' + byte(o.Manner))
	for _, p := range o.Into {
		b.WriteString(p.String())
		if p.Func {
			b.WriteByte('f')
		}
	}
	for _, l := range o.Lends {
		fmt.Fprintf(&b, "l%d.%d", l.Func, l.Arg)
	}
	for _, r := range o.Results {
		b.WriteByte(',')
		b.WriteString(string(r))
	}
	return b.String()
}

// InResult reports whether a result of the call leads to the resource.
func (o Outcome) InResult() bool {
	return slices.ContainsFunc(o.Into, func(p Place) bool { return !p.Param && !p.Func })
}

// An Effect is what a call did to a resource.
type Effect uint8

// The effects.
const (
	Kept     Effect = iota // nothing: whoever owned it still does
	Released               // released
	Moved                  // somebody else owns it now, or might
)

func (e Effect) String() string {
	return [...]string{"keeps", "releases", "moves"}[e]
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

// maxOutcomes bounds the ways of returning that a summary tells apart.
const maxOutcomes = 6

// Merge sorts outcomes and removes doubles; when too many remain, what is
// certain of the results is given up first.
func Merge(list []Outcome) []Outcome {
	list = unique(list)
	if len(list) > maxOutcomes {
		for i := range list {
			list[i].Results = nil
		}
		list = unique(list)
	}
	if len(list) > maxOutcomes {
		return []Outcome{{Effect: Moved, Reason: GaveUp}}
	}
	return list
}

func unique(list []Outcome) []Outcome {
	seen := map[string]bool{}
	var keys []string
	by := map[string]Outcome{}
	for _, o := range list {
		k := o.key()
		if !seen[k] {
			seen[k] = true
			keys = append(keys, k)
			by[k] = o
			continue
		}
		into := slices.Clone(by[k].Into)
		for i := range into {
			into[i].Flags = CommonFlags(into[i].Flags, o.Into[i].Flags)
		}
		o.Into = into
		by[k] = o
	}
	sort.Strings(keys)
	var out []Outcome
	for _, k := range keys {
		out = append(out, by[k])
	}
	return out
}

// Agreed returns the outcome that all of a list are, without what is known of
// results, if there is one.
func Agreed(list []Outcome) (Outcome, bool) {
	list = slices.Clone(list)
	for i := range list {
		list[i].Results = nil
	}
	if list = unique(list); len(list) != 1 {
		return Outcome{}, false
	}
	return list[0], true
}

// Mixed reports whether a call can leave a resource both released and not.
func Mixed(out []Outcome) bool {
	released, kept := false, false
	for _, o := range out {
		released = released || o.Effect == Released
		kept = kept || o.Effect == Kept
	}
	return released && kept
}

// Portable is a copy of outcomes without what is known in their own package only.
func Portable(out []Outcome) []Outcome {
	list := make([]Outcome, len(out))
	for n, o := range out {
		list[n] = o
		list[n].Into = append([]Place(nil), o.Into...)
		for m := range list[n].Into {
			list[n].Into[m] = list[n].Into[m].Portable()
		}
	}
	return list
}

// OwnersWord is what a method that releases part of its receiver means to who
// calls it: the owner knows when there is something to release. Whether it
// is right is asked where the owner is made.
func OwnersWord(outcomes []Outcome) []Outcome {
	var done []Outcome
	releases := false
	for _, o := range outcomes {
		switch {
		case o.Effect != Kept:
			done = append(done, o)
			releases = releases || o.Effect == Released
		case len(o.Lends) > 0 || slices.ContainsFunc(o.Into, func(p Place) bool { return !p.Param || p.Index != 0 }):
			return outcomes
		}
	}
	if !releases {
		return outcomes
	}
	return done
}
