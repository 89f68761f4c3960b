package directive

import (
	_ "embed"
	"maps"
	"slices"
	"strings"

	"github.com/redislint/redislint/analyzer"
	"github.com/redislint/redislint/internal/check"
	"github.com/redislint/redislint/internal/ignore"
	"github.com/redislint/redislint/internal/program"
	"golang.org/x/tools/go/analysis"
)

//go:embed doc.go
var doc string

// Analyzer reports directives that do not do what they seem to do. It requires
// all other rules, to learn which directives they met.
var Analyzer = check.Rule{
	Name:     ignore.Rule,
	Manual:   doc,
	Profiles: check.All,
	Requires: append(analyzer.Rules(), program.Analyzer),
	Run:      run,
}.Analyzer()

func run(pass *analysis.Pass) error {
	if !pass.ResultOf[program.Analyzer].(*program.Program).Relevant() {
		return nil // no driver says anything about a package without Redis
	}
	rules := check.Outcomes(pass)
	for _, d := range pass.ResultOf[check.Directives].([]*check.Directive) {
		ours := slices.ContainsFunc(d.Rules, func(name string) bool { return rules[name] != nil })
		for _, name := range d.Rules {
			if rules[name] == nil {
				ours = reportUnknown(pass, d, name, ours, rules) || ours
			}
		}
		switch {
		case !ours:
		case d.Reason == "":
			report(pass, d, nil, d.Word()+" "+strings.Join(d.Rules, ",")+" needs a reason to take effect")
		default:
			reportUseless(pass, d, rules)
		}
	}
	return nil
}

// reportUnknown reports a name that is no rule's, and tells whether it did. It
// must stand in a list with a rule, or be nearly the name of one: any other
// belongs to another tool.
func reportUnknown(pass *analysis.Pass, d *check.Directive, name string, ours bool, rules map[string]*check.Outcome) bool {
	for _, rule := range slices.Sorted(maps.Keys(rules)) {
		if near(strings.ToLower(name), rule) {
			report(pass, d, []string{name}, d.Word()+" names unknown rule "+name+"; did you mean "+rule+"?")
			return true
		}
	}
	if ours && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz") == "" {
		report(pass, d, []string{name}, d.Word()+" names unknown rule "+name+"; delete it")
		return true
	}
	return false
}

// reportUseless reports the rules of a directive that have nothing to say
// where it is. That it is about this rule is never useless: it would silence
// its own report.
func reportUseless(pass *analysis.Pass, d *check.Directive, rules map[string]*check.Outcome) {
	var names []string
	for _, name := range d.Rules {
		if o := rules[name]; o != nil && name != ignore.Rule && o.Asked && !o.Used(d) {
			names = append(names, name)
		}
	}
	if len(names) > 0 {
		report(pass, d, names, "unused "+d.Word()+" for "+strings.Join(names, ",")+"; delete it")
	}
}

// report reports a directive, with a fix that deletes the names, or all of it.
func report(pass *analysis.Pass, d *check.Directive, names []string, message string) {
	check.Report(pass, analysis.Diagnostic{
		Pos: d.Comment.Pos(), End: d.Comment.End(), Message: message,
		SuggestedFixes: []analysis.SuggestedFix{d.Deletion(pass, names)},
	})
}

// near reports whether a name is a rule's but for a slip of the pen: two
// letters that are wrong, missing or too many, one in a short name.
func near(name, rule string) bool {
	allowed := 2
	if len(rule) < 7 {
		allowed = 1
	}
	return name == rule || distance(name, rule) <= allowed
}

// distance is how many letters must be changed, left out or put in to make b
// of a.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}
