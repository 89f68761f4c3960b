package lifetime_test

import (
	"fmt"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/redislint/redislint/internal/lifetime"
	"github.com/redislint/redislint/internal/lifetime/facts"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"
)

// asked runs the engine, and hands on what it found.
var asked = &analysis.Analyzer{
	Name:       "asked",
	Doc:        "asked: hand on what the engine found",
	Requires:   []*analysis.Analyzer{lifetime.Analyzer},
	ResultType: reflect.TypeFor[*lifetime.Result](),
	Run:        func(pass *analysis.Pass) (any, error) { return pass.ResultOf[lifetime.Analyzer], nil },
}

// compare compares what the engine says of a package's functions and openings
// with the comments "// engine: ..." of their lines. Silence is an answer: a
// line without a comment has neither a fact nor an opening.
func compare(t *testing.T, r *analysistest.Result) {
	t.Helper()
	fset, found := r.Action.Package.Fset, r.Action.Result.(*lifetime.Result)
	type place struct {
		file string
		line int
	}
	at := func(pos token.Pos) place {
		p := fset.Position(pos)
		return place{p.Filename, p.Line}
	}
	says, wants := map[place][]string{}, map[place]string{}
	for _, dep := range r.Action.Deps {
		if dep.Analyzer != lifetime.Analyzer {
			continue
		}
		for _, f := range dep.AllObjectFacts() {
			if fact, ok := f.Fact.(*facts.FuncFact); ok && f.Object.Pkg() == r.Action.Package.Types {
				says[at(f.Object.Pos())] = append(says[at(f.Object.Pos())], factText(fact))
			}
		}
	}
	for _, x := range found.Resources {
		says[at(x.Call.Pos())] = append(says[at(x.Call.Pos())], fateText(fset, found, x))
	}
	for _, file := range r.Action.Package.Syntax {
		for _, group := range file.Comments {
			for _, c := range group.List {
				if want, ok := strings.CutPrefix(c.Text, "// engine: "); ok {
					wants[at(c.Pos())] = want
				}
			}
		}
	}
	if len(wants) == 0 {
		t.Error("nothing is expected of the engine")
	}
	var diffs []string
	differ := func(p place, got, want string) {
		diffs = append(diffs, fmt.Sprintf("%s:%d: the engine says %q, want %q", filepath.Base(p.file), p.line, got, want))
	}
	for p, want := range wants {
		if got := strings.Join(says[p], " & "); got != want {
			differ(p, got, want)
		}
	}
	for p, got := range says {
		if _, ok := wants[p]; !ok {
			differ(p, strings.Join(got, " & "), "")
		}
	}
	slices.Sort(diffs)
	for _, d := range diffs {
		t.Error(d)
	}
}

// fateText writes what became of an opening. Lines are counted from its own.
func fateText(fset *token.FileSet, found *lifetime.Result, r *lifetime.Resource) string {
	from := fset.Position(r.Call.Pos()).Line
	var s []string
	for _, l := range r.Leaks {
		text := fmt.Sprintf("leaks +%d", fset.Position(l.Exit).Line-from)
		if l.Again {
			text += " again"
		}
		if l.WithError {
			text += " beside an error"
		}
		s = append(s, text)
	}
	for _, m := range r.Moved {
		s = append(s, "moved: "+string(m))
	}
	if n := r.Neglect; n != nil {
		s = append(s, "forgotten by "+n.Owner+"."+n.Field)
	}
	if s == nil {
		s = append(s, "released")
		if site, ok := r.Site(); ok && found.Course(site).Left {
			s[0] = "left to the caller"
		}
	}
	if u := r.Undeferred; u != nil {
		s = append(s, fmt.Sprintf("undeferred +%d", fset.Position(u.Release).Line-from))
	}
	return strings.Join(slices.Compact(s), ", ") // several paths can end at one return
}

// factText writes what a fact says. Unlike its String it tells the manner, the
// results, and what a call's constants choose.
func factText(f *facts.FuncFact) string {
	var s []string
	if f.NoReturn {
		s = append(s, "never returns")
	}
	for _, i := range f.Insists {
		s = append(s, fmt.Sprintf("insists on param %d", i))
	}
	for _, i := range f.Fresh {
		s = append(s, fmt.Sprintf("makes result %d", i))
	}
	for _, x := range f.Same {
		s = append(s, fmt.Sprintf("returns param %d as result %d", x.Param, x.Result))
	}
	for _, o := range f.Opens {
		text := "opens " + o.At.String()
		if o.Err >= 0 {
			text += fmt.Sprintf(" unless result %d", o.Err)
		}
		if o.Cleanup >= 0 {
			text += fmt.Sprintf(" released by result %d", o.Cleanup)
		}
		if o.Lent {
			text += " or lends it"
		}
		s = append(s, text)
	}
	for _, p := range f.Params {
		var ways []string
		for _, o := range p.Outcomes {
			way := map[facts.Effect]string{facts.Kept: "kept", facts.Released: "released", facts.Moved: "moved"}[o.Effect]
			if o.Effect == facts.Released && p.Shape == "()" {
				way = "called"
			} else if o.Effect == facts.Released {
				way += map[facts.Manner]string{facts.Plainly: " plainly", facts.Surely: " surely", facts.Later: " later"}[o.Manner]
			}
			if o.Effect == facts.Moved {
				way += ": " + string(o.Reason)
			}
			for _, in := range o.Into {
				way += " in " + in.String()
			}
			for _, l := range o.Lends {
				way += fmt.Sprintf(" lent to param %d", l.Func)
			}
			for i, k := range o.Results {
				if k != "" {
					way += fmt.Sprintf(" (result %d is %s)", i, k)
				}
			}
			ways = append(ways, way)
		}
		if ways == nil {
			ways = []string{"never returns"}
		}
		text := "param " + strconv.Itoa(p.Param) + p.Shape
		if p.When != "" {
			text += " when " + p.When
		}
		if p.Via != "" && p.Via != "Close" {
			text += " by " + p.Via
		}
		s = append(s, text+" "+strings.Join(ways, " or "))
	}
	return strings.Join(s, "; ")
}

// stubs returns a new GOPATH that has the stubs of two client libraries.
func stubs(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, lib := range []string{"github.com/redis/go-redis/v9", "github.com/gomodule/redigo/redis"} {
		from := filepath.Join("..", "..", "testdata", "src", filepath.FromSlash(lib))
		if err := os.CopyFS(filepath.Join(dir, "src", filepath.FromSlash(lib)), os.DirFS(from)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestStates holds the engine to what docs/engine.md says of states and facts.
// Each package of testdata/sections names the section that it holds.
func TestStates(t *testing.T) {
	page, err := os.ReadFile("../../docs/engine.md")
	if err != nil {
		t.Fatal(err)
	}
	sections := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^## (.*)$`).FindAllStringSubmatch(string(page), -1) {
		sections[m[1]] = true
	}
	dir := stubs(t)
	const src = "testdata/sections"
	if err := os.CopyFS(filepath.Join(dir, "src", "lifetime"), os.DirFS(src)); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(src)
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, e := range entries {
		paths = append(paths, "lifetime/"+e.Name())
	}
	holds := regexp.MustCompile(`^Package \w+ holds docs/engine.md, (.*)\.\n$`)
	for _, r := range analysistest.Run(t, dir, asked, paths...) {
		pkg := r.Action.Package
		if pkg.PkgPath == "lifetime/plain" {
			continue // imported by others
		}
		t.Run(pkg.Name, func(t *testing.T) {
			m := holds.FindStringSubmatch(pkg.Syntax[0].Doc.Text())
			if m == nil || !sections[m[1]] {
				t.Errorf("the package comment names no section of docs/engine.md: %q", m)
			}
			compare(t, r)
		})
	}
}

// TestSpellings holds "Terms": no spelling of a constant or an identifier is
// taken for anything else. Each is a guard of both the opening and the release
// in a correct function, and of the opening alone in one that leaks.
func TestSpellings(t *testing.T) {
	values := []string{"", " ", "nil", "true", "false", "notnil", "?", "-", "err=nil", "resource", "cleanup", "openErr", "earlier", "made(t1)",
		"\"", "'", "`", "\\", "\n", "\x00", "==", "!=", "&&", "||", "<", "!", "+", "*", "[]", "()", ".0", "*.0", "|", ",", ";", ":", "/", "%", "%s", "1=true",
		"\u00e9", "\u4e16\u754c", "\u0440\u0435\u0434\u0438\u0441", "\u200b", "\U0001f525", "\xff"}
	for _, letter := range "aceghilmnoprtvxE" {
		for _, n := range []string{"", "0", "1", "4", "10"} {
			values = append(values, string(letter)+n, "api"+string(letter)+n, string(letter)+n+`=="`+string(letter)+n+`"`)
		}
	}
	names := []string{"i4", "p1", "t0", "t1", "v4", "e1", "x", "nilled", "err", "made", "open", "resource", "cleanup", "earlier", "_x", "_0",
		"\u00e9t\u00e9", "\u4e16\u754c", "\u0440\u0435\u0434\u0438\u0441", "\u03c01", "X9_"}
	var b strings.Builder
	b.WriteString("package spelled\n\nimport \"github.com/redis/go-redis/v9\"\n")
	twins := func(i int, kind, param, guard string) {
		fmt.Fprintf(&b, `
func good%[1]s%[2]d(%[3]s) {
	var rdb *redis.Client
	if %[4]s {
		rdb = redis.NewClient(nil) // engine: released
	}
	if %[4]s {
		rdb.Close()
	}
}

func bad%[1]s%[2]d(%[3]s) {
	if %[4]s {
		rdb := redis.NewClient(nil) // engine: leaks +3
		_ = rdb
	}
}
`, kind, i, param, guard)
	}
	for i, v := range values {
		twins(i, "String", "version string", "version == "+strconv.Quote(v))
		twins(i, "Unequal", "version string", strconv.Quote(v)+" != version")
	}
	for i, name := range names {
		twins(i, "Name", name+" bool", name)
		twins(i, "Negated", name+" bool", "!"+name)
		twins(i, "Number", name+" int", name+" > 4")
	}
	for i, n := range []string{"0", "1", "-1", "4", "0x4", "1e3", "1<<62", "'a'", "'\\''", "'\u4e16'", "1_000"} {
		twins(i, "Integer", "n int", "n == "+n)
		twins(i, "Below", "n int", "n < "+n)
	}
	for i, n := range []string{"0.5", "1e300", "0x1p-2", "-0.0"} {
		twins(i, "Float", "f float64", "f > "+n)
	}
	dir := stubs(t)
	at := filepath.Join(dir, "src", "spelled")
	if err := os.Mkdir(at, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(at, "spelled.go"), []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, r := range analysistest.Run(t, dir, asked, "spelled") {
		compare(t, r)
	}
}
