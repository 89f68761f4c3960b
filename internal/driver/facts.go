package driver

import (
	"bytes"
	"cmp"
	"encoding/gob"
	"errors"
	"fmt"
	"go/types"
	"io"
	"reflect"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/types/objectpath"
)

// factsMagic opens every facts file that is not empty. Two letters follow it.
const factsMagic = "redislint facts 1 "

// header is what the letters of a facts file say of its package.
type header struct {
	exposed bool // a package that imports it can get hold of a Redis value without importing a Redis library
	variant bool // it was compiled anew for a test, because test files are in it or below it
}

// parseHeader reads the header from a facts file's content or first bytes. An
// empty file is one with nothing to say.
func parseHeader(data []byte) (header, error) {
	if len(data) == 0 {
		return header{}, nil
	}
	letters, ok := bytes.CutPrefix(data, []byte(factsMagic))
	if !ok || len(letters) < 2 {
		return header{}, errors.New("a facts file was not written by this version of redislint")
	}
	return header{exposed: letters[0] == 'E', variant: letters[1] == 'T'}, nil
}

// String is the header as it is written.
func (h header) String() string {
	letters := []byte("--")
	if h.exposed {
		letters[0] = 'E'
	}
	if h.variant {
		letters[1] = 'T'
	}
	return factsMagic + string(letters)
}

// headerSize is the length of a header as it is written.
const headerSize = len(factsMagic) + 2

// factKey names a fact: its type and the object or the package it is about.
type factKey struct {
	pkg *types.Package
	obj types.Object // nil for a fact about the package
	t   reflect.Type
}

// facts holds what is known about the objects that one package sees.
type facts struct {
	pkg   *types.Package
	types []reflect.Type // all fact types, by name
	m     map[factKey]analysis.Fact
	mute  bool // nobody asks about the objects of the package itself
}

// record precedes each fact in a facts file.
type record struct {
	Pkg    string // path of the package that the fact is about
	Object string // objectpath of the object, empty for a fact about the package
	Type   int    // index of the fact's type, by name
}

// factTypes lists the fact types of the analyzers and of all that they
// require, ordered by name.
func factTypes(analyzers []*analysis.Analyzer) []reflect.Type {
	var list []reflect.Type
	for _, a := range closure(analyzers) {
		for _, f := range a.FactTypes {
			if t := reflect.TypeOf(f); !slices.Contains(list, t) {
				list = append(list, t)
			}
		}
	}
	slices.SortFunc(list, func(a, b reflect.Type) int { return cmp.Compare(factName(a), factName(b)) })
	return list
}

func factName(t reflect.Type) string {
	return t.Elem().PkgPath() + "." + t.Elem().Name()
}

// numberTypes makes the bytes of a facts file independent of what was read or
// written before it: gob numbers types in the order in which a process first
// meets them, and writes the numbers. It has to come before any other use of
// gob.
func numberTypes(kinds []reflect.Type) error {
	enc := gob.NewEncoder(io.Discard)
	if err := enc.Encode(record{}); err != nil {
		return err
	}
	for _, t := range kinds {
		if err := enc.EncodeValue(reflect.New(t.Elem())); err != nil {
			return fmt.Errorf("fact type %s: %w", factName(t), err)
		}
	}
	return nil
}

// newFacts returns the facts that pkg inherits from its direct imports. inherited
// holds the content of their facts files, in a fixed order.
func newFacts(pkg *types.Package, kinds []reflect.Type, inherited [][]byte) (*facts, error) {
	f := &facts{pkg: pkg, types: kinds, m: make(map[factKey]analysis.Fact)}
	if err := numberTypes(kinds); err != nil {
		return nil, err
	}
	var visible map[string]*types.Package
	for _, data := range inherited {
		if len(data) == 0 {
			continue
		}
		if visible == nil {
			visible = visiblePackages(pkg)
		}
		if err := f.decode(data, visible); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// visiblePackages maps the paths of all packages that pkg depends on, as far
// as its type information mentions them.
func visiblePackages(pkg *types.Package) map[string]*types.Package {
	seen := map[string]*types.Package{pkg.Path(): pkg}
	queue := []*types.Package{pkg}
	for len(queue) > 0 {
		p := queue[0]
		queue = queue[1:]
		for _, imp := range p.Imports() {
			if seen[imp.Path()] == nil {
				seen[imp.Path()] = imp
				queue = append(queue, imp)
			}
		}
	}
	return seen
}

func (f *facts) decode(data []byte, visible map[string]*types.Package) error {
	if _, err := parseHeader(data); err != nil {
		return err
	}
	dec := gob.NewDecoder(bytes.NewReader(data[headerSize:]))
	for {
		var r record
		if err := dec.Decode(&r); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("facts file: %w", err)
		}
		if r.Type < 0 || r.Type >= len(f.types) {
			return fmt.Errorf("facts file: unknown fact type %d", r.Type)
		}
		t := f.types[r.Type]
		value := reflect.New(t.Elem())
		if err := dec.DecodeValue(value); err != nil {
			return fmt.Errorf("facts file: %w", err)
		}
		fact, ok := value.Interface().(analysis.Fact)
		pkg := visible[r.Pkg]
		if !ok || pkg == nil {
			continue // about a package that this one cannot mention
		}
		key := factKey{pkg: pkg, t: t}
		if r.Object != "" {
			obj, err := objectpath.Object(pkg, objectpath.Path(r.Object))
			if err != nil {
				continue // about an object that this package cannot mention
			}
			key.obj = obj
		}
		f.m[key] = fact
	}
}

// An exposer is a fact that knows whether its object hands out Redis values.
// One that does not, such as the fact that a function releases a parameter,
// serves only clients that have such a value from elsewhere. Facts that are
// not exposers are taken to hand something out.
type exposer interface{ Exposes() bool }

// exposes reports whether a fact says that obj hands out Redis values.
func (f *facts) exposes(obj types.Object) bool {
	for _, t := range f.types {
		fact := f.m[factKey{pkg: obj.Pkg(), obj: obj, t: t}]
		if fact == nil {
			continue
		}
		if e, ok := fact.(exposer); !ok || e.Exposes() {
			return true
		}
	}
	return false
}

// encode returns the content of the package's facts file: the facts about
// the objects in reach, about their packages and about the package itself. A
// package that a client can learn nothing from has an empty file.
func (f *facts) encode(reach map[types.Object]bool, h header) ([]byte, error) {
	type entry struct {
		record
		fact analysis.Fact
	}
	var entries []entry
	var paths objectpath.Encoder
	packages := map[*types.Package]bool{f.pkg: true}
	for obj := range reach {
		packages[obj.Pkg()] = true
	}
	for key, fact := range f.m {
		e := entry{record: record{Pkg: key.pkg.Path(), Type: slices.Index(f.types, key.t)}, fact: fact}
		switch {
		case key.obj != nil:
			if !reach[key.obj] {
				continue
			}
			path, err := paths.For(key.obj)
			if err != nil {
				continue // local to a function: no client can name it
			}
			e.Object = string(path)
		case !packages[key.pkg]:
			continue // whoever needs it imports that package
		}
		entries = append(entries, e)
	}
	if len(entries) == 0 && h == (header{}) {
		return nil, nil
	}
	slices.SortFunc(entries, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.Pkg, b.Pkg), cmp.Compare(a.Object, b.Object), cmp.Compare(a.Type, b.Type))
	})
	var buf bytes.Buffer
	buf.WriteString(h.String())
	enc := gob.NewEncoder(&buf)
	for _, e := range entries {
		if err := enc.Encode(e.record); err != nil {
			return nil, err
		}
		if err := enc.Encode(e.fact); err != nil {
			return nil, fmt.Errorf("fact %s: %w", factName(f.types[e.Type]), err)
		}
	}
	return buf.Bytes(), nil
}

// bind lets the analyzer of pass read and write facts.
func (f *facts) bind(pass *analysis.Pass) {
	own := make(map[reflect.Type]bool)
	for _, fact := range pass.Analyzer.FactTypes {
		own[reflect.TypeOf(fact)] = true
	}
	pass.ImportObjectFact = func(obj types.Object, fact analysis.Fact) bool {
		return obj != nil && f.get(factKey{pkg: obj.Pkg(), obj: obj, t: reflect.TypeOf(fact)}, fact)
	}
	pass.ImportPackageFact = func(pkg *types.Package, fact analysis.Fact) bool {
		return f.get(factKey{pkg: pkg, t: reflect.TypeOf(fact)}, fact)
	}
	pass.ExportObjectFact = func(obj types.Object, fact analysis.Fact) {
		if obj != nil && obj.Pkg() == f.pkg {
			f.m[factKey{pkg: obj.Pkg(), obj: obj, t: reflect.TypeOf(fact)}] = fact
		}
	}
	if f.mute {
		pass.ExportObjectFact = nil
	}
	pass.ExportPackageFact = func(fact analysis.Fact) {
		f.m[factKey{pkg: f.pkg, t: reflect.TypeOf(fact)}] = fact
	}
	pass.AllObjectFacts = func() []analysis.ObjectFact {
		var list []analysis.ObjectFact
		for _, key := range f.keys(own, true) {
			list = append(list, analysis.ObjectFact{Object: key.obj, Fact: f.m[key]})
		}
		return list
	}
	pass.AllPackageFacts = func() []analysis.PackageFact {
		var list []analysis.PackageFact
		for _, key := range f.keys(own, false) {
			list = append(list, analysis.PackageFact{Package: key.pkg, Fact: f.m[key]})
		}
		return list
	}
}

func (f *facts) get(key factKey, into analysis.Fact) bool {
	fact := f.m[key]
	if fact == nil {
		return false
	}
	reflect.ValueOf(into).Elem().Set(reflect.ValueOf(fact).Elem())
	return true
}

// keys lists the keys of facts of the given types, about objects or about
// packages, in an order that does not depend on the map's.
func (f *facts) keys(kinds map[reflect.Type]bool, objects bool) []factKey {
	var keys []factKey
	for key := range f.m {
		if kinds[key.t] && (key.obj != nil) == objects {
			keys = append(keys, key)
		}
	}
	slices.SortFunc(keys, func(a, b factKey) int {
		if c := cmp.Compare(a.pkg.Path(), b.pkg.Path()); c != 0 {
			return c
		}
		if objects {
			if c := cmp.Or(cmp.Compare(a.obj.Pos(), b.obj.Pos()), cmp.Compare(a.obj.Id(), b.obj.Id())); c != 0 {
				return c
			}
		}
		return cmp.Compare(factName(a.t), factName(b.t))
	})
	return keys
}
