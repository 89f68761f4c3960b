// Package why explains what the ownership engine decided about each resource that
// a package opens, and which lines decided it. It is how a user settles a doubt,
// and how we find what the engine does not understand.
package why

import (
	"cmp"
	"fmt"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/redislint/redislint/internal/check"
	"github.com/redislint/redislint/internal/lifetime"
	"github.com/redislint/redislint/internal/lifetime/facts"
	"github.com/redislint/redislint/internal/options"
	"github.com/redislint/redislint/internal/program"
	"github.com/redislint/redislint/internal/scope"
)

// Analyzer reports each resource once, with what was decided as the message, and
// the lines that decided it as related positions.
var Analyzer = newAnalyzer()

func newAnalyzer() *analysis.Analyzer {
	return &analysis.Analyzer{
		Name:     "why",
		Doc:      "why: explain what was decided about each Redis resource",
		Requires: []*analysis.Analyzer{program.Analyzer, lifetime.Analyzer, options.Analyzer, scope.Analyzer},
		Run:      run,
	}
}

func run(pass *analysis.Pass) (any, error) {
	result := pass.ResultOf[lifetime.Analyzer].(*lifetime.Result)
	for _, r := range result.Resources {
		pass.Report(tell(pass, r, result.Account(r)))
	}
	for _, set := range pass.ResultOf[options.Analyzer].(*options.Result).Sets {
		pass.Report(settings(set))
	}
	for _, c := range pass.ResultOf[scope.Analyzer].(*scope.Result).Callbacks() {
		pass.Report(callback(pass, c))
	}
	calls(pass, pass.ResultOf[program.Analyzer].(*program.Program), result)
	return nil, nil
}

// tell puts an account into words.
func tell(pass *analysis.Pass, r *lifetime.Resource, a *lifetime.Account) analysis.Diagnostic {
	t := &teller{pass: pass, r: r}
	for _, e := range a.Released {
		t.add(e.Pos, t.released(e))
	}
	if u := r.Undeferred; u != nil {
		t.add(u.Risk, "a panic in this call skips that")
	}
	for _, e := range a.Given {
		t.add(e.Pos, fmt.Sprintf("returned to the caller as %s", e.By))
	}
	unclear := a.GaveUp
	for _, e := range a.Moved {
		text := string(e.Reason)
		if e.By != "" {
			text += ": " + e.By
		}
		if e.Reason.Understood() {
			t.add(e.Pos, "owned elsewhere: "+text)
		} else {
			unclear = true
			t.add(e.Pos, "not understood: "+text)
		}
	}
	if slices.Contains(r.Moved, facts.MovedMain) {
		t.add(r.Call.Pos(), "owned elsewhere: "+string(facts.MovedMain))
	}
	for i, l := range r.Leaks {
		t.leak(l, i == 0)
	}
	if n := r.Neglect; n != nil {
		t.add(cmp.Or(n.Pos, r.Call.Pos()), fmt.Sprintf("still open: %s keeps it, and nothing closes it", n.Keeper()))
	}
	t.verdict(a, unclear)
	return analysis.Diagnostic{Pos: r.Call.Pos(), End: r.Call.End(), Message: t.head, Related: t.steps}
}

// callback describes a callback of a scope.
func callback(pass *analysis.Pass, c scope.ScopeCallback) analysis.Diagnostic {
	d := analysis.Diagnostic{Pos: c.Pos, End: c.End, Category: ofScope}
	if c.Scope == "" {
		d.Message = fmt.Sprintf("inside the callback of a scope, which passes in %s and closes it", c.Client)
		return d
	}
	d.Message = fmt.Sprintf("inside the callback of %s (line %d), which passes in %s and closes it", c.Scope, pass.Fset.Position(c.At).Line, c.Client)
	return d
}

// teller writes one account.
type teller struct {
	pass  *analysis.Pass
	r     *lifetime.Resource
	head  string
	steps []analysis.RelatedInformation
}

func (t *teller) add(pos token.Pos, text string) {
	t.steps = append(t.steps, analysis.RelatedInformation{Pos: pos, Message: text})
}

// released describes one release: "closed by deferred Close".
func (t *teller) released(e lifetime.Event) string {
	deferred := ""
	if e.Deferred {
		deferred = "deferred "
	}
	switch {
	case e.By == "":
		return fmt.Sprintf("%s by its %scleanup function", t.r.Verb(), deferred)
	case e.Own:
		return fmt.Sprintf("%s by %s%s", t.r.Verb(), deferred, e.By)
	}
	return fmt.Sprintf("%s in %s%s", t.r.Verb(), deferred, e.By)
}

// leak tells where it is left open, and by which conditions one gets there.
func (t *teller) leak(l lifetime.Leak, conditions bool) {
	for _, c := range l.Path {
		if conditions && c.Pos.IsValid() {
			t.add(c.Pos, fmt.Sprintf("this condition is %t", c.Taken))
		}
	}
	switch {
	case l.Again:
		t.add(l.Exit, "still open at the next iteration")
	case l.WithError:
		t.add(l.Exit, "still open: returned together with a non-nil error")
	default:
		t.add(l.Exit, "still open at this return")
	}
}

// function names the function that was too large.
func (t *teller) function() string {
	fn := t.r.Func
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	return fn.RelString(t.pass.Pkg)
}

// verdict says what all of it comes to.
func (t *teller) verdict(a *lifetime.Account, unclear bool) {
	r := t.r
	name := r.Subject(types.ExprString)
	kind := string(r.Kind)
	if r.Kind == "dedicated" {
		kind += " connection"
	}
	what := fmt.Sprintf("%s, opened by %s", kind, r.OpenedBy())
	where := ""
	if len(a.Released)+len(a.Given) > 0 {
		where = " on some path"
	}
	var fate string
	switch {
	case len(r.Leaks) > 0 || r.Neglect != nil: // even where there are too many paths to tell all
		fate = "left open on some path"
		if r.Never {
			fate = "never " + r.Verb()
		}
	case a.GaveUp:
		fate = fmt.Sprintf("not understood: %s in %s; not reported", facts.GaveUp, t.function())
	case unclear:
		fate = "not understood" + where + "; not reported"
	case len(a.Moved) > 0 || slices.Contains(r.Moved, facts.MovedMain):
		fate = "owned elsewhere" + where + "; not reported here"
	case len(a.Given) > 0 && len(a.Released) == 0:
		fate = "returned to the caller, who must close it"
	case len(a.Given) > 0:
		fate = "closed, or returned to the caller, who must close it"
	case r.Undeferred != nil:
		fate = r.Verb() + " on every path, but not after a panic"
	case len(a.Released) > 0:
		fate = r.Verb() + " on every path"
	default:
		fate = "on no path that returns"
	}
	t.head = fmt.Sprintf("%s (%s) is %s", name, what, fate)
	if check.Generated(t.pass, r.Call.Pos()) {
		t.head += "; not reported, since the file is generated"
	}
}
