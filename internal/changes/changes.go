// Package changes tells which lines of the working tree are new since the
// merge base with a revision. It asks git, and what git does not vouch for
// counts as new: files that it does not track, and files outside of the
// repository.
package changes

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Set is what has changed.
type Set struct {
	top     string           // of the work tree
	tracked map[string]bool  // files that git knows, relative to top, with slashes
	files   map[string]*file // those that differ
	links   map[string]string
}

// file is what has changed in one file.
type file struct {
	whole   bool   // nothing of it is known to be old
	added   []span // where lines are new
	removed []span // where old code was taken away, with or without new lines
}

// span is a range of places, both ends among them. Line n is place 2n, and
// what is between it and the next line is place 2n+1.
type span struct{ first, last int }

// lines is the span of the lines from first to last.
func lines(first, last int) span { return span{2 * first, 2 * last} }

// after is the span of the gap behind a line.
func after(line int) span { return span{2*line + 1, 2*line + 1} }

// Since compares the working tree around dir, with what is not committed and
// what git does not know yet, with the merge base of HEAD and the revision.
func Since(dir, revision string) (*Set, error) {
	if _, err := exec.LookPath("git"); err != nil {
		return nil, errors.New("git is not in PATH")
	}
	out, err := git(dir, "rev-parse", "--show-toplevel")
	if err != nil {
		return nil, fmt.Errorf("%s is not in a git work tree: %w", place(dir), err)
	}
	top := strings.TrimSuffix(string(out), "\n")
	base, err := mergeBase(top, revision)
	if err != nil {
		return nil, err
	}
	tracked, err := git(top, "ls-files", "-z", "--full-name")
	if err != nil {
		return nil, err
	}
	diff, err := git(top, "-c", "core.quotePath=false", "diff", "--no-color", "--no-ext-diff", "--no-textconv", "--no-relative",
		"--unified=0", "--inter-hunk-context=0", "--find-renames", "--ignore-submodules", "--submodule=short",
		"--src-prefix=a/", "--dst-prefix=b/", base, "--")
	if err != nil {
		return nil, err
	}
	s := &Set{top: canonical(filepath.FromSlash(top)), tracked: make(map[string]bool), links: make(map[string]string)}
	for name := range bytes.SplitSeq(tracked, []byte{0}) {
		s.tracked[string(name)] = true
	}
	s.files, err = parse(bytes.NewReader(diff))
	return s, err
}

// mergeBase is the newest commit that HEAD and the revision have in common.
func mergeBase(dir, revision string) (string, error) {
	if _, err := git(dir, "rev-parse", "--verify", "--quiet", "HEAD^{commit}"); err != nil {
		return "", errors.New("there is no commit yet")
	}
	shallow := ""
	if out, err := git(dir, "rev-parse", "--is-shallow-repository"); err == nil && strings.TrimSpace(string(out)) == "true" {
		shallow = "; this clone is shallow, fetch the whole history (fetch-depth: 0 of actions/checkout)"
	}
	commit, err := git(dir, "rev-parse", "--verify", "--quiet", "--end-of-options", revision+"^{commit}")
	if err != nil || revision == "" {
		return "", fmt.Errorf("%q is no revision that git knows%s", revision, shallow)
	}
	base, err := git(dir, "merge-base", strings.TrimSpace(string(commit)), "HEAD")
	if err != nil {
		return "", fmt.Errorf("%s and HEAD have no commit in common%s", revision, shallow)
	}
	return strings.TrimSpace(string(base)), nil
}

// git runs git in a folder and returns what it prints. The error is one line.
func git(dir string, args ...string) ([]byte, error) {
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "LC_ALL=C", "GIT_OPTIONAL_LOCKS=0", "GIT_PAGER=cat")
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
	return nil, fmt.Errorf("git %s: %w", args[0], err)
}

// place names a folder for a message.
func place(dir string) string {
	if abs, err := filepath.Abs(dir); err == nil {
		return abs
	}
	return dir
}

// hunk is the header of a hunk: where old lines were, and where new lines are.
var hunk = regexp.MustCompile(`^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@`)

// parse reads what git diff prints with no context lines.
func parse(r io.Reader) (map[string]*file, error) {
	files := make(map[string]*file)
	var f *file
	in := bufio.NewReader(r)
	skip := 0      // lines of the hunk that are still to come
	var where span // of the hunk
	for {
		line, err := in.ReadString('\n')
		if line == "" && errors.Is(err, io.EOF) {
			return files, nil
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		line = strings.TrimRight(line, "\n")
		switch {
		case skip > 0:
			if !strings.HasPrefix(line, `\`) {
				skip--
			}
			if old, ok := strings.CutPrefix(line, "-"); ok && f != nil && isCode(old) && !slices.Contains(f.removed, where) {
				f.removed = append(f.removed, where)
			}
		case strings.HasPrefix(line, "diff --git "):
			f = nil
		case strings.HasPrefix(line, "+++ "):
			name, err := unquote(strings.TrimRight(line[len("+++ "):], "\t"))
			if err != nil {
				return nil, err
			}
			if name, ok := strings.CutPrefix(name, "b/"); ok { // and not /dev/null
				f = &file{}
				files[name] = f
			}
		case strings.HasPrefix(line, "Binary files "):
			// git was told not to compare it, or cannot.
			both := strings.TrimSuffix(strings.TrimPrefix(line, "Binary files "), " differ")
			if i := strings.LastIndex(both, " and "); i >= 0 {
				if name, err := unquote(both[i+len(" and "):]); err == nil {
					files[strings.TrimPrefix(name, "b/")] = &file{whole: true}
				}
			}
		case strings.HasPrefix(line, "@@ "):
			m := hunk.FindStringSubmatch(line)
			if m == nil {
				return nil, fmt.Errorf("git diff printed %q, which is not understood", line)
			}
			gone, at, come := count(m[2]), number(m[3]), count(m[4])
			skip = gone + come
			if f == nil {
				continue
			}
			where = after(at)
			if come > 0 {
				where = lines(at, at+come-1)
				f.added = append(f.added, where)
			}
		}
	}
}

// isCode reports whether a line is more than space and a comment for people.
// A directive has no space after its slashes.
func isCode(line string) bool {
	line = strings.TrimSpace(line)
	return line != "" && line != "//" && !strings.HasPrefix(line, "// ")
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

// Added reports whether one of the lines from first to last is new.
func (s *Set) Added(path string, first, last int) bool {
	f := s.file(path)
	return f != nil && (f.whole || overlap(f.added, lines(first, last)))
}

// Removed reports whether old code was taken away, or replaced, from among the
// lines from first to last, or from above them, where a directive may have
// stood.
func (s *Set) Removed(path string, first, last int) bool {
	f := s.file(path)
	return f != nil && (f.whole || overlap(f.removed, lines(first-1, last)))
}

func overlap(list []span, with span) bool {
	return slices.ContainsFunc(list, func(r span) bool { return r.first <= with.last && with.first <= r.last })
}

// file is what has changed in a file, or nil if nothing has.
func (s *Set) file(path string) *file {
	dir, ok := s.links[filepath.Dir(path)]
	if !ok {
		dir = canonical(filepath.Dir(path))
		s.links[filepath.Dir(path)] = dir
	}
	rel, err := filepath.Rel(s.top, filepath.Join(dir, filepath.Base(path)))
	name := filepath.ToSlash(rel)
	if err != nil || !s.tracked[name] {
		return &file{whole: true}
	}
	return s.files[name]
}

// canonical is a path without symbolic links, or the path itself if it is not
// there.
func canonical(path string) string {
	if p, err := filepath.EvalSymlinks(path); err == nil {
		return p
	}
	return path
}
