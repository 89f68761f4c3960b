package redislint_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/redislint/redislint/internal/redisapi"
)

const module = "github.com/redislint/redislint"

// A room is a folder of this house.
type room struct {
	path    string   // with a slash at the end: all folders below it
	holds   string   // what belongs there
	imports []string // what it may import: packages of this module, and of others
}

// rooms lists the rooms of this module, the ground floor first. The room of a
// folder is the first one that fits. CONTRIBUTING.md has the reasons, in three
// sentences.
func rooms() []room {
	const (
		redisapi = module + "/internal/redisapi"
		ssaflow  = module + "/internal/ssaflow"
		program  = module + "/internal/program"
		memo     = module + "/internal/memo"
		heap     = module + "/internal/lifetime/heap"
		facts    = module + "/internal/lifetime/facts"
		know     = module + "/internal/lifetime/knowledge"
		eval     = module + "/internal/lifetime/eval"
		relevant = module + "/internal/lifetime/relevance"
		lifetime = module + "/internal/lifetime"
		loops    = module + "/internal/loops"
		requests = module + "/internal/requests"
		failures = module + "/internal/failures"
		holders  = module + "/internal/holders"
		repair   = module + "/internal/repair"
		scope    = module + "/internal/scope"
		options  = module + "/internal/options"
		check    = module + "/internal/check"
		driver   = module + "/internal/driver"
		report   = module + "/internal/report"
		config   = module + "/internal/config"
		changes  = module + "/internal/changes"
		gate     = module + "/internal/gate"
		ignore   = module + "/internal/ignore"
		cache    = module + "/internal/cache"
		edit     = module + "/internal/edit"
		newline  = module + "/internal/newline"
		evidence = module + "/internal/evidence"
		why      = module + "/internal/why"
		rules    = module + "/analyzer"
		analysis = "golang.org/x/tools/go/analysis"
		tools    = "golang.org/x/tools/"
	)
	// What a rule may ask.
	asked := []string{redisapi, facts, lifetime, loops, requests, failures, holders, repair, scope, options, check, analysis}
	return []room{
		{"internal/redisapi", "what is known of a library's symbols", nil},
		{"internal/newline", "how the lines of a file end", nil},
		{"internal/changes", "what git says of the lines of the merge base", []string{"golang.org/x/mod/modfile"}},
		{"internal/gate", "what a change adds to the findings of its merge base", []string{changes}},
		{"internal/cache", "what is kept between runs of the command", []string{"github.com/rogpeppe/go-internal/cache"}},
		{"internal/report", "how findings are written, whatever they are about", nil},
		{"internal/ignore", "the text of directives", []string{newline}},
		{"internal/edit", "changes of files", []string{newline}},
		{"internal/evidence", "what kind of program code is part of, by its syntax", []string{redisapi}},

		{"internal/memo", "answers that are remembered, whatever the question", nil},
		{"internal/ssaflow", "what is asked of SSA and has nothing to do with Redis", []string{memo, tools}},
		{"internal/program", "what a package is to all engines, and nothing of its resources", []string{redisapi, ssaflow, tools}},
		{"internal/lifetime/heap", "values, conditions and memory as the search sees them, without Redis", []string{tools}},
		{"internal/lifetime/facts", "the words in which it is told what a function does to resources", []string{heap, ssaflow}},
		{"internal/lifetime/knowledge", "what rows, facts and types tell without a search", []string{memo, heap, facts, redisapi, ssaflow, program, tools}},
		{"internal/lifetime/eval", "what a path knows, and what instructions compute there", []string{heap, facts, know, ssaflow, tools}},
		{"internal/lifetime/relevance", "what can decide something about a resource", []string{heap, know, eval, ssaflow, tools}},
		{"internal/lifetime", "the search along all paths: who owns a resource, and where it is released", []string{memo, heap, facts, know, eval, relevant, redisapi, ssaflow, program, tools}},
		{"internal/options", "with which settings a client is opened", []string{redisapi, ssaflow, program, tools}},
		{"internal/loops", "which resources each turn of a loop opens anew", []string{ssaflow, program, lifetime, tools}},
		{"internal/requests", "what runs on behalf of requests", []string{redisapi, ssaflow, program, lifetime, loops, tools}},
		{"internal/failures", "where errors of Redis go", []string{redisapi, ssaflow, program, lifetime, requests, tools}},
		{"internal/holders", "which variables hold a client, whatever the path", []string{redisapi, ssaflow, program, facts, lifetime, requests, tools}},
		{"internal/scope", "which functions lend a client, and what runs inside them", []string{redisapi, ssaflow, program, facts, lifetime, requests, tools}},

		{"internal/check", "what all rules share", []string{ignore, evidence, newline, program, analysis}},
		{"internal/repair", "how a release is written where it is missing", []string{redisapi, ssaflow, program, facts, lifetime, check, tools}},
		{"internal/checktest", "what the tests of all rules share", []string{check}},
		{"analyzer/directive", "the rule about directives, which requires all others", []string{rules, program, check, ignore, analysis}},
		{"analyzer", "the list of the rules", []string{rules + "/", analysis}},
		{"analyzer/", "one rule: when it fires, and what it says", asked},
		{"internal/why", "what redislint why tells", []string{program, facts, lifetime, options, scope, check, analysis}},
		{".", "what other programs import", []string{rules, rules + "/directive", analysis}},

		{"internal/config", "the configuration file", []string{check, "go.yaml.in/yaml/v3"}},
		{"internal/driver", "how the rules are run over packages", []string{report, changes, gate, config, ignore, edit, evidence, cache, tools, "golang.org/x/mod/modfile", "golang.org/x/mod/module", "golang.org/x/sys/"}},
		{"gclplugin", "the plugin of golangci-lint", []string{module, redisapi, driver, analysis, "github.com/golangci/plugin-module-register/register"}},
		{"cmd/redislint", "main", []string{module, redisapi, driver, why}},
		{"internal/docgen", "what is written from the manuals", []string{module, redisapi, driver, config, analysis}},
		{"", "tools for those who work here", []string{module, driver, config, tools}},
	}
}

// roomOf returns the room that a folder is.
func roomOf(folder string) room {
	for _, r := range rooms() {
		if r.path == folder || r.path == "" || strings.HasSuffix(r.path, "/") && strings.HasPrefix(folder, r.path) {
			return r
		}
	}
	return room{}
}

// may tells whether a room may import a package.
func (r room) may(path string) bool {
	return slices.ContainsFunc(r.imports, func(a string) bool {
		return a == path || strings.HasSuffix(a, "/") && strings.HasPrefix(path, a)
	})
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

// isEngine tells whether a room states facts.
func isEngine(room string) bool {
	switch room {
	case "internal/ssaflow", "internal/program", "internal/lifetime", "internal/lifetime/heap", "internal/lifetime/facts",
		"internal/lifetime/knowledge", "internal/lifetime/eval", "internal/lifetime/relevance", "internal/memo", "internal/loops", "internal/options",
		"internal/requests", "internal/failures", "internal/holders", "internal/repair", "internal/scope":
		return true
	}
	return false
}

// An engine states facts and never reports.
func TestEnginesNeverReport(t *testing.T) {
	for _, s := range sources(t) {
		if !isEngine(s.room) {
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

// A file of an engine is short enough to be read in one go.
func TestFilesOfEnginesAreShort(t *testing.T) {
	const most = 700
	for _, s := range sources(t) {
		n := s.fset.File(s.ast.Pos()).LineCount()
		if n > most && isEngine(s.room) {
			t.Errorf("%s has %d lines, at most %d are wanted", s.file, n, most)
		}
	}
}

// A type of an engine has one job: what grows beyond that is a type of its own,
// as the questions of a search are. The types named here are still to be divided,
// and do not grow until then.
func TestTypesOfEnginesAreSmall(t *testing.T) {
	const most = 40
	large := map[string]int{
		"internal/options.engine": 67,
		"internal/repair.fixer":   120,
		"internal/scope.graph":    44,
		"internal/scope.origins":  109,
	}
	methods := map[string]int{}
	for _, s := range sources(t) {
		if !isEngine(s.room) || strings.HasSuffix(s.file, "_test.go") {
			continue
		}
		for _, d := range s.ast.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv != nil {
				of := fn.Recv.List[0].Type
				if p, ok := of.(*ast.StarExpr); ok {
					of = p.X
				}
				if x, ok := of.(*ast.IndexExpr); ok {
					of = x.X
				}
				methods[s.room+"."+types.ExprString(of)]++
			}
		}
	}
	if len(methods) < 50 {
		t.Fatalf("only %d types have methods", len(methods))
	}
	for _, name := range slices.Sorted(maps.Keys(methods)) {
		n, limit := methods[name], max(most, large[name])
		if n > limit {
			t.Errorf("%s has %d methods, at most %d are wanted", name, n, limit)
		} else if n < large[name] {
			t.Errorf("%s has %d methods, and %d are allowed here: allow no more than there are", name, n, large[name])
		}
	}
}

// Rules ask the engines and do not walk code, so they see neither SSA nor an
// inspector; internal/report sees nothing of Go, and no rule sees formats.
func TestImports(t *testing.T) {
	for _, s := range sources(t) {
		if ofOtherModule(s.room) {
			continue
		}
		own := roomOf(s.room)
		var imported []string // but for the standard library
		for spec, p := range s.imports {
			first, _, _ := strings.Cut(p, "/")
			if !strings.Contains(first, ".") {
				if s.room == "internal/report" && strings.HasPrefix(p, "go/") {
					t.Errorf("%s: internal/report knows findings, not Go: %s", s.at(spec), p)
				}
				continue
			}
			imported = append(imported, p)
		}
		for spec, p := range s.imports {
			if slices.Contains(imported, p) && !own.may(p) {
				t.Errorf("%s: %s holds %s, and may not import %s%s", s.at(spec), s.room, own.holds, p, belongs(imported))
			}
		}
	}
}

// belongs tells in which rooms a file may stand, by what it imports.
func belongs(imported []string) string {
	text := ""
	for _, r := range rooms() {
		if r.path != "" && !slices.ContainsFunc(imported, func(p string) bool { return !r.may(p) }) {
			text += "\n\t" + r.path + ", which holds " + r.holds
		}
	}
	if text == "" {
		return "; no room may import all that this file does: divide it"
	}
	return "; with its imports, the file belongs to one of" + text
}

// CONTRIBUTING.md tells newcomers of every room.
func TestRoomsAreTold(t *testing.T) {
	data, err := os.ReadFile("CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]bool{}
	for _, s := range sources(t) {
		top, _, _ := strings.Cut(s.room, "/")
		if top != "internal" || told[s.room] || strings.HasSuffix(s.room, "/noop") {
			continue
		}
		told[s.room] = true
		if !strings.Contains(string(data), "\n| `"+s.room+"/` |") {
			t.Errorf("CONTRIBUTING.md has no row for %s, which holds %s", s.room, roomOf(s.room).holds)
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
