package why

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
	"time"

	"golang.org/x/tools/go/analysis"

	"github.com/redislint/redislint/internal/lifetime"
	"github.com/redislint/redislint/internal/options"
	"github.com/redislint/redislint/internal/program"
)

// The categories of what is told besides the accounts of what is opened.
const (
	ofCall     = "call"     // a call that opens nothing
	ofSettings = "settings" // what a client is opened with
	ofScope    = "scope"    // a callback of a scope
)

// calls describes each call of a library that opens nothing. Of calls in one line
// about which nothing is known, such as those that build a command, there is
// nothing to say beside the others.
func calls(pass *analysis.Pass, prog *program.Program, result *lifetime.Result) {
	if prog.Table == nil {
		return
	}
	opens := map[ast.Node]bool{}
	for _, r := range result.Resources {
		opens[r.Call] = true
	}
	known := map[token.Position]bool{} // lines with a call that has a role
	var dull []analysis.Diagnostic
	line := func(pos token.Pos) token.Position {
		p := pass.Fset.Position(pos)
		return token.Position{Filename: p.Filename, Line: p.Line}
	}
	for _, f := range pass.Files {
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || opens[call] {
				return true
			}
			fn := callee(pass.TypesInfo, call)
			if fn == nil || fn.Pkg() == nil || !prog.Table.Covers(fn.Pkg().Path()) {
				return true
			}
			text, ok := role(prog, fn)
			d := analysis.Diagnostic{Pos: call.Pos(), End: call.End(), Category: ofCall, Message: types.ExprString(call.Fun) + " opens " + text}
			if !ok {
				dull = append(dull, d)
				return true
			}
			known[line(d.Pos)] = true
			pass.Report(d)
			return true
		})
	}
	for _, d := range dull {
		if !known[line(d.Pos)] {
			pass.Report(d)
		}
	}
}

// callee is the function or method that a call names, or nil.
func callee(info *types.Info, call *ast.CallExpr) *types.Func {
	var id *ast.Ident
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		id = fun
	case *ast.SelectorExpr:
		id = fun.Sel
	default:
		return nil
	}
	fn, _ := info.Uses[id].(*types.Func)
	return fn
}

// role describes a call of a library: "nothing: it runs a Redis command". It
// returns false if there is no more to say than that it opens nothing.
func role(prog *program.Program, fn *types.Func) (string, bool) {
	row := prog.Table.Func(fn)
	switch {
	case row == nil:
		return "nothing: it is not known", false
	case len(row.Opens) > 0:
		return "something that is not tracked here", true
	case len(row.Releases) > 0:
		return "nothing: it closes its receiver or argument", true
	case len(row.Lends) > 0:
		return "nothing: its result belongs to something else", true
	case len(row.Aliases)+len(row.Derives) > 0:
		return "nothing: its result is a handle on its receiver or argument", true
	case len(row.Commands) > 0 || prog.Table.Command(fn):
		return "nothing: it runs a Redis command", true
	}
	return "nothing", false
}

// text is a value as a person writes it.
func text(x options.Setting, v options.Value) string {
	if n, ok := options.Int(v); ok && n > 0 && x.Role.Timeout() {
		if x.Seconds {
			return (time.Duration(n) * time.Second).String()
		}
		return time.Duration(n).String()
	}
	return v.Const.String()
}

// settings tells with which settings a client is opened.
func settings(set *options.Set) analysis.Diagnostic {
	d := analysis.Diagnostic{Pos: set.Pos, End: set.End, Category: ofSettings}
	var known, unknown []string
	for _, x := range set.Settings {
		name := x.Name()
		if name == "" {
			continue
		}
		if !x.Known {
			unknown = append(unknown, name)
			continue
		}
		var values []string
		for _, v := range x.Values {
			switch {
			case v.Set() && v.Const != nil:
				values = append(values, text(x, v))
			case x.Stands && x.Default != "":
				values = append(values, x.Default+" by default")
			default:
				values = append(values, "not set")
			}
		}
		known = append(known, name+" is "+strings.Join(values, " or "))
	}
	d.Message = set.Subject + " opens a client with these settings: " + strings.Join(known, ", ")
	if len(known) == 0 {
		d.Message = set.Subject + " opens a client with settings that are not known here"
	}
	if len(unknown) > 0 && len(known) > 0 {
		d.Message += "; not known: " + strings.Join(unknown, ", ")
	}
	return d
}
