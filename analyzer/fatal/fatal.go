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
			Related: check.InOrder(pass,
				analysis.RelatedInformation{Pos: f.Handler.Pos(), Message: "request handler"},
				analysis.RelatedInformation{Pos: f.Origin, Message: "error returned here"}),
		})
	}
	return nil
}

// message says what happens, and to what error.
func message(pass *analysis.Pass, f failures.Failure) string {
	line := check.Line(pass, f.Pos, f.Origin)
	switch f.End {
	case "":
		return fmt.Sprintf("a missing key is answered with status %d: the error of %s (%s) includes it; check for a missing key first", f.Status, f.What, line)
	case "panic":
		return fmt.Sprintf("panic is called on a Redis error (from %s, %s) while serving a request; return the error or fall back", f.What, line)
	}
	return fmt.Sprintf("%s ends the process on a Redis error (from %s, %s) while serving a request; return the error or fall back", f.End, f.What, line)
}
