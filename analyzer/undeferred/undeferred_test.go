package undeferred_test

import (
	"path/filepath"
	"testing"

	"github.com/redislint/redislint/analyzer/undeferred"
	"github.com/redislint/redislint/internal/checktest"
	"golang.org/x/tools/go/analysis/analysistest"
)

func Test(t *testing.T) {
	testdata, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	analysistest.RunWithSuggestedFixes(t, testdata, undeferred.Analyzer, "undeferred/fixes")
	analysistest.Run(t, testdata, undeferred.Analyzer,
		"undeferred/calls",
		"undeferred/helpers",
		"undeferred/generated",
	)
}

// TestTests asks for test files, too.
func TestTests(t *testing.T) {
	checktest.Set(t, "test", "true")
	testdata, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	analysistest.Run(t, testdata, undeferred.Analyzer, "undeferred/tests")
}
