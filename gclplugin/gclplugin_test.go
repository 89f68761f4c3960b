package gclplugin

import (
	"go/parser"
	"go/token"
	"strings"
	"testing"

	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"

	"github.com/redislint/redislint"
)

func TestRegistered(t *testing.T) {
	if _, err := register.GetPlugin(Name); err != nil {
		t.Error(err)
	}
}

// What the settings say holds for this plugin, and not for the next one.
func TestSettings(t *testing.T) {
	for _, test := range []struct {
		settings any
		without  int // rules fewer than there are
	}{
		{map[string]any{"rules": map[string]any{"unclosed": false, "escape": true}, "profile": "service"}, 1},
		{map[string]any{"rules": []any{"unclosed"}}, len(redislint.Analyzers()) - 1},
		{nil, 0},
		{map[string]any{}, 0},
	} {
		p, err := New(test.settings)
		if err != nil {
			t.Errorf("%v: %v", test.settings, err)
			continue
		}
		rules, err := p.BuildAnalyzers()
		if err != nil || len(rules) != len(redislint.Analyzers())-test.without {
			t.Errorf("%v: %d rules, %v", test.settings, len(rules), err)
		}
		if err := analysis.Validate(rules); err != nil {
			t.Error(err)
		}
		if p.GetLoadMode() != register.LoadModeTypesInfo {
			t.Error("the rules need types")
		}
	}
	_, err := New(map[string]any{"extra": "what is this", "profile": "service"})
	if err == nil || !strings.HasPrefix(err.Error(), "settings of redislint: extra: ") {
		t.Errorf("wrong row: %v", err)
	}
}

// Related positions would become issues of their own, all fixes would be made,
// and made in the file where the finding is reported.
func TestPlain(t *testing.T) {
	fset := token.NewFileSet()
	parse := func(name, text string) token.Pos {
		f, err := parser.ParseFile(fset, name, text, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		return f.Decls[0].Pos()
	}
	own, other := parse("own.go", "package p\n\nvar a int"), parse("other.go", "package p\n\nvar b int")
	lined := parse("lined.go", "package p\n\n//line other.go:3\nvar c int")
	same := parse("same.go", "package p\n\n//line same.go:300\nvar d int")
	fix := func(places ...token.Pos) analysis.SuggestedFix {
		var fix analysis.SuggestedFix
		for _, pos := range places {
			fix.TextEdits = append(fix.TextEdits, analysis.TextEdit{Pos: pos, End: pos})
		}
		return fix
	}
	for _, test := range []struct {
		name  string
		pos   token.Pos
		fixes []analysis.SuggestedFix
		left  int
	}{
		{"none", own, nil, 0},
		{"one", own, []analysis.SuggestedFix{fix(own, own)}, 1},
		{"several", own, []analysis.SuggestedFix{fix(own), fix(own)}, 1},
		{"two files", own, []analysis.SuggestedFix{fix(own, other)}, 0},
		{"another file", own, []analysis.SuggestedFix{fix(other)}, 0},
		{"line", lined, []analysis.SuggestedFix{fix(lined)}, 0},
		{"line of the same file", same, []analysis.SuggestedFix{fix(same)}, 1},
	} {
		var got []analysis.Diagnostic
		a := plain(&analysis.Analyzer{Name: "x", Run: func(pass *analysis.Pass) (any, error) {
			pass.Report(analysis.Diagnostic{
				Pos: test.pos, Message: "m", SuggestedFixes: test.fixes,
				Related: []analysis.RelatedInformation{{Pos: test.pos, Message: "r"}},
			})
			return 1, nil
		}})
		value, err := a.Run(&analysis.Pass{Analyzer: a, Fset: fset, Report: func(d analysis.Diagnostic) { got = append(got, d) }})
		if value != 1 || err != nil || len(got) != 1 || got[0].Message != "m" || got[0].Related != nil || len(got[0].SuggestedFixes) != test.left {
			t.Errorf("%s: %v, %v, %v", test.name, value, err, got)
		}
	}
}
