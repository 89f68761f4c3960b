package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// again measures what the command costs when it has been run before: nothing
// has changed, one line of a package that no other imports, or one line of the
// package that most others depend on. The tree is copied, since it is changed.
func (b *bench) again() error {
	tree := filepath.Join(b.dir, "tree")
	if err := copyTree(tree, b.tree); err != nil {
		return err
	}
	b.tree = tree
	leaf, root, err := b.places()
	if err != nil {
		return err
	}
	kept := "REDISLINT_CACHE=" + filepath.Join(b.dir, "kept")
	command := func(change *place) func(int) (*exec.Cmd, error) {
		return func(run int) (*exec.Cmd, error) {
			if change != nil {
				if err := change.edit(run); err != nil {
					return nil, err
				}
			}
			cmd, err := b.command("")(run)
			if err == nil {
				cmd.Env = append(cmd.Env, kept)
			}
			return cmd, err
		}
	}
	ways := []*way{
		{name: "go list -deps -test", call: func(int) (*exec.Cmd, error) {
			return b.in("", "go", "list", "-deps", "-test", b.pattern), nil
		}},
		{name: "cold", call: b.command("", "-no-cache")},
		{name: "second run", goal: 2.5, call: command(nil)},
		{name: "a line of " + leaf.pkg, goal: 3.5, call: command(leaf)},
		{name: "a line of " + root.pkg, call: command(root)},
	}
	fmt.Printf("# tree %s, packages %s, %d runs, ratio to go list\n", b.tree, b.pattern, b.runs)
	if err := measure(ways, b.runs, true); err != nil {
		return err
	}
	return table(os.Stdout, ways)
}

// copyTree copies a folder without what git keeps.
func copyTree(to, from string) error {
	return filepath.WalkDir(from, func(name string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, name)
		if err != nil {
			return err
		}
		target := filepath.Join(to, rel)
		switch {
		case d.IsDir() && d.Name() == ".git":
			return filepath.SkipDir
		case d.IsDir():
			return os.MkdirAll(target, 0o777)
		case !d.Type().IsRegular():
			return nil
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		return os.WriteFile(target, data, 0o666)
	})
}

// place is where a line is changed: at the beginning of a function.
type place struct {
	pkg, file     string
	before, after string
}

// edit changes the line. Each turn makes another of it.
func (p *place) edit(turn int) error {
	return os.WriteFile(p.file, fmt.Appendf(nil, "%s _ = %d;%s", p.before, turn+2, p.after), 0o666)
}

// places chooses the packages of the tree to change: the one with the most
// dependencies among those that no other one imports, and the one that most
// others depend on.
func (b *bench) places() (leaf, root *place, err error) {
	cmd := b.in("", "go", "list", "-json=ImportPath,Dir,GoFiles,Deps", b.pattern)
	out, err := cmd.Output()
	if err != nil {
		return nil, nil, fmt.Errorf("go list: %w", err)
	}
	type listed struct {
		ImportPath, Dir string
		GoFiles, Deps   []string
	}
	var list []listed
	users := make(map[string]int)
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, nil, err
		}
		list = append(list, p)
		for _, dep := range p.Deps {
			users[dep]++
		}
	}
	slices.SortFunc(list, func(x, y listed) int { return strings.Compare(x.ImportPath, y.ImportPath) })
	most, deepest := 0, -1
	for _, p := range list {
		if n := users[p.ImportPath]; n > most {
			if at := firstFunction(p.ImportPath, p.Dir, p.GoFiles); at != nil {
				most, root = n, at
			}
		}
		if n := len(p.Deps); users[p.ImportPath] == 0 && n > deepest {
			if at := firstFunction(p.ImportPath, p.Dir, p.GoFiles); at != nil {
				deepest, leaf = n, at
			}
		}
	}
	if leaf == nil || root == nil {
		return nil, nil, fmt.Errorf("%s has no two packages that can be changed", b.tree)
	}
	return leaf, root, nil
}

// firstFunction finds the beginning of a function's body.
func firstFunction(pkg, dir string, files []string) *place {
	for _, name := range files {
		file := filepath.Join(dir, name)
		src, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, file, src, parser.SkipObjectResolution)
		if err != nil {
			continue
		}
		for _, decl := range f.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && fn.Body != nil {
				at := fset.File(f.FileStart).Offset(fn.Body.Lbrace) + 1
				return &place{pkg, file, string(src[:at]), string(src[at:])}
			}
		}
	}
	return nil
}
