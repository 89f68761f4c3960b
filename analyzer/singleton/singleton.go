package singleton

import (
	_ "embed"
	"fmt"
	"go/types"

	"github.com/redislint/redislint/internal/check"
	"github.com/redislint/redislint/internal/lifetime"
	"github.com/redislint/redislint/internal/redisapi"
	"golang.org/x/tools/go/analysis"
)

//go:embed doc.go
var doc string

// Analyzer reports resources that outlive the invocation that uses them.
var Analyzer = check.Rule{
	Name:     "singleton",
	Manual:   doc,
	Profiles: check.Serverless,
	Requires: []*analysis.Analyzer{lifetime.Analyzer},
	Run:      run,
}.Analyzer()

func run(pass *analysis.Pass) error {
	result := pass.ResultOf[lifetime.Analyzer].(*lifetime.Result)
	for _, h := range result.Holders() {
		reportHolder(pass, h)
	}
	for _, k := range result.Captives() {
		reportCaptive(pass, k)
	}
	return nil
}

// reportHolder reports a package-level variable.
func reportHolder(pass *analysis.Pass, h lifetime.Holder) {
	d := analysis.Diagnostic{
		Pos: h.Var.Pos(),
		Message: fmt.Sprintf("package-level %s holds %s that outlives the invocation, open it inside the handler",
			h.Var.Name(), noun(h.Kind)),
	}
	switch {
	case h.From.IsValid():
		d.Related = append(d.Related, analysis.RelatedInformation{Pos: h.From, Message: "this flows into " + h.Var.Name()})
	case h.Field != nil:
		d.Related = append(d.Related, analysis.RelatedInformation{Pos: h.Field.Pos(), Message: "this field holds it"})
	}
	check.Report(pass, d)
}

// reportCaptive reports a resource that a handler captured.
func reportCaptive(pass *analysis.Pass, k lifetime.Captive) {
	check.Report(pass, analysis.Diagnostic{
		Pos: k.Call.Pos(),
		End: k.Call.End(),
		Message: fmt.Sprintf("%s is captured by %s and outlives the invocation, open it inside the handler",
			k.Subject(types.ExprString), k.Handler),
		Related: []analysis.RelatedInformation{{Pos: k.Entry, Message: "the handler is handed over here"}},
	})
}

// noun names a kind of resource.
func noun(kind redisapi.Kind) string {
	switch kind {
	case redisapi.Pool:
		return "a Redis connection pool"
	case redisapi.Conn, redisapi.Dedicated, redisapi.Monitor:
		return "a Redis connection"
	case redisapi.Subscription:
		return "a Redis subscription"
	}
	return "a Redis client"
}
