package driver

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/redislint/redislint/internal/config"
)

// This file finds out whether what a person has named is there: rules that run
// nowhere, and packages, functions and rows that match nothing. Silence would
// look like an answer.

// unmatched lists what flags name and nothing is, and what is to be said of
// rules that ran nowhere. It looks only where the whole workspace is in the
// graph, since a part of it may well lack what the rest has.
func (c *call) unmatched(l *loader, nodes []*node, patterns []string) []string {
	if !c.wholeWorkspace(patterns) {
		return nil
	}
	var texts []string
	if f := c.fs.Lookup("exclude"); f != nil && c.settings.given["exclude"] {
		for _, pattern := range listed(f.Value.String()) {
			if !slices.ContainsFunc(nodes, func(n *node) bool { return n.matches(pattern) }) {
				texts = append(texts, fmt.Sprintf("-exclude: %q matches no package and no file; it is an import path, in which ... matches any text", pattern))
			}
		}
	}
	if f := c.fs.Lookup("scope.funcs"); f != nil {
		for _, name := range listed(f.Value.String()) {
			if s, ok := symbolOf(name); ok && l.lacks(nodes, s) {
				texts = append(texts, fmt.Sprintf("scope.funcs: there is no %s in what is checked", name))
			}
		}
	}
	if c.tool.Symbols != nil {
		for _, s := range c.tool.Symbols(c.extra()) {
			if l.lacks(nodes, s) {
				texts = append(texts, fmt.Sprintf("extra: there is no %s in what is checked", s.Text))
			}
		}
	}
	return slices.Compact(texts)
}

// listed splits the value of a flag that takes several.
func listed(value string) []string {
	var list []string
	for item := range strings.SplitSeq(value, ",") {
		if item = strings.TrimSpace(item); item != "" {
			list = append(list, item)
		}
	}
	return list
}

// matches reports whether a pattern stands for a package or for a file of it.
func (n *node) matches(pattern string) bool {
	if config.Match(pattern, n.PkgPath) {
		return true
	}
	return slices.ContainsFunc(slices.Concat(n.GoFiles, n.IgnoredFiles), func(file string) bool {
		return config.Match(pattern, path.Join(n.PkgPath, filepath.Base(file)))
	})
}

// symbolOf reads the full name of a function or method: "p/q.F", "(p/q.T).M" or
// "(*p/q.T).M".
func symbolOf(name string) (Symbol, bool) {
	s := Symbol{Text: name}
	rest := name
	if inner, ok := strings.CutPrefix(name, "("); ok {
		typ, method, ok := strings.Cut(inner, ").")
		if !ok {
			return s, false
		}
		typ = strings.TrimPrefix(typ, "*")
		dot := strings.LastIndexByte(typ, '.')
		if dot < 0 {
			return s, false
		}
		s.Path, s.Recv, s.Name = typ[:dot], typ[dot+1:], method
		return s, true
	}
	dot := strings.LastIndexByte(rest, '.')
	if dot < 0 {
		return s, false
	}
	s.Path, s.Name = rest[:dot], rest[dot+1:]
	return s, true
}

// lacks reports whether nothing has the name of a symbol: its package is not in
// the graph, or does not declare it. Names are looked for in the source, since
// packages of which results are kept are not loaded; types are asked only for
// methods that a type has from elsewhere.
func (l *loader) lacks(nodes []*node, s Symbol) bool {
	for _, n := range nodes {
		if n.PkgPath != s.Path {
			continue
		}
		if len(n.errs)+len(n.Errors) > 0 || s.Recv == "" && (s.Name == "" || s.Name == "*") {
			return false
		}
		written, holder := l.written(n, s)
		if written {
			return false
		}
		if !holder {
			continue
		}
		if l.load(n); n.types == nil || !n.types.Complete() || len(n.errs) > 0 {
			return false
		}
		if typ, ok := n.types.Scope().Lookup(s.Recv).(*types.TypeName); ok {
			if obj, _, _ := types.LookupFieldOrMethod(typ.Type(), true, n.types, s.Name); obj != nil {
				return false
			}
		}
	}
	return true
}

// written reports whether a symbol is declared in the source of a package, and
// whether the type is that it is a method of.
func (l *loader) written(n *node, s Symbol) (symbol, holder bool) {
	for _, name := range n.GoFiles {
		src, err := n.source(name)
		if err != nil {
			return true, true // there is nothing to be said
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, skim(src), parser.SkipObjectResolution)
		if err != nil {
			return true, true
		}
		for _, decl := range f.Decls {
			fn, method := decl.(*ast.FuncDecl)
			method = method && fn.Recv != nil
			names := declaredNames(decl) // of a method its type's
			symbol = symbol || method && fn.Name.Name == s.Name && slices.Contains(names, s.Recv) ||
				!method && s.Recv == "" && slices.Contains(names, s.Name)
			holder = holder || !method && s.Recv != "" && slices.Contains(names, s.Recv)
		}
	}
	return symbol, holder
}

// named lists the rules that a person asks for by name.
func (c *call) named() []*analysis.Analyzer {
	var list []*analysis.Analyzer
	for _, a := range c.analyzers {
		if s := c.on[a]; s != nil && *s == yes {
			list = append(list, a)
		}
	}
	return list
}

// idle lists the rules that a person has named and that ran in no package that
// was analysed.
func (c *call) idle(nodes []*node) []*analysis.Analyzer {
	var list []*analysis.Analyzer
	for _, a := range c.named() {
		ran, left := false, false
		for _, n := range nodes {
			for _, r := range n.outcome.results {
				if r.analyzer == a {
					ran, left = ran || !r.left, left || r.left
				}
			}
		}
		if left && !ran {
			list = append(list, a)
		}
	}
	return list
}

// contradictions says of rules that ran nowhere why. Where a person has named
// both the rule and the profile it is an error; where the code decided, it is
// news.
func (c *call) contradictions(w *writer, nodes []*node) []string {
	f := c.fs.Lookup(profileFlag)
	if f == nil {
		return nil
	}
	var texts []string
	for _, a := range c.idle(nodes) {
		text := fmt.Sprintf("%s did not run: the profile of these packages (%s) leaves it out; see %s explain %s", a.Name, f.Value, c.tool.Name, a.Name)
		if c.programs == nil && c.settings.given[profileFlag] {
			texts = append(texts, text)
		} else {
			w.say("%s", text)
		}
	}
	return texts
}
