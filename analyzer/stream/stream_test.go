package stream_test

import (
	"path/filepath"
	"testing"

	"github.com/redislint/redislint/analyzer/stream"
	"golang.org/x/tools/go/analysis/analysistest"
)

func Test(t *testing.T) {
	testdata, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	analysistest.Run(t, testdata, stream.Analyzer, "stream/cases")
}
