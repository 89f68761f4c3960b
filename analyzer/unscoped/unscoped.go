package unscoped

import (
	"cmp"
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
			Pos: use.Call.Pos(),
			End: use.Call.End(),
			Message: fmt.Sprintf("%s is called outside a scope, move it into %s %s callback",
				types.ExprString(use.Call.Fun), article(cmp.Or(helper, "WithRedis")), cmp.Or(helper, "WithRedis")),
		}
		if helper == "" {
			check.Fold(pass, d.Pos, fmt.Sprintf("%%d Redis commands in this package run outside a scope, the first is %s; see redislint explain unscoped",
				strings.ReplaceAll(types.ExprString(use.Call.Fun), "%", "%%")))
		}
		if use.Handed && use.Command.IsValid() {
			d.Related = append(d.Related, analysis.RelatedInformation{
				Pos: use.Command, Message: "this command runs on the client that it is handed",
			})
		}
		check.Report(pass, d)
	}
	return nil
}

func article(name string) string {
	if strings.ContainsRune("AEIOaeio", rune(name[0])) {
		return "an"
	}
	return "a"
}
