package percall_test

import (
	"path/filepath"
	"testing"

	"github.com/redislint/redislint/analyzer/percall"
	"github.com/redislint/redislint/internal/checktest"
	"golang.org/x/tools/go/analysis/analysistest"
)

func Test(t *testing.T) {
	testdata, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	checktest.Set(t, "profile", "service")
	analysistest.Run(t, testdata, percall.Analyzer, "percall/handlers", "percall/calls", "percall/command")
}
