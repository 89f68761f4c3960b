package escape

import (
	_ "embed"

	"github.com/redislint/redislint/internal/check"
	"github.com/redislint/redislint/internal/scope"
	"golang.org/x/tools/go/analysis"
)

//go:embed doc.go
var doc string

// Analyzer reports clients that leave the callback of their scope.
var Analyzer = check.Rule{
	Name:     "escape",
	Manual:   doc,
	Profiles: check.All,
	Requires: []*analysis.Analyzer{scope.Analyzer},
	Run:      run,
}.Analyzer()

func run(pass *analysis.Pass) error {
	result := pass.ResultOf[scope.Analyzer].(*scope.Result)
	for _, e := range result.Escapes {
		check.Report(pass, analysis.Diagnostic{Pos: e.Pos, End: e.End, Message: message(e)})
	}
	return nil
}

// message says what leaves, and how.
func message(e scope.Escape) string {
	client := e.Client
	switch {
	case e.By == scope.Func:
		client = "a func that uses the scope's client"
	case e.By == scope.Object:
		client = "an object that holds the scope's client"
	case client == "":
		client = "a handle on the scope's client"
	}
	switch {
	case e.How == scope.Kept:
		return e.Into + " keeps the scope's client longer than the scope, do the work inside"
	case e.How == scope.Spawned:
		return "a goroutine uses the scope's client and the callback does not wait for it, wait before the scope closes the client"
	case e.How == scope.Returned:
		return client + " is returned by the scope's callback and closed by then, return the result of the work"
	case e.How == scope.Sent:
		return client + " is sent out of the scope that closes it, send the result of the work"
	case e.Into == "":
		return client + " is kept outside the scope that closes it, do the work inside"
	}
	return client + " is kept in " + e.Into + " outside the scope that closes it, do the work inside"
}
