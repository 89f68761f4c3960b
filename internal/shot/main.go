// Command shot makes the README's pictures of a finding on a terminal: it runs
// redislint on an example and draws what a terminal would show, as SVG, on a
// light background and on a dark one. It takes the root of the repository and
// the folder for the pictures, and is called by
//
//	go generate ./internal/shot
package main

import (
	"bytes"
	"errors"
	"fmt"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

//go:generate go run . ../.. ../../docs/picture

// columns is the width of the terminal. GitHub shows that many without making
// them smaller.
const columns = 96

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "shot:", err)
		os.Exit(1)
	}
}

// run draws the pictures.
func run(args []string) error {
	if len(args) != 2 {
		return errors.New("usage: shot ROOT FOLDER")
	}
	text, err := session(args[0], "-unclosed", "examples/leaky/main.go")
	if err != nil {
		return err
	}
	for name, s := range schemes() {
		if err := os.WriteFile(filepath.Join(args[1], name+".svg"), []byte(draw(text, s, columns)), 0o666); err != nil {
			return err
		}
	}
	return nil
}

// session is what a terminal shows of a call of redislint that finds something.
func session(root string, args ...string) (string, error) {
	temp, err := os.MkdirTemp("", "shot")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(temp)
	tool := filepath.Join(temp, "redislint")
	build := exec.Command("go", "build", "-o", tool, "./cmd/redislint")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	for _, dir := range []string{"examples", "rediscope"} {
		if err := copyPlain(filepath.Join(temp, dir), filepath.Join(root, dir)); err != nil {
			return "", err
		}
	}
	if err := os.WriteFile(filepath.Join(temp, "go.work"), []byte("go 1.25.0\n\nuse (\n\t./examples\n\t./rediscope\n)\n"), 0o666); err != nil {
		return "", err
	}
	cmd := exec.Command(tool, append([]string{"-color=always"}, args...)...)
	cmd.Dir = temp
	cmd.Env = append(os.Environ(), "GOWORK=", "COLUMNS="+strconv.Itoa(columns))
	var out, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &stderr
	if exit := (*exec.ExitError)(nil); !errors.As(cmd.Run(), &exit) || out.Len() == 0 {
		return "", fmt.Errorf("redislint finds nothing: %s", stderr.String())
	}
	return "\x1b[2m$\x1b[0m redislint " + strings.Join(args, " ") + "\n" + out.String() + stderr.String(), nil
}

// testMark is the name of a rule at the end of a line, by which our tests find
// what is to be found there.
var testMark = regexp.MustCompile(`(?m) // [a-z]+$`)

// copyPlain copies a module without the marks of our tests.
func copyPlain(to, from string) error {
	return filepath.WalkDir(from, func(file string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(from, file)
		if err != nil {
			return err
		}
		if d.IsDir() {
			return os.MkdirAll(filepath.Join(to, name), 0o777)
		}
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if filepath.Ext(file) == ".go" {
			data = testMark.ReplaceAll(data, nil)
		}
		return os.WriteFile(filepath.Join(to, name), data, 0o666)
	})
}

// scheme is the colours of a terminal.
type scheme struct{ back, frame, text, red, magenta, faint string }

func schemes() map[string]scheme {
	return map[string]scheme{
		"light": {"#ffffff", "#d0d7de", "#1f2328", "#cf222e", "#a626a4", "#6e7781"},
		"dark":  {"#0d1117", "#30363d", "#e6edf3", "#ff7b72", "#d2a8ff", "#848d97"},
	}
}

// style is the SVG attributes of an escape sequence that redislint writes.
func (s scheme) style(escape string) string {
	switch escape {
	case "1":
		return `fill="` + s.text + `" font-weight="bold"`
	case "2":
		return `fill="` + s.faint + `"`
	case "1;31":
		return `fill="` + s.red + `" font-weight="bold"`
	case "35":
		return `fill="` + s.magenta + `"`
	}
	return `fill="` + s.text + `"`
}

// draw draws a text with escape sequences. Each run of one style is put at its
// column, and stretched to its width, whatever font there is.
func draw(text string, s scheme, columns int) string {
	const wide, high, margin = 8.0, 19, 16
	var b strings.Builder
	row, column, style := 0, 0, s.style("")
	put := func(run string) {
		for run != "" {
			n := min(utf8.RuneCountInString(run), columns-column)
			part := string([]rune(run)[:n])
			run = run[len(part):]
			if trimmed := strings.TrimLeft(part, " "); trimmed != "" {
				at := column + len(part) - len(trimmed)
				fmt.Fprintf(&b, "<text x=\"%g\" y=\"%d\" textLength=\"%g\" lengthAdjust=\"spacingAndGlyphs\" %s>%s</text>\n",
					margin+wide*float64(at), margin+high*row+14, wide*float64(utf8.RuneCountInString(trimmed)), style, html.EscapeString(trimmed))
			}
			if column += n; column == columns && run != "" { // the terminal goes on in the next line
				row, column = row+1, 0
			}
		}
	}
	for line := range strings.Lines(text) {
		for i, part := range strings.Split(strings.TrimSuffix(line, "\n"), "\x1b[") {
			if escape, rest, ok := strings.Cut(part, "m"); i > 0 && ok {
				style, part = s.style(escape), rest
			}
			put(part)
		}
		row, column = row+1, 0
	}
	width, height := 2*margin+wide*float64(columns), 2*margin+high*row
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" width="%[1]g" height="%[2]d" viewBox="0 0 %[1]g %[2]d" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="13.3" xml:space="preserve">
<rect x="0.5" y="0.5" width="%[3]g" height="%[4]d" rx="6" fill="%[5]s" stroke="%[6]s"/>
%[7]s</svg>
`, width, height, width-1, height-1, s.back, s.frame, b.String())
}
