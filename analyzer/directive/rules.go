package directive

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
	"github.com/redislint/redislint/internal/lifetime"
	"golang.org/x/tools/go/analysis"
)

// asked lists what says which directives were met: all other rules.
func asked() []*analysis.Analyzer {
	return []*analysis.Analyzer{
		lifetime.Analyzer,
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
