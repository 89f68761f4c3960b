// Package ignore knows the directives by which code silences a rule:
//
//	//lint:ignore RULE[,RULE] reason
//	//lint:file-ignore RULE[,RULE] reason
//
// The first is about its own line, if code stands on it, or about the
// statement that begins on the line below. The second is about its file. Both
// are staticcheck's, which leaves rules of other tools alone; this package
// reads them and writes them, and leaves the meaning to internal/check.
package ignore

import (
	"slices"
	"strings"
)

// Rule is the name of the rule that is about directives.
const Rule = "directive"

const (
	lineWord = "//lint:ignore"
	fileWord = "//lint:file-ignore"
)

// A Directive is one such comment.
type Directive struct {
	File   bool     // it is about the whole file
	Rules  []string // as they are written; empty if it names none
	Reason string   // why; empty is a mistake
}

// Parse reads a comment. It reports whether it is a directive, even a
// mistaken one.
func Parse(comment string) (Directive, bool) {
	var d Directive
	rest, ok := strings.CutPrefix(comment, lineWord)
	if !ok {
		rest, d.File = strings.CutPrefix(comment, fileWord)
		if !d.File {
			return Directive{}, false
		}
	}
	if rest != "" && rest[0] != ' ' && rest[0] != '\t' {
		return Directive{}, false // another word
	}
	rest = strings.TrimSpace(rest)
	list, reason := rest, ""
	if i := strings.IndexAny(rest, " \t"); i >= 0 {
		list, reason = rest[:i], strings.TrimSpace(rest[i:])
	}
	for rule := range strings.SplitSeq(list, ",") {
		if rule != "" {
			d.Rules = append(d.Rules, rule)
		}
	}
	d.Reason = reason
	return d, true
}

// Word is the directive's first word, as messages name it.
func (d Directive) Word() string {
	if d.File {
		return fileWord[2:]
	}
	return lineWord[2:]
}

// String is the comment.
func (d Directive) String() string {
	text := "//" + d.Word() + " " + strings.Join(d.Rules, ",")
	if d.Reason != "" {
		text += " " + d.Reason
	}
	return text
}

// Without is the directive without some of its rules.
func (d Directive) Without(rules []string) Directive {
	d.Rules = slices.DeleteFunc(slices.Clone(d.Rules), func(r string) bool { return slices.Contains(rules, r) })
	return d
}

// With is the directive with further rules.
func (d Directive) With(rules []string) Directive {
	d.Rules = slices.Clone(d.Rules)
	for _, r := range rules {
		if !slices.Contains(d.Rules, r) {
			d.Rules = append(d.Rules, r)
		}
	}
	return d
}
