package escape_test

import (
	"path/filepath"
	"testing"

	"github.com/redislint/redislint/analyzer/escape"
	"golang.org/x/tools/go/analysis/analysistest"
)

func Test(t *testing.T) {
	testdata, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	analysistest.Run(t, testdata, escape.Analyzer, "escape/ways", "escape/goroutines", "escape/holders", "escape/bundles")
}
