package check

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
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

// Or joins alternatives: "a, b or c".
func Or(list []string) string {
	if len(list) < 2 {
		return strings.Join(list, "")
	}
	last := len(list) - 1
	return strings.Join(list[:last], ", ") + " or " + list[last]
}

// Call is a call as a message names it: with its arguments if these are short.
func Call(call *ast.CallExpr) string {
	if text := types.ExprString(call); len(text) <= 30 {
		return text
	}
	return types.ExprString(call.Fun) + "(...)"
}

// InOrder returns steps in the order of the source, those of other files last:
// that is the order in which they are read.
func InOrder(pass *analysis.Pass, steps ...analysis.RelatedInformation) []analysis.RelatedInformation {
	file := func(pos token.Pos) string { return pass.Fset.Position(pos).Filename }
	first := ""
	if len(steps) > 0 {
		first = file(steps[0].Pos)
	}
	slices.SortStableFunc(steps, func(a, b analysis.RelatedInformation) int {
		x, y := file(a.Pos), file(b.Pos)
		switch {
		case x == y:
			return int(a.Pos) - int(b.Pos)
		case x == first:
			return -1
		case y == first:
			return 1
		}
		return strings.Compare(x, y)
	})
	return steps
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
