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
// commands that block without a timeout while serving a request.
var Analyzer = check.Rule{
	Name:     "blocking",
	Manual:   doc,
	Profiles: check.All,
	Requires: []*analysis.Analyzer{scope.Analyzer},
	Run:      run,
}.Analyzer()

func run(pass *analysis.Pass) error {
	result := pass.ResultOf[scope.Analyzer].(*scope.Result)
	service := check.Profile(pass)&check.Services != 0
	if service {
		for _, s := range result.Stuck() {
			check.Report(pass, analysis.Diagnostic{Pos: s.Call.Pos(), End: s.Call.End(), Message: stuck(s)})
		}
	}
	for _, w := range result.Waits() {
		if service && w.Client != "" {
			continue // a service may hold a connection while it waits: others have theirs
		}
		check.Report(pass, analysis.Diagnostic{Pos: w.Call.Pos(), End: w.Call.End(), Message: message(w)})
	}
	return nil
}

// message says what waits, for what, and who is kept waiting.
func message(w scope.Wait) string {
	text := types.ExprString(w.Call.Fun)
	if w.Forever {
		text += " blocks"
	} else {
		text += " waits"
	}
	if w.What != "" {
		text += " in " + w.What
	}
	if w.Forever {
		text += " without a timeout"
	}
	switch {
	case w.Client == "":
		return text + " while serving a request; set one"
	case w.Forever:
		return text + " while the scope holds its connection; set one"
	}
	return text + " while the scope holds " + w.Client + "; call it outside the callback"
}

// stuck says what waits in a worker, and what to do instead.
func stuck(s scope.Stuck) string {
	text := types.ExprString(s.Call.Fun) + " blocks without a timeout"
	if s.What != "" {
		text += " in " + s.What
	}
	text += ", and the end of " + s.Ctx + " does not interrupt it; "
	if s.Messages {
		return text + "select on the subscription's Channel and " + s.Ctx + ".Done()"
	}
	if s.Once {
		return text + "pass a timeout, and repeat until " + s.Ctx + ".Err() is not nil"
	}
	return text + "pass a few seconds and check " + s.Ctx + ".Err() in the loop"
}
