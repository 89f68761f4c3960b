package redisapi

import (
	"go/types"
	"strings"
	"testing"
)

// TestConduct tests what rows about time, goroutines and logs say.
func TestConduct(t *testing.T) {
	pkgs := check(t,
		"context", `package context; type Context interface { Done() }`,
		"time", `package time; type Duration int`,
		"example.com/lib", `package lib
			import ("context"; "time")
			type Client struct{}
			func (*Client) Pop(ctx context.Context, d time.Duration) {}
			func (*Client) Read(ctx context.Context, a *Args) {}
			func (*Client) Next() {}
			func (*Client) Do(name string, args ...any) {}
			func (*Client) Other() {}
			type Args struct{ Block time.Duration }
			func Spawn(name string, fn func()) {}
			type Map struct{}
			func (*Map) Put(key, value any) {}
			func (*Map) Drop(value any) {}
			type Option struct{}`)
	table := newTable(t, `library lib
package lib example.com/lib
in lib
waits (*Client).Pop|Read ctx
receive (*Client).Next confirms
names (*Client).Do
spawn Spawn
keep (*Map).Put
register (*Map).Put param=1
unregister (*Map).Drop
rpc Option
`)
	lib := pkgs["example.com/lib"]
	conduct := func(name string) *Conduct { return table.Conduct(fn(t, lib, name)) }

	if w := conduct("Client.Pop").Waits; w == nil || *w != (Wait{Timeout: 2, Args: -1, Field: "Block", Ctx: 1, Deadline: true}) {
		t.Errorf("Pop waits %+v", w)
	}
	if w := conduct("Client.Read").Waits; w == nil || w.Timeout != -1 || w.Args != 2 {
		t.Errorf("Read waits %+v", w)
	}
	if c := conduct("Client.Next"); !c.Receives || !c.Confirms || c.Waits.Ctx != -1 {
		t.Errorf("Next: %+v", c)
	}
	if c := conduct("Client.Do"); c.Names != 1 || c.Waits != nil {
		t.Errorf("Do: %+v", c)
	}
	if c := conduct("Spawn"); len(c.Spawns) != 1 || c.Spawns[0] != 1 || c.Names != -1 {
		t.Errorf("Spawn: %+v", c)
	}
	if c := conduct("Map.Put"); len(c.Keeps) != 1 || c.Keeps[0] != 2 || len(c.Registers) != 1 || c.Registers[0] != 1 {
		t.Errorf("Put: %+v", c)
	}
	if c := conduct("Map.Drop"); !c.Unregisters || len(c.Registers) != 0 {
		t.Errorf("Drop: %+v", c)
	}
	if c := conduct("Client.Other"); c != nil {
		t.Errorf("Other: %+v", c)
	}
	if !table.RoundTrips(lookup(t, lib, "Option").(*types.TypeName)) || table.RoundTrips(lookup(t, lib, "Args").(*types.TypeName)) {
		t.Error("the options of a remote procedure are not told from others")
	}
	// They say nothing of resources.
	if f := table.Func(fn(t, lib, "Spawn")); f != nil && len(f.Calls) > 0 {
		t.Errorf("Spawn: %+v", f)
	}
}

// TestConductErrors tests rows that do not fit their function.
func TestConductErrors(t *testing.T) {
	pkgs := check(t, "example.com/lib", `package lib; func F(n int) int { return n }`)
	f := fn(t, pkgs["example.com/lib"], "F")
	for row, want := range map[string]string{
		"waits example.com/lib.F ctx":        "no context",
		"messages example.com/lib.F":         "no channel",
		"names example.com/lib.F":            "no name",
		"builds example.com/lib.F":           "step=METHOD",
		"spawn example.com/lib.F":            "no func",
		"keep example.com/lib.F param=3":     "no parameter 3",
		"spawn example.com/lib.F callback=0": "no func",
	} {
		err := newTable(t, row).CheckConduct(f)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", row, err, want)
		}
	}
}

// TestWaitsForever tests which commands wait for ever.
func TestWaitsForever(t *testing.T) {
	for command, want := range map[string]bool{
		"BLPOP jobs 0":                       true,
		"blpop a b 0.0":                      true,
		"BLPOP jobs 5":                       false,
		"BLPOP jobs ?":                       false,
		"BLPOP 0":                            false,
		"BRPOPLPUSH a b 0":                   true,
		"BLMPOP 0 1 k LEFT":                  true,
		"BLMPOP 1 1 k LEFT":                  false,
		"XREAD BLOCK 0 STREAMS s $":          true,
		"XREAD STREAMS s 0":                  false,
		"XREAD STREAMS block 0":              false,
		"XREADGROUP GROUP g c BLOCK":         false,
		"XREAD COUNT 1 block 10 STREAMS s $": false,
		"GET 0":                              false,
		"WAIT 1 0":                           true,
	} {
		words := strings.Fields(command)
		if got := WaitsForever(words[0], words[1:], false); got != want {
			t.Errorf("%s: %v", command, got)
		}
	}
	if WaitsForever("BLPOP", []string{"jobs", "0"}, true) {
		t.Error("more arguments may follow the zero")
	}
}
