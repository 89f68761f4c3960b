// Package edit changes source files. It merges edits, keeps formatted files
// formatted, shows what would change, and replaces a file whole or not at all.
package edit

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/redislint/redislint/internal/newline"
)

// An Edit replaces a region of a file, given in bytes.
type Edit struct {
	File       string
	Start, End int
	New        string
}

func (e Edit) compare(o Edit) int {
	return cmp.Or(cmp.Compare(e.File, o.File), cmp.Compare(e.Start, o.Start), cmp.Compare(e.End, o.End), cmp.Compare(e.New, o.New))
}

// conflicts reports whether two different edits cannot both be made: they
// change the same text, or insert something at the same place.
func (e Edit) conflicts(o Edit) bool {
	if e.File != o.File {
		return false
	}
	if e.Start == e.End && o.Start == o.End {
		return e.Start == o.Start
	}
	return e.Start < o.End && o.Start < e.End
}

// A Plan is a set of edits that go together.
type Plan struct {
	files map[string][]Edit // sorted
}

// Add adds edits that belong together, all or none of them. It reports whether
// they go together with those that are there. An edit that is there already is
// made once.
func (p *Plan) Add(edits []Edit) bool {
	fresh := make(map[string][]Edit)
	for _, e := range edits {
		same := false
		for _, o := range slices.Concat(p.files[e.File], fresh[e.File]) {
			if e == o {
				same = true
			} else if e.conflicts(o) {
				return false
			}
		}
		if !same {
			fresh[e.File] = append(fresh[e.File], e)
		}
	}
	if p.files == nil {
		p.files = make(map[string][]Edit)
	}
	for file, list := range fresh {
		p.files[file] = append(p.files[file], list...)
		slices.SortFunc(p.files[file], Edit.compare)
	}
	return true
}

// Files lists the files that the plan changes.
func (p *Plan) Files() []string { return slices.Sorted(maps.Keys(p.files)) }

// Apply returns the content of a file after the edits. A file that was
// formatted as gofmt does it is formatted so again; line endings and a byte
// order mark stay what they were.
func (p *Plan) Apply(file string, source []byte) ([]byte, error) {
	var out bytes.Buffer
	at := 0
	for _, e := range p.files[file] {
		if e.Start < at || e.End < e.Start || e.End > len(source) {
			return nil, fmt.Errorf("%s: an edit from %d to %d does not fit", file, e.Start, e.End)
		}
		out.Write(source[at:e.Start])
		out.WriteString(newline.Like(source, e.Start, e.New))
		at = e.End
	}
	out.Write(source[at:])
	return Format(source, out.Bytes())
}
