// Package changes compares the working tree with the merge base of HEAD and a
// revision, by asking git: which line of one is which line of the other, and
// what the files of the base are.
package changes

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Set is what has changed. Names of files are relative to Top, with slashes.
type Set struct {
	Top  string // the work tree, without symbolic links
	Base string // the commit that it is compared with

	then      map[string]bool  // files of the base
	files     map[string]*file // files of the working tree that differ, by their name now
	now       map[string]*file // files of the base that differ, by their name then
	untracked map[string]bool  // files of the working tree that git would add
}

// file is what has changed in one file.
type file struct {
	name  string // in the working tree, or "" if it is gone
	old   string // in the base, or "" if it was not there
	hunks []hunk // in order, none of them next to another
}

// hunk is a region of lines that another has replaced. One that is empty has
// its start where it would be inserted.
type hunk struct {
	oldStart, oldLines int
	newStart, newLines int
}

// A Line is a line of a file. Lines count from 1.
type Line struct {
	File string
	Line int
}

// Since compares the working tree around dir, with what is not committed and
// what git does not know yet, with the merge base of HEAD and the revision.
func Since(dir, revision string) (*Set, error) {
	if _, err := exec.LookPath("git"); err != nil {
		return nil, errors.New("git is not in PATH")
	}
	out, err := git(dir, nil, "rev-parse", "--show-toplevel")
	if err != nil {
		return nil, fmt.Errorf("%s is not in a git work tree: %w", place(dir), err)
	}
	top := canonical(filepath.FromSlash(strings.TrimSuffix(string(out), "\n")))
	base, err := mergeBase(top, revision)
	if err != nil {
		return nil, err
	}
	s := &Set{Top: top, Base: base, files: make(map[string]*file), now: make(map[string]*file)}
	if s.then, err = names(top, "ls-tree", "-r", "-z", "--name-only", "--full-tree", base); err != nil {
		return nil, err
	}
	if s.untracked, err = names(top, "ls-files", "-z", "--others", "--exclude-standard"); err != nil {
		return nil, err
	}
	// Attributes of the change do not hide what it does: all files are text.
	diff, err := git(top, nil, "-c", "core.quotePath=false", "diff", "--no-color", "--no-ext-diff", "--no-textconv", "--no-relative",
		"--text", "--unified=0", "--inter-hunk-context=0", "--find-renames", "-l2000", "--ignore-submodules=dirty", "--submodule=short",
		"--src-prefix=a/", "--dst-prefix=b/", base, "--")
	if err != nil {
		return nil, err
	}
	list, err := parse(bytes.NewReader(diff))
	if err != nil {
		return nil, err
	}
	for _, f := range list {
		if f.name != "" {
			s.files[f.name] = f
		}
		// A file that has become a link is gone, and another is new.
		if f.old != "" && (s.now[f.old] == nil || f.name == "") {
			s.now[f.old] = f
		}
	}
	return s, nil
}

// names returns the set of names that git lists, each with a zero byte after it.
func names(top string, args ...string) (map[string]bool, error) {
	out, err := git(top, nil, args...)
	if err != nil {
		return nil, err
	}
	set := make(map[string]bool)
	for name := range bytes.SplitSeq(out, []byte{0}) {
		set[string(name)] = true
	}
	return set, nil
}

// mergeBase is the newest commit that HEAD and the revision have in common.
func mergeBase(dir, revision string) (string, error) {
	if _, err := git(dir, nil, "rev-parse", "--verify", "--quiet", "HEAD^{commit}"); err != nil {
		return "", errors.New("there is no commit yet")
	}
	shallow := ""
	if out, err := git(dir, nil, "rev-parse", "--is-shallow-repository"); err == nil && strings.TrimSpace(string(out)) == "true" {
		shallow = "; this clone is shallow, fetch the whole history (fetch-depth: 0 of actions/checkout)"
	}
	commit, err := git(dir, nil, "rev-parse", "--verify", "--quiet", "--end-of-options", revision+"^{commit}")
	if err != nil || revision == "" {
		return "", fmt.Errorf("git does not know the revision %q%s", revision, shallow)
	}
	base, err := git(dir, nil, "merge-base", strings.TrimSpace(string(commit)), "HEAD")
	if err != nil {
		return "", fmt.Errorf("%s and HEAD have no common ancestor%s", revision, shallow)
	}
	return strings.TrimSpace(string(base)), nil
}

// git runs git in a folder and returns what it prints. The error is one line.
func git(dir string, env []string, args ...string) ([]byte, error) {
	return output(command(dir, env, args...))
}

func command(dir string, env []string, args ...string) *exec.Cmd {
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	cmd.Env = append(append(os.Environ(), "LC_ALL=C", "GIT_OPTIONAL_LOCKS=0", "GIT_PAGER=cat"), env...)
	return cmd
}

// output runs git and returns what it prints.
func output(cmd *exec.Cmd) ([]byte, error) {
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err == nil {
		return out, nil
	}
	for line := range strings.Lines(stderr.String()) {
		if line = strings.TrimSpace(line); line != "" {
			return nil, errors.New("git: " + strings.TrimPrefix(line, "fatal: "))
		}
	}
	return nil, fmt.Errorf("git: %w", err)
}

// place names a folder for a message.
func place(dir string) string {
	if abs, err := filepath.Abs(dir); err == nil {
		return abs
	}
	return dir
}

// A Relation is what a line of the base and a line of the working tree are to
// each other.
type Relation int

// The relations, from the weakest on.
const (
	Other    Relation = iota // two lines: at least one of them is on both sides
	Maybe                    // one is gone and the other is new, so that it may have moved
	Replaced                 // the same, and one stands where the other stood
	Same                     // one line, which has not changed
)

// Relate compares a line of the base with one of the working tree.
func (s *Set) Relate(then, now Line) Relation {
	if s.replaced(then.File) || s.replaced(now.File) {
		return Other
	}
	if at, stands := s.Now(then); stands {
		if at == now {
			return Same
		}
		return Other
	}
	if _, old := s.Then(now); old {
		return Other
	}
	if f := s.files[now.File]; f != nil && f.old == then.File {
		for _, h := range f.hunks {
			if within(then.Line, h.oldStart, h.oldLines) && within(now.Line, h.newStart, h.newLines) {
				return Replaced
			}
		}
	}
	return Maybe
}

func within(line, start, lines int) bool { return start <= line && line < start+lines }

// replaced reports whether a file belongs to a submodule of which the change
// has another commit. What the base has of it is not known.
func (s *Set) replaced(name string) bool {
	for dir := path.Dir(name); dir != "." && dir != "/"; dir = path.Dir(dir) {
		if s.files[dir] != nil {
			return true
		}
	}
	return false
}

// Now returns the line of the working tree that a line of the base is. It is
// not there if it was deleted or changed.
func (s *Set) Now(then Line) (Line, bool) {
	f := s.now[then.File]
	switch {
	case f == nil:
		// It has not changed, or git does not know it and both trees have it.
		return then, s.files[then.File] == nil
	case f.name == "":
		return Line{}, false
	}
	shift := 0
	for _, h := range f.hunks {
		if within(then.Line, h.oldStart, h.oldLines) {
			return Line{}, false
		}
		if h.oldStart <= then.Line {
			shift = h.newStart + h.newLines - h.oldStart - h.oldLines
		}
	}
	return Line{f.name, then.Line + shift}, true
}

// Then returns the line of the base that a line of the working tree is. There
// is none if it is new.
func (s *Set) Then(now Line) (Line, bool) {
	f := s.files[now.File]
	switch {
	case f == nil:
		// It has not changed, or git ignores it and both trees have it.
		return now, !s.untracked[now.File] && s.now[now.File] == nil
	case f.old == "":
		return Line{}, false
	}
	shift := 0
	for _, h := range f.hunks {
		if within(now.Line, h.newStart, h.newLines) {
			return Line{}, false
		}
		if h.newStart <= now.Line {
			shift = h.oldStart + h.oldLines - h.newStart - h.newLines
		}
	}
	return Line{f.old, now.Line + shift}, true
}

// OldName is the name that a file of the working tree had in the base, or ""
// if it was not there.
func (s *Set) OldName(name string) string {
	if f := s.files[name]; f != nil {
		return f.old
	}
	if s.then[name] && s.now[name] == nil {
		return name
	}
	return ""
}

// Renames lists the files that had another name, as "then\x00now", sorted.
func (s *Set) Renames() []string {
	var list []string
	for name, f := range s.files {
		if f.old != "" && f.old != name {
			list = append(list, f.old+"\x00"+name)
		}
	}
	slices.Sort(list)
	return list
}

// NewName is the name that a file of the base has now, or "" if it is gone.
func (s *Set) NewName(name string) string {
	if f := s.now[name]; f != nil {
		return f.name
	}
	if s.then[name] {
		return name
	}
	return ""
}

// Name returns the name of a file as a Line has it. What is outside of the
// work tree keeps its full name.
func (s *Set) Name(file string) string {
	if rel, err := filepath.Rel(s.Top, canonical(file)); err == nil && filepath.IsLocal(rel) {
		return filepath.ToSlash(rel)
	}
	return filepath.ToSlash(file)
}

// canonical is a path without symbolic links, or the path itself if it is not
// there.
func canonical(path string) string {
	if p, err := filepath.EvalSymlinks(path); err == nil {
		return p
	}
	return path
}
