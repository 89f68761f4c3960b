// Package redislint finds Redis clients, pools, connections and subscriptions
// that are not released, and uses of them that serverless code cannot afford.
//
// The rules are analyzers of golang.org/x/tools/go/analysis. Each has a folder
// under analyzer, and its manual there.
package redislint

import (
	"github.com/redislint/redislint/analyzer/afterclose"
	"github.com/redislint/redislint/analyzer/blocking"
	"github.com/redislint/redislint/analyzer/directive"
	"github.com/redislint/redislint/analyzer/escape"
	"github.com/redislint/redislint/analyzer/fatal"
	"github.com/redislint/redislint/analyzer/inloop"
	"github.com/redislint/redislint/analyzer/metricsleak"
	"github.com/redislint/redislint/analyzer/percall"
	"github.com/redislint/redislint/analyzer/reconnect"
	"github.com/redislint/redislint/analyzer/singleton"
	"github.com/redislint/redislint/analyzer/stream"
	"github.com/redislint/redislint/analyzer/timeout"
	"github.com/redislint/redislint/analyzer/unclosed"
	"github.com/redislint/redislint/analyzer/undeferred"
	"github.com/redislint/redislint/analyzer/unlogged"
	"github.com/redislint/redislint/analyzer/unscoped"
	"golang.org/x/tools/go/analysis"
)

// Analyzers returns the rules, in the order in which they are listed.
func Analyzers() []*analysis.Analyzer {
	return []*analysis.Analyzer{
		unclosed.Analyzer,
		undeferred.Analyzer,
		singleton.Analyzer,
		unscoped.Analyzer,
		escape.Analyzer,
		inloop.Analyzer,
		fatal.Analyzer,
		percall.Analyzer,
		blocking.Analyzer,
		stream.Analyzer,
		metricsleak.Analyzer,
		unlogged.Analyzer,
		afterclose.Analyzer,
		timeout.Analyzer,
		reconnect.Analyzer,
		directive.Analyzer,
	}
}
