package evidence

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"

	"github.com/redislint/redislint/internal/redisapi"
)

// limit bounds the functions that one walk visits. What a program of that size
// is has shown long before.
const limit = 50_000

// A walker goes through what one program runs, nearest first.
type walker struct {
	w          *World
	serverless bool // an entry point may be found, so the walk goes on
	found      Evidence
	queue      []task
	seen       map[ast.Node]bool // functions and values that are in the queue, or were
	async      map[ast.Node]bool // those that were queued as a goroutine's
	opened     map[*index]bool   // packages whose code runs
	packages   []*index          // the same, in order
	unknown    map[string]bool   // names of methods that a value of an unknown type was asked for; true: not by a goroutine alone
}

// A task is a body to look at.
type task struct {
	node  ast.Node
	file  *file
	fn    *fn  // the function around it, or nil
	async bool // a goroutine runs it
}

func (w *World) walk(p *Package, serverless bool) Evidence {
	idx := w.index(p.Path)
	if idx == nil {
		return Evidence{}
	}
	x := &walker{w: w, serverless: serverless, seen: map[ast.Node]bool{}, async: map[ast.Node]bool{}, opened: map[*index]bool{}, unknown: map[string]bool{}}
	x.open(idx)
	if p.Name == "main" {
		x.call(idx.funcs["main"], false)
	}
	for n := 0; len(x.queue) > 0 && n < limit; n++ {
		t := x.queue[0]
		x.queue = x.queue[1:]
		x.look(t)
		if x.done() {
			break
		}
	}
	return x.found
}

func (x *walker) done() bool {
	return x.found.Kind == Serverless || x.found.Kind == Service && !x.serverless
}

// find notes evidence. The first of a kind is what counts.
func (x *walker) find(kind Kind, what string, pos token.Pos) {
	if kind > x.found.Kind {
		x.found = Evidence{kind, what, pos}
	}
}

// open queues what a package runs before main.
func (x *walker) open(idx *index) {
	if idx == nil || x.opened[idx] {
		return
	}
	x.opened[idx] = true
	x.packages = append(x.packages, idx)
	for _, v := range idx.vars {
		x.queue = append(x.queue, task{node: v.expr, file: v.file})
	}
	for _, f := range idx.inits {
		x.call(f, false)
	}
	for _, name := range slices.Sorted(maps.Keys(x.unknown)) {
		x.methods(idx, name, !x.unknown[name])
	}
}

// ask queues what a method of a value of an unknown type may be: one of that
// name, of any package whose code runs, now or later.
func (x *walker) ask(name string, async bool) {
	if known, ok := x.unknown[name]; ok && (known || async) {
		return
	}
	x.unknown[name] = !async
	for _, idx := range slices.Clone(x.packages) {
		x.methods(idx, name, async)
	}
}

func (x *walker) methods(idx *index, name string, async bool) {
	for _, m := range idx.methods[name] {
		x.call(m, async)
	}
}

// call queues the body of a function. One that is called and started as a
// goroutine is looked at twice.
func (x *walker) call(f *fn, async bool) {
	if f == nil || f.decl.Body == nil || x.seen[f.decl] || async && x.async[f.decl] {
		return
	}
	if async {
		x.async[f.decl] = true
	} else {
		x.seen[f.decl] = true
	}
	x.open(f.file.idx)
	x.queue = append(x.queue, task{f.decl.Body, f.file, f, async})
}

// look looks at one body.
func (x *walker) look(t task) {
	b := &body{walker: x, task: t, locals: map[string]origins{}}
	if t.fn != nil {
		b.params(t.fn.decl.Recv)
		b.params(t.fn.decl.Type.Params)
	}
	b.declare()
	b.visit(t.node, t.async, false)
}

// A body is one that is looked at, with what its local names stand for.
type body struct {
	*walker
	task
	locals map[string]origins
	waits  map[string]bool // channels that signals are sent on, contexts that end by them
}

func (b *body) params(list *ast.FieldList) {
	if list == nil {
		return
	}
	for _, f := range list.List {
		for _, name := range f.Names {
			b.local(name.Name, b.file.typed(f.Type))
		}
	}
}

// local notes what a name stands for. Two that have the same name are taken
// for one that may be either.
func (b *body) local(name string, o origins) {
	all := b.locals[name]
	all.add(o)
	b.locals[name] = all
}

// declare finds the local variables, and who waits for signals.
func (b *body) declare() {
	ast.Inspect(b.node, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			b.params(n.Type.Params)
		case *ast.AssignStmt:
			if len(n.Lhs) >= len(n.Rhs) && len(n.Rhs) > 0 {
				for i, l := range n.Lhs {
					id, ok := l.(*ast.Ident)
					if !ok || i >= len(n.Rhs) && i > 0 {
						continue
					}
					if n.Tok == token.DEFINE {
						b.local(id.Name, b.originOf(n.Rhs[i], 0))
					}
					if b.calls(n.Rhs[i], "os/signal", "NotifyContext") {
						b.wait(id.Name)
					}
				}
			}
		case *ast.ValueSpec:
			for i, name := range n.Names {
				switch {
				case n.Type != nil:
					b.local(name.Name, b.file.typed(n.Type))
				case i < len(n.Values):
					b.local(name.Name, b.originOf(n.Values[i], 0))
				}
			}
		case *ast.RangeStmt:
			if id, ok := n.Value.(*ast.Ident); ok && n.Tok == token.DEFINE {
				b.local(id.Name, b.originOf(n.X, 0))
			}
		case *ast.CallExpr:
			if b.calls(n, "os/signal", "Notify") && len(n.Args) > 0 {
				b.wait(types.ExprString(n.Args[0]))
			}
		}
		return true
	})
}

func (b *body) wait(name string) {
	if b.waits == nil {
		b.waits = map[string]bool{}
	}
	b.waits[name] = true
}

// calls reports whether an expression calls a function of a package.
func (b *body) calls(e ast.Expr, path, name string) bool {
	call, ok := e.(*ast.CallExpr)
	if !ok {
		return false
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != name {
		return false
	}
	id, ok := sel.X.(*ast.Ident)
	return ok && b.file.imports[id.Name] == path
}

// originOf is where the type of an expression comes from. depth bounds the
// chain of calls that is followed.
func (b *body) originOf(e ast.Expr, depth int) origins {
	if depth > 8 {
		return nil
	}
	switch e := e.(type) {
	case *ast.Ident:
		if o, ok := b.locals[e.Name]; ok {
			return o
		}
		return b.file.idx.of[e.Name]
	case *ast.ParenExpr:
		return b.originOf(e.X, depth+1)
	case *ast.UnaryExpr:
		return b.originOf(e.X, depth+1)
	case *ast.StarExpr:
		return b.originOf(e.X, depth+1)
	case *ast.IndexExpr:
		return b.originOf(e.X, depth+1)
	case *ast.CompositeLit:
		if e.Type != nil {
			return b.file.typed(e.Type)
		}
	case *ast.TypeAssertExpr:
		if e.Type != nil {
			return b.file.typed(e.Type)
		}
	case *ast.SelectorExpr:
		if path := b.imported(e.X); path != "" {
			if idx := b.w.index(path); idx != nil {
				return idx.of[e.Sel.Name]
			}
			return one(path)
		}
		return b.member(b.originOf(e.X, depth+1), e.Sel.Name, func(idx *index) origins { return idx.fields[e.Sel.Name] })
	case *ast.CallExpr:
		switch f := e.Fun.(type) {
		case *ast.Ident:
			switch {
			case (f.Name == "new" || f.Name == "make") && len(e.Args) > 0:
				return b.file.typed(e.Args[0])
			case b.file.idx.funcs[f.Name] != nil:
				return b.file.idx.results[f.Name]
			}
		case *ast.SelectorExpr:
			result := func(idx *index) origins { return idx.results[f.Sel.Name] }
			if path := b.imported(f.X); path != "" {
				if idx := b.w.index(path); idx != nil {
					return result(idx)
				}
				return one(path)
			}
			return b.member(b.originOf(f.X, depth+1), f.Sel.Name, result)
		}
	}
	return nil
}

// member is the origin of a field or of a result of a method. What another
// package's method returns is mostly that package's.
func (b *body) member(of origins, name string, in func(*index) origins) origins {
	var found origins
	for path := range of {
		idx := b.w.index(path)
		if idx == nil {
			found.add(one(path))
			continue
		}
		found.add(in(idx))
	}
	if of == nil {
		found.add(in(b.file.idx))
	}
	return found
}

// imported is the import path that an expression names, or "".
func (b *body) imported(e ast.Expr) string {
	id, ok := e.(*ast.Ident)
	if !ok {
		return ""
	}
	return b.file.imports[id.Name]
}

// visit walks a body. async: a goroutine runs it; loop: it is in a loop.
func (b *body) visit(n ast.Node, async, loop bool) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			b.visit(n.Call, true, loop)
			return false
		case *ast.ForStmt:
			if n.Cond == nil && !async && endless(n) {
				b.find(Service, "an endless loop", n.Pos())
			}
			if !loop {
				b.visit(n, async, true)
				return false
			}
		case *ast.RangeStmt:
			if !async && b.ticks(n.X) {
				b.find(Service, "a loop over a ticker", n.Pos())
			}
		case *ast.SelectStmt:
			if len(n.Body.List) == 0 && !async {
				b.find(Service, "select {}", n.Pos())
			}
		case *ast.ExprStmt:
			if !async && untilDone(n.X) {
				b.find(Service, types.ExprString(n.X), n.Pos())
			}
		case *ast.UnaryExpr:
			if n.Op == token.ARROW && !async && b.awaited(n.X) {
				b.find(Service, "waiting for a signal", n.Pos())
			}
		case *ast.CallExpr:
			if sel, ok := n.Fun.(*ast.SelectorExpr); ok && loop && sel.Sel.Name == "Accept" && len(n.Args) == 0 && b.imported(sel.X) == "" {
				b.find(Service, "an accept loop", n.Pos())
			}
		case *ast.SelectorExpr:
			b.selector(n, async)
			b.visit(n.X, async, loop)
			return false
		case *ast.KeyValueExpr:
			// A key of a struct literal is no variable.
			b.visit(n.Value, async, loop)
			return false
		case *ast.Ident:
			b.call(b.file.idx.funcs[n.Name], async)
		}
		return true
	})
}

// awaited reports whether what is received from gets signals.
func (b *body) awaited(e ast.Expr) bool {
	if call, ok := e.(*ast.CallExpr); ok {
		if sel, ok := call.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == "Done" {
			return b.waits[types.ExprString(sel.X)]
		}
		return false
	}
	return b.waits[types.ExprString(e)]
}

// ticks reports whether an expression is the channel of a ticker.
func (b *body) ticks(e ast.Expr) bool {
	if b.calls(e, "time", "Tick") {
		return true
	}
	sel, ok := e.(*ast.SelectorExpr)
	return ok && sel.Sel.Name == "C" && b.originOf(sel.X, 0)["time"]
}

// selector looks at a name that another package or a value has: a function
// that is called, or a func value that somebody will call.
func (b *body) selector(sel *ast.SelectorExpr, async bool) {
	name := sel.Sel.Name
	if path := b.imported(sel.X); path != "" {
		idx := b.w.index(path)
		if b.started(path, name, false, sel) || idx == nil {
			return // a row says more than a body does
		}
		if f := idx.funcs[name]; f != nil {
			b.call(f, async)
			return
		}
		if _, ok := idx.of[name]; ok {
			b.open(idx)
			return
		}
		if _, ok := b.locals[sel.X.(*ast.Ident).Name]; !ok {
			return // a type or constant
		}
	}
	of := b.originOf(sel.X, 0)
	found := false
	for path := range of {
		idx := b.w.index(path)
		if b.started(path, name, true, sel) || idx == nil {
			found = true
			continue
		}
		found = found || len(idx.methods[name]) > 0
		b.methods(idx, name, async)
		for path := range idx.embeds {
			if b.w.index(path) == nil {
				b.started(path, name, true, sel)
			}
		}
	}
	if found {
		return
	}
	if of == nil {
		for _, path := range slices.Sorted(maps.Values(b.file.imports)) {
			if b.w.index(path) == nil {
				b.started(path, name, true, sel)
			}
		}
	}
	b.ask(name, async)
}

// started notes what a function or method begins of which a row says so, and
// reports whether there is such a row.
func (b *body) started(path, name string, method bool, sel *ast.SelectorExpr) bool {
	some := false
	for _, s := range b.w.starts(path)[name] {
		if (s.Recv != "") != method {
			continue
		}
		kind := Service
		if s.Serverless {
			kind = Serverless
		}
		b.find(kind, types.ExprString(sel), sel.Pos())
		some = true
	}
	return some
}

// starts are the functions of a library that start a program, by name.
func (w *World) starts(path string) map[string][]redisapi.Start {
	if m, ok := w.calls[path]; ok {
		return m
	}
	var m map[string][]redisapi.Start
	for _, s := range w.table.Starts(path) {
		if m == nil {
			m = map[string][]redisapi.Start{}
		}
		m[s.Name] = append(m[s.Name], s)
	}
	if w.calls == nil {
		w.calls = map[string]map[string][]redisapi.Start{}
	}
	w.calls[path] = m
	return m
}

// endless reports whether a loop without a condition ends only when a context
// or a channel says so, or never.
func endless(loop *ast.ForStmt) bool {
	ends := false
	var visit func(n ast.Node, inner bool) // inner: a break is about another statement
	visit = func(n ast.Node, inner bool) {
		ast.Inspect(n, func(m ast.Node) bool {
			switch m := m.(type) {
			case *ast.FuncLit:
				return false
			case *ast.ReturnStmt:
				ends = true
			case *ast.BranchStmt:
				if m.Tok == token.GOTO || m.Tok == token.BREAK && (!inner || m.Label != nil) {
					ends = true
				}
			case *ast.ForStmt, *ast.RangeStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
				if m == n {
					return true
				}
				visit(m, true)
				return false
			case *ast.CommClause:
				if told(m.Comm) {
					return false
				}
			}
			return !ends
		})
	}
	visit(loop.Body, false)
	return !ends
}

// told reports whether a statement receives from a channel that tells to stop:
// the Done of a context, or one whose name says so.
func told(stmt ast.Stmt) bool {
	s, ok := stmt.(*ast.ExprStmt)
	if !ok {
		return false
	}
	if untilDone(s.X) {
		return true
	}
	recv, ok := s.X.(*ast.UnaryExpr)
	if !ok || recv.Op != token.ARROW {
		return false
	}
	name := strings.ToLower(lastName(recv.X))
	return slices.ContainsFunc([]string{"stop", "done", "quit", "exit", "clos", "shutdown"}, func(s string) bool { return strings.Contains(name, s) })
}

// untilDone reports whether an expression waits for the end of a context.
func untilDone(e ast.Expr) bool {
	recv, ok := e.(*ast.UnaryExpr)
	if !ok || recv.Op != token.ARROW {
		return false
	}
	call, ok := recv.X.(*ast.CallExpr)
	if !ok {
		return false
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	return ok && sel.Sel.Name == "Done" && len(call.Args) == 0
}
