// Package evidence finds out what kind of program code is part of: one that a
// serverless platform runs, one that serves until it is stopped, or one of
// which neither shows.
//
// It looks at syntax alone, so that a driver can ask before anything is
// type-checked: a walk from main and init through the packages of a workspace,
// over calls, func values and the methods that a name may stand for, to a call
// that hands a handler to a platform or serves. An import is no evidence.
package evidence

import (
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/redislint/redislint/internal/redisapi"
)

// Kind is the kind of a program.
type Kind uint8

// The kinds of program. Of two that one piece of code is part of, the greater
// one decides.
const (
	Unknown    Kind = iota
	Service         // it serves until it is stopped
	Serverless      // a platform runs it, and freezes it in between
)

func (k Kind) String() string { return [...]string{"any", "service", "serverless"}[k] }

// Evidence is what shows the kind of a program.
type Evidence struct {
	Kind Kind
	What string    // "http.ListenAndServe", as the code has it; empty if the kind is unknown
	Pos  token.Pos // where, if that is in code
}

// A Package is one whose source is at hand.
type Package struct {
	Path  string
	Name  string
	Dir   string      // "" if it is not known
	Root  bool        // it is the package in the folder of its module
	Files []*ast.File // without tests
}

// A World is what a walk can see.
type World struct {
	*Knowledge
	// Own returns a package of the workspace with its files, or nil for all
	// other packages.
	Own func(path string) *Package
	// Name returns the name of a package, or "" if that is not known.
	Name func(path string) string

	indexes map[string]*index
	calls   map[string]map[string][]redisapi.Start
}

// Knowledge is which functions serve, and which are entry points.
type Knowledge struct{ table *redisapi.Table }

// Know returns what is known, with the rows that a user adds.
func Know(extra string) (*Knowledge, error) {
	table, err := redisapi.New(extra)
	return Of(table), err
}

// Of returns what a table knows.
func Of(table *redisapi.Table) *Knowledge { return &Knowledge{table} }

// Entry reports whether a package has an entry point of a serverless platform.
func (k *Knowledge) Entry(path string) bool {
	return slices.ContainsFunc(k.table.Starts(path), func(s redisapi.Start) bool { return s.Serverless })
}

// Program looks for what a main package runs. If serverless is false, no
// package of the program can name an entry point, and the first thing that
// serves decides.
func (w *World) Program(main *Package, serverless bool) Evidence {
	return w.walk(main, serverless)
}

// Function looks for what makes a platform call the functions of a package
// that is no program.
func (w *World) Function(p *Package) Evidence {
	if file := vercel(p.Dir); file != "" {
		for _, fn := range functions(p) {
			if fn.Recv == nil && fn.Name.IsExported() && w.answersHTTP(p, fn.Type) {
				return Evidence{Serverless, "a function of " + file, fn.Name.Pos()}
			}
		}
	}
	if p.Name == "main" {
		return w.withoutMain(p)
	}
	if p.Name == "function" {
		for _, fn := range functions(p) {
			if fn.Name.Name == "Handle" && fn.Type.Params.NumFields() > 0 {
				return Evidence{Serverless, "Handle of package function", fn.Name.Pos()}
			}
		}
	}
	if e := w.walk(p, true); e.Kind == Serverless {
		return e
	}
	if p.Root {
		return w.cloudFunctions(p)
	}
	return Evidence{}
}

// withoutMain is about a main package that has no func main: a platform makes
// one that calls its handler.
func (w *World) withoutMain(p *Package) Evidence {
	var handler *ast.FuncDecl
	for _, fn := range functions(p) {
		switch {
		case fn.Recv != nil:
		case fn.Name.Name == "main":
			return Evidence{}
		case fn.Name.Name == "Main" || fn.Name.Name == "Handler" || fn.Name.Name == "Handle":
			handler = fn
		}
	}
	if handler == nil {
		return Evidence{}
	}
	return Evidence{Serverless, handler.Name.Name + " of a package without func main", handler.Name.Pos()}
}

// cloudFunctions is about a module whose root has handlers and nothing else:
// the old style of Google's Cloud Functions.
func (w *World) cloudFunctions(p *Package) Evidence {
	var first *ast.FuncDecl
	for _, fn := range functions(p) {
		if !fn.Name.IsExported() {
			continue
		}
		if fn.Recv != nil || !w.answersHTTP(p, fn.Type) && !w.answersEvent(p, fn.Type) {
			return Evidence{}
		}
		if first == nil {
			first = fn
		}
	}
	if first == nil {
		return Evidence{}
	}
	return Evidence{Serverless, "package of handlers alone, such as " + first.Name.Name, first.Name.Pos()}
}

// vercel returns the name of the settings of Vercel beside the api folder that
// a folder is in, or "".
func vercel(dir string) string {
	if dir == "" {
		return ""
	}
	for at := filepath.Clean(dir); ; at = filepath.Dir(at) {
		if filepath.Base(at) == "api" {
			const name = "vercel.json"
			if info, err := os.Stat(filepath.Join(filepath.Dir(at), name)); err == nil && info.Mode().IsRegular() {
				return name
			}
		}
		if at == filepath.Dir(at) {
			return ""
		}
	}
}

// OfVercel reports whether a folder is one of functions of Vercel.
func OfVercel(dir string) bool { return vercel(dir) != "" }

// answersHTTP reports whether a func takes a http.ResponseWriter and a
// *http.Request, and nothing else.
func (w *World) answersHTTP(p *Package, t *ast.FuncType) bool {
	params := fields(t.Params)
	return len(params) == 2 && isSelector(params[0], "http", "ResponseWriter") && isSelector(params[1], "http", "Request")
}

// answersEvent reports whether a func takes a context and an event of a cloud,
// and returns an error.
func (w *World) answersEvent(p *Package, t *ast.FuncType) bool {
	params, results := fields(t.Params), fields(t.Results)
	if len(params) != 2 || len(results) != 1 || !isSelector(params[0], "context", "Context") {
		return false
	}
	if id, ok := results[0].(*ast.Ident); !ok || id.Name != "error" {
		return false
	}
	name := ""
	switch x := params[1].(type) {
	case *ast.Ident:
		name = x.Name
	case *ast.SelectorExpr:
		name = x.Sel.Name
	}
	return strings.HasSuffix(name, "Event") || strings.HasSuffix(name, "Message")
}

// fields lists the types of parameters or results, one for each.
func fields(list *ast.FieldList) []ast.Expr {
	var types []ast.Expr
	if list == nil {
		return nil
	}
	for _, f := range list.List {
		for range max(1, len(f.Names)) {
			types = append(types, f.Type)
		}
	}
	return types
}

// isSelector reports whether a type is pkg.name, or a pointer to it.
func isSelector(t ast.Expr, pkg, name string) bool {
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	sel, ok := t.(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != name {
		return false
	}
	id, ok := sel.X.(*ast.Ident)
	return ok && id.Name == pkg
}

// functions yields the declarations of functions in a package.
func functions(p *Package) []*ast.FuncDecl {
	var list []*ast.FuncDecl
	for _, f := range p.Files {
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok {
				list = append(list, fn)
			}
		}
	}
	return list
}

// Promising reports whether it is worth a look at a package alone: it is a
// program, or may be what a platform calls. Others are libraries.
func Promising(p *Package) bool {
	switch {
	case p.Name == "main" || p.Name == "function" || p.Root || vercel(p.Dir) != "":
		return true
	}
	// Functions may be registered by init.
	for _, f := range p.Files {
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
				return true
			}
		}
	}
	return false
}
