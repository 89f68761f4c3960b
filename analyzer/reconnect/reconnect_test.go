package reconnect_test

import (
	"path/filepath"
	"testing"

	"github.com/redislint/redislint/analyzer/reconnect"
	"github.com/redislint/redislint/internal/checktest"
	"golang.org/x/tools/go/analysis/analysistest"
)

func Test(t *testing.T) {
	checktest.Set(t, "profile", "serverless", "unsafe-fixes", "true")
	testdata, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	analysistest.Run(t, testdata, reconnect.Analyzer, "reconnect/found", "reconnect/quiet")
	analysistest.RunWithSuggestedFixes(t, testdata, reconnect.Analyzer, "reconnect/repair")
}

// A service may retry, but not with a value that sends nothing.
func TestService(t *testing.T) {
	testdata, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	checktest.Set(t, "profile", "service")
	analysistest.Run(t, testdata, reconnect.Analyzer, "reconnect/service")
}
