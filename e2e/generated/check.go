package generated

import (
	"embed"
	"errors"
	"fmt"
	"go/ast"
	"go/format"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"path"
	"regexp"
	"sort"
	"strings"
)

// The stubs of the client libraries, the recorder and the package ext.
//
//go:embed testdata/src
var stubs embed.FS

// stubPackages maps the import paths of the stubs to their folders.
var stubPackages = map[string]string{
	"github.com/redis/go-redis/v9":     "goredis",
	"github.com/gomodule/redigo/redis": "redigo/redis",
	"github.com/redis/rueidis":         "rueidis",
	"redislint.test/recorder":          "recorder",
	"generated.test/ext":               "ext",
}

// importPaths maps the package names that programs use to import paths. The
// path of lib depends on where the program is put.
var importPaths = map[string]string{
	"redis":   "github.com/redis/go-redis/v9",
	"redigo":  "github.com/gomodule/redigo/redis",
	"rueidis": "github.com/redis/rueidis",
	"ext":     "generated.test/ext",
	"context": "context",
	"errors":  "errors",
	"io":      "io",
	"iter":    "iter",
	"log":     "log",
	"os":      "os",
	"sync":    "sync",
	"time":    "time",
}

// file makes a Go file of the text of a program. An empty lib is the path of
// no package.
func file(pkg, text, lib string) ([]byte, error) {
	f, err := parser.ParseFile(token.NewFileSet(), "", "package p\n"+text, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	used := map[string]bool{}
	ast.Inspect(f, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := sel.X.(*ast.Ident); ok {
				used[id.Name] = true
			}
		}
		return true
	})
	var std, other []string
	for name, p := range importPaths {
		switch {
		case !used[name]:
		case name == "redigo":
			other = append(other, fmt.Sprintf("redigo %q", p))
		case strings.Contains(p, "."):
			other = append(other, fmt.Sprintf("%q", p))
		default:
			std = append(std, fmt.Sprintf("%q", p))
		}
	}
	if used["lib"] && lib != "" {
		other = append(other, fmt.Sprintf("lib %q", lib))
	}
	sort.Strings(std)
	sort.Slice(other, func(i, j int) bool { return importKey(other[i]) < importKey(other[j]) })
	var b strings.Builder
	fmt.Fprintf(&b, "package %s\n", pkg)
	if len(std)+len(other) > 0 {
		fmt.Fprintf(&b, "\nimport (\n%s\n\n%s\n)\n", strings.Join(std, "\n"), strings.Join(other, "\n"))
	}
	b.WriteString("\n" + text)
	src, err := format.Source([]byte(b.String()))
	if err != nil {
		return nil, err
	}
	return format.Source(withoutBlankLines(src))
}

// withoutBlankLines takes the blank lines out of all bodies.
func withoutBlankLines(src []byte) []byte {
	lines := strings.SplitAfter(string(src), "\n")
	var b strings.Builder
	for i, line := range lines {
		inside := i+1 < len(lines) && (strings.HasPrefix(lines[i+1], "\t") || strings.HasPrefix(lines[i+1], "}"))
		blank := strings.TrimSpace(line) == ""
		if blank && inside && !strings.HasPrefix(strings.TrimSpace(lines[i+1]), `"`) && !importLine.MatchString(lines[i+1]) {
			continue
		}
		b.WriteString(line)
	}
	return []byte(b.String())
}

var importLine = regexp.MustCompile(`^\t\w+ "`)

func importKey(spec string) string { return spec[strings.IndexByte(spec, '"'):] }

// checker type-checks programs against the stubs.
type checker struct {
	fset  *token.FileSet
	std   types.Importer
	known map[string]*types.Package
}

func newChecker() *checker {
	fset := token.NewFileSet()
	return &checker{fset: fset, std: importer.ForCompiler(fset, "source", nil), known: map[string]*types.Package{}}
}

// Import implements types.Importer for the stubs and the standard library.
func (c *checker) Import(p string) (*types.Package, error) {
	if pkg := c.known[p]; pkg != nil {
		return pkg, nil
	}
	dir, ok := stubPackages[p]
	if !ok {
		return c.std.Import(p)
	}
	src, err := stubSource(dir)
	if err != nil {
		return nil, err
	}
	f, err := parser.ParseFile(c.fset, dir, src, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	conf := types.Config{Importer: c, IgnoreFuncBodies: true}
	pkg, err := conf.Check(p, c.fset, []*ast.File{f}, nil)
	if err == nil {
		c.known[p] = pkg
	}
	return pkg, err
}

// stubSource is the text of the one file of a stub package.
func stubSource(dir string) ([]byte, error) {
	names, err := fs.Glob(stubs, path.Join("testdata/src", dir, "*.go"))
	if err != nil || len(names) != 1 {
		return nil, fmt.Errorf("stub %s: %d files, %v", dir, len(names), err)
	}
	return stubs.ReadFile(names[0])
}

// checked is a type-checked file.
type checked struct {
	src  []byte
	fset *token.FileSet
	file *ast.File
	info *types.Info
}

// check type-checks the two files of a program.
func (c *checker) check(p *Program) (main, lib *checked, err error) {
	const libPath = "generated.test/lib"
	if p.Lib != "" {
		var pkg *types.Package
		lib, pkg, err = c.checkFile(libPath, "lib", p.Lib, "")
		if err != nil {
			return nil, nil, err
		}
		c.known[libPath] = pkg
		defer delete(c.known, libPath)
	}
	main, _, err = c.checkFile("generated.test/p", "p", p.Main, libPath)
	return main, lib, err
}

func (c *checker) checkFile(pkgPath, name, text, lib string) (*checked, *types.Package, error) {
	src, err := file(name, text, lib)
	if err != nil {
		return nil, nil, err
	}
	f, err := parser.ParseFile(c.fset, name+".go", src, parser.SkipObjectResolution)
	if err != nil {
		return nil, nil, err
	}
	out := &checked{src: src, fset: c.fset, file: f, info: &types.Info{
		Uses:  map[*ast.Ident]types.Object{},
		Defs:  map[*ast.Ident]types.Object{},
		Types: map[ast.Expr]types.TypeAndValue{},
	}}
	var errs []error
	conf := types.Config{Importer: c, Error: func(err error) { errs = append(errs, err) }}
	pkg, _ := conf.Check(pkgPath, c.fset, []*ast.File{f}, out.info)
	return out, pkg, errors.Join(errs...)
}

var unusedMessage = regexp.MustCompile(`^declared and not used: (\w+)$`)

// repair adds a blank assignment for every unused variable of a program, until
// it compiles.
func (c *checker) repair(p *Program) error {
	for range 10 {
		err := c.repairOnce(p)
		if err == nil || !errors.Is(err, errRepaired) {
			return err
		}
	}
	return errors.New("cannot be repaired")
}

var errRepaired = errors.New("repaired")

func (c *checker) repairOnce(p *Program) error {
	main, lib, err := c.check(p)
	if err == nil {
		p.Main, p.Lib = body(main), body(lib)
		return nil
	}
	if main == nil {
		return err
	}
	type use struct {
		offset int
		name   string
	}
	var uses []use
	for _, e := range unjoin(err) {
		te, ok := e.(types.Error)
		if !ok {
			return err
		}
		m := unusedMessage.FindStringSubmatch(te.Msg)
		if m == nil {
			return err
		}
		at := useOffset(main, te.Pos)
		if at < 0 {
			return err
		}
		uses = append(uses, use{at, m[1]})
	}
	sort.SliceStable(uses, func(i, j int) bool { return uses[i].offset > uses[j].offset })
	src := string(main.src)
	for _, u := range uses {
		src = src[:u.offset] + "\n_ = " + u.name + src[u.offset:]
	}
	f, err := parser.ParseFile(token.NewFileSet(), "", src, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	p.Main = src[declOffset(f):]
	return errRepaired
}

func unjoin(err error) []error {
	if j, ok := err.(interface{ Unwrap() []error }); ok {
		return j.Unwrap()
	}
	return []error{err}
}

// body is the text of a file without package clause and imports.
func body(c *checked) string {
	if c == nil {
		return ""
	}
	f, err := parser.ParseFile(token.NewFileSet(), "", c.src, parser.SkipObjectResolution)
	if err != nil {
		return ""
	}
	return string(c.src[declOffset(f):])
}

// declOffset is the offset of the first declaration that is no import, in a
// file of a file set of its own.
func declOffset(f *ast.File) int {
	for _, d := range f.Decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.IMPORT {
			continue
		}
		return int(d.Pos()) - 1
	}
	return int(f.End()) - 1
}

// useOffset is where a blank assignment for the variable declared at pos can
// stand: behind its declaration, or first in the block of the statement whose
// header declares it.
func useOffset(c *checked, pos token.Pos) int {
	at := token.NoPos
	ast.Inspect(c.file, func(n ast.Node) bool {
		if n == nil || pos < n.Pos() || pos >= n.End() {
			return false
		}
		list := stmtList(n)
		for _, s := range list {
			if s.Pos() > pos || pos >= s.End() {
				continue
			}
			switch s := s.(type) {
			case *ast.AssignStmt, *ast.DeclStmt:
				at = s.End()
			case *ast.IfStmt:
				at = s.Body.Lbrace + 1
			case *ast.ForStmt:
				at = s.Body.Lbrace + 1
			case *ast.RangeStmt:
				at = s.Body.Lbrace + 1
			}
		}
		return true
	})
	if !at.IsValid() {
		return -1
	}
	return c.fset.Position(at).Offset
}

// stmtList is the list of statements that a node holds directly.
func stmtList(n ast.Node) []ast.Stmt {
	switch n := n.(type) {
	case *ast.BlockStmt:
		return n.List
	case *ast.CaseClause:
		return n.Body
	case *ast.CommClause:
		return n.Body
	}
	return nil
}
