package driver

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/redislint/redislint/internal/edit"
	"github.com/redislint/redislint/internal/ignore"
	"github.com/redislint/redislint/internal/report"
)

// rewrite is what the flags of the command say about changing the source.
type rewrite struct {
	fix    bool
	diff   bool
	ignore bool
	reason string // of directives
}

func (r *rewrite) addFlags(fs *flag.FlagSet) {
	fs.BoolVar(&r.fix, "fix", false, "apply the fixes that findings offer, and report what is left")
	fs.BoolVar(&r.diff, "diff", false, "with -fix or -add-ignore, print the changes as a diff and make none; the exit code is 1 if there are any")
	fs.Func("add-ignore", "write directives with this `reason` that silence what is found", func(s string) error {
		r.ignore, r.reason = true, strings.TrimSpace(s)
		if r.reason == "" || strings.ContainsAny(r.reason, "\r\n") {
			return errors.New("want a reason, of one line")
		}
		return nil
	})
}

// asked reports whether the source is to be changed.
func (r *rewrite) asked() bool { return r.fix || r.ignore }

// check tells what is wrong with the flags.
func (r *rewrite) check(out *output) error {
	switch {
	case r.fix && r.ignore:
		return errors.New("-fix and -add-ignore exclude each other")
	case r.diff && !r.asked():
		return errors.New("-diff needs -fix or -add-ignore")
	case (r.diff || r.ignore) && (out.format != "text" || out.sarif != ""):
		return errors.New("-format and -sarif write findings, -diff and -add-ignore write none")
	case r.asked() && out.write != "":
		return errors.New("-write-baseline does not go with -fix or -add-ignore")
	}
	return nil
}

// apply changes the source as the flags say, or prints what would change. It
// reports whether files have changed. failed tells that not everything could
// be done.
func (r *rewrite) apply(w *writer, counted []report.Finding, l *loader, nodes []*node) (changed, failed bool, err error) {
	var units []*unit
	for _, n := range nodes {
		if n.root && n.unit != nil && (n.Module == nil || n.Module.Main) {
			units = append(units, n.unit)
		}
	}
	x := newFixer(units)
	var changes []change
	var problems []string
	if r.fix {
		changes, problems, err = w.fixes(x, counted)
	} else {
		changes, problems, err = w.directives(x, counted, r)
	}
	if err != nil {
		return false, false, err
	}
	for _, c := range changes {
		name := shortPath(w.base, c.file)
		if r.diff {
			if _, err := io.WriteString(w.stdout, edit.Diff(name, c.before, c.after)); err != nil {
				return false, false, err
			}
		} else if err := edit.Replace(c.file, c.before, c.after); err != nil {
			problems = append(problems, fmt.Sprintf("%s is left as it is: %v", name, err))
			continue
		}
		changed = true
	}
	for _, p := range problems {
		w.say("%s", strings.ReplaceAll(p, w.base+string(os.PathSeparator), ""))
	}
	return changed, len(problems) > 0, nil
}

// fixes returns what the findings' fixes make of their files.
func (w *writer) fixes(x *fixer, counted []report.Finding) ([]change, []string, error) {
	for _, f := range counted {
		if len(f.Fixes) == 0 {
			continue
		}
		var edits []edit.Edit
		for _, e := range f.Fixes[0].Edits {
			edits = append(edits, edit.Edit{File: w.src.Path(e.Pos.File), Start: e.Start, End: e.End, New: e.New})
		}
		x.add(edits)
	}
	changes, problems, err := x.changes()
	if x.skipped > 0 {
		w.say("%s", x.overlap())
	}
	return changes, problems, err
}

// directives returns what the files are with directives that silence the
// findings. What is said about directives is not silenced by more of them.
func (w *writer) directives(x *fixer, counted []report.Finding, r *rewrite) (changes []change, problems []string, err error) {
	places := make(map[string][]ignore.Place)
	for _, f := range counted {
		if f.Rule == ignore.Rule {
			continue
		}
		file := w.src.Path(f.Pos.File)
		places[file] = append(places[file], ignore.Place{Line: f.Pos.Line, Col: f.Pos.Col, Rule: f.Rule})
	}
	total := 0
	for _, file := range slices.Sorted(maps.Keys(places)) {
		if x.units[file] == nil && !x.fromCgo(file) {
			problems = append(problems, file+" is left as it is: it does not belong to the main module")
			continue
		}
		before, err := os.ReadFile(file)
		if err != nil {
			return nil, nil, err
		}
		after, n, err := ignore.Add(file, before, places[file], r.reason)
		if err == nil {
			after, err = edit.Format(before, after)
		}
		if err != nil {
			problems = append(problems, fmt.Sprintf("%s is left as it is: %v", file, err))
			continue
		}
		total += n
		changes = append(changes, change{file, before, after})
	}
	if !r.diff && total > 0 {
		w.say("%s written into %s", report.Count(total, "directive"), report.Count(len(changes), "file"))
	}
	return changes, problems, nil
}

// fromCgo reports whether a file is one that cgo has made a copy of, which
// stands for it.
func (x *fixer) fromCgo(file string) bool {
	for _, units := range x.units {
		for _, u := range units {
			for _, f := range u.files {
				if u.fset.Position(f.Package).Filename == file {
					return true
				}
			}
		}
	}
	return false
}
