package reconnect_test

import (
	"path/filepath"
	"testing"

	"github.com/redislint/redislint/analyzer/reconnect"
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
