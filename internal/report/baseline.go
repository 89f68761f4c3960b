package report

import (
	"bufio"
	"bytes"
	"cmp"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A Baseline is a list of findings that are known, by fingerprint. Its file
// has one line for each kind of finding, sorted, so that a diff of it shows
// which are new and which are gone.
type Baseline struct {
	known map[string]int // how many findings there are, by key of the fingerprint
}

const baselineHead = "# redislint baseline, version 1"

// entry is one line of the file. Only key and count are read, the rest tells
// people what they stand for.
type entry struct {
	key, rule, unit, fn, text string
	count                     int
}

// WriteBaseline writes the findings that are not suppressed.
func WriteBaseline(w io.Writer, findings []Finding, src *Sources) error {
	var list []entry
	at := make(map[string]int)
	for _, f := range Counted(findings) {
		key := f.key()
		i, ok := at[key]
		if !ok {
			i = len(list)
			at[key] = i
			text := strings.Join(strings.Fields(src.Line(f.Pos.File, f.Pos.Line)), " ")
			list = append(list, entry{key: key, rule: f.Rule, unit: f.Unit, fn: cmp.Or(f.Func, "-"), text: text})
		}
		list[i].count++
	}
	slices.SortFunc(list, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.unit, b.unit), cmp.Compare(a.fn, b.fn), cmp.Compare(a.rule, b.rule),
			cmp.Compare(a.text, b.text), cmp.Compare(a.key, b.key))
	})
	out := bufio.NewWriter(w)
	fmt.Fprintln(out, baselineHead)
	fmt.Fprintln(out, "# fingerprint, count, rule, file, function, line")
	for _, e := range list {
		fmt.Fprintf(out, "%s %d %s %s %s: %s\n", e.key, e.count, e.rule, e.unit, e.fn, e.text)
	}
	return out.Flush()
}

// ReadBaseline reads what WriteBaseline writes. An error names the line.
func ReadBaseline(data []byte) (*Baseline, error) {
	b := &Baseline{known: make(map[string]int)}
	line := regexp.MustCompile(`^([0-9a-f]{16}) ([1-9][0-9]{0,8})(?: .*)?$`)
	n := 0
	for text := range bytes.Lines(data) {
		n++
		s := strings.TrimRight(string(text), "\r\n")
		switch {
		case n == 1:
			if s != baselineHead {
				return nil, fmt.Errorf("line 1: want %q, which begins a baseline", baselineHead)
			}
			continue
		case s == "" || strings.HasPrefix(s, "#"):
			continue
		}
		m := line.FindStringSubmatch(s)
		if m == nil {
			return nil, fmt.Errorf("line %d: want a fingerprint of 16 hexadecimal digits and a count", n)
		}
		if b.known[m[1]] > 0 {
			return nil, fmt.Errorf("line %d: %s is there twice", n, m[1])
		}
		count, err := strconv.Atoi(m[2])
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		b.known[m[1]] = count
	}
	if n == 0 {
		return nil, fmt.Errorf("line 1: want %q, which begins a baseline", baselineHead)
	}
	return b, nil
}

// Suppress marks the findings that are known. Of findings with the same
// fingerprint as many are known as the baseline counts, from the first on.
// It returns how many known findings are gone.
func (b *Baseline) Suppress(findings []Finding, reason string) (gone int) {
	left := make(map[string]int, len(b.known))
	for key, n := range b.known {
		left[key] = n
		gone += n
	}
	for i := range findings {
		f := &findings[i]
		if f.Suppressed == nil && left[f.key()] > 0 {
			left[f.key()]--
			gone--
			f.Suppressed = &Suppression{External, reason}
		}
	}
	return gone
}

// key is the fingerprint without the number of the finding among its equals.
func (f *Finding) key() string {
	key, _, _ := strings.Cut(f.Fingerprint, ":")
	return key
}
