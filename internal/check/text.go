package check

import (
	"go/token"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// And joins what a message lists: "a, b and c".
func And(list []string) string {
	if len(list) < 2 {
		return strings.Join(list, "")
	}
	last := len(list) - 1
	return strings.Join(list[:last], ", ") + " and " + list[last]
}

// Clauses joins facts of one subject. Those that begin with the same verb say
// it once: "leaves A at 1 and B at 2".
func Clauses(facts []string) string {
	var verbs []string
	said := map[string][]string{}
	for _, f := range facts {
		verb, rest, _ := strings.Cut(f, " ")
		if said[verb] == nil {
			verbs = append(verbs, verb)
		}
		said[verb] = append(said[verb], rest)
	}
	var list []string
	for _, v := range verbs {
		list = append(list, v+" "+And(said[v]))
	}
	if len(list) == 2 && len(said[verbs[0]]) > 1 {
		return list[0] + ", and " + list[1]
	}
	return And(list)
}

// InTest reports whether a position is in a test file, or in one that helps
// tests: it imports package testing.
func InTest(pass *analysis.Pass, pos token.Pos) bool {
	if strings.HasSuffix(pass.Fset.Position(pos).Filename, "_test.go") {
		return true
	}
	for _, f := range pass.Files {
		if pos < f.FileStart || f.FileEnd <= pos {
			continue
		}
		for _, spec := range f.Imports {
			if spec.Path.Value == `"testing"` {
				return true
			}
		}
	}
	return false
}
