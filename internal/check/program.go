package check

import (
	"path/filepath"
	"reflect"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/redislint/redislint/internal/evidence"
	"github.com/redislint/redislint/internal/program"
)

// kind finds the profile of a package, once for all rules. Its result are
// Profiles. It sees one package, so that a library is Any program's; a driver
// that sees more says what it sees with the flag -profile.
var kind = &analysis.Analyzer{
	Name:       "kind",
	Doc:        "kind: find out what kind of program a package is",
	Requires:   []*analysis.Analyzer{Settings, program.Analyzer},
	Run:        findProfile,
	ResultType: reflect.TypeFor[Profiles](),
}

func findProfile(pass *analysis.Pass) (any, error) {
	path := pass.Pkg.Path()
	if p := setting(pass).profile.of(path); p != auto {
		return p, nil
	}
	own := &evidence.Package{Path: path, Name: pass.Pkg.Name()}
	own.Root = pass.Module != nil && pass.Module.Path == path
	for _, f := range pass.Files {
		name := pass.Fset.File(f.FileStart).Name()
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		own.Files = append(own.Files, f)
		own.Dir = filepath.Dir(name)
	}
	if !evidence.Promising(own) {
		return Any, nil
	}
	table := pass.ResultOf[program.Analyzer].(*program.Program).Table
	w := &evidence.World{Knowledge: evidence.Of(table), Own: func(p string) *evidence.Package {
		if p != path {
			return nil
		}
		return own
	}, Name: packageNames(pass)}
	e := w.Function(own)
	if own.Name == "main" && e.Kind == evidence.Unknown {
		e = w.Program(own, true)
	}
	return profileOf(e.Kind), nil
}

// profileOf is the profile that evidence of a kind of program leads to.
func profileOf(k evidence.Kind) Profiles {
	switch k {
	case evidence.Serverless:
		return Serverless
	case evidence.Service:
		return Serving
	}
	return Any
}

// packageNames gives the names of what a package imports.
func packageNames(pass *analysis.Pass) func(path string) string {
	names := map[string]string{}
	for _, p := range pass.Pkg.Imports() {
		names[p.Path()] = p.Name()
	}
	return func(path string) string { return names[path] }
}
