package driver

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

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
		changes, problems = w.fixes(x, counted)
	} else {
		changes, problems = w.directives(x, counted, r)
	}
	done, err := r.make(w, changes, &problems)
	if r.ignore && !r.diff && len(done) > 0 {
		total := 0
		for _, c := range done {
			total += c.directives
		}
		w.say("%s written into %s", report.Count(total, "directive"), report.Count(len(done), "file"))
	}
	for _, p := range problems {
		w.say("%s", strings.ReplaceAll(p, w.dir+string(os.PathSeparator), ""))
	}
	return len(done) > 0, len(problems) > 0, err
}

// make makes the changes, or prints them. It returns those that are done, and
// adds to problems what could not be changed. A person who interrupts it gets
// the file that is at work finished, and is told how many are.
func (r *rewrite) make(w *writer, list []change, problems *[]string) (done []change, err error) {
	if r.diff {
		diff, root := edit.Diff, top(w.dir)
		if w.color == "always" || isTerminal(w.stdout) && w.colors() {
			diff = edit.ColorDiff
		}
		for _, c := range list {
			if _, err := io.WriteString(w.stdout, diff(nameInDiff(root, c.file), c.before, c.after)); err != nil {
				return nil, err
			}
		}
		return list, nil
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(stop)
	for _, c := range list {
		select {
		case <-stop:
			return done, fmt.Errorf("interrupted: %d of %s changed, each as a whole", len(done), report.Count(len(list), "file"))
		default:
		}
		if err := edit.Replace(c.file, c.before, c.after); err != nil {
			*problems = append(*problems, leftAlone(c.file, err))
			continue
		}
		done = append(done, c)
	}
	return done, nil
}

// fixes returns what the findings' fixes make of their files.
func (w *writer) fixes(x *fixer, counted []report.Finding) ([]change, []string) {
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
	changes, problems := x.changes()
	if x.skipped > 0 {
		w.say("%s", x.overlap())
	}
	return changes, problems
}

// directives returns what the files are with directives that silence the
// findings. What is said about directives is not silenced by more of them.
func (w *writer) directives(x *fixer, counted []report.Finding, r *rewrite) (changes []change, problems []string) {
	places := make(map[string][]ignore.Place)
	for _, f := range counted {
		if f.Rule == ignore.Rule {
			continue
		}
		file := w.src.Path(f.At.File)
		places[file] = append(places[file], ignore.Place{Line: f.At.Line, Col: f.At.Col, Rule: f.Rule})
	}
	for _, file := range slices.Sorted(maps.Keys(places)) {
		before, err := x.original(file)
		if err != nil {
			problems = append(problems, leftAlone(file, err))
			continue
		}
		after, n, err := ignore.Add(file, before, places[file], r.reason)
		if err == nil {
			after, err = edit.Format(before, after)
		}
		if err != nil {
			problems = append(problems, leftAlone(file, err))
			continue
		}
		if n > 0 {
			changes = append(changes, change{file: file, before: before, after: after, directives: n})
		}
	}
	return changes, problems
}

// original reads a file that a package was made of, even if cgo has made a copy
// of it that was analysed in its stead. It must be what it was then.
func (x *fixer) original(file string) ([]byte, error) {
	if x.units[file] != nil {
		return x.read(file)
	}
	for _, units := range x.units {
		for _, u := range units {
			want, ok := u.sums[file]
			if !ok {
				continue
			}
			data, err := os.ReadFile(file)
			if err != nil {
				return nil, err
			}
			if want != sha256.Sum256(data) {
				return nil, edit.ErrChanged
			}
			if bytes.Contains(data, []byte("//line ")) || bytes.Contains(data, []byte("/*line ")) {
				return nil, errors.New("it has both cgo and //line directives, so its lines are not known")
			}
			return data, nil
		}
	}
	return nil, errors.New("it does not belong to the main module")
}
