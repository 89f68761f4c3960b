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

// Analyzers returns the rules in the order in which they are listed: those
// about code, and after them the one about directives.
func Analyzers() []*analysis.Analyzer {
	return append(analyzer.Rules(), directive.Analyzer)
}
