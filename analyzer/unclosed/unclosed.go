package unclosed

import (
	_ "embed"
	"fmt"
	"go/types"

	"github.com/redislint/redislint/internal/check"
	"github.com/redislint/redislint/internal/holders"
	"github.com/redislint/redislint/internal/lifetime"
	"github.com/redislint/redislint/internal/redisapi"
	"github.com/redislint/redislint/internal/repair"
	"golang.org/x/tools/go/analysis"
)

//go:embed doc.go
var doc string

// Analyzer reports resources that some path leaves open.
var Analyzer = check.Rule{
	Name:     "unclosed",
	Manual:   doc,
	Profiles: check.All,
	Requires: []*analysis.Analyzer{lifetime.Analyzer, holders.Analyzer, repair.Analyzer},
	Run:      run,
}.Analyzer()

func run(pass *analysis.Pass) error {
	lives := pass.ResultOf[lifetime.Analyzer].(*lifetime.Result)
	repairs := pass.ResultOf[repair.Analyzer].(*repair.Result)
	reported := map[any]bool{}
	for _, r := range lives.Resources {
		// A call that hands over two resources is reported for one.
		if reported[r.Call] || len(r.Leaks) == 0 && r.Neglect == nil {
			continue
		}
		reported[r.Call] = true
		if len(r.Leaks) > 0 {
			report(pass, r, repairs)
		}
		if r.Neglect != nil { // whoever mends the leaks has it still
			reportNeglect(pass, r, repairs)
		}
	}
	if check.Profile(pass)&check.Services != 0 {
		reportUnreleased(pass, pass.ResultOf[holders.Analyzer].(*holders.Result))
	}
	return nil
}

// reportUnreleased reports package-level variables with something that works in
// the background and that nothing stops when a service shuts down. A client is
// closed by the end of the process, and nobody misses more.
func reportUnreleased(pass *analysis.Pass, found *holders.Result) {
	kinds := map[*types.Var]redisapi.Kind{}
	for _, h := range found.Holders() {
		kinds[h.Var] = h.Kind
	}
	for _, f := range found.Unreleased() {
		switch kinds[f.Var] {
		case redisapi.Subscription, redisapi.Monitor, redisapi.Worker:
		default:
			continue
		}
		check.Report(pass, analysis.Diagnostic{
			Pos:     f.Var.Pos(),
			Message: fmt.Sprintf("package-level variable %s is never %s, not even when the service shuts down", f.Var.Name(), f.Verb),
			Related: []analysis.RelatedInformation{{Pos: f.Open, Message: "opened here by " + f.What}},
		})
	}
}

func report(pass *analysis.Pass, r *lifetime.Resource, repairs *repair.Result) {
	leak := r.Leaks[0]
	line := check.Line(pass, r.Call.Pos(), leak.Exit)
	verb := r.Verb()
	fact := fmt.Sprintf("is not %s on all paths: the return at %s leaves it open", verb, line)
	switch {
	case leak.WithError:
		fact = fmt.Sprintf("is not %s on all paths: the return at %s returns it together with a non-nil error", verb, line)
	case r.Never && r.Dropped():
		fact = fmt.Sprintf("is discarded and can never be %s", verb)
	case r.Overwritten.IsValid():
		fact = fmt.Sprintf("is overwritten at %s while open", check.Line(pass, r.Call.Pos(), r.Overwritten))
	case r.Never && !leak.Again:
		fact = fmt.Sprintf("is never %s", verb)
	case leak.Again && r.Never:
		fact = fmt.Sprintf("is never %s, and every iteration opens another", verb)
	case leak.Again:
		fact = fmt.Sprintf("is not %s on all paths: the next iteration opens another", verb)
	}
	d := analysis.Diagnostic{
		Pos:     r.Call.Pos(),
		End:     r.Call.End(),
		Message: fmt.Sprintf("%s %s (possible connection leak)", r.Subject(types.ExprString), fact),
	}
	d.Related = append(d.Related, analysis.RelatedInformation{
		Pos: r.Call.Pos(), End: r.Call.End(), Message: "opened here by " + r.OpenedBy(),
	})
	for _, c := range leak.Path {
		word := "false"
		if c.Taken {
			word = "true"
		}
		d.Related = append(d.Related, analysis.RelatedInformation{Pos: c.Pos, Message: "this condition is " + word})
	}
	end := "still open at this return"
	if leak.Again {
		end = "still open at the next iteration"
	}
	d.Related = append(d.Related, analysis.RelatedInformation{Pos: leak.Exit, Message: end})
	fixes, why := repairs.Of(r)
	d.SuggestedFixes = fixes
	check.NoFix(pass, d, string(why))
	if !r.Never {
		for _, leak := range r.Leaks {
			check.Exits(pass, d, leak.Exit)
		}
	}
	check.Report(pass, d)
}

// reportNeglect reports a resource whose owner forgets it.
func reportNeglect(pass *analysis.Pass, r *lifetime.Resource, repairs *repair.Result) {
	n := r.Neglect
	fact := fmt.Sprintf("is never %s: it is stored in %s, and nothing %s there", r.Verb(), n.Keeper(), r.Closes("it"))
	switch {
	case n.Maker != "":
		fact = fmt.Sprintf("is overwritten while open: %s sets it again after %s did", n.Method, n.Maker)
	case n.Partly:
		fact = fmt.Sprintf("is not %s on all paths: %s.%s can return before it %s", r.Verb(), n.Owner, n.Method, r.Closes(n.Field))
	case n.Method != "":
		fact = fmt.Sprintf("is never %s: %s.%s does not %s", r.Verb(), n.Owner, n.Method, r.ToClose(n.Field))
	}
	d := analysis.Diagnostic{
		Pos: r.Call.Pos(), End: r.Call.End(),
		Message: fmt.Sprintf("%s %s (possible connection leak)", r.Subject(types.ExprString), fact),
	}
	if n.Pos.IsValid() {
		d.Related = append(d.Related, analysis.RelatedInformation{Pos: n.Pos, Message: "this method does not " + r.ToClose(n.Field)})
	}
	if n.Partly && n.Pos.IsValid() {
		check.Exits(pass, d, n.Pos)
	}
	fixes, why := repairs.OfOwner(r)
	d.SuggestedFixes = fixes
	check.NoFix(pass, d, string(why))
	check.Report(pass, d)
}
