package undeferred

import (
	_ "embed"
	"fmt"
	"go/types"
	"strings"

	"github.com/redislint/redislint/internal/check"
	"github.com/redislint/redislint/internal/lifetime"
	"github.com/redislint/redislint/internal/repair"
	"golang.org/x/tools/go/analysis"
)

//go:embed doc.go
var doc string

// Analyzer reports releases that a panic would skip.
var Analyzer = check.Rule{
	Name:     "undeferred",
	Manual:   doc,
	Profiles: check.Serverless | check.Any,
	Requires: []*analysis.Analyzer{lifetime.Analyzer, repair.Analyzer},
	Run:      run,
}.Analyzer()

func run(pass *analysis.Pass) error {
	lives := pass.ResultOf[lifetime.Analyzer].(*lifetime.Result)
	repairs := pass.ResultOf[repair.Analyzer].(*repair.Result)
	for _, r := range lives.Resources {
		u := r.Undeferred
		if u == nil || strings.HasSuffix(pass.Fset.Position(u.Release).Filename, "_test.go") {
			continue // a panic ends the process of a test
		}
		call, defers := released(r)
		d := analysis.Diagnostic{
			Pos: u.Release,
			Message: fmt.Sprintf("%s at %s is not deferred: a panic before it leaks the connection; %s",
				call, check.Line(pass, r.Call.Pos(), u.Release), defers),
			Related: []analysis.RelatedInformation{
				{Pos: r.Call.Pos(), End: r.Call.End(), Message: "opened here by " + r.OpenedBy()},
				{Pos: u.Risk, Message: "this call can panic"},
			},
		}
		fixes, why := repairs.Of(r)
		d.SuggestedFixes = fixes
		check.NoFix(pass, d, string(why))
		check.Report(pass, d)
	}
	return nil
}

// released says which call releases, as the source writes it, and what to type
// in its place.
func released(r *lifetime.Resource) (call, instead string) {
	call = r.Undeferred.Call
	if name, args, ok := strings.Cut(call, "("); ok && name != "" && !strings.Contains(args, "(") && len(call) <= longest {
		return name, "use defer " + call
	}
	if r.Name == "" {
		return "the release of " + r.Subject(types.ExprString), "defer it"
	}
	return strings.TrimSuffix(r.ReleaseCall(), "()"), "use defer " + r.ReleaseCall()
}

// longest is the length of a call that a message can repeat.
const longest = 40
