package generated

import (
	"fmt"
	"strings"
)

// use writes something that borrows the resource.
func (g *gen) use(e *env, i int) {
	r := e.res[i]
	if r.name == "" {
		g.work(e)
		return
	}
	guarded := r.guard != ""
	if guarded {
		g.open("if %s", r.guard)
	}
	check := r.kind.check
	if strings.Contains(check, "%s") {
		check = fmt.Sprintf(check, r.name)
	}
	g.choose(
		choice{60, func() {
			g.open("if %s; err != nil", check)
			in := e.clone()
			in.shadow()
			g.exit(in, true)
			g.shut("")
		}},
		choice{20, func() { g.borrower(e, r) }},
		choice{12, func() { g.borrow(e, r) }},
		choice{when(r.kind.typ == clientType, 10), func() {
			g.open("if err := ext.Ping(ctx, %s); err != nil", r.name)
			in := e.clone()
			in.shadow()
			g.exit(in, true)
			g.shut("")
		}},
		choice{when(r.kind.typ == clientType, 10), func() { g.p("%s.Ping(ctx)", r.name) }},
	)
	if guarded {
		g.shut("")
	}
}

// borrower passes the resource to a helper that uses it.
func (g *gen) borrower(e *env, r res) {
	if !strings.Contains(r.kind.check, "%s") {
		g.work(e)
		return
	}
	body := fmt.Sprintf("\t%s\n\treturn err\n", strings.Replace(r.kind.check, "%s", "x", 1))
	call := g.helper("use", "ctx context.Context, x "+r.kind.typ, "error", body)
	g.open("if err := %s(ctx, %s); err != nil", call, r.name)
	in := e.clone()
	in.shadow()
	g.exit(in, true)
	g.shut("")
}

// helper declares a function in this package or in another and returns what
// callers call it.
func (g *gen) helper(base, params, result, body string) string {
	if result != "" {
		result = " " + result
	}
	if g.chance(30) && !strings.Contains(params, fmt.Sprintf("_c%d", g.n)) {
		name := g.top(strings.ToUpper(base[:1]) + base[1:])
		g.lib = append(g.lib, fmt.Sprintf("func %s(%s)%s {\n%s}\n", name, params, result, body))
		return "lib." + name
	}
	name := g.top(base)
	g.decls = append(g.decls, fmt.Sprintf("func %s(%s)%s {\n%s}\n", name, params, result, body))
	return name
}

// method says whether the resource is released by the method of its variable.
func (r res) method() bool {
	return r.name != "" && r.call == r.name+"."+r.kind.method+"()" && r.kind.method != ""
}

// nilable says whether the variable can be compared with nil.
func (r res) nilable() bool { return r.method() && r.kind.method == "Close" && r.kind.open != "" }

// closer is a call that releases the resource by a helper.
func (g *gen) closer(r res) string {
	if !r.method() || r.kind.typ == "" {
		return r.call
	}
	x := "x." + r.kind.method + "()"
	var helper, args string
	args = r.name
	g.choose(
		choice{30, func() { helper = g.helper("shut", "x "+r.kind.typ, "", "\t"+x+"\n") }},
		choice{when(r.nilable(), 20), func() {
			helper = g.helper("shut", "x "+r.kind.typ, "", "\tif x != nil {\n\t\t"+x+"\n\t}\n")
		}},
		choice{when(r.nilable(), 10), func() {
			helper = g.helper("shut", "x "+r.kind.typ, "", "\tif x == nil {\n\t\treturn\n\t}\n\tdefer "+x+"\n")
		}},
		choice{when(r.errs && r.kind.method == "Close", 12), func() {
			helper = g.helper("shut", "x io.Closer", "", "\t_ = x.Close()\n")
		}},
		choice{when(r.errs && r.kind.method == "Close", 10), func() {
			helper = g.top("shut")
			g.decls = append(g.decls, fmt.Sprintf("func %s[C io.Closer](x C) {\n\t_ = x.Close()\n}\n", helper))
		}},
		choice{8, func() {
			inner := g.top("shutInner")
			g.decls = append(g.decls, fmt.Sprintf("func %s(x %s) {\n\t%s\n}\n", inner, r.kind.typ, x))
			helper = g.top("shut")
			g.decls = append(g.decls, fmt.Sprintf("func %s(x %s) {\n\t%s(x)\n}\n", helper, r.kind.typ, inner))
		}},
		choice{6, func() {
			helper = g.helper("shut", "xs ..."+r.kind.typ, "", "\tfor _, x := range xs {\n\t\t"+x+"\n\t}\n")
		}},
		choice{when(!r.care, 8), func() {
			helper = g.helper("shut", "really bool, x "+r.kind.typ, "", "\tif really {\n\t\t"+x+"\n\t}\n")
			args = pick(g, "true", "true", "false", "d.B()") + ", " + args
		}},
	)
	return fmt.Sprintf("%s(%s)", helper, args)
}

// release writes a release that happens here.
func (g *gen) release(e *env, i int) {
	r := &e.res[i]
	was := r.st
	r.st = done
	if was == onFlag && r.flag != "" && !g.chance(60) {
		return // the deferred closure does it
	}
	if r.guard != "" {
		g.open("if %s", r.guard)
		defer g.shut("")
	}
	if r.call == "" {
		for _, l := range r.lines {
			g.p("%s", l)
		}
		return
	}
	g.choose(
		choice{45, func() { g.p("%s", r.call) }},
		choice{when(r.errs, 12), func() { g.p("_ = %s", r.call) }},
		choice{14, func() { g.p("%s", g.closer(*r)) }},
		choice{4, func() { g.p("func() { %s }()", r.call) }},
		choice{5, func() { g.p("go func() { %s }()", r.call) }},
		choice{when(r.method(), 3), func() {
			stop := g.name("stop")
			g.p("%s := %s", stop, strings.TrimSuffix(r.call, "()"))
			g.p("%s()", stop)
		}},
		choice{when(r.errs && g.budget > 0 && strings.HasSuffix(r.call, ".Close()"), 10), func() {
			g.budget--
			in := e.clone()
			in.shadow()
			g.open("if err := %s; err != nil", r.call)
			g.exit(in, true)
			g.shut("")
		}},
	)
}

// releaseLater writes a release that is registered here.
func (g *gen) releaseLater(e *env, i int) {
	r := &e.res[i]
	if r.guard == "" && !r.care && g.chance(15) {
		g.open("if %s", g.cond())
		g.p("defer func() { %s }()", strings.Join(g.statementsOf(*r), "; "))
		g.shut("")
		r.st = maybe
		return
	}
	if r.guard != "" || r.call == "" {
		g.open("defer func()")
		if r.guard != "" {
			g.open("if %s", r.guard)
		}
		for _, l := range g.statementsOf(*r) {
			g.p("%s", l)
		}
		if r.guard != "" {
			g.shut("")
		}
		g.shut("()")
		r.st = done
		return
	}
	g.choose(
		choice{40, func() { g.p("defer %s", r.call); r.st = done }},
		choice{10, func() { g.p("defer func() { %s }()", r.call); r.st = done }},
		choice{when(r.errs, 6), func() {
			g.open("defer func()")
			g.open("if closeErr := %s; closeErr != nil", r.call)
			if g.named {
				g.p("err = errors.Join(err, closeErr)")
			} else {
				g.p("_ = closeErr.Error()")
			}
			g.shut("")
			g.shut("()")
			r.st = done
		}},
		choice{12, func() { g.p("defer %s", g.closer(*r)); r.st = done }},
		choice{when(r.nilable(), 6), func() {
			g.open("defer func()")
			g.open("if %s != nil", r.name)
			g.p("%s", r.call)
			g.shut("")
			g.shut("()")
			r.st = done
		}},
		choice{when(r.method(), 4), func() {
			stop := g.name("stop")
			g.p("%s := %s", stop, strings.TrimSuffix(r.call, "()"))
			g.p("defer %s()", stop)
			r.st = done
		}},
		choice{when(r.method() && r.kind.typ != "", 4), func() {
			g.p("defer func(x %s) { x.%s() }(%s)", r.kind.typ, r.kind.method, r.name)
			r.st = done
		}},
		choice{3, func() {
			g.open("defer func()")
			g.p("defer func() { %s }()", r.call)
			g.p("d.B()")
			g.shut("()")
			r.st = done
		}},
		choice{3, func() {
			g.open("defer func()")
			g.open("if x := recover(); x != nil")
			g.p("d.Take(x)")
			g.shut("")
			g.p("%s", r.call)
			g.shut("()")
			r.st = done
		}},
		choice{when(g.named && g.nested == 0, 14), func() {
			g.open("defer func()")
			g.open("if err != nil")
			g.p("%s", r.call)
			g.shut("")
			g.shut("()")
			r.st = onErr
		}},
		choice{when(!g.named && e.err != "" && !r.care && g.nested == 0, 4), func() {
			g.open("defer func()")
			g.open("if %s != nil", e.err)
			g.p("%s", r.call)
			g.shut("")
			g.shut("()")
			r.st = onErr
		}},
		choice{when(g.nested == 0, 6), func() {
			r.flag = g.name(pick(g, "success", "keep"))
			g.p("%s := false", r.flag)
			g.open("defer func()")
			g.open("if !%s", r.flag)
			g.p("%s", r.call)
			g.shut("")
			g.shut("()")
			r.st = onFlag
		}},
		choice{when(g.cleanups != "", 30), func() {
			g.p("%s = append(%s, func() { %s })", g.cleanups, g.cleanups, r.call)
			r.st = done
		}},
		choice{when(r.method() && g.nested == 0 && e.loop < 0, 3), func() { // released early or at the end
			closed := g.name("closed")
			g.p("%s := false", closed)
			g.open("defer func()")
			g.open("if !%s", closed)
			g.p("%s", r.call)
			g.shut("")
			g.shut("()")
			g.open("if %s", g.cond())
			if r.care || g.chance(50) {
				g.p("%s", r.call)
			}
			g.p("%s = true", closed)
			g.shut("")
			r.st = done
		}},
	)
}

// statementsOf are the statements that release a resource.
func (g *gen) statementsOf(r res) []string {
	if r.call != "" {
		return []string{r.call}
	}
	return r.lines
}

// move hands the resource over to somebody else.
func (g *gen) move(e *env, i int) {
	r := &e.res[i]
	if !r.method() || r.guard != "" {
		return
	}
	field := map[string]string{clientType: "Client", "*redis.PubSub": "PubSub", connType: "Conn", "rueidis.Client": "Rueidis"}[r.kind.typ]
	r.st = done
	g.choose(
		choice{when(field != "", 20), func() { g.used["s"] = true; g.p("s.%s = %s", field, r.name) }},
		choice{10, func() { g.used["s"] = true; g.p("s.Any = %s", r.name) }},
		choice{when(r.kind.typ == clientType, 10), func() { g.used["s"] = true; g.p("s.Ch <- %s", r.name) }},
		choice{when(r.kind.typ == clientType, 10), func() { g.used["s"] = true; g.p("s.Clients = append(s.Clients, %s)", r.name) }},
		choice{12, func() { g.p("d.Take(%s)", r.name) }},
		choice{12, func() { g.p("d.OnExit(func() { %s })", r.call) }},
		choice{10, func() { g.p("ext.Keep(%s)", r.name) }},
		choice{10, func() {
			if strings.Contains(r.kind.typ, "_c") {
				g.p("d.Take(%s)", r.name)
				return
			}
			kept := g.top("kept")
			g.decls = append(g.decls, fmt.Sprintf("var %s %s\n", kept, r.kind.typ))
			g.p("%s = %s", kept, r.name)
		}},
		choice{20, func() { g.spawn(r) }},
	)
}

// spawn hands the resource to a goroutine. It may forget to release it.
func (g *gen) spawn(r *res) {
	release := r.care || g.chance(60)
	check := r.kind.check
	if strings.Contains(check, "%s") {
		check = fmt.Sprintf(check, r.name)
	}
	lines := func() {
		if release && g.chance(60) {
			g.p("defer %s", r.call)
			release = false
		}
		g.open("if %s; err != nil", check)
		g.p("return")
		g.shut("")
		if release {
			g.p("%s", r.call)
		}
	}
	if release && !r.care {
		release = true // a plain release at the end is missed when the check fails
	}
	switch g.r.IntN(3) {
	case 0:
		g.open("go func()")
		lines()
		g.shut("()")
	case 1:
		ended := g.name("ended")
		g.p("%s := make(chan struct{})", ended)
		g.open("go func()")
		g.p("defer close(%s)", ended)
		lines()
		g.shut("()")
		g.p("<-%s", ended)
	default:
		wg := g.name("wg")
		g.p("var %s sync.WaitGroup", wg)
		g.p("%s.Add(1)", wg)
		g.open("go func()")
		g.p("defer %s.Done()", wg)
		lines()
		g.shut("()")
		g.p("%s.Wait()", wg)
	}
}

// reshape gives the resource another name or puts it into something.
func (g *gen) reshape(e *env, i int) {
	r := &e.res[i]
	if !r.method() || r.guard != "" {
		return
	}
	g.choose(
		choice{20, func() {
			x := g.name("alias")
			g.p("%s := %s", x, r.name)
			r.name = x
			g.bind(r)
		}},
		choice{when(r.errs && r.kind.method == "Close", 15), func() {
			x := g.name("closer")
			g.p("var %s io.Closer = %s", x, r.name)
			r.name = x
			r.kind = kind{typ: "io.Closer", check: "err := d.Err()", method: "Close", errs: true}
			g.bind(r)
		}},
		choice{when(r.kind.typ == clientType, 10), func() {
			x := g.name("timed")
			g.p("%s := %s.WithTimeout(time.Second)", x, r.name)
			r.name = x
			r.kind.open = ""
			g.bind(r)
		}},
		choice{when(r.kind.typ == connType, 10), func() {
			x := g.name("psc")
			g.p("%s := redigo.PubSubConn{Conn: %s}", x, r.name)
			r.name = x
			r.kind = kind{typ: "redigo.PubSubConn", check: `err := %s.Ping("")`, method: "Close", errs: true}
			g.bind(r)
		}},
		choice{12, func() {
			x := g.name("shutdown")
			g.p("%s := func() { %s }", x, r.call)
			r.name = ""
			r.call, r.errs = x+"()", false
		}},
		choice{when(!strings.Contains(r.kind.typ, "_c"), 20), func() { g.wrapped(r) }},
		choice{6, func() {
			x := g.name("list")
			g.p("%s := []%s{%s}", x, r.kind.typ, r.name)
			r.lines = []string{fmt.Sprintf("for _, x := range %s {", x), "\tx." + r.kind.method + "()", "}"}
			r.name, r.call = "", ""
			r.kind = kind{check: "err := d.Err()"}
		}},
	)
}
