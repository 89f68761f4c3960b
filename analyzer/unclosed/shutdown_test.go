package unclosed_test

import (
	"path/filepath"
	"testing"

	"github.com/redislint/redislint/analyzer/unclosed"
	"github.com/redislint/redislint/internal/checktest"
	"golang.org/x/tools/go/analysis/analysistest"
)

// TestShutdown is about what a service keeps until it ends.
func TestShutdown(t *testing.T) {
	testdata, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	checktest.Set(t, "profile", "service")
	analysistest.Run(t, testdata, unclosed.Analyzer, "unclosed/shutdown/never", "unclosed/shutdown/closed", "unclosed/shutdown/exported",
		"unclosed/shutdown/oneshot", "unclosed/shutdown/server")
}
