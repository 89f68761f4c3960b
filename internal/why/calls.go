package why

import (
	"go/ast"
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
)

// calls tells of each call of a library, other than those that open something,
// what it is taken for.
func calls(pass *analysis.Pass, prog *program.Program, result *lifetime.Result) {
	if prog.Table == nil {
		return
	}
	opens := map[ast.Node]bool{}
	for _, r := range result.Resources {
		opens[r.Call] = true
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
			pass.Report(analysis.Diagnostic{Pos: call.Pos(), End: call.End(), Category: ofCall, Message: role(prog, fn, call)})
			return true
		})
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

// role says what a call of a library is taken for.
func role(prog *program.Program, fn *types.Func, call *ast.CallExpr) string {
	name := types.ExprString(call.Fun)
	row := prog.Table.Func(fn)
	switch {
	case row == nil:
		return name + " opens nothing: nothing is known of it"
	case len(row.Opens) > 0:
		return name + " opens something, of which nothing is followed here"
	case len(row.Releases) > 0:
		return name + " opens nothing: it releases what it is called on or given"
	case len(row.Lends) > 0:
		return name + " opens nothing: its result belongs to something else"
	case len(row.Aliases)+len(row.Derives) > 0:
		return name + " opens nothing: its result is a handle on what it is called on or given"
	case len(row.Commands) > 0 || prog.Table.Command(fn):
		return name + " opens nothing: it issues a Redis command"
	}
	return name + " opens nothing: no row says that it does"
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
