// Command newcheck starts a rule: it writes the files that every rule has, with
// the gaps marked TODO, and says what else there is to do.
//
//	go run ./cmd/newcheck NAME
package main

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"text/template"
)

//go:embed template
var templates embed.FS

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}

func run(args []string) error {
	if len(args) != 1 {
		return errors.New("usage: go run ./cmd/newcheck NAME")
	}
	if _, err := os.Stat("analyzer"); err != nil {
		return errors.New("there is no folder analyzer here: run newcheck in the root of the repository")
	}
	files, err := scaffold(".", args[0])
	if err != nil {
		return err
	}
	for _, file := range files {
		fmt.Println("wrote", file)
	}
	fmt.Print(next(args[0]))
	return nil
}

// scaffold writes the files of the rule name below root, and returns their
// names. It replaces nothing.
func scaffold(root, name string) ([]string, error) {
	if !regexp.MustCompile(`^[a-z]+$`).MatchString(name) || token.IsKeyword(name) {
		return nil, fmt.Errorf("%q: the name of a rule is one word in lower case", name)
	}
	dir := filepath.Join("analyzer", name)
	cases := filepath.Join("testdata", "src", name, "cases")
	targets := []struct{ file, template string }{
		{filepath.Join(dir, "doc.go"), "doc.go.tmpl"},
		{filepath.Join(dir, name+".go"), "rule.go.tmpl"},
		{filepath.Join(dir, name+"_test.go"), "rule_test.go.tmpl"},
		{filepath.Join(cases, "bad.go"), "bad.go.tmpl"},
		{filepath.Join(cases, "good.go"), "good.go.tmpl"},
	}
	for _, folder := range []string{dir, filepath.Dir(cases)} {
		if _, err := os.Stat(filepath.Join(root, folder)); err == nil {
			return nil, fmt.Errorf("%s exists already", folder)
		}
	}
	tmpl, err := template.ParseFS(templates, "template/*.tmpl")
	if err != nil {
		return nil, err
	}
	var written []string
	for _, t := range targets {
		var text bytes.Buffer
		if err := tmpl.ExecuteTemplate(&text, t.template, name); err != nil {
			return written, err
		}
		file := filepath.Join(root, t.file)
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			return written, err
		}
		if err := os.WriteFile(file, text.Bytes(), 0o666); err != nil {
			return written, err
		}
		written = append(written, t.file)
	}
	return written, nil
}

// next says what to do after the files of a rule are there.
func next(name string) string {
	return fmt.Sprintf(`
To do:
1. Write the cases in testdata/src/%[1]s/cases, and see them fail: go test ./analyzer/%[1]s
2. Write the condition in analyzer/%[1]s/%[1]s.go, and the manual in doc.go.
3. Add the rule to analyzer/rules.go, the package to its imports:

	"github.com/redislint/redislint/analyzer/%[1]s"

   and the analyzer to its list:

	%[1]s.Analyzer,

4. go generate ./internal/docgen && go test ./...
`, name)
}
