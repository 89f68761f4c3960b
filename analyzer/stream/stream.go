package stream

import (
	_ "embed"

	"github.com/redislint/redislint/internal/check"
	"github.com/redislint/redislint/internal/scope"
	"golang.org/x/tools/go/analysis"
)

//go:embed doc.go
var doc string

// Analyzer reports loops over messages that do not end when the request does.
var Analyzer = check.Rule{
	Name:     "stream",
	Manual:   doc,
	Profiles: check.All,
	Requires: []*analysis.Analyzer{scope.Analyzer},
	Run:      run,
}.Analyzer()

func run(pass *analysis.Pass) error {
	result := pass.ResultOf[scope.Analyzer].(*scope.Result)
	for _, s := range result.Streams() {
		check.Report(pass, analysis.Diagnostic{Pos: s.Pos, End: s.End, Message: message(s)})
	}
	return nil
}

// message says what goes on when the request has ended.
func message(s scope.Stream) string {
	switch {
	case s.Far:
		return s.What + " reads messages in a loop that does not end when the request does, end it with the request's context"
	case s.Call:
		return s.What + " waits for messages and does not end when the request does, give it the request's context and leave on its error"
	}
	return s.What + " is read in a loop that does not end when the request does, leave it when the request's context is done"
}
