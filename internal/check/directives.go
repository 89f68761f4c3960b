package check

import (
	"bytes"
	"go/ast"
	"go/token"
	"os"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/redislint/redislint/internal/ignore"
)

// Directives finds the directives of a package that silence rules. Its result
// is a []*Directive, in the order of the source.
var Directives = &analysis.Analyzer{
	Name:       "directives",
	Doc:        "directives: find the comments that silence rules",
	Run:        findDirectives,
	ResultType: reflect.TypeFor[[]*Directive](),
}

// A Directive is a comment that silences rules.
type Directive struct {
	ignore.Directive
	Comment *ast.Comment
	file    *ast.File
	lines   *ignore.Lines
	own     int  // its line
	trails  bool // it stands behind code
	below   int  // the first line after it and the comments that follow it
}

func findDirectives(pass *analysis.Pass) (any, error) {
	var list []*Directive
	for _, file := range pass.Files {
		var lines *ignore.Lines
		for _, group := range file.Comments {
			for _, c := range group.List {
				parsed, ok := ignore.Parse(c.Text)
				if !ok {
					continue
				}
				if lines == nil {
					lines = ignore.NewLines(pass.Fset, file)
				}
				list = append(list, &Directive{
					Directive: parsed, Comment: c, file: file, lines: lines,
					own: lines.Of(c.Pos()), trails: lines.Trails(c), below: lines.Of(group.End()) + 1,
				})
			}
		}
	}
	return list, nil
}

// silences reports whether the directive is about a finding of a rule.
func (d *Directive) silences(rule string, pos token.Pos) bool {
	if d.Reason == "" || !slices.Contains(d.Rules, rule) || pos < d.file.FileStart || d.file.FileEnd <= pos {
		return false
	}
	if d.File {
		return true
	}
	line := d.lines.Of(pos)
	if rule == ignore.Rule && !d.trails && (d.own == line || d.own+1 == line) {
		return true // the finding is about a comment, this one or the next
	}
	return ignore.About(d.own, d.below, d.trails, line, d.lines.Around(pos))
}

// Deletion is the change that takes rules out of the directive, or all of it
// away when no rule would be left.
func (d *Directive) Deletion(pass *analysis.Pass, rules []string) analysis.SuggestedFix {
	left := d.Without(rules)
	if len(rules) > 0 && len(left.Rules) > 0 {
		return analysis.SuggestedFix{
			Message:   "delete " + strings.Join(rules, " and ") + " from the directive",
			TextEdits: []analysis.TextEdit{{Pos: d.Comment.Pos(), End: d.Comment.End(), NewText: []byte(left.String())}},
		}
	}
	edit := analysis.TextEdit{Pos: d.Comment.Pos(), End: d.Comment.End()}
	tokens := pass.Fset.File(d.Comment.Pos())
	if source := source(pass, tokens); source != nil {
		start, end := tokens.Offset(edit.Pos), tokens.Offset(edit.End)
		for start > 0 && (source[start-1] == ' ' || source[start-1] == '\t') {
			start--
		}
		rest := source[end:]
		after := bytes.TrimPrefix(bytes.TrimPrefix(rest, []byte("\r")), []byte("\n"))
		if n := len(rest) - len(after); (start == 0 || source[start-1] == '\n') && n > 0 && rest[n-1] == '\n' {
			end += n // it has the line for itself
		}
		edit.Pos, edit.End = tokens.Pos(start), tokens.Pos(end)
	}
	return analysis.SuggestedFix{Message: "delete the directive", TextEdits: []analysis.TextEdit{edit}}
}

// source returns the content of a file as it was parsed, or nil if it is not
// to be had.
func source(pass *analysis.Pass, file *token.File) []byte {
	read := pass.ReadFile
	if read == nil {
		read = os.ReadFile // nogo
	}
	data, err := read(file.Name())
	if err != nil || len(data) != file.Size() {
		return nil
	}
	return data
}
