package rediscope_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// What the README shows is what the examples run.
func TestReadme(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	examples, err := os.ReadFile("example_test.go")
	if err != nil {
		t.Fatal(err)
	}
	indent := regexp.MustCompile(`(?m)^\t+`)
	plain := func(s string) string { return indent.ReplaceAllString(s, "") }
	blocks := regexp.MustCompile("(?s)```go\n(.*?)```").FindAllStringSubmatch(string(readme), -1)
	if len(blocks) < 4 {
		t.Errorf("%d blocks of code", len(blocks))
	}
	for _, b := range blocks {
		if !strings.Contains(plain(string(examples)), plain(b[1])) {
			t.Errorf("no example has\n%s", b[1])
		}
	}
}
