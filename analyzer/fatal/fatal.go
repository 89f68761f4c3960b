package fatal

import (
	_ "embed"
	"fmt"

	"github.com/redislint/redislint/internal/check"
	"github.com/redislint/redislint/internal/failures"
	"golang.org/x/tools/go/analysis"
)

//go:embed doc.go
var doc string

// Analyzer reports errors of Redis that do more harm to a request than they must.
var Analyzer = check.Rule{
	Name:     "fatal",
	Manual:   doc,
	Profiles: check.Serverless | check.Any,
	Requires: []*analysis.Analyzer{failures.Analyzer},
	Run:      run,
}.Analyzer()

func run(pass *analysis.Pass) error {
	found := pass.ResultOf[failures.Analyzer].(*failures.Result)
	for _, f := range found.Failures() {
		check.Report(pass, analysis.Diagnostic{
			Pos:     f.Pos,
			Message: message(pass, f),
			Related: []analysis.RelatedInformation{
				{Pos: f.Origin, Message: "the error comes from here"},
				{Pos: f.Handler.Pos(), Message: "this answers the request"},
			},
		})
	}
	return nil
}

// message says what happens, and to what error.
func message(pass *analysis.Pass, f failures.Failure) string {
	what := fmt.Sprintf("the error of %s at %s", f.What, check.Line(pass, f.Pos, f.Origin))
	switch f.End {
	case "":
		return fmt.Sprintf("%s is answered with status %d even if only the key does not exist, tell a miss apart", what, f.Status)
	case "panic":
		return what + " panics while a request is served, return it or fall back"
	}
	return fmt.Sprintf("%s ends the process by %s while a request is served, return it or fall back", what, f.End)
}
