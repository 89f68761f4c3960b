package report

import (
	"os"
	"path/filepath"
	"strings"
)

// Sources reads the lines that findings are about.
type Sources struct {
	dir   string
	files map[string][]string
}

// NewSources returns the sources whose names are relative to dir.
func NewSources(dir string) *Sources {
	return &Sources{dir: dir, files: make(map[string][]string)}
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

// lines returns the lines of a file. One that cannot be read has none.
func (s *Sources) lines(file string) []string {
	lines, ok := s.files[file]
	if !ok {
		if data, err := os.ReadFile(s.path(file)); err == nil {
			lines = strings.Split(strings.ReplaceAll(string(data), "\r\n", "\n"), "\n")
		}
		s.files[file] = lines
	}
	return lines
}

// path is where a file is.
func (s *Sources) path(file string) string {
	if filepath.IsAbs(file) {
		return file
	}
	return filepath.Join(s.dir, file)
}
