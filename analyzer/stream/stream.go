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
		return s.What + " keeps reading messages after the request has ended; pass the request's context and return when it is done"
	case s.Call:
		return s.What + " keeps waiting after the request has ended; pass the request's context and return on its error"
	}
	return "the loop over " + s.What + " goes on after the request has ended; return when the request's context is done"
}
