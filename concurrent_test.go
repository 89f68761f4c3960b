package redislint_test

import (
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/redislint/redislint"
)

// golangci-lint runs the rules of a package at the same time, and so does this
// test: with -race it finds what they change of each other's. Without, it
// holds that the order does not matter.
func TestConcurrent(t *testing.T) {
	if testing.Short() {
		t.Skip("loads packages with all they import")
	}
	testdata, err := filepath.Abs("testdata")
	if err != nil {
		t.Fatal(err)
	}
	var patterns []string
	for _, a := range redislint.Analyzers() {
		patterns = append(patterns, a.Name+"/...")
	}
	pkgs, err := packages.Load(&packages.Config{
		Mode: packages.LoadAllSyntax | packages.NeedModule,
		Dir:  testdata,
		Env:  append(os.Environ(), "GOPATH="+testdata, "GO111MODULE=off", "GOPROXY=off", "GOWORK=off", "GOFLAGS="),
	}, patterns...)
	if err != nil {
		t.Fatal(err)
	}
	run := func(sequential bool) []string {
		graph, err := checker.Analyze(redislint.Analyzers(), pkgs, &checker.Options{Sequential: sequential})
		if err != nil {
			t.Fatal(err)
		}
		var list []string
		for act := range graph.All() {
			if act.Err != nil {
				t.Errorf("%s: %v", act, act.Err)
			}
			for _, d := range act.Diagnostics {
				list = append(list, position(act.Package.Fset, d.Pos)+" "+act.Analyzer.Name+" "+d.Message)
			}
		}
		slices.Sort(list)
		return list
	}
	first := run(false)
	if len(first) < 500 {
		t.Errorf("%d findings", len(first))
	}
	if again := run(true); !slices.Equal(first, again) {
		t.Errorf("%d findings at once, %d one after the other", len(first), len(again))
	}
}

func position(fset *token.FileSet, pos token.Pos) string { return fset.Position(pos).String() }
