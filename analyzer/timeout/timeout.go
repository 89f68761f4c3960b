package timeout

import (
	_ "embed"
	"fmt"
	"slices"
	"time"

	"github.com/redislint/redislint/internal/check"
	"github.com/redislint/redislint/internal/options"
	"github.com/redislint/redislint/internal/redisapi"
	"golang.org/x/tools/go/analysis"
)

//go:embed doc.go
var doc string

// Analyzer reports clients whose timeouts are missing, off or long.
var Analyzer = newAnalyzer()

func newAnalyzer() *analysis.Analyzer {
	r := &rule{limit(5 * time.Second)}
	a := check.Rule{
		Name:     "timeout",
		Manual:   doc,
		Profiles: check.All,
		Requires: []*analysis.Analyzer{options.Analyzer},
		Run:      r.run,
	}.Analyzer()
	a.Flags.Var(&r.limit, "max", "the longest `duration` that a timeout may have")
	return a
}

// rule holds the flag.
type rule struct{ limit limit }

// max is the limit.
func (r *rule) max() time.Duration { return time.Duration(r.limit) }

func (r *rule) run(pass *analysis.Pass) error {
	for _, set := range pass.ResultOf[options.Analyzer].(*options.Result).Sets {
		if check.InTest(pass, set.Pos) {
			continue
		}
		r.judge(pass, set)
	}
	return nil
}

func (r *rule) judge(pass *analysis.Pass, set *options.Set) {
	var missing, other, advice []string
	ignored := ""
	var repair []options.Setting
	usual := check.Profile(pass) == check.Serverless // a library's own defaults count
	for _, x := range set.Settings {
		fact := ""
		switch {
		case !x.Known:
		case x.Role.Timeout():
			fact = r.timeout(x, usual)
		case x.Role == redisapi.Redials:
			if tries, each := set.Redials(x); (usual || given(x)) && tries > 1 && each > 0 && time.Duration(tries)*each > r.max() {
				fact = fmt.Sprintf("dials %d times for up to %s", tries, each)
			}
		case x.Role == redisapi.Deadline && set.Deadline != nil:
			ignored = fmt.Sprintf("ignores the deadline of %s at %s, %s is not set",
				set.Deadline.Wait, check.Line(pass, set.Pos, set.Deadline.Pos), x.Name())
			repair = append(repair, x)
			advice = append(advice, "set "+x.Name()+": true")
		}
		if fact != "" {
			advice = append(advice, typed(x))
		}
		switch {
		case fact == "":
			continue
		case fact == none && x.Call:
			missing = append(missing, "timeout")
		case fact == none && x.Path == nil:
			missing = append(missing, string(x.Role)+" timeout")
		case fact == none:
			missing = append(missing, x.Name())
		case !slices.Contains(other, fact):
			other = append(other, fact)
		}
		repair = append(repair, x)
	}
	if len(repair) == 0 {
		return
	}
	if len(missing) > 0 {
		other = append([]string{"has no " + check.And(missing)}, other...)
	}
	message := check.Clauses(other)
	switch {
	case message == "":
		message = ignored
	case ignored != "":
		message += fmt.Sprintf(" (limit %s), and %s", r.max(), ignored)
	default:
		message += fmt.Sprintf(" (limit %s)", r.max())
	}
	d := analysis.Diagnostic{Pos: set.Pos, End: set.End, Message: set.Subject + " " + message}
	if set.Deadline != nil && ignored != "" {
		d.Related = []analysis.RelatedInformation{{Pos: set.Deadline.Pos, Message: "this command is given the deadline"}}
	}
	if text := r.advice(advice); text != "" {
		d.Message += "; " + text
	}
	if check.Unsafe(pass) {
		if edits := set.Repair(repair, r.max()); edits != nil {
			d.SuggestedFixes = []analysis.SuggestedFix{{Message: "Set the timeouts to at most " + r.max().String(), TextEdits: edits}}
		}
	}
	check.Report(pass, d)
}

// none is the fact that there is no timeout.
const none = "none"

// timeout says what is wrong with a timeout. usual: a default that is too long
// counts. That there is none by default always does.
func (r *rule) timeout(x options.Setting, usual bool) string {
	for _, b := range x.Bounds() {
		switch {
		case b.Off && b.Default:
			return none
		case b.Off:
			return fmt.Sprintf("sets %s to %s (none)", name(x), b.Text)
		case b.Wait > r.max() && b.Default:
			if !usual {
				continue
			}
			return fmt.Sprintf("leaves %s at %s", name(x), b.Wait)
		case b.Wait > r.max():
			return fmt.Sprintf("sets %s to %s", name(x), b.Text)
		}
	}
	return ""
}

func name(x options.Setting) string {
	switch {
	case x.Code != "":
		return "its timeouts"
	case x.Path == nil:
		return "the " + string(x.Role) + " timeout"
	}
	return x.Name()
}
