package timeout

import (
	"cmp"
	_ "embed"
	"fmt"
	"slices"
	"strings"
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
	dials, ignored := "", ""
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
				fact = dialing(set, x, tries, each)
				dials = fact
			}
		case x.Role == redisapi.Deadline && set.Deadline != nil:
			ignored = fmt.Sprintf("ignores the deadline of %s at %s", set.Deadline.Wait, check.Line(pass, set.Pos, set.Deadline.Pos))
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
			missing = append(missing, "")
		case fact == none:
			missing = append(missing, string(x.Role))
		case fact != dials && !slices.Contains(other, fact):
			other = append(other, fact)
		}
		repair = append(repair, x)
	}
	if len(repair) == 0 {
		return
	}
	if len(missing) > 0 {
		verb := "sets"
		if len(other) > 0 {
			verb = "has"
		}
		other = append([]string{strings.Join(strings.Fields(verb+" no "+check.Or(missing)+" timeout"), " ")}, other...)
	}
	if ignored != "" {
		other = append(other, ignored)
	}
	message := dials
	if len(other) > 0 {
		message = set.Subject + " " + check.Clauses(other)
		if dials != "" {
			dials, _, _ = strings.Cut(dials, ":")
			message += ", and " + dials
		}
	}
	d := analysis.Diagnostic{Pos: set.Pos, End: set.End}
	if set.Deadline != nil && ignored != "" {
		d.Related = []analysis.RelatedInformation{{Pos: set.Deadline.Pos, Message: "command with that deadline"}}
	}
	text := r.advice(advice)
	switch {
	case text != "":
		d.Message = message + "; " + text
	case ignored != "" && len(other) == 1 && dials == "":
		d.Message = message // there is nothing to compare with the limit
	default:
		d.Message = fmt.Sprintf("%s; the limit is %s", message, r.max())
	}
	if check.Unsafe(pass) {
		if edits := set.Repair(repair, r.max()); edits != nil {
			d.SuggestedFixes = []analysis.SuggestedFix{{Message: cmp.Or(text, "set the timeouts to at most "+r.max().String()), TextEdits: edits}}
		}
	}
	check.Report(pass, d)
}

// none is the fact that there is no timeout.
const none = "none"
