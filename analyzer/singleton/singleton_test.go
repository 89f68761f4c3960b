package singleton_test

import (
	"path/filepath"
	"testing"

	"github.com/redislint/redislint/analyzer/singleton"
	"github.com/redislint/redislint/internal/checktest"
	"golang.org/x/tools/go/analysis/analysistest"
)

func Test(t *testing.T) {
	checktest.Set(t, "profile", "serverless")
	testdata, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	analysistest.Run(t, testdata, singleton.Analyzer,
		"singleton/variables",
		"singleton/forms",
		"singleton/holders",
		"singleton/libraries",
		"singleton/serverless/closure",
		"singleton/serverless/constructor",
		"singleton/serverless/method",
		"singleton/serverless/option",
		"singleton/serverless/functionsfw",
		"singleton/serverless/vercel/api",
		"singleton/serverless/clean",
		"singleton/serverless/httpserver",
		"singleton/generated",
	)
}
