package report

import (
	"strings"
	"unicode/utf8"
)

// maxMessage is how much of a message is shown. A literal in the source may be
// as long as it likes.
const maxMessage = 1000

// Plain makes a text safe to show: one line, without characters that a terminal
// or a viewer obeys instead of showing them, and without what a runner of
// GitHub Actions takes for a command. Names of files and source are written by
// whoever wrote the change.
func Plain(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			return ' '
		case hidden(r):
			return utf8.RuneError
		}
		return r
	}, s)
	s = strings.ReplaceAll(s, "##[", "## [")
	if text := strings.TrimLeft(s, " "); strings.HasPrefix(text, "::") {
		s = "./" + text // a name of a file that begins so
	}
	return s
}

// Lines is Plain for a text of several lines.
func Lines(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		text := strings.TrimLeft(line, "\t")
		lines[i] = line[:len(line)-len(text)] + Plain(strings.TrimSuffix(text, "\r"))
	}
	return strings.Join(lines, "\n")
}

// short cuts a text to a number of characters.
func short(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-3]) + "..."
}

// oneLine is a message as it is shown.
func oneLine(message string) string { return short(Plain(message), maxMessage) }
