package generated

import (
	"fmt"
	"slices"
	"strings"
)

// construct is a named way to get a resource, beside those of acquire.
//
// The usual ones are part of every measurement, and of TestGenerated. One that
// the engine does not understand yet is not usual: it is written only when
// Generate is asked for its name, so that it can be measured (-with) before the
// engine is held to it. Such a construct becomes usual with the change of the
// engine that understands it.
type construct struct {
	name   string
	weight int
	usual  bool
	do     func(g *gen, e *env, r *res)
}

func constructs() []construct {
	return []construct{
		{"values", 8, true, (*gen).byValue},
		{"containers", 4, true, (*gen).container},
		{"rangefunc", 4, true, (*gen).rangeFunc},
		{"generics", 3, true, (*gen).generic},
		{"registries", 2, true, (*gen).registry},
		{"channels", 3, true, (*gen).channel},
		{"closers", 3, true, (*gen).closers},
	}
}

// Constructs are the names that Generate accepts, and which of them are part
// of every program without being asked for.
func Constructs() (names, usual []string) {
	for _, c := range constructs() {
		names = append(names, c.name)
		if c.usual {
			usual = append(usual, c.name)
		}
	}
	return names, usual
}

// construct gets a resource in one of the named ways.
func (g *gen) construct(e *env, r *res) {
	var cs []choice
	for _, c := range constructs() {
		cs = append(cs, choice{when(c.usual || slices.Contains(g.with, c.name), c.weight), func() { c.do(g, e, r) }})
	}
	g.choose(cs...)
}

// param declares a parameter of F that its caller decides.
func (g *gen) param(base, typ string) string {
	name := g.name(base)
	g.extra = append(g.extra, name+" "+typ)
	return name
}

// field is a field of the struct that F is given by value.
func (g *gen) field(name, typ string) string {
	if g.config == "" {
		g.config = g.top("config")
		g.extra = append(g.extra, "cfg "+g.config)
	}
	if f := name + " " + typ; !slices.Contains(g.fields, f) {
		g.fields = append(g.fields, f)
	}
	return "cfg." + name
}

// question asks the same thing of one value in several spellings.
//
// The spellings hold for the same values of the type, and not only for those
// that the recorder tries: otherwise the truth would miss what the engine sees.
// The stricter condition holds for some of these values, or is "".
func (g *gen) question() (same []string, stricter string) {
	x := func(base, field, typ string) string {
		if g.chance(50) {
			return g.field(field, typ)
		}
		return g.param(base, typ)
	}
	g.choose(
		choice{20, func() {
			s, v := x("mode", "Mode", "string"), pick(g, `"v4"`, `"api4"`)
			same = []string{s + " == " + v, v + " == " + s, "!(" + s + " != " + v + ")"}
		}},
		choice{15, func() {
			s := x("addr", "Addr", "string")
			same = []string{s + ` != ""`, "len(" + s + ") > 0", "len(" + s + ") != 0", "!(" + s + ` == "")`}
			stricter = s + ` == "api4"`
		}},
		choice{15, func() {
			n := x("size", "Size", "int")
			same = []string{n + " > 3", n + " >= 4", "3 < " + n, "!(" + n + " <= 3)"}
			stricter = n + " > 3 && d.B()"
		}},
		choice{10, func() {
			n := x("size", "Size", "int")
			same = []string{n + " > 0", n + " >= 1", "!(" + n + " < 1)"}
			stricter = n + " > 3"
		}},
		choice{20, func() {
			l := "len(" + x("names", "Names", "[]string") + ")"
			same = []string{l + " > 0", l + " != 0", l + " >= 1", "!(" + l + " == 0)"}
			stricter = l + " > 1"
		}},
		choice{10, func() {
			names, n := g.param("names", "[]string"), g.name("count")
			g.p("%s := len(%s)", n, names)
			same = []string{n + " > 0", "0 < " + n, n + " >= 1"}
			stricter = n + " > 1"
		}},
		choice{15, func() {
			on := x("on", "On", "bool")
			same = []string{on, on + " == true", "!!" + on}
			stricter = on + " && d.B()"
		}},
	)
	return same, stricter
}

// byValue opens under a condition on a value, asked again where it is released.
func (g *gen) byValue(e *env, r *res) {
	r.kind = g.kind()
	same, stricter := g.question()
	g.variable(r)
	g.p("var %s %s", r.name, r.kind.typ)
	g.open("if %s", pick(g, same...))
	g.assign(e, r)
	g.shut("")
	r.guard = pick(g, same...)
	switch {
	case !r.care && stricter != "" && g.chance(30):
		r.guard = stricter
	case g.chance(30):
		g.open("if !(%s)", r.guard)
		g.exit(e.clone(), true)
		g.shut("")
		r.guard = ""
	}
}

// container fills a map or a slice that a deferred closure closes, registered
// while it is empty.
func (g *gen) container(e *env, r *res) {
	k := kinds()[g.r.IntN(2)]
	all, one := g.name("all"), g.name("one")
	header, key := "", `"first"`
	switch g.r.IntN(3) {
	case 0:
		key = g.name("key")
		header = fmt.Sprintf("for _, %s := range %s", key, g.param("names", "[]string"))
	case 1:
		key = g.name("i")
		header = fmt.Sprintf("for %s := range 2", key)
	}
	store := fmt.Sprintf("%s = append(%s, %s)", all, all, one)
	switch {
	case g.chance(50):
		keys := pick1(strings.HasSuffix(header, " 2"), "int", "string")
		g.p("%s := map[%s]%s{}", all, keys, k.typ)
		store = fmt.Sprintf("%s[%s] = %s", all, key, one)
	case g.chance(50):
		g.p("var %s []%s", all, k.typ)
	default:
		g.p("%s := make([]%s, 0, 2)", all, k.typ)
	}
	g.open("defer func()")
	g.open("for _, x := range %s", all)
	g.p("%s", pick(g, "x.Close()", "_ = x.Close()"))
	if !r.care && g.chance(15) {
		g.open("if d.B()")
		g.p("break")
		g.shut("")
	}
	g.shut("")
	g.shut("()")
	in := e.clone()
	if header != "" {
		g.open("%s", header)
		in.loop, in.inSwitch = len(e.res), false
	}
	exit := func(err string) {
		failed := in.clone()
		failed.err, failed.shadowed = err, true
		g.exit(failed, true)
	}
	if k.fails {
		err := g.name("openErr")
		g.p("%s, %s := %s", one, err, k.open)
		g.open("if %s != nil", err)
		exit(err)
		g.shut("")
	} else {
		g.p("%s := %s", one, k.open)
	}
	if g.chance(40) {
		g.open("if err := d.Err(); err != nil")
		if r.care || g.chance(50) {
			g.p("%s.Close()", one)
		}
		exit("err")
		g.shut("")
	}
	g.p("%s", store)
	if header != "" {
		if !strings.Contains(store, key) {
			g.p("_ = %s", key)
		}
		g.shut("")
	}
	r.st = done
}

// rangeFunc lives through a resource in the body of a range over a func.
func (g *gen) rangeFunc(e *env, r *res) {
	loop := pick(g, "for i := range 2", "for i := 0; d.More(); i++")
	body := fmt.Sprintf("\treturn func(yield func(int) bool) {\n\t\t%s {\n\t\t\tif !yield(i) {\n\t\t\t\treturn\n\t\t\t}\n\t\t}\n\t}\n", loop)
	seq := g.helper("seq", "d ext.D", "iter.Seq[int]", body)
	g.open("for range %s(d)", seq)
	in := e.clone()
	in.loop, in.inSwitch = len(e.res), false
	one := res{st: opened, care: r.care, kind: g.kind()}
	g.nested++
	g.direct(in, &one)
	if one.st != done {
		in.res = append(in.res, one)
		g.whole(in, len(e.res))
	}
	g.nested--
	g.shut("")
	r.st = done
}

// generic puts a resource into a generic owner of the other package.
func (g *gen) generic(e *env, r *res) { g.boxed(e, r, false) }

// registry puts it into one that keeps several by name.
func (g *gen) registry(e *env, r *res) { g.boxed(e, r, true) }

func (g *gen) boxed(e *env, r *res, named bool) {
	r.kind = kinds()[g.r.IntN(3)]
	g.direct(e, r)
	if r.st == done {
		return
	}
	closes := r.care || g.chance(80)
	owner, x := g.top("Box"), g.name("box")
	typ := fmt.Sprintf("*lib.%s[%s]", owner, r.kind.typ)
	var t text
	if !named {
		t.p("type %s[T io.Closer] struct{ inner T }\n", owner)
		t.p("func New%s[T io.Closer](inner T) *%s[T] {\n\treturn &%s[T]{inner: inner}\n}\n", owner, owner, owner)
		t.p("func (b *%s[T]) Close() error {", owner)
		t.p("\treturn %s\n}", pick1(closes, "b.inner.Close()", "nil"))
		g.p("%s := lib.New%s(%s)", x, owner, r.name)
	} else {
		t.p("type %s[K comparable, T io.Closer] struct{ items map[K]T }\n", owner)
		t.p("func New%s[K comparable, T io.Closer]() *%s[K, T] {\n\treturn &%s[K, T]{items: map[K]T{}}\n}\n", owner, owner, owner)
		t.p("func (b *%s[K, T]) Add(key K, item T) {\n\tb.items[key] = item\n}\n", owner)
		t.p("func (b *%s[K, T]) Close() error {", owner)
		t.p("\tvar err error\n\tfor _, item := range b.items {")
		t.p("\t\t%s\n\t}\n\treturn err\n}", pick1(closes, "err = errors.Join(err, item.Close())", "_ = item"))
		typ = fmt.Sprintf("*lib.%s[string, %s]", owner, r.kind.typ)
		g.p("%s := lib.New%s[string, %s]()", x, owner, r.kind.typ)
		g.p("%s.Add(%q, %s)", x, "first", r.name)
	}
	g.lib = append(g.lib, t.String())
	r.name = x
	r.kind = kind{typ: typ, check: "err := d.Err()", method: "Close", errs: true}
	g.bind(r)
}

// channel sends a resource through a channel of the function.
func (g *gen) channel(e *env, r *res) {
	r.kind = kinds()[g.r.IntN(2)]
	ch := g.name("ch")
	if !r.kind.fails && g.chance(30) {
		g.p("%s := make(chan %s, 1)", ch, r.kind.typ)
		g.p("go func() { %s <- %s }()", ch, r.kind.open)
	} else {
		g.direct(e, r)
		if r.st == done {
			return
		}
		g.p("%s := make(chan %s, 1)", ch, r.kind.typ)
		g.p("%s <- %s", ch, r.name)
	}
	if g.chance(60) {
		r.kind.open = ""
		r.name = g.name("got")
		g.p("%s := <-%s", r.name, ch)
		g.bind(r)
		return
	}
	g.p("close(%s)", ch)
	r.name, r.call = "", ""
	r.lines = []string{fmt.Sprintf("for x := range %s {", ch), "\tx.Close()", "}"}
	r.kind = kind{check: "err := d.Err()"}
}

// closers puts one or two resources into a list that a loop closes, all of them
// or up to the first that fails.
func (g *gen) closers(e *env, r *res) {
	var names []string
	for range 1 + g.r.IntN(2) {
		x := g.name("member")
		g.p("%s := %s", x, kinds()[pick(g, 0, 0, 2)].open)
		names = append(names, x)
	}
	list, call := g.name("list"), "x.Close()"
	if g.chance(60) {
		g.p("%s := []io.Closer{%s}", list, strings.Join(names, ", "))
	} else {
		g.p("%s := []func() error{%s.Close}", list, strings.Join(names, ".Close, "))
		call = "x()"
	}
	lines := []string{"\t_ = " + call}
	switch {
	case (len(names) == 1 || !r.care) && g.chance(35):
		lines = []string{"\tif err := " + call + "; err != nil {", "\t\tbreak", "\t}"}
	case g.chance(40):
		lines = []string{"\tif err := " + call + "; err != nil {", "\t\tlog.Print(err)", "\t}"}
	}
	r.kind = kind{check: "err := d.Err()"}
	r.lines = append(append([]string{fmt.Sprintf("for _, x := range %s {", list)}, lines...), "}")
}

// borrow passes a resource to something that only looks at it.
func (g *gen) borrow(e *env, r res) {
	if !strings.Contains(r.kind.check, "%s") || r.kind.typ == "" {
		g.work(e)
		return
	}
	using := func(x string) string { return strings.Replace(r.kind.check, "%s", x, 1) }
	test := ""
	switch g.r.IntN(4) {
	case 0: // kept in a variable of the helper
		body := fmt.Sprintf("\th := struct{ inner %s }{x}\n\t%s\n\treturn err\n", r.kind.typ, using("h.inner"))
		test = fmt.Sprintf("%s(ctx, %s)", g.helper("look", "ctx context.Context, x "+r.kind.typ, "error", body), r.name)
	case 1: // two calls deep
		inner := g.helper("look", "ctx context.Context, x "+r.kind.typ, "error", "\t"+using("x")+"\n\treturn err\n")
		outer := g.top("lookTwice")
		g.declare(false, fmt.Sprintf("func %s(ctx context.Context, x %s) error {\n\treturn errors.Join(%s(ctx, x), %s(ctx, x))\n}\n", outer, r.kind.typ, inner, inner))
		test = fmt.Sprintf("%s(ctx, %s)", outer, r.name)
	case 2: // given to a callback
		with := g.helper("with", fmt.Sprintf("x %s, f func(%s) error", r.kind.typ, r.kind.typ), "error", "\treturn f(x)\n")
		test = fmt.Sprintf("%s(%s, func(x %s) error { %s; return err })", with, r.name, r.kind.typ, using("x"))
	default: // a method of a struct that is a value
		typ := g.top("job")
		g.declare(false, fmt.Sprintf("type %s struct{ inner %s }\n\nfunc (j %s) run(ctx context.Context) error {\n\t%s\n\treturn err\n}\n", typ, r.kind.typ, typ, using("j.inner")))
		test = fmt.Sprintf("(%s{%s}).run(ctx)", typ, r.name)
	}
	g.open("if err := %s; err != nil", test)
	in := e.clone()
	in.shadow()
	g.exit(in, true)
	g.shut("")
}
