// Noop is a vet tool that finds nothing: the yardstick of the benchmark. It
// parses and type-checks each package, as every tool on unitchecker does.
package main

import (
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/unitchecker"
)

func main() {
	unitchecker.Main(&analysis.Analyzer{
		Name: "noop",
		Doc:  "noop: find nothing",
		Run:  func(*analysis.Pass) (any, error) { return nil, nil },
	})
}
