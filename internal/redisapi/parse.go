package redisapi

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Library is a parsed file of rows.
type Library struct {
	Name     string
	Modules  []Module
	Packages []Package
	Rows     []Row
	Misses   []string // commands of which a missing key is an error, in capitals
	Frees    []string // commands that take back what was put on the server, in capitals
}

// Module is the version of a module that the rows of its packages are true of.
type Module struct {
	Path    string
	Version string // as the module proxy names it; "git:" and a commit if no proxy has it; or "unchecked"
}

// Package is an import path of a library.
type Package struct{ Tag, Path string }

// Row is what one row says of one symbol.
type Row struct {
	Line int    // in its file
	Word string // "open", "type", ...
	Path string // import path
	Recv string // receiver's type name; empty for functions and types
	Ptr  bool   // written (*Recv).Name
	Name string // of the function, method or type; "*" for all of a package
	word *word

	kind                                       Kind
	release                                    []string
	result, err, cleanup, param, callback, arg int
	when, unless                               int
	later, opens, inert, ctx, confirms, over   bool
	methods                                    Methods
	wraps, derives, factories, scopes          []string
	setting                                    Setting
	query                                      []Query
	steps                                      []string
}

// String is the symbol as types.Func.FullName writes it.
func (r Row) String() string {
	switch {
	case r.Recv == "":
		return r.Path + "." + r.Name
	case r.Ptr:
		return "(*" + r.Path + "." + r.Recv + ")." + r.Name
	default:
		return "(" + r.Path + "." + r.Recv + ")." + r.Name
	}
}

// AboutType reports whether the symbol of a row is a type.
func (r Row) AboutType() bool { return r.word.types }

// AboutConduct reports whether a row says how a function spends time, or whom
// it tells.
func (r Row) AboutConduct() bool { return r.word.about == conduct }

// What a number may be other than an index.
const (
	unset = -2 // to be found from the signature
	none  = -1
)

// Parse reads rows. An error names the line and what is wrong with it.
func Parse(text string) (*Library, error) {
	p := &rowParser{lib: new(Library), words: map[string]*word{}}
	for _, sec := range Language() {
		for i := range sec.words {
			p.words[sec.words[i].name] = &sec.words[i]
		}
	}
	for n, line := range lines(text) {
		fields := strings.Fields(line)
		if len(fields) == 0 {
			continue
		}
		p.line = n
		if err := p.row(fields[0], fields[1:]); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
	}
	return p.lib, nil
}

// lines yields each row with the number of its first line: without comments,
// and joined with the indented lines below it.
func lines(text string) func(yield func(int, string) bool) {
	return func(yield func(int, string) bool) {
		row, start, n := "", 0, 0
		for line := range strings.Lines(text) {
			n++
			line, _, _ = strings.Cut(line, "#")
			line = strings.TrimRight(line, " \t\r\n")
			switch {
			case line == "":
			case start > 0 && (line[0] == ' ' || line[0] == '\t'):
				row += line
			default:
				if start > 0 && !yield(start, row) {
					return
				}
				row, start = line, n
			}
		}
		if start > 0 {
			yield(start, row)
		}
	}
}

type rowParser struct {
	lib   *Library
	words map[string]*word
	line  int
	word  *word    // of the row that is read
	in    []string // paths of the last in row
}

func (p *rowParser) row(name string, args []string) error {
	w := p.words[name]
	if w == nil {
		return fmt.Errorf("unknown row %.40q", name)
	}
	p.word = w
	switch {
	case len(args) == 0 && w.read != nil && w.about != library:
		return fmt.Errorf("want %s", w.usage())
	case len(args) == 0:
		return fmt.Errorf("%s row names nothing", name)
	case w.read != nil:
		return w.read(p, args)
	}
	return p.rowSymbols(args)
}

func (p *rowParser) rowLibrary(args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("want %s", p.word.usage())
	}
	p.lib.Name, p.in = args[0], nil
	return nil
}

func (p *rowParser) rowModule(args []string) error {
	if len(args) != 2 {
		return fmt.Errorf("want %s", p.word.usage())
	}
	p.lib.Modules = append(p.lib.Modules, Module{args[0], args[1]})
	return nil
}

func (p *rowParser) rowPackage(args []string) error {
	if len(args) < 2 {
		return fmt.Errorf("want %s", p.word.usage())
	}
	for _, path := range args[1:] {
		p.lib.Packages = append(p.lib.Packages, Package{args[0], path})
	}
	return nil
}

func (p *rowParser) rowMiss(args []string) error {
	for _, name := range args {
		p.lib.Misses = append(p.lib.Misses, strings.ToUpper(name))
	}
	return nil
}

func (p *rowParser) rowFree(args []string) error {
	for _, name := range args {
		p.lib.Frees = append(p.lib.Frees, strings.ToUpper(name))
	}
	return nil
}

func (p *rowParser) rowIn(tags []string) error {
	p.in = nil
	for _, tag := range tags {
		before := len(p.in)
		for _, pkg := range p.lib.Packages {
			if pkg.Tag == tag {
				p.in = append(p.in, pkg.Path)
			}
		}
		if len(p.in) == before {
			return fmt.Errorf("no package row has the tag %q", tag)
		}
	}
	return nil
}

func (p *rowParser) rowType(args []string) error {
	if len(args) < 2 {
		return fmt.Errorf("want %s", p.word.usage())
	}
	kind := Kind(args[1])
	if !kind.valid() {
		return fmt.Errorf("unknown kind %q", args[1])
	}
	return p.add(args[0], Row{kind: kind, release: args[2:]})
}

func (p *rowParser) rowCommands(args []string) error {
	m := Methods{All: true, known: true}
	if len(args) > 1 {
		switch args[1] {
		case "except":
		case "only":
			m.All = false
		default:
			return fmt.Errorf("want except or only, not %q", args[1])
		}
		m.Names = slices.Sorted(slices.Values(args[2:]))
		if len(m.Names) == 0 {
			return fmt.Errorf("%s what?", args[1])
		}
	}
	return p.add(args[0], Row{methods: m})
}

// newRow is a row that leaves all numbers to be found from the signature.
func newRow() Row {
	return Row{result: unset, err: unset, cleanup: unset, param: unset, callback: unset, arg: unset, when: unset, unless: unset}
}

// rowSymbols reads a row of symbols and options, in any order.
func (p *rowParser) rowSymbols(args []string) error {
	r := newRow()
	var symbols []string
	for _, a := range args {
		key, value, isOption := strings.Cut(a, "=")
		o := optionOf(key)
		if !isOption && (o == nil || !o.flag) {
			symbols = append(symbols, a)
			continue
		}
		if o == nil || !p.word.has(key) {
			return fmt.Errorf("%s row has no option %q", p.word.name, key)
		}
		if isOption && value == "" {
			return fmt.Errorf("option %q has no value", key)
		}
		if err := o.set(&r, value); err != nil {
			return fmt.Errorf("%s=%s %w", key, value, err)
		}
	}
	if len(symbols) == 0 {
		return fmt.Errorf("%s row names nothing", p.word.name)
	}
	for _, s := range symbols {
		if err := p.add(s, r); err != nil {
			return err
		}
	}
	return nil
}

// number makes an option whose value is a position.
func number(of func(*Row) *int) func(*Row, string) error {
	return func(r *Row, value string) error {
		n, err := strconv.Atoi(value)
		if err != nil || n < 0 {
			return errors.New("is not a position")
		}
		*of(r) = n
		return nil
	}
}

// numberOrNone makes an option whose value is a position, or none.
func numberOrNone(of func(*Row) *int) func(*Row, string) error {
	return func(r *Row, value string) error {
		if value == "none" {
			*of(r) = none
			return nil
		}
		return number(of)(r, value)
	}
}

// list makes an option whose values are separated by commas.
func list(of func(*Row) *[]string) func(*Row, string) error {
	return func(r *Row, value string) error {
		*of(r) = strings.Split(value, ",")
		return nil
	}
}

// flag makes an option without a value.
func flag(of func(*Row) *bool) func(*Row, string) error {
	return func(r *Row, _ string) error {
		*of(r) = true
		return nil
	}
}

// add records what r says of every symbol that s stands for.
func (p *rowParser) add(s string, r Row) error {
	r.Word, r.word = p.word.name, p.word
	recvs, names, isMethod := "", s, false
	if strings.HasPrefix(s, "(") {
		recvs, names, isMethod = strings.Cut(s[1:], ").")
		if !isMethod {
			return fmt.Errorf("%q is no method: want (*T).M", s)
		}
		if r.AboutType() {
			return fmt.Errorf("%s row wants a type, not the method %s", r.Word, s)
		}
	}
	r.Line = p.line
	for recv := range strings.SplitSeq(recvs, "|") {
		paths := p.in
		list := names
		if isMethod {
			recv, r.Ptr = strings.CutPrefix(recv, "*")
			if path, name, ok := cutPath(recv); ok {
				paths, recv = []string{path}, name
			}
			if !isName(recv) {
				return fmt.Errorf("%q is no method: want (*T).M", s)
			}
		} else if path, rest, ok := cutPath(names); ok {
			paths, list = []string{path}, rest
		}
		if len(paths) == 0 {
			return fmt.Errorf("%s needs its import path, or an in row above", s)
		}
		r.Recv = recv
		for name := range strings.SplitSeq(list, "|") {
			ok := isName(name) || name == "*" && (r.Word == "borrow" || r.Word == "pure") || r.Word == "setting" && isPath(name)
			if !ok {
				return fmt.Errorf("%q is no symbol", s)
			}
			r.Name = name
			for _, r.Path = range paths {
				p.lib.Rows = append(p.lib.Rows, r)
			}
		}
	}
	return nil
}

// cutPath splits "gopkg.in/redis.v5.NewClient" before the symbol.
func cutPath(s string) (path, name string, ok bool) {
	i := strings.LastIndexByte(s, '.')
	if i <= 0 {
		return "", s, false
	}
	return s[:i], s[i+1:], true
}

// isPath tells whether s is names joined by dots: a field of a field.
func isPath(s string) bool {
	for name := range strings.SplitSeq(s, ".") {
		if !isName(name) {
			return false
		}
	}
	return true
}

func isName(s string) bool {
	for i, c := range s {
		switch {
		case c == '_', 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', i > 0 && '0' <= c && c <= '9':
		default:
			return false
		}
	}
	return s != ""
}
