package afterclose

import (
	_ "embed"
	"fmt"
	"go/token"
	"go/types"
	"slices"

	"github.com/redislint/redislint/internal/check"
	"github.com/redislint/redislint/internal/lifetime"
	"github.com/redislint/redislint/internal/scope"
	"golang.org/x/tools/go/analysis"
)

//go:embed doc.go
var doc string

// Analyzer reports clients that are used after they were closed, or closed by
// who should not, or too early.
var Analyzer = check.Rule{
	Name:     "afterclose",
	Manual:   doc,
	Profiles: check.All,
	Requires: []*analysis.Analyzer{lifetime.Analyzer, scope.Analyzer},
	Run:      run,
}.Analyzer()

func run(pass *analysis.Pass) error {
	lives := pass.ResultOf[lifetime.Analyzer].(*lifetime.Result)
	reported := map[token.Pos]bool{}
	for _, r := range slices.Concat(lives.Resources, lives.UsedClosed()) {
		for _, u := range r.Late {
			if !reported[u.Pos] {
				reported[u.Pos] = true
				reportLate(pass, r, u)
			}
		}
	}
	scopes := pass.ResultOf[scope.Analyzer].(*scope.Result)
	for _, r := range lives.Resources {
		for _, e := range r.Early {
			if reported[e.Defer.Pos()] || e.How == lifetime.Started && !scopes.LeavesBehind(e.Start) {
				continue
			}
			reported[e.Defer.Pos()] = true
			reportLeft(pass, r, e)
		}
	}
	for _, c := range scopes.Closed {
		reportLent(pass, c)
	}
	for _, b := range scopes.Borrowed() {
		reportBorrowed(pass, b)
	}
	for _, e := range scopes.Ended() {
		reportEnded(pass, e)
	}
	for _, d := range lives.EarlyDefers() {
		reportEarly(pass, d)
	}
	for _, c := range lives.IdleCleanups() {
		reportIdle(pass, c)
	}
	return nil
}

// reportLate reports a use of a resource that was released before.
func reportLate(pass *analysis.Pass, r *lifetime.Resource, u lifetime.LateUse) {
	line := check.Line(pass, u.Pos, u.Release)
	check.Report(pass, analysis.Diagnostic{
		Pos:     u.Pos,
		Message: fmt.Sprintf("%s is used after %s at %s; %s after its last use", r.Subject(types.ExprString), releasing(pass, r, u.Release), line, r.ToClose("it")),
		Related: []analysis.RelatedInformation{{Pos: u.Release, Message: r.Verb() + " here"}},
	})
}

// reportLeft reports a deferred release of what leaves the function.
func reportLeft(pass *analysis.Pass, r *lifetime.Resource, e lifetime.EarlyRelease) {
	name := r.Subject(types.ExprString)
	line := check.Line(pass, e.Defer.Pos(), e.At)
	d := analysis.Diagnostic{Pos: e.Defer.Pos(), End: e.Defer.End()}
	related := ""
	switch e.How {
	case lifetime.Returned:
		d.Message = fmt.Sprintf("%s is %s as soon as it is returned at %s; let the caller %s", name, r.Verb(), line, r.ToClose("it"))
		related = "returned here"
	case lifetime.Started:
		d.Message = fmt.Sprintf("%s is %s while the goroutine at %s may still use it; wait for the goroutine, or %s there", name, r.Verb(), line, r.ToClose("it"))
		related = "used by this goroutine"
	default:
		d.Message = fmt.Sprintf("%s is stored for others, and %s when this function returns; %s where its owner ends", name, r.Verb(), r.ToClose("it"))
	}
	if related != "" {
		d.Related = []analysis.RelatedInformation{{Pos: e.At, Message: related}}
	}
	check.Report(pass, d)
}

// reportEarly reports a release that is deferred before the error of opening
// is looked at.
func reportEarly(pass *analysis.Pass, d lifetime.EarlyDefer) {
	err := d.Error
	if err == "" {
		err = "the error"
	}
	check.Report(pass, analysis.Diagnostic{
		Pos: d.Defer.Pos(), End: d.Defer.End(),
		Message: fmt.Sprintf("%s is deferred before %s is checked, and %s is nil if %s failed; move the defer below %s",
			deferred(d), err, d.Subject(types.ExprString), d.What, check.Line(pass, d.Defer.Pos(), d.Check)),
		Related: []analysis.RelatedInformation{{Pos: d.Check, Message: "error checked here"}},
	})
}

// reportIdle reports a deferred call that opens something and drops the func
// that releases it.
func reportIdle(pass *analysis.Pass, c lifetime.IdleCleanup) {
	advice := "add () to defer that function"
	if call := callAt(pass, c.Pos); call != nil && len(call.Args) == 0 {
		advice = fmt.Sprintf("write defer %s()()", types.ExprString(call.Fun))
	}
	d := analysis.Diagnostic{
		Pos: c.Pos, End: c.End,
		Message: "this defer opens the client when the function returns and drops its cleanup function; " + advice,
	}
	if c.Alone {
		d.SuggestedFixes = []analysis.SuggestedFix{{
			Message:   "add ()",
			TextEdits: []analysis.TextEdit{{Pos: c.End, End: c.End, NewText: []byte("()")}},
		}}
	}
	check.Report(pass, d)
}
