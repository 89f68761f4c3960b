// Command cmd measures the rule unclosed on generated programs:
//
//	go run ./generated/cmd -n 2000 -seed 0
//
// It prints precision and recall, and the source of every program on which
// truth and findings differ, marked line by line. With -shrink such programs
// are made small first. It exits with 1 when there is a false positive or the
// recall is below 0.95.
package main

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/redislint/redislint/e2e/generated"
)

func main() {
	code, err := run()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 2
	}
	os.Exit(code)
}

func run() (int, error) {
	n := flag.Int("n", 2000, "number of programs")
	seed := flag.Uint64("seed", 1, "seed of the programs, 0 for a fresh one")
	root := flag.String("root", "..", "folder of the module redislint, whose vet tool is measured")
	tool := flag.String("tool", "", "measure this vet tool, and build none")
	show := flag.Int("show", 10, "show at most this many mismatches of each sort")
	shrink := flag.Bool("shrink", false, "make the shown programs small")
	limit := flag.Duration("limit", 5*time.Minute, "shrink no longer than this")
	with := flag.String("with", "", "also write these constructs, separated by commas: "+unusual())
	keep := flag.String("keep", "", "work in this folder and keep it")
	flag.Parse()
	if *seed == 0 {
		*seed = rand.Uint64()
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()

	dir := *keep
	if dir == "" {
		tmp, err := os.MkdirTemp("", "generated")
		if err != nil {
			return 2, err
		}
		defer os.RemoveAll(tmp)
		dir = tmp
	} else if err := os.MkdirAll(dir, 0o777); err != nil {
		return 2, err
	}
	w, err := generated.NewWorkspace(dir)
	if err != nil {
		return 2, err
	}
	if *tool == "" {
		if *tool, err = w.BuildTool(ctx, *root); err != nil {
			return 2, err
		}
	} else if *tool, err = filepath.Abs(*tool); err != nil {
		return 2, err
	}
	programs, err := generated.Generate(*seed, *n, strings.FieldsFunc(*with, func(r rune) bool { return r == ',' })...)
	if err != nil {
		return 2, err
	}
	find := generated.VetTool(*tool)
	m, err := generated.Measure(ctx, w, programs, find, os.Stderr)
	if err != nil {
		return 2, err
	}
	fmt.Printf("seed %d: %s\n", *seed, m.Tally)
	if err := showMismatches(ctx, w, m, find, *show, *shrink, *limit); err != nil {
		return 2, err
	}
	if m.False > 0 || m.Recall() < 0.95 {
		return 1, nil
	}
	return 0, nil
}

// showMismatches prints programs on which truth and findings differ, false
// positives first.
func showMismatches(ctx context.Context, w *generated.Workspace, m *generated.Measured, find generated.Finder, most int, shrink bool, limit time.Duration) error {
	var programs []*generated.Program
	var unjust []bool
	for _, sort := range []bool{true, false} {
		seen := map[int]bool{}
		for _, mm := range m.Mismatches {
			if mm.False != sort || seen[mm.Program.Number] || len(seen) >= most {
				continue
			}
			seen[mm.Program.Number] = true
			programs = append(programs, mm.Program)
			unjust = append(unjust, sort)
			fmt.Printf("%s: %s\n", mm.Site, mm.Message)
		}
	}
	if shrink && len(programs) > 0 {
		limited, cancel := context.WithTimeout(ctx, limit)
		defer cancel()
		small, err := generated.Shrink(limited, w, programs, unjust, find, os.Stderr)
		if err != nil {
			return err
		}
		for i, p := range small {
			small[i] = generated.Renumber(p, i, i)
		}
		if m, err = generated.Measure(ctx, w, small, find, os.Stderr); err != nil {
			return err
		}
		programs = small
	}
	for i, p := range programs {
		what := "MISSED"
		if unjust[i] {
			what = "FALSE POSITIVE"
		}
		fmt.Printf("\n==== %s\n\n%s", what, generated.Annotated(p, m.Truth[p.Number], m.Findings))
	}
	return nil
}

// unusual lists the constructs that must be asked for.
func unusual() string {
	names, usual := generated.Constructs()
	names = slices.DeleteFunc(names, func(n string) bool { return slices.Contains(usual, n) })
	if len(names) == 0 {
		return "there are none now"
	}
	return strings.Join(names, ", ")
}
