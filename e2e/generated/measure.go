package generated

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"
)

// Finder finds the unclosed resources of the programs in a workspace.
type Finder func(ctx context.Context, w *Workspace) (*Findings, error)

// VetTool is the Finder that asks a vet tool.
func VetTool(tool string) Finder {
	return func(ctx context.Context, w *Workspace) (*Findings, error) {
		return w.Findings(ctx, tool)
	}
}

// Measured is what a measurement has found.
type Measured struct {
	*Tally
	Truth    map[int]*Truth
	Findings *Findings
}

// Measure writes the programs into w, runs them, asks for findings and compares
// the two. What takes how long is written to log.
func Measure(ctx context.Context, w *Workspace, programs []*Program, find Finder, log io.Writer) (*Measured, error) {
	start := time.Now()
	lap := func(what string) {
		fmt.Fprintf(log, "%s: %.1fs\n", what, time.Since(start).Seconds())
		start = time.Now()
	}
	if err := w.Write(programs); err != nil {
		return nil, err
	}
	lap("write")
	truth, err := w.Truth(ctx)
	if err != nil {
		return nil, err
	}
	runs := 0
	for _, t := range truth {
		runs += t.Runs
	}
	lap(fmt.Sprintf("run %d times", runs))
	findings, err := find(ctx, w)
	if err != nil {
		return nil, err
	}
	lap("analyse")
	return &Measured{Score(programs, truth, findings), truth, findings}, nil
}

// Annotated is the source of a program with a comment at every site that leaks
// and at every line that is reported.
func Annotated(p *Program, t *Truth, findings *Findings) string {
	main, lib, err := p.Source()
	if err != nil {
		return err.Error()
	}
	mark := func(name string, src []byte) string {
		var b strings.Builder
		for i, line := range strings.Split(strings.TrimSuffix(string(src), "\n"), "\n") {
			s := Site{name, i + 1}
			_, leaks := t.Leaks[s]
			message, reported := findings.Messages[s]
			switch {
			case leaks && reported:
				line += " // leak, reported"
			case reported && t.Doubts[s]:
				line += " // doubtful, reported"
			case leaks:
				line += " // leak, NOT REPORTED, decisions " + t.Leaks[s]
			case reported:
				line += " // NO LEAK, reported: " + message
			}
			b.WriteString(line + "\n")
		}
		return b.String()
	}
	out := mark(p.mainFile(), main)
	if p.Lib != "" {
		out += "\n// In the other package:\n\n" + mark(p.libFile(), lib)
	}
	return out
}
