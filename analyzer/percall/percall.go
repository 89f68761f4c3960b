package percall

import (
	_ "embed"
	"fmt"
	"go/types"

	"github.com/redislint/redislint/internal/check"
	"github.com/redislint/redislint/internal/requests"
	"golang.org/x/tools/go/analysis"
)

//go:embed doc.go
var doc string

// Analyzer reports clients that a service opens for each request.
var Analyzer = check.Rule{
	Name:     "percall",
	Manual:   doc,
	Profiles: check.Services,
	Requires: []*analysis.Analyzer{requests.Analyzer},
	Run:      run,
}.Analyzer()

func run(pass *analysis.Pass) error {
	found := pass.ResultOf[requests.Analyzer].(*requests.Result)
	reported := map[any]bool{}
	for _, p := range found.PerCalls() {
		if !reported[p.Call] {
			reported[p.Call] = true
			report(pass, p)
		}
	}
	return nil
}

func report(pass *analysis.Pass, p requests.PerCall) {
	when := "on every call of " + p.Func.Name()
	if p.Request != nil {
		when = "on every request"
	}
	d := analysis.Diagnostic{
		Pos: p.Call.Pos(), End: p.Call.End(),
		Message: fmt.Sprintf("%s is opened %s; open it once at startup and share it", p.Subject(types.ExprString), when),
	}
	if p.Request != nil {
		d.Related = []analysis.RelatedInformation{{Pos: p.Request.Pos(), Message: "request handler"}}
	}
	check.Report(pass, d)
}
