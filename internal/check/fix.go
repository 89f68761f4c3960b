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

// Insert is the fix that inserts a line below a statement, and takes others
// away. The line goes to pos, which is the end of a line, and is indented as
// the statement is. The others have their lines for themselves.
func Insert(pass *analysis.Pass, message string, after ast.Stmt, pos token.Pos, line string, gone []ast.Stmt) analysis.SuggestedFix {
	fix := analysis.SuggestedFix{Message: message, TextEdits: []analysis.TextEdit{
		{Pos: pos, End: pos, NewText: []byte("\n" + indent(pass, after.Pos()) + line)},
	}}
	for _, stmt := range gone {
		file := pass.Fset.File(stmt.Pos())
		first, next := file.PositionFor(stmt.Pos(), false).Line, file.PositionFor(stmt.End(), false).Line+1
		edit := analysis.TextEdit{Pos: file.LineStart(first), End: token.Pos(file.Base() + file.Size())}
		if next <= file.LineCount() {
			edit.End = file.LineStart(next)
		}
		fix.TextEdits = append(fix.TextEdits, edit)
	}
	return fix
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
