package redislint_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/redislint/redislint/internal/redisapi"
)

const module = "github.com/redislint/redislint"

// mayImport says which packages of this module a room may import, and of
// golang.org/x/tools. A name that ends with a slash stands for all below it.
// CONTRIBUTING.md has the reasons, in three sentences.
func mayImport(room string) []string {
	const (
		redisapi = module + "/internal/redisapi"
		ssaflow  = module + "/internal/ssaflow"
		program  = module + "/internal/program"
		lifetime = module + "/internal/lifetime"
		scope    = module + "/internal/scope"
		options  = module + "/internal/options"
		check    = module + "/internal/check"
		driver   = module + "/internal/driver"
		report   = module + "/internal/report"
		config   = module + "/internal/config"
		changes  = module + "/internal/changes"
		gate     = module + "/internal/gate"
		ignore   = module + "/internal/ignore"
		edit     = module + "/internal/edit"
		newline  = module + "/internal/newline"
		evidence = module + "/internal/evidence"
		cache    = module + "/internal/cache"
		analysis = "golang.org/x/tools/go/analysis"
		tools    = "golang.org/x/tools/"
	)
	switch {
	case room == "internal/redisapi", room == "internal/report", room == "internal/newline":
		return nil
	case room == "internal/changes":
		return []string{"golang.org/x/mod/modfile"}
	case room == "internal/gate":
		return []string{changes}
	case room == "internal/ignore", room == "internal/edit":
		return []string{newline}
	case room == "internal/check":
		return []string{ignore, evidence, newline, analysis}
	case room == "internal/evidence":
		return []string{redisapi}
	case room == "internal/checktest":
		return []string{check}
	case room == "internal/lifetime/heap":
		return []string{tools}
	case room == "internal/lifetime":
		return []string{lifetime + "/heap", redisapi, ssaflow, program, tools}
	case room == "internal/scope":
		return []string{redisapi, ssaflow, program, lifetime, tools}
	case room == "internal/options":
		return []string{redisapi, ssaflow, program, tools}
	case room == "internal/program":
		return []string{redisapi, ssaflow, tools}
	case room == "internal/ssaflow":
		return []string{tools}
	case room == "internal/config":
		return []string{check, "go.yaml.in/yaml/v3"}
	case room == "internal/cache":
		return []string{"github.com/rogpeppe/go-internal/cache"}
	case room == "internal/driver":
		return []string{report, changes, gate, config, ignore, edit, evidence, cache, tools}
	case room == "analyzer/directive": // it requires all others
		return []string{module + "/analyzer", program, check, ignore, analysis}
	case room == "analyzer": // the list of them
		return []string{module + "/analyzer/", analysis}
	case strings.HasPrefix(room, "analyzer/"):
		return []string{redisapi, lifetime, scope, options, check, analysis}
	case room == ".":
		return []string{module + "/analyzer", module + "/analyzer/directive", analysis}
	case room == "gclplugin":
		return []string{module, redisapi, driver, analysis, "github.com/golangci/plugin-module-register/register"}
	case room == "internal/why":
		return []string{lifetime, check, analysis}
	case room == "cmd/redislint":
		return []string{module, redisapi, driver, module + "/internal/why"}
	case room == "internal/docgen":
		return []string{module, redisapi, driver, config, analysis}
	default: // tools for those who work here
		return []string{module, driver, config, tools}
	}
}

// source is a Go file that is no test.
type source struct {
	room string // its folder, with slashes
	file string
	fset *token.FileSet
	ast  *ast.File
}

// at is the place of a node, for a message.
func (s source) at(n ast.Node) string { return s.fset.Position(n.Pos()).String() }

// imports yields what the file imports.
func (s source) imports(yield func(spec *ast.ImportSpec, path string) bool) {
	for _, spec := range s.ast.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err == nil && !yield(spec, p) {
			return
		}
	}
}

// sources parses the Go files of all modules that are neither tests nor data
// of tests.
func sources(t *testing.T) []source {
	t.Helper()
	var list []source
	fset := token.NewFileSet()
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && file != "." && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".")):
			return fs.SkipDir
		case d.IsDir() || filepath.Ext(file) != ".go" || strings.HasSuffix(file, "_test.go"):
			return nil
		}
		f, err := parser.ParseFile(fset, file, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		list = append(list, source{path.Dir(filepath.ToSlash(file)), file, fset, f})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// ofOtherModule tells whether a room belongs to a module that uses real client
// libraries.
func ofOtherModule(room string) bool {
	top, _, _ := strings.Cut(room, "/")
	return top == "e2e" || top == "examples" || top == "rediscope"
}

// No import path or symbol of a Redis library occurs outside internal/redisapi.
func TestKnowledgeIsInOnePlace(t *testing.T) {
	table, err := redisapi.New("")
	if err != nil {
		t.Fatal(err)
	}
	libraries, err := redisapi.Libraries()
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	symbols := map[string]bool{}
	for _, lib := range libraries {
		for _, pkg := range lib.Packages {
			if table.Covers(pkg.Path) {
				paths = append(paths, pkg.Path)
			}
		}
		for _, row := range lib.Rows {
			if table.Covers(row.Path) && twoWords(row.Name) {
				symbols[row.Name] = true
			}
		}
	}
	if len(paths) < 40 || len(symbols) < 100 {
		t.Fatalf("%d paths and %d symbols are known, are those all?", len(paths), len(symbols))
	}
	for _, s := range sources(t) {
		if s.room == "internal/redisapi" || ofOtherModule(s.room) {
			continue
		}
		ast.Inspect(s.ast, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			text, err := strconv.Unquote(lit.Value)
			if err != nil {
				t.Errorf("%s: %v", s.at(n), err)
			}
			named := slices.ContainsFunc(paths, func(p string) bool { return strings.Contains(text, p) })
			if named || symbols[text] {
				t.Errorf("%s: %s names a Redis library, only internal/redisapi does", s.at(n), lit.Value)
			}
			return true
		})
	}
}

// twoWords tells a name like NewClient or PubSub, which is a library's, from
// one like Close or Pool, which is anybody's.
func twoWords(name string) bool {
	capitals := 0
	for i, c := range name {
		if 'A' <= c && c <= 'Z' && (i == 0 || 'a' <= name[i-1] && name[i-1] <= 'z') {
			capitals++
		}
	}
	return capitals > 1
}

// An engine states facts and never reports.
func TestEnginesNeverReport(t *testing.T) {
	for _, s := range sources(t) {
		if s.room != "internal/lifetime" && s.room != "internal/scope" && s.room != "internal/options" {
			continue
		}
		ast.Inspect(s.ast, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if ok && (sel.Sel.Name == "Diagnostic" || strings.HasPrefix(sel.Sel.Name, "Report")) {
				t.Errorf("%s: an engine states facts, a rule reports them: %s", s.at(n), sel.Sel.Name)
			}
			return true
		})
	}
}

// Rules ask the engines and do not walk code, so they see neither SSA nor an
// inspector; internal/report sees nothing of Go, and no rule sees formats.
func TestImports(t *testing.T) {
	for _, s := range sources(t) {
		if ofOtherModule(s.room) {
			continue
		}
		allowed := mayImport(s.room)
		for spec, p := range s.imports {
			first, _, _ := strings.Cut(p, "/")
			if !strings.Contains(first, ".") { // the standard library
				if s.room == "internal/report" && strings.HasPrefix(p, "go/") {
					t.Errorf("%s: internal/report knows findings, not Go: %s", s.at(spec), p)
				}
				continue
			}
			ok := slices.ContainsFunc(allowed, func(a string) bool {
				return a == p || strings.HasSuffix(a, "/") && strings.HasPrefix(p, a)
			})
			if !ok {
				t.Errorf("%s: %s may not import %s", s.at(spec), s.room, p)
			}
		}
	}
}

// Nothing happens before main, and only main ends the process: errors travel
// to it.
func TestOnlyMainEnds(t *testing.T) {
	for _, s := range sources(t) {
		if s.room == "examples/leaky" {
			continue // it makes this mistake too
		}
		for _, decl := range s.ast.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue
			}
			// golangci-lint wants a plugin to register itself.
			if fn.Name.Name == "init" && fn.Recv == nil && s.room != "gclplugin" {
				t.Errorf("%s: init", s.at(fn))
			}
			if s.ast.Name.Name == "main" && fn.Name.Name == "main" && fn.Recv == nil {
				continue
			}
			ast.Inspect(fn, func(n ast.Node) bool {
				if call, ok := n.(*ast.CallExpr); ok && ends(call) {
					t.Errorf("%s: return an error instead", s.at(n))
				}
				return true
			})
		}
	}
}

// ends tells whether a call ends the goroutine or the process.
func ends(call *ast.CallExpr) bool {
	switch fun := call.Fun.(type) {
	case *ast.Ident:
		return fun.Name == "panic"
	case *ast.SelectorExpr:
		pkg, ok := fun.X.(*ast.Ident)
		if !ok {
			return false
		}
		return pkg.Name == "os" && fun.Sel.Name == "Exit" ||
			pkg.Name == "log" && (strings.HasPrefix(fun.Sel.Name, "Fatal") || strings.HasPrefix(fun.Sel.Name, "Panic"))
	}
	return false
}
