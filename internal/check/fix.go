package check

import (
	"bytes"
	"go/ast"
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/redislint/redislint/internal/newline"
)

// Below is the edit that puts lines below a statement, indented as it is. They
// go to pos, which is the end of a line.
func Below(pass *analysis.Pass, stmt ast.Node, pos token.Pos, lines ...string) analysis.TextEdit {
	var text strings.Builder
	for _, line := range lines {
		text.WriteString("\n" + indent(pass, stmt.Pos()) + line)
	}
	return analysis.TextEdit{Pos: pos, End: pos, NewText: []byte(text.String())}
}

// Above is the edit that puts lines above a statement that begins a line,
// indented as it is.
func Above(pass *analysis.Pass, stmt ast.Node, lines ...string) analysis.TextEdit {
	var text strings.Builder
	for _, line := range lines {
		text.WriteString(line + "\n" + indent(pass, stmt.Pos()))
	}
	return analysis.TextEdit{Pos: stmt.Pos(), End: stmt.Pos(), NewText: []byte(text.String())}
}

// Without is the edit that takes a statement away that has its lines for
// itself.
func Without(pass *analysis.Pass, stmt ast.Node) analysis.TextEdit {
	file := pass.Fset.File(stmt.Pos())
	first, next := file.PositionFor(stmt.Pos(), false).Line, file.PositionFor(stmt.End(), false).Line+1
	edit := analysis.TextEdit{Pos: file.LineStart(first), End: token.Pos(file.Base() + file.Size())}
	if next <= file.LineCount() {
		edit.End = file.LineStart(next)
	}
	return edit
}

// Text is the source of a node, or "" if it is not what was analysed.
func Text(pass *analysis.Pass, n ast.Node) string {
	file := pass.Fset.File(n.Pos())
	text := source(pass, file)
	if text == nil {
		return ""
	}
	return string(text[file.Offset(n.Pos()):file.Offset(n.End())])
}

// indent is the white space before the statement that begins at a position.
func indent(pass *analysis.Pass, pos token.Pos) string {
	file := pass.Fset.File(pos)
	start, end := file.Offset(file.LineStart(file.PositionFor(pos, false).Line)), file.Offset(pos)
	if text := source(pass, file); text != nil {
		line := string(text[start:end])
		return line[:len(line)-len(strings.TrimLeft(line, " \t"))]
	}
	return strings.Repeat("\t", end-start)
}

// withNewlines gives the new lines of fixes the line endings that their files
// have, since not every tool that makes the edits does.
func withNewlines(pass *analysis.Pass, fixes []analysis.SuggestedFix) []analysis.SuggestedFix {
	var own []analysis.SuggestedFix
	for _, fix := range fixes {
		fix.TextEdits = slices.Clone(fix.TextEdits)
		for i, e := range fix.TextEdits {
			if !bytes.ContainsRune(e.NewText, '\n') {
				continue
			}
			file := pass.Fset.File(e.Pos)
			if text := source(pass, file); text != nil {
				fix.TextEdits[i].NewText = []byte(newline.Like(text, file.Offset(e.Pos), string(e.NewText)))
			}
		}
		own = append(own, fix)
	}
	return own
}
