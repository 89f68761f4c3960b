package redisapi

import (
	"fmt"
	"go/types"
	"slices"
	"strconv"
	"strings"
)

// Role says what a setting of a client is for.
type Role string

// The roles of settings.
const (
	Dial       Role = "dial"       // bounds connecting
	Read       Role = "read"       // bounds a read
	Write      Role = "write"      // bounds a write
	IO         Role = "io"         // bounds connecting, reads and writes alike
	PoolWait   Role = "pool"       // bounds the wait for a connection of the pool
	Redials    Role = "redials"    // how often a dial is tried
	Deadline   Role = "deadline"   // whether a context's deadline bounds a command
	Retry      Role = "retry"      // how often a command is sent again
	Reconnect  Role = "reconnect"  // whether a lost connection is replaced unasked
	Background Role = "background" // how often something is done unasked
	Idle       Role = "idle"       // how many connections are kept without use
)

// Timeout reports whether the role bounds a wait.
func (r Role) Timeout() bool {
	switch r {
	case Dial, Read, Write, IO, PoolWait:
		return true
	}
	return false
}

func (r Role) valid() bool {
	switch r {
	case Redials, Deadline, Retry, Reconnect, Background, Idle:
		return true
	}
	return r.Timeout()
}

// A Setting is what is known of a field of an options struct, of a function
// that makes an option, or of a parameter that is a timeout.
type Setting struct {
	Role    Role
	Path    []string // the field, and the fields on the way to it; the last may be the name of an option func
	Option  bool     // the last of Path is a func that makes an option
	Param   int      // the parameter of a function, or -1
	Call    bool     // a call of the function has no such bound at all
	Default string   // what is so when it is not set: a duration, "none", a number, a word, or the setting that it follows; "" if nothing can be said
	None    []string // values that set no bound
	Off     []string // values with which nothing happens unasked
	Trap    []string // values with which commands are not sent
	Seconds bool     // it counts seconds
	Unless  []string // settings that make the default something else
	One     string   // the default holds where this field lists at most one thing
	Times   string   // the setting that it multiplies
	As      string   // the type that a path goes through where a field is an interface: "*net.Dialer"
	OK      string   // the value that a repair gives it, if Off does not say: a literal, or the full name of a symbol
	Code    string   // the source of a repair: LIMIT is the limit, ARGS the arguments of the call, PKG the library's package
	has     string   // the row holds for versions that have this symbol
	lacks   string   // and for those that do not have this one
}

// Name is the setting as it is written below its options.
func (s Setting) Name() string { return strings.Join(s.Path, ".") }

// A Query is a parameter of a URL.
type Query struct {
	Key   string
	Field string // the setting that it gives a value
	Means string // the value that makes a bool true; "": it is read as the field's type
}

// Settings are those of an options type that its version of the library has,
// in the order of the rows.
func (t *Table) Settings(name *types.TypeName) []Setting {
	if name.Pkg() == nil {
		return nil
	}
	return t.settings(name.Pkg(), symbol{path: unvendored(name.Pkg().Path()), name: name.Name()}, func(s *Setting) bool {
		return s.resolve(name) == nil
	})
}

// Arguments are the parameters of a function that are settings.
func (t *Table) Arguments(fn *types.Func) []Setting {
	if fn.Pkg() == nil {
		return nil
	}
	fn = fn.Origin()
	params := fn.Type().(*types.Signature).Params().Len()
	if fn.Type().(*types.Signature).Recv() != nil {
		params++
	}
	return t.settings(fn.Pkg(), symbol{unvendored(fn.Pkg().Path()), recvName(fn), fn.Name()}, func(s *Setting) bool {
		return s.Param < params
	})
}

// settings are those of a symbol that ok accepts; of several rows about one
// setting the first holds.
func (t *Table) settings(pkg *types.Package, s symbol, ok func(*Setting) bool) []Setting {
	var list []Setting
	for _, idx := range t.indexes(s.path) {
		for _, r := range idx.settings[s] {
			x := r.setting
			if x.has != "" && !Declares(pkg, x.has) || x.lacks != "" && Declares(pkg, x.lacks) || !ok(&x) {
				continue
			}
			known := slices.ContainsFunc(list, func(y Setting) bool { return y.Name() == x.Name() && y.Param == x.Param && y.Role == x.Role })
			if !known {
				list = append(list, x)
			}
		}
	}
	return list
}

// CheckSetting says why a setting row does not fit the type that it is about.
// Types of other packages are looked at if they are at hand.
func CheckSetting(r Row, name *types.TypeName, atHand bool) error {
	s := r.setting
	typ, err := s.walk(name, atHand)
	if err != nil || typ == nil {
		return err
	}
	b, ok := typ.Underlying().(*types.Basic)
	switch {
	case typ.String() == "time.Duration":
	case s.Role.Timeout() && !s.Seconds,
		!s.Role.Timeout() && (!ok || b.Info()&(types.IsInteger|types.IsBoolean|types.IsString) == 0):
		return fmt.Errorf("its type is %s", typ)
	}
	return nil
}

// Conditions are the symbols by which a setting row tells versions apart.
func (r Row) Conditions() []string {
	var list []string
	for _, s := range []string{r.setting.has, r.setting.lacks} {
		if s != "" {
			list = append(list, s)
		}
	}
	return list
}

// OfFunc reports whether a setting row is about a function and not about a field.
func (r Row) OfFunc() bool {
	return r.Word == "setting" && (r.setting.Param != none || r.setting.Call)
}

// resolve says where a path from an options type ends too early.
func (s *Setting) resolve(name *types.TypeName) error {
	_, err := s.walk(name, true)
	return err
}

// walk follows the path from an options type, and returns the type of the field
// at its end, if it is a field. Without atHand it ends where another package
// begins.
func (s *Setting) walk(name *types.TypeName, atHand bool) (types.Type, error) {
	typ := name.Type()
	for i, step := range s.Path {
		if elem := elemOf(typ); elem != nil {
			typ = elem
		}
		named := namedOf(typ)
		if named == nil || types.IsInterface(typ) {
			if s.As != "" {
				return nil, nil // the type behind the interface is another package's
			}
			if named == nil {
				return nil, fmt.Errorf("%s is no named type", typ)
			}
		}
		if !atHand && named.Obj().Pkg() != name.Pkg() {
			return nil, nil
		}
		if st, ok := named.Underlying().(*types.Struct); ok {
			if f := fieldOf(st, step); f != nil {
				typ = f.Type()
				continue
			}
		}
		fn, ok := named.Obj().Pkg().Scope().Lookup(step).(*types.Func)
		if !ok || i != len(s.Path)-1 {
			return nil, fmt.Errorf("%s has no %s", named, step)
		}
		results := fn.Type().(*types.Signature).Results()
		if results.Len() != 1 || !types.Identical(results.At(0).Type(), named) {
			return nil, fmt.Errorf("%s makes no %s", step, named)
		}
		s.Option = true
		return nil, nil
	}
	return typ, nil
}

func elemOf(typ types.Type) types.Type {
	if sl, ok := types.Unalias(typ).(*types.Slice); ok {
		return sl.Elem()
	}
	return nil
}

func namedOf(typ types.Type) *types.Named {
	if ptr, ok := types.Unalias(typ).(*types.Pointer); ok {
		typ = ptr.Elem()
	}
	named, _ := types.Unalias(typ).(*types.Named)
	return named
}

func fieldOf(st *types.Struct, name string) *types.Var {
	for f := range st.Fields() {
		if f.Name() == name {
			return f
		}
	}
	return nil
}

// Declares reports whether pkg has a symbol: NAME, or TYPE.MEMBER.
func Declares(pkg *types.Package, name string) bool {
	name, member, _ := strings.Cut(name, ".")
	obj := pkg.Scope().Lookup(name)
	if obj == nil || member == "" {
		return obj != nil
	}
	found, _, _ := types.LookupFieldOrMethod(obj.Type(), true, pkg, member)
	return found != nil
}

// rowSetting reads: SYMBOL... ROLE [key=value]... [code=TEXT]
func (p *rowParser) rowSetting(args []string) error {
	x := Setting{Param: none}
	var symbols []string
	for i, a := range args {
		key, value, isOption := strings.Cut(a, "=")
		switch {
		case key == "code" && isOption:
			x.Code = strings.Join(append([]string{value}, args[i+1:]...), " ")
		case isOption:
			if err := x.option(key, value); err != nil {
				return err
			}
		case Role(a).valid():
			x.Role = Role(a)
		case x.Role != "":
			return fmt.Errorf("unknown role %q", a)
		default:
			symbols = append(symbols, a)
		}
		if x.Code != "" {
			break
		}
	}
	if x.Role == "" || len(symbols) == 0 {
		return fmt.Errorf("want setting SYMBOL... ROLE")
	}
	for _, s := range symbols {
		start := len(p.lib.Rows)
		if err := p.add(s, Row{setting: x}); err != nil {
			return err
		}
		for i := start; i < len(p.lib.Rows); i++ {
			r := &p.lib.Rows[i]
			if x.Param != none {
				continue
			}
			if r.Recv == "" {
				r.setting.Call = true
				continue
			}
			if r.Ptr {
				return fmt.Errorf("%s is no field: want (OPTIONS).FIELD, or param=", s)
			}
			r.setting.Path = strings.Split(r.Name, ".")
		}
	}
	return nil
}

func (s *Setting) option(key, value string) error {
	i := slices.IndexFunc(settingOptions, func(o settingOption) bool { return o.name == key && o.set != nil })
	if i < 0 {
		return fmt.Errorf("setting row has no option %q", key)
	}
	if err := settingOptions[i].set(s, value); err != nil {
		return err
	}
	if value == "" {
		return fmt.Errorf("option %q has no value", key)
	}
	return nil
}

// A settingOption is an option of setting rows. All of them say it as the
// library's documentation or source does.
type settingOption struct {
	name string
	doc  string
	set  func(s *Setting, value string) error // nil: see rowSetting
}

var settingOptions = []settingOption{
	{"default", `what is so when nobody sets it: a duration, none, a number, a word, or the setting
		that it follows. Without it, nothing is said of that case`, text(func(s *Setting) *string { return &s.Default })},
	{"none", "values that mean no bound", texts(func(s *Setting) *[]string { return &s.None })},
	{"off", "values that turn it off", texts(func(s *Setting) *[]string { return &s.Off })},
	{"trap", "values that stop commands from being sent, without an error", texts(func(s *Setting) *[]string { return &s.Trap })},
	{"unless", "the default is another where one of these is set", texts(func(s *Setting) *[]string { return &s.Unless })},
	{"one", "the default holds where this list has at most one element", text(func(s *Setting) *string { return &s.One })},
	{"times", "it multiplies this setting", text(func(s *Setting) *string { return &s.Times })},
	{"unit", "s: it counts seconds", func(s *Setting, value string) error {
		s.Seconds = true
		if value != "s" {
			return fmt.Errorf("unknown unit %q", value)
		}
		return nil
	}},
	{"has", `the row holds for versions that have NAME or TYPE.MEMBER; of the rows about one
		setting the first holds that does`, text(func(s *Setting) *string { return &s.has })},
	{"lacks", "the same for versions that lack it", text(func(s *Setting) *string { return &s.lacks })},
	{"ok", "the value that repairs it, where neither a limit nor off= is one", text(func(s *Setting) *string { return &s.OK })},
	{"as", "the type to be found behind an interface on the way", text(func(s *Setting) *string { return &s.As })},
	{"param", "the parameter of a function that is the setting", func(s *Setting, value string) error {
		n, err := strconv.Atoi(value)
		if err != nil || n < 0 {
			return fmt.Errorf("param=%s is not a position", value)
		}
		s.Param = n
		return nil
	}},
	{"code", `all that follows is the source of a repair, with PKG for the library, LIMIT for the
		limit, ARGS for the arguments and {PATH} for a package`, nil},
}

// text makes an option whose value is one text.
func text(of func(*Setting) *string) func(*Setting, string) error {
	return func(s *Setting, value string) error {
		*of(s) = value
		return nil
	}
}

// texts makes an option whose values are separated by commas.
func texts(of func(*Setting) *[]string) func(*Setting, string) error {
	return func(s *Setting, value string) error {
		*of(s) = strings.Split(value, ",")
		return nil
	}
}

// rowQuery reads: FUNC [KEY=FIELD | KEY=VALUE:FIELD]...
func (p *rowParser) rowQuery(args []string) error {
	r := newRow()
	var symbols []string
	for _, a := range args {
		key, field, isOption := strings.Cut(a, "=")
		if !isOption {
			symbols = append(symbols, a)
			continue
		}
		means, rest, ok := strings.Cut(field, ":")
		if !ok {
			means, rest = "", field
		}
		if key == "" || !isPath(rest) {
			return fmt.Errorf("%q: want KEY=FIELD", a)
		}
		r.query = append(r.query, Query{Key: key, Field: rest, Means: means})
	}
	if len(symbols) == 0 {
		return fmt.Errorf("query row names nothing")
	}
	for _, s := range symbols {
		if err := p.add(s, r); err != nil {
			return err
		}
	}
	return nil
}
