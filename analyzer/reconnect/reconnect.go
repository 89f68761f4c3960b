package reconnect

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"github.com/redislint/redislint/internal/check"
	"github.com/redislint/redislint/internal/options"
	"github.com/redislint/redislint/internal/redisapi"
	"golang.org/x/tools/go/analysis"
)

//go:embed doc.go
var doc string

// Analyzer reports clients that try again by themselves.
var Analyzer = check.Rule{
	Name:     "reconnect",
	Manual:   doc,
	Profiles: check.All, // outside serverless code for the value that sends nothing alone
	Requires: []*analysis.Analyzer{options.Analyzer},
	Run:      run,
}.Analyzer()

func run(pass *analysis.Pass) error {
	all := check.Profile(pass) == check.Serverless
	if !all {
		check.LeaveOut(pass)
	}
	for _, set := range pass.ResultOf[options.Analyzer].(*options.Result).Sets {
		if !check.InTest(pass, set.Pos) && !trapped(pass, set) && all {
			judge(pass, set)
		}
	}
	return nil
}

// trapped reports a setting with which nothing is sent at all.
func trapped(pass *analysis.Pass, set *options.Set) bool {
	for _, x := range set.Settings {
		i := slices.IndexFunc(x.Values, func(v options.Value) bool { return is(v, x.Trap) })
		if i < 0 {
			continue
		}
		report(pass, set, fmt.Sprintf("%s sets %s to %s, with which this version sends no command and returns no error",
			set.Subject, x.Name(), text(x.Values[i])), []options.Setting{x})
		return true
	}
	return false
}

func judge(pass *analysis.Pass, set *options.Set) {
	var facts, what, advice []string
	var repair []options.Setting
	for _, x := range set.Settings {
		if !x.Known || kind(x.Role) == "" {
			continue
		}
		fact := on(x)
		if fact == "" {
			continue
		}
		facts = append(facts, fact)
		if k := kind(x.Role); !slices.Contains(what, k) {
			what = append(what, k)
		}
		repair = append(repair, x)
		if value := off(x); value != "" {
			advice = append(advice, x.Name()+" to "+value)
		}
	}
	if len(facts) == 0 {
		return
	}
	message := fmt.Sprintf("%s %s (%s)", set.Subject, check.Clauses(facts), check.And(what))
	if len(advice) == len(facts) {
		message += ", set " + check.And(advice)
	}
	report(pass, set, message, repair)
}

// off is the value that turns a setting off, or "" where that takes more than
// a value.
func off(x options.Setting) string {
	switch {
	case x.Code != "" || x.Option || x.Call:
		return ""
	case x.OK != "":
		return x.OK[strings.LastIndexByte(x.OK, '/')+1:]
	case len(x.Off) > 0:
		return x.Off[0]
	}
	return ""
}

// kind says what it is that a client does by itself.
func kind(role redisapi.Role) string {
	switch role {
	case redisapi.Retry:
		return "automatic retry"
	case redisapi.Reconnect:
		return "automatic reconnection"
	case redisapi.Background:
		return "background refresh"
	case redisapi.Idle:
		return "idle connections"
	}
	return ""
}

// on says with which value a setting is on, if it is.
func on(x options.Setting) string {
	for _, v := range x.Values {
		n, ok := options.Int(v)
		switch {
		case is(v, x.Off) || ok && n < 0 && slices.Contains(x.Off, "-1"):
		case !v.Set() || text(v) == "0" || text(v) == "false" || text(v) == "":
			if zero := slices.Contains(x.Off, "0") && !x.Option; !zero && x.Stands && x.Default != "" {
				return fmt.Sprintf("leaves %s at %s", x.Name(), x.Default)
			}
		default:
			return fmt.Sprintf("sets %s to %s", x.Name(), text(v))
		}
	}
	return ""
}

func report(pass *analysis.Pass, set *options.Set, message string, repair []options.Setting) {
	d := analysis.Diagnostic{Pos: set.Pos, End: set.End, Message: message}
	if check.Unsafe(pass) {
		if edits := set.Repair(repair, 0); edits != nil {
			d.SuggestedFixes = []analysis.SuggestedFix{{Message: "Turn it off", TextEdits: edits}}
		}
	}
	check.Report(pass, d)
}
