// Package driver runs the analyzers. There are two ways in, and both give the
// same findings: as a vet tool, go vet calls it for one package at a time and
// hands over the compiler's export data; as a command it loads packages from
// source in one process. Both end in one runner over one type-checked
// package, with facts in and facts out.
//
// Most packages never reach the runner. A package is relevant if it imports a
// covered library, or a package whose exported API hands out a value of one;
// the others leave before they are parsed.
package driver

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/redislint/redislint/internal/report"
)

// The exit codes.
const (
	exitClean    = 0
	exitFindings = 1
	exitFailure  = 2 // something could not be analysed
)

// Tool is a program made of analyzers.
type Tool struct {
	Name      string
	URL       string // where people find it
	Analyzers []*analysis.Analyzer
	Why       *analysis.Analyzer // tells what is believed of each resource

	Checklist []Requirement // what checked code should pass

	// Symbols lists what the rows of the flag -extra are about: import paths,
	// each with the name in it that a row names, or "".
	Symbols func(extra string) []Symbol

	// Covers returns the predicate that tells the import paths of the
	// libraries the analyzers know. extra is the value of the flag -extra
	// that one of the analyzers may define.
	Covers func(extra string) (func(path string) bool, error)

	// Looks tells by its import path whether a package may be a library that
	// the analyzers should know. It may be nil.
	Looks func(path string) bool
}

// A Requirement is a line of a checklist, with the rules that verify it.
type Requirement struct {
	Text  string
	Rules []string
}

// A Symbol is something that a flag names.
type Symbol struct {
	Text string // as the flag names it
	Path string // its import path
	Recv string // the type of a method, or ""
	Name string
}

// Main runs the tool with the arguments that follow the program's name, and
// returns the exit code.
func (t *Tool) Main(args []string, stdout, stderr io.Writer) int {
	run := t.command
	if calledByVet(args) {
		run = t.vet
	}
	spendMemory()
	if err := analysis.Validate(t.Analyzers); err != nil {
		return t.fail(stderr, err)
	}
	code, err := run(args, stdout, stderr)
	if err != nil {
		return t.fail(stderr, err)
	}
	return code
}

// spendMemory trades memory for time: the garbage collector takes a quarter
// of the time of a process that is soon over. It begins at 64 MiB, which most
// runs never reach, and goes on with a percentage beyond which memory that is
// touched for the first time, and has to be cleared, costs more than it saves.
// A user's own setting stands.
func spendMemory() {
	const (
		first   = 64 << 20 / (4 << 20) * 100 // of the runtime's least heap, 4 MiB
		percent = 200
		limit   = 700 << 20
	)
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(first)
		runtime.AddCleanup(new(*int), func(percent int) { debug.SetGCPercent(percent) }, percent)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(limit) // the percentage shrinks when this is reached
	}
}

// fail prints one line for each error that err joins.
func (t *Tool) fail(stderr io.Writer, err error) int {
	var joined interface{ Unwrap() []error }
	if errors.As(err, &joined) {
		for _, e := range joined.Unwrap() {
			t.fail(stderr, e)
		}
		return exitFailure
	}
	fmt.Fprintln(stderr, report.Lines(t.Name+": "+short(err.Error())))
	return exitFailure
}

// short cuts what would fill a screen: an error may quote what it is about.
func short(text string) string {
	const long = 1000
	if len(text) <= long {
		return text
	}
	return strings.ToValidUTF8(text[:long], "") + "..."
}

// calledByVet reports whether the arguments are those of go vet's protocol. It
// names its file in full, so that ./d.cfg is what a person has typed.
func calledByVet(args []string) bool {
	return len(args) > 0 && (filepath.IsAbs(args[len(args)-1]) && strings.HasSuffix(args[len(args)-1], ".cfg") ||
		slices.Contains(args, "-V=full") || slices.Contains(args, "-flags"))
}

// relevant reports whether a package needs analysis: it imports a covered
// library, or one of its imports is exposed.
func relevant(imports []string, covers func(string) bool, exposed bool) bool {
	return exposed || slices.ContainsFunc(imports, covers)
}
