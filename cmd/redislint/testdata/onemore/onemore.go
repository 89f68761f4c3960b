package onemore

import (
	_ "embed"

	"github.com/redislint/redislint/internal/check"
	"github.com/redislint/redislint/internal/lifetime"
	"golang.org/x/tools/go/analysis"
)

//go:embed doc.go
var doc string

// Analyzer reports everything that is opened, and every file.
var Analyzer = check.Rule{
	Name:     "onemore",
	Manual:   doc,
	Profiles: check.All,
	Requires: []*analysis.Analyzer{lifetime.Analyzer},
	Run:      run,
}.Analyzer()

func run(pass *analysis.Pass) error {
	for _, f := range pass.Files {
		check.Report(pass, analysis.Diagnostic{Pos: f.Name.Pos(), Message: "one more file"})
	}
	for _, r := range pass.ResultOf[lifetime.Analyzer].(*lifetime.Result).Resources {
		check.Report(pass, analysis.Diagnostic{Pos: r.Call.Pos(), Message: "one more thing opened"})
	}
	return nil
}
