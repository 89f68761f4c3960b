// Package redislint finds Redis clients, pools, connections and subscriptions
// that are not released, and uses of them that serverless code cannot afford.
//
// The rules are analyzers of golang.org/x/tools/go/analysis. Each has a folder
// under analyzer, and its manual there.
package redislint

import (
	"github.com/redislint/redislint/analyzer"
	"github.com/redislint/redislint/analyzer/directive"
	"golang.org/x/tools/go/analysis"
)

// A Requirement is a line of the checklist that code with Redis should pass.
type Requirement struct {
	Text  string
	Rules []string // that verify it
}

// Checklist returns the requirements in the order in which they are listed. Each
// rule verifies one of them.
func Checklist() []Requirement {
	return []Requirement{
		{"No client is kept in a package-level variable", []string{"singleton"}},
		{"Every client, connection and subscription is closed on every path", []string{"unclosed"}},
		{"Closing is deferred, so that a panic does not skip it", []string{"undeferred"}},
		{"Every command runs inside a scope, such as WithRedis", []string{"unscoped"}},
		{"No connection outlives its scope", []string{"escape", "metricsleak"}},
		{"Connections are short, and not opened again and again", []string{"inloop", "percall", "blocking"}},
		{"No client is used or closed after its end", []string{"afterclose"}},
		{"A failure of Redis does not end the process", []string{"fatal"}},
		{"Timeouts are set, and short", []string{"timeout"}},
		{"Serverless clients do not reconnect by themselves", []string{"reconnect"}},
		{"Streams end when the client has disconnected", []string{"stream"}},
		{"Scopes log when they open and close", []string{"unlogged"}},
		{"Every suppression has a reason and an effect", []string{"directive"}},
	}
}

// Analyzers returns the rules in the order in which they are listed: those
// about code, and after them the one about directives.
func Analyzers() []*analysis.Analyzer {
	return append(analyzer.Rules(), directive.Analyzer)
}
