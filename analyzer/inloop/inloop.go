package inloop

import (
	_ "embed"
	"fmt"
	"go/types"

	"github.com/redislint/redislint/internal/check"
	"github.com/redislint/redislint/internal/lifetime"
	"github.com/redislint/redislint/internal/redisapi"
	"golang.org/x/tools/go/analysis"
)

//go:embed doc.go
var doc string

// Analyzer reports clients that each turn of a loop opens anew.
var Analyzer = check.Rule{
	Name:     "inloop",
	Manual:   doc,
	Profiles: check.All,
	Requires: []*analysis.Analyzer{lifetime.Analyzer},
	Run:      run,
}.Analyzer()

func run(pass *analysis.Pass) error {
	lives := pass.ResultOf[lifetime.Analyzer].(*lifetime.Result)
	reported := map[any]bool{}
	for _, l := range lives.Looped() {
		if l.Same && !reported[l.Call] {
			reported[l.Call] = true
			reportSame(pass, l)
		}
		if l.Defer != nil && !reported[l.Defer] {
			reported[l.Defer] = true
			reportDefer(pass, l)
		}
	}
	return nil
}

// reportSame reports an acquisition that every turn repeats.
func reportSame(pass *analysis.Pass, l lifetime.Looped) {
	what := "it"
	if l.Task && l.Kind == redisapi.Conn {
		what = "a pool" // goroutines cannot share a connection
	}
	check.Report(pass, analysis.Diagnostic{
		Pos: l.Call.Pos(), End: l.Call.End(),
		Message: fmt.Sprintf("%s is opened anew in each turn of the loop, open %s once before the loop", l.Subject(types.ExprString), what),
	})
}

// reportDefer reports a release that a loop defers.
func reportDefer(pass *analysis.Pass, l lifetime.Looped) {
	check.Report(pass, analysis.Diagnostic{
		Pos: l.Defer.Pos(), End: l.Defer.End(),
		Message: fmt.Sprintf("the release of %s is deferred in a loop and runs only when the function ends, release it in each turn",
			l.Subject(types.ExprString)),
		Related: []analysis.RelatedInformation{{Pos: l.Call.Pos(), End: l.Call.End(), Message: l.What + " opens it in each turn"}},
	})
}
