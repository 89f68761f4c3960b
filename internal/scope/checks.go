package scope

import (
	"go/types"

	"github.com/redislint/redislint/internal/redisapi"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// checks reports whether a command only asks whether the connection works, by
// a method that is named after it, or by its name as a text.
func (g *graph) checks(call ssa.CallInstruction) bool {
	obj := ssaflow.Callee(call.Common())
	if m, _ := ssaflow.MethodValue(call.Common()); m != nil {
		obj = m
	}
	if obj == nil {
		return false
	}
	if redisapi.Checks(obj.Name()) {
		return true
	}
	args := ssaflow.Args(call.Common())
	if c := g.conduct(obj); c != nil && c.Names >= 0 && c.Names < len(args) {
		return redisapi.Checks(text(args[c.Names]))
	}
	if words := onlyWords(obj.Signature()); words && len(args) > 0 {
		list, known := ssaflow.Variadic(args[len(args)-1])
		return known && len(list) > 0 && redisapi.Checks(text(list[0]))
	}
	for _, a := range args[min(1, len(args)):] {
		if name := g.commandMade(a); name != "" {
			return redisapi.Checks(name)
		}
	}
	return false
}

// onlyWords reports whether the last parameter of a method is all the words of
// a command, of any type, and there is no other but contexts.
func onlyWords(sig *types.Signature) bool {
	if !sig.Variadic() {
		return false
	}
	last := sig.Params().Len() - 1
	elem := sig.Params().At(last).Type().(*types.Slice).Elem()
	if iface, ok := elem.Underlying().(*types.Interface); !ok || !iface.Empty() {
		return false
	}
	for i := range last {
		if !ssaflow.IsContext(sig.Params().At(i).Type()) {
			return false
		}
	}
	return true
}

// commandMade is the name of a command that is a value: of the first method of
// the builder that makes it, or the first text of the function that does.
func (g *graph) commandMade(v ssa.Value) string {
	name := ""
	for range maxSteps {
		call, ok := ssaflow.Bare(v).(*ssa.Call)
		if !ok {
			return name
		}
		obj := ssaflow.Callee(&call.Call)
		if obj == nil || obj.Pkg() == nil || !g.table.Covers(obj.Pkg().Path()) {
			return name
		}
		args := ssaflow.Args(&call.Call)
		if obj.Signature().Recv() == nil {
			for _, a := range args {
				if isText(a.Type()) {
					return text(a)
				}
			}
			return ""
		}
		if g.isClient(args[0].Type()) {
			return name // the client's builder
		}
		name, v = obj.Name(), args[0]
	}
	return ""
}

// maxSteps bounds the calls that a command is built by.
const maxSteps = 16

func isText(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Kind() == types.String
}
