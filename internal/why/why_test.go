package why

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/redislint/redislint/internal/lifetime"
)

// silent takes no notice of findings: all cases are full of them.
type silent struct{}

func (silent) Errorf(string, ...any) {}

// In all cases of unclosed, what is told agrees with what the rule goes by, and
// every resource has a story.
func TestAgrees(t *testing.T) {
	testdata, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	dirs, err := filepath.Glob(filepath.Join(testdata, "src", "unclosed", "*"))
	if err != nil {
		t.Fatal(err)
	}
	var packages []string
	for _, dir := range dirs {
		if files, err := filepath.Glob(filepath.Join(dir, "*.go")); err != nil || len(files) == 0 {
			continue // a folder of packages
		}
		packages = append(packages, "unclosed/"+filepath.Base(dir))
	}
	told, dumb := 0, 0
	for _, r := range analysistest.Run(silent{}, testdata, Analyzer, packages...) {
		lives := r.Pass.ResultOf[lifetime.Analyzer].(*lifetime.Result)
		// Calls that open nothing, and settings, have a category.
		accounts := slices.DeleteFunc(r.Diagnostics, func(d analysis.Diagnostic) bool { return d.Category != "" })
		if len(accounts) != len(lives.Resources) {
			t.Fatalf("%s: %d accounts of %d resources", r.Pass.Pkg.Path(), len(accounts), len(lives.Resources))
		}
		for i, x := range lives.Resources {
			told++
			d := accounts[i]
			leaks := strings.Contains(d.Message, "left open") || strings.Contains(d.Message, " is never ")
			if leaks != (len(x.Leaks) > 0 || x.Neglect != nil) {
				t.Errorf("%s: %s", r.Pass.Fset.Position(d.Pos), d.Message)
			}
			if strings.Contains(d.Message, "on no path that returns") {
				dumb++
			}
			for _, step := range d.Related {
				if !step.Pos.IsValid() {
					t.Errorf("%s: no position: %s", r.Pass.Fset.Position(d.Pos), step.Message)
				}
			}
		}
	}
	if told < 300 {
		t.Errorf("%d resources, are those all?", told)
	}
	t.Logf("%d resources, %d of them on no path that returns", told, dumb)
}
