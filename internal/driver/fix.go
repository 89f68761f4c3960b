package driver

import (
	"archive/zip"
	"bytes"
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/redislint/redislint/internal/edit"
	"github.com/redislint/redislint/internal/report"
)

// fixer collects fixes, and makes of them new contents of files. Of fixes that
// change the same lines the first one counts.
type fixer struct {
	units   map[string][]*unit // packages that a file belongs to, by its full name
	plan    edit.Plan
	skipped int              // fixes that go with none of those before
	looked  map[string]error // what is wrong with files that were compared
}

// change is a file with its new content.
type change struct {
	file          string
	before, after []byte
	directives    int // that were written, if this is what was asked for
}

func newFixer(units []*unit) *fixer {
	x := &fixer{units: make(map[string][]*unit), looked: make(map[string]error)}
	for _, u := range units {
		for _, f := range u.files {
			name := u.fset.File(f.FileStart).Name()
			x.units[name] = append(x.units[name], u)
		}
	}
	return x
}

// add adds the edits of one fix. A fix of a file that is not ours is left
// alone, as is one of several files: it would be half made if one of them
// cannot be written.
func (x *fixer) add(edits []edit.Edit) {
	for _, e := range edits {
		if x.units[e.File] == nil || e.File != edits[0].File {
			return
		}
	}
	if !x.plan.Add(edits) {
		x.skipped++
	}
}

// changes returns the new contents of files. A file whose new content would
// not compile, or cannot be checked, is not among them; problems tells why.
func (x *fixer) changes() (list []change, problems []string) {
	after := make(map[string][]byte)
	for _, file := range x.plan.Files() {
		before, err := x.read(file)
		if err != nil {
			problems = append(problems, leftAlone(file, err))
			continue
		}
		content, err := x.plan.Apply(file, before)
		switch {
		case err != nil:
			problems = append(problems, notFixed(file, err))
			continue
		case bytes.Equal(before, content):
			continue
		}
		list = append(list, change{file: file, before: before, after: content})
		after[file] = content
	}
	for _, u := range x.changed(after) {
		// Each turn gives up a file, so this ends.
		for errs := u.recheck(after); len(errs) > 0; errs = u.recheck(after) {
			file, err := u.blame(errs, after)
			if path, ok := missing(err); ok {
				problems = append(problems, leftAlone(file, errors.New("it would import "+path)))
			} else {
				problems = append(problems, notFixed(file, err))
			}
			delete(after, file)
		}
	}
	list = slices.DeleteFunc(list, func(c change) bool { return after[c.file] == nil })
	return list, problems
}

// read reads a file that is to be changed. It and all that it is compiled with
// must be what was analysed: what the analysis says holds for no other text.
func (x *fixer) read(file string) ([]byte, error) {
	for _, u := range x.units[file] {
		for _, name := range slices.Sorted(maps.Keys(u.sums)) {
			if name == file {
				continue
			}
			err, ok := x.looked[name]
			if !ok {
				err = u.same(name)
				x.looked[name] = err
			}
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	for _, u := range x.units[file] {
		if u.sums[file] != sha256.Sum256(data) {
			return nil, edit.ErrChanged
		}
	}
	return data, nil
}

// same tells whether a file of the unit is what was analysed.
func (u *unit) same(name string) error {
	data, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	if u.sums[name] != sha256.Sum256(data) {
		return edit.ErrChanged
	}
	return nil
}

// missing tells which package could not be loaded, and why, if that is what an
// error of the type checker is about.
func missing(err error) (string, bool) {
	var t types.Error
	if !errors.As(err, &t) {
		return "", false
	}
	text, ok := strings.CutPrefix(t.Msg, "could not import ")
	return strings.Join(strings.Fields(text), " "), ok
}

func leftAlone(file string, err error) string {
	return fmt.Sprintf("%s is left as it is: %v", file, err)
}

func notFixed(file string, err error) string {
	return fmt.Sprintf("%s is left as it is, fixed it would not compile: %v", file, err)
}

// changed lists the packages with files that change.
func (x *fixer) changed(after map[string][]byte) []*unit {
	var list []*unit
	for _, file := range slices.Sorted(maps.Keys(after)) {
		for _, u := range x.units[file] {
			if !slices.Contains(list, u) {
				list = append(list, u)
			}
		}
	}
	return list
}

// recheck type-checks the package with the new contents of files.
func (u *unit) recheck(after map[string][]byte) []error {
	var errs []error
	var files []*ast.File
	any := false
	for _, f := range u.files {
		name := u.fset.File(f.FileStart).Name()
		if content, ok := after[name]; ok {
			any = true
			fixed, err := parser.ParseFile(u.fset, name, content, parser.SkipObjectResolution)
			if err != nil {
				errs = append(errs, err)
				continue
			}
			f = fixed
		}
		files = append(files, f)
	}
	if !any || errs != nil {
		return errs
	}
	visible := visiblePackages(u.pkg)
	conf := types.Config{
		Importer: importFunc(func(path string) (*types.Package, error) {
			p, err := u.importer.Import(path)
			if err == nil {
				return p, nil
			}
			// A fix has added this import.
			if p := visible[path]; p != nil && p.Complete() {
				return p, nil
			}
			return u.find(path)
		}),
		Sizes: u.sizes, GoVersion: u.goVersion,
		Error: func(err error) { errs = append(errs, err) },
	}
	_, _ = conf.Check(u.pkg.Path(), u.fset, files, nil) // to conf.Error
	return errs
}

// blame returns the file to be left alone, and its error.
func (u *unit) blame(errs []error, after map[string][]byte) (string, error) {
	for _, err := range errs {
		file := ""
		switch err := err.(type) {
		case scanner.ErrorList:
			file = err[0].Pos.Filename
		case types.Error:
			file = err.Fset.PositionFor(err.Pos, false).Filename
		}
		if after[file] != nil {
			return file, firstError(err)
		}
	}
	for _, f := range u.files {
		if name := u.fset.File(f.FileStart).Name(); after[name] != nil {
			return name, errs[0]
		}
	}
	return "", errs[0]
}

// fixEdits returns the edits of a diagnostic's first fix, which is the one to
// be applied.
func fixEdits(fset *token.FileSet, d analysis.Diagnostic) []edit.Edit {
	if len(d.SuggestedFixes) == 0 {
		return nil
	}
	var list []edit.Edit
	for _, e := range d.SuggestedFixes[0].TextEdits {
		start, end := fset.PositionFor(e.Pos, false), fset.PositionFor(cmp.Or(e.End, e.Pos), false)
		list = append(list, edit.Edit{File: start.Filename, Start: start.Offset, End: end.Offset, New: string(e.NewText)})
	}
	return list
}

// vetFix answers go vet -fix: with an archive of new contents, which the go
// command writes when all is done, or with a diff.
func (t *Tool) vetFix(cfg *vetConfig, u *unit, results []result, diff bool, stdout, stderr io.Writer) (int, error) {
	x := newFixer([]*unit{u})
	for _, r := range results {
		for _, d := range r.diagnostics {
			x.add(fixEdits(u.fset, d))
		}
	}
	changes, problems := x.changes()
	if x.skipped > 0 {
		fmt.Fprintln(stderr, t.Name+": "+x.overlap())
	}
	var err error
	if diff {
		var text bytes.Buffer
		for _, c := range changes {
			text.WriteString(edit.Diff(nameInDiff(cfg.root(), c.file), c.before, c.after))
		}
		if text.Len() > 0 {
			err = cfg.print(text.Bytes(), stdout)
		}
	} else {
		err = cfg.archive(changes)
	}
	for _, p := range problems {
		err = errors.Join(err, errors.New(p))
	}
	if err != nil {
		return exitFailure, err
	}
	return exitClean, nil
}

// nameInDiff is the name under which a diff shows a file: relative to root,
// which is where git apply takes it to be.
func nameInDiff(root, file string) string {
	if rel, err := filepath.Rel(root, file); err == nil && filepath.IsLocal(rel) {
		file = rel
	}
	return filepath.ToSlash(file)
}

// root is the top of the repository around the package, or of its module where
// there is no repository.
func (cfg *vetConfig) root() string {
	dir, ok := repository(cfg.Dir)
	if !ok {
		_, dir = moduleOf(cfg.Dir)
	}
	return cmp.Or(dir, cfg.Dir)
}

// overlap says that fixes were skipped.
func (x *fixer) overlap() string {
	return report.Count(x.skipped, "fix") + " skipped that would change the same lines as another, fix again for more"
}

// archive writes the files for go vet. An empty archive is one that go vet can
// keep.
func (cfg *vetConfig) archive(changes []change) error {
	if cfg.FixArchive == "" {
		return nil
	}
	var data bytes.Buffer
	w := zip.NewWriter(&data)
	for _, c := range changes {
		f, err := w.Create(c.file)
		if err != nil {
			return err
		}
		if _, err := f.Write(c.after); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	return os.WriteFile(cfg.FixArchive, data.Bytes(), 0o666)
}

// print writes what go vet shall print.
func (cfg *vetConfig) print(text []byte, stdout io.Writer) error {
	if cfg.Stdout != "" {
		return os.WriteFile(cfg.Stdout, text, 0o666)
	}
	_, err := stdout.Write(text)
	return err
}
