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
//
// Version 2 of the file counts exits, too: a leak that is known by one return
// does not hide another. Files of version 1 are read as they were.
type Baseline struct {
	known map[string]known // by key of the fingerprint
}

// known is how many findings there are of a kind, and by how many exits their
// resources get away: any number of them if exits is everywhere.
type known struct{ count, exits int }

const everywhere = -1

const baselineHead = "# redislint baseline, version "

// entry is one line of the file. Only key and numbers are read, the rest tells
// people what they stand for.
type entry struct {
	key, rule, unit, fn, text string
	known
}

// add adds a finding.
func (k *known) add(f *Finding) {
	k.count++
	if len(f.Exits) == 0 {
		k.exits = everywhere
	}
	if k.exits != everywhere {
		k.exits += len(f.Exits)
	}
}

// take takes a finding away, if it is one of those that are known.
func (k *known) take(f *Finding) bool {
	n := len(f.Exits)
	if k.count == 0 || k.exits != everywhere && (n == 0 || n > k.exits) {
		return false
	}
	k.count--
	if k.exits != everywhere {
		k.exits -= n
	}
	return true
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
			text := short(strings.Join(strings.Fields(src.Line(f.Pos.File, f.Pos.Line)), " "), 200)
			list = append(list, entry{key: key, rule: f.Rule, unit: f.Unit, fn: cmp.Or(f.Func, "-"), text: text})
		}
		list[i].add(&f)
	}
	slices.SortFunc(list, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.unit, b.unit), cmp.Compare(a.fn, b.fn), cmp.Compare(a.rule, b.rule),
			cmp.Compare(a.text, b.text), cmp.Compare(a.key, b.key))
	})
	out := bufio.NewWriter(w)
	fmt.Fprintln(out, baselineHead+"2")
	fmt.Fprintln(out, "# fingerprint, count, exits, rule, file, function, line")
	for _, e := range list {
		exits := "-"
		if e.exits != everywhere {
			exits = strconv.Itoa(e.exits)
		}
		fmt.Fprintln(out, Plain(fmt.Sprintf("%s %d %s %s %s %s: %s", e.key, e.count, exits, e.rule, e.unit, e.fn, e.text)))
	}
	return out.Flush()
}

// ReadBaseline reads what WriteBaseline writes, or has written in a version
// before. An error names the line.
func ReadBaseline(data []byte) (*Baseline, error) {
	b := &Baseline{known: make(map[string]known)}
	// A version that is new to an old program must not pass for no findings.
	wrong := fmt.Errorf("line 1: want %q or 2, the first line of a baseline; write it again with -write-baseline", baselineHead+"1")
	line := regexp.MustCompile(`^([0-9a-f]{16}) ([1-9][0-9]{0,8}) (-|[0-9]{1,9})(?: .*)?$`)
	first := regexp.MustCompile(`^([0-9a-f]{16}) ([1-9][0-9]{0,8})()(?: .*)?$`)
	n := 0
	for text := range bytes.Lines(data) {
		n++
		s := strings.TrimRight(string(text), "\r\n")
		switch {
		case n == 1:
			switch version, ok := strings.CutPrefix(s, baselineHead); {
			case ok && version == "1":
				line = first
			case !ok || version != "2":
				return nil, wrong
			}
			continue
		case s == "" || strings.HasPrefix(s, "#"):
			continue
		}
		m := line.FindStringSubmatch(s)
		if m == nil {
			return nil, fmt.Errorf("line %d: want a fingerprint of 16 hexadecimal digits, a count, and a number of exits", n)
		}
		if b.known[m[1]].count > 0 {
			return nil, fmt.Errorf("line %d: %s is there twice", n, m[1])
		}
		k := known{exits: everywhere}
		var err error
		if k.count, err = strconv.Atoi(m[2]); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		if m[3] != "" && m[3] != "-" {
			if k.exits, err = strconv.Atoi(m[3]); err != nil {
				return nil, fmt.Errorf("line %d: %w", n, err)
			}
		}
		b.known[m[1]] = k
	}
	if n == 0 {
		return nil, wrong
	}
	return b, nil
}

// Count is how many findings are known.
func (b *Baseline) Count() int {
	n := 0
	for _, k := range b.known {
		n += k.count
	}
	return n
}

// Suppress marks the findings that are known. Of findings with the same
// fingerprint as many are known as the baseline counts, from the first on.
// It returns how many known findings are gone.
func (b *Baseline) Suppress(findings []Finding, reason string) (gone int) {
	left := make(map[string]known, len(b.known))
	for key, k := range b.known {
		left[key] = k
		gone += k.count
	}
	for i := range findings {
		f := &findings[i]
		if k := left[f.key()]; f.Suppressed == nil && k.take(f) {
			left[f.key()] = k
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
