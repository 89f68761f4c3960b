package unscoped_test

import (
	"path/filepath"
	"testing"

	"github.com/redislint/redislint/analyzer/unscoped"
	"github.com/redislint/redislint/internal/scope"
	"golang.org/x/tools/go/analysis/analysistest"
)

func Test(t *testing.T) {
	testdata, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	analysistest.Run(t, testdata, unscoped.Analyzer,
		"unscoped/scopes",
		"unscoped/layered",
		"unscoped/queries",
		"unscoped/calls",
		"unscoped/transaction",
		"unscoped/shapes",
		"unscoped/libraries",
		"unscoped/generated",
		"unscoped/inline",
		"unscoped/openers",
		"unscoped/recommended",
	)
}

// TestNamed gives the name of a scope by the flag.
func TestNamed(t *testing.T) {
	testdata, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	flags := &scope.Analyzer.Flags
	if err := flags.Set("scope.funcs", "unscoped/named.Around"); err != nil {
		t.Fatal(err)
	}
	defer flags.Set("scope.funcs", "")
	analysistest.Run(t, testdata, unscoped.Analyzer, "unscoped/named")
}
