package generated

import (
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"regexp"
	"sort"
	"strings"
)

// perRound is how many candidates of one program are tried at a time.
const perRound = 80

// Shrink makes each program as small as it gets while one of its sites is still
// reported without a leak (unjust), or leaks without a report. Statements are
// taken out, and compound ones replaced by what they hold. When ctx ends, the
// programs are returned as small as they are then.
func Shrink(ctx context.Context, w *Workspace, programs []*Program, unjust []bool, find Finder, log io.Writer) ([]*Program, error) {
	out := append([]*Program(nil), programs...)
	tried := map[string]bool{}
	for round := 1; ; round++ {
		s := &shrinking{ctx: ctx, w: w, find: find}
		var sizes []int
		for i, p := range out {
			sizes = append(sizes, size(p))
			for _, c := range w.candidates(p, tried) {
				s.add(i, c, unjust[i])
			}
		}
		if len(s.trials) == 0 {
			return out, nil
		}
		fmt.Fprintf(log, "round %d: %d candidates, sizes %v\n", round, len(s.trials), sizes)
		if err := s.run(); err != nil {
			return out, unlessEnded(ctx, err)
		}
		// Edits that work alone often work together.
		both := &shrinking{ctx: ctx, w: w, find: find}
		for i := range out {
			var good []candidate
			for _, t := range s.trials {
				if t.owner == i && t.ok {
					good = append(good, t.candidate)
				}
			}
			sort.SliceStable(good, func(a, b int) bool { return size(good[a].program) < size(good[b].program) })
			if len(good) > 0 {
				out[i] = good[0].program
			}
			for n := len(good); n > 1; n = n / 2 {
				if c, err := w.combine(good[0].base, good[:n]); err == nil && size(c.program) < size(out[i]) {
					both.add(i, c, unjust[i])
				}
			}
		}
		if err := both.run(); err != nil {
			return out, unlessEnded(ctx, err)
		}
		for _, t := range both.trials {
			if t.ok && size(t.program) < size(out[t.owner]) {
				out[t.owner] = t.program
			}
		}
	}
}

// unlessEnded is the error, unless it comes from the end of ctx.
func unlessEnded(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// size is the length of a program without white space.
func size(p *Program) int { return len(strings.Join(strings.Fields(p.Main+p.Lib), "")) }

// trial is a candidate in the place of one of the shrinking programs.
type trial struct {
	candidate
	owner  int
	unjust bool
	ok     bool
}

type shrinking struct {
	ctx    context.Context
	w      *Workspace
	find   Finder
	trials []*trial
}

func (s *shrinking) add(owner int, c candidate, unjust bool) {
	s.trials = append(s.trials, &trial{candidate: c, owner: owner, unjust: unjust})
}

func (s *shrinking) run() error {
	if len(s.trials) == 0 {
		return nil
	}
	var programs []*Program
	for i, t := range s.trials {
		programs = append(programs, Renumber(t.program, i, i/10))
	}
	failed, err := s.measure(programs)
	if err != nil || len(failed) == 0 {
		return err
	}
	// One program that the tool gives up on takes its package with it.
	for i, p := range failed {
		p.Package = i
	}
	_, err = s.measure(failed)
	return err
}

// measure marks the trials that still show their mismatch. It returns those on
// which the tool gave up.
func (s *shrinking) measure(programs []*Program) (failed []*Program, err error) {
	m, err := Measure(s.ctx, s.w, programs, s.find, io.Discard)
	if err != nil {
		return nil, err
	}
	for _, mm := range m.Mismatches {
		t := s.trials[mm.Program.Number]
		t.ok = t.ok || mm.False == t.unjust
	}
	for _, p := range programs {
		if m.Findings.failed(p) {
			failed = append(failed, p)
		}
	}
	return failed, nil
}

var numbered = regexp.MustCompile(`_c\d+\b`)

// Renumber gives a program another number.
func Renumber(p *Program, number, pkg int) *Program {
	suffix := fmt.Sprintf("_c%d", number)
	return &Program{
		Number: number, Package: pkg,
		Main: numbered.ReplaceAllString(p.Main, suffix),
		Lib:  numbered.ReplaceAllString(p.Lib, suffix),
	}
}

// blankUse is a statement that repair puts in again where it is needed.
var blankUse = regexp.MustCompile(`(?m)^\t+_ = \w+\n`)

// cut replaces a stretch of the text of a program.
type cut struct {
	lib      bool
	from, to int
	text     string
}

// candidate is a program after some cuts.
type candidate struct {
	program *Program
	base    *Program // what the cuts are made in
	cuts    []cut
}

// candidates are the smaller programs one edit away from p, those that do not
// compile left out.
func (w *Workspace) candidates(p *Program, tried map[string]bool) []candidate {
	whole := size(p)
	p = &Program{Number: p.Number, Main: blankUse.ReplaceAllString(p.Main, ""), Lib: p.Lib}
	var all [][]cut
	all = append(all, cutsOf(p.Main, false)...)
	if p.Lib != "" {
		all = append(all, cutsOf(p.Lib, true)...)
	}
	var out []candidate
	add := func(q *Program, cuts []cut) {
		if len(out) >= perRound {
			return
		}
		key := numbered.ReplaceAllString(q.Main+"\x00"+q.Lib, "")
		if tried[key] {
			return
		}
		if !strings.Contains(q.Main, fmt.Sprintf("func F_c%d(", q.Number)) || w.c.repair(q) != nil || size(q) >= whole {
			return
		}
		tried[key] = true
		out = append(out, candidate{q, p, cuts})
	}
	if p.Lib != "" {
		add(&Program{Number: p.Number, Main: strings.ReplaceAll(p.Main, "lib.", "") + "\n" + p.Lib}, nil)
	}
	sort.SliceStable(all, func(i, j int) bool { return gain(all[i]) > gain(all[j]) })
	for _, cuts := range all {
		if q, err := apply(p, cuts); err == nil {
			add(q, cuts)
		}
	}
	return out
}

func gain(cuts []cut) int {
	n := 0
	for _, c := range cuts {
		n += c.to - c.from - len(c.text)
	}
	return n
}

// combine makes all cuts of several candidates that do not overlap.
func (w *Workspace) combine(p *Program, cs []candidate) (candidate, error) {
	var cuts []cut
	for _, c := range cs {
		free := len(c.cuts) > 0
		for _, x := range c.cuts {
			for _, y := range cuts {
				if x.lib == y.lib && x.from < y.to && y.from < x.to {
					free = false
				}
			}
		}
		if free {
			cuts = append(cuts, c.cuts...)
		}
	}
	q, err := apply(p, cuts)
	if err == nil {
		err = w.c.repair(q)
	}
	return candidate{q, p, cuts}, err
}

// apply makes cuts that do not overlap.
func apply(p *Program, cuts []cut) (*Program, error) {
	cuts = append([]cut(nil), cuts...)
	sort.Slice(cuts, func(i, j int) bool { return cuts[i].from > cuts[j].from })
	q := &Program{Number: p.Number, Main: p.Main, Lib: p.Lib}
	for _, c := range cuts {
		text := &q.Main
		if c.lib {
			text = &q.Lib
		}
		*text = (*text)[:c.from] + c.text + (*text)[c.to:]
	}
	if _, err := parser.ParseFile(token.NewFileSet(), "", "package p\n"+q.Main, parser.SkipObjectResolution); err != nil {
		return nil, err
	}
	return q, nil
}

// cutter finds the edits of one text.
type cutter struct {
	text string
	lib  bool
	out  [][]cut
}

const cutterPrefix = "package p\n"

func cutsOf(text string, lib bool) [][]cut {
	f, err := parser.ParseFile(token.NewFileSet(), "", cutterPrefix+text, parser.SkipObjectResolution)
	if err != nil {
		return nil
	}
	c := &cutter{text: text, lib: lib}
	for _, d := range f.Decls {
		c.remove(d.Pos(), d.End())
	}
	ast.Inspect(f, func(n ast.Node) bool {
		if n != nil {
			c.visit(n)
		}
		return true
	})
	return c.out
}

// at is the offset of a position in the text.
func (c *cutter) at(p token.Pos) int { return int(p) - 1 - len(cutterPrefix) }

func (c *cutter) slice(from, to token.Pos) string { return c.text[c.at(from):c.at(to)] }

func (c *cutter) replace(from, to token.Pos, text string) {
	if c.slice(from, to) != text {
		c.out = append(c.out, []cut{{c.lib, c.at(from), c.at(to), text}})
	}
}

func (c *cutter) remove(from, to token.Pos) { c.replace(from, to, "") }

// inner is the text between the braces of a block.
func (c *cutter) inner(b *ast.BlockStmt) string { return c.slice(b.Lbrace+1, b.Rbrace) }

func (c *cutter) visit(n ast.Node) {
	if list := stmtList(n); len(list) > 0 {
		for _, s := range list {
			c.remove(s.Pos(), s.End())
		}
		for n := len(list) / 2; n > 1; n /= 2 {
			for i := 0; i+n <= len(list); i += n {
				c.remove(list[i].Pos(), list[i+n-1].End())
			}
		}
	}
	switch n := n.(type) {
	case *ast.FuncDecl:
		c.withoutResults(n)
	case *ast.IfStmt:
		init := ""
		if n.Init != nil {
			init = c.slice(n.Init.Pos(), n.Init.End()) + "\n"
		}
		c.replace(n.Pos(), n.End(), init+c.inner(n.Body))
		if n.Else != nil {
			c.remove(n.Body.End(), n.Else.End())
			if b, ok := n.Else.(*ast.BlockStmt); ok {
				c.replace(n.Pos(), n.End(), init+c.inner(b))
			}
		}
		c.replace(n.If, n.Body.Lbrace, "if d.B() ")
	case *ast.ForStmt:
		c.replace(n.Pos(), n.End(), c.inner(n.Body))
		c.replace(n.For, n.Body.Lbrace, "for d.More() ")
	case *ast.RangeStmt:
		c.replace(n.Pos(), n.End(), c.inner(n.Body))
		c.replace(n.For, n.Body.Lbrace, "for d.More() ")
	case *ast.SwitchStmt:
		for _, s := range n.Body.List {
			cc := s.(*ast.CaseClause)
			c.remove(cc.Pos(), cc.End())
			if len(cc.Body) > 0 {
				body := c.slice(cc.Body[0].Pos(), cc.Body[len(cc.Body)-1].End())
				c.replace(n.Pos(), n.End(), body)
				c.replace(n.Pos(), n.End(), "if d.B() {\n"+body+"\n}")
			}
		}
	case *ast.BinaryExpr:
		c.replace(n.Pos(), n.End(), c.slice(n.X.Pos(), n.X.End()))
		c.replace(n.Pos(), n.End(), c.slice(n.Y.Pos(), n.Y.End()))
	case *ast.UnaryExpr:
		if n.Op == token.NOT {
			c.replace(n.Pos(), n.End(), c.slice(n.X.Pos(), n.X.End()))
		}
	case *ast.DeferStmt:
		if lit, ok := n.Call.Fun.(*ast.FuncLit); ok && len(lit.Body.List) == 1 {
			if e, ok := lit.Body.List[0].(*ast.ExprStmt); ok {
				c.replace(n.Call.Pos(), n.Call.End(), c.slice(e.Pos(), e.End()))
			}
		}
	case *ast.ExprStmt:
		if call, ok := n.X.(*ast.CallExpr); ok {
			if lit, ok := call.Fun.(*ast.FuncLit); ok {
				c.replace(n.Pos(), n.End(), c.inner(lit.Body))
			}
		}
	case *ast.CompositeLit:
		for _, e := range n.Elts {
			to := c.at(e.End())
			if strings.HasPrefix(c.text[to:], ",") {
				to++
			}
			c.out = append(c.out, []cut{{c.lib, c.at(e.Pos()), to, ""}})
		}
	}
}

// withoutResults takes the results of a function away.
func (c *cutter) withoutResults(f *ast.FuncDecl) {
	r := f.Type.Results
	if r == nil || len(r.List) == 0 || !strings.HasPrefix(f.Name.Name, "F_") {
		return
	}
	cuts := []cut{{c.lib, c.at(r.Pos()), c.at(r.End()), ""}}
	ast.Inspect(f.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			cuts = append(cuts, cut{c.lib, c.at(n.Pos()), c.at(n.End()), "return"})
		}
		return true
	})
	c.out = append(c.out, cuts)
}
