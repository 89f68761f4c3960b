// Package readme does what the README says.
package readme

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The first command of the README, which must stand in a block of its own, and
// the block that shows what it prints.
const try = "go run ./cmd/redislint ./examples/..."

func TestTry(t *testing.T) {
	data, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(data), "```\n"+try+"\n```\n")
	if !ok {
		t.Fatalf("the README does not say %q", try)
	}
	_, rest, _ = strings.Cut(rest, "```\n")
	want, _, _ := strings.Cut(rest, "```\n")

	args := strings.Fields(try)
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir = "../.."
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 1 || !strings.HasSuffix(stderr.String(), "exit status 1\n") {
		t.Errorf("%s: %v, want exit status 1\n%s", try, err, stderr.String())
	}
	if got := strings.ReplaceAll(string(out), "\\", "/"); got != want {
		t.Errorf("%s prints\n%sthe README shows\n%s", try, got, want)
	}

	// What is shown above it is one of these findings, at its lines.
	head, _, _ := strings.Cut(string(data), "## Try it")
	source, err := os.ReadFile("../../examples/leaky/main.go")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(source), "\n")
	shown := 0
	for line := range strings.Lines(head) {
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, "examples/") && !strings.Contains(want, line+"\n") {
			t.Errorf("the README shows %q, which is not found", line)
		}
		n, text, ok := strings.Cut(line, "\t")
		if !ok || n == "" {
			continue
		}
		shown++
		var at int
		for _, digit := range n {
			at = at*10 + int(digit-'0')
		}
		if at < 1 || at > len(lines) {
			t.Errorf("the README shows line %s of %d", n, len(lines))
			continue
		}
		is, _, _ := strings.Cut(lines[at-1], " // ")
		if strings.TrimSpace(is) != strings.TrimSpace(text) {
			t.Errorf("line %d is %q, the README shows %q", at, strings.TrimSpace(is), strings.TrimSpace(text))
		}
	}
	if shown < 5 {
		t.Errorf("the README shows %d lines of code", shown)
	}
}

// The pictures of the README show what a terminal shows today.
func TestPicture(t *testing.T) {
	dir := t.TempDir()
	cmd := exec.Command("go", "run", "./internal/shot", ".", dir)
	cmd.Dir = "../.."
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, name := range []string{"light.svg", "dark.svg"} {
		got, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile(filepath.Join("../../docs/picture", name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("docs/picture/%s is not what a terminal shows, run: go generate ./internal/shot", name)
		}
	}
}
