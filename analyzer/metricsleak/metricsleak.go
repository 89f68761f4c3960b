package metricsleak

import (
	_ "embed"
	"fmt"
	"go/types"

	"github.com/redislint/redislint/internal/check"
	"github.com/redislint/redislint/internal/scope"
	"golang.org/x/tools/go/analysis"
)

//go:embed doc.go
var doc string

// Analyzer reports instrumentation that keeps a closed client in memory.
var Analyzer = check.Rule{
	Name:     "metricsleak",
	Manual:   doc,
	Profiles: check.All,
	Requires: []*analysis.Analyzer{scope.Analyzer},
	Run:      run,
}.Analyzer()

func run(pass *analysis.Pass) error {
	result := pass.ResultOf[scope.Analyzer].(*scope.Result)
	for _, r := range result.Registrations() {
		check.Report(pass, analysis.Diagnostic{
			Pos: r.Call.Pos(),
			End: r.Call.End(),
			Message: fmt.Sprintf("%s keeps %s in memory after it is closed; instrument a long-lived client instead",
				types.ExprString(r.Call.Fun), r.Client),
		})
	}
	return nil
}
