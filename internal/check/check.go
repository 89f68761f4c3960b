// Package check is the kit that every rule uses: its manual, and the way a
// finding is reported.
package check

import (
	"go/ast"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// URL is the page of a rule's manual.
func URL(rule string) string {
	return "https://github.com/redislint/redislint/blob/main/docs/rules/" + rule + ".md"
}

// Doc returns the manual of a rule: the package comment in its doc.go, from
// the heading "# Analyzer RULE" on. The text is that of an analysis.Analyzer's
// Doc: the first line is the summary, "rule: what it reports".
func Doc(source, rule string) string {
	_, text, ok := strings.Cut(source, "# Analyzer "+rule+"\n")
	if !ok {
		return rule + ": no manual"
	}
	text, _, _ = strings.Cut(text, "*/")
	return strings.TrimSpace(text)
}

// Report reports a finding, unless it is in a generated file.
func Report(pass *analysis.Pass, d analysis.Diagnostic) {
	if Generated(pass, d.Pos) || setting(pass).excludesFile(pass.Pkg.Path(), pass.Fset.Position(d.Pos).Filename) {
		return
	}
	d.Category = pass.Analyzer.Name
	d.URL = URL(pass.Analyzer.Name)
	pass.Report(d)
}

// Generated reports whether a position is in a generated file.
func Generated(pass *analysis.Pass, pos token.Pos) bool {
	for _, f := range pass.Files {
		if f.FileStart <= pos && pos < f.FileEnd {
			return ast.IsGenerated(f)
		}
	}
	return false
}

// Line names the line of a position for a message: "line 12", or
// "store.go:12" when it is in another file than from.
func Line(pass *analysis.Pass, from, pos token.Pos) string {
	a, b := pass.Fset.Position(from), pass.Fset.Position(pos)
	if a.Filename != b.Filename {
		return filepath.Base(b.Filename) + ":" + strconv.Itoa(b.Line)
	}
	return "line " + strconv.Itoa(b.Line)
}
