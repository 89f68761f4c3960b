// Command docgen writes the manuals of the rules as pages: docs/rules/RULE.md
// for each rule, from its doc.go.
//
//	go generate ./internal/docgen
package main

import (
	"bytes"
	"errors"
	"fmt"
	"go/doc/comment"
	"os"
	"path/filepath"
	"strings"

	"github.com/redislint/redislint"
	"golang.org/x/tools/go/analysis"
)

//go:generate go run .

// pages is the folder of the pages, seen from this one.
const pages = "../../docs/rules"

func main() {
	if err := write(pages); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// write writes the page of every rule into dir, and removes the pages of rules
// that are no more.
func write(dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	old, err := filepath.Glob(filepath.Join(dir, "*.md"))
	if err != nil {
		return err
	}
	for _, file := range old {
		if err := os.Remove(file); err != nil {
			return err
		}
	}
	var errs []error
	for _, a := range redislint.Analyzers() {
		errs = append(errs, os.WriteFile(filepath.Join(dir, a.Name+".md"), page(a), 0o666))
	}
	return errors.Join(errs...)
}

// page is the manual of a rule as Markdown.
func page(a *analysis.Analyzer) []byte {
	var parser comment.Parser
	printer := comment.Printer{
		HeadingLevel: 2,
		// GitHub makes its own anchors.
		HeadingID: func(*comment.Heading) string { return "" },
	}
	summary, rest, _ := strings.Cut(a.Doc, "\n")
	summary = strings.TrimPrefix(summary, a.Name+": ")
	var out bytes.Buffer
	fmt.Fprintf(&out, "<!-- Written from analyzer/%s/doc.go by: go generate ./internal/docgen -->\n\n", a.Name)
	fmt.Fprintf(&out, "# %s\n\n%s%s.\n", a.Name, strings.ToUpper(summary[:1]), summary[1:])
	for _, block := range parser.Parse(rest).Content {
		out.WriteByte('\n')
		if code, ok := block.(*comment.Code); ok {
			fmt.Fprintf(&out, "```go\n%s```\n", code.Text)
			continue
		}
		out.Write(printer.Markdown(&comment.Doc{Content: []comment.Block{block}}))
	}
	fmt.Fprintf(&out, "\nThe terminal prints this page with `redislint explain %s`. `-%s=false` switches the rule off.\n", a.Name, a.Name)
	return out.Bytes()
}
