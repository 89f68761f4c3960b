// Package checktest sets the flags that all rules share, for tests of rules.
package checktest

import (
	"testing"

	"github.com/redislint/redislint/internal/check"
)

// Set sets flags, given as name and value by turns, until the test ends. Tests
// that call it cannot run beside others.
func Set(t *testing.T, flags ...string) {
	t.Helper()
	for i := 0; i+1 < len(flags); i += 2 {
		f := check.Settings.Flags.Lookup(flags[i])
		if f == nil {
			t.Fatalf("there is no flag %s", flags[i])
		}
		if err := f.Value.Set(flags[i+1]); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := f.Value.Set(f.DefValue); err != nil {
				t.Error(err)
			}
		})
	}
}
