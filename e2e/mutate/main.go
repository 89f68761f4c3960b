// Mutate measures what the rules notice: it takes code that releases what it
// opens, removes or misplaces one release at a time, and asks the rules about
// each such mutant.
//
//	go run ./mutate -examples
//	go run ./mutate -trees DIR
//
// It prints, for each operator, how many mutants were noticed, and where those
// are that were not. A mutant is left out if it does not compile, if its
// function was reported before, or if every way through the function that
// released the resource still does. Those that were read and found to be no
// leak stand in testdata/same.jsonl. The exit status is 1 if the recall is
// below 0.95, and 2 if something could not be asked.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

func main() {
	code, err := run(os.Args[1:], os.Stdout, os.Stderr)
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
		code = 2
	}
	os.Exit(code)
}

// wanted is the recall below which the exit status is 1.
const wanted = 0.95

func run(args []string, stdout, stderr io.Writer) (int, error) {
	fs := flag.NewFlagSet("mutate", flag.ContinueOnError)
	fs.SetOutput(stderr)
	trees := fs.String("trees", "", "mutate the packages of the ledger's clean sites, in checkouts below this `folder`")
	examples := fs.Bool("examples", false, "mutate the examples of this repository")
	module := fs.String("module", "", "mutate the module in this `folder`")
	only := fs.String("only", "", "of the trees, take those whose name contains this `text`")
	ops := fs.String("operators", "", "comma-separated `names` of operators, all by default")
	seed := fs.Uint64("seed", 1, "chooses the mutants where there are more than -most")
	most := fs.Int("most", 150, "mutants of a module, at most")
	write := fs.String("write", "", "write the file of each survivor, as the mutant has it, to this `folder`")
	verbose := fs.Bool("v", false, "print each mutant")
	if err := fs.Parse(args); err != nil {
		return 2, nil // the flag package has said why
	}
	if fs.NArg() > 0 {
		return 2, fmt.Errorf("%q is no flag; the folder of the checkouts is given by -trees", fs.Arg(0))
	}
	asked, err := chosen(*ops)
	if err != nil {
		return 2, err
	}
	var places []place
	switch {
	case *examples:
		p, err := ofExamples(filepath.Join("..", "examples"))
		if err != nil {
			return 2, err
		}
		places = append(places, p)
	case *module != "":
		places = append(places, place{name: filepath.Base(*module), dir: *module, folders: nil})
	case *trees != "":
		if places, err = ofLedger(*trees, *only); err != nil {
			return 2, err
		}
		// The go.sum of old code lacks what today's go command asks for.
		if err := os.Setenv("GOFLAGS", "-mod=mod -buildvcs=false"); err != nil {
			return 2, err
		}
	default:
		return 2, errors.New("nothing to mutate: give -trees, -module or -examples")
	}
	m := &measure{operators: asked, seed: *seed, most: *most, log: stderr, verbose: *verbose, write: *write, known: map[string]string{}}
	if err := m.recall(); err != nil {
		return 2, err
	}
	if err := os.Setenv("GOWORK", "off"); err != nil { // each module is asked alone
		return 2, err
	}
	start := time.Now()
	for _, p := range places {
		if err := m.place(p); err != nil {
			m.failed = append(m.failed, fmt.Sprintf("%s: %v", p.name, err))
			fmt.Fprintf(stderr, "%s: %v\n", p.name, err)
		}
	}
	if len(m.results) == 0 {
		return 2, errors.New("there is no mutant, so nothing was measured")
	}
	m.report(stdout)
	fmt.Fprintf(stderr, "%d places in %s\n", len(places), time.Since(start).Round(time.Second))
	noticed, all := m.total()
	switch {
	case len(m.failed) > 0:
		return 2, nil
	case float64(noticed) < wanted*float64(all):
		return 1, nil
	}
	return 0, nil
}

func chosen(names string) ([]operator, error) {
	all := operators()
	if names == "" {
		return all, nil
	}
	var list []operator
	for name := range strings.SplitSeq(names, ",") {
		i := slices.IndexFunc(all, func(o operator) bool { return o.name == name })
		if i < 0 {
			return nil, fmt.Errorf("there is no operator %q", name)
		}
		list = append(list, all[i])
	}
	return list, nil
}
