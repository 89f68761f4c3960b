package generated

import (
	"fmt"
	"strings"
)

// text collects the lines of a declaration.
type text struct{ strings.Builder }

func (t *text) p(format string, args ...any) {
	fmt.Fprintf(t, format, args...)
	t.WriteByte('\n')
}

// base picks a library's way that needs no parameter but ctx and d.
func (g *gen) base() kind {
	all := kinds()
	for {
		k := all[g.r.IntN(len(all))]
		if k.needs == "" && k.typ != "*redigo.Pool" {
			return k
		}
	}
}

func check(k kind, name string) string {
	if strings.Contains(k.check, "%s") {
		return fmt.Sprintf(k.check, name)
	}
	return k.check
}

// declare puts a declaration of names ending in _cN into this package or the
// other, and returns the prefix of its uses.
func (g *gen) declare(other bool, decl string) string {
	if other {
		g.lib = append(g.lib, decl)
		return "lib."
	}
	g.decls = append(g.decls, decl)
	return ""
}

// factory makes r's kind the call of a constructor of the program.
func (g *gen) factory(r *res) {
	k := g.base()
	other := g.chance(35)
	name := g.top(pick(g, "Open", "New", "Connect"))
	if !other {
		name = strings.ToLower(name[:1]) + name[1:]
	}
	careful := g.chance(50)
	out := k
	var t text
	fail := func(indent, err string) {
		if careful {
			t.p("%sx.%s()", indent, k.method)
		}
		t.p("%sreturn nil, %s", indent, err)
	}
	begin := func() {
		if k.fails {
			t.p("\tx, err := %s", k.open)
			t.p("\tif err != nil {")
			t.p("\t\treturn nil, err")
			t.p("\t}")
		} else {
			t.p("\tx := %s", k.open)
		}
	}
	g.choose(
		choice{15, func() {
			if k.fails {
				t.p("func %s(ctx context.Context, d ext.D) (%s, error) {", name, k.typ)
			} else {
				t.p("func %s(ctx context.Context, d ext.D) %s {", name, k.typ)
			}
			t.p("\treturn %s", k.open)
		}},
		choice{35, func() {
			t.p("func %s(ctx context.Context, d ext.D) (%s, error) {", name, k.typ)
			begin()
			t.p("\tif %s; err != nil {", check(k, "x"))
			fail("\t\t", "err")
			t.p("\t}")
			if g.chance(30) {
				t.p("\tif %s {", g.cond())
				fail("\t\t", "ext.ErrFailed")
				t.p("\t}")
			}
			t.p("\treturn x, nil")
			out.fails = true
		}},
		choice{20, func() {
			t.p("func %s(ctx context.Context, d ext.D) (res %s, err error) {", name, k.typ)
			if k.fails {
				t.p("\tx, err := %s", k.open)
				t.p("\tif err != nil {")
				t.p("\t\treturn nil, err")
				t.p("\t}")
			} else {
				t.p("\tx := %s", k.open)
			}
			if !careful && g.chance(50) {
				t.p("\tif err := d.Err(); err != nil {")
				t.p("\t\treturn nil, err")
				t.p("\t}")
			}
			t.p("\tdefer func() {")
			t.p("\t\tif err != nil {")
			t.p("\t\t\tx.%s()", k.method)
			t.p("\t\t}")
			t.p("\t}()")
			t.p("\tif %s; err != nil {", check(k, "x"))
			t.p("\t\treturn nil, err")
			t.p("\t}")
			t.p("\treturn x, nil")
			out.fails = true
		}},
		choice{10, func() {
			t.p("func %s(ctx context.Context, d ext.D) %s {", name, k.typ)
			t.p("\tif %s {", g.cond())
			t.p("\t\treturn nil")
			t.p("\t}")
			if k.fails {
				t.p("\tx, err := %s", k.open)
				t.p("\tif err != nil {")
				t.p("\t\treturn nil")
				t.p("\t}")
				t.p("\treturn x")
			} else {
				t.p("\treturn %s", k.open)
			}
			out.fails, out.zero = false, "%s == nil"
		}},
		choice{when(k.errs, 10), func() {
			t.p("func %s(ctx context.Context, d ext.D) (io.Closer, error) {", name)
			begin()
			t.p("\tif err := d.Err(); err != nil {")
			fail("\t\t", "err")
			t.p("\t}")
			t.p("\treturn x, nil")
			out = kind{typ: "io.Closer", fails: true, check: "err := d.Err()", method: "Close", errs: true}
		}},
		choice{10, func() {
			inner := g.top("dial")
			t.p("func %s() %s {", inner, pick1(k.fails, "("+k.typ+", error)", k.typ))
			t.p("\treturn %s", k.open)
			t.p("}\n")
			t.p("func %s(ctx context.Context, d ext.D) (%s, error) {", name, k.typ)
			k.open = inner + "()"
			begin()
			t.p("\tif %s; err != nil {", check(k, "x"))
			fail("\t\t", "err")
			t.p("\t}")
			t.p("\treturn x, nil")
			out.fails = true
		}},
	)
	t.p("}")
	prefix := g.declare(other, t.String())
	out.open = fmt.Sprintf("%s%s(ctx, d)", prefix, name)
	out.needs = ""
	r.kind = out
}

func pick1(cond bool, a, b string) string {
	if cond {
		return a
	}
	return b
}

// withCleanup gets a resource with a func that releases it.
func (g *gen) withCleanup(e *env, r *res) {
	k := g.base()
	for k.fails {
		k = g.base()
	}
	other := g.chance(30)
	name := g.top(pick1(other, "Setup", "setup"))
	cleanup := g.name("cleanup")
	r.kind = kind{typ: k.typ, check: k.check}
	r.call = cleanup + "()"
	var t text
	release := pick(g, "func() { x.Close() }", "func() {\n\t\t_ = x.Close()\n\t}")
	if g.chance(50) {
		t.p("func %s(ctx context.Context, d ext.D) (%s, func()) {", name, k.typ)
		t.p("\tx := %s", k.open)
		t.p("\treturn x, %s", release)
		t.p("}")
		prefix := g.declare(other, t.String())
		if g.chance(75) {
			r.name = g.name("cl")
			g.p("%s, %s := %s%s(ctx, d)", r.name, cleanup, prefix, name)
		} else {
			r.kind.check = "err := d.Err()"
			g.p("_, %s := %s%s(ctx, d)", cleanup, prefix, name)
		}
		return
	}
	t.p("func %s(ctx context.Context, d ext.D) (%s, func(), error) {", name, k.typ)
	t.p("\tx := %s", k.open)
	t.p("\tif %s; err != nil {", check(k, "x"))
	if g.chance(65) {
		t.p("\t\tx.Close()")
	}
	t.p("\t\treturn nil, nil, err")
	t.p("\t}")
	t.p("\treturn x, %s, nil", release)
	t.p("}")
	prefix := g.declare(other, t.String())
	r.name = g.name("cl")
	g.p("%s, %s, err := %s%s(ctx, d)", r.name, cleanup, prefix, name)
	g.declared(e)
	g.open("if err != nil")
	g.exit(e.clone(), true)
	g.shut("")
}

// owner gets a value of a type of the program that owns resources.
func (g *gen) owner(e *env, r *res) {
	a := g.base()
	b := g.base()
	two := g.chance(40)
	forget := two && g.chance(20)
	other := g.chance(30)
	typ := g.top(pick1(other, "Service", "service"))
	ctor := pick1(other, "New", "new") + strings.ToUpper(typ[:1]) + typ[1:]
	method := pick(g, "Close", "Close", "Stop", "Shutdown")
	careful := g.chance(50)

	var t text
	t.p("type %s struct {", typ)
	t.p("\tname string")
	t.p("\ta    %s", a.typ)
	if two {
		t.p("\tb    %s", b.typ)
	}
	t.p("}\n")
	fails := a.fails || two && b.fails
	result := pick1(fails, "(*"+typ+", error)", "*"+typ)
	ok := pick1(fails, ", nil", "")
	t.p("func %s(ctx context.Context, d ext.D) %s {", ctor, result)
	get := func(k kind, name string) {
		if !k.fails {
			t.p("\t%s := %s", name, k.open)
			return
		}
		t.p("\t%s, err := %s", name, k.open)
		t.p("\tif err != nil {")
		if name == "b" && careful {
			t.p("\t\ta.%s()", a.method)
		}
		t.p("\t\treturn nil, err")
		t.p("\t}")
	}
	get(a, "a")
	if two {
		get(b, "b")
	}
	if fails && g.chance(30) {
		t.p("\tif err := d.Err(); err != nil {")
		if careful {
			t.p("\t\ta.%s()", a.method)
			if two {
				t.p("\t\tb.%s()", b.method)
			}
		}
		t.p("\t\treturn nil, err")
		t.p("\t}")
	}
	switch {
	case g.chance(30):
		t.p("\to := &%s{name: \"x\"}", typ)
		t.p("\to.a = a")
		if two {
			t.p("\to.b = b")
		}
		t.p("\treturn o%s", ok)
	case two:
		t.p("\treturn &%s{name: \"x\", a: a, b: b}%s", typ, ok)
	default:
		t.p("\treturn &%s{a: a}%s", typ, ok)
	}
	t.p("}\n")

	errs := a.errs && (!two || b.errs) && g.chance(60)
	t.p("func (o *%s) %s()%s {", typ, method, pick1(errs, " error", ""))
	switch {
	case errs && two && !forget && g.chance(50):
		t.p("\treturn errors.Join(o.a.Close(), o.b.Close())")
	case errs:
		if two && !forget {
			t.p("\t_ = o.b.Close()")
		}
		t.p("\treturn o.a.Close()")
	case g.chance(40):
		t.p("\tif o.a != nil {")
		t.p("\t\to.a.%s()", a.method)
		t.p("\t}")
		if two && !forget {
			t.p("\tif o.b != nil {")
			t.p("\t\to.b.%s()", b.method)
			t.p("\t}")
		}
	default:
		t.p("\to.a.%s()", a.method)
		if two && !forget {
			t.p("\to.b.%s()", b.method)
		}
	}
	t.p("}")
	prefix := g.declare(other, t.String())
	r.kind = kind{
		typ: "*" + prefix + typ, open: fmt.Sprintf("%s%s(ctx, d)", prefix, ctor), fails: fails,
		check: "err := d.Err()", method: method, errs: errs,
	}
	g.direct(e, r)
}

// wrapped puts the resource into an owner or into a struct that only borrows.
func (g *gen) wrapped(r *res) {
	typ := g.top("holder")
	x := g.name("h")
	var t text
	if g.chance(30) && strings.HasPrefix(r.kind.typ, "*redis.") {
		t.p("type %s struct {", typ)
		t.p("\t%s", r.kind.typ)
		t.p("}")
		g.declare(false, t.String())
		g.p("%s := &%s{%s}", x, typ, r.name)
		r.name = x
		r.kind.typ, r.kind.open = "*"+typ, ""
		g.bind(r)
		return
	}
	method := pick(g, "Close", "Stop", "Shutdown")
	t.p("type %s struct{ inner %s }\n", typ, r.kind.typ)
	ctor := ""
	if g.chance(40) {
		ctor = g.top("newHolder")
		t.p("func %s(inner %s) *%s {", ctor, r.kind.typ, typ)
		t.p("\treturn &%s{inner: inner}", typ)
		t.p("}\n")
	}
	releases := r.care || g.chance(80)
	t.p("func (h *%s) %s() {", typ, method)
	if releases {
		t.p("\th.inner.%s()", r.kind.method)
	} else {
		t.p("\tprintln(h.inner != nil)")
	}
	t.p("}")
	g.declare(false, t.String())
	if ctor != "" {
		g.p("%s := %s(%s)", x, ctor, r.name)
	} else {
		g.p("%s := &%s{inner: %s}", x, typ, r.name)
	}
	r.name = x
	r.kind = kind{typ: "*" + typ, check: "err := d.Err()", method: method}
	g.bind(r)
}
