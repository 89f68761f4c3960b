// Bench measures what redislint costs on a tree of Go packages, beside a vet
// tool that does nothing, in one interleaved run:
//
//	go run ./internal/bench -tree DIR
//
// Rows are ways to call redislint. CPU is user and system time of the whole
// process tree; a ratio is taken between neighbouring runs, and the median,
// least and greatest of them are printed. RSS is that of the largest process.
// The vet cache is cold in each run, compiled export data is there. With
// -empty, runs from an empty build cache are compared too, which takes
// minutes, for go vet compiles all dependencies then. With -formats the ways
// are the command's formats and fixes instead, beside its plain text.
package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
)

func main() {
	var b bench
	flag.StringVar(&b.tree, "tree", ".", "module `directory` to measure on")
	flag.StringVar(&b.pattern, "packages", "./...", "package `pattern` in it")
	flag.StringVar(&b.tool, "tool", "", "`file` of a built redislint (default: build the one in this module)")
	flag.IntVar(&b.runs, "n", 5, "counted `runs` of each")
	empty := flag.Bool("empty", false, "also compare runs from an empty build cache, once each")
	formats := flag.Bool("formats", false, "compare the formats and fixes of the command instead")
	again := flag.Bool("again", false, "measure runs after a first one instead, with one line changed and without")
	scale := flag.Bool("scale", false, "measure how the cost grows with generated modules instead")
	extra := flag.String("with", "", "comma-separated vet tool `files` to measure beside them")
	flag.Parse()
	if *extra != "" {
		b.others = strings.Split(*extra, ",")
	}
	mode := b.costs
	switch {
	case *formats:
		mode = b.formats
	case *again:
		mode = b.again
	case *scale:
		mode = b.scale
	case *empty:
		mode = b.emptyToo
	}
	if err := b.run(mode); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// bench is one measurement.
type bench struct {
	tree, pattern, tool string
	runs                int
	others              []string
	dir                 string // for binaries and caches
}

// way is one way to check the tree, called once before it is measured.
type way struct {
	name string
	call func(run int) (*exec.Cmd, error)
	goal float64 // what the ratio should be at most, or 0
	got  []sample
}

type sample struct {
	cpu, wall time.Duration
	rss       int64 // bytes, 0 if not known
	exit      int
}

// run measures in a mode, with a folder and a tool.
func (b *bench) run(mode func() error) (err error) {
	if b.dir, err = os.MkdirTemp("", "redislint-bench"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(b.dir)) }()
	if b.tool == "" {
		b.tool = filepath.Join(b.dir, "redislint")
		if err := build(b.tool, "./cmd/redislint"); err != nil {
			return err
		}
	}
	if b.tree, err = filepath.Abs(b.tree); err != nil {
		return err
	}
	return mode()
}

// costs compares the ways with a vet tool that does nothing.
func (b *bench) costs() error {
	noop := filepath.Join(b.dir, "noop")
	if err := build(noop, "./internal/bench/noop"); err != nil {
		return err
	}
	ways := []*way{
		{name: "vet tool that does nothing", call: b.vet(noop, "")},
		{name: "redislint as vet tool", call: b.vet(b.tool, "")},
		{name: "redislint as command", call: b.command("", "-no-cache")},
	}
	for _, other := range b.others {
		ways = append(ways, &way{name: filepath.Base(other), call: b.vet(other, "")})
	}
	fmt.Printf("# tree %s, packages %s, %d runs, vet cache cold\n", b.tree, b.pattern, b.runs)
	if err := measure(ways, b.runs, true); err != nil {
		return err
	}
	return table(os.Stdout, ways)
}

// emptyToo compares them from an empty build cache as well.
func (b *bench) emptyToo() error {
	if err := b.costs(); err != nil {
		return err
	}
	ways := []*way{
		{name: "vet tool that does nothing", call: b.vet(filepath.Join(b.dir, "noop"), "noop-cache")},
		{name: "redislint as command", call: b.command("command-cache", "-no-cache")},
	}
	fmt.Printf("\n# tree %s, packages %s, 1 run, build cache empty\n", b.tree, b.pattern)
	if err := measure(ways, 1, false); err != nil {
		return err
	}
	return table(os.Stdout, ways)
}

// formats compares what the command makes of its findings.
func (b *bench) formats() error {
	ways := []*way{{name: "plain text", call: b.command("", "-no-cache")}}
	for _, flags := range [][]string{
		{"-color=always"}, {"-format=json"}, {"-format=sarif"}, {"-format=github"},
		{"-sarif=" + filepath.Join(b.dir, "out.sarif")}, {"-fix", "-diff"},
	} {
		name := strings.ReplaceAll(strings.Join(flags, " "), b.dir+string(filepath.Separator), "")
		ways = append(ways, &way{name: name, call: b.command("", append(flags, "-no-cache")...)})
	}
	fmt.Printf("# tree %s, packages %s, %d runs\n", b.tree, b.pattern, b.runs)
	if err := measure(ways, b.runs, true); err != nil {
		return err
	}
	return table(os.Stdout, ways)
}

// vet calls go vet with a copy of the tool that go vet has not seen yet.
// cache names an empty build cache to use, if not empty.
func (b *bench) vet(tool, cache string) func(int) (*exec.Cmd, error) {
	return func(run int) (*exec.Cmd, error) {
		data, err := os.ReadFile(tool)
		if err != nil {
			return nil, err
		}
		name := filepath.Join(b.dir, "copy-"+filepath.Base(tool))
		data = append(data, fmt.Sprintf("\n%d-%d-%s", os.Getpid(), run, cache)...)
		if err := os.WriteFile(name, data, 0o777); err != nil {
			return nil, err
		}
		return b.in(cache, "go", "vet", "-vettool="+name, b.pattern), nil
	}
}

func (b *bench) command(cache string, flags ...string) func(int) (*exec.Cmd, error) {
	tool, err := filepath.Abs(b.tool)
	args := slices.Concat([]string{tool}, flags, []string{b.pattern})
	return func(int) (*exec.Cmd, error) { return b.in(cache, args...), err }
}

func (b *bench) in(cache string, args ...string) *exec.Cmd {
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir = b.tree
	cmd.Env = append(os.Environ(), "PWD="+b.tree)
	if cache != "" {
		cmd.Env = append(cmd.Env, "GOCACHE="+filepath.Join(b.dir, cache))
	}
	return cmd
}

// measure runs all ways in turn, as often as asked, and once before if warm
// is set.
func measure(ways []*way, runs int, warm bool) error {
	first := 0
	if warm {
		first = -1
	}
	for run := first; run < runs; run++ {
		for _, w := range ways {
			cmd, err := w.call(run)
			if err != nil {
				return err
			}
			var out strings.Builder
			cmd.Stdout, cmd.Stderr = &out, &out
			start := time.Now()
			err = cmd.Run()
			s := sample{wall: time.Since(start)}
			if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
				return err
			}
			s.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
			s.exit = cmd.ProcessState.ExitCode()
			s.rss = peak(cmd.ProcessState)
			if run >= 0 {
				w.got = append(w.got, s)
			} else if s.exit > 1 {
				return fmt.Errorf("%s: exit code %d:\n%s", w.name, s.exit, out.String())
			}
		}
	}
	return nil
}

// table prints a row for each way, with ratios to the first one.
func table(w io.Writer, ways []*way) error {
	out := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	fmt.Fprintln(out, "what\tCPU s\twall s\tRSS MiB\tratio\tmin\tmax\texit\tgoal")
	for _, way := range ways {
		var ratios []float64
		for i, s := range way.got {
			ratios = append(ratios, s.cpu.Seconds()/ways[0].got[i].cpu.Seconds())
		}
		slices.Sort(ratios)
		rss := "?"
		if r := median(way.got, func(s sample) int64 { return s.rss }); r > 0 {
			rss = strconv.FormatInt(r>>20, 10)
		}
		fmt.Fprintf(out, "%s\t%.2f\t%.2f\t%s\t%.3f\t%.3f\t%.3f\t%d\t%s\n", way.name,
			median(way.got, func(s sample) time.Duration { return s.cpu }).Seconds(),
			median(way.got, func(s sample) time.Duration { return s.wall }).Seconds(),
			rss, ratios[len(ratios)/2], ratios[0], ratios[len(ratios)-1], way.got[len(way.got)-1].exit, way.verdict(ratios[len(ratios)/2]))
	}
	return out.Flush()
}

// verdict tells whether the goal is met.
func (w *way) verdict(ratio float64) string {
	switch {
	case w.goal == 0:
		return ""
	case ratio > w.goal:
		return fmt.Sprintf("%v, missed", w.goal)
	}
	return fmt.Sprintf("%v, met", w.goal)
}

func median[T cmp.Ordered](list []sample, key func(sample) T) T {
	var keys []T
	for _, s := range list {
		keys = append(keys, key(s))
	}
	slices.Sort(keys)
	return keys[len(keys)/2]
}

func build(name, pkg string) error {
	out, err := exec.Command("go", "build", "-o", name, pkg).CombinedOutput()
	if err != nil {
		return fmt.Errorf("go build %s: %w\n%s", pkg, err, out)
	}
	return nil
}
