package singleton

import (
	_ "embed"
	"fmt"
	"go/types"

	"github.com/redislint/redislint/internal/check"
	"github.com/redislint/redislint/internal/holders"
	"github.com/redislint/redislint/internal/redisapi"
	"golang.org/x/tools/go/analysis"
)

//go:embed doc.go
var doc string

// Analyzer reports resources that outlive the invocation that uses them.
var Analyzer = check.Rule{
	Name:     "singleton",
	Manual:   doc,
	Profiles: check.All &^ check.Service, // a team that says service shares on purpose
	Requires: []*analysis.Analyzer{holders.Analyzer},
	Run:      run,
}.Analyzer()

func run(pass *analysis.Pass) error {
	result := pass.ResultOf[holders.Analyzer].(*holders.Result)
	for _, h := range result.Holders() {
		reportHolder(pass, h)
	}
	for _, k := range result.Captives() {
		reportCaptive(pass, k)
	}
	return nil
}

// reportHolder reports a package-level variable.
func reportHolder(pass *analysis.Pass, h holders.Holder) {
	d := analysis.Diagnostic{
		Pos:     h.Var.Pos(),
		Message: fmt.Sprintf("package-level variable %s keeps %s %s", h.Var.Name(), noun(h.Kind), harm(pass)),
	}
	switch {
	case h.From.IsValid():
		d.Related = append(d.Related, analysis.RelatedInformation{Pos: h.From, Message: "this value reaches " + h.Var.Name()})
	case h.Field != nil:
		d.Related = append(d.Related, analysis.RelatedInformation{Pos: h.Field.Pos(), Message: "the client is in this field"})
	}
	check.Report(pass, d)
}

// harm is what is wrong with that, and what to do, in the program at hand.
func harm(pass *analysis.Pass) string {
	switch check.Profile(pass) {
	case check.Serverless:
		return "across invocations; open it inside the handler"
	case check.Serving:
		return "for the life of the process; pass it to its users, or set -profile=service"
	}
	return "that no caller can pass in or close; pass it to its users"
}

// reportCaptive reports a resource that a handler captured.
func reportCaptive(pass *analysis.Pass, k holders.Captive) {
	check.Report(pass, analysis.Diagnostic{
		Pos: k.Call.Pos(),
		End: k.Call.End(),
		Message: fmt.Sprintf("%s is kept across invocations by %s; open it inside the handler",
			k.Subject(types.ExprString), k.Handler),
		Related: []analysis.RelatedInformation{{Pos: k.Entry, Message: "handler passed in here"}},
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
	case redisapi.Worker:
		return "a Redis queue client"
	case redisapi.Store:
		return "a Redis store"
	}
	return "a Redis client"
}
