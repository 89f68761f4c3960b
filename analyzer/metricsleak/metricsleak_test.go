package metricsleak_test

import (
	"path/filepath"
	"testing"

	"github.com/redislint/redislint/analyzer/metricsleak"
	"golang.org/x/tools/go/analysis/analysistest"
)

func Test(t *testing.T) {
	testdata, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	analysistest.Run(t, testdata, metricsleak.Analyzer, "metricsleak/cases", "metricsleak/brief")
}
