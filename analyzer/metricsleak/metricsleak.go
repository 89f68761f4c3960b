package metricsleak

import (
	_ "embed"
	"go/types"

	"github.com/redislint/redislint/internal/check"
	"github.com/redislint/redislint/internal/scope"
	"golang.org/x/tools/go/analysis"
)

//go:embed doc.go
var doc string

// Analyzer reports instrumentation that keeps a closed client for ever.
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
		who := [...]string{scope.ByScope: "its scope", scope.ByHandler: "the handler", scope.ByOpener: "this function"}[r.By]
		check.Report(pass, analysis.Diagnostic{
			Pos: r.Call.Pos(),
			End: r.Call.End(),
			Message: types.ExprString(r.Call.Fun) + " keeps " + r.Client + " for ever, long after " + who +
				" has closed it; measure a client that lives as long as the process",
		})
	}
	return nil
}
