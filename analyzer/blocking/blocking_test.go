package blocking_test

import (
	"path/filepath"
	"testing"

	"github.com/redislint/redislint/analyzer/blocking"
	"github.com/redislint/redislint/internal/checktest"
	"golang.org/x/tools/go/analysis/analysistest"
)

func Test(t *testing.T) {
	testdata, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	analysistest.Run(t, testdata, blocking.Analyzer, "blocking/cases")
	checktest.Set(t, "profile", "service")
	analysistest.Run(t, testdata, blocking.Analyzer, "blocking/workers")
}
