package inloop

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/types"

	"github.com/redislint/redislint/internal/check"
	"github.com/redislint/redislint/internal/loops"
	"github.com/redislint/redislint/internal/redisapi"
	"golang.org/x/tools/go/analysis"
)

//go:embed doc.go
var doc string

// Analyzer reports clients opened on every iteration of a loop.
var Analyzer = check.Rule{
	Name:     "inloop",
	Manual:   doc,
	Profiles: check.All,
	Requires: []*analysis.Analyzer{loops.Analyzer},
	Run:      run,
}.Analyzer()

func run(pass *analysis.Pass) error {
	reported := map[any]bool{}
	for _, l := range pass.ResultOf[loops.Analyzer].(*loops.Result).Looped() {
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

// reportSame reports an acquisition that every iteration repeats.
func reportSame(pass *analysis.Pass, l loops.Looped) {
	what := "it"
	if l.Task && l.Kind == redisapi.Conn {
		what = "a pool" // goroutines cannot share a connection
	}
	check.Report(pass, analysis.Diagnostic{
		Pos: l.Call.Pos(), End: l.Call.End(),
		Message: fmt.Sprintf("%s is opened on every iteration; open %s once before the loop", l.Subject(types.ExprString), what),
	})
}

// reportDefer reports a release that a loop defers.
func reportDefer(pass *analysis.Pass, l loops.Looped) {
	check.Report(pass, analysis.Diagnostic{
		Pos: l.Defer.Pos(), End: l.Defer.End(),
		Message: fmt.Sprintf("%s in a loop runs only when the function returns; %s at the end of each iteration",
			deferred(l), l.ToClose(l.Subject(types.ExprString))),
		Related: []analysis.RelatedInformation{{Pos: l.Call.Pos(), End: l.Call.End(), Message: "opened here by " + l.OpenedBy() + ", on every iteration"}},
	})
}

// deferred names what is deferred: "defer c.Close()".
func deferred(l loops.Looped) string {
	if _, ok := l.Defer.Call.Fun.(*ast.FuncLit); !ok {
		return "defer " + check.Call(l.Defer.Call)
	}
	return "the deferred release of " + l.Subject(types.ExprString)
}
