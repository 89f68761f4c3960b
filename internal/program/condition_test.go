package program

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/ssa/ssautil"
)

// A condition is where the source asks it, and not where its value was made.
func TestCondPos(t *testing.T) {
	const source = `package p

func use(any) {}

type conf struct{ enabled bool }

func F(verbose bool, m map[string]bool, c conf) {
	enabled := c.enabled
	var isA bool
	if len(m) /*@*/ > 3 {
		isA = true
	}
	v, ok := m["a"]
	if /*@*/ verbose {
		use(1)
	}
	if /*@*/ ok && !/*@*/ v {
		return
	}
	if /*@*/ enabled && !(/*@*/ isA || /*@*/ verbose) {
		return
	}
	for /*@*/ ok {
		_, ok = m["b"]
		use(ok)
	}
	switch {
	case /*@*/ isA:
		use(2)
	}
	func() {
		if verbose {
			use(3)
		}
	}()
}
`
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", source, 0)
	if err != nil {
		t.Fatal(err)
	}
	pkg, info, err := ssautil.BuildPackage(&types.Config{Importer: importer.Default()}, fset, types.NewPackage("p", ""), []*ast.File{file}, 0)
	if err != nil {
		t.Fatal(err)
	}
	var got, want []int
	for _, b := range pkg.Func("F").Blocks {
		for _, instr := range b.Instrs {
			if branch, ok := instr.(*ssa.If); ok {
				got = append(got, fset.Position(NewConditions(info).At(branch)).Offset)
			}
		}
	}
	const mark = "/*@*/ "
	for at := 0; ; {
		i := strings.Index(source[at:], mark)
		if i < 0 {
			break
		}
		at += i + len(mark)
		want = append(want, at)
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		for _, at := range got {
			t.Logf("%s", source[at:min(at+20, len(source))])
		}
		t.Errorf("conditions are at %v, want %v", got, want)
	}
}
