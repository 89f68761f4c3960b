package directive_test

import (
	"path/filepath"
	"testing"

	"github.com/redislint/redislint/analyzer/directive"
	"github.com/redislint/redislint/internal/check"
	"golang.org/x/tools/go/analysis/analysistest"
)

func Test(t *testing.T) {
	testdata, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	analysistest.RunWithSuggestedFixes(t, testdata, directive.Analyzer,
		"directive/bad",
		"directive/good",
		"directive/generated",
	)
}

// A rule that is not asked has not met its directives, which says nothing
// about them.
func TestNotAsked(t *testing.T) {
	testdata, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	for flag, value := range map[string]string{"profile": "service", "off": "undeferred,singleton,unclosed"} {
		f := check.Settings.Flags.Lookup(flag)
		before := f.Value.String()
		if err := f.Value.Set(value); err != nil {
			t.Fatal(err)
		}
		analysistest.Run(t, testdata, directive.Analyzer, "directive/"+map[string]string{"profile": "service", "off": "off"}[flag])
		if err := f.Value.Set(before); err != nil {
			t.Fatal(err)
		}
	}
}
