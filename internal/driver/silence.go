package driver

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/redislint/redislint/internal/config"
	"github.com/redislint/redislint/internal/gate"
	"github.com/redislint/redislint/internal/report"
)

// silence is what keeps findings from being reported, and is written where a
// change may write: in the configuration, in the code, in the baseline.
type silence struct {
	rules       []string // that are off
	exclude     []string // patterns
	extra       string   // rows
	generated   []string // files of packages that use Redis
	fileIgnores int
	directives  int // findings that they silence
	baseline    int // findings that it knows
}

// generatedMark is the line that marks generated files, as go help generate
// has it.
var generatedMark = regexp.MustCompile(`(?m)^// Code generated .* DO NOT EDIT\.\r?$`)

// silences looks for all that keeps findings from being reported.
func (c *call) silences(w *writer, nodes []*node, run report.Run) silence {
	var s silence
	for _, a := range c.tool.Analyzers {
		if c.settings.given[a.Name] {
			s.rules = nil // whoever calls the command has chosen them
			break
		}
		if !slices.Contains(c.analyzers, a) {
			s.rules = append(s.rules, a.Name)
		}
	}
	s.exclude = slices.DeleteFunc(strings.Split(c.flag("exclude"), ","), func(p string) bool { return p == "" })
	s.extra = c.flag("extra")
	seen := make(map[string]bool)
	for _, n := range nodes {
		if !n.root || !n.used {
			continue
		}
		for _, file := range n.GoFiles {
			if seen[file] {
				continue
			}
			seen[file] = true
			data, err := os.ReadFile(file)
			if err != nil {
				continue // the package has an error of its own
			}
			if c.flag("generated") != "true" && isGenerated(data) {
				s.generated = append(s.generated, file)
			}
			s.fileIgnores += bytes.Count(data, []byte("\n//lint:file-ignore "))
			if bytes.HasPrefix(data, []byte("//lint:file-ignore ")) {
				s.fileIgnores++
			}
		}
	}
	for _, f := range run.Findings {
		if f.Suppressed != nil && f.Suppressed.Kind == report.InSource {
			s.directives++
		}
	}
	if w.known != nil {
		s.baseline = w.known.Count()
	}
	return s
}

// flag is the value of a flag, or "" if there is none of the name.
func (c *call) flag(name string) string {
	if f := c.fs.Lookup(name); f != nil {
		return f.Value.String()
	}
	return ""
}

// isGenerated reports whether a file is marked as generated, above its package
// clause.
func isGenerated(data []byte) bool {
	at := generatedMark.FindIndex(data)
	return at != nil && !bytes.Contains(append([]byte("\n"), data[:at[0]]...), []byte("\npackage "))
}

// String is one line for people, or "" if nothing is silent.
func (s *silence) String() string {
	var parts []string
	add := func(n int, noun, rest string) {
		if n > 0 {
			parts = append(parts, report.Count(n, noun)+rest)
		}
	}
	if len(s.rules) > 0 {
		parts = append(parts, "rules off: "+strings.Join(s.rules, ", "))
	}
	add(len(s.exclude), "excluded pattern", "")
	rows := 0
	for line := range strings.Lines(s.extra) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			rows++
		}
	}
	add(rows, "extra row", "")
	add(len(s.generated), "generated file", " that uses Redis")
	add(s.fileIgnores, "lint:file-ignore", "")
	add(s.directives, "finding", " silenced by directives")
	add(s.baseline, "finding", " in the baseline")
	if len(parts) == 0 {
		return ""
	}
	return "not reported: " + strings.Join(parts, "; ")
}

// silenced is a finding of the base that the change has not mended, and that
// is not reported any more.
type silenced struct {
	finding gate.Finding
	by      string
}

// hushed tells which findings of the base are silent now and by what: left are
// those for which no finding of the working tree stands, ignored those that a
// directive silences.
func (w *writer) hushed(b *baseRun, left, ignored []gate.Finding) []silenced {
	var list []silenced
	for _, f := range ignored {
		list = append(list, silenced{f, "directive"})
	}
	built := make(map[string]bool)
	for _, n := range b.nodes {
		for _, file := range n.GoFiles {
			built[w.changes.Name(file)] = true
		}
	}
	for _, f := range left {
		now, stands := w.changes.Now(f.At)
		if !stands {
			continue // it was mended, or is gone
		}
		file := filepath.Join(w.changes.Top, filepath.FromSlash(now.File))
		module, root := moduleOf(filepath.Dir(file))
		rel, err := filepath.Rel(root, file)
		path := module + "/" + filepath.ToSlash(rel)
		excludes := func(p string) bool {
			return config.Match(p, path) || config.Match(p, strings.TrimSuffix(path, "/"+filepath.Base(file)))
		}
		switch {
		case slices.Contains(w.silence.rules, f.Rule):
			list = append(list, silenced{f, "rule off"})
		case err == nil && slices.ContainsFunc(w.silence.exclude, excludes):
			list = append(list, silenced{f, "exclude"})
		case slices.Contains(w.silence.generated, file):
			list = append(list, silenced{f, "generated header"})
		case !built[now.File]:
			list = append(list, silenced{f, "not built"})
		case w.silence.extra != w.base.Extra:
			list = append(list, silenced{f, "extra row"})
		}
	}
	return list
}

// sayHushed is one line for people, or "" if the change silences nothing.
func (w *writer) sayHushed(list []silenced) string {
	const few = 5
	var parts []string
	for i, s := range list {
		if i == few {
			parts = append(parts, fmt.Sprintf("%d more", len(list)-few))
			break
		}
		file := shortPath(w.dir, filepath.Join(w.changes.Top, filepath.FromSlash(s.finding.At.File)))
		parts = append(parts, fmt.Sprintf("%s:%d %s (%s)", file, s.finding.At.Line, s.finding.Rule, s.by))
	}
	var text string
	if len(list) > 0 {
		text = "this change silences " + report.Count(len(list), "finding") + ": " + strings.Join(parts, ", ")
	}
	if w.known != nil && w.known.Count() > w.base.Known {
		grown := fmt.Sprintf("the baseline grew from %d to %d findings", w.base.Known, w.known.Count())
		if text != "" {
			return text + "; " + grown
		}
		return "this change silences findings: " + grown
	}
	return text
}
