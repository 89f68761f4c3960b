package singleton_test

import (
	"path/filepath"
	"testing"

	"github.com/redislint/redislint/analyzer/singleton"
	"golang.org/x/tools/go/analysis/analysistest"
)

// TestFlows is about clients that only the flow of values leads to.
func TestFlows(t *testing.T) {
	testdata, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	analysistest.Run(t, testdata, singleton.Analyzer,
		"singleton/flows",
		"singleton/serverless/kept",
		"singleton/serverless/knative",
	)
}
