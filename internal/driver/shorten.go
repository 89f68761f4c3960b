package driver

import (
	"bytes"
	"encoding/gob"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"strings"

	"github.com/redislint/redislint/internal/cache"
)

// declarationsOf returns the declarations of a package, see declarations. What
// they were when the same files were read before is kept as source, which is a
// fraction of the files: reading and shaking them takes longer than all else
// that is done for a package of which nothing but the declarations is needed.
func (l *loader) declarationsOf(n *node) ([]*ast.File, []error) {
	key, ok := l.shortKey(n)
	if !ok {
		return n.declarations(l.fset)
	}
	if data, ok := l.keeper.store.Get(key); ok {
		var texts []string
		err := gob.NewDecoder(bytes.NewReader(data)).Decode(&texts)
		if err == nil {
			var files []*ast.File
			if files, err = n.parseShort(l.fset, texts); err == nil {
				return files, nil
			}
		}
		l.keeper.store.Report(err)
	}
	files, sources, errs := n.parseDeclarations(l.fset)
	if errs != nil || n.changed.Load() {
		return files, errs
	}
	if texts := shorten(l.fset, files, sources); texts != nil {
		var data bytes.Buffer
		if err := gob.NewEncoder(&data).Encode(texts); err != nil {
			l.keeper.store.Report(err)
		} else {
			l.keeper.store.Put(key, data.Bytes())
		}
	}
	return files, nil
}

// shortKey names what is left of a package's files.
func (l *loader) shortKey(n *node) (cache.Key, bool) {
	if l.keeper == nil || len(n.Errors) > 0 || l.read(n) != nil {
		return cache.Key{}, false
	}
	var h cache.Hash
	h.AddKey(l.keeper.origin)
	h.Add("short", n.ID)
	if n.ours() {
		h.Add("ours")
	}
	h.AddKey(n.sum)
	for _, d := range n.deps {
		h.Add(d.path, d.node.Name) // the names decide which imports are used
	}
	return h.Key(), true
}

// parseShort parses what shorten has made of the files of a package.
func (n *node) parseShort(fset *token.FileSet, texts []string) ([]*ast.File, error) {
	var files []*ast.File
	for i, text := range texts {
		if text == "" {
			continue
		}
		f, err := parser.ParseFile(fset, n.GoFiles[i], text, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		prune(f)
		files = append(files, f)
	}
	return files, nil
}

// shorten writes files as source, in which each line and column is what it was.
// sources are what they were parsed from. A file of which nothing is left is
// empty, unless it is the only one. It returns nil if that is not possible.
func shorten(fset *token.FileSet, files []*ast.File, sources [][]byte) []string {
	var texts []string
	for i, f := range files {
		src := sources[i]
		if hasLineDirective(src) {
			return nil // these say what line it is
		}
		if len(f.Decls) == 0 && i > 0 {
			texts = append(texts, "")
			continue
		}
		w := shortener{tokens: fset.File(f.FileStart), src: src, line: 1, col: 1}
		w.file(f)
		text := withoutComments(w.out.String())
		if f.GoVersion != "" { // a build constraint says so, above the package clause
			text = "//go:build " + f.GoVersion + text
		}
		texts = append(texts, text)
	}
	return texts
}

// shortener writes one file.
type shortener struct {
	tokens    *token.File
	src       []byte
	out       strings.Builder
	line, col int // where out ends
}

func (w *shortener) file(f *ast.File) {
	w.copy(f.Package, f.Name.End())
	for _, decl := range f.Decls {
		w.out.WriteByte(';')
		w.col++
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			w.copy(decl.Pos(), decl.Type.End())
			if decl.Body != nil {
				w.out.WriteString("{}")
				w.col += 2
			}
		case *ast.GenDecl:
			if decl.Tok == token.CONST || decl.Tok == token.TYPE && !decl.Lparen.IsValid() {
				w.copy(decl.Pos(), decl.End())
				continue
			}
			w.copy(decl.Pos(), decl.Pos()+token.Pos(len(decl.Tok.String())))
			if decl.Lparen.IsValid() {
				w.copy(decl.Lparen, decl.Lparen+1)
			}
			for i, spec := range decl.Specs {
				if i > 0 {
					w.out.WriteByte(';')
					w.col++
				}
				end := spec.End()
				if v, ok := spec.(*ast.ValueSpec); ok && v.Type != nil {
					end = v.Type.End()
				}
				w.copy(spec.Pos(), end)
			}
			if decl.Lparen.IsValid() {
				w.out.WriteByte(')')
				w.col++
			}
		}
	}
	w.out.WriteByte('\n')
}

// copy writes a part of the source to where it was.
func (w *shortener) copy(from, to token.Pos) {
	start, end := w.tokens.PositionFor(from, false), w.tokens.PositionFor(to, false)
	for ; w.line < start.Line; w.line++ {
		w.out.WriteByte('\n')
		w.col = 1
	}
	for ; w.col < start.Column; w.col++ {
		w.out.WriteByte(' ')
	}
	w.out.Write(w.src[start.Offset:end.Offset])
	w.line, w.col = end.Line, end.Column
}

// withoutComments removes comments, and leaves all else where it is.
func withoutComments(src string) string {
	var s scanner.Scanner
	fset := token.NewFileSet()
	file := fset.AddFile("", -1, len(src))
	s.Init(file, []byte(src), nil, scanner.ScanComments)
	var out strings.Builder
	kept := 0
	for {
		pos, tok, lit := s.Scan()
		if tok == token.EOF {
			break
		}
		if tok != token.COMMENT {
			continue
		}
		from := file.Offset(pos)
		to := from + len(lit)
		// The scanner drops carriage returns of what it says.
		if lit[1] == '*' {
			to = from + strings.Index(src[from:], "*/") + 2
		} else if i := strings.IndexByte(src[from:], '\n'); i >= 0 {
			to = from + i
		}
		before := src[kept:from]
		comment := src[from:to]
		if n := strings.Count(comment, "\n"); n > 0 {
			out.WriteString(before)
			out.WriteString(strings.Repeat("\n", n))
			comment = comment[strings.LastIndexByte(comment, '\n')+1:]
		} else if to == len(src) || src[to] == '\n' {
			out.WriteString(strings.TrimRight(before, " \t\r"))
			comment = ""
		} else {
			out.WriteString(before)
		}
		out.WriteString(strings.Repeat(" ", len(comment)))
		kept = to
	}
	out.WriteString(src[kept:])
	return out.String()
}
