package generated

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// Generate makes n programs over the usual constructs and those named by with.
// The same seed gives the same programs, and the first programs do not depend
// on n.
func Generate(seed uint64, n int, with ...string) ([]*Program, error) {
	for _, name := range with {
		if names, _ := Constructs(); !slices.Contains(names, name) {
			return nil, fmt.Errorf("no construct is named %q; there are %s", name, strings.Join(names, ", "))
		}
	}
	c := newChecker()
	var out []*Program
	for i := range n {
		g := newGen(seed, i)
		g.with = with
		p := g.program()
		if err := c.repair(p); err != nil {
			return nil, fmt.Errorf("program %d of seed %d: %w\n%s\n%s", i, seed, err, p.Main, p.Lib)
		}
		p.Package = i / perPackage
		out = append(out, p)
	}
	return out, nil
}

// state says what the generator believes of a resource at a point. Only what
// it writes depends on it, never the truth.
type state int

const (
	opened state = iota // somebody must release it
	maybe               // open on some paths
	done                // released, to be released by a defer, or moved
	onErr               // a deferred closure releases it when err is not nil
	onFlag              // a deferred closure releases it unless a flag is set
)

// res is a resource that the function holds.
type res struct {
	kind  kind
	name  string
	call  string   // the call that releases it, or ""
	lines []string // the statements that release it when there is no such call
	errs  bool     // the call returns an error
	guard string   // the condition under which there is something to release, or ""
	flag  string   // the flag of onFlag
	st    state
	care  bool // whether the generator means to release it on all paths
}

// env is what is in scope at a point.
type env struct {
	res      []res
	err      string // an error variable, or ""
	shadowed bool   // err is not the named result
	loop     int    // index of the first resource of the innermost loop, or -1
	inSwitch bool   // a break would leave a switch
}

func (e *env) clone() *env {
	c := *e
	c.res = append([]res(nil), e.res...)
	return &c
}

// shadow notes that err was declared in the header of the block.
func (e *env) shadow() { e.err, e.shadowed = "err", true }

// declared notes that err was declared by a statement. At the function's top
// this is the named result, if there is one.
func (g *gen) declared(e *env) {
	e.err = "err"
	e.shadowed = e.shadowed || g.indent > 1
}

// merge makes e what is known after either of two paths.
func (e *env) merge(a, b *env) {
	for i := range e.res {
		switch x, y := a.res[i].st, b.res[i].st; {
		case x == y:
			e.res[i].st = x
		default:
			e.res[i].st = maybe
		}
	}
}

type gen struct {
	r        *rand.Rand
	n        int
	b        strings.Builder
	indent   int
	names    map[string]int
	decls    []string
	lib      []string
	used     map[string]bool // parameters of F
	results  []string
	named    bool
	budget   int
	cleanups string // the variable with the list of cleanups, or ""
	nested   int
	with     []string // constructs beside the usual ones
	extra    []string // parameters of F that its caller decides
	config   string   // the type of F's parameter cfg, or ""
	fields   []string // its fields
}

func newGen(seed uint64, n int) *gen {
	return &gen{
		r:     rand.New(rand.NewPCG(seed, uint64(n))),
		n:     n,
		names: map[string]int{},
		used:  map[string]bool{},
	}
}

func (g *gen) p(format string, args ...any) {
	g.b.WriteString(strings.Repeat("\t", g.indent))
	fmt.Fprintf(&g.b, format, args...)
	g.b.WriteByte('\n')
}

// open and shut write the first and last line of a block.
func (g *gen) open(format string, args ...any) { g.p(format+" {", args...); g.indent++ }

func (g *gen) shut(rest string) { g.indent--; g.p("}%s", rest) }

func (g *gen) name(base string) string {
	g.names[base]++
	if g.names[base] == 1 {
		return base
	}
	return fmt.Sprint(base, g.names[base])
}

// top is a package-level name.
func (g *gen) top(base string) string { return fmt.Sprintf("%s_c%d", g.name(base), g.n) }

// chance is true in percent of all cases.
func (g *gen) chance(percent int) bool { return g.r.IntN(100) < percent }

// choice is one thing to write, as likely as its weight.
type choice struct {
	weight int
	do     func()
}

func (g *gen) choose(cs ...choice) {
	total := 0
	for _, c := range cs {
		total += c.weight
	}
	if total == 0 {
		return
	}
	x := g.r.IntN(total)
	for _, c := range cs {
		if x < c.weight {
			c.do()
			return
		}
		x -= c.weight
	}
}

func pick[T any](g *gen, xs ...T) T { return xs[g.r.IntN(len(xs))] }

// when is the weight w if a condition holds, else 0.
func when(cond bool, w int) int {
	if cond {
		return w
	}
	return 0
}

var signatures = []struct {
	results []string
	named   bool
}{
	{nil, false},
	{[]string{"error"}, false},
	{[]string{"error"}, false},
	{[]string{"error"}, true},
	{[]string{clientType, "error"}, false},
	{[]string{clientType, "error"}, true},
	{[]string{connType, "error"}, false},
	{[]string{connType, "error"}, true},
	{[]string{"io.Closer", "error"}, false},
	{[]string{"func()", "error"}, false},
	{[]string{clientType}, false},
	{[]string{"bool"}, false},
}

// program writes the function F and what it needs.
func (g *gen) program() *Program {
	sig := pick(g, signatures...)
	g.results, g.named = sig.results, sig.named
	g.budget = 4 + g.r.IntN(10)
	e := &env{loop: -1}
	if g.named {
		e.err = "err"
	}
	g.indent = 1
	if g.chance(7) {
		g.cleanups = g.name("cleanups")
		g.p("var %s []func()", g.cleanups)
		g.open("defer func()")
		g.open("for _, f := range %s", g.cleanups)
		g.p("f()")
		g.shut("")
		g.shut("()")
	}
	g.acquire(e)
	if !g.statements(e) || len(g.results) > 0 && !strings.HasPrefix(g.lastLine(), "\treturn") {
		g.ret(e, false)
	}
	text := fmt.Sprintf("func F_c%d(%s)%s {\n%s}\n", g.n, g.paramList(), g.resultList(), g.b.String())
	if g.config != "" {
		text += fmt.Sprintf("\ntype %s struct {\n\t%s\n}\n", g.config, strings.Join(g.fields, "\n\t"))
	}
	for _, d := range g.decls {
		text += "\n" + d
	}
	return &Program{Number: g.n, Main: text, Lib: strings.Join(g.lib, "\n")}
}

func (g *gen) lastLine() string {
	s := strings.TrimSuffix(g.b.String(), "\n")
	return s[strings.LastIndexByte(s, '\n')+1:]
}

func (g *gen) paramList() string {
	list := "ctx context.Context, d ext.D"
	for _, p := range []string{"rdb", "pool", "rc", "s"} {
		if g.used[p] {
			list += ", " + p + " " + params[p]
		}
	}
	for _, p := range g.extra {
		list += ", " + p
	}
	return list
}

func (g *gen) resultList() string {
	switch {
	case len(g.results) == 0:
		return ""
	case g.named && len(g.results) == 1:
		return " (err error)"
	case g.named:
		return " (res " + g.results[0] + ", err error)"
	case len(g.results) == 1:
		return " " + g.results[0]
	}
	return " (" + strings.Join(g.results, ", ") + ")"
}

func (g *gen) returnsError() bool {
	return len(g.results) > 0 && g.results[len(g.results)-1] == "error"
}

// statements writes statements until the budget is spent or the block ends.
// It reports whether the block's end is never reached.
func (g *gen) statements(e *env) bool {
	base := len(e.res)
	for n := 1 + g.r.IntN(5); n > 0 && g.budget > 0; n-- {
		g.budget--
		if g.statement(e) {
			return true
		}
		if g.nested == 0 && g.budget > 0 && n == 1 {
			n++
		}
	}
	if g.nested > 0 {
		g.settle(e, base)
	}
	return false
}

// block writes the body of a compound statement and forgets what it declares.
func (g *gen) block(e *env) (after *env, ended bool) {
	in := e.clone()
	g.nested++
	ended = g.statements(in)
	g.nested--
	in.res = in.res[:len(e.res)]
	return in, ended
}

func (g *gen) statement(e *env) (ended bool) {
	deep := g.nested >= 3
	var live []int
	for i, r := range e.res {
		if r.st == opened || r.st == maybe {
			live = append(live, i)
		}
	}
	some := len(live) > 0
	any := func() int { return live[g.r.IntN(len(live))] }
	g.choose(
		choice{26, func() { g.acquire(e) }},
		choice{when(some, 16), func() { g.use(e, any()) }},
		choice{when(some, 16), func() { g.releaseLater(e, any()) }},
		choice{when(some, 8), func() { g.release(e, any()) }},
		choice{when(some, 8), func() { g.reshape(e, any()) }},
		choice{when(some, 5), func() { g.move(e, any()) }},
		choice{10, func() { g.work(e) }},
		choice{when(!deep, 10), func() { ended = g.branch(e) }},
		choice{when(!deep, 4), func() { ended = g.switches(e) }},
		choice{when(!deep && e.loop < 0, 7), func() { g.loops(e) }},
		choice{when(g.nested > 0, 5), func() { g.exit(e, false); ended = true }},
	)
	return ended
}

// work writes something that may fail.
func (g *gen) work(e *env) {
	if e.err != "" && g.chance(40) {
		g.p("%s = d.Err()", e.err)
		g.open("if %s != nil", e.err)
		g.exit(e.clone(), true)
		g.shut("")
		return
	}
	g.open("if err := d.Err(); err != nil")
	in := e.clone()
	in.shadow()
	g.exit(in, true)
	g.shut("")
}

func (g *gen) cond() string {
	return pick(g, "d.B()", "d.B()", "d.B()", "d.N() == 1", "!d.B()", "d.B() && d.B()", "d.B() || d.B()")
}

func (g *gen) branch(e *env) (ended bool) {
	g.open("if %s", g.cond())
	a, aEnds := g.block(e)
	b, bEnds := e.clone(), false
	if g.chance(35) {
		g.indent--
		g.p("} else {")
		g.indent++
		b, bEnds = g.block(e)
	}
	g.shut("")
	return g.join(e, []*env{a, b}, []bool{aEnds, bEnds})
}

func (g *gen) join(e *env, outs []*env, ends []bool) (ended bool) {
	first := true
	for i, out := range outs {
		switch {
		case ends[i]:
		case first:
			for j := range e.res {
				e.res[j].st = out.res[j].st
			}
			first = false
		default:
			e.merge(e.clone(), out)
		}
	}
	return first
}

func (g *gen) switches(e *env) (ended bool) {
	in := e.clone()
	in.inSwitch = true
	g.open("switch d.N()")
	g.indent--
	var outs []*env
	var ends []bool
	for i := range 1 + g.r.IntN(2) {
		g.p("case %d:", i)
		g.indent++
		out, end := g.block(in)
		g.indent--
		outs, ends = append(outs, out), append(ends, end)
	}
	if g.chance(60) {
		g.p("default:")
		g.indent++
		out, end := g.block(in)
		g.indent--
		outs, ends = append(outs, out), append(ends, end)
	} else {
		outs, ends = append(outs, e.clone()), append(ends, false)
	}
	g.p("}")
	return g.join(e, outs, ends)
}

func (g *gen) loops(e *env) {
	in := e.clone()
	in.loop, in.inSwitch = len(e.res), false
	header := pick(g, "for d.More()", "for d.More()", "for range 2", "for i := 0; i < 2; i++", "for")
	g.open("%s", header)
	stop := func() {
		g.open("if !d.More()")
		g.p("break")
		g.shut("")
	}
	first := g.chance(70)
	if header == "for" && first {
		stop()
	}
	out, end := g.block(in)
	if header == "for" && !first && !end {
		stop()
	}
	g.shut("")
	if !end {
		e.merge(e.clone(), out)
	}
}

// exit leaves the block: a return, or a break or continue of a loop, or the
// end of the process.
func (g *gen) exit(e *env, failing bool) {
	g.choose(
		choice{when(e.loop >= 0, 50), func() {
			g.settle(e, e.loop)
			if !e.inSwitch && g.chance(40) {
				g.p("break")
			} else {
				g.p("continue")
			}
		}},
		choice{50, func() { g.ret(e, failing) }},
		choice{3, func() { g.die() }},
	)
}

func (g *gen) die() {
	switch g.r.IntN(3) {
	case 0:
		g.p(`log.Fatal("given up")`)
	case 1:
		g.p("os.Exit(1)")
	default:
		name := g.top("die")
		g.decls = append(g.decls, fmt.Sprintf("func %s(msg string) {\n\tlog.Fatal(msg)\n}\n", name))
		g.p(`%s("given up")`, name)
	}
}

// settle releases what the generator means to release among the resources
// from index base on, the last one first.
func (g *gen) settle(e *env, base int) {
	for i := len(e.res) - 1; i >= base; i-- {
		r := &e.res[i]
		if r.st != opened && r.st != maybe && r.st != onErr && r.st != onFlag {
			continue
		}
		if !r.care && g.chance(55) {
			continue
		}
		g.release(e, i)
	}
}

// ret writes a return statement after releasing what is held.
func (g *gen) ret(e *env, failing bool) {
	var values []string
	var moved = -1
	if len(g.results) > 0 && !failing {
		for i := len(e.res) - 1; i >= 0; i-- {
			if r := e.res[i]; r.st != done && r.st != maybe && g.returnable(r) {
				moved = i
				break
			}
		}
	}
	var flags []string
	for i := range e.res {
		r := &e.res[i]
		switch {
		case r.st == onErr && failing && g.returnsError():
			r.st = done
		case r.st == onFlag && i != moved:
			r.st = done
		case r.st == onFlag && (r.care || g.chance(60)):
			flags = append(flags, r.flag)
		}
	}
	var result string
	if moved >= 0 {
		result = g.asResult(e.res[moved])
		e.res[moved].st = done
	}
	g.settle(e, 0)
	for _, f := range flags {
		g.p("%s = true", f)
	}
	for i, t := range g.results {
		switch {
		case t == "error" && !failing:
			values = append(values, "nil")
		case t == "error" && e.err != "" && g.chance(80):
			values = append(values, e.err)
		case t == "error":
			values = append(values, "ext.ErrFailed")
		case t == "bool":
			values = append(values, pick(g, "true", "false"))
		case i == 0 && result != "":
			values = append(values, result)
		case t == "func()":
			values = append(values, pick(g, "nil", "func() {}"))
		default:
			values = append(values, "nil")
		}
	}
	if g.named && !e.shadowed && g.chance(25) {
		if len(values) == 1 {
			g.assignUnlessSame("err", values[0])
		} else {
			g.p("res = %s", values[0])
			g.assignUnlessSame("err", values[1])
		}
		g.p("return")
		return
	}
	g.p("%s", strings.TrimSuffix("return "+strings.Join(values, ", "), " "))
}

func (g *gen) assignUnlessSame(name, value string) {
	if name != value {
		g.p("%s = %s", name, value)
	}
}

// returnable says whether the first result can carry a resource.
func (g *gen) returnable(r res) bool {
	if r.name == "" || r.guard != "" {
		return false
	}
	switch t := g.results[0]; t {
	case "io.Closer":
		return r.errs && r.call == r.name+".Close()"
	case "func()":
		return r.call != ""
	default:
		return r.kind.typ == t && r.call == r.name+".Close()"
	}
}

func (g *gen) asResult(r res) string {
	if g.results[0] == "func()" {
		return "func() { " + r.call + " }"
	}
	return r.name
}
