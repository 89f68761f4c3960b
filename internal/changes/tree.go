package changes

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
)

// A Tree is the base as files, in a folder for the time being.
//
// Above the folder of the base are those that are above the work tree, by the
// same names, so that what a go.mod or go.work of the base names by a relative
// path beside the repository can be put there.
type Tree struct {
	set  *Set
	temp string
	Root string // what stands for Set.Top
	// Borrowed lists what was taken from the working tree or from beside it,
	// as the base does not have it. What is analysed then depends on more than
	// the commit.
	Borrowed []string
}

// Checkout writes the files of the base. It touches neither the index nor the
// settings of the repository, and runs none of its hooks. The caller removes
// the tree.
func (s *Set) Checkout() (*Tree, error) {
	temp, err := os.MkdirTemp("", "redislint-base-")
	if err != nil {
		return nil, err
	}
	temp = canonical(temp)
	t := &Tree{set: s, temp: temp}
	t.Root = t.Path(s.Top)
	if err := t.fill(); err != nil {
		return nil, errors.Join(err, t.Remove())
	}
	return t, nil
}

func (t *Tree) fill() error {
	if err := os.MkdirAll(t.Root, 0o777); err != nil {
		return err
	}
	// Large files of git LFS stay the pointers that they are in the commit.
	env := []string{"GIT_INDEX_FILE=" + filepath.Join(t.temp, "index"), "GIT_LFS_SKIP_SMUDGE=1"}
	if _, err := git(t.set.Top, env, "-c", "core.sparseCheckout=false", "-c", "core.fsmonitor=false", "read-tree", t.set.Base); err != nil {
		return err
	}
	if err := t.write(env, t.set.source()); err != nil {
		return err
	}
	more, err := t.needed()
	if err != nil {
		return err
	}
	if err := t.write(env, more); err != nil {
		return err
	}
	for dir := filepath.Dir(t.set.Top); ; dir = filepath.Dir(dir) {
		// The workspace that the repository is a part of.
		if isFile(filepath.Join(dir, "go.work")) {
			for _, name := range []string{"go.work", "go.work.sum"} {
				if err := t.borrowFile(filepath.Join(dir, name)); err != nil {
					return err
				}
			}
			t.Borrowed = append(t.Borrowed, filepath.Join(dir, "go.work"))
			if err := t.neighbours(t.Path(filepath.Join(dir, "go.work"))); err != nil {
				return err
			}
			break
		}
		if dir == filepath.Dir(dir) {
			break
		}
	}
	return filepath.WalkDir(t.Root, func(file string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && file != t.Root && (d.Name() == "testdata" || d.Name() == "node_modules" || d.Name() == "vendor"):
			return fs.SkipDir
		case d.Name() == "go.mod" || d.Name() == "go.work":
			return t.neighbours(file)
		}
		return nil
	})
}

// source lists the files of the base that the go command and this one read by
// their names. Most of a repository may be something else.
func (s *Set) source() []string {
	kinds := []string{".go", ".mod", ".sum", ".work", ".c", ".cc", ".cpp", ".cxx", ".m", ".h", ".hh", ".hpp", ".hxx", ".f", ".F", ".for", ".f90",
		".s", ".S", ".sx", ".swig", ".swigcxx", ".syso", ".yml", ".yaml"}
	var list []string
	for name := range s.then {
		if slices.Contains(kinds, path.Ext(name)) || path.Base(name) == "modules.txt" {
			list = append(list, name)
		}
	}
	return list
}

// write writes files of the base. A submodule is an empty folder.
func (t *Tree) write(env, names []string) error {
	if len(names) == 0 {
		return nil
	}
	slices.Sort(names)
	cmd := command(t.set.Top, env, "-c", "core.fsmonitor=false", "checkout-index", "--quiet", "-z", "--stdin", "--prefix="+filepath.ToSlash(t.Root)+"/")
	cmd.Stdin = strings.NewReader(strings.Join(names, "\x00"))
	_, err := output(cmd)
	return err
}

// needed lists what the source asks for besides: the folders of packages that
// embed files, and what links lead to.
func (t *Tree) needed() ([]string, error) {
	there := make(map[string]bool)
	for _, name := range t.set.source() {
		there[name] = true
	}
	var folders []string
	wanted := make(map[string]bool)
	for name := range there {
		file := filepath.Join(t.Root, filepath.FromSlash(name))
		if target, err := os.Readlink(file); err == nil {
			if to := path.Join(path.Dir(name), filepath.ToSlash(target)); t.set.then[to] && !there[to] {
				wanted[to] = true
			}
			continue
		}
		if path.Ext(name) != ".go" {
			continue
		}
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		if bytes.Contains(data, []byte("//go:embed ")) {
			folders = append(folders, path.Dir(name))
		}
	}
	for name := range t.set.then {
		if there[name] || name == "" {
			continue
		}
		for _, f := range folders {
			if f == "." || strings.HasPrefix(name, f+"/") {
				wanted[name] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(wanted)), nil
}

// neighbours sees to it that the modules are there which a go.mod or go.work
// file of the tree names by path.
func (t *Tree) neighbours(file string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var paths []string
	replaced := func(list []*modfile.Replace) {
		for _, r := range list {
			if r.New.Version == "" {
				paths = append(paths, r.New.Path)
			}
		}
	}
	if filepath.Base(file) == "go.work" {
		work, err := modfile.ParseWork(file, data, nil)
		if err != nil {
			return nil // the go command says what is wrong with it
		}
		for _, u := range work.Use {
			paths = append(paths, u.Path)
		}
		replaced(work.Replace)
	} else {
		mod, err := modfile.Parse(file, data, nil)
		if err != nil {
			return nil
		}
		replaced(mod.Replace)
	}
	for _, p := range paths {
		if filepath.IsAbs(p) {
			if !slices.Contains(t.Borrowed, p) {
				t.Borrowed = append(t.Borrowed, p)
			}
			continue
		}
		here := filepath.Join(filepath.Dir(file), filepath.FromSlash(p))
		there, err := filepath.Rel(t.temp, here)
		if err != nil || !filepath.IsLocal(there) || isFile(filepath.Join(here, "go.mod")) {
			continue
		}
		there = filepath.VolumeName(t.set.Top) + string(filepath.Separator) + there
		if !isFile(filepath.Join(there, "go.mod")) {
			continue
		}
		_ = os.Remove(here) // the empty folder of a submodule
		if err := os.MkdirAll(filepath.Dir(here), 0o777); err != nil {
			return err
		}
		if err := os.Symlink(there, here); err != nil {
			return err
		}
		t.Borrowed = append(t.Borrowed, there)
	}
	return nil
}

// Borrow copies what git ignores in the working tree, and the base lacks: code
// that is generated, a vendor folder. It reports whether there was any.
func (t *Tree) Borrow() (bool, error) {
	out, err := git(t.set.Top, nil, "ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory")
	if err != nil {
		return false, err
	}
	any := false
	for name := range strings.SplitSeq(string(out), "\x00") {
		if name == "" {
			continue
		}
		root := filepath.Join(t.set.Top, filepath.FromSlash(name))
		found := false
		err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return nil // it has gone, or is not ours to read; the go command will say so
			case d.IsDir() && (d.Name() == "node_modules" || strings.HasPrefix(d.Name(), ".")):
				return fs.SkipDir
			case !d.Type().IsRegular():
				return nil
			}
			if _, err := os.Lstat(t.Path(file)); err == nil {
				return nil
			}
			found = true
			return t.borrowFile(file)
		})
		if err != nil {
			return false, err
		}
		if found {
			any = true
			t.Borrowed = append(t.Borrowed, strings.TrimSuffix(root, string(filepath.Separator)))
		}
	}
	return any, nil
}

// borrowFile copies a file to where it is in the tree. One that is not there
// is no error.
func (t *Tree) borrowFile(name string) error {
	in, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer in.Close()
	if err := os.MkdirAll(filepath.Dir(t.Path(name)), 0o777); err != nil {
		return err
	}
	out, err := os.Create(t.Path(name))
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// Path is where a path is in the tree.
func (t *Tree) Path(name string) string {
	return filepath.Join(t.temp, strings.TrimPrefix(name, filepath.VolumeName(name)))
}

// Origin is the path that one of the tree stands for, and whether it is of the
// tree at all.
func (t *Tree) Origin(name string) (string, bool) {
	rel, err := filepath.Rel(t.temp, canonical(name))
	if err != nil || !filepath.IsLocal(rel) {
		return name, false
	}
	return filepath.VolumeName(t.set.Top) + string(filepath.Separator) + rel, true
}

// Name returns the name of a file of the tree as a Line has it.
func (t *Tree) Name(file string) string {
	origin, _ := t.Origin(file)
	if rel, err := filepath.Rel(t.set.Top, origin); err == nil && filepath.IsLocal(rel) {
		return filepath.ToSlash(rel)
	}
	return filepath.ToSlash(origin)
}

// Text says a message about the tree as one about the base.
func (t *Tree) Text(message string) string {
	message = strings.ReplaceAll(message, t.Root+string(filepath.Separator), "")
	return strings.ReplaceAll(message, t.temp, "")
}

// Remove takes the tree away.
func (t *Tree) Remove() error { return os.RemoveAll(t.temp) }

// Content is a file of the base, or nil if it has none of that name.
func (s *Set) Content(name string) ([]byte, error) {
	if !s.then[name] {
		return nil, nil
	}
	return git(s.Top, nil, "cat-file", "blob", s.Base+":"+name)
}

func isFile(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.Mode().IsRegular()
}
