// Package drift holds the rows of internal/redisapi against the libraries they
// are about.
package drift

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// loader type-checks packages from source, without function bodies: nothing is
// compiled. Packages of the standard library are checked once for all modules.
type loader struct {
	fset *token.FileSet
	std  map[string]*types.Package
}

// listed is a package as "go list -json" describes it.
type listed struct {
	ImportPath string
	Dir        string
	GoFiles    []string
	CgoFiles   []string
	ImportMap  map[string]string
	Standard   bool
	Error      *struct{ Err string }
}

// errLarge is about packages that need too many others.
var errLarge = errors.New("it needs many packages")

// module loads packages of module path at version. An empty path means the
// standard library. If they need more packages than most, which is not 0, they
// are not loaded, and the error is errLarge.
func (l *loader) module(dir, module, version string, paths []string, most int) (map[string]*types.Package, error) {
	mod := "module drift\n\ngo 1.25.0\n"
	if module != "" {
		mod += fmt.Sprintf("\nrequire %s %s\n", module, version)
	}
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte(mod), 0o666); err != nil {
		return nil, err
	}
	return l.load(dir, paths, most)
}

// load loads packages as the module in dir has them. See module for most.
func (l *loader) load(dir string, paths []string, most int) (map[string]*types.Package, error) {
	args := []string{"list", "-mod=mod", "-e", "-deps", "-json=ImportPath,Dir,GoFiles,CgoFiles,ImportMap,Standard,Error"}
	cmd := exec.Command("go", append(args, paths...)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "CGO_ENABLED=1", "GOWORK=off", "GOFLAGS=")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w\n%s", err, &stderr)
	}
	list := map[string]*listed{}
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		p := new(listed)
		if err := dec.Decode(p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		list[p.ImportPath] = p
	}
	if most > 0 && len(list) > most {
		return nil, fmt.Errorf("%w: %d", errLarge, len(list))
	}
	done := map[string]*types.Package{"unsafe": types.Unsafe}
	pkgs := map[string]*types.Package{}
	for _, p := range paths {
		if pkgs[p], err = l.check(list, done, p); err != nil {
			return nil, fmt.Errorf("%s: %w", p, err)
		}
	}
	return pkgs, nil
}

// check type-checks a listed package after those it imports. Errors inside of
// dependencies are no matter: what a row needs of them is missed when the row
// is resolved.
func (l *loader) check(list map[string]*listed, done map[string]*types.Package, importPath string) (*types.Package, error) {
	if pkg := done[importPath]; pkg != nil {
		return pkg, nil
	}
	p := list[importPath]
	if p == nil {
		return nil, fmt.Errorf("not listed")
	}
	if p.Standard && l.std[importPath] != nil {
		return l.std[importPath], nil
	}
	if p.Error != nil && len(p.GoFiles)+len(p.CgoFiles) == 0 {
		return nil, fmt.Errorf("%s", p.Error.Err)
	}
	files, err := l.parse(p.Dir, slices.Concat(p.GoFiles, p.CgoFiles))
	if err != nil {
		return nil, err
	}
	imports := importerFunc(func(imported string) (*types.Package, error) {
		if to, ok := p.ImportMap[imported]; ok {
			imported = to
		}
		return l.check(list, done, imported)
	})
	conf := types.Config{IgnoreFuncBodies: true, FakeImportC: true, Importer: imports, Error: func(error) {}}
	pkg, _ := conf.Check(importPath, l.fset, files, nil)
	done[importPath] = pkg
	if p.Standard {
		l.std[importPath] = pkg
	}
	return pkg, nil
}

func (l *loader) parse(dir string, names []string) ([]*ast.File, error) {
	var files []*ast.File
	for _, name := range names {
		f, err := parser.ParseFile(l.fset, filepath.Join(dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	return files, nil
}

// signatures loads a package of the folder signatures: declarations without
// bodies, written down for modules that no proxy has. What it imports are
// packages with the named types that it mentions, and nothing else in them.
func (l *loader) signatures(importPath string) (*types.Package, error) {
	name := filepath.Join("testdata", "signatures", filepath.FromSlash(importPath)+".go.txt")
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("no signatures are written down for %s", importPath)
	}
	if err != nil {
		return nil, err
	}
	file, err := parser.ParseFile(l.fset, name, text, 0)
	if err != nil {
		return nil, err
	}
	imported := map[string]*types.Package{} // by name in the file
	byPath := map[string]*types.Package{}
	for _, spec := range file.Imports {
		importPath, _ := strconv.Unquote(spec.Path.Value)
		short := path.Base(importPath)
		if spec.Name != nil {
			short = spec.Name.Name
		}
		pkg := types.NewPackage(importPath, short)
		pkg.MarkComplete()
		imported[short], byPath[importPath] = pkg, pkg
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := sel.X.(*ast.Ident); ok && imported[x.Name] != nil {
				declare(imported[x.Name], sel.Sel.Name)
			}
		}
		return true
	})
	var problems []error
	conf := types.Config{
		IgnoreFuncBodies: true,
		Importer: importerFunc(func(importPath string) (*types.Package, error) {
			return byPath[importPath], nil
		}),
		Error: func(err error) { problems = append(problems, err) },
	}
	pkg, _ := conf.Check(importPath, l.fset, []*ast.File{file}, nil)
	return pkg, errors.Join(problems...)
}

// declare adds an empty named type, or the func type that the name stands for.
func declare(pkg *types.Package, name string) {
	if pkg.Scope().Lookup(name) != nil {
		return
	}
	var under types.Type = types.NewStruct(nil, nil)
	if strings.HasSuffix(name, "Func") {
		under = types.NewSignatureType(nil, nil, nil, nil, nil, false)
	}
	obj := types.NewTypeName(token.NoPos, pkg, name, nil)
	types.NewNamed(obj, under, nil)
	pkg.Scope().Insert(obj)
}

type importerFunc func(string) (*types.Package, error)

func (f importerFunc) Import(path string) (*types.Package, error) { return f(path) }
