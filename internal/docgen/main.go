// Command docgen writes what is said in the code into docs: the manual of each
// rule as docs/rules/RULE.md, the JSON schema of the configuration file, the
// labels of the rules in docs/bazel.md, and the words of the language of rows in
// the package comment of internal/redisapi.
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
	"regexp"
	"slices"
	"strings"

	"github.com/redislint/redislint"
	"github.com/redislint/redislint/internal/config"
	"github.com/redislint/redislint/internal/driver"
	"github.com/redislint/redislint/internal/redisapi"
	"golang.org/x/tools/go/analysis"
)

//go:generate go run .

// The pages and the schema, seen from this folder.
const (
	pages      = "../../docs/rules"
	schemaFile = "../../docs/redislint.schema.json"
	bazelPage  = "../../docs/bazel.md"
	rowsPage   = "../redisapi/doc.go"
)

func main() {
	if _, err := os.Stat(bazelPage); err != nil {
		fmt.Fprintln(os.Stderr, "docgen runs in its own folder: go generate ./internal/docgen")
		os.Exit(1)
	}
	if err := errors.Join(write(pages), writeSchema(schemaFile), update(bazelPage, bazel), update(rowsPage, rows)); err != nil {
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

// writeSchema writes the JSON schema of the configuration file.
func writeSchema(file string) error {
	schema, err := config.Schema((&driver.Tool{Analyzers: redislint.Analyzers()}).Spec())
	if err != nil {
		return err
	}
	return os.WriteFile(file, schema, 0o666)
}

// update brings what is generated in a page up to date.
func update(file string, by func(page []byte) []byte) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	return os.WriteFile(file, by(text), 0o666)
}

// bazel replaces the lines of a page that are labels of rules.
func bazel(page []byte) []byte {
	var labels []string
	for _, a := range redislint.Analyzers() {
		labels = append(labels, fmt.Sprintf("        \"@com_github_redislint_redislint//analyzer/%s\",\n", a.Name))
	}
	slices.Sort(labels)
	var out bytes.Buffer
	for line := range bytes.Lines(page) {
		switch {
		case !bytes.HasPrefix(bytes.TrimSpace(line), []byte(`"@com_github_redislint_redislint//analyzer/`)):
			out.Write(line)
		case labels != nil:
			out.WriteString(strings.Join(labels, ""))
			labels = nil
		}
	}
	return out.Bytes()
}

// rows replaces, below each heading of the package comment that is one of the
// language's, the first indented block by the words that there are.
func rows(page []byte) []byte {
	texts := map[string]string{}
	for _, s := range redisapi.Language() {
		texts["// # "+s.Heading] = s.Text()
	}
	var out bytes.Buffer
	text, inBlock := "", false
	for line := range bytes.Lines(page) {
		block := bytes.HasPrefix(line, []byte("//\t"))
		if next := texts[strings.TrimSpace(string(line))]; next != "" {
			text = next
		}
		if block && text != "" {
			for line := range strings.Lines(text) {
				out.WriteString("//\t" + line)
			}
			text, inBlock = "", true
		}
		inBlock = inBlock && block
		if !inBlock {
			out.Write(line)
		}
	}
	return out.Bytes()
}

// otherPage is a page of the documentation that a manual names.
var otherPage = regexp.MustCompile(`\bdocs/([a-z]+\.md)\b`)

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
		text := printer.Markdown(&comment.Doc{Content: []comment.Block{block}})
		out.Write(otherPage.ReplaceAll(text, []byte("[docs/$1](../$1)")))
	}
	fmt.Fprintf(&out, "\n`redislint explain %s` prints this page. `-%s=false` switches the rule off.\n", a.Name, a.Name)
	return out.Bytes()
}
