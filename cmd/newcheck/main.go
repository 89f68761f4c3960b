// Command newcheck starts a rule: it writes the files that every rule has, adds
// it to the lists of rules, with the gaps marked TODO, and says what is to be
// done next.
//
//	go run ./cmd/newcheck NAME
package main

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
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

// scaffold writes the files of the rule name below root, and adds it to the
// lists of rules there. It returns the names of the files, and replaces none.
// When it cannot do all of it, it does nothing.
func scaffold(root, name string) ([]string, error) {
	if !regexp.MustCompile(`^[a-z]+$`).MatchString(name) || token.IsKeyword(name) {
		return nil, fmt.Errorf("%q: the name of a rule is one word in lower case", name)
	}
	for _, folder := range []string{"analyzer/" + name, "testdata/src/" + name} {
		if _, err := os.Stat(filepath.Join(root, folder)); err == nil {
			return nil, fmt.Errorf("%s exists already", folder)
		}
	}
	files, err := listed(root, name)
	if err != nil {
		return nil, err
	}
	tmpl, err := template.ParseFS(templates, "template/*.tmpl")
	if err != nil {
		return nil, err
	}
	for file, from := range map[string]string{
		"analyzer/" + name + "/doc.go":                 "doc.go.tmpl",
		"analyzer/" + name + "/" + name + ".go":        "rule.go.tmpl",
		"analyzer/" + name + "/" + name + "_test.go":   "rule_test.go.tmpl",
		"testdata/src/" + name + "/cases/bad.go":       "bad.go.tmpl",
		"testdata/src/" + name + "/cases/good.go":      "good.go.tmpl",
		"e2e/vet/testdata/shop/habits/" + name + ".go": "marks.go.tmpl",
		"examples/leaky/" + name + ".go":               "leaky.go.tmpl",
		"examples/repaired/" + name + ".go":            "repaired.go.tmpl",
	} {
		if _, err := os.Stat(filepath.Join(root, file)); err == nil {
			return nil, fmt.Errorf("%s exists already", file)
		}
		var text bytes.Buffer
		if err := tmpl.ExecuteTemplate(&text, from, name); err != nil {
			return nil, err
		}
		files[file] = text.Bytes()
	}
	names := slices.Sorted(maps.Keys(files))
	for _, file := range names {
		full := filepath.Join(root, file)
		if err := os.MkdirAll(filepath.Dir(full), 0o777); err != nil {
			return nil, err
		}
		if err := os.WriteFile(full, files[file], 0o666); err != nil {
			return nil, err
		}
	}
	return names, nil
}

// next says what to do after the files of a rule are there.
func next(name string) string {
	return fmt.Sprintf(`
To do:
1. Write the cases in testdata/src/%[1]s/cases, and see them fail: go test ./analyzer/%[1]s
2. Write the condition in analyzer/%[1]s/%[1]s.go, and the manual in doc.go.
3. Write what real code has to do with it: the marks in e2e/vet/testdata/shop/habits/%[1]s.go,
   and %[1]s.go in examples/leaky and in examples/repaired.
4. Fill the other gaps, and show in the README what the examples print now:
   git grep --untracked TODO -- . ':!cmd/newcheck' ':!CONTRIBUTING.md'
   go run ./cmd/redislint ./examples/...
5. go generate ./internal/docgen && go test . ./analyzer/%[1]s ./internal/docgen
   cd e2e && go test ./vet ./readme      # and go test work before you send it
`, name)
}
