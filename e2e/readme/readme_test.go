// Package readme does what the README says.
package readme

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// The first commands of the README, each in a block of its own.
const (
	try       = "go run ./cmd/redislint ./examples/..."
	checklist = "go run ./cmd/redislint checklist ./examples/..."
)

// columns is how wide a block of code is on GitHub's page of a repository.
const columns = 96

// words are numbers as the README writes them.
func words(n int) string {
	small := strings.Fields("no one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty")
	if n < len(small) {
		return small[n]
	}
	return strconv.Itoa(n)
}

func TestTry(t *testing.T) {
	data, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	readme := string(data)
	found := run(t, try)
	lines := strings.Split(strings.TrimSuffix(found, "\n"), "\n")
	if text := "It reports " + words(len(lines)) + " findings, all in the first, and exits with status 1."; !strings.Contains(readme, text) {
		t.Errorf("the README does not say %q", text)
	}
	for _, line := range lines {
		if !strings.HasPrefix(line, "examples/leaky/") {
			t.Errorf("not in the first: %s", line)
		}
	}

	// The picture shows one of these findings.
	_, alt, _ := strings.Cut(readme, `<img alt="`)
	alt, _, _ = strings.Cut(alt, ", with the source below it")
	if !slices.Contains(lines, alt) {
		t.Errorf("the picture shows %q, which is not found", alt)
	}

	_, rest, ok := strings.Cut(readme, "```\n"+checklist+"\n```\n")
	if !ok {
		t.Fatalf("the README does not say %q", checklist)
	}
	_, rest, _ = strings.Cut(rest, "```\n")
	want, _, _ := strings.Cut(rest, "```\n")
	if got := run(t, checklist); got != want {
		t.Errorf("%s prints\n%sthe README shows\n%s", checklist, got, want)
	}
}

// run runs a command of the README, which finds something, and returns what it
// prints.
func run(t *testing.T, command string) string {
	t.Helper()
	args := strings.Fields(command)
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir = "../.."
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 1 || !strings.HasSuffix(stderr.String(), "exit status 1\n") {
		t.Errorf("%s: %v, want exit status 1\n%s", command, err, stderr.String())
	}
	return strings.ReplaceAll(string(out), "\\", "/")
}

// No block of code of the README has to be scrolled.
func TestWidth(t *testing.T) {
	data, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	code, n := false, 0
	for line := range strings.Lines(string(data)) {
		n++
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, "```") {
			code = !code
		} else if code && utf8.RuneCountInString(line) > columns {
			t.Errorf("line %d has %d columns, %d fit: %s", n, utf8.RuneCountInString(line), columns, line)
		}
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
