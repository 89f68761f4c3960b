package scope

import (
	"go/constant"
	"go/token"
	"go/types"
	"strings"

	"github.com/redislint/redislint/internal/redisapi"
	"golang.org/x/tools/go/ssa"
)

// An act is a call of a function whose conduct is known.
type act struct {
	call    ssa.CallInstruction
	obj     *types.Func
	conduct *redisapi.Conduct
}

// note remembers a call for the questions about time, goroutines and logs.
func (g *graph) note(fn *ssa.Function, call ssa.CallInstruction) {
	c := call.Common()
	if f := callee(c); f != nil && g.lives.HasBody(f) {
		g.bodies[fn] = append(g.bodies[fn], call)
		return
	}
	obj := called(c)
	if obj == nil {
		return
	}
	if known := g.conduct(obj); known != nil {
		g.acts[fn] = append(g.acts[fn], act{call, obj, known})
		g.bounds = g.bounds || known.Bounds
	} else if !c.IsInvoke() && obj.Pkg() != nil && obj.Pkg() != g.pass.Pkg {
		g.foreigns[fn] = append(g.foreigns[fn], call)
	}
}

// conduct is what is known of the conduct of a function without a body here.
func (g *graph) conduct(obj *types.Func) *redisapi.Conduct {
	obj = obj.Origin()
	known, ok := g.conducts[obj]
	if !ok {
		known = g.table.Conduct(obj)
		if known == nil && g.roundTrips(obj.Signature()) {
			known = &redisapi.Conduct{Slow: true, Names: -1}
		}
		g.conducts[obj] = known
	}
	return known
}

// roundTrips reports whether a call of a function of a signature is a remote
// procedure's: its options say so.
func (g *graph) roundTrips(sig *types.Signature) bool {
	if !sig.Variadic() {
		return false
	}
	s, ok := sig.Params().At(sig.Params().Len() - 1).Type().(*types.Slice)
	if !ok {
		return false
	}
	n, ok := types.Unalias(s.Elem()).(*types.Named)
	return ok && g.table.RoundTrips(n.Obj())
}

// called is the function or method that a call names, or nil.
func called(c *ssa.CallCommon) *types.Func {
	if c.IsInvoke() {
		return c.Method
	}
	f := c.StaticCallee()
	if f == nil {
		return nil
	}
	obj, _ := f.Object().(*types.Func)
	return obj
}

// shortName names a function in a message: "time.Sleep", "http.Client.Do".
func shortName(obj *types.Func) string {
	name := obj.Name()
	if recv := obj.Signature().Recv(); recv != nil {
		if n := namedType(recv.Type()); n != nil && n.Obj().Exported() {
			name = n.Obj().Name() + "." + name
		}
	}
	if obj.Pkg() != nil {
		name = obj.Pkg().Name() + "." + name
	}
	return name
}

// isGo reports whether a call starts a goroutine.
func isGo(call ssa.CallInstruction) bool {
	_, ok := call.(*ssa.Go)
	return ok
}

// variadic returns what is in the slice that the compiler makes of the last
// arguments of a call, and false if the slice was there before.
func variadic(v ssa.Value) ([]ssa.Value, bool) {
	if c, ok := v.(*ssa.Const); ok && c.IsNil() {
		return nil, true
	}
	s, ok := v.(*ssa.Slice)
	if !ok {
		return nil, false
	}
	a, ok := s.X.(*ssa.Alloc)
	if !ok || a.Comment != "varargs" {
		return nil, false
	}
	array, ok := a.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Array)
	if !ok {
		return nil, false
	}
	list := make([]ssa.Value, array.Len())
	for _, ref := range *a.Referrers() {
		addr, ok := ref.(*ssa.IndexAddr)
		if !ok {
			continue
		}
		i, ok := addr.Index.(*ssa.Const)
		if !ok || i.Int64() < 0 || i.Int64() >= array.Len() {
			return nil, false
		}
		for _, use := range *addr.Referrers() {
			if st, ok := use.(*ssa.Store); ok {
				list[i.Int64()] = st.Val
			}
		}
	}
	for _, v := range list {
		if v == nil {
			return nil, false
		}
	}
	return list, true
}

// constantOf is the constant that a value is, boxed or converted or not, or nil.
func constantOf(v ssa.Value) constant.Value {
	for {
		switch x := v.(type) {
		case *ssa.MakeInterface:
			v = x.X
		case *ssa.Convert:
			v = x.X
		case *ssa.ChangeType:
			v = x.X
		case *ssa.Const:
			return x.Value
		default:
			return nil
		}
	}
}

// text is an argument of a command as the protocol writes it, or "?".
func text(v ssa.Value) string {
	c := constantOf(v)
	if c == nil {
		return "?"
	}
	if c.Kind() == constant.String {
		return constant.StringVal(c)
	}
	return c.ExactString()
}

// loops says which blocks of a function can be reached from themselves.
func (g *graph) loops(fn *ssa.Function) []bool {
	if r, ok := g.looping[fn]; ok {
		return r
	}
	r := make([]bool, len(fn.Blocks))
	for _, b := range fn.Blocks {
		r[b.Index] = reaches(b, b)
	}
	g.looping[fn] = r
	return r
}

// reaches reports whether a path leads from the end of one block to another.
func reaches(from, to *ssa.BasicBlock) bool {
	seen := make([]bool, len(from.Parent().Blocks))
	work := append([]*ssa.BasicBlock(nil), from.Succs...)
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if b == to {
			return true
		}
		if !seen[b.Index] {
			seen[b.Index] = true
			work = append(work, b.Succs...)
		}
	}
	return false
}

// after reports whether an instruction can run once another one has.
func after(later, earlier ssa.Instruction) bool {
	a, b := earlier.Block(), later.Block()
	if a == b {
		for _, instr := range a.Instrs {
			if instr == earlier {
				return true
			}
			if instr == later {
				break
			}
		}
	}
	return reaches(a, b)
}

// binding returns what a captured variable is in the function around its
// literal, or nil.
func binding(v *ssa.FreeVar) ssa.Value {
	fn := v.Parent()
	if fn.Parent() == nil {
		return nil
	}
	for _, b := range fn.Parent().Blocks {
		for _, instr := range b.Instrs {
			c, ok := instr.(*ssa.MakeClosure)
			if !ok || c.Fn != fn {
				continue
			}
			for i, f := range fn.FreeVars {
				if f == v {
					return c.Bindings[i]
				}
			}
		}
	}
	return nil
}

// only returns the one value that is ever assigned to what a value is loaded
// from, and the value itself if it is no load. It sees through captured
// variables. It returns nil if there are several.
func only(v ssa.Value) ssa.Value {
	for range maxContainers {
		if f, ok := v.(*ssa.FreeVar); ok {
			if v = binding(f); v == nil {
				return nil
			}
			continue
		}
		load, ok := v.(*ssa.UnOp)
		if !ok || load.Op != token.MUL {
			return v
		}
		addr := load.X
		for range maxContainers {
			f, ok := addr.(*ssa.FreeVar)
			if !ok {
				break
			}
			addr = binding(f)
		}
		a, ok := addr.(*ssa.Alloc)
		if !ok {
			return v
		}
		stored := storesTo(a)
		if len(stored) != 1 {
			return nil
		}
		v = stored[0]
	}
	return nil
}

// storesTo returns what is assigned to a variable, in its function and in the
// literals that capture it.
func storesTo(addr ssa.Value) []ssa.Value {
	var list []ssa.Value
	for _, ref := range *addr.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref.Addr == addr {
				list = append(list, ref.Val)
			}
		case *ssa.MakeClosure:
			for i, b := range ref.Bindings {
				if b == addr {
					list = append(list, storesTo(ref.Fn.(*ssa.Function).FreeVars[i])...)
				}
			}
		}
	}
	return list
}

// inTest reports whether a position is in a test file.
func (g *graph) inTest(pos token.Pos) bool {
	return strings.HasSuffix(g.pass.Fset.Position(pos).Filename, "_test.go")
}
