package options

import (
	"fmt"
	"go/constant"
	"go/types"
	"slices"
	"strconv"
	"strings"

	"github.com/redislint/redislint/internal/redisapi"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// A FuncFact says what a function does with options. Parameters are numbered
// as go/ssa numbers them: a method's receiver is parameter 0.
type FuncFact struct {
	Results []Below // what is below its results
	Changes []Below // what it leaves below its parameters
	Sinks   []Sink  // what it opens with options that it is given
}

// A Below is what a setting may be.
type Below struct {
	At     int    // the result or parameter
	Path   string // the setting
	Keeps  bool   // it may also be left as it was
	Values []Packed
}

// A Sink is a parameter that brings options, with which the function opens
// something.
type Sink struct {
	Param    int
	Path     string // where the options are in what it brings
	Settings []Below
}

// A Packed is one value that a setting may have.
type Packed struct {
	Unset   bool
	Any     bool
	Kind    int    // of the constant, as go/constant numbers it
	Const   string // as source
	IsParam bool   // it is what a parameter brings:
	Param   int    // which
	Path    string // and where in that
}

// AFact marks FuncFact as a fact.
func (*FuncFact) AFact() {}

// Exposes reports that a package is not worth a look for this fact alone: the
// types of a function tell whether its callers get at options.
func (*FuncFact) Exposes() bool { return false }

func (f *FuncFact) String() string {
	return fmt.Sprintf("%d results, %d changes, %d sinks", len(f.Results), len(f.Changes), len(f.Sinks))
}

// Analysed marks a package whose functions' facts are complete: a function
// without a fact leaves the options alone that it is given.
type Analysed struct{}

// AFact marks Analysed as a fact.
func (*Analysed) AFact() {}

// Exposes reports that a package is not worth a look for this fact alone.
func (*Analysed) Exposes() bool { return false }

func (*Analysed) String() string { return "analysed" }

// exportFacts exports what other packages need to know.
func (e *engine) exportFacts() {
	for _, fn := range e.funcs {
		obj, ok := fn.Object().(*types.Func)
		if !ok || fn.Parent() != nil || !obj.Exported() || obj.Pkg() != e.pass.Pkg {
			continue
		}
		fact := &FuncFact{}
		results := fn.Signature.Results()
		for i := range results.Len() {
			for _, name := range e.known(results.At(i).Type()) {
				e.fresh()
				vals := e.returned(fn, i, strings.Split(name, "."), 0)
				if packed, ok := pack(vals, fn); ok {
					fact.Results = append(fact.Results, Below{At: i, Path: name, Values: packed})
				}
			}
		}
		for i, p := range fn.Params {
			if pointer(p.Type()) {
				for _, name := range e.known(p.Type()) {
					fact.Changes = append(fact.Changes, e.change(fn, i, name)...)
				}
			}
			for _, s := range e.brought[p] {
				fact.Sinks = append(fact.Sinks, packSink(s, fn, i))
			}
		}
		if len(fact.Results)+len(fact.Changes)+len(fact.Sinks) > 0 {
			e.pass.ExportObjectFact(obj, fact)
		}
	}
	e.pass.ExportPackageFact(&Analysed{})
}

// known are the paths that matter below a value of a type.
func (e *engine) known(t types.Type) []string {
	name := typeName(t)
	if name == nil || name.Pkg() == nil || !e.table.Covers(name.Pkg().Path()) {
		return nil
	}
	return names(e.table.Settings(name))
}

// change is what a function leaves at a path below a parameter, if it changes
// it.
func (e *engine) change(fn *ssa.Function, i int, name string) []Below {
	path := strings.Split(name, ".")
	e.fresh()
	left := e.left(fn, i, path, 0)
	found, keeps := e.kept(left, fn.Params[i], path, func(v Value) values { return values{v} })
	if len(found) == 0 {
		return nil
	}
	packed, ok := pack(found, fn)
	if !ok {
		packed = []Packed{{Any: true}}
	}
	return []Below{{At: i, Path: name, Keeps: keeps, Values: packed}}
}

func packSink(s *sink, fn *ssa.Function, i int) Sink {
	out := Sink{Param: i, Path: strings.Join(s.from.below, ".")}
	for _, name := range sortedNames(s) {
		packed, ok := pack(s.values[name], fn)
		if !ok {
			packed = []Packed{{Any: true}}
		}
		out.Settings = append(out.Settings, Below{Path: name, Values: packed})
	}
	return out
}

func sortedNames(s *sink) []string {
	var list []string
	for name := range s.values {
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}

// pack writes values down; false if they mean nothing outside of the package.
func pack(vs values, fn *ssa.Function) ([]Packed, bool) {
	var list []Packed
	for _, v := range vs {
		switch v.kind {
		case unset:
			list = append(list, Packed{Unset: true})
		case isKnown:
			p := Packed{Kind: int(v.Const.Kind()), Const: v.Const.ExactString()}
			if v.Const.Kind() == constant.String {
				p.Const = constant.StringVal(v.Const)
			}
			list = append(list, p)
		case param:
			if v.of.Parent() != fn {
				return nil, false
			}
			list = append(list, Packed{IsParam: true, Param: slices.Index(fn.Params, v.of), Path: v.path})
		default:
			return nil, false
		}
	}
	return list, len(list) > 0
}

// unpack reads values that a fact has, as a call makes them.
func (e *engine) unpack(list []Packed, call ssa.CallInstruction, depth int) values {
	var out values
	for _, p := range list {
		switch {
		case p.Unset:
			out = out.add(noValue()...)
		case p.Any:
			out = out.add(anyValue()...)
		case p.IsParam:
			out = out.add(e.argument(call, p.Param, p.Path, depth)...)
		default:
			out = out.add(aValue(p.value()).at(call.Pos(), nil)...)
		}
	}
	return out
}

func (p Packed) value() constant.Value {
	switch constant.Kind(p.Kind) {
	case constant.String:
		return constant.MakeString(p.Const)
	case constant.Bool:
		return constant.MakeBool(p.Const == strconv.FormatBool(true))
	case constant.Int:
		if n, err := strconv.ParseInt(p.Const, 10, 64); err == nil {
			return constant.MakeInt64(n)
		}
	}
	return nil
}

// imported is a call of another package's function that opens something with
// options which it is given.
func (e *engine) imported(call ssa.CallInstruction, fact *FuncFact) {
	for _, f := range fact.Sinks {
		args := call.Common().Args
		if f.Param >= len(args) {
			continue
		}
		s := &sink{call: call, arg: args[f.Param], at: call, values: map[string]values{}}
		if f.Path != "" {
			s.below = strings.Split(f.Path, ".")
		}
		if s.settings = e.settingsAt(ssaflow.Bare(s.arg).Type(), s.below); s.settings == nil {
			continue
		}
		for _, b := range f.Settings {
			e.fresh()
			s.values[b.Path] = e.unpack(b.Values, call, 0)
		}
		s.from = e.made(s.arg, s.below, 0)
		e.add(s)
	}
}

// settingsAt are the settings of the options at a path below a type.
func (e *engine) settingsAt(t types.Type, below []string) []redisapi.Setting {
	if len(below) > 0 {
		t = fieldType(t, below)
	}
	if t == nil {
		return nil
	}
	if name := typeName(t); name != nil {
		return e.table.Settings(name)
	}
	return nil
}
