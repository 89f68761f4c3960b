package redisapi

import (
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

	kind                                       Kind
	release                                    []string
	result, err, cleanup, param, callback, arg int
	later, opens, inert, ctx, confirms         bool
	methods                                    Methods
	wraps, takes, derives, factories, scopes   []string
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
func (r Row) AboutType() bool {
	switch r.Word {
	case "type", "commands", "literal", "rpc", "request":
		return true
	}
	return false
}

// AboutConduct reports whether a row says how a function spends time, or whom
// it tells.
func (r Row) AboutConduct() bool { return aboutConduct(r.Word) }

// What a number may be other than an index.
const (
	unset = -2 // to be found from the signature
	none  = -1
)

// words are the rows about symbols, each with the options it may have.
var words = map[string]string{
	"type": "", "commands": "",
	"literal":  "opens wraps takes derives factory scope",
	"open":     "result err cleanup kind release inert",
	"alias":    "result param",
	"derive":   "result param",
	"lend":     "result",
	"take":     "param",
	"release":  "param",
	"scope":    "callback arg later",
	"factory":  "param",
	"command":  "param",
	"noreturn": "",
	"calls":    "callback",
	"borrow":   "",
	"entry":    "param",
	"serve":    "",
	"fail":     "",
	"nonnil":   "",
	"joins":    "",
	"slow":     "",
	"input":    "",
	"rpc":      "",
	"waits":    "ctx",
	"receive":  "ctx confirms",
	"dated":    "",
	"messages": "",
	"names":    "param",
	"builds":   "step",
	"spawn":    "callback",
	"keep":     "param",
	"register": "param",
	"bounds":   "",
	"log":      "",
	"until":    "",
	"probe":    "",
	"verdict":  "",
	"refutes":  "",
	"once":     "",
	"pause":    "",
	"request":  "",
	"deadline": "",
	"setting":  "", // as rowSetting reads it
	"query":    "", // as rowQuery reads it
}

// aboutResources tells rows that make their package a Redis library's from
// rows that hold for any function.
func aboutResources(word string) bool {
	switch word {
	case "noreturn", "calls", "borrow", "entry", "serve", "fail", "nonnil", "joins", "verdict", "refutes", "once", "pause", "request", "deadline":
		return false
	}
	return !aboutConduct(word)
}

// Parse reads rows. An error names the line and what is wrong with it.
func Parse(text string) (*Library, error) {
	p := &rowParser{lib: new(Library)}
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
	lib  *Library
	line int
	in   []string // paths of the last in row
}

func (p *rowParser) row(word string, args []string) error {
	switch word {
	case "library":
		if len(args) != 1 {
			return fmt.Errorf("want library NAME")
		}
		p.lib.Name, p.in = args[0], nil
		return nil
	case "module":
		if len(args) != 2 {
			return fmt.Errorf("want module PATH VERSION")
		}
		p.lib.Modules = append(p.lib.Modules, Module{args[0], args[1]})
		return nil
	case "package":
		if len(args) < 2 {
			return fmt.Errorf("want package TAG PATH...")
		}
		for _, path := range args[1:] {
			p.lib.Packages = append(p.lib.Packages, Package{args[0], path})
		}
		return nil
	case "in":
		return p.rowIn(args)
	case "miss":
		if len(args) == 0 {
			return fmt.Errorf("want miss COMMAND...")
		}
		for _, name := range args {
			p.lib.Misses = append(p.lib.Misses, strings.ToUpper(name))
		}
		return nil
	}
	allowed, ok := words[word]
	if !ok {
		return fmt.Errorf("unknown row %q", word)
	}
	if len(args) == 0 {
		return fmt.Errorf("%s row names nothing", word)
	}
	switch word {
	case "type":
		return p.rowType(args)
	case "commands":
		return p.rowCommands(args)
	case "setting":
		return p.rowSetting(args)
	case "query":
		return p.rowQuery(args)
	}
	return p.rowFuncs(word, args, strings.Fields(allowed))
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
	if len(tags) == 0 {
		return fmt.Errorf("want in TAG...")
	}
	return nil
}

func (p *rowParser) rowType(args []string) error {
	if len(args) < 2 {
		return fmt.Errorf("want type NAME KIND [METHOD...]")
	}
	kind := Kind(args[1])
	if !kind.valid() {
		return fmt.Errorf("unknown kind %q", args[1])
	}
	return p.add(args[0], Row{Word: "type", kind: kind, release: args[2:]})
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
	return p.add(args[0], Row{Word: "commands", methods: m})
}

// rowFuncs reads a row of symbols with options, in any order.
func (p *rowParser) rowFuncs(word string, args, allowed []string) error {
	r := Row{Word: word}
	r.result, r.err, r.cleanup, r.param, r.callback, r.arg = unset, unset, unset, unset, unset, unset
	var symbols []string
	for _, a := range args {
		key, value, isOption := strings.Cut(a, "=")
		if !isOption && a != "later" && a != "opens" && a != "inert" && a != "ctx" && a != "confirms" {
			symbols = append(symbols, a)
			continue
		}
		if !slices.Contains(allowed, key) {
			return fmt.Errorf("%s row has no option %q", word, key)
		}
		if isOption && value == "" {
			return fmt.Errorf("option %q has no value", key)
		}
		if err := r.option(key, value); err != nil {
			return err
		}
	}
	if len(symbols) == 0 {
		return fmt.Errorf("%s row names nothing", word)
	}
	for _, s := range symbols {
		if err := p.add(s, r); err != nil {
			return err
		}
	}
	return nil
}

func (r *Row) option(key, value string) error {
	list := strings.Split(value, ",")
	number := func(to *int, mayBeNone bool) error {
		if mayBeNone && value == "none" {
			*to = none
			return nil
		}
		n, err := strconv.Atoi(value)
		if err != nil || n < 0 {
			return fmt.Errorf("%s=%s is not a position", key, value)
		}
		*to = n
		return nil
	}
	switch key {
	case "result":
		return number(&r.result, false)
	case "err":
		return number(&r.err, true)
	case "cleanup":
		return number(&r.cleanup, true)
	case "param":
		return number(&r.param, false)
	case "callback":
		return number(&r.callback, false)
	case "arg":
		return number(&r.arg, false)
	case "later":
		r.later = true
	case "opens":
		r.opens = true
	case "inert":
		r.inert = true
	case "ctx":
		r.ctx = true
	case "confirms":
		r.confirms = true
	case "step":
		r.steps = list
	case "release":
		r.release = list
	case "wraps":
		r.wraps = list
	case "takes":
		r.takes = list
	case "derives":
		r.derives = list
	case "factory":
		r.factories = list
	case "scope":
		r.scopes = list
	case "kind":
		r.kind = Kind(value)
		if !r.kind.valid() {
			return fmt.Errorf("unknown kind %q", value)
		}
	}
	return nil
}

// add records what r says of every symbol that s stands for.
func (p *rowParser) add(s string, r Row) error {
	isType := r.AboutType()
	recvs, names, isMethod := "", s, false
	if strings.HasPrefix(s, "(") {
		recvs, names, isMethod = strings.Cut(s[1:], ").")
		if !isMethod {
			return fmt.Errorf("%q is no method: want (*T).M", s)
		}
		if isType {
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
			ok := isName(name) || name == "*" && r.Word == "borrow" || r.Word == "setting" && isPath(name)
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
