package changes

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// header is that of a hunk: where old lines were, and where new lines are.
var header = regexp.MustCompile(`^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@`)

// parse reads what git diff prints with no context lines.
func parse(r io.Reader) ([]*file, error) {
	var list []*file
	var f *file
	in := bufio.NewReader(r)
	skip := 0 // lines of the hunk that are still to come
	for {
		line, err := in.ReadString('\n')
		if line == "" && errors.Is(err, io.EOF) {
			return list, nil
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		line = strings.TrimSuffix(line, "\n")
		switch {
		case skip > 0:
			if !strings.HasPrefix(line, `\`) {
				skip--
			}
		case strings.HasPrefix(line, "diff --git "):
			f = &file{}
			list = append(list, f)
		case f == nil:
			return nil, fmt.Errorf("git diff printed %q, which is not understood", line)
		case strings.HasPrefix(line, "@@ "):
			h, ok := readHunk(line)
			if !ok {
				return nil, fmt.Errorf("git diff printed %q, which is not understood", line)
			}
			skip = h.oldLines + h.newLines
			f.hunks = append(f.hunks, h)
		default:
			if err := f.named(line); err != nil {
				return nil, err
			}
		}
	}
}

// named reads one of the lines that name a file.
func (f *file) named(line string) error {
	for _, word := range []struct {
		before, prefix string
		to             *string
	}{
		{"--- ", "a/", &f.old},
		{"+++ ", "b/", &f.name},
		{"rename from ", "", &f.old},
		{"rename to ", "", &f.name},
	} {
		text, ok := strings.CutPrefix(line, word.before)
		if !ok {
			continue
		}
		name, err := unquote(strings.TrimRight(text, "\t"))
		if err != nil {
			return err
		}
		if name, ok := strings.CutPrefix(name, word.prefix); ok { // and not /dev/null
			*word.to = name
		}
	}
	return nil
}

// readHunk reads the header of a hunk. In that of an empty region git names
// the line before it.
func readHunk(line string) (hunk, bool) {
	m := header.FindStringSubmatch(line)
	if m == nil {
		return hunk{}, false
	}
	h := hunk{number(m[1]), count(m[2]), number(m[3]), count(m[4])}
	if h.oldLines == 0 {
		h.oldStart++
	}
	if h.newLines == 0 {
		h.newStart++
	}
	return h, true
}

// count is the number of lines in a hunk's header, which may be left out.
func count(s string) int {
	if s == "" {
		return 1
	}
	return number(s)
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0 // the pattern takes digits alone; more than an int holds are no line
	}
	return n
}

// unquote reads a name that git has quoted as C would.
func unquote(s string) (string, error) {
	if !strings.HasPrefix(s, `"`) {
		return s, nil
	}
	name, err := strconv.Unquote(s)
	if err != nil {
		return "", fmt.Errorf("git diff printed the name %s, which is not understood", s)
	}
	return name, nil
}
