package main

import (
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"text/tabwriter"
	"time"
)

// linear is the exponent that growth may have.
const linear = 1.15

// scale measures how the cost of the command grows with the size of modules of
// each shape. From each cost that of the smallest such module is taken away,
// which is that of the library and of what it imports. An exponent of 1 is
// linear growth.
func (b *bench) scale() error {
	names, err := shapeNames()
	if err != nil {
		return err
	}
	out := tabwriter.NewWriter(os.Stdout, 0, 8, 2, ' ', 0)
	fmt.Fprintf(out, "shape\tsize\tCPU s\tRSS MiB\texponent\tgoal %v\n", linear)
	for _, shape := range names {
		sizes := []int{1, 25, 50, 100, 200}
		if shape == "packages" {
			sizes = []int{1, 250, 500, 1000, 2000}
		}
		var ways []*way
		for _, size := range sizes {
			tree := filepath.Join(b.dir, shape+strconv.Itoa(size))
			if err := write(tree, shape, size, filepath.Join("testdata", "src")); err != nil {
				return err
			}
			ways = append(ways, &way{name: strconv.Itoa(size), call: func(run int) (*exec.Cmd, error) {
				at := *b
				at.tree, at.pattern = tree, "./..."
				return at.command("", "-no-cache", "-no-config")(run)
			}})
		}
		if err := measure(ways, b.runs, false); err != nil {
			return err
		}
		cpu := func(w *way) float64 {
			return median(w.got, func(s sample) time.Duration { return s.cpu }).Seconds()
		}
		least := cpu(ways[0])
		for i, w := range ways {
			exponent, verdict := "", ""
			if first, net := cpu(ways[1])-least, cpu(w)-least; i > 1 && first > 0 && net > 0 {
				x := math.Log(net/first) / math.Log(float64(sizes[i])/float64(sizes[1]))
				exponent = fmt.Sprintf("%.2f", x)
				if verdict = "met"; x > linear {
					verdict = "missed"
				}
			}
			rss := median(w.got, func(s sample) int64 { return s.rss }) >> 20
			fmt.Fprintf(out, "%s\t%s\t%.2f\t%d\t%s\t%s\n", shape, w.name, cpu(w), rss, exponent, verdict)
		}
		if err := out.Flush(); err != nil {
			return err
		}
	}
	return nil
}
