package percall_test

import (
	"path/filepath"
	"testing"

	"github.com/redislint/redislint/analyzer/percall"
	"github.com/redislint/redislint/internal/check"
	"golang.org/x/tools/go/analysis/analysistest"
)

func Test(t *testing.T) {
	testdata, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	if err := check.Settings.Flags.Set("profile", "service"); err != nil {
		t.Fatal(err)
	}
	analysistest.Run(t, testdata, percall.Analyzer, "percall/handlers", "percall/calls", "percall/command")
}
