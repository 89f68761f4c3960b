package unlogged

import (
	_ "embed"

	"github.com/redislint/redislint/internal/check"
	"github.com/redislint/redislint/internal/scope"
	"golang.org/x/tools/go/analysis"
)

//go:embed doc.go
var doc string

// Analyzer reports scopes that say nothing of the life of their client.
var Analyzer = check.Rule{
	Name:     "unlogged",
	Manual:   doc,
	Profiles: check.Serverless,
	Requires: []*analysis.Analyzer{scope.Analyzer},
	Run:      run,
}.Analyzer()

func run(pass *analysis.Pass) error {
	result := pass.ResultOf[scope.Analyzer].(*scope.Result)
	for _, h := range result.Helpers() {
		text := ""
		switch {
		case !h.Logs && h.Dropped != "":
			text = h.Name + " does not log when it opens and closes its client, and ignores the error of " + h.Dropped
		case !h.Logs:
			text = h.Name + " does not log when it opens and closes its client"
		case h.Dropped != "":
			text = h.Name + " ignores the error of " + h.Dropped + "; log or return it"
		default:
			continue
		}
		check.Report(pass, analysis.Diagnostic{Pos: h.Pos, Message: text})
	}
	return nil
}
