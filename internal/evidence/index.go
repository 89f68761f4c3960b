package evidence

import (
	"go/ast"
	"go/token"
	"path"
	"regexp"
	"strconv"
	"strings"
)

// An index is what a walk needs to know of the declarations of a package.
type index struct {
	pkg     *Package
	funcs   map[string]*fn     // functions by name
	methods map[string][]*fn   // methods by name
	inits   []*fn              // init functions
	vars    []value            // initial values of variables
	of      map[string]origins // what package-level variables are of, by name
	fields  map[string]origins // what fields are of, by name
	embeds  origins            // what structs embed
	results map[string]origins // what functions and methods return first, by name
	imports map[string]bool    // import paths
}

// A fn is a function with what its file imports.
type fn struct {
	decl *ast.FuncDecl
	file *file
}

// A value is an expression with the file that it is in.
type value struct {
	expr ast.Expr
	file *file
}

// A file is one of a package, with what names in it stand for.
type file struct {
	idx     *index
	imports map[string]string // name to import path
}

// origins are the import paths of the packages that declare the type of a
// value, as far as syntax shows; none: it is not known.
type origins map[string]bool

// builtin is the origin of what no package declares.
const builtin = "builtin"

func one(path string) origins {
	if path == "" {
		return nil
	}
	return origins{path: true}
}

func (o *origins) add(more origins) {
	for p := range more {
		if *o == nil {
			*o = origins{}
		}
		(*o)[p] = true
	}
}

// index makes the index of a package of the workspace, once. It is nil for
// others.
func (w *World) index(path string) *index {
	if idx, ok := w.indexes[path]; ok {
		return idx
	}
	if w.indexes == nil {
		w.indexes = map[string]*index{}
	}
	var idx *index
	if p := w.Own(path); p != nil {
		idx = w.newIndex(p)
	}
	w.indexes[path] = idx
	return idx
}

func (w *World) newIndex(p *Package) *index {
	idx := &index{
		pkg: p, funcs: map[string]*fn{}, methods: map[string][]*fn{}, of: map[string]origins{},
		fields: map[string]origins{}, results: map[string]origins{}, imports: map[string]bool{},
	}
	for _, f := range p.Files {
		at := &file{idx: idx, imports: map[string]string{}}
		for _, spec := range f.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				continue
			}
			idx.imports[path] = true
			switch {
			case spec.Name != nil:
				at.imports[spec.Name.Name] = path
			default:
				at.imports[w.nameOf(path)] = path
			}
		}
		for _, d := range f.Decls {
			idx.declare(d, at)
		}
	}
	return idx
}

// major is the last part of an import path that is a version.
var major = regexp.MustCompile(`^v[0-9]+$`)

// nameOf is the name of a package: the known one, or what its path suggests.
func (w *World) nameOf(p string) string {
	if w.Name != nil {
		if name := w.Name(p); name != "" {
			return name
		}
	}
	base := path.Base(p)
	if major.MatchString(base) && strings.Contains(p, "/") {
		base = path.Base(path.Dir(p))
	}
	base, _, _ = strings.Cut(base, ".v") // gopkg.in/x.v2
	base = strings.TrimPrefix(base, "go-")
	return strings.TrimSuffix(base, "-go")
}

func (idx *index) declare(d ast.Decl, at *file) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		f := &fn{d, at}
		switch {
		case d.Recv != nil:
			idx.methods[d.Name.Name] = append(idx.methods[d.Name.Name], f)
		case d.Name.Name == "init":
			idx.inits = append(idx.inits, f)
		default:
			idx.funcs[d.Name.Name] = f
		}
		if r := fields(d.Type.Results); len(r) > 0 {
			o := idx.results[d.Name.Name]
			o.add(at.typed(r[0]))
			idx.results[d.Name.Name] = o
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				if st, ok := spec.Type.(*ast.StructType); ok {
					idx.structType(st, at)
				}
			case *ast.ValueSpec:
				if d.Tok != token.VAR {
					continue
				}
				for i, name := range spec.Names {
					if spec.Type != nil {
						idx.of[name.Name] = at.typed(spec.Type)
					} else if i < len(spec.Values) {
						idx.of[name.Name] = at.shallow(spec.Values[i])
					}
				}
				for _, v := range spec.Values {
					idx.vars = append(idx.vars, value{v, at})
				}
			}
		}
	}
}

func (idx *index) structType(st *ast.StructType, at *file) {
	for _, f := range st.Fields.List {
		o := at.typed(f.Type)
		if len(f.Names) == 0 {
			idx.embeds.add(o)
		}
		for _, name := range f.Names {
			all := idx.fields[name.Name]
			all.add(o)
			idx.fields[name.Name] = all
		}
		if len(f.Names) == 0 {
			if name := lastName(f.Type); name != "" {
				all := idx.fields[name]
				all.add(o)
				idx.fields[name] = all
			}
		}
	}
}

// lastName is the name by which an embedded field is selected.
func lastName(t ast.Expr) string {
	switch t := t.(type) {
	case *ast.StarExpr:
		return lastName(t.X)
	case *ast.SelectorExpr:
		return t.Sel.Name
	case *ast.Ident:
		return t.Name
	}
	return ""
}

// typed is the origin of a type. That of a slice or map is its elements'.
func (at *file) typed(t ast.Expr) origins {
	switch t := t.(type) {
	case *ast.Ident:
		switch t.Name {
		case "string", "int", "bool", "error", "any", "byte", "int64", "int32", "uint64", "float64", "rune":
			return one(builtin)
		}
		return one(at.idx.pkg.Path)
	case *ast.StarExpr:
		return at.typed(t.X)
	case *ast.ParenExpr:
		return at.typed(t.X)
	case *ast.SelectorExpr:
		if id, ok := t.X.(*ast.Ident); ok {
			return one(at.imports[id.Name])
		}
	case *ast.IndexExpr:
		return at.typed(t.X)
	case *ast.IndexListExpr:
		return at.typed(t.X)
	case *ast.ArrayType:
		return at.typed(t.Elt)
	case *ast.Ellipsis:
		return at.typed(t.Elt)
	case *ast.MapType:
		return at.typed(t.Value)
	case *ast.ChanType:
		return at.typed(t.Value)
	}
	return nil
}

// shallow is the origin of an initial value, as far as its own words say it.
func (at *file) shallow(e ast.Expr) origins {
	switch e := e.(type) {
	case *ast.ParenExpr:
		return at.shallow(e.X)
	case *ast.UnaryExpr:
		return at.shallow(e.X)
	case *ast.CompositeLit:
		if e.Type != nil {
			return at.typed(e.Type)
		}
	case *ast.CallExpr:
		switch f := e.Fun.(type) {
		case *ast.SelectorExpr:
			if id, ok := f.X.(*ast.Ident); ok {
				return one(at.imports[id.Name])
			}
		case *ast.Ident:
			if f.Name == "new" || f.Name == "make" {
				if len(e.Args) > 0 {
					return at.typed(e.Args[0])
				}
			}
		}
	}
	return nil
}
