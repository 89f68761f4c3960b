package generated

import (
	"fmt"
	"strings"
)

// kind picks a way to get a resource. Most are the libraries' own.
func (g *gen) kind() kind {
	all := kinds()
	k := all[min(g.r.IntN(len(all)), g.r.IntN(len(all)))]
	if len(g.results) > 0 && g.chance(50) {
		for _, x := range all {
			if x.typ == g.results[0] {
				k = x
				break
			}
		}
	}
	g.need(k)
	return k
}

func (g *gen) need(k kind) {
	if k.needs != "" {
		g.used[k.needs] = true
	}
}

// acquire opens a resource in one of many styles.
func (g *gen) acquire(e *env) {
	r := res{st: opened, care: g.chance(42)}
	g.choose(
		choice{34, func() { r.kind = g.kind(); g.direct(e, &r) }},
		choice{14, func() { g.factory(&r); g.direct(e, &r) }},
		choice{9, func() { g.owner(e, &r) }},
		choice{6, func() { g.withCleanup(e, &r) }},
		choice{4, func() { g.dedicated(&r) }},
		choice{8, func() { g.conditional(e, &r) }},
		choice{6, func() { g.flagged(e, &r) }},
		choice{4, func() { g.eitherOf(&r) }},
		choice{5, func() { g.retry(e, &r) }},
		choice{4, func() { g.byClosure(e, &r) }},
		choice{6, func() { g.fleet(e, &r) }},
		choice{3, func() { g.discard(); r.st = done }},
		choice{4, func() { g.again(e); r.st = done }},
		choice{3, func() { g.must(&r) }},
		choice{22, func() { g.construct(e, &r) }},
	)
	if r.st == done {
		return
	}
	e.res = append(e.res, r)
	if g.chance(45) && r.st == opened {
		g.releaseLater(e, len(e.res)-1)
	}
}

// variable names a new variable for r.
func (g *gen) variable(r *res) {
	base := "c"
	switch r.kind.typ {
	case clientType, "redis.UniversalClient", "*redis.ClusterClient":
		base = "rc"
	case connType, "*redis.Conn":
		base = "conn"
	case "*redis.PubSub":
		base = "sub"
	case "*redigo.Pool":
		base = "pl"
	}
	if base == "rc" {
		base = "cl"
	}
	r.name = g.name(base)
	g.bind(r)
}

// bind makes r the resource of its variable.
func (g *gen) bind(r *res) {
	r.call = r.name + "." + r.kind.method + "()"
	r.errs = r.kind.errs
	if r.kind.zero != "" {
		r.guard = fmt.Sprintf(negate(r.kind.zero), r.name)
	}
}

func negate(cond string) string { return strings.Replace(cond, "==", "!=", 1) }

// direct declares a variable and checks the error, if there is one.
func (g *gen) direct(e *env, r *res) {
	g.variable(r)
	if !r.kind.fails {
		g.p("%s := %s", r.name, r.kind.open)
		return
	}
	g.choose(
		choice{60, func() {
			g.p("%s, err := %s", r.name, r.kind.open)
			g.declared(e)
			g.open("if err != nil")
			g.exit(e.clone(), true)
			g.shut("")
		}},
		choice{8, func() {
			err := g.name("openErr")
			g.p("%s, %s := %s", r.name, err, r.kind.open)
			g.open("if %s != nil", err)
			in := e.clone()
			in.err = err
			g.exit(in, true)
			g.shut("")
		}},
		choice{8, func() {
			g.p("%s, err := %s", r.name, r.kind.open)
			g.declared(e)
			g.open("switch")
			g.indent--
			g.p("case err != nil:")
			g.indent++
			in := e.clone()
			in.inSwitch = true
			g.exit(in, true)
			g.shut("")
		}},
		choice{8, func() { // used where it is open, and gone behind
			g.p("%s, err := %s", r.name, r.kind.open)
			g.declared(e)
			g.open("if err == nil")
			in := e.clone()
			in.res = append(in.res, *r)
			g.whole(in, len(e.res))
			g.shut("")
			r.st = done
		}},
		choice{6, func() {
			g.open("if %s, err := %s; err == nil", r.name, r.kind.open)
			in := e.clone()
			in.shadow()
			in.res = append(in.res, *r)
			g.whole(in, len(e.res))
			g.shut("")
			r.st = done
		}},
		choice{6, func() { // a condition beside the error
			g.p("%s, err := %s", r.name, r.kind.open)
			g.declared(e)
			g.open("if err != nil || %s", g.cond())
			g.open("if err == nil")
			g.p("%s", r.call)
			g.shut("")
			g.exit(e.clone(), true)
			g.shut("")
		}},
		choice{6, func() {
			g.p("%s, err := %s", r.name, r.kind.open)
			g.declared(e)
			g.open("if errors.Is(err, ext.ErrFailed)")
			g.exit(e.clone(), true)
			g.shut("")
			g.open("if err != nil")
			g.exit(e.clone(), true)
			g.shut("")
		}},
	)
}

// whole writes the life of the last resource of e inside a block.
func (g *gen) whole(e *env, base int) {
	g.nested++
	i := len(e.res) - 1
	if g.chance(40) {
		g.releaseLater(e, i)
	}
	if g.chance(60) {
		g.use(e, i)
	}
	g.settle(e, base)
	g.nested--
}

// dedicated takes a connection out of a client, released by a func.
func (g *gen) dedicated(r *res) {
	g.used["rc"] = true
	cancel := g.name("cancel")
	r.kind = kind{typ: "rueidis.DedicatedClient", check: "err := %s.Do(ctx, rueidis.Completed{}).Error()"}
	if g.chance(10) {
		g.p("_, %s := rc.Dedicate()", cancel)
		r.kind.check = "err := d.Err()"
	} else {
		r.name = g.name("ded")
		g.p("%s, %s := rc.Dedicate()", r.name, cancel)
	}
	r.call = cancel + "()"
}

// conditional opens into a variable that may stay nil.
func (g *gen) conditional(e *env, r *res) {
	r.kind = g.kind()
	if !strings.HasPrefix(r.kind.typ, "*") && g.chance(50) {
		r.kind = kinds()[0]
	}
	g.variable(r)
	g.p("var %s %s", r.name, r.kind.typ)
	g.open("if %s", g.cond())
	g.assign(e, r)
	g.shut("")
	r.guard = r.name + " != nil"
}

// assign opens into the declared variable of r.
func (g *gen) assign(e *env, r *res) {
	if !r.kind.fails {
		g.p("%s = %s", r.name, r.kind.open)
		return
	}
	if g.chance(50) {
		g.p("var err error")
		g.p("%s, err = %s", r.name, r.kind.open)
		g.open("if err != nil")
		in := e.clone()
		in.shadow()
		g.exit(in, true)
		g.shut("")
		return
	}
	x := g.name("x")
	g.p("%s, err := %s", x, r.kind.open)
	g.open("if err != nil")
	in := e.clone()
	in.shadow()
	g.exit(in, true)
	g.shut("")
	g.p("%s = %s", r.name, x)
}

// flagged opens under a flag that also guards the release.
func (g *gen) flagged(e *env, r *res) {
	r.kind = g.kind()
	g.variable(r)
	flag := g.name(pick(g, "use", "opened", "ok"))
	if g.chance(50) {
		g.p("%s := d.B()", flag)
		g.p("var %s %s", r.name, r.kind.typ)
		g.open("if %s", flag)
		g.assign(e, r)
		g.shut("")
	} else {
		g.p("var %s %s", r.name, r.kind.typ)
		g.p("%s := false", flag)
		g.open("if %s", g.cond())
		g.assign(e, r)
		g.p("%s = true", flag)
		g.shut("")
	}
	r.guard = flag
}

// eitherOf opens one of two into the same variable.
func (g *gen) eitherOf(r *res) {
	r.kind = kinds()[0]
	second := `redis.NewClient(&redis.Options{Addr: "other:6379"})`
	if g.chance(30) {
		r.kind = kinds()[2]
		second = `redis.NewClusterClient(&redis.ClusterOptions{})`
	}
	g.variable(r)
	g.p("var %s %s", r.name, r.kind.typ)
	g.open("if %s", g.cond())
	g.p("%s = %s", r.name, r.kind.open)
	g.indent--
	g.p("} else {")
	g.indent++
	g.p("%s = %s", r.name, second)
	g.shut("")
}

// retry dials in a loop until it works.
func (g *gen) retry(e *env, r *res) {
	r.kind = kinds()[1]
	g.variable(r)
	g.p("var %s %s", r.name, r.kind.typ)
	err := g.name("dialErr")
	g.p("var %s error", err)
	g.open("%s", pick(g, "for range 2", "for i := 0; i < 2; i++", "for d.More()"))
	g.p("%s, %s = %s", r.name, err, r.kind.open)
	switch g.r.IntN(3) {
	case 0:
		g.open("if %s == nil", err)
		g.p("break")
		g.shut("")
	case 1:
		g.open("if %s != nil", err)
		g.p("continue")
		g.shut("")
		g.open("if _, %s = %s.Do(%q); %s == nil", err, r.name, "PING", err)
		g.p("break")
		g.shut("")
		if r.care || g.chance(50) {
			g.p("%s", r.call)
		}
	default:
		g.open("if %s == nil", err)
		g.open("if _, %s = %s.Do(%q); %s == nil", err, r.name, "PING", err)
		g.p("break")
		g.shut("")
		if r.care || g.chance(50) {
			g.p("%s", r.call)
		}
		g.shut("")
	}
	g.shut("")
	// A loop that may not go round at all leaves both variables nil.
	g.open("if %s != nil || %s == nil", err, r.name)
	in := e.clone()
	in.err = err
	g.exit(in, true)
	g.shut("")
}

// byClosure opens in a closure that assigns the function's variable.
func (g *gen) byClosure(e *env, r *res) {
	r.kind = kinds()[g.r.IntN(3)]
	g.variable(r)
	g.p("var %s %s", r.name, r.kind.typ)
	connect := g.name("connect")
	g.open("%s := func() error", connect)
	if r.kind.fails {
		g.p("var err error")
		g.p("%s, err = %s", r.name, r.kind.open)
		g.p("return err")
	} else {
		g.p("%s = %s", r.name, r.kind.open)
		if g.chance(40) {
			g.open("if err := d.Err(); err != nil")
			if r.care || g.chance(50) {
				g.p("%s", r.call)
			}
			g.p("return err")
			g.shut("")
		}
		g.p("return nil")
	}
	g.shut("")
	g.open("if err := %s(); err != nil", connect)
	in := e.clone()
	in.shadow()
	g.exit(in, true)
	g.shut("")
}

// fleet opens several into a slice or a map.
func (g *gen) fleet(e *env, r *res) {
	k := kinds()[g.r.IntN(2)]
	r.kind = kind{typ: "[]" + k.typ, check: "err := d.Err()"}
	r.name = g.name("all")
	one := g.name("one")
	index := "_, "
	early := false
	switch g.r.IntN(4) {
	case 0:
		r.kind.typ = "map[int]" + k.typ
		g.p("%s := map[int]%s{}", r.name, k.typ)
	case 1:
		if k.typ == clientType {
			g.p("%s := []%s{", r.name, k.typ)
			g.p("\t%s,", k.open)
			g.p("\t%s,", k.open)
			g.p("}")
			g.fleetRelease(r, index, one)
			return
		}
		fallthrough
	case 2:
		g.p("var %s []%s", r.name, k.typ)
		early = g.chance(40)
	default:
		g.p("%s := make([]%s, 0, 2)", r.name, k.typ)
		early = g.chance(40)
	}
	g.fleetRelease(r, index, one)
	if early && (r.care || g.chance(50)) {
		g.open("defer func()")
		for _, l := range r.lines {
			g.p("%s", l)
		}
		g.shut("()")
		r.st = done
	}
	g.open("%s", pick(g, "for i := range 2", "for i := 0; i < 2; i++"))
	if k.fails {
		g.p("%s, err := %s", one, k.open)
		g.open("if err != nil")
		in := e.clone()
		in.shadow()
		in.res = append(in.res, *r)
		g.ret(in, true)
		g.shut("")
	} else {
		g.p("%s := %s", one, k.open)
	}
	if strings.HasPrefix(r.kind.typ, "map") {
		g.p("%s[i] = %s", r.name, one)
	} else {
		g.p("%s = append(%s, %s)", r.name, r.name, one)
		g.p("_ = i")
	}
	g.shut("")
	if r.st == done {
		r.st = opened
		r.kind.check = "err := d.Err()"
		g.afterDeferred(r)
	}
}

// afterDeferred marks a resource whose release was deferred before it was open.
func (g *gen) afterDeferred(r *res) { r.st = done }

func (g *gen) fleetRelease(r *res, index, one string) {
	last := one + ".Close()"
	if g.chance(25) {
		last = "_ = " + last
	}
	r.lines = []string{fmt.Sprintf("for %s%s := range %s {", index, one, r.name), "\t" + last, "}"}
	if !r.care && g.chance(8) {
		r.lines = []string{r.lines[0], r.lines[1], "\tif d.B() {", "\t\tbreak", "\t}", r.lines[2]}
	}
}

// discard opens what nobody can close.
func (g *gen) discard() {
	switch g.r.IntN(3) {
	case 0:
		g.p(`_ = redis.NewClient(&redis.Options{Addr: "redis:6379"})`)
	case 1:
		g.p(`redis.NewClient(&redis.Options{Addr: "redis:6379"}).Ping(ctx)`)
	default:
		g.p(`_, _ = redigo.Dial("tcp", "redis:6379")`)
	}
}

// again opens into a variable that is already there.
func (g *gen) again(e *env) {
	for i := len(e.res) - 1; i >= 0; i-- {
		r := &e.res[i]
		if r.name == "" || r.kind.fails || r.kind.open == "" || r.call != r.name+"."+r.kind.method+"()" || r.guard != "" {
			continue
		}
		if (r.st == opened || r.st == maybe) && g.chance(70) {
			g.release(e, i)
		}
		g.p("%s = %s", r.name, r.kind.open)
		r.st = opened
		return
	}
}

// must opens through a helper that does not return on errors.
func (g *gen) must(r *res) {
	r.kind = kinds()[1]
	g.variable(r)
	name := g.top("must")
	g.decls = append(g.decls, fmt.Sprintf("func %s[X any](x X, err error) X {\n\tif err != nil {\n\t\tlog.Fatal(err)\n\t}\n\treturn x\n}\n", name))
	g.p("%s := %s(%s)", r.name, name, r.kind.open)
}
