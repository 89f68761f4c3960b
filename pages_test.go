package redislint_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	codeBlock = regexp.MustCompile("(?ms)^ *```.*?^ *```")
	heading   = regexp.MustCompile(`(?m)^#+ (.*)$`)
	link      = regexp.MustCompile(`\]\(([^) ]+)\)|(?:src|srcset|href)="([^"]+)"`)
	noAnchor  = regexp.MustCompile(`[^\p{L}\p{N}_ -]`)
)

// page is the text of a page without its code, as links are looked for in it.
func page(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return codeBlock.ReplaceAllString(string(data), "")
}

// anchors are what GitHub calls the headings of a page.
func anchors(text string) map[string]bool {
	found := map[string]bool{}
	for _, m := range heading.FindAllStringSubmatch(text, -1) {
		found[strings.ReplaceAll(noAnchor.ReplaceAllString(strings.ToLower(m[1]), ""), " ", "-")] = true
	}
	return found
}

// Links between pages lead to a file, and to a heading in it.
func TestLinks(t *testing.T) {
	checked := 0
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || d.Name() == ".git") {
			return fs.SkipDir
		}
		if filepath.Ext(name) != ".md" {
			return nil
		}
		for _, m := range link.FindAllStringSubmatch(page(t, name), -1) {
			to := m[1] + m[2]
			if strings.Contains(to, "://") {
				continue
			}
			checked++
			file, anchor, _ := strings.Cut(to, "#")
			if file == "" {
				file = name
			} else {
				file = filepath.Join(filepath.Dir(name), filepath.FromSlash(file))
			}
			if _, err := os.Stat(file); err != nil {
				t.Errorf("%s: %s leads nowhere", name, to)
			} else if anchor != "" && !anchors(page(t, file))[anchor] {
				t.Errorf("%s: %s names no heading of %s", name, to, file)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if checked < 50 {
		t.Errorf("%d links, too few to believe", checked)
	}
}
