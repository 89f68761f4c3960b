package drift

import (
	"cmp"
	"errors"
	"fmt"
	"go/types"
	"path"
	"slices"
	"strings"

	"github.com/redislint/redislint/internal/redisapi"
)

// A program is what a row is tried with: a function that opens something and
// drops it, releases it or hands it over.
type program struct {
	row  redisapi.Row
	what string // "dropped", "released by Close", ...
	leak bool   // whether a finding is due, at the line that opens

	params  []string
	results []string
	body    []string
	opening int    // index in body of the line that opens
	text    string // its source, once it is written
	gen     *generator

	produced types.Type // of what produce opened
}

// name identifies the program in messages and in testdata/pending.txt.
func (p *program) name() string { return p.row.Word + " " + p.row.String() + ", " + p.what }

// errUnspeakable is about a type that no other package can write down.
var errUnspeakable = errors.New("a type of it cannot be written in another package")

// A generator writes the programs of one package of a library.
type generator struct {
	table    *redisapi.Table
	openers  []opener // of all libraries
	links    []link   // of all libraries
	imports  map[string]string
	programs []*program
	skipped  map[string]error
}

// An opener is a function that opens something.
type opener struct {
	fn   *types.Func
	open redisapi.Open
	typ  types.Type // of what it opens
}

// openersOf are the functions of a package whose rows say that they open.
func openersOf(table *redisapi.Table, pkg *types.Package, rows []redisapi.Row) []opener {
	var list []opener
	for _, r := range rows {
		if r.Word != "open" || r.Path != pkg.Path() {
			continue
		}
		fn, err := find(pkg, r)
		if err != nil {
			continue
		}
		for _, o := range table.Func(fn).Opens {
			list = append(list, opener{fn, o, fn.Signature().Results().At(o.Result).Type()})
		}
	}
	return list
}

// A link is a function that makes something of a resource: what shares it, or a
// handle on it.
type link struct {
	fn *types.Func
	redisapi.Alias
}

// linksOf are the functions of a package whose rows say that a result shares,
// or is a handle on, a parameter's resource.
func linksOf(table *redisapi.Table, pkg *types.Package, rows []redisapi.Row) []link {
	var list []link
	for _, r := range rows {
		if r.Path != pkg.Path() || r.Word != "alias" && r.Word != "derive" {
			continue
		}
		fn, err := find(pkg, r)
		if err != nil {
			continue
		}
		f := table.Func(fn)
		for _, a := range slices.Concat(f.Aliases, f.Derives) {
			list = append(list, link{fn, a})
		}
	}
	return list
}

// try adds the program that write makes, or notes why there is none.
func (g *generator) try(r redisapi.Row, what string, leak bool, write func(p *program) error) {
	p := &program{row: r, what: what, leak: leak, gen: g}
	if err := write(p); err != nil {
		g.skipped[p.name()] = err
		return
	}
	g.programs = append(g.programs, p)
}

// row makes the programs of a row.
func (g *generator) row(pkg *types.Package, r redisapi.Row) {
	if r.Word == "literal" {
		if obj, ok := pkg.Scope().Lookup(r.Name).(*types.TypeName); ok {
			g.literal(r, obj)
		}
		return
	}
	if r.AboutType() || r.AboutConduct() {
		return
	}
	fn, err := find(pkg, r)
	if err != nil {
		return // which TestRows reports
	}
	f := g.table.Func(fn)
	if f == nil {
		return
	}
	switch r.Word {
	case "open":
		for _, o := range f.Opens {
			g.opens(r, opener{fn, o, fn.Signature().Results().At(o.Result).Type()})
		}
	case "alias":
		for _, a := range f.Aliases {
			g.shares(r, fn, a)
		}
	case "derive":
		for _, a := range f.Derives {
			g.around(r, fn, a.Param, a.Result)
		}
	case "command":
		for _, i := range f.Commands {
			g.around(r, fn, i, -1)
		}
	case "lend":
		g.try(r, "dropped", false, func(p *program) error { return p.call(fn, nil, -1, "") })
	case "take":
		for _, i := range f.Takes {
			g.try(r, "handed over", false, func(p *program) error {
				arg, err := p.argument(paramType(fn, i))
				if err != nil {
					return err
				}
				return p.useAndRelease(fn, map[int]string{i: arg}, f)
			})
		}
	case "release":
		for _, i := range f.Releases {
			g.try(r, "released", false, func(p *program) error {
				arg, err := p.argument(paramType(fn, i))
				if err != nil {
					return err
				}
				return p.call(fn, map[int]string{i: arg}, -1, "defer ")
			})
		}
	case "probe":
		g.try(r, "probed and released", false, func(p *program) error {
			if err := p.produce(paramType(fn, 0), "x"); err != nil {
				return err
			}
			p.body = append(p.body, fmt.Sprintf("if err := x.%s(); err != nil {", fn.Name()), "return", "}")
			return p.release("x", p.produced)
		})
	case "scope":
		for _, sc := range f.Scopes {
			g.try(r, "lent", false, func(p *program) error {
				lit, err := p.callback(paramType(fn, sc.Callback))
				if err != nil {
					return err
				}
				return p.call(fn, map[int]string{sc.Callback: lit}, -1, "")
			})
		}
	case "factory":
		for _, i := range f.Factories {
			g.try(r, "opened for the library", false, func(p *program) error {
				lit, err := p.maker(paramType(fn, i))
				if err != nil {
					return err
				}
				if len(f.Opens) == 0 {
					return p.call(fn, map[int]string{i: lit}, -1, "")
				}
				return p.open(opener{fn, f.Opens[0], fn.Signature().Results().At(f.Opens[0].Result).Type()}, "y", map[int]string{i: lit}, true)
			})
		}
	case "noreturn":
		g.try(r, "ends", false, func(p *program) error {
			if err := p.produce(nil, "x"); err != nil {
				return err
			}
			p.params = append(p.params, "stop bool")
			p.body = append(p.body, "if stop {")
			if err := p.call(fn, nil, -1, ""); err != nil {
				return err
			}
			p.body = append(p.body, "return", "}", "x.Close()")
			return nil
		})
	}
}

// opens makes the programs of an opener.
func (g *generator) opens(r redisapi.Row, o opener) {
	// A test server that nobody stops ends with the test.
	g.try(r, "dropped", o.open.Kind != redisapi.Server, func(p *program) error { return p.open(o, "x", nil, false) })
	for _, method := range o.open.Release {
		g.try(r, "released by "+method, false, func(p *program) error {
			if err := p.open(o, "x", nil, false); err != nil {
				return err
			}
			return p.method("x", o.typ, method)
		})
	}
	if o.open.Cleanup >= 0 {
		g.try(r, "cleaned up", false, func(p *program) error {
			if err := p.open(o, "x", nil, false); err != nil {
				return err
			}
			p.body = append(p.body, "defer done()")
			return nil
		})
	}
	g.try(r, "handed over", false, func(p *program) error {
		if err := p.open(o, "x", nil, false); err != nil {
			return err
		}
		p.results, p.body = []string{"out any"}, append(p.body, "return x")
		if typ, err := g.typ(o.typ); err == nil {
			p.results[0] = "out " + typ
		}
		if o.open.Cleanup >= 0 {
			p.results, p.body[len(p.body)-1] = append(p.results, "release func()"), "return x, done"
		}
		return nil
	})
}

// shares makes the programs of a result that shares a parameter's resource.
func (g *generator) shares(r redisapi.Row, fn *types.Func, a redisapi.Alias) {
	begin := func(p *program) error {
		arg, err := p.argument(paramType(fn, a.Param))
		if err != nil {
			return err
		}
		return p.call(fn, map[int]string{a.Param: arg}, a.Result, "")
	}
	result := fn.Signature().Results().At(a.Result).Type()
	g.try(r, "dropped", true, func(p *program) error {
		if err := begin(p); err != nil {
			return err
		}
		p.body = append(p.body, "_ = r")
		return nil
	})
	g.try(r, "released by the result", false, func(p *program) error {
		if err := begin(p); err != nil {
			return err
		}
		return p.release("r", result)
	})
	g.try(r, "released by what it shares", false, func(p *program) error {
		if err := begin(p); err != nil {
			return err
		}
		p.body = append(p.body, "_ = r")
		return p.release("x", p.produced)
	})
	g.try(r, "handed over", false, func(p *program) error {
		if err := begin(p); err != nil {
			return err
		}
		p.results, p.body = []string{"out any"}, append(p.body, "return r")
		if typ, err := g.typ(result); err == nil {
			p.results[0] = "out " + typ
		}
		return nil
	})
}

// around makes the programs of a function that uses a parameter's resource and
// releases nothing.
func (g *generator) around(r redisapi.Row, fn *types.Func, param, result int) {
	begin := func(p *program) error {
		arg, err := p.argument(paramType(fn, param))
		if err != nil {
			return err
		}
		if err := p.call(fn, map[int]string{param: arg}, result, ""); err != nil {
			return err
		}
		if result >= 0 {
			p.body = append(p.body, "_ = r")
		}
		return nil
	}
	g.try(r, "dropped", true, begin)
	g.try(r, "released", false, func(p *program) error {
		if err := begin(p); err != nil {
			return err
		}
		return p.release("x", p.produced)
	})
}

// literal makes the programs of a composite literal.
func (g *generator) literal(r redisapi.Row, obj *types.TypeName) {
	lit := g.table.Literal(obj)
	st, ok := obj.Type().Underlying().(*types.Struct)
	if lit == nil || !ok {
		return
	}
	name, err := g.typ(obj.Type())
	if err != nil {
		return
	}
	of := func(f string) types.Type {
		if v := field(st, f); v != nil {
			return v.Type()
		}
		return nil
	}
	if lit.Opens != nil {
		for _, method := range lit.Opens.Release {
			g.try(r, "released by "+method, false, func(p *program) error {
				p.body = append(p.body, "x := &"+name+"{}")
				return p.method("x", types.NewPointer(obj.Type()), method)
			})
		}
		g.try(r, "dropped", true, func(p *program) error {
			p.body = append(p.body, "x := &"+name+"{}", "_ = x")
			return nil
		})
		g.try(r, "handed over", false, func(p *program) error {
			p.results, p.body = []string{"out *" + name}, append(p.body, "x := &"+name+"{}", "return x")
			return nil
		})
	}
	// holding opens something and a literal that has it in a field.
	holding := func(p *program, f string) error {
		typ := of(f)
		value := "x"
		if sl, ok := typ.Underlying().(*types.Slice); ok {
			typ = sl.Elem()
			s, err := g.typ(of(f))
			if err != nil {
				return err
			}
			value = s + "{x}"
		}
		if err := p.produce(typ, "x"); err != nil {
			return err
		}
		p.body = append(p.body, fmt.Sprintf("h := %s{%s: %s}", name, f, value))
		return nil
	}
	for _, f := range lit.Wraps {
		g.try(r, f+" dropped", true, func(p *program) error {
			if err := holding(p, f); err != nil {
				return err
			}
			p.body = append(p.body, "_ = h")
			return nil
		})
		if known := g.table.Type(obj); known != nil && len(known.Release) > 0 {
			g.try(r, f+" released by it", false, func(p *program) error {
				if err := holding(p, f); err != nil {
					return err
				}
				return p.release("h", types.NewPointer(obj.Type()))
			})
		}
		for _, l := range g.links {
			if !types.Identical(paramType(l.fn, l.Param), obj.Type()) {
				continue
			}
			g.try(r, f+" released by what "+l.fn.Name()+" makes of it", false, func(p *program) error {
				if err := holding(p, f); err != nil {
					return err
				}
				if err := p.call(l.fn, map[int]string{l.Param: "h"}, l.Result, ""); err != nil {
					return err
				}
				return p.release("r", l.fn.Signature().Results().At(l.Result).Type())
			})
		}
	}
	for _, f := range lit.Derives {
		g.try(r, f+" dropped", true, func(p *program) error {
			if err := holding(p, f); err != nil {
				return err
			}
			return p.give(obj, "_ = h")
		})
		g.try(r, f+" released", false, func(p *program) error {
			if err := holding(p, f); err != nil {
				return err
			}
			if err := p.release("x", p.produced); err != nil {
				return err
			}
			return p.give(obj, "_ = h")
		})
	}
	for _, f := range lit.Factories {
		g.try(r, f+" opens for the library", false, func(p *program) error {
			fn, err := p.maker(of(f))
			if err != nil {
				return err
			}
			p.body = append(p.body, fmt.Sprintf("h := %s{%s: %s}", name, f, fn))
			if lit.Opens == nil {
				return p.give(obj, "return &h")
			}
			p.body[len(p.body)-1] = strings.Replace(p.body[len(p.body)-1], ":= ", ":= &", 1)
			return p.release("h", types.NewPointer(obj.Type()))
		})
	}
	for _, f := range lit.Scopes {
		g.try(r, f+" is lent", false, func(p *program) error {
			fn, err := p.callback(of(f))
			if err != nil {
				return err
			}
			p.results = []string{"out *" + name}
			p.body = append(p.body, fmt.Sprintf("return &%s{%s: %s}", name, f, fn))
			return nil
		})
	}
}

// give passes the literal h to a function of its package that opens something,
// which is released; if there is none, the program ends otherwise.
func (p *program) give(obj *types.TypeName, otherwise string) error {
	for _, o := range p.gen.openers {
		if o.fn.Pkg() != obj.Pkg() {
			continue
		}
		for i := range numParams(o.fn) {
			typ := paramType(o.fn, i)
			value := "h"
			if ptr, ok := types.Unalias(typ).(*types.Pointer); ok {
				typ, value = ptr.Elem(), "&h"
			}
			if named, ok := types.Unalias(typ).(*types.Named); ok && named.Obj() == obj {
				opening := p.opening
				err := p.open(o, "y", map[int]string{i: value}, true)
				p.opening = opening
				return err
			}
		}
	}
	if strings.HasPrefix(otherwise, "return") {
		p.results = []string{"out any"}
	}
	p.body = append(p.body, otherwise)
	return nil
}

// produce opens something that may be used as a type, or a client of go-redis,
// and names it.
func (p *program) produce(typ types.Type, name string) error {
	best := -1
	for i, o := range p.gen.openers {
		if typ == nil && o.fn.FullName() != "github.com/redis/go-redis/v9.NewClient" || typ != nil && !types.AssignableTo(o.typ, typ) {
			continue
		}
		if p.gen.speakable(o.fn) != nil || o.open.Cleanup >= 0 || o.open.Kind == redisapi.Server || typ != nil && empty(typ) {
			continue
		}
		if best < 0 || p.simpler(o, p.gen.openers[best]) {
			best = i
		}
	}
	if best < 0 {
		return fmt.Errorf("nothing opens a %v", typ)
	}
	p.produced = p.gen.openers[best].typ
	return p.open(p.gen.openers[best], name, nil, false)
}

// argument opens something, named x, and returns what is to be passed where a
// type is wanted: x, or what a library makes of x.
func (p *program) argument(typ types.Type) (string, error) {
	if p.produce(typ, "x") == nil {
		return "x", nil
	}
	if sl, ok := typ.Underlying().(*types.Slice); ok {
		text, err := p.gen.typ(typ)
		if err != nil {
			return "", err
		}
		arg, err := p.argument(sl.Elem())
		return text + "{" + arg + "}", err
	}
	for _, l := range p.gen.links {
		result := l.fn.Signature().Results().At(l.Result).Type()
		if empty(typ) || !types.AssignableTo(result, typ) || p.gen.speakable(l.fn) != nil {
			continue
		}
		trial := *p
		trial.params, trial.body = slices.Clone(p.params), slices.Clone(p.body)
		if trial.produce(paramType(l.fn, l.Param), "x") != nil {
			continue
		}
		if err := trial.call(l.fn, map[int]string{l.Param: "x"}, l.Result, ""); err != nil {
			continue
		}
		last := len(trial.body) - 1
		trial.body[last] = strings.Replace(strings.Replace(trial.body[last], "r :=", "via :=", 1), "r,", "via,", 1)
		*p = trial
		return "via", nil
	}
	if arg, err := p.held(typ); err == nil {
		return arg, nil
	}
	return "", fmt.Errorf("nothing opens a %v", typ)
}

// held opens something and puts it into a literal of a type, by the rows about
// that.
func (p *program) held(typ types.Type) (string, error) {
	arg := "via"
	if ptr, ok := types.Unalias(typ).(*types.Pointer); ok {
		typ, arg = ptr.Elem(), "&via"
	}
	named, ok := types.Unalias(typ).(*types.Named)
	if !ok {
		return "", errors.New("it is no named type")
	}
	st, ok := named.Underlying().(*types.Struct)
	lit := p.gen.table.Literal(named.Obj())
	name, err := p.gen.typ(typ)
	if !ok || lit == nil || err != nil {
		return "", errors.New("no row is about its literals")
	}
	for _, f := range slices.Concat(lit.Derives, lit.Wraps) {
		if v := field(st, f); v != nil && p.produce(v.Type(), "x") == nil {
			p.body = append(p.body, fmt.Sprintf("via := %s{%s: x}", name, f))
			return arg, nil
		}
	}
	return "", errors.New("nothing opens what it holds")
}

// empty tells whether anything may be used as a type.
func empty(typ types.Type) bool {
	i, ok := typ.Underlying().(*types.Interface)
	return ok && i.Empty()
}

// simpler prefers functions to methods, those of the row's package, and those
// with fewer parameters.
func (p *program) simpler(a, b opener) bool {
	rank := func(o opener) int {
		n := numParams(o.fn)
		if o.fn.Signature().Recv() != nil {
			n += 100
		}
		if o.fn.Pkg().Path() != p.row.Path {
			n += 10
		}
		return n
	}
	return cmp.Or(cmp.Compare(rank(a), rank(b)), strings.Compare(a.fn.FullName(), b.fn.FullName())) < 0
}

// open calls an opener, checks its error, and names what it has opened. Where
// released is set, it is released by defer.
func (p *program) open(o opener, name string, args map[int]string, released bool) error {
	results := make([]string, o.fn.Signature().Results().Len())
	for i := range results {
		results[i] = "_"
	}
	failed := name + "Err"
	results[o.open.Result] = name
	if o.open.Err >= 0 {
		results[o.open.Err] = failed
	}
	if o.open.Cleanup >= 0 {
		results[o.open.Cleanup] = "done"
	}
	call, err := p.callText(o.fn, args)
	if err != nil {
		return err
	}
	p.opening = len(p.body)
	p.body = append(p.body, strings.Join(results, ", ")+" := "+call)
	if o.open.Err >= 0 {
		p.body = append(p.body, "if "+failed+" != nil {", "return", "}")
	}
	p.body = append(p.body, "_ = "+name)
	if o.open.Cleanup >= 0 {
		p.body = append(p.body, "_ = done")
	}
	if !released {
		return nil
	}
	if o.open.Cleanup >= 0 {
		p.body = append(p.body, "defer done()")
		return nil
	}
	return p.method(name, o.typ, o.open.Release[0])
}

// call calls a function; the result of that index is named r.
func (p *program) call(fn *types.Func, args map[int]string, result int, prefix string) error {
	text, err := p.callText(fn, args)
	if err != nil {
		return err
	}
	if result >= 0 {
		names := make([]string, fn.Signature().Results().Len())
		for i := range names {
			names[i] = "_"
		}
		names[result] = "r"
		text = strings.Join(names, ", ") + " := " + text
	}
	p.body = append(p.body, prefix+text)
	return nil
}

// useAndRelease calls a function, and releases what it opens.
func (p *program) useAndRelease(fn *types.Func, args map[int]string, f *redisapi.Func) error {
	if len(f.Opens) == 0 {
		return p.call(fn, args, -1, "")
	}
	o := f.Opens[0]
	opening := p.opening
	err := p.open(opener{fn, o, fn.Signature().Results().At(o.Result).Type()}, "y", args, true)
	p.opening = opening
	return err
}

// release releases what has a type, as its rows say.
func (p *program) release(name string, typ types.Type) error {
	named := namedOf(typ)
	if named == nil {
		return errors.New("nothing is known that releases it")
	}
	if known := p.gen.table.Type(named.Obj()); known != nil && len(known.Release) > 0 {
		return p.method(name, typ, known.Release[0])
	}
	return p.method(name, typ, "Close")
}

// method defers a call of a method.
func (p *program) method(name string, typ types.Type, method string) error {
	obj, _, _ := types.LookupFieldOrMethod(typ, true, nil, method)
	fn, ok := obj.(*types.Func)
	if !ok {
		if !types.IsInterface(typ) {
			return fmt.Errorf("it has no method %s", method)
		}
		p.body = append(p.body, fmt.Sprintf("defer %s.(interface{ %s() error }).%s()", name, method, method))
		return nil
	}
	args, err := p.args(fn.Signature(), 0, nil)
	if err != nil {
		return err
	}
	p.body = append(p.body, fmt.Sprintf("defer %s.%s(%s)", name, method, args))
	return nil
}

// callback is a func literal of a type that does nothing.
func (p *program) callback(typ types.Type) (string, error) {
	sig, ok := typ.Underlying().(*types.Signature)
	if !ok {
		return "", errors.New("it is no func")
	}
	text, err := p.gen.signature(sig)
	return "func" + text + " { return }", err
}

// maker is a func literal of a type that opens what it returns.
func (p *program) maker(typ types.Type) (string, error) {
	sig, ok := typ.Underlying().(*types.Signature)
	if !ok || sig.Results().Len() == 0 {
		return "", errors.New("it is no func with a result")
	}
	text, err := p.gen.signature(sig)
	if err != nil {
		return "", err
	}
	inner := &program{row: p.row, gen: p.gen, params: p.params}
	if err := inner.produce(sig.Results().At(0).Type(), "made"); err != nil {
		return "", err
	}
	p.params = inner.params
	return "func" + text + " {\n" + strings.Join(inner.body, "\n") + "\nout0 = made\nreturn\n}", nil
}

// signature writes a signature with names for results: out0, out1, ...
func (g *generator) signature(sig *types.Signature) (string, error) {
	var params, results []string
	for i, v := range slices.Collect(sig.Params().Variables()) {
		typ, err := g.typ(v.Type())
		if err != nil {
			return "", err
		}
		if sig.Variadic() && i == sig.Params().Len()-1 {
			typ = "..." + strings.TrimPrefix(typ, "[]")
		}
		params = append(params, "_ "+typ)
	}
	for i, v := range slices.Collect(sig.Results().Variables()) {
		typ, err := g.typ(v.Type())
		if err != nil {
			return "", err
		}
		results = append(results, fmt.Sprintf("out%d %s", i, typ))
	}
	return "(" + strings.Join(params, ", ") + ") (" + strings.Join(results, ", ") + ")", nil
}

// callText writes a call. Arguments that are not given are parameters of the
// program.
func (p *program) callText(fn *types.Func, given map[int]string) (string, error) {
	sig := fn.Signature()
	name := p.gen.imported(fn.Pkg()) + "." + fn.Name()
	first := 0
	if recv := sig.Recv(); recv != nil {
		first = 1
		x := given[0]
		if x == "" {
			var err error
			if x, err = p.param(p.gen.receiver(fn)); err != nil {
				return "", err
			}
		}
		name = x + "." + fn.Name()
	} else if sig.TypeParams().Len() > 0 {
		targs := make([]types.Type, sig.TypeParams().Len())
		for i := range targs {
			targs[i] = types.Typ[types.Int]
		}
		inst, err := types.Instantiate(nil, sig, targs, true)
		if err != nil {
			return "", err
		}
		sig = inst.(*types.Signature)
		name += "[int" + strings.Repeat(", int", len(targs)-1) + "]"
	}
	args, err := p.args(sig, first, given)
	return name + "(" + args + ")", err
}

func (p *program) args(sig *types.Signature, first int, given map[int]string) (string, error) {
	var args []string
	for i, v := range slices.Collect(sig.Params().Variables()) {
		last := sig.Variadic() && i == sig.Params().Len()-1
		arg := given[i+first]
		if last && strings.HasPrefix(arg, "[]") {
			arg += "..."
		}
		if arg == "" {
			if last {
				continue // none are needed
			}
			var err error
			if arg, err = p.param(v.Type()); err != nil {
				return "", err
			}
		}
		args = append(args, arg)
	}
	return strings.Join(args, ", "), nil
}

// param adds a parameter to the program.
func (p *program) param(typ types.Type) (string, error) {
	text, err := p.gen.typ(typ)
	if err != nil {
		return "", err
	}
	name := fmt.Sprintf("a%d", len(p.params))
	p.params = append(p.params, name+" "+text)
	return name, nil
}

// receiver is the receiver's type of a method, or an exported type of its
// package that embeds it.
func (g *generator) receiver(fn *types.Func) types.Type {
	typ := fn.Signature().Recv().Type()
	if _, err := g.typ(typ); err == nil {
		return typ
	}
	scope := fn.Pkg().Scope()
	for _, name := range scope.Names() {
		obj, ok := scope.Lookup(name).(*types.TypeName)
		if !ok || !obj.Exported() || types.IsInterface(obj.Type()) {
			continue
		}
		ptr := types.NewPointer(obj.Type())
		if _, err := g.typ(ptr); err != nil {
			continue
		}
		if m, _, _ := types.LookupFieldOrMethod(ptr, true, fn.Pkg(), fn.Name()); m == fn {
			return ptr
		}
	}
	return typ
}

// speakable says why a function cannot be called with parameters of one's own.
func (g *generator) speakable(fn *types.Func) error {
	trial := &generator{table: g.table, imports: map[string]string{}}
	p := &program{gen: trial}
	_, err := p.callText(fn, nil)
	return err
}

// typ writes a type.
func (g *generator) typ(typ types.Type) (string, error) {
	bad := false
	var walk func(t types.Type)
	walk = func(t types.Type) {
		switch t := t.(type) {
		case *types.Alias:
			bad = bad || !g.visible(t.Obj())
		case *types.Named:
			bad = bad || !g.visible(t.Obj()) || t.TypeParams().Len() > t.TypeArgs().Len()
			for a := range t.TypeArgs().Types() {
				walk(a)
			}
		case *types.Pointer:
			walk(t.Elem())
		case *types.Slice:
			walk(t.Elem())
		case *types.Array:
			walk(t.Elem())
		case *types.Map:
			walk(t.Key())
			walk(t.Elem())
		case *types.Chan:
			walk(t.Elem())
		case *types.Signature:
			for v := range t.Params().Variables() {
				walk(v.Type())
			}
			for v := range t.Results().Variables() {
				walk(v.Type())
			}
		case *types.TypeParam:
			bad = true
		case *types.Basic:
			bad = bad || t.Kind() == types.Invalid
		}
	}
	walk(typ)
	if bad {
		return "", errUnspeakable
	}
	return types.TypeString(typ, g.imported), nil
}

func (g *generator) visible(obj *types.TypeName) bool {
	if obj.Pkg() == nil {
		return true
	}
	p := "/" + obj.Pkg().Path() + "/"
	return obj.Exported() && !strings.Contains(p, "/internal/") && !strings.Contains(p, "/vendor/")
}

// imported is the name of an imported package in the programs.
func (g *generator) imported(pkg *types.Package) string {
	if g.imports[pkg.Path()] == "" {
		g.imports[pkg.Path()] = fmt.Sprintf("%s%d", strings.Map(func(r rune) rune {
			if r < 'a' || r > 'z' {
				return -1
			}
			return r
		}, path.Base(pkg.Name())), len(g.imports))
	}
	return g.imports[pkg.Path()]
}

func numParams(fn *types.Func) int {
	n := fn.Signature().Params().Len()
	if fn.Signature().Recv() != nil {
		n++
	}
	return n
}

// paramType is the type of a parameter, as go/ssa numbers them.
func paramType(fn *types.Func, i int) types.Type {
	if recv := fn.Signature().Recv(); recv != nil {
		if i == 0 {
			return recv.Type()
		}
		i--
	}
	if i >= fn.Signature().Params().Len() {
		return types.Typ[types.Invalid]
	}
	return fn.Signature().Params().At(i).Type()
}

// write writes the file of the programs, and returns the line of each one's
// opening, by program.
func (g *generator) write() (text string, lines map[*program]int) {
	lines = map[*program]int{}
	var out strings.Builder
	out.WriteString("package programs\n\nimport (\n")
	used := func(name string) bool {
		for _, p := range g.programs {
			for _, s := range slices.Concat(p.params, p.results, p.body) {
				if strings.Contains(s, name+".") {
					return true
				}
			}
		}
		return false
	}
	for _, importPath := range sortedKeys(g.imports) {
		if used(g.imports[importPath]) {
			fmt.Fprintf(&out, "\t%s %q\n", g.imports[importPath], importPath)
		}
	}
	out.WriteString(")\n")
	for i, p := range g.programs {
		start := out.Len()
		fmt.Fprintf(&out, "\n// %s\nfunc program%d(%s) (%s) {\n", p.name(), i, strings.Join(p.params, ", "), strings.Join(p.results, ", "))
		for j, line := range p.body {
			if j == p.opening {
				lines[p] = strings.Count(out.String(), "\n") + 1
			}
			out.WriteString("\t" + line + "\n")
		}
		if len(p.results) > 0 && !strings.HasPrefix(p.body[len(p.body)-1], "return") {
			out.WriteString("\treturn\n")
		}
		out.WriteString("}\n")
		p.text = out.String()[start:]
	}
	return out.String(), lines
}

// sortedKeys are the keys of a map in order.
func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
