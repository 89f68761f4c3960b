package drift

import (
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/redislint/redislint/internal/redisapi"
)

var full = flag.Bool("full", false, "also load what is large and says nothing of resources")

// mostPackages is how many packages a module of serve rows may need if it is
// loaded without -full. Type-checking more of them takes seconds, and all that
// is learned is whether a method has that name.
const mostPackages = 400

// TestRows resolves every built-in row in the module it is about, at the
// version its file names. Modules come through the module proxy; those that no
// proxy has are stood in for by the signatures in testdata.
func TestRows(t *testing.T) {
	if testing.Short() {
		t.Skip("it loads some sixty modules")
	}
	libraries, err := redisapi.Libraries()
	if err != nil {
		t.Fatal(err)
	}
	table, err := redisapi.New("")
	if err != nil {
		t.Fatal(err)
	}
	l := &loader{fset: token.NewFileSet(), std: map[string]*types.Package{}}
	for _, file := range slices.Sorted(maps.Keys(libraries)) {
		c := &checker{table: table, lib: libraries[file], met: map[string]bool{}, methods: map[methodOf]bool{}}
		modules := slices.Concat(c.lib.Modules, []redisapi.Module{{}})
		for _, mod := range modules {
			paths := c.packages(mod.Path)
			if len(paths) == 0 {
				if mod.Path != "" {
					t.Errorf("%s: no row is about a package of module %s", file, mod.Path)
				}
				continue
			}
			most := 0
			if !*full && c.onlyServes(paths) {
				most = mostPackages
			}
			t.Run(strings.TrimSuffix(file, ".rows")+"/"+mod.Path, func(t *testing.T) {
				if mod.Version == "unchecked" {
					t.Skipf("%s: only its shape is known, nothing to check the rows against", mod.Path)
				}
				commit, git := strings.CutPrefix(mod.Version, "git:")
				if git {
					t.Logf("commit %s is on no module proxy: rows are checked against the signatures in testdata alone", commit)
					c.lenient = true
				}
				pkgs := map[string]*types.Package{}
				if git {
					for _, path := range paths {
						if !c.hasRows(path) {
							continue
						}
						pkg, err := l.signatures(path)
						if err != nil {
							t.Error(err)
							continue
						}
						pkgs[path] = pkg
					}
				} else if pkgs, err = l.module(t.TempDir(), mod.Path, mod.Version, paths, most); errors.Is(err, errLarge) {
					t.Skipf("%s %s: %v, -full loads it", mod.Path, mod.Version, err)
				} else if err != nil {
					t.Fatal(err)
				}
				rows := 0
				for _, path := range paths {
					if pkg := pkgs[path]; pkg != nil {
						rows += c.check(t, pkg)
						c.complete(t, pkg)
					}
				}
				t.Logf("%s %s: %d packages, %d rows resolved", mod.Path, mod.Version, len(paths), rows)
			})
		}
		for name, met := range c.met {
			if !met && !c.lenient {
				t.Errorf("%s: no version has %s, by which rows tell versions apart", file, name)
			}
		}
		for m, found := range c.methods {
			if !found && !c.lenient {
				t.Errorf("%s: line %d: no version of %s has a method %s", file, m.line, m.typ, m.name)
			}
		}
	}
}

// checker resolves the rows of one library.
type checker struct {
	table   *redisapi.Table
	lib     *redisapi.Library
	met     map[string]bool   // symbols of has= and lacks=: found in some version
	methods map[methodOf]bool // methods of commands rows: found in some version
	lenient bool              // not every method is written down
}

type methodOf struct {
	line      int
	typ, name string
}

// packages are the packages of rows that belong to a module of the library; a
// path that no module row is a prefix of belongs to the standard library, "".
func (c *checker) packages(module string) []string {
	paths := map[string]bool{}
	add := func(path string) {
		owner := ""
		for _, m := range c.lib.Modules {
			if (path == m.Path || strings.HasPrefix(path, m.Path+"/")) && len(m.Path) > len(owner) {
				owner = m.Path
			}
		}
		if owner == module {
			paths[path] = true
		}
	}
	for _, p := range c.lib.Packages {
		add(p.Path)
	}
	for _, r := range c.lib.Rows {
		add(r.Path)
	}
	return slices.Sorted(maps.Keys(paths))
}

// onlyServes reports whether all rows about packages say which functions serve.
func (c *checker) onlyServes(paths []string) bool {
	return !slices.ContainsFunc(c.lib.Rows, func(r redisapi.Row) bool {
		return slices.Contains(paths, r.Path) && r.Word != "serve"
	})
}

func (c *checker) hasRows(path string) bool {
	return slices.ContainsFunc(c.lib.Rows, func(r redisapi.Row) bool { return r.Path == path })
}

// check resolves the rows about pkg, and returns how many there are.
func (c *checker) check(t *testing.T, pkg *types.Package) int {
	n := 0
	for _, r := range c.lib.Rows {
		if r.Path != pkg.Path() {
			continue
		}
		n++
		if err := c.row(pkg, r); err != nil {
			t.Errorf("line %d: %s %s: %v", r.Line, r.Word, r, err)
		}
	}
	return n
}

func (c *checker) row(pkg *types.Package, r redisapi.Row) error {
	if r.Name == "*" {
		return nil
	}
	for _, name := range r.Conditions() {
		c.met[name] = c.met[name] || redisapi.Declares(pkg, name)
	}
	if r.Word == "setting" && !r.OfFunc() {
		obj, ok := pkg.Scope().Lookup(r.Recv).(*types.TypeName)
		if !ok {
			return fmt.Errorf("there is no type %s", r.Recv)
		}
		return redisapi.CheckSetting(r, obj, !c.lenient)
	}
	switch r.Word {
	case "type", "commands", "literal", "request":
		obj, ok := pkg.Scope().Lookup(r.Name).(*types.TypeName)
		if !ok {
			return fmt.Errorf("there is no such type")
		}
		return c.named(pkg, obj, r)
	}
	if r.AboutType() {
		if _, ok := pkg.Scope().Lookup(r.Name).(*types.TypeName); !ok {
			return fmt.Errorf("there is no such type")
		}
		return nil
	}
	fn, err := find(pkg, r)
	if err != nil && c.lenient && r.AboutConduct() {
		return nil // the signatures are those of what has to do with resources
	}
	if err != nil {
		return err
	}
	if name := fn.FullName(); !strings.Contains(name, "[") && name != r.String() && !selected(pkg, r, fn) {
		return fmt.Errorf("it is written %s", name)
	}
	if r.AboutConduct() {
		return c.table.CheckConduct(fn)
	}
	if err := c.table.Check(fn); err != nil {
		return err
	}
	if r.Word == "setting" {
		if len(c.table.Arguments(fn)) == 0 {
			return fmt.Errorf("it has no such parameter")
		}
		return nil
	}
	if r.Word == "serve" || r.Word == "entry" {
		return nil // they say where a program begins, and nothing of resources
	}
	results := fn.Type().(*types.Signature).Results()
	for _, o := range c.table.Func(fn).Opens {
		for _, name := range o.Release {
			typ := results.At(o.Result).Type()
			if named := namedOf(typ); named != nil && named.Obj().Pkg() != pkg && c.table.Type(named.Obj()) != nil {
				continue // its type row is checked in its own package
			}
			if !hasMethod(pkg, typ, name) {
				return fmt.Errorf("its result %s has no method %s", typ, name)
			}
		}
	}
	return nil
}

func (c *checker) named(pkg *types.Package, obj *types.TypeName, r redisapi.Row) error {
	switch r.Word {
	case "type":
		for _, name := range c.table.Type(obj).Release {
			if !hasMethod(pkg, obj.Type(), name) {
				return fmt.Errorf("it has no method %s", name)
			}
		}
	case "commands":
		for _, name := range c.table.Type(obj).Commands.Names {
			m := methodOf{r.Line, obj.Name(), name}
			c.methods[m] = c.methods[m] || hasMethod(pkg, obj.Type(), name)
		}
		return c.commands(obj)
	case "literal":
		lit := c.table.Literal(obj)
		st, ok := obj.Type().Underlying().(*types.Struct)
		if !ok {
			return fmt.Errorf("it is no struct")
		}
		for _, name := range slices.Concat(lit.Wraps, lit.Derives) {
			if field(st, name) == nil {
				return fmt.Errorf("it has no field %s", name)
			}
		}
		for _, name := range slices.Concat(lit.Factories, lit.Scopes) {
			f := field(st, name)
			if f == nil {
				return fmt.Errorf("it has no field %s", name)
			}
			if _, ok := f.Type().Underlying().(*types.Signature); !ok {
				return fmt.Errorf("its field %s is no func", name)
			}
		}
	}
	return nil
}

// commands says which method is a command by the row of its receiver's type,
// but not by that of the type which declares it.
func (c *checker) commands(obj *types.TypeName) error {
	typ := obj.Type()
	if !c.table.Type(obj).Commands.All {
		return nil
	}
	if !types.IsInterface(typ) {
		typ = types.NewPointer(typ)
	}
	for sel := range types.NewMethodSet(typ).Methods() {
		fn := sel.Obj().(*types.Func)
		if c.table.CommandOn(typ, fn) && !c.table.Command(fn) {
			return fmt.Errorf("%s is declared by a type of which no row says that it is a command", fn.FullName())
		}
	}
	return nil
}

// complete reports functions that return something to be released, of which
// no row tells whose it is.
func (c *checker) complete(t *testing.T, pkg *types.Package) {
	scope := pkg.Scope()
	for _, name := range scope.Names() {
		switch obj := scope.Lookup(name).(type) {
		case *types.Func:
			c.completeFunc(t, obj)
		case *types.TypeName:
			named, ok := obj.Type().(*types.Named)
			if !ok || !ast.IsExported(name) && c.table.Type(obj) == nil {
				continue
			}
			for m := range named.Methods() {
				c.completeFunc(t, m)
			}
			if iface, ok := named.Underlying().(*types.Interface); ok {
				for m := range iface.ExplicitMethods() {
					c.completeFunc(t, m)
				}
			}
		}
	}
}

func (c *checker) completeFunc(t *testing.T, fn *types.Func) {
	if !ast.IsExported(fn.Name()) {
		return
	}
	for v := range fn.Type().(*types.Signature).Results().Variables() {
		named := namedOf(v.Type())
		if named == nil {
			continue
		}
		known := c.table.Type(named.Obj())
		if known == nil || len(known.Release) == 0 {
			continue
		}
		f := c.table.Func(fn)
		if f == nil || len(f.Opens)+len(f.Aliases)+len(f.Derives)+len(f.Lends) == 0 {
			t.Errorf("no row tells whose the %s is that %s returns", named, fn.FullName())
		}
	}
}

// find returns the function or method of a row, which must be declared where
// the row says.
func find(pkg *types.Package, r redisapi.Row) (*types.Func, error) {
	if r.Recv == "" {
		fn, ok := pkg.Scope().Lookup(r.Name).(*types.Func)
		if !ok {
			return nil, fmt.Errorf("there is no such function")
		}
		return fn, nil
	}
	obj, ok := pkg.Scope().Lookup(r.Recv).(*types.TypeName)
	if !ok {
		return nil, fmt.Errorf("there is no type %s", r.Recv)
	}
	if iface, ok := obj.Type().Underlying().(*types.Interface); ok {
		for m := range iface.ExplicitMethods() {
			if m.Name() == r.Name {
				return m, nil
			}
		}
	}
	m, index, _ := types.LookupFieldOrMethod(obj.Type(), true, pkg, r.Name)
	fn, ok := m.(*types.Func)
	if !ok {
		return nil, fmt.Errorf("there is no such method")
	}
	if (len(index) != 1 || types.IsInterface(obj.Type())) && !selected(pkg, r, fn) {
		return nil, fmt.Errorf("it is declared elsewhere: %s", fn.FullName())
	}
	return fn, nil
}

// selected reports whether the row of a function that serves names it by a
// type that has the method and does not declare it.
func selected(pkg *types.Package, r redisapi.Row, fn *types.Func) bool {
	if r.Word != "serve" || r.Recv == "" {
		return false
	}
	obj, ok := pkg.Scope().Lookup(r.Recv).(*types.TypeName)
	if !ok {
		return false
	}
	recv := namedOf(fn.Signature().Recv().Type())
	return obj.IsAlias() || recv != nil && recv.Obj() != obj
}

// namedOf is the named type that typ is or points to, or nil.
func namedOf(typ types.Type) *types.Named {
	if ptr, ok := types.Unalias(typ).(*types.Pointer); ok {
		typ = ptr.Elem()
	}
	named, _ := types.Unalias(typ).(*types.Named)
	return named
}

// hasMethod is true of an interface without methods: the value in it has them.
func hasMethod(pkg *types.Package, typ types.Type, name string) bool {
	if iface, ok := typ.Underlying().(*types.Interface); ok && iface.Empty() {
		return true
	}
	m, _, _ := types.LookupFieldOrMethod(typ, true, pkg, name)
	_, ok := m.(*types.Func)
	return ok
}

func field(st *types.Struct, name string) *types.Var {
	for f := range st.Fields() {
		if f.Name() == name {
			return f
		}
	}
	return nil
}
