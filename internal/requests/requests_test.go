package requests_test

import (
	"path/filepath"
	"testing"

	"github.com/redislint/redislint/internal/program"
	"github.com/redislint/redislint/internal/requests"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"
)

// TestRequests tests which functions run for requests only, and for whose.
func TestRequests(t *testing.T) {
	tell := &analysis.Analyzer{
		Name:     "tell",
		Doc:      "tell which functions serve requests",
		Requires: []*analysis.Analyzer{program.Analyzer, requests.Analyzer},
		Run: func(pass *analysis.Pass) (any, error) {
			r := pass.ResultOf[requests.Analyzer].(*requests.Result)
			for _, fn := range pass.ResultOf[program.Analyzer].(*program.Program).Funcs {
				q := r.Of(fn)
				if q == nil {
					continue
				}
				what := "serves " + q.Name()
				if q.Name() == "" {
					what += "a literal"
				}
				if q.Carrier != nil {
					what += " by " + q.Carrier.Name()
				}
				if q.Async {
					what += ", async"
				}
				pass.Reportf(fn.Pos(), "%s", what)
			}
			return nil, nil
		},
	}
	testdata, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	analysistest.Run(t, testdata, tell, "request")
}
