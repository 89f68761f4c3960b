package reconnect

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"github.com/redislint/redislint/internal/check"
	"github.com/redislint/redislint/internal/options"
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
		message := fmt.Sprintf("%s sets %s: %s, with which this version sends no command and returns no error", set.Subject, x.Name(), text(x.Values[i]))
		if value := off(x); value != "" {
			message += "; set " + x.Name() + ": " + value
		}
		report(pass, set, message, []options.Setting{x})
		return true
	}
	return false
}

// longest is how long a message gets before the second setting and what follows
// it are only counted.
const longest = 130

func judge(pass *analysis.Pass, set *options.Set) {
	var doing, advice []string
	values := map[string][]string{} // by what the client does
	var repair []options.Setting
	for _, x := range set.Settings {
		what := does(x.Role)
		if !x.Known || what == "" {
			continue
		}
		value := on(x)
		if value == "" {
			continue
		}
		if values[what] == nil {
			doing = append(doing, what)
		}
		values[what] = append(values[what], x.Name()+" is "+value)
		repair = append(repair, x)
		if value := off(x); value != "" {
			advice = append(advice, x.Name()+": "+value)
		}
	}
	if len(repair) == 0 {
		return
	}
	if len(advice) < len(repair) {
		advice = nil
	}
	message := sentence(set.Subject, doing, values, advice)
	for n := len(doing) - 1; len(message) > longest && n > 0; n-- {
		delete(values, doing[n])
		message = sentence(set.Subject, doing, values, advice)
	}
	if len(message) > longest && len(advice) > 1 {
		message = sentence(set.Subject, doing, values, []string{advice[0], fmt.Sprintf("%d more", len(advice)-1)})
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

// on says with which value a setting is on, if it is.
func on(x options.Setting) string {
	for _, v := range x.Values {
		n, ok := options.Int(v)
		switch {
		case is(v, x.Off) || ok && n < 0 && slices.Contains(x.Off, "-1"):
		case !v.Set() || text(v) == "0" || text(v) == "false" || text(v) == "":
			if zero := slices.Contains(x.Off, "0") && !x.Option; !zero && x.Stands && x.Default != "" {
				return x.Default
			}
		default:
			return text(v)
		}
	}
	return ""
}

func report(pass *analysis.Pass, set *options.Set, message string, repair []options.Setting) {
	d := analysis.Diagnostic{Pos: set.Pos, End: set.End, Message: message}
	if check.Unsafe(pass) {
		if edits := set.Repair(repair, 0); edits != nil {
			d.SuggestedFixes = []analysis.SuggestedFix{{Message: title(repair), TextEdits: edits}}
		}
	}
	check.Report(pass, d)
}
