package afterclose_test

import (
	"path/filepath"
	"testing"

	"github.com/redislint/redislint/analyzer/afterclose"
	"golang.org/x/tools/go/analysis/analysistest"
)

func Test(t *testing.T) {
	testdata, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	analysistest.Run(t, testdata, afterclose.Analyzer, "afterclose/late", "afterclose/others", "afterclose/early", "afterclose/left", "afterclose/shared", "afterclose/ended")
	analysistest.RunWithSuggestedFixes(t, testdata, afterclose.Analyzer, "afterclose/lent", "afterclose/idle")
}
