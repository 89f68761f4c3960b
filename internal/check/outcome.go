package check

import (
	"go/token"
	"iter"
	"maps"
	"strings"
	"unicode"

	"golang.org/x/tools/go/analysis"
)

// An Outcome is the result of every rule: what it did besides reporting.
type Outcome struct {
	Asked bool // the flags ask for the rule in this package

	used       map[*Directive]bool
	suppressed []suppressed
	folds      map[token.Pos]string
	exits      map[finding][]token.Pos
	unfixed    map[finding]string
}

// finding is what a finding is known by: there may be two of a call.
type finding struct {
	pos     token.Pos
	message string
}

func findingOf(d analysis.Diagnostic) finding { return finding{d.Pos, visible(d.Message)} }

// Fold says that of the findings of a pass at such positions a person need see
// no more than the first one of a package, with a text that has their number in
// place of %d. Whatever else reads findings has each of them.
func Fold(pass *analysis.Pass, pos token.Pos, text string) {
	o := pass.ResultOf[pass.Analyzer].(*Outcome)
	if o.folds == nil {
		o.folds = map[token.Pos]string{}
	}
	o.folds[pos] = text
}

// Folds returns for the position of a finding the text that stands for it and
// its like, or "".
func (o *Outcome) Folds(pos token.Pos) string { return o.folds[pos] }

// suppressed is a finding that a directive silenced.
type suppressed struct {
	diagnostic analysis.Diagnostic
	directive  *Directive
}

// LeaveOut notes that the profile leaves out most of what the rule asks, so that
// its silence about the package means nothing.
func LeaveOut(pass *analysis.Pass) { pass.ResultOf[pass.Analyzer].(*Outcome).Asked = false }

// Ran reports whether the rule ran in the package.
func (o *Outcome) Ran() bool { return o.Asked }

// Used reports whether the rule would have said something at the directive.
func (o *Outcome) Used(d *Directive) bool { return o.used[d] }

// Suppressed yields the findings that directives silenced, and the reasons
// that they give. A driver that knows of this can show them.
func (o *Outcome) Suppressed() iter.Seq2[analysis.Diagnostic, string] {
	return func(yield func(analysis.Diagnostic, string) bool) {
		for _, s := range o.suppressed {
			if !yield(s.diagnostic, s.directive.Reason) {
				return
			}
		}
	}
}

// Exits records, for a finding, the places by which its resource gets away, if
// some do not. A driver that knows of this can tell a leak by another path from
// the one that was there before.
func Exits(pass *analysis.Pass, d analysis.Diagnostic, exits ...token.Pos) {
	o := pass.ResultOf[pass.Analyzer].(*Outcome)
	if o.exits == nil {
		o.exits = map[finding][]token.Pos{}
	}
	o.exits[findingOf(d)] = append(o.exits[findingOf(d)], exits...)
}

// Exits returns what the function Exits was told of a finding.
func (o *Outcome) Exits(d analysis.Diagnostic) []token.Pos { return o.exits[findingOf(d)] }

// NoFix says in half a line why a finding has no fix, or "" if it has one.
// A driver that knows of this can show it.
func NoFix(pass *analysis.Pass, d analysis.Diagnostic, why string) {
	o := pass.ResultOf[pass.Analyzer].(*Outcome)
	if o.unfixed == nil {
		o.unfixed = map[finding]string{}
	}
	o.unfixed[findingOf(d)] = why
}

// NoFix returns what the function NoFix was told of a finding.
func (o *Outcome) NoFix(d analysis.Diagnostic) string { return o.unfixed[findingOf(d)] }

// visible replaces what a terminal would obey in a text: a literal of the
// source may be part of a message.
func visible(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r):
			return unicode.ReplacementChar
		}
		return r
	}, text)
}

// Outcomes returns what became of the rules that this one requires, and of
// this one so far, by name.
func Outcomes(pass *analysis.Pass) map[string]*Outcome {
	byName := map[string]*Outcome{}
	for a, result := range pass.ResultOf {
		if o, ok := result.(*Outcome); ok {
			byName[a.Name] = o
		}
	}
	return byName
}

// listen returns the pass with a Report that holds back what nobody shall see:
// findings in generated files, and those that a directive silences.
func (o *Outcome) listen(pass *analysis.Pass) *analysis.Pass {
	own := *pass
	own.ResultOf = maps.Clone(pass.ResultOf)
	own.ResultOf[pass.Analyzer] = o
	directives := pass.ResultOf[Directives].([]*Directive)
	own.Report = func(d analysis.Diagnostic) {
		d.Category, d.Message = pass.Analyzer.Name, visible(d.Message)
		d.URL = URL(pass.Analyzer.Name)
		generated := Generated(pass, d.Pos)
		if generated && !setting(pass).generated || setting(pass).excludesFile(pass.Pkg.Path(), pass.Fset.Position(d.Pos).Filename) {
			return
		}
		// A directive in a test file is used, whether tests are checked or not.
		inTest := !setting(pass).tests && strings.HasSuffix(pass.Fset.File(d.Pos).Name(), "_test.go")
		if generated || fromCgo(pass, d.Pos) {
			d.SuggestedFixes = nil // nobody edits this file
		}
		d.SuggestedFixes = withNewlines(pass, d.SuggestedFixes)
		silent := false
		for _, x := range directives {
			if !x.silences(pass.Analyzer.Name, d.Pos) {
				continue
			}
			if o.used == nil {
				o.used = map[*Directive]bool{}
			}
			o.used[x] = true
			if !silent && !inTest {
				o.suppressed = append(o.suppressed, suppressed{d, x})
			}
			silent = true
		}
		if !silent && !inTest {
			pass.Report(d)
		}
	}
	return &own
}
