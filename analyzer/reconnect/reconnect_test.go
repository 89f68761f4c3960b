package reconnect_test

import (
	"path/filepath"
	"testing"

	"github.com/redislint/redislint/analyzer/reconnect"
	"github.com/redislint/redislint/internal/check"
	"golang.org/x/tools/go/analysis/analysistest"
)

func Test(t *testing.T) {
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
	if err := check.Settings.Flags.Set("profile", "service"); err != nil {
		t.Fatal(err)
	}
	defer check.Settings.Flags.Set("profile", "serverless")
	analysistest.Run(t, testdata, reconnect.Analyzer, "reconnect/service")
}
