// Package edit changes source files. It merges edits, keeps formatted files
// formatted, shows what would change, and replaces a file whole or not at all.
package edit

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"go/format"
	"maps"
	"os"
	"path/filepath"
	"slices"
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
// formatted as gofmt does it is formatted so again.
func (p *Plan) Apply(file string, source []byte) ([]byte, error) {
	var out bytes.Buffer
	at := 0
	for _, e := range p.files[file] {
		if e.Start < at || e.End < e.Start || e.End > len(source) {
			return nil, fmt.Errorf("%s: an edit from %d to %d does not fit", file, e.Start, e.End)
		}
		out.Write(source[at:e.Start])
		out.WriteString(e.New)
		at = e.End
	}
	out.Write(source[at:])
	return Format(source, out.Bytes())
}

// Format formats what has become of a Go file, if the file was formatted
// before: the change of a line shall not bring about others.
func Format(before, after []byte) ([]byte, error) {
	if formatted, err := format.Source(before); err != nil || !bytes.Equal(formatted, before) {
		return after, nil
	}
	return format.Source(after)
}

// Replace gives a file a new content. The file is replaced whole or not at
// all, keeps its permissions, and must have the old content.
func Replace(file string, before, after []byte) (err error) {
	// A link stays one.
	file, err = filepath.EvalSymlinks(file)
	if err != nil {
		return err
	}
	info, err := os.Stat(file)
	if err != nil {
		return err
	}
	if now, err := os.ReadFile(file); err != nil {
		return err
	} else if !bytes.Equal(now, before) {
		return fmt.Errorf("%s has changed meanwhile", file)
	}
	temp, err := os.CreateTemp(filepath.Dir(file), "."+filepath.Base(file)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(temp.Name()))
		}
	}()
	_, err = temp.Write(after)
	if err = errors.Join(err, temp.Chmod(info.Mode().Perm()), temp.Close()); err != nil {
		return err
	}
	return os.Rename(temp.Name(), file)
}
