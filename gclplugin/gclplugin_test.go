package gclplugin

import (
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

// Related positions would become issues of their own.
func TestUnrelated(t *testing.T) {
	var got []analysis.Diagnostic
	a := unrelated(&analysis.Analyzer{Name: "x", Run: func(pass *analysis.Pass) (any, error) {
		pass.Report(analysis.Diagnostic{Message: "m", Related: []analysis.RelatedInformation{{Message: "r"}}})
		return 1, nil
	}})
	value, err := a.Run(&analysis.Pass{Analyzer: a, Report: func(d analysis.Diagnostic) { got = append(got, d) }})
	if value != 1 || err != nil || len(got) != 1 || got[0].Message != "m" || got[0].Related != nil {
		t.Errorf("%v, %v, %v", value, err, got)
	}
}
