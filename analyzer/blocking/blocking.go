package blocking

import (
	_ "embed"
	"go/types"

	"github.com/redislint/redislint/internal/check"
	"github.com/redislint/redislint/internal/scope"
	"golang.org/x/tools/go/analysis"
)

//go:embed doc.go
var doc string

// Analyzer reports calls that wait while a scope's connection is held, and
// commands that wait for ever while a request is answered.
var Analyzer = check.Rule{
	Name:     "blocking",
	Manual:   doc,
	Profiles: check.Serverless | check.Any,
	Requires: []*analysis.Analyzer{scope.Analyzer},
	Run:      run,
}.Analyzer()

func run(pass *analysis.Pass) error {
	result := pass.ResultOf[scope.Analyzer].(*scope.Result)
	for _, w := range result.Waits() {
		check.Report(pass, analysis.Diagnostic{Pos: w.Call.Pos(), End: w.Call.End(), Message: message(w)})
	}
	return nil
}

// message says what waits, for what, and who is kept waiting.
func message(w scope.Wait) string {
	text := types.ExprString(w.Call.Fun) + " waits"
	if w.Forever {
		text += " for ever"
	}
	if w.What != "" {
		text += " in " + w.What
	}
	switch {
	case w.Client == "":
		return text + " while a request is answered, give it a timeout"
	case w.Forever:
		return text + " while the scope holds " + w.Client + ", give it a timeout"
	}
	return text + " while the scope holds " + w.Client + ", do it outside the callback"
}
