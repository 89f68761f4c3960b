package ignore

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"slices"
	"strings"

	"github.com/redislint/redislint/internal/newline"
)

// A Place is a finding to be silenced: the rule, and where it speaks. Lines and
// columns count from 1, columns count bytes.
type Place struct {
	Line, Col int
	Rule      string
}

// ErrGenerated says that nobody edits the file.
var ErrGenerated = errors.New("the file is generated")

// Add returns a file's source with a directive for each place, and how many
// directives it has written. A directive that is about the place already gets
// the rule as well.
func Add(name string, source []byte, places []Place, reason string) ([]byte, int, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, source, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, 0, err
	}
	if ast.IsGenerated(file) {
		return nil, 0, ErrGenerated
	}
	lines := NewLines(fset, file)
	there := existing(lines)
	tokens := fset.File(file.FileStart)
	fresh := map[int][]string{} // rules, by the line above which they are named
	for _, p := range places {
		if p.Line < 1 || p.Line > tokens.LineCount() {
			return nil, 0, fmt.Errorf("%s has no line %d", name, p.Line)
		}
		around := lines.Around(tokens.LineStart(p.Line) + token.Pos(p.Col-1))
		i := slices.IndexFunc(there, func(s *site) bool { return s.about(p.Line, around) })
		if i >= 0 {
			there[i].add = append(there[i].add, p.Rule)
		} else {
			fresh[around.First] = append(fresh[around.First], p.Rule)
		}
	}

	// From the end, so that what is before stays where it is.
	out, written := string(source), 0
	for line := tokens.LineCount(); line > 0; line-- {
		for _, s := range there {
			if s.line == line && s.add != nil {
				at := tokens.Offset(s.comment.Pos())
				out = out[:at] + s.With(s.add).String() + out[at+len(s.comment.Text):]
				written++
			}
		}
		if rules := fresh[line]; rules != nil {
			at := tokens.Offset(tokens.LineStart(line))
			indent := out[at : at+len(out[at:])-len(strings.TrimLeft(out[at:], " \t"))]
			d := Directive{Reason: reason}.With(slices.Sorted(slices.Values(rules)))
			out = out[:at] + newline.Like([]byte(out), at, indent+d.String()+"\n") + out[at:]
			written++
		}
	}
	// A line that is inside of a string has no room for a comment above it.
	after, err := parser.ParseFile(token.NewFileSet(), name, out, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, 0, err
	}
	if countComments(after) != countComments(file)+len(fresh) {
		first := slices.Min(slices.Collect(maps.Keys(fresh)))
		return nil, 0, fmt.Errorf("%s:%d: there is no room for a directive above this line", name, first)
	}
	return []byte(out), written, nil
}

// A site is a directive in a file, and what is to be added to it.
type site struct {
	Directive
	comment     *ast.Comment
	line, below int
	trails      bool
	add         []string
}

func existing(lines *Lines) []*site {
	var list []*site
	for _, group := range lines.file.Comments {
		for _, c := range group.List {
			if d, ok := Parse(c.Text); ok && !d.File && d.Reason != "" {
				list = append(list, &site{
					Directive: d, comment: c, line: lines.Of(c.Pos()),
					below: lines.Of(group.End()) + 1, trails: lines.Trails(c),
				})
			}
		}
	}
	return list
}

// about reports whether the directive is about a line, given the lines of the
// statement that it belongs to.
func (s *site) about(line int, around Span) bool {
	return About(s.line, s.below, s.trails, line, around)
}

// About reports whether a directive is about a line. It stands on the line
// own, behind code if it trails, and the line below follows the comments that
// it is among. Around are the lines of the statement that the line belongs to.
func About(own, below int, trails bool, line int, around Span) bool {
	if trails {
		return own == line || own == around.First || own == around.Last
	}
	return below == line || below == around.First
}

func countComments(f *ast.File) int {
	n := 0
	for _, group := range f.Comments {
		n += len(group.List)
	}
	return n
}
