package redislint_test

import (
	"go/doc/comment"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/redislint/redislint"
	"golang.org/x/tools/go/analysis"
)

// maxLines is how long a file of a rule may be. What does not fit belongs into
// the engine.
const maxLines = 150

// headings are those of a manual, in the order in which it has them.
func headings(rule string) []string {
	return []string{"# Analyzer " + rule, "# Why", "# Bad", "# Good", "# Not reported", "# Profile"}
}

func TestAnalyzers(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	if err := analysis.Validate(redislint.Analyzers()); err != nil {
		t.Error(err)
	}
	name := regexp.MustCompile(`^[a-z]+$`)
	listed := map[string]bool{}
	for _, a := range redislint.Analyzers() {
		if !name.MatchString(a.Name) {
			t.Errorf("%s: the name of a rule is one word in lower case", a.Name)
		}
		if listed[a.Name] {
			t.Errorf("%s is in the list twice", a.Name)
		}
		listed[a.Name] = true
		if !strings.HasPrefix(a.Doc, a.Name+": ") {
			t.Errorf("%s: its manual must begin with %q and what it reports", a.Name, a.Name+": ")
		}
		if !strings.Contains(string(readme), "\n| ["+a.Name+"](docs/rules/"+a.Name+".md) |") {
			t.Errorf("%s is missing in the README's table of rules", a.Name)
		}
		if !strings.HasSuffix(a.URL, "/docs/rules/"+a.Name+".md") {
			t.Errorf("%s: its URL is %s", a.Name, a.URL)
		}
	}
	for _, rule := range folders(t) {
		if !listed[rule] {
			t.Errorf("the rule in analyzer/%s is not in the list of analyzer/rules.go", rule)
		}
		delete(listed, rule)
	}
	for rule := range listed {
		t.Errorf("%s: a rule has the folder analyzer/%s", rule, rule)
	}
}

// folders returns the names of the folders in analyzer.
func folders(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir("analyzer")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		if e.IsDir() {
			names = append(names, e.Name())
		}
	}
	return names
}

// Every rule is the same few files: its manual, its code, its test, its cases.
func TestFolders(t *testing.T) {
	for _, rule := range folders(t) {
		t.Run(rule, func(t *testing.T) {
			dir := filepath.Join("analyzer", rule)
			manual(t, rule, filepath.Join(dir, "doc.go"))
			for _, file := range []string{rule + ".go", rule + "_test.go"} {
				if _, err := os.Stat(filepath.Join(dir, file)); err != nil {
					t.Error(err)
				}
			}
			files, err := filepath.Glob(filepath.Join(dir, "*.go"))
			if err != nil {
				t.Fatal(err)
			}
			for _, file := range files {
				data, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				if n := strings.Count(string(data), "\n"); n > maxLines {
					t.Errorf("%s has %d lines, %d are enough: move what it needs to know into the engine", file, n, maxLines)
				}
			}
			if !hasWant(t, filepath.Join("testdata", "src", rule)) {
				t.Errorf("testdata/src/%s expects no finding", rule)
			}
		})
	}
}

// manual checks that the package comment in file has the headings of a manual.
func manual(t *testing.T, rule, file string) {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
	if err != nil {
		t.Error(err)
		return
	}
	if f.Name.Name != rule {
		t.Errorf("%s: package %s", file, f.Name.Name)
	}
	var got []string
	for line := range strings.Lines(f.Doc.Text()) {
		line = strings.TrimSpace(line)
		if slices.Contains(headings(rule), line) {
			got = append(got, line)
		}
	}
	if want := headings(rule); !slices.Equal(got, want) {
		t.Errorf("%s: headings %q, want %q", file, got, want)
	}
}

// A manual is read on a terminal, in a screen and a half of 48 lines at most.
func TestManualsAreShort(t *testing.T) {
	const most = 72
	for _, a := range redislint.Analyzers() {
		var parser comment.Parser
		printer := comment.Printer{TextWidth: 80}
		if n := strings.Count(string(printer.Text(parser.Parse(a.Doc))), "\n"); n > most {
			t.Errorf("the manual of %s has %d lines, %d are enough: long arguments belong in docs/", a.Name, n, most)
		}
	}
}

// hasWant tells whether a file under dir expects a finding.
func hasWant(t *testing.T, dir string) bool {
	t.Helper()
	found := false
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		found = found || strings.Contains(string(data), "// want ")
		return err
	})
	if err != nil {
		t.Error(err)
	}
	return found
}

// A fact is written to files that must be the same in every run, and read by
// gob: it holds no map, whose order differs, and no interface, whose types gob
// would have to be told.
func TestFacts(t *testing.T) {
	seen := map[*analysis.Analyzer]bool{}
	var visit func(a *analysis.Analyzer)
	visit = func(a *analysis.Analyzer) {
		if seen[a] {
			return
		}
		seen[a] = true
		for _, fact := range a.FactTypes {
			typ := reflect.TypeOf(fact)
			if path := unfit(typ, typ.String(), map[reflect.Type]bool{}); path != "" {
				t.Errorf("%s: a fact cannot hold a %s", a.Name, path)
			}
		}
		for _, r := range a.Requires {
			visit(r)
		}
	}
	for _, a := range redislint.Analyzers() {
		visit(a)
	}
}

// unfit returns the way to a map, interface, func or channel in a fact's type.
func unfit(typ reflect.Type, path string, seen map[reflect.Type]bool) string {
	if seen[typ] {
		return ""
	}
	seen[typ] = true
	switch typ.Kind() {
	case reflect.Map, reflect.Interface, reflect.Func, reflect.Chan:
		return typ.Kind().String() + ": " + path
	case reflect.Pointer, reflect.Slice, reflect.Array:
		return unfit(typ.Elem(), path, seen)
	case reflect.Struct:
		for i := range typ.NumField() {
			f := typ.Field(i)
			if !f.IsExported() {
				continue // gob leaves it out
			}
			if p := unfit(f.Type, path+"."+f.Name, seen); p != "" {
				return p
			}
		}
	}
	return ""
}

// Each rule verifies one line of the checklist.
func TestChecklist(t *testing.T) {
	lines := map[string]int{}
	for _, r := range redislint.Checklist() {
		for _, rule := range r.Rules {
			lines[rule]++
		}
	}
	for _, a := range redislint.Analyzers() {
		if lines[a.Name] != 1 {
			t.Errorf("%s is in %d lines of the checklist", a.Name, lines[a.Name])
		}
		delete(lines, a.Name)
	}
	for rule := range lines {
		t.Errorf("there is no rule %s", rule)
	}
}

// Every manual says in which profile the rule runs.
func TestProfiles(t *testing.T) {
	for _, a := range redislint.Analyzers() {
		_, text, ok := strings.Cut(a.Doc, "\n# Profile\n")
		if text, _, _ = strings.Cut(text, "\n# "); !ok || !strings.Contains(text, "profile") && !strings.Contains(text, "services") {
			t.Errorf("the manual of %s does not say in which profile it runs", a.Name)
		}
	}
}
