// Package gclplugin makes redislint a linter of golangci-lint, by its module
// plugin system. A .custom-gcl.yml names this package, and a .golangci.yml the
// linter; docs/golangci.md shows both.
//
// The settings are those of a .redislint.yml.
package gclplugin

import (
	"fmt"
	"slices"

	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"

	"github.com/redislint/redislint"
	"github.com/redislint/redislint/internal/driver"
	"github.com/redislint/redislint/internal/redisapi"
)

// Name is what the linter is called in a .golangci.yml and after //nolint.
const Name = "redislint"

func init() { register.Plugin(Name, New) }

// New makes the plugin from the settings of a .golangci.yml. An unknown key, a
// value of the wrong type and a pattern that matches nothing are errors.
// Patterns are relative to the root of the workspace or module.
func New(settings any) (register.LinterPlugin, error) {
	tool := driver.Tool{
		Name:      Name,
		Analyzers: redislint.Analyzers(),
		Covers: func(extra string) (func(string) bool, error) {
			table, err := redisapi.New(extra)
			if err != nil {
				return nil, err
			}
			return table.Covers, nil
		},
	}
	rules, err := tool.Configure(settings, ".")
	if err != nil {
		return nil, fmt.Errorf("settings of %s: %w", Name, err)
	}
	return &plugin{rules}, nil
}

type plugin struct{ rules []*analysis.Analyzer }

// GetLoadMode says that the rules need types.
func (p *plugin) GetLoadMode() string { return register.LoadModeTypesInfo }

// BuildAnalyzers returns the rules that the settings ask for.
func (p *plugin) BuildAnalyzers() ([]*analysis.Analyzer, error) {
	var list []*analysis.Analyzer
	bare := make(map[*analysis.Analyzer]*analysis.Analyzer)
	for _, a := range p.rules {
		bare[a] = plain(a)
		list = append(list, bare[a])
	}
	// A rule that requires others requires those that are run in any case.
	for _, a := range list {
		a.Requires = slices.Clone(a.Requires)
		for i, r := range a.Requires {
			if bare[r] != nil {
				a.Requires[i] = bare[r]
			}
		}
	}
	return list, nil
}

// plain is an analyzer whose findings golangci-lint gets right. It makes an
// issue of its own of each related position. Of fixes it makes all that a
// finding has, in the file where the finding is reported.
func plain(a *analysis.Analyzer) *analysis.Analyzer {
	bare := *a
	bare.Run = func(pass *analysis.Pass) (any, error) {
		p := *pass
		p.Report = func(d analysis.Diagnostic) {
			d.Related = nil
			d.SuggestedFixes = d.SuggestedFixes[:min(1, len(d.SuggestedFixes))]
			if len(d.SuggestedFixes) > 0 && !within(pass, d.SuggestedFixes[0], d) {
				d.SuggestedFixes = nil
			}
			pass.Report(d)
		}
		return a.Run(&p)
	}
	return &bare
}

// within reports whether a fix changes nothing but the file where a finding is
// reported. A //line directive may say that this is another one.
func within(pass *analysis.Pass, fix analysis.SuggestedFix, d analysis.Diagnostic) bool {
	name := pass.Fset.Position(d.Pos).Filename
	return !slices.ContainsFunc(fix.TextEdits, func(e analysis.TextEdit) bool {
		return pass.Fset.PositionFor(e.Pos, false).Filename != name
	})
}
