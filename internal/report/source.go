package report

import (
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Sources reads the files that findings are about. The zero value of root
// stands for dir.
type Sources struct {
	dir   string // that names of files are relative to
	root  string // of the source tree
	also  []string
	files map[string][]string
}

// NewSources returns the sources whose names are relative to dir. Formats that
// are read elsewhere name them relative to root, which is the top of the
// repository.
func NewSources(dir, root string) *Sources {
	return &Sources{dir: dir, root: root, files: make(map[string][]string)}
}

// Line returns a line of a file without its end, or "" if there is none. Lines
// count from 1.
func (s *Sources) Line(file string, line int) string {
	lines := s.lines(file)
	if line < 1 || line > len(lines) {
		return ""
	}
	return lines[line-1]
}

// lines returns the lines of a file. One that cannot be read has none, and
// neither has one that is no Go file of the source tree: a //line directive
// may name any file of the machine, and what is read here is printed.
func (s *Sources) lines(file string) []string {
	lines, ok := s.files[file]
	if !ok {
		if path := s.Path(file); s.shows(path) {
			if data, err := os.ReadFile(path); err == nil {
				lines = strings.Split(strings.ReplaceAll(string(data), "\r\n", "\n"), "\n")
			}
		}
		s.files[file] = lines
	}
	return lines
}

// shows reports whether a file is a Go file of the source tree, links followed.
func (s *Sources) shows(path string) bool {
	real, err := filepath.EvalSymlinks(path)
	if err != nil || filepath.Ext(path) != ".go" || filepath.Ext(real) != ".go" {
		return false
	}
	info, err := os.Stat(real)
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	for _, root := range append([]string{s.root, s.dir}, s.also...) {
		if r, err := filepath.EvalSymlinks(root); err == nil {
			if rel, err := filepath.Rel(r, real); err == nil && filepath.IsLocal(rel) && !strings.HasPrefix(filepath.ToSlash(rel), ".git/") {
				return true
			}
		}
	}
	return false
}

// Also names folders outside of the source tree whose Go files may be shown,
// such as other modules of a workspace.
func (s *Sources) Also(dirs ...string) {
	for _, dir := range dirs {
		if !slices.Contains(s.also, dir) {
			s.also = append(s.also, dir)
		}
	}
}

// Path is where a file is.
func (s *Sources) Path(file string) string {
	if filepath.IsAbs(file) {
		return file
	}
	return filepath.Join(s.dir, file)
}

// Rooted names a file relative to the root of the source tree, with slashes.
// ok is false for a file outside, whose name is absolute.
func (s *Sources) Rooted(file string) (name string, ok bool) {
	path := s.Path(file)
	rel, err := filepath.Rel(s.root, path)
	if err != nil || !filepath.IsLocal(rel) {
		return filepath.ToSlash(path), false
	}
	return filepath.ToSlash(rel), true
}

// uri is the URI of a file, relative to the root if it is below it.
func (s *Sources) uri(file string) (uri string, relative bool) {
	name, ok := s.Rooted(file)
	if ok {
		// A colon in the first segment would be taken for a scheme.
		return strings.TrimPrefix((&url.URL{Path: name}).String(), "./"), true
	}
	return (&url.URL{Scheme: "file", Path: "/" + strings.TrimPrefix(name, "/")}).String(), false
}
