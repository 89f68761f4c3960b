package unscoped

import (
	_ "embed"
	"fmt"
	"go/types"
	"strings"

	"github.com/redislint/redislint/internal/check"
	"github.com/redislint/redislint/internal/scope"
	"golang.org/x/tools/go/analysis"
)

//go:embed doc.go
var doc string

// Analyzer reports Redis commands outside a scope callback.
var Analyzer = check.Rule{
	Name:     "unscoped",
	Manual:   doc,
	Profiles: check.All &^ check.Service, // where it serves, only beside a scope
	Requires: []*analysis.Analyzer{scope.Analyzer},
	Run:      run,
}.Analyzer()

func run(pass *analysis.Pass) error {
	result := pass.ResultOf[scope.Analyzer].(*scope.Result)
	for _, use := range result.Outside {
		helper := use.Helper
		if helper == "" && check.Profile(pass) == check.Serving {
			check.LeaveOut(pass)
			continue // it has not decided to use scopes
		}
		if strings.HasSuffix(pass.Fset.Position(use.Call.Pos()).Filename, "_test.go") {
			continue // a test opens what it needs
		}
		d := analysis.Diagnostic{
			Pos:     use.Call.Pos(),
			End:     use.Call.End(),
			Message: message(types.ExprString(use.Call.Fun), use.Handed, helper),
		}
		if helper == "" {
			check.Fold(pass, d.Pos, fmt.Sprintf("%%d Redis commands in this package run outside a scope, the first is %s; see redislint explain unscoped",
				strings.ReplaceAll(types.ExprString(use.Call.Fun), "%", "%%")))
		}
		if use.Handed && use.Command.IsValid() {
			d.Related = append(d.Related, analysis.RelatedInformation{
				Pos: use.Command, Message: "command on the client that is passed in",
			})
		}
		check.Report(pass, d)
	}
	return nil
}

// message says what runs outside, and where it belongs: in the callback of a
// scope at hand, if there is one.
func message(call string, handed bool, helper string) string {
	runs := "runs"
	if handed {
		runs = "runs Redis commands"
	}
	where := "a scope such as WithRedis"
	if helper != "" {
		where = helper
	}
	return fmt.Sprintf("%s %s outside a scope; call it inside %s", call, runs, where)
}
