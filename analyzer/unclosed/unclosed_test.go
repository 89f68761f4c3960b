package unclosed_test

import (
	"path/filepath"
	"testing"

	"github.com/redislint/redislint/analyzer/unclosed"
	"github.com/redislint/redislint/internal/checktest"
	"golang.org/x/tools/go/analysis/analysistest"
)

func TestFixes(t *testing.T) {
	checktest.Set(t, "test", "true")
	testdata, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	analysistest.RunWithSuggestedFixes(t, testdata, unclosed.Analyzer, "unclosed/fixes", "unclosed/fixes/program")
}

func Test(t *testing.T) {
	checktest.Set(t, "test", "true")
	testdata, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	analysistest.Run(t, testdata, unclosed.Analyzer,
		"unclosed/paths",
		"unclosed/manypaths",
		"unclosed/sometimes",
		"unclosed/asked",
		"unclosed/kinds",
		"unclosed/decorated",
		"unclosed/decorated/app",
		"unclosed/exits",
		"unclosed/errs",
		"unclosed/values",
		"unclosed/defers",
		"unclosed/closures",
		"unclosed/captured",
		"unclosed/helpers",
		"unclosed/mid",
		"unclosed/crosspkg",
		"unclosed/owners",
		"unclosed/structs",
		"unclosed/lazy",
		"unclosed/circle",
		"unclosed/standard",
		"unclosed/stopped",
		"unclosed/forgets",
		"unclosed/middleware/limit",
		"unclosed/middleware",
		"unclosed/channels",
		"unclosed/kept",
		"unclosed/mocked",
		"unclosed/containers",
		"unclosed/handover",
		"unclosed/derived",
		"unclosed/generic",
		"unclosed/generics",
		"unclosed/asserting",
		"unclosed/finally",
		"unclosed/hooks",
		"unclosed/askedfor",
		"unclosed/making",
		"unclosed/lending",
		"unclosed/boxed",
		"unclosed/program",
		"unclosed/oneshot",
		"unclosed/tests",
		"unclosed/others",
		"unclosed/runutil",
		"unclosed/idioms",
		"unclosed/defaulted",
		"unclosed/sealed",
		"unclosed/sealed/store",
		"unclosed/sealed/far",
		"unclosed/services",
		"unclosed/lent",
		"unclosed/again",
		"unclosed/odd",
		"unclosed/generated",
	)
}
