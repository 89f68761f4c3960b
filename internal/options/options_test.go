package options

import (
	"bytes"
	"encoding/gob"
	"go/constant"
	"go/token"
	"reflect"
	"testing"
)

// What travels between packages comes back as it was, and makes no package
// worth a look by itself.
func TestFacts(t *testing.T) {
	fact := &FuncFact{
		Results: []Below{{At: 0, Path: "ReadTimeout", Values: []Packed{
			{Unset: true}, {Any: true}, {Kind: int(constant.Int), Const: "-1"}, {IsParam: true, Param: 1, Path: "Read"},
		}}},
		Changes: []Below{{At: 0, Path: "Dialer.Timeout", Keeps: true, Values: []Packed{{Kind: int(constant.Bool), Const: "true"}}}},
		Sinks:   []Sink{{Param: 1, Path: "Redis", Settings: []Below{{Path: "Mode", Values: []Packed{{Kind: int(constant.String), Const: "a \"b\""}}}}}},
	}
	var buf bytes.Buffer
	if err := gob.NewEncoder(&buf).Encode(fact); err != nil {
		t.Fatal(err)
	}
	got := new(FuncFact)
	if err := gob.NewDecoder(&buf).Decode(got); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, fact) {
		t.Errorf("got %+v, want %+v", got, fact)
	}
	if fact.Exposes() || new(Analysed).Exposes() {
		t.Error("a fact makes importers relevant")
	}
	for _, c := range []struct {
		p    Packed
		want string
	}{
		{fact.Results[0].Values[2], "-1"}, {fact.Changes[0].Values[0], "true"}, {fact.Sinks[0].Settings[0].Values[0], `"a \"b\""`},
	} {
		if got := c.p.value(); got == nil || got.ExactString() != c.want {
			t.Errorf("%+v is %v, want %s", c.p, got, c.want)
		}
	}
}

// Two paths are joined without saying a thing twice, and what is computed from
// constants is one.
func TestValues(t *testing.T) {
	one, two := aValue(constant.MakeInt64(1)), aValue(constant.MakeInt64(2))
	vs := noValue().add(one...).add(two...).add(one...)
	if len(vs) != 3 || !vs.has(unset) || !vs.has(isKnown) || vs.has(unknown) {
		t.Errorf("joined: %+v", vs)
	}
	if vs = vs.without(unset); len(vs) != 2 {
		t.Errorf("without what is not set: %+v", vs)
	}
	if at := vs.at(7, nil); at[0].Pos != 7 || vs[0].Pos != token.NoPos {
		t.Errorf("placed: %+v, from %+v", at, vs)
	}
	e := &engine{}
	sum := e.each(vs, func(c constant.Value) constant.Value { return constant.BinaryOp(c, token.ADD, constant.MakeInt64(1)) })
	if n, ok := Int(sum[1]); !ok || n != 3 || len(sum) != 2 {
		t.Errorf("each and one: %+v", sum)
	}
	if got := e.each(anyValue(), nil); !got.has(unknown) {
		t.Errorf("each of what nobody knows: %+v", got)
	}
	if n, ok := Int(noValue()[0]); n != 0 || !ok {
		t.Error("what is not set is zero")
	}
	if _, ok := Int(anyValue()[0]); ok {
		t.Error("what nobody knows is a number")
	}
}
