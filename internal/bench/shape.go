package main

import (
	"bytes"
	"embed"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"text/template"

	"golang.org/x/tools/txtar"
)

// shapes are templates of modules that grow in one direction. The file library
// names the client library that they use, of which there is a stub.
//
//go:embed shapes
var shapes embed.FS

// shapeNames lists the shapes.
func shapeNames() ([]string, error) {
	entries, err := shapes.ReadDir("shapes")
	var names []string
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), ".tmpl"); ok {
			names = append(names, name)
		}
	}
	return names, err
}

// write makes a module of a shape and a size in a new folder. stubs is the
// folder with stubs of libraries.
func write(dir, shape string, size int, stubs string) error {
	library, err := shapes.ReadFile("shapes/library")
	if err != nil {
		return err
	}
	data := struct {
		N       int
		Library string
	}{size, strings.TrimSpace(string(library))}
	funcs := template.FuncMap{"seq": seq, "below": below, "inc": func(i int) int { return i + 1 }, "mod": func(i, n int) int { return i % n }}
	t, err := template.New(shape+".tmpl").Funcs(funcs).ParseFS(shapes, "shapes/"+shape+".tmpl")
	if err != nil {
		return err
	}
	var text bytes.Buffer
	if err := t.Execute(&text, data); err != nil {
		return err
	}
	archive := txtar.Parse(text.Bytes())
	archive.Files = append(archive.Files,
		txtar.File{Name: "go.mod", Data: fmt.Appendf(nil, "module example.com/scale\n\ngo 1.25.0\n\nrequire %s v9.0.0\n\nreplace %[1]s => ./library\n", data.Library)},
		txtar.File{Name: "library/go.mod", Data: fmt.Appendf(nil, "module %s\n\ngo 1.25.0\n", data.Library)})
	for _, f := range archive.Files {
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			return err
		}
		if err := os.WriteFile(name, f.Data, 0o666); err != nil {
			return err
		}
	}
	from := filepath.Join(stubs, filepath.FromSlash(path.Clean(data.Library)))
	files, err := filepath.Glob(filepath.Join(from, "*.go"))
	if err != nil || len(files) == 0 {
		return fmt.Errorf("there is no stub in %s, is this the root of the module? %w", from, err)
	}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, "library", filepath.Base(file)), src, 0o666); err != nil {
			return err
		}
	}
	return nil
}

// seq lists the numbers below n.
func seq(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

// below lists the packages that package i of a monorepo imports.
func below(i int) []int {
	list := []int{i / 2, i / 3, i / 5}
	list = slices.DeleteFunc(list, func(j int) bool { return j >= i })
	slices.Sort(list)
	return slices.Compact(list)
}
