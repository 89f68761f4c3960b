package timeout_test

import (
	"path/filepath"
	"testing"

	"github.com/redislint/redislint/analyzer/timeout"
	"github.com/redislint/redislint/internal/checktest"
	"golang.org/x/tools/go/analysis/analysistest"
)

func Test(t *testing.T) {
	checktest.Set(t, "profile", "serverless", "unsafe-fixes", "true")
	testdata, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	analysistest.Run(t, testdata, timeout.Analyzer, "timeout/found", "timeout/quiet")
	analysistest.RunWithSuggestedFixes(t, testdata, timeout.Analyzer, "timeout/repair")
}
