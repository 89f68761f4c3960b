// Package analyzer lists the rules. Each is a folder beside this file, with its
// manual in doc.go.
package analyzer

import (
	"github.com/redislint/redislint/analyzer/afterclose"
	"github.com/redislint/redislint/analyzer/blocking"
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

// Rules returns the rules about code, in the order in which they are listed.
// The rule about the directives that silence them is not among them: it
// requires them all.
func Rules() []*analysis.Analyzer {
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
	}
}
