// Package why tells what the ownership engine believes of each resource that a
// package opens, and which lines made it believe so. It is how a user settles a
// doubt, and how we find what the engine does not understand.
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
	"github.com/redislint/redislint/internal/options"
	"github.com/redislint/redislint/internal/program"
)

// Analyzer reports each resource once, with what is believed of it as the
// message, and the lines it is believed for as related positions.
var Analyzer = newAnalyzer()

func newAnalyzer() *analysis.Analyzer {
	return &analysis.Analyzer{
		Name:     "why",
		Doc:      "why: tell what is believed of each Redis resource",
		Requires: []*analysis.Analyzer{program.Analyzer, lifetime.Analyzer, options.Analyzer},
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
		t.add(u.Risk, "a panic in this call would skip that release")
	}
	for _, e := range a.Given {
		t.add(e.Pos, fmt.Sprintf("handed to the caller, as %s", e.By))
	}
	unclear := a.GaveUp
	for _, e := range a.Moved {
		text := string(e.Reason)
		if e.By != "" {
			text += ": " + e.By
		}
		if e.Reason.Understood() {
			t.add(e.Pos, "moved: "+text)
		} else {
			unclear = true
			t.add(e.Pos, "not understood: "+text)
		}
	}
	if slices.Contains(r.Moved, lifetime.MovedMain) {
		t.add(r.Call.Pos(), "moved: "+string(lifetime.MovedMain))
	}
	for i, l := range r.Leaks {
		t.leak(l, i == 0)
	}
	if n := r.Neglect; n != nil {
		t.add(cmp.Or(n.Pos, r.Call.Pos()), fmt.Sprintf("open: %s.%s keeps it, and does not release it", n.Owner, n.Field))
	}
	t.verdict(a, unclear)
	return analysis.Diagnostic{Pos: r.Call.Pos(), End: r.Call.End(), Message: t.head, Related: t.steps}
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

// released says by what it is released.
func (t *teller) released(e lifetime.Event) string {
	text := t.r.Verb()
	if e.Deferred {
		text += ", deferred"
	}
	switch {
	case e.By == "":
		return text + ": by its cleanup func"
	case e.Own:
		return text + ": by " + e.By
	}
	return text + ": by " + e.By + ", which releases it"
}

// leak tells where it is left open, and by which conditions one gets there.
func (t *teller) leak(l lifetime.Leak, conditions bool) {
	for _, c := range l.Path {
		if conditions && c.Pos.IsValid() {
			t.add(c.Pos, fmt.Sprintf("if this is %t", c.Taken))
		}
	}
	switch {
	case l.Again:
		t.add(l.Exit, "open: the loop comes back here with it")
	case l.WithError:
		t.add(l.Exit, "open: it is returned beside an error, which is all that a caller looks at")
	default:
		t.add(l.Exit, "open: this return is reached with it")
	}
}

// verdict says what all of it comes to.
func (t *teller) verdict(a *lifetime.Account, unclear bool) {
	r := t.r
	name := r.Subject(types.ExprString)
	kind := string(r.Kind)
	if r.Kind == "dedicated" {
		kind += " connection"
	}
	what := fmt.Sprintf("%s, opened by %s", kind, r.What)
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
		fate = "not understood: " + string(lifetime.GaveUp) + "; nothing is reported"
	case unclear:
		fate = "not understood" + where + "; nothing is reported"
	case len(a.Moved) > 0 || slices.Contains(r.Moved, lifetime.MovedMain):
		fate = "somebody else's" + where + "; nothing is reported here"
	case len(a.Given) > 0 && len(a.Released) == 0:
		fate = "the caller's to release"
	case len(a.Given) > 0:
		fate = "released, or the caller's to release"
	case r.Undeferred != nil:
		fate = r.Verb() + " on every path, though not when something panics"
	case len(a.Released) > 0:
		fate = r.Verb() + " on every path"
	default:
		fate = "on no path that returns"
	}
	t.head = fmt.Sprintf("%s (%s) is %s", name, what, fate)
	if check.Generated(t.pass, r.Call.Pos()) {
		t.head += "; the file is generated, rules are silent in it"
	}
}
