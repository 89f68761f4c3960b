package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A mention is a file that lists the rules, and has a line for each.
type mention struct {
	file string
	add  func(lines []string, name string) []string // nil: there is no such list
}

// mentions are the files that list the rules. Those that docgen writes are not
// among them.
func mentions() []mention {
	return []mention{
		{"analyzer/rules.go", addToList},
		{"redislint.go", row("\t\t{\"Every suppression has a reason", "\t\t{\"TODO: what code must fulfil\", []string{\"%s\"}},")},
		{"README.md", row("| [directive](", "| [%[1]s](docs/rules/%[1]s.md) | TODO: what it reports | TODO: its profiles |")},
		{"examples/README.md", row("| `// directive` |", "| `// %s` | TODO: what is wrong there |")},
		{"monitoring/README.md", row("| `directive` |", "| `%s` | TODO: how it shows at run time | TODO: the metric that shows it |")},
	}
}

// row adds a row of a table above the one that begins with another text: the
// rule about directives stays the last.
func row(above, format string) func([]string, string) []string {
	return func(lines []string, name string) []string {
		i := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, above) })
		if i < 0 {
			return nil
		}
		return slices.Insert(lines, i, fmt.Sprintf(format, name)+"\n")
	}
}

// addToList adds a rule to the list in the code: its package to the imports,
// which are sorted, and the analyzer at the end.
func addToList(lines []string, name string) []string {
	const path = "github.com/redislint/redislint/analyzer/"
	prefix, entry := "\t\""+path, ".Analyzer,\n"
	spec := prefix + name + "\"\n"
	last := -1
	for i, l := range lines {
		if strings.HasPrefix(l, prefix) && (last < 0 || l < spec) {
			last = i
		}
	}
	if last < 0 {
		return nil
	}
	if lines[last] < spec {
		last++
	}
	lines = slices.Insert(lines, last, spec)
	for i, l := range slices.Backward(lines) {
		if strings.HasSuffix(l, entry) {
			return slices.Insert(lines, i+1, "\t\t"+name+entry)
		}
	}
	return nil
}

// listed returns the text of every file that lists the rules, with one more.
func listed(root, name string) (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, m := range mentions() {
		text, err := os.ReadFile(filepath.Join(root, m.file))
		if err != nil {
			return nil, err
		}
		lines := m.add(slices.Collect(strings.Lines(string(text))), name)
		if lines == nil {
			return nil, fmt.Errorf("%s: the list of rules is not where newcheck looks for it", m.file)
		}
		files[m.file] = []byte(strings.Join(lines, ""))
	}
	return files, nil
}
