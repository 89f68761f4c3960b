package drift

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"go/types"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/redislint/redislint/internal/redisapi"
)

// pendingFile lists the programs that the engine does not understand yet: a
// name a line, and why. The test fails when one of them is understood.
const pendingFile = "testdata/pending.txt"

// TestPrograms asks of every row what a program with it gives. For each it
// writes functions that open something and drop it, release it, or hand it
// over, compiles them with the real libraries, all in one module, and runs the
// command over them: what is dropped must be found, at the line that opens it,
// and nothing else.
func TestPrograms(t *testing.T) {
	if testing.Short() {
		t.Skip("it loads some sixty modules")
	}
	table, err := redisapi.New("")
	if err != nil {
		t.Fatal(err)
	}
	libraries, err := redisapi.Libraries()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	paths := workspace(t, dir, libraries)
	l := &loader{fset: token.NewFileSet(), std: map[string]*types.Package{}}
	pkgs, err := l.load(dir, paths, 0)
	if err != nil {
		t.Fatal(err)
	}
	var openers []opener
	var links []link
	for _, file := range slices.Sorted(maps.Keys(libraries)) {
		lib := libraries[file]
		for _, p := range paths {
			openers = append(openers, openersOf(table, pkgs[p], lib.Rows)...)
			links = append(links, linksOf(table, pkgs[p], lib.Rows)...)
		}
	}

	due := map[string]*program{}   // by file:line
	quiet := map[string]*program{} // by file:line of the first line: every program
	skipped := map[string]error{}
	for i, importPath := range paths {
		g := &generator{table: table, openers: openers, links: links, imports: map[string]string{}, skipped: skipped}
		for _, file := range slices.Sorted(maps.Keys(libraries)) {
			for _, r := range libraries[file].Rows {
				if r.Path == importPath && r.Name != "*" {
					g.row(pkgs[importPath], r)
				}
			}
		}
		if len(g.programs) == 0 {
			continue
		}
		text, lines := g.write()
		file := fmt.Sprintf("programs/p%02d/p.go", i)
		write(t, filepath.Join(dir, file), text)
		for p, line := range lines {
			at := fmt.Sprintf("%s:%d", file, line)
			quiet[at] = p
			if p.leak {
				due[at] = p
			}
		}
	}
	for _, name := range sortedKeys(skipped) {
		t.Logf("no program: %s: %v", name, skipped[name])
	}

	found := findings(t, dir)
	wrong := map[string]string{} // by name of the program
	for at, p := range due {
		if found[at] == "" {
			wrong[p.name()] = "there is no finding in\n" + p.text
		}
	}
	for at, message := range found {
		switch p := quiet[at]; {
		case p == nil:
			t.Errorf("%s: %s: no program opens something there", at, message)
		case !p.leak:
			wrong[p.name()] = message + ", in\n" + p.text
		}
	}
	pending := pending(t)
	for _, name := range sortedKeys(wrong) {
		if pending[name] == "" {
			t.Errorf("%s: %s", name, wrong[name])
		}
	}
	for _, name := range sortedKeys(pending) {
		if wrong[name] == "" {
			t.Errorf("%s: %q is understood now, or no more a program: delete the line", pendingFile, name)
		}
	}
	// What is left over takes a transaction, which a callback alone gets, or is
	// about a type that the signatures of a module do not tell.
	const enough, leftOver = 1500, 100
	if len(quiet) < enough || len(skipped) > leftOver {
		t.Errorf("there are %d programs, want %d; %d could not be written (-v lists them), at most %d may", len(quiet), enough, len(skipped), leftOver)
	}
	t.Logf("%d programs, %d with a finding; %d are not understood; %d could not be written", len(quiet), len(due), len(wrong), len(skipped))
}

// workspace writes a module that requires every module of the rows, and returns
// the packages of those that are at hand. A module that no proxy has is stood
// in for by its signatures, with bodies that panic.
func workspace(t *testing.T, dir string, libraries map[string]*redisapi.Library) []string {
	t.Helper()
	mod := "module rows\n\ngo 1.25.0\n"
	var paths []string
	for _, file := range slices.Sorted(maps.Keys(libraries)) {
		c := &checker{lib: libraries[file]}
		for i, m := range slices.Concat(c.lib.Modules, []redisapi.Module{{}}) {
			at := c.packages(m.Path)
			switch {
			case m.Version == "unchecked", slices.Contains(unbuildable, m.Path), m.Path != "" && c.lib.Name == "":
				continue // of the general files, the standard library is enough
			case m.Path == "": // the standard library, and what other files are about
				at = slices.DeleteFunc(at, func(p string) bool {
					first, _, _ := strings.Cut(p, "/")
					return strings.Contains(first, ".")
				})
			case strings.HasPrefix(m.Version, "git:"):
				stub := fmt.Sprintf("stubs/%s-%d", strings.TrimSuffix(file, ".rows"), i)
				at = slices.DeleteFunc(at, func(p string) bool { return !c.hasRows(p) })
				mod += standIn(t, dir, stub, m.Path, at, atHand(libraries))
				mod += fmt.Sprintf("require %s %s\nreplace %s => ./%s\n", m.Path, anyVersion(m.Path), m.Path, stub)
			default:
				// Other modules may ask for another version.
				mod += fmt.Sprintf("require %s %s\nreplace %s => %s %s\n", m.Path, m.Version, m.Path, m.Path, m.Version)
			}
			for _, p := range at {
				if c.hasRows(p) && !slices.Contains(paths, p) && !strings.Contains(p, "/internal/") {
					paths = append(paths, p)
				}
			}
		}
	}
	write(t, filepath.Join(dir, "go.mod"), mod)
	return paths
}

// unbuildable are modules that no other can import: their packages import
// internal packages of a module that they once were.
var unbuildable = []string{"github.com/redis/go-redis"}

// atHand tells whether a package is the standard library's, or in a module of
// the rows.
func atHand(libraries map[string]*redisapi.Library) func(importPath string) bool {
	return func(importPath string) bool {
		first, _, _ := strings.Cut(importPath, "/")
		if !strings.Contains(first, ".") {
			return true
		}
		for _, lib := range libraries {
			for _, m := range lib.Modules {
				if lib.Name != "" && m.Version != "unchecked" && (importPath == m.Path || strings.HasPrefix(importPath, m.Path+"/")) &&
					(!strings.HasPrefix(m.Version, "git:") || slices.ContainsFunc(lib.Packages, func(p redisapi.Package) bool { return p.Path == importPath })) {
					return true
				}
			}
		}
		return false
	}
}

// anyVersion is a version that a module's path allows.
func anyVersion(modulePath string) string {
	if m := regexp.MustCompile(`^gopkg\.in/.*\.v(\d+)$|/v(\d+)$`).FindStringSubmatch(modulePath); m != nil {
		return "v" + m[1] + m[2] + ".0.0"
	}
	return "v0.0.0"
}

// standIn writes a module of the signatures of its packages, and modules with
// what the signatures mention of packages that are nowhere else. It returns
// the directives that a go.mod needs for those.
func standIn(t *testing.T, dir, stub, module string, paths []string, known func(importPath string) bool) string {
	t.Helper()
	write(t, filepath.Join(dir, stub, "go.mod"), "module "+module+"\n\ngo 1.25.0\n")
	mentioned := map[string]map[string]bool{} // names, by import path
	for _, importPath := range paths {
		text, err := os.ReadFile(filepath.Join("testdata", "signatures", filepath.FromSlash(importPath)+".go.txt"))
		if err != nil {
			t.Fatal(err)
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, "", text, 0)
		if err != nil {
			t.Fatal(err)
		}
		imports := map[string]string{}
		for _, spec := range f.Imports {
			p, _ := strconv.Unquote(spec.Path.Value)
			name := path.Base(p)
			if spec.Name != nil {
				name = spec.Name.Name
			}
			if !slices.Contains(paths, p) && !known(p) {
				imports[name] = p
			}
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok {
				if x, ok := sel.X.(*ast.Ident); ok && imports[x.Name] != "" {
					p := imports[x.Name]
					if mentioned[p] == nil {
						mentioned[p] = map[string]bool{}
					}
					mentioned[p][sel.Sel.Name] = true
				}
			}
			return true
		})
		for _, decl := range f.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok {
				fn.Body = &ast.BlockStmt{List: []ast.Stmt{&ast.ExprStmt{X: &ast.CallExpr{
					Fun: ast.NewIdent("panic"), Args: []ast.Expr{&ast.BasicLit{Kind: token.INT, Value: "0"}}}}}}
			}
		}
		var out bytes.Buffer
		if err := printer.Fprint(&out, fset, f); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, stub, strings.TrimPrefix(importPath, module), "stub.go"), out.String())
	}
	directives := ""
	for _, importPath := range sortedKeys(mentioned) {
		at, inner := stub, strings.TrimPrefix(importPath, module)
		if inner == importPath { // of another module, whose path ends with its version
			m := regexp.MustCompile(`^(.*/v\d+)(/.*|$)`).FindStringSubmatch(importPath)
			if m == nil {
				t.Fatalf("the module of %s is not known", importPath)
			}
			at, inner = "stubs/"+strings.ReplaceAll(m[1], "/", "-"), m[2]
			write(t, filepath.Join(dir, at, "go.mod"), "module "+m[1]+"\n\ngo 1.25.0\n")
			directives += fmt.Sprintf("require %s %s\nreplace %s => ./%s\n", m[1], anyVersion(m[1]), m[1], at)
		}
		name := path.Base(importPath)
		text := "package " + name + "\n"
		for _, typ := range sortedKeys(mentioned[importPath]) {
			text += "\ntype " + typ + " struct{}\n"
		}
		write(t, filepath.Join(dir, at, inner, "stub.go"), text)
	}
	return directives
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// findings runs the command, and returns its messages by file:line.
func findings(t *testing.T, dir string) map[string]string {
	t.Helper()
	tool := filepath.Join(t.TempDir(), "redislint.exe")
	build := exec.Command("go", "build", "-o", tool, "./cmd/redislint")
	build.Dir = "../.."
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	cmd := exec.Command(tool, "-no-config", "-unclosed", "./programs/...")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod", "CGO_ENABLED=1")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1) {
		t.Fatalf("redislint: %v\n%s", err, &stderr)
	}
	found := map[string]string{}
	for line := range strings.Lines(string(out)) {
		file, rest, _ := strings.Cut(line, ":")
		n, rest, _ := strings.Cut(rest, ":")
		_, message, _ := strings.Cut(rest, " ")
		found[filepath.ToSlash(file)+":"+n] = strings.TrimSpace(message)
	}
	return found
}

// pending reads the programs that are not understood yet, and why.
func pending(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile(pendingFile)
	if err != nil {
		t.Fatal(err)
	}
	list := map[string]string{}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, reason, ok := strings.Cut(line, ": ")
		if !ok || reason == "" || list[name] != "" {
			t.Errorf("%s: %q: want the name of a program once, and why", pendingFile, line)
		}
		list[name] = reason
	}
	return list
}
