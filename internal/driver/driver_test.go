package driver

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/constant"
	"go/types"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/types/typeutil"
	"golang.org/x/tools/txtar"
)

// The test binary is the tool under test when this variable is set.
const asTool = "REDISLINT_TEST_TOOL"

func TestMain(m *testing.M) {
	if os.Getenv(asTool) != "" {
		os.Exit(toyTool().Main(os.Args[1:], os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

// toyTool is a tool for the library example.com/redis. Its fact says that a
// function opens a client, whatever it returns; its rule reports calls of such
// functions.
func toyTool() *Tool {
	engine := &analysis.Analyzer{
		Name:       "engine",
		Doc:        "engine: finds functions that open clients",
		FactTypes:  []analysis.Fact{new(opens)},
		ResultType: reflect.TypeFor[[]*ast.CallExpr](),
		Run:        findOpens,
	}
	extra := engine.Flags.String("extra", "", "path of another library")
	_ = extra
	rule := &analysis.Analyzer{
		Name:     "opened",
		Doc:      "# Analyzer opened\n\nopened: report calls that open clients\n\n# Why\n\nBecause.",
		Requires: []*analysis.Analyzer{engine},
		Run: func(pass *analysis.Pass) (any, error) {
			for _, call := range pass.ResultOf[engine].([]*ast.CallExpr) {
				pass.Report(analysis.Diagnostic{Pos: call.Pos(), End: call.End(), Message: types.ExprString(call.Fun) + " opens a client"})
			}
			return nil, nil
		},
	}
	boom := &analysis.Analyzer{
		Name: "boom",
		Doc:  "boom: panic in packages that declare boom",
		Run: func(pass *analysis.Pass) (any, error) {
			if pass.Pkg.Scope().Lookup("boom") != nil {
				var m map[string]int
				m["boom"] = 1
			}
			return nil, nil
		},
	}
	mend := &analysis.Analyzer{
		Name: "mend",
		Doc:  "mend: replace a call of mend by its first argument, and import the others",
		Run: func(pass *analysis.Pass) (any, error) {
			for _, file := range pass.Files {
				inspectCalls([]*ast.File{file}, func(call *ast.CallExpr) {
					if fun, ok := call.Fun.(*ast.Ident); !ok || fun.Name != "mend" {
						return
					}
					var edits []analysis.TextEdit
					for i, arg := range call.Args {
						text := constant.StringVal(pass.TypesInfo.Types[arg].Value)
						if i == 0 {
							edits = append(edits, analysis.TextEdit{Pos: call.Pos(), End: call.End(), NewText: []byte(text)})
						} else {
							edits = append(edits, analysis.TextEdit{Pos: file.Name.End(), End: file.Name.End(), NewText: []byte("\n\nimport \"" + text + "\"")})
						}
					}
					pass.Report(analysis.Diagnostic{Pos: call.Pos(), End: call.End(), Message: "mend this",
						SuggestedFixes: []analysis.SuggestedFix{{Message: "Mend", TextEdits: edits}}})
				})
			}
			return nil, nil
		},
	}
	meddle := &analysis.Analyzer{
		Name: "meddle",
		Doc:  "meddle: change the files of packages that declare meddle, as if somebody were at work on them",
		Run: func(pass *analysis.Pass) (any, error) {
			if pass.Pkg.Scope().Lookup("meddle") == nil {
				return nil, nil
			}
			for _, f := range pass.Files {
				name := pass.Fset.File(f.FileStart).Name()
				data, err := os.ReadFile(name)
				if err != nil {
					return nil, err
				}
				if err := os.WriteFile(name, bytes.ReplaceAll(data, []byte("before"), []byte("behind")), 0o666); err != nil {
					return nil, err
				}
			}
			return nil, nil
		},
	}
	return &Tool{
		Name:      "toy",
		Analyzers: []*analysis.Analyzer{rule, boom, mend, meddle},
		Covers: func(extra string) (func(string) bool, error) {
			if strings.Contains(extra, " ") {
				return nil, fmt.Errorf("-extra: bad row %q", extra)
			}
			return func(path string) bool { return path == "example.com/redis" || path == extra }, nil
		},
	}
}

func inspectCalls(files []*ast.File, f func(*ast.CallExpr)) {
	for _, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				f(call)
			}
			return true
		})
	}
}

// opens says that a function opens a client.
type opens struct {
	Depth   int
	Returns bool // something
}

func (f *opens) Exposes() bool { return f.Returns }

func (*opens) AFact()           {}
func (f *opens) String() string { return fmt.Sprint("opens", f.Depth) }

func findOpens(pass *analysis.Pass) (any, error) {
	var calls []*ast.CallExpr
	for _, file := range pass.Files {
		for _, decl := range file.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue
			}
			ast.Inspect(fn, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				callee, _ := typeutil.Callee(pass.TypesInfo, call).(*types.Func)
				var fact opens
				if callee == nil || callee.Name() != "Open" && !pass.ImportObjectFact(callee, &fact) {
					return true
				}
				calls = append(calls, call)
				if pass.ExportObjectFact == nil {
					return true // nobody asks
				}
				pass.ExportObjectFact(pass.TypesInfo.Defs[fn.Name], &opens{fact.Depth + 1, fn.Type.Results != nil})
				return true
			})
		}
	}
	return calls, nil
}

// module writes the files of a txtar archive to a directory and returns it.
func module(t *testing.T, archive string) string {
	t.Helper()
	dir := t.TempDir()
	for _, f := range txtar.Parse([]byte(archive)).Files {
		write(t, filepath.Join(dir, f.Name), string(f.Data))
	}
	return dir
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// tool runs the test binary as the tool, or another command that calls it,
// and returns what it prints, with its exit code in the last line.
func tool(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), asTool+"=1", "GOFLAGS=", "GOWORK=off", "GOPROXY=off", "PWD="+dir)
	out, err := cmd.CombinedOutput()
	if exit := (*exec.ExitError)(nil); err != nil && !asExit(err, &exit) {
		t.Fatal(err)
	}
	return fmt.Sprintf("%sexit %d\n", strings.ReplaceAll(string(out), dir+string(filepath.Separator), ""), cmd.ProcessState.ExitCode())
}

func asExit(err error, exit **exec.ExitError) bool {
	e, ok := err.(*exec.ExitError)
	*exit = e
	return ok
}

// vet runs go vet with the test binary as its tool.
func vet(t *testing.T, dir string, args ...string) string {
	t.Helper()
	return tool(t, dir, append([]string{"go", "vet", "-vettool=" + os.Args[0]}, args...)...)
}

func expect(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s:\n%s\nwant:\n%s", what, got, want)
	}
}

// library is a client library, and packages over it that hand its clients on
// in ways that the type checker cannot see.
const library = `
-- go.mod --
module example.com/app

go 1.25

require example.com/redis v0.0.0

replace example.com/redis => ./redis
-- redis/go.mod --
module example.com/redis

go 1.25
-- redis/redis.go --
package redis

type Client struct{ fd int }

func (c *Client) Close() error { return nil }
func Open() *Client            { return &Client{} }
-- store/store.go --
// Package store hides the library behind io.Closer.
package store

import (
	"io"

	"example.com/redis"
)

type Store struct{ base }

type base struct{ c *redis.Client }

func (b base) Reopen() io.Closer { return redis.Open() }

func New() io.Closer { return redis.Open() }

func hidden() io.Closer { return redis.Open() }
-- middle/middle.go --
// Package middle hands on what store has, and opens nothing.
package middle

import "example.com/app/store"

func Get() store.Store { return store.Store{} }
-- inner/inner.go --
// Package inner uses a client and tells nobody.
package inner

import "example.com/redis"

func Ping() { redis.Open().Close() }
-- leaf/leaf.go --
// Package leaf has no Redis in it, and is broken: it is never looked at.
package leaf

import "example.com/app/inner"

func Leaf() { inner.Ping() }
-- a/a.go --
package a

import (
	"example.com/app/leaf"
	"example.com/app/middle"
)

func A() {
	middle.Get().Reopen()
	leaf.Leaf()
}
`

func TestVet(t *testing.T) {
	dir := module(t, library)
	expect(t, "go vet ./...", sorted(vet(t, dir, "./...")), `a/a.go:9:2: middle.Get().Reopen opens a client (opened)
exit 1
inner/inner.go:6:15: redis.Open opens a client (opened)
store/store.go:14:43: redis.Open opens a client (opened)
store/store.go:16:31: redis.Open opens a client (opened)
store/store.go:18:34: redis.Open opens a client (opened)
`)
	// A second run is answered from the cache, with the same findings.
	expect(t, "go vet ./... again", sorted(vet(t, dir, "./...")), sorted(vet(t, dir, "./...")))
	expect(t, "go vet -opened=false", vet(t, dir, "-opened=false", "./..."), "exit 0\n")
	expect(t, "go vet -boom", vet(t, dir, "-boom", "./..."), "exit 0\n")
}

func sorted(s string) string {
	lines := strings.SplitAfter(strings.TrimSuffix(s, "\n"), "\n")
	for i := range lines {
		lines[i] = strings.TrimSuffix(lines[i], "\n") + "\n"
	}
	for i := range lines {
		for j := i; j > 0 && lines[j] < lines[j-1]; j-- {
			lines[j], lines[j-1] = lines[j-1], lines[j]
		}
	}
	return strings.Join(lines, "")
}

// Go 1.26 and 1.27 answer a package that they first met as a dependency from
// their cache, without findings.
func TestVetFindingsSurviveTheCache(t *testing.T) {
	dir := module(t, library)
	for _, pkg := range []string{"inner", "store"} {
		first := vet(t, dir, "./a")
		if !strings.Contains(first, "a/a.go:9:2") {
			t.Errorf("go vet ./a:\n%s", first)
		}
		if out := vet(t, dir, "./..."); !strings.Contains(out, pkg+"/"+pkg+".go") {
			t.Errorf("go vet ./a, then ./...: the findings in %s are lost:\n%s", pkg, out)
		}
	}
	// With tests of its own a package is asked for under another name.
	dir = module(t, library+`
-- store/store_test.go --
package store
`)
	vet(t, dir, "./a")
	if out := vet(t, dir, "./..."); strings.Count(out, "store/store.go:16:31") != 1 {
		t.Errorf("the findings in store are not reported once:\n%s", out)
	}
}

func TestVetFailures(t *testing.T) {
	dir := module(t, library+`
-- b/b.go --
package b

import "example.com/redis"

func B() { redis.Open(1, undefined) }
-- c/c.go --
package c

import "example.com/redis"

func C() { redis.Open() 
-- d/d.go --
package d

import "example.com/redis"

func boom() { redis.Open() }
-- e/e.go --
package e

func E() { undefined() }
`)
	expect(t, "type error", vet(t, dir, "./b"), "# example.com/app/b\ntoy: b/b.go:5:26: undefined: undefined\nexit 1\n")
	got := vet(t, dir, "./c")
	if !strings.Contains(got, "c/c.go:5:2") || !strings.Contains(got, "exit 1") {
		t.Errorf("syntax error:\n%s", got)
	}
	got = regexp.MustCompile(`driver_test.go:\d+`).ReplaceAllString(vet(t, dir, "./d"), "FILE")
	expect(t, "panic", got, "# example.com/app/d\ntoy: example.com/app/d: analyzer boom: internal error, please report: assignment to entry in nil map (FILE)\nexit 1\n")
	expect(t, "no Redis", vet(t, dir, "./e"), "exit 0\n")
	if got := vet(t, dir, "-extra=a b", "./inner"); !strings.Contains(got, `toy: -extra: bad row "a b"`) {
		t.Errorf("bad -extra:\n%s", got)
	}
}

func TestVetJSON(t *testing.T) {
	dir := module(t, library)
	got := vet(t, dir, "-json", "./inner")
	if vetFixes(t) && !strings.Contains(got, `"message": "redis.Open opens a client (opened)"`) {
		t.Errorf("go vet -json names no rule, so go vet cannot:\n%s", got)
	}
	if !strings.Contains(got, `"posn": "inner/inner.go:6:15"`) || !strings.Contains(got, `"end": "inner/inner.go:6:27"`) || !strings.HasSuffix(got, "exit 0\n") {
		t.Errorf("go vet -json:\n%s", got)
	}
}
