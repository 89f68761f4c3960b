package main

import (
	"cmp"
	"io"
	"math"
	"runtime"
	"strings"
	"testing"

	"github.com/redislint/redislint"
	"github.com/redislint/redislint/internal/driver"
	"github.com/redislint/redislint/internal/redisapi"
)

// TestGrowth counts what the command does on modules of all shapes: objects
// that it makes, since time is nobody's to promise. Twice the size may take
// little more than twice as many, after what a module of that shape takes at
// least.
func TestGrowth(t *testing.T) {
	if testing.Short() {
		t.Skip("analyses some hundred packages")
	}
	// A branch costs so little that only many of them stand out from what the
	// go command and the scheduler make differently each time.
	sizes := map[string]int{"packages": 20, "branches": 200}
	// What these shapes cost in the engine is quadratic. The goal is 1.15.
	most := map[string]float64{"openings": 2, "fields": 2, "calls": 2}
	names, err := shapeNames()
	if err != nil || len(names) != 7 {
		t.Fatal(names, err)
	}
	for _, shape := range names {
		t.Run(shape, func(t *testing.T) {
			n := sizes[shape]
			if n == 0 {
				n = 25
			}
			none, one, two := steps(t, shape, 1), steps(t, shape, n), steps(t, shape, 2*n)
			got := math.Log2((two - none) / (one - none))
			t.Logf("%.0f for 1, %.0f for %d, %.0f for %d: exponent %.2f", none, one, n, two, 2*n, got)
			if limit := cmp.Or(most[shape], 1.2); got > limit {
				t.Errorf("the exponent is %.2f, it may be %.2f", got, limit)
			}
		})
	}
}

// steps is the number of objects made by analysing a shape.
func steps(t *testing.T, shape string, size int) float64 {
	t.Helper()
	dir := t.TempDir()
	if err := write(dir, shape, size, "../../testdata/src"); err != nil {
		t.Fatal(err)
	}
	tool := &driver.Tool{
		Name: "redislint", Analyzers: redislint.Analyzers(),
		Covers: func(extra string) (func(string) bool, error) {
			table, err := redisapi.New(extra)
			if err != nil {
				return nil, err
			}
			return table.Covers, nil
		},
	}
	var before, after runtime.MemStats
	var out, text strings.Builder
	runtime.ReadMemStats(&before)
	code := tool.Main([]string{"-no-config", "-no-cache", "-C", dir, "./..."}, io.MultiWriter(&out), &text)
	runtime.ReadMemStats(&after)
	if code > 1 || text.Len() > 0 {
		t.Fatalf("exit code %d:\n%s%s", code, out.String(), text.String())
	}
	return float64(after.Mallocs - before.Mallocs)
}
