package redisapi

import (
	goimporter "go/importer"
	"go/token"
	"go/types"
	"strings"
	"testing"
)

// A function of a package with a pure row is one if it is given text and
// numbers alone.
func TestPure(t *testing.T) {
	table, err := New("pure net/url.*")
	if err != nil {
		t.Fatal(err)
	}
	imp := goimporter.ForCompiler(token.NewFileSet(), "source", nil)
	for _, c := range []struct {
		path, name string
		want       bool
	}{
		{"strings", "HasPrefix", true},
		{"strings", "Join", false}, // of a slice, which may change
		{"path/filepath", "Walk", false},
		{"net/url", "QueryEscape", true}, // by a user's row
		{"os", "Getenv", false},
	} {
		pkg, err := imp.Import(c.path)
		if err != nil {
			t.Fatal(err)
		}
		if got := table.Pure(pkg.Scope().Lookup(c.name).(*types.Func)); got != c.want {
			t.Errorf("%s.%s is pure: %v", c.path, c.name, got)
		}
	}
	if _, err := New("pure strings.HasPrefix"); err == nil || !strings.Contains(err.Error(), "strings.*") {
		t.Errorf("a row about one function: %v", err)
	}
}
