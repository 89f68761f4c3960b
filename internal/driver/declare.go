package driver

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
)

// declarations parses the files of a package as far as other packages can tell
// the difference: without bodies, without values of variables that have a
// type, and without imports that nothing mentions any more. Of a package that
// is not ours, what no exported declaration leads to is left out too, and
// bodies are not even parsed.
func (n *node) declarations(fset *token.FileSet) ([]*ast.File, []error) {
	files, _, errs := n.parseDeclarations(fset)
	return files, errs
}

// parseDeclarations also returns what was parsed, by file.
func (n *node) parseDeclarations(fset *token.FileSet) (files []*ast.File, texts [][]byte, errs []error) {
	for _, name := range n.GoFiles {
		src, err := n.source(name)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		if !n.ours() {
			src = skim(src)
		}
		f, err := parser.ParseFile(fset, name, src, parser.SkipObjectResolution)
		if err != nil {
			errs = append(errs, err)
		}
		prune(f)
		files, texts = append(files, f), append(texts, src)
	}
	used := shake(files, n.ours())
	for i, f := range files {
		n.dropImports(f, used[i])
	}
	return files, texts, errs
}

// prune drops bodies, and the values of variables that have a type.
func prune(f *ast.File) {
	for _, decl := range f.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			if decl.Body != nil {
				decl.Body.List = nil
			}
		case *ast.GenDecl:
			if decl.Tok != token.VAR {
				continue
			}
			decl.Specs = slices.DeleteFunc(decl.Specs, blankVar)
			for _, spec := range decl.Specs {
				if v, ok := spec.(*ast.ValueSpec); ok && v.Type != nil {
					v.Values = nil
				}
			}
			ast.Inspect(decl, func(node ast.Node) bool {
				if lit, ok := node.(*ast.FuncLit); ok {
					lit.Body.List = nil
				}
				return true
			})
		}
	}
}

// shake drops declarations that no exported one leads to, unless all are
// wanted, and returns for each file the names that are written with a dot
// behind them. Methods stay with their types: whether they are exported or
// not, they decide which interfaces the types have.
func shake(files []*ast.File, all bool) []map[string]bool {
	s := shaker{names: make(map[string]*name)}
	for i, f := range files {
		s.used = append(s.used, make(map[string]bool))
		for _, decl := range f.Decls {
			s.add(i, decl)
		}
	}
	for text, name := range s.names {
		if all || ast.IsExported(text) {
			s.lead(name)
		}
	}
	for len(s.queue) > 0 {
		name := s.queue[len(s.queue)-1]
		s.queue = s.queue[:len(s.queue)-1]
		for _, part := range name.parts {
			s.follow(part)
		}
	}
	for _, f := range files {
		f.Decls = slices.DeleteFunc(f.Decls, func(decl ast.Decl) bool {
			d, ok := decl.(*ast.GenDecl)
			if !ok || d.Tok == token.CONST {
				return !s.stays(decl)
			}
			d.Specs = slices.DeleteFunc(d.Specs, func(spec ast.Spec) bool { return !s.stays(spec) })
			return len(d.Specs) == 0
		})
	}
	return s.used
}

// part is a declaration, or one of those in parentheses.
type part struct {
	file     int
	node     ast.Node
	followed bool // what it mentions is led to; it may declare many names
}

// name is one that a package declares.
type name struct {
	parts []*part // what declares it, with the methods of a type
	led   bool
}

// shaker finds out which declarations are led to.
type shaker struct {
	names map[string]*name
	queue []*name           // led to, and not followed yet
	used  []map[string]bool // by file, the names with a dot behind them
}

func (s *shaker) add(file int, decl ast.Decl) {
	d, ok := decl.(*ast.GenDecl)
	if !ok || d.Tok == token.CONST {
		// The constants of a declaration count on from one another.
		s.declare(&part{file: file, node: decl}, declaredNames(decl)...)
		return
	}
	for _, spec := range d.Specs {
		p := &part{file: file, node: spec}
		s.declare(p, declaredNames(spec)...)
		if t, ok := spec.(*ast.TypeSpec); ok && t.Assign.IsValid() {
			// A receiver may be written as an alias.
			s.declare(p, receiverName(t.Type))
		}
	}
}

func (s *shaker) declare(p *part, names ...string) {
	for _, text := range names {
		n := s.names[text]
		if n == nil {
			n = new(name)
			s.names[text] = n
		}
		n.parts = append(n.parts, p)
	}
}

// follow leads to all that a part mentions.
func (s *shaker) follow(p *part) {
	if p.followed {
		return
	}
	p.followed = true
	used := s.used[p.file]
	ast.Inspect(p.node, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			id, ok := n.X.(*ast.Ident)
			if ok {
				used[id.Name] = true
				s.mention(id)
			}
			return !ok
		case *ast.Ident:
			s.mention(n)
		}
		return true
	})
}

// mention leads to a name that is not led to anyway.
func (s *shaker) mention(id *ast.Ident) {
	if !id.IsExported() {
		s.lead(s.names[id.Name])
	}
}

func (s *shaker) lead(n *name) {
	if n != nil && !n.led {
		n.led = true
		s.queue = append(s.queue, n)
	}
}

// stays reports whether a part is led to. Imports stay.
func (s *shaker) stays(n ast.Node) bool {
	_, ok := n.(*ast.ImportSpec)
	return ok || slices.ContainsFunc(declaredNames(n), func(text string) bool { return s.names[text].led })
}

// declaredNames lists the names that a declaration or a part of one belongs
// to. For a method that is its type's.
func declaredNames(n ast.Node) []string {
	switch n := n.(type) {
	case *ast.FuncDecl:
		if n.Recv == nil {
			return []string{n.Name.Name}
		}
		if len(n.Recv.List) > 0 {
			return []string{receiverName(n.Recv.List[0].Type)}
		}
	case *ast.GenDecl:
		var names []string
		for _, spec := range n.Specs {
			names = append(names, declaredNames(spec)...)
		}
		return names
	case *ast.TypeSpec:
		return []string{n.Name.Name}
	case *ast.ValueSpec:
		var names []string
		for _, id := range n.Names {
			names = append(names, id.Name)
		}
		return names
	}
	return nil
}

// receiverName is the name of a receiver's type, or empty if it has none.
func receiverName(x ast.Expr) string {
	for {
		switch t := x.(type) {
		case *ast.ParenExpr:
			x = t.X
		case *ast.StarExpr:
			x = t.X
		case *ast.IndexExpr:
			x = t.X
		case *ast.IndexListExpr:
			x = t.X
		case *ast.Ident:
			return t.Name
		default:
			return ""
		}
	}
}

// dropImports drops the imports of a file that are not used.
func (n *node) dropImports(f *ast.File, used map[string]bool) {
	// unused leaves what it does not know of, such as "C".
	unused := func(spec *ast.ImportSpec) bool {
		name := ""
		switch imp := n.imports[importPath(spec)]; {
		case spec.Name != nil:
			name = spec.Name.Name
		case imp != nil:
			name = imp.Name
		default:
			return false
		}
		return name != "." && !used[name]
	}
	f.Imports = slices.DeleteFunc(f.Imports, unused)
	f.Decls = slices.DeleteFunc(f.Decls, func(decl ast.Decl) bool {
		d, ok := decl.(*ast.GenDecl)
		if !ok {
			return false
		}
		d.Specs = slices.DeleteFunc(d.Specs, func(s ast.Spec) bool {
			spec, ok := s.(*ast.ImportSpec)
			return ok && unused(spec)
		})
		return len(d.Specs) == 0
	})
}

// blankVar reports whether spec declares nothing but blank variables.
func blankVar(spec ast.Spec) bool {
	v, ok := spec.(*ast.ValueSpec)
	return ok && !slices.ContainsFunc(v.Names, func(id *ast.Ident) bool { return id.Name != "_" })
}
