package scope_test

import (
	"path/filepath"
	"testing"

	"github.com/redislint/redislint/internal/scope"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"
)

func testdata(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	if err := scope.Analyzer.Flags.Set("scope.funcs", "scope/helpers.Named"); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestFacts tests what importers learn about functions that lend clients.
func TestFacts(t *testing.T) {
	analysistest.Run(t, testdata(t), scope.Analyzer, "scope/helpers", "scope/conduct")
}

// TestUses tests which commands are outside of the scopes of another package.
func TestUses(t *testing.T) {
	tell := &analysis.Analyzer{
		Name:     "tell",
		Doc:      "tell what scope.Analyzer found",
		Requires: []*analysis.Analyzer{scope.Analyzer},
		Run: func(pass *analysis.Pass) (any, error) {
			for _, use := range pass.ResultOf[scope.Analyzer].(*scope.Result).Outside {
				what := "outside"
				if use.Handed {
					what = "handed"
				}
				pass.Reportf(use.Call.Pos(), "%s", what)
			}
			return nil, nil
		},
	}
	analysistest.Run(t, testdata(t), tell, "scope/uses")
}
