package unlogged_test

import (
	"path/filepath"
	"testing"

	"github.com/redislint/redislint/analyzer/unlogged"
	"github.com/redislint/redislint/internal/checktest"
	"golang.org/x/tools/go/analysis/analysistest"
)

func Test(t *testing.T) {
	checktest.Set(t, "profile", "serverless")
	testdata, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	analysistest.Run(t, testdata, unlogged.Analyzer, "unlogged/cases")
}
