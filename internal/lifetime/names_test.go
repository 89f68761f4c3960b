package lifetime

import (
	"bytes"
	"encoding/gob"
	"reflect"
	"testing"
)

// A name is found where its digits end, and not where an earlier turn's is meant.
func TestNames(t *testing.T) {
	for _, c := range []struct {
		in, name string
		want     bool
		renamed  string
	}{
		{"i5", "i5", true, "~i5"},
		{"i51", "i5", false, "i51"},
		{"*(i5.3)", "i5", true, "*(~i5.3)"},
		{"~i5", "i5", false, "~i5"},
		{"(i5=i51)", "i5", true, "(~i5=i51)"},
		{"*(*(p2.1).4)", "p2", true, "*(*(~p2.1).4)"},
	} {
		if got := mentionsIn(c.in, c.name); got != c.want {
			t.Errorf("mentionsIn(%q, %q) = %v, want %v", c.in, c.name, got, c.want)
		}
		if got := renameIn(c.in, c.name, "~"+c.name); got != c.renamed {
			t.Errorf("renameIn(%q, %q) = %q, want %q", c.in, c.name, got, c.renamed)
		}
	}
	want := []string{"i5", "~i7", "p2"}
	if got := namesIn(`(i5=*(~i7.p2))==nil"i9"`); !reflect.DeepEqual(got, want) {
		t.Errorf("namesIn found %q, want %q", got, want)
	}
}

// The way from a parameter to what was loaded through it.
func TestDerivedFrom(t *testing.T) {
	for _, c := range []struct {
		object, prefix string
		ok             bool
	}{
		{"p2", "*", true},
		{"p2.1", "*.1*", true},
		{"*(p2.1)", "*.1*", true},
		{"*(*(p2.1).4)", "*.1*.4*", true},
		{"p21", "", false},
		{"*(g3)", "", false},
	} {
		prefix, ok := derivedFrom(c.object, "p2")
		if ok != c.ok || ok && prefix != c.prefix {
			t.Errorf("derivedFrom(%q) = %q, %v, want %q, %v", c.object, prefix, ok, c.prefix, c.ok)
		}
	}
}

// Several ways to one resource make one shape, whatever order they are found in.
func TestJoinShapes(t *testing.T) {
	a, _ := joinShapes([]string{"*.3()", "*.1", "*.1"})
	b, _ := joinShapes([]string{"*.1", "*.3()"})
	if a != b || a != "*.1|*.3()" {
		t.Errorf("joined to %q and %q", a, b)
	}
	if _, ok := joinShapes(nil); ok {
		t.Error("no way is a shape")
	}
}

// What other packages read is what was written; what only the own package
// knows stays behind.
func TestFactsTravel(t *testing.T) {
	fact := &FuncFact{
		Opens: []Open{{At: Place{Shape: "*.0", closers: []string{"Close"}}, Err: 1, Cleanup: -1, Release: []string{"Close"}}},
		Params: []ParamFact{{Param: 0, When: "1=true", Via: "Close", Outcomes: []Outcome{
			{Effect: Released, Results: []Known{"nil"}},
			{Effect: Kept, Into: []Place{{Param: true, Index: 1, Shape: "*.2"}}},
		}}},
	}
	var buf bytes.Buffer
	if err := gob.NewEncoder(&buf).Encode(fact); err != nil {
		t.Fatal(err)
	}
	got := new(FuncFact)
	if err := gob.NewDecoder(&buf).Decode(got); err != nil {
		t.Fatal(err)
	}
	fact.Opens[0].At.closers = nil
	if !reflect.DeepEqual(got, fact) {
		t.Errorf("got %+v, want %+v", got, fact)
	}
}
