package redislint_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/redislint/redislint"
	"github.com/redislint/redislint/internal/driver"
	"github.com/redislint/redislint/internal/redisapi"
)

// Whatever the source is, the rules neither panic nor hang, and what cannot be
// compiled is told in lines that name a place. Each input chooses a case of the
// rules, and what is deleted, doubled, swapped and put elsewhere in it.
func FuzzAnalyzers(f *testing.F) {
	const most = 5 * time.Minute // for one text, on a machine that is busy
	if testing.Short() {
		f.Skip("analyses all cases first")
	}
	testdata, err := filepath.Abs("testdata")
	if err != nil {
		f.Fatal(err)
	}
	for name, value := range map[string]string{"GOPATH": testdata, "GO111MODULE": "off", "GOPROXY": "off", "GOWORK": "off", "GOFLAGS": ""} {
		f.Setenv(name, value)
	}
	var patterns []string
	for _, a := range redislint.Analyzers() {
		patterns = append(patterns, "./"+a.Name+"/...")
	}
	tool := &driver.Tool{
		Name:      "redislint",
		Analyzers: redislint.Analyzers(),
		Covers: func(extra string) (func(string) bool, error) {
			table, err := redisapi.New(extra)
			if err != nil {
				return nil, err
			}
			return table.Covers, nil
		},
	}
	session, err := tool.Open(append([]string{"-C=" + filepath.Join(testdata, "src"), "-no-config"}, patterns...)...)
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() {
		if err := session.Close(); err != nil {
			f.Error(err)
		}
	})
	var files []string
	for _, p := range session.Packages() {
		for _, file := range p.Files {
			files = append(files, session.Fset().File(file.FileStart).Name())
		}
	}
	slices.Sort(files)
	if files = slices.Compact(files); len(files) < 150 {
		f.Fatalf("only %d files", len(files))
	}
	for i := range 40 { // a few changes of a few files, in all ways
		change := []byte{byte(i)}
		for k := range 3 {
			change = append(change, byte(i*3), byte(i*41+k*97), byte(k), byte(i*59+k*31), byte(i+k*7))
		}
		f.Add(uint16(i*4), change)
	}
	f.Fuzz(func(t *testing.T, file uint16, change []byte) {
		name := files[int(file)%len(files)]
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		m := mutation(change)
		for range 12 {
			if len(m) == 0 {
				break
			}
			// A change that cannot be compiled is told, and taken back, so that
			// the next one is not lost.
			text := m.apply(src)
			for tries := 0; tries < 8 && text != nil; tries++ {
				hang := time.AfterFunc(most, func() { panic(fmt.Sprintf("%s is not done in %v with this text:\n%s", name, most, text)) })
				_, err := session.With(map[string][]byte{name: text})
				hang.Stop()
				if err == nil {
					src = text
					break
				}
				if bad := unclear(err.Error()); bad != "" {
					t.Fatalf("%s: %q is said of this text:\n%s", name, bad, text)
				}
				text = mended(text, err.Error())
			}
		}
	})
}

var troubleLine = regexp.MustCompile(`^(# \S.*|too many errors|\S.*\.go:\d+:\d+: \t?\S.*)$`)

// unclear returns a line of an error that is no clear one.
func unclear(text string) string {
	for line := range strings.SplitSeq(text, "\n") {
		if strings.Contains(line, "internal error") || !troubleLine.MatchString(line) && !strings.HasPrefix(line, "\t") {
			return line
		}
	}
	return ""
}

// A mutation says what is changed in a source, byte by byte. It is used up.
type mutation []byte

// next is a number below n.
func (m *mutation) next(n int) int {
	v := 0
	for range 2 {
		v <<= 8
		if len(*m) > 0 {
			v |= int((*m)[0])
			*m = (*m)[1:]
		}
	}
	return v % max(n, 1)
}

// apply makes one change.
func (m *mutation) apply(src []byte) []byte {
	op := int((*m)[0])
	*m = (*m)[1:]
	if op%8 == 0 {
		return changeTokens(src, op/8, m.next)
	}
	return changeStatements(src, op, m.next)
}

// span is a part of a source.
type span struct{ from, to int }

// replace puts a text in the place of a span.
func (s span) replace(src []byte, text string) []byte {
	return slices.Concat(src[:s.from], []byte(text), src[s.to:])
}

// changeTokens deletes, doubles, swaps or replaces a token.
func changeTokens(src []byte, op int, next func(int) int) []byte {
	var s scanner.Scanner
	fset := token.NewFileSet()
	file := fset.AddFile("", -1, len(src))
	s.Init(file, src, func(token.Position, string) {}, 0)
	var tokens []span
	for {
		pos, tok, lit := s.Scan()
		if tok == token.EOF {
			break
		}
		if tok == token.SEMICOLON && lit == "\n" {
			continue
		}
		from := file.Offset(pos)
		tokens = append(tokens, span{from, min(len(src), from+max(len(lit), len(tok.String())*boolInt(lit == "")))})
	}
	if len(tokens) < 2 {
		return src
	}
	i := next(len(tokens) - 1)
	this, other := tokens[i], tokens[next(len(tokens))]
	text := func(s span) string { return string(src[s.from:s.to]) }
	switch op % 4 {
	case 0:
		return this.replace(src, "")
	case 1:
		return this.replace(src, text(this)+" "+text(this))
	case 2:
		after := tokens[i+1]
		return span{this.from, after.to}.replace(src, text(after)+" "+text(this))
	default:
		return this.replace(src, text(other))
	}
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// changeStatements deletes, doubles, moves or wraps a statement, or puts one
// name in the place of another. What cannot be parsed stays as it is.
func changeStatements(src []byte, op int, next func(int) int) []byte {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", src, parser.SkipObjectResolution)
	if err != nil {
		return src
	}
	tokens := fset.File(file.FileStart)
	of := func(n ast.Node) span { return span{tokens.Offset(n.Pos()), tokens.Offset(n.End())} }
	var statements, conditions, names []span
	ast.Inspect(file, func(n ast.Node) bool {
		var list []ast.Stmt
		switch n := n.(type) {
		case *ast.BlockStmt:
			list = n.List
		case *ast.CaseClause:
			list = n.Body
		case *ast.CommClause:
			list = n.Body
		case *ast.IfStmt:
			conditions = append(conditions, of(n.Cond))
		case *ast.Ident:
			names = append(names, of(n))
		}
		for _, s := range list {
			statements = append(statements, of(s))
		}
		return true
	})
	if len(statements) == 0 {
		return src
	}
	i := next(len(statements))
	this, other := statements[i], statements[min(len(statements)-1, i+1+next(8))]
	text := func(s span) string { return string(src[s.from:s.to]) }
	switch op % 12 {
	case 0:
		return this.replace(src, "")
	case 1:
		return this.replace(src, text(this)+"\n"+text(this))
	case 2:
		if this.to > other.from {
			return src
		}
		return span{this.from, other.to}.replace(src, text(other)+string(src[this.to:other.from])+text(this))
	case 3:
		return this.replace(src, text(other)+"\n"+text(this))
	case 4:
		return this.replace(src, "if len(`"+strconv.Itoa(next(9))+"`) > 2 {\n"+text(this)+"\n}")
	case 5:
		return this.replace(src, "for range "+strconv.Itoa(next(4))+" {\n"+text(this)+"\n}")
	case 6:
		return this.replace(src, []string{"go", "defer"}[next(2)]+" func() {\n"+text(this)+"\n}()")
	case 7:
		return this.replace(src, text(this)+"\n"+[]string{"return", "break", "continue", "panic(1)", "for {}", "select {}", "goto L\nL:"}[next(7)])
	case 8:
		return this.replace(src, "switch {\ncase "+[]string{"true", "false", "len(`x`) > 1"}[next(3)]+":\n"+text(this)+"\nfallthrough\ndefault:\n"+text(other)+"\n}")
	case 9:
		return this.replace(src, "for f := func(yield func(int) bool) { yield(1) }; ; {\nfor range f {\n"+text(this)+"\n}\n}")
	case 10:
		if len(conditions) == 0 {
			return src
		}
		c := conditions[next(len(conditions))]
		return c.replace(src, "!("+text(c)+")")
	default:
		return names[next(len(names))].replace(src, text(names[next(len(names))]))
	}
}

var (
	unusedVariable = regexp.MustCompile(`\.go:(\d+):(\d+): declared and not used: (\w+)`)
	unusedImport   = regexp.MustCompile(`\.go:(\d+):(\d+): ("[^"]+") imported and not used`)
)

// mended makes source compile where only something is not used. It returns nil
// if it is something else.
func mended(src []byte, trouble string) []byte {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", src, parser.SkipObjectResolution)
	if err != nil {
		return nil
	}
	tokens := fset.File(file.FileStart)
	inserts := map[int]string{}
	place := func(m []string) (line, col int) {
		line, _ = strconv.Atoi(m[1])
		col, _ = strconv.Atoi(m[2])
		return line, col
	}
	for _, m := range unusedImport.FindAllStringSubmatch(trouble, -1) {
		for _, spec := range file.Imports {
			if line, _ := place(m); tokens.Line(spec.Pos()) == line && spec.Name == nil {
				inserts[tokens.Offset(spec.Pos())] = "_ "
			}
		}
	}
	for _, m := range unusedVariable.FindAllStringSubmatch(trouble, -1) {
		line, col := place(m)
		ast.Inspect(file, func(n ast.Node) bool {
			block, ok := n.(*ast.BlockStmt)
			if !ok {
				return true
			}
			for _, s := range block.List {
				switch s.(type) {
				case *ast.AssignStmt, *ast.DeclStmt:
					if p := tokens.Position(s.Pos()); p.Line == line && p.Column <= col {
						inserts[tokens.Offset(s.End())] += "; _ = " + m[3]
					}
				}
			}
			return true
		})
	}
	if len(inserts) == 0 {
		return nil
	}
	var at []int
	for offset := range inserts {
		at = append(at, offset)
	}
	slices.Sort(at)
	for _, offset := range slices.Backward(at) {
		src = span{offset, offset}.replace(src, inserts[offset])
	}
	return src
}
