package facts

import (
	"bytes"
	"encoding/gob"
	"reflect"
	"testing"
)

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
