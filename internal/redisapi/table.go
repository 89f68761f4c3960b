package redisapi

import (
	"embed"
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strings"
	"sync"
)

//go:embed rows/*.rows
var files embed.FS

// stdFile holds the rows about functions that are no library's.
const stdFile = "std.rows"

// generalFiles hold the rows about the conduct of functions that are no library's.
var generalFiles = [...]string{"flow.rows", "logs.rows", "programs.rows", "slow.rows"}

// Table answers what is known of a symbol. It may be used by several
// goroutines at once.
type Table struct {
	user     *index
	builtin  map[string]*file // by import path
	std      *file
	general  []*file  // rows about conduct
	resolved sync.Map // symbol, with the path as it was asked: *Func
	conducts sync.Map // symbol, with the path as it was asked: *Conduct
}

// file is an embedded file of rows, parsed when it is first asked.
type file struct {
	name string
	once sync.Once
	idx  *index
}

// symbol names a function, method (recv set) or type.
type symbol struct{ path, recv, name string }

// index is a file of rows, by symbol.
type index struct {
	covers   map[string]bool // import path: it is a library's; true if the library has a package row for it
	borrows  map[string]bool // import path with a borrow PATH.* row
	pures    map[string]bool // import path with a pure PATH.* row
	funcs    map[symbol][]Row
	types    map[symbol]*Type
	literals map[symbol][]Row
	requests map[symbol]bool
	misses   []string
	frees    []string
	settings map[symbol][]Row // by options type, or by function
	conduct  map[symbol][]Row // rows about conduct, of functions and types
	conducts map[string]bool  // import path: it has such a row
	starts   map[string][]Row // by import path: its serve and entry rows
}

// New returns a table of the built-in rows and of those in extra, which may be
// empty. An error is about extra, and names its line.
func New(extra string) (*Table, error) {
	lib, err := Parse(extra)
	if err != nil {
		return nil, err
	}
	user, err := newIndex(lib)
	if err != nil {
		return nil, err
	}
	t := &Table{user: user, builtin: map[string]*file{}}
	for _, name := range fileNames() {
		f := &file{name: name}
		if name == stdFile {
			t.std = f
			continue
		}
		if slices.Contains(generalFiles[:], name) {
			t.general = append(t.general, f)
			continue
		}
		for _, path := range scanPackages(f.text()) {
			t.builtin[path] = f
		}
	}
	return t, nil
}

// Libraries parses and returns every built-in file of rows, by name of file.
func Libraries() (map[string]*Library, error) {
	libs := map[string]*Library{}
	for _, name := range fileNames() {
		lib, err := Parse((&file{name: name}).text())
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if _, err := newIndex(lib); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		libs[name] = lib
	}
	return libs, nil
}

// Covers reports whether path is a package of a Redis library, or a vendored
// copy of one.
func (t *Table) Covers(path string) bool {
	path = unvendored(path)
	_, user := t.user.covers[path]
	return user || t.builtin[path] != nil
}

// LooksLikeClient reports whether an import path reads like that of a client of
// Redis, or of a server that speaks its protocol.
func LooksLikeClient(path string) bool {
	for _, word := range strings.FieldsFunc(strings.ToLower(path), func(r rune) bool { return r < 'a' || r > 'z' }) {
		switch {
		case strings.HasPrefix(word, "rediscover"), strings.HasPrefix(word, "redistrib"):
		case strings.Contains(word, "redis"), word == "redigo", strings.Contains(word, "rueidis"),
			strings.Contains(word, "valkey"), strings.Contains(word, "keydb"):
			return true
		}
	}
	return false
}

// Pure reports whether a function computes its result from text and numbers
// alone, and has no effects: one of a package with a pure row that is given
// nothing else.
func (t *Table) Pure(fn *types.Func) bool {
	if fn.Pkg() == nil || fn.Signature().Recv() != nil {
		return false
	}
	path := unvendored(fn.Pkg().Path())
	if !slices.ContainsFunc(t.indexes(path), func(idx *index) bool { return idx.pures[path] }) {
		return false
	}
	for p := range fn.Signature().Params().Variables() {
		if _, ok := p.Type().Underlying().(*types.Basic); !ok {
			return false
		}
	}
	return true
}

// Func is what is known of fn, or nil. Something is known of every exported
// function and method of a library's package: it borrows its parameters.
func (t *Table) Func(fn *types.Func) *Func {
	if fn.Pkg() == nil {
		return nil // error.Error
	}
	path := unvendored(fn.Pkg().Path())
	indexes := t.indexes(path)
	if len(indexes) == 0 {
		return nil
	}
	fn = fn.Origin()
	asked := symbol{fn.Pkg().Path(), recvName(fn), fn.Name()}
	if f, ok := t.resolved.Load(asked); ok {
		return f.(*Func)
	}
	f, _ := t.resolve(fn, indexes)
	t.resolved.Store(asked, f)
	return f
}

// Check says why the rows about fn do not fit its signature, if so.
func (t *Table) Check(fn *types.Func) error {
	if fn.Pkg() == nil {
		return nil
	}
	_, err := t.resolve(fn.Origin(), t.indexes(unvendored(fn.Pkg().Path())))
	return err
}

// Type is what is known of a named type, or nil.
func (t *Table) Type(name *types.TypeName) *Type {
	if name.Pkg() == nil {
		return nil
	}
	s := symbol{path: unvendored(name.Pkg().Path()), name: name.Name()}
	for _, idx := range t.indexes(s.path) {
		if typ := idx.types[s]; typ != nil {
			return typ
		}
	}
	return nil
}

// Literal is what is known of composite literals of a named type, or nil.
func (t *Table) Literal(name *types.TypeName) *Literal {
	if name.Pkg() == nil {
		return nil
	}
	s := symbol{path: unvendored(name.Pkg().Path()), name: name.Name()}
	for _, idx := range t.indexes(s.path) {
		rows := idx.literals[s]
		if rows == nil {
			continue
		}
		lit := new(Literal)
		for _, r := range rows {
			if r.opens {
				lit.Opens = &Open{Err: none, Cleanup: none, Kind: Client, Release: []string{"Close"}}
				if typ := t.Type(name); typ != nil {
					lit.Opens.Kind, lit.Opens.Release = typ.Kind, typ.Release
				}
			}
			lit.Wraps = append(lit.Wraps, r.wraps...)
			lit.Derives = append(lit.Derives, r.derives...)
			lit.Factories = append(lit.Factories, r.factories...)
			lit.Scopes = append(lit.Scopes, r.scopes...)
		}
		return lit
	}
	return nil
}

// Request reports whether a named type is a request, or what it is answered by:
// a function that gets one serves requests.
func (t *Table) Request(name *types.TypeName) bool {
	if name.Pkg() == nil {
		return false
	}
	s := symbol{path: unvendored(name.Pkg().Path()), name: name.Name()}
	return slices.ContainsFunc(t.indexes(s.path), func(idx *index) bool { return idx.requests[s] })
}

// Missing reports whether a client reports it as an error when the key that a
// command reads does not exist. The name of the command is written in any case.
func (t *Table) Missing(command string) bool {
	name := strings.ToUpper(command)
	return slices.Contains(t.std.index().misses, name) || slices.Contains(t.user.misses, name)
}

// Frees reports whether a command takes back what was put on the server: a key,
// a member, a count. A script does, as far as is known. The name of the command
// is written in any case.
func (t *Table) Frees(command string) bool {
	name := strings.ToUpper(command)
	return slices.Contains(t.std.index().frees, name) || slices.Contains(t.user.frees, name)
}

// Command reports whether a call of the method fn is a Redis command, by the
// type that declares fn. Where the receiver's type is at hand, CommandOn knows
// better: a pipeline and a client share the type that declares Get.
func (t *Table) Command(fn *types.Func) bool {
	return t.CommandOn(nil, fn)
}

// CommandOn reports whether a call of the method fn on a value of type recv is
// a Redis command: recv's commands row decides, else that of the type which
// declares fn. recv is the type the method was selected from, before embedded
// fields are followed; it may be nil.
func (t *Table) CommandOn(recv types.Type, fn *types.Func) bool {
	if !ast.IsExported(fn.Name()) {
		return false
	}
	sig := fn.Origin().Type().(*types.Signature)
	if sig.Recv() == nil {
		return false
	}
	if recv != nil {
		if typ := t.typeOf(recv); typ != nil && typ.Commands.known {
			return typ.Commands.Has(fn.Name())
		}
	}
	typ := t.typeOf(sig.Recv().Type())
	return typ != nil && typ.Commands.known && typ.Commands.Has(fn.Name())
}

// typeOf is what is known of t or of what it points to, or nil.
func (t *Table) typeOf(typ types.Type) *Type {
	if ptr, ok := types.Unalias(typ).(*types.Pointer); ok {
		typ = ptr.Elem()
	}
	if named, ok := types.Unalias(typ).(*types.Named); ok {
		return t.Type(named.Obj())
	}
	return nil
}

// indexes are the files that know the package, the most important first.
func (t *Table) indexes(path string) []*index {
	var found []*index
	if t.user.knows(path) {
		found = append(found, t.user)
	}
	if f := t.builtin[path]; f != nil {
		found = append(found, f.index())
	}
	if std := t.std.index(); std.knows(path) {
		found = append(found, std)
	}
	return found
}

func (f *file) text() string {
	data, err := files.ReadFile("rows/" + f.name)
	if err != nil {
		return "" // cannot be: the name came from the same file system
	}
	return string(data)
}

// index parses the file once. The rows are tested to be without errors.
func (f *file) index() *index {
	f.once.Do(func() {
		f.idx = new(index)
		if lib, err := Parse(f.text()); err == nil {
			if idx, err := newIndex(lib); err == nil {
				f.idx = idx
			}
		}
	})
	return f.idx
}

func newIndex(lib *Library) (*index, error) {
	idx := &index{
		covers:   map[string]bool{},
		borrows:  map[string]bool{},
		pures:    map[string]bool{},
		funcs:    map[symbol][]Row{},
		types:    map[symbol]*Type{},
		literals: map[symbol][]Row{},
		requests: map[symbol]bool{},
		settings: map[symbol][]Row{},
		conduct:  map[symbol][]Row{},
		conducts: map[string]bool{},
		starts:   map[string][]Row{},
	}
	idx.misses, idx.frees = lib.Misses, lib.Frees
	for _, pkg := range lib.Packages {
		idx.covers[pkg.Path] = true
	}
	for _, r := range lib.Rows {
		if _, ok := idx.covers[r.Path]; !ok && r.word.about == library {
			idx.covers[r.Path] = false
		}
		keep := r.word.keep
		switch {
		case keep != nil:
		case r.word.about == conduct:
			keep = (*index).keepConduct
		default:
			keep = (*index).keepFunc
		}
		if err := keep(idx, symbol{r.Path, r.Recv, r.Name}, r); err != nil {
			return nil, fmt.Errorf("line %d: %w", r.Line, err)
		}
	}
	for s := range idx.funcs {
		idx.note(s.path)
	}
	for path := range idx.pures {
		idx.note(path)
	}
	for s := range idx.requests {
		idx.note(s.path)
	}
	return idx, nil
}

func (idx *index) keepFunc(s symbol, r Row) error {
	idx.funcs[s] = append(idx.funcs[s], r)
	return nil
}

// keepStart keeps a row about a function with which a program begins.
func (idx *index) keepStart(s symbol, r Row) error {
	idx.starts[s.path] = append(idx.starts[s.path], r)
	return nil
}

func (idx *index) keepEntry(s symbol, r Row) error {
	idx.starts[s.path] = append(idx.starts[s.path], r)
	return idx.keepFunc(s, r)
}

func (idx *index) keepConduct(s symbol, r Row) error {
	idx.conduct[s] = append(idx.conduct[s], r)
	idx.conducts[s.path] = true
	return nil
}

func (idx *index) keepType(s symbol, r Row) error {
	typ := idx.typ(s, r)
	if typ.Kind != "" {
		return fmt.Errorf("a second type row for %s", r)
	}
	typ.Kind, typ.Release = r.kind, r.release
	return nil
}

func (idx *index) keepCommands(s symbol, r Row) error {
	typ := idx.typ(s, r)
	if typ.Commands.known {
		return fmt.Errorf("a second commands row for %s", r)
	}
	typ.Commands = r.methods
	return nil
}

// typ is what the rows so far say of a type.
func (idx *index) typ(s symbol, r Row) *Type {
	if idx.types[s] == nil {
		idx.types[s] = &Type{Name: r.String()}
	}
	return idx.types[s]
}

func (idx *index) keepLiteral(s symbol, r Row) error {
	idx.literals[s] = append(idx.literals[s], r)
	return nil
}

func (idx *index) keepRequest(s symbol, _ Row) error {
	idx.requests[s] = true
	return nil
}

func (idx *index) keepSetting(s symbol, r Row) error {
	if !r.OfFunc() { // a field or an option func of the type in front
		s = symbol{path: r.Path, name: r.Recv}
	}
	idx.settings[s] = append(idx.settings[s], r)
	return nil
}

func (idx *index) keepBorrow(s symbol, r Row) error {
	if r.Name == "*" {
		idx.borrows[s.path] = true
		return nil
	}
	return idx.keepFunc(s, r)
}

func (idx *index) keepPure(s symbol, r Row) error {
	if r.Name != "*" {
		return fmt.Errorf("pure is said of all functions of a package: write %s.*", s.path)
	}
	idx.pures[s.path] = true
	return nil
}

// note makes the package one that a row is about.
func (idx *index) note(path string) {
	if _, ok := idx.borrows[path]; !ok {
		idx.borrows[path] = false
	}
}

// knows reports whether a row is about the package.
func (idx *index) knows(path string) bool {
	_, covers := idx.covers[path]
	_, other := idx.borrows[path]
	return covers || other
}

func fileNames() []string {
	entries, err := files.ReadDir("rows")
	if err != nil {
		return nil // cannot be: the folder is embedded
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	slices.Sort(names)
	return names
}

// scanPackages returns the paths of the package rows without parsing the rest.
func scanPackages(text string) []string {
	var paths []string
	for _, row := range lines(text) {
		if strings.HasPrefix(row, "package ") {
			if fields := strings.Fields(row); len(fields) > 2 {
				paths = append(paths, fields[2:]...)
			}
		}
	}
	return paths
}

// unvendored is the import path of which path may be a vendored copy.
func unvendored(path string) string {
	if i := strings.LastIndex(path, "/vendor/"); i >= 0 {
		return path[i+len("/vendor/"):]
	}
	return strings.TrimPrefix(path, "vendor/")
}
