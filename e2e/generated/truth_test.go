package generated

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"
)

// knownPrograms are the hand-written programs of testdata/known.txt. Their
// lines that leak are marked.
func knownPrograms(t *testing.T) []*Program {
	t.Helper()
	parts := splitDecls(t, "testdata/known.txt")
	libs := splitDecls(t, "testdata/known_lib.txt")
	var out []*Program
	for n := range len(parts) {
		if parts[n] == "" {
			t.Fatalf("testdata/known.txt has no program %d", n)
		}
		out = append(out, &Program{Number: n, Main: parts[n], Lib: libs[n]})
	}
	return out
}

var programSuffix = regexp.MustCompile(`_c(\d+)\b`)

// splitDecls groups the declarations of a file by the number in their names.
func splitDecls(t *testing.T, name string) map[int]string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	src := "package p\n" + string(data)
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, name, src, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	out := map[int]string{}
	for i, d := range f.Decls {
		end := len(src)
		if i+1 < len(f.Decls) {
			next := f.Decls[i+1]
			end = fset.Position(next.Pos()).Offset
			if fd, ok := next.(*ast.FuncDecl); ok && fd.Doc != nil {
				end = fset.Position(fd.Doc.Pos()).Offset
			}
		}
		text := src[fset.Position(d.Pos()).Offset:end]
		n := 0
		for _, r := range programSuffix.FindStringSubmatch(text)[1] {
			n = 10*n + int(r-'0')
		}
		out[n] += text
	}
	return out
}

func TestTruthOfKnownPrograms(t *testing.T) {
	programs := knownPrograms(t)
	w, err := NewWorkspace(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(programs); err != nil {
		t.Fatal(err)
	}
	truth, err := w.Truth(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range programs {
		tr := truth[p.Number]
		if tr == nil || tr.Void != "" {
			t.Errorf("program %d: %+v", p.Number, tr)
			continue
		}
		leaks, doubts := markedLines(t, p, "leak"), markedLines(t, p, "doubtful")
		if got := lines(tr.Leaks); !slices.Equal(got, leaks) {
			t.Errorf("program %d leaks at %v, want %v", p.Number, got, leaks)
		}
		if got := lines(tr.Doubts); !slices.Equal(got, doubts) {
			t.Errorf("program %d is doubtful at %v, want %v", p.Number, got, doubts)
		}
	}
}

func lines[V any](sites map[Site]V) []string {
	var out []string
	for s := range sites {
		out = append(out, s.String())
	}
	sort.Strings(out)
	return out
}

// markedLines are the lines of a program that end in the comment mark.
func markedLines(t *testing.T, p *Program, mark string) []string {
	t.Helper()
	main, lib, err := p.Source()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for name, src := range map[string][]byte{p.mainFile(): main, p.libFile(): lib} {
		for i, line := range strings.Split(string(src), "\n") {
			if strings.HasSuffix(line, "// "+mark) {
				out = append(out, Site{name, i + 1}.String())
			}
		}
	}
	sort.Strings(out)
	return out
}
