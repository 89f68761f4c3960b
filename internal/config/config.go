// Package config reads the configuration file of a project, .redislint.yml,
// and turns it into flags. The command alone reads it: go vet caches findings
// by flags, so flags are what configures the rules.
//
// Whatever a file says must mean something. A key that does not exist, a value
// of the wrong type, and a pattern that matches nothing are errors that name
// the line and the key.
package config

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// A Spec says what a file may set.
type Spec struct {
	Rules   []Rule
	Options []Option
}

// A Rule can be switched on and off.
type Rule struct{ Name, Summary string }

// An Option is a flag. Its name is a key of the file.
type Option struct {
	Name    string
	Usage   string
	Default string
	Bool    bool
	Choices []string // its values, if these are few
	Comma   bool     // several values are separated by commas, otherwise by lines
}

// A Setting is what a file says of one flag.
type Setting struct {
	Flag  string
	Value string
	Key   string // as the file names it: "rules.singleton"
	Line  int    // 0 if there is no file
}

// A File is what one configuration says.
type File struct {
	Name     string // for messages, or "" if there is no file
	Settings []Setting
	paths    []pattern // where another profile holds
	exclude  []pattern
}

// A pattern is about packages, and relative to the folder of the file.
type pattern struct {
	text    string
	profile string // that holds there
	key     string
	line    int
}

// The keys whose values are patterns, and the flags that they become.
const (
	pathsKey    = "paths"
	rulesKey    = "rules"
	excludeFlag = "exclude"
	profileFlag = "profile"
)

// reader is a file being read.
type reader struct {
	spec Spec
	file *File
	errs []error
}

// Parse reads the content of a file. The error joins all that is wrong.
func Parse(spec Spec, name string, data []byte) (*File, error) {
	file := &File{Name: name}
	var doc yaml.Node
	dec := yaml.NewDecoder(strings.NewReader(string(data)))
	if err := dec.Decode(&doc); err != nil && !errors.Is(err, io.EOF) {
		return nil, syntaxError(name, err)
	}
	var more yaml.Node
	if err := dec.Decode(&more); err == nil {
		return nil, file.error(more.Line, "", "one document is enough")
	} else if !errors.Is(err, io.EOF) {
		return nil, syntaxError(name, err)
	}
	return read(spec, file, &doc)
}

// Decode reads settings that another tool has decoded: maps, lists and plain
// values.
func Decode(spec Spec, settings any) (*File, error) {
	file := &File{}
	var doc yaml.Node
	if settings != nil {
		if err := doc.Encode(settings); err != nil {
			return nil, err
		}
	}
	return read(spec, file, &doc)
}

func read(spec Spec, file *File, doc *yaml.Node) (*File, error) {
	r := &reader{spec: spec, file: file}
	if doc.Kind == yaml.DocumentNode {
		doc = doc.Content[0]
	}
	if doc.Kind != 0 && doc.Tag != "!!null" {
		r.mapping(doc, "", r.top)
	}
	if len(r.errs) > 0 {
		return nil, errors.Join(r.errs...)
	}
	return file, nil
}

// syntaxError brings a message of the parser, "yaml: line 3: what", into the
// form of ours.
func syntaxError(name string, err error) error {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	if rest, ok := strings.CutPrefix(text, "line "); ok {
		if line, what, ok := strings.Cut(rest, ": "); ok {
			return fmt.Errorf("%s:%s: %s", name, line, what)
		}
	}
	return fmt.Errorf("%s: %s", name, text)
}

// error is an error about a line and a key.
func (f *File) error(line int, key, format string, args ...any) error {
	where := ""
	if f.Name != "" {
		where = f.Name + ":"
		if line > 0 {
			where += strconv.Itoa(line) + ":"
		}
		where += " "
	}
	if key != "" {
		where += key + ": "
	}
	return fmt.Errorf("%s"+format, append([]any{where}, args...)...)
}

// Wrong is the error that a setting is not what its flag takes.
func (f *File) Wrong(s Setting, err error) error {
	return f.error(s.Line, s.Key, "%w", err)
}

func (r *reader) wrong(n *yaml.Node, key, format string, args ...any) {
	r.errs = append(r.errs, r.file.error(n.Line, key, format, args...))
}

// mapping visits the entries of a mapping.
func (r *reader) mapping(n *yaml.Node, key string, visit func(key string, name, value *yaml.Node)) {
	n = resolve(n)
	if n.Kind != yaml.MappingNode {
		r.wrong(n, key, "want keys and values, not %s", describe(n))
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		name, value := n.Content[i], resolve(n.Content[i+1])
		full := name.Value
		if key != "" {
			full = key + "." + full
		}
		switch {
		case name.Kind != yaml.ScalarNode:
			r.wrong(name, key, "a key is a word")
		case seen[full]:
			r.wrong(name, full, "is given twice")
		default:
			seen[full] = true
			visit(full, name, value)
		}
	}
}

// top reads an entry of the file itself.
func (r *reader) top(key string, name, value *yaml.Node) {
	switch {
	case key == rulesKey:
		r.rules(value)
	case key == pathsKey:
		r.mapping(value, key, r.profilePaths)
	case key == excludeFlag && r.option(key) != nil:
		r.file.exclude = r.patterns(key, value, "")
	case r.option(key) != nil:
		r.set(*r.option(key), name, value)
	case value.Kind == yaml.MappingNode && slices.ContainsFunc(r.spec.Options, func(o Option) bool { return strings.HasPrefix(o.Name, key+".") }):
		r.mapping(value, key, r.top) // scope: {funcs: ...} is scope.funcs
	default:
		r.wrong(name, key, "unknown key, want %s", list(r.keys()))
	}
}

// keys lists the keys of a file.
func (r *reader) keys() []string {
	keys := []string{rulesKey, pathsKey}
	for _, o := range r.spec.Options {
		keys = append(keys, o.Name)
	}
	slices.Sort(keys)
	return keys
}

func (r *reader) option(name string) *Option {
	i := slices.IndexFunc(r.spec.Options, func(o Option) bool { return o.Name == name })
	if i < 0 {
		return nil
	}
	return &r.spec.Options[i]
}

// rules reads which rules run: a mapping switches some on or off, a list names the
// only ones that run.
func (r *reader) rules(n *yaml.Node) {
	if n.Kind == yaml.SequenceNode {
		if len(n.Content) == 0 {
			r.wrong(n, rulesKey, "the list is empty, so nothing would be checked")
		}
		for _, item := range n.Content {
			if name, ok := r.text(item, rulesKey); ok && r.isRule(item, rulesKey, name) {
				r.add(item, rulesKey, name, "true")
			}
		}
		return
	}
	r.mapping(n, rulesKey, func(key string, name, value *yaml.Node) {
		var on bool
		if !r.isRule(name, key, name.Value) {
			return
		}
		if value.Kind != yaml.ScalarNode || value.Tag != "!!bool" || value.Decode(&on) != nil {
			r.wrong(value, key, "want true or false, not %s", describe(value))
			return
		}
		// What is on anyway needs no flag: a flag would ask for it alone.
		if !on {
			r.add(name, key, name.Value, "false")
		}
	})
}

func (r *reader) isRule(n *yaml.Node, key, name string) bool {
	if slices.ContainsFunc(r.spec.Rules, func(x Rule) bool { return x.Name == name }) {
		return true
	}
	var names []string
	for _, x := range r.spec.Rules {
		names = append(names, x.Name)
	}
	r.wrong(n, key, "there is no rule %q, want %s", name, list(names))
	return false
}

func (r *reader) add(n *yaml.Node, key, flag, value string) {
	r.file.Settings = append(r.file.Settings, Setting{Flag: flag, Value: value, Key: key, Line: n.Line})
}

// set reads the value of an option.
func (r *reader) set(o Option, name, value *yaml.Node) {
	if o.Bool {
		if value.Kind != yaml.ScalarNode || value.Tag != "!!bool" {
			r.wrong(value, o.Name, "want true or false, not %s", describe(value))
			return
		}
		r.add(name, o.Name, o.Name, value.Value)
		return
	}
	if value.Kind != yaml.SequenceNode {
		if text, ok := r.text(value, o.Name); ok && r.isChoice(o, value, text) {
			r.add(name, o.Name, o.Name, text)
		}
		return
	}
	if len(o.Choices) > 0 {
		r.wrong(value, o.Name, "want one of %s, not a list", list(o.Choices))
		return
	}
	var items []string
	for _, item := range value.Content {
		if text, ok := r.text(item, o.Name); ok {
			items = append(items, text)
		}
	}
	separator := "\n"
	if o.Comma {
		separator = ","
	}
	r.add(name, o.Name, o.Name, strings.Join(items, separator))
}

func (r *reader) isChoice(o Option, n *yaml.Node, text string) bool {
	if len(o.Choices) == 0 || slices.Contains(o.Choices, text) {
		return true
	}
	r.wrong(n, o.Name, "%q is none of %s", text, list(o.Choices))
	return false
}

// profilePaths reads the patterns under the name of a profile.
func (r *reader) profilePaths(key string, name, value *yaml.Node) {
	o := r.option(profileFlag)
	if o == nil || !slices.Contains(o.Choices, name.Value) {
		var want []string
		if o != nil {
			want = o.Choices
		}
		r.wrong(name, key, "there is no profile %q, want %s", name.Value, list(want))
		return
	}
	r.file.paths = append(r.file.paths, r.patterns(key, value, name.Value)...)
}

// patterns reads one pattern or a list of them.
func (r *reader) patterns(key string, n *yaml.Node, profile string) []pattern {
	items := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		items = n.Content
	}
	var found []pattern
	for _, item := range items {
		text, ok := r.text(item, key)
		if !ok {
			continue
		}
		p, err := clean(text)
		if err != nil {
			r.wrong(item, key, "%q: %w", text, err)
			continue
		}
		found = append(found, pattern{p, profile, key, item.Line})
	}
	return found
}

// text reads a plain value that is not empty.
func (r *reader) text(n *yaml.Node, key string) (string, bool) {
	n = resolve(n)
	if n.Kind != yaml.ScalarNode || n.Tag != "!!str" {
		r.wrong(n, key, "want text, not %s", describe(n))
		return "", false
	}
	if strings.TrimSpace(n.Value) == "" {
		r.wrong(n, key, "is empty")
		return "", false
	}
	return strings.TrimRight(n.Value, "\n"), true
}

// resolve follows an alias to what it stands for.
func resolve(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

// describe names a value for a message.
func describe(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "keys and values"
	case yaml.SequenceNode:
		return "a list"
	}
	switch n.Tag {
	case "!!null":
		return "nothing"
	case "!!int", "!!float":
		return "the number " + n.Value
	case "!!bool":
		return n.Value
	}
	return strconv.Quote(n.Value)
}

// list writes "a, b or c".
func list(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}
