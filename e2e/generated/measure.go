package generated

import (
	"context"
	"fmt"
	"io"
	"time"
)

// Finder finds the unclosed resources of the programs in a workspace.
type Finder func(ctx context.Context, w *Workspace) (map[Site]string, error)

// VetTool is the Finder that asks a vet tool.
func VetTool(tool string) Finder {
	return func(ctx context.Context, w *Workspace) (map[Site]string, error) {
		return w.Findings(ctx, tool)
	}
}

// Measure writes the programs into w, runs them, asks for findings and compares
// the two. What takes how long is written to log.
func Measure(ctx context.Context, w *Workspace, programs []*Program, find Finder, log io.Writer) (*Tally, error) {
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
	return Score(programs, truth, findings), nil
}
