package escape

import (
	"cmp"
	_ "embed"
	"fmt"

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
	by := cmp.Or(e.Scope, "the scope")
	what, closed := e.Lent, "it"
	switch {
	case e.By == scope.Func:
		what, closed = "a function that uses "+e.Lent, e.Lent
	case e.By == scope.Object:
		what, closed = "an object that holds "+e.Lent, e.Lent
	case e.How == scope.Stored && e.Client == "":
		what, closed = "a handle on "+e.Lent, e.Lent
	case e.How == scope.Stored && e.Client != e.Lent:
		what, closed = e.Client, e.Lent
	}
	switch {
	case e.How == scope.Spawned:
		return fmt.Sprintf("goroutine may use %s after %s has closed it; wait for it before the callback returns", e.Lent, by)
	case e.How == scope.Returned:
		return fmt.Sprintf("%s escapes its scope: the callback returns it, and %s closes %s; return the result instead", what, by, closed)
	case e.How == scope.Sent:
		return fmt.Sprintf("%s escapes its scope: it is sent on a channel, and %s closes %s; send the result instead", what, by, closed)
	}
	return fmt.Sprintf("%s escapes its scope: %s keeps it after %s has closed %s; do the work inside the callback",
		what, cmp.Or(e.Into, "a variable outside"), by, closed)
}
