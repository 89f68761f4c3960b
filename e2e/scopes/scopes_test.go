// Package scopes holds that redislint knows the functions of rediscope by what
// they do. It runs the tool over a program that calls them, over the same with
// all names changed, and over the same with rediscope spoiled.
package scopes

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
)

func Test(t *testing.T) {
	if testing.Short() {
		t.Skip("loads go-redis")
	}
	tool := filepath.Join(t.TempDir(), "redislint")
	if runtime.GOOS == "windows" {
		tool += ".exe"
	}
	build := exec.Command("go", "build", "-o", tool, "./cmd/redislint")
	build.Dir = "../.."
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	// Neither rediscope nor what belongs to it is reported, tests included.
	silent := exec.Command(tool, "./rediscope/...", "./rediscope/otelscope/...", "./rediscope/lambdascope/...", "./examples/sse/...", "./examples/queue/...")
	silent.Dir = "../.."
	if out, err := silent.CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("%v: %v\n%s", silent.Args, err, out)
	}
	// Without its Close a scope is none: nothing escapes it, and the commands in its
	// callbacks are outside. Where a package has no scope at all they are one finding,
	// which counts them.
	for _, c := range []struct {
		name   string
		change func(code string) string // of rediscope and of the program
		marks  []string                 // the marks of the program whose lines are reported
	}{
		{"as it is", func(s string) string { return s }, []string{"bad", "closed"}},
		{"by other names", rename, []string{"bad", "closed"}},
		{"without Close", both(without("closeErr := rdb.Close()", "closeErr := error(nil)", 1), without("err = h.rdb.Close()", "", 1)), []string{"bad", "scoped"}},
		{"without defer", both(without("defer func() { err = r.leave(ctx, rdb, err) }()", "", 2),
			without("defer func() {\n\t\th.turn.Store(nil)", "_ = func() {\n\t\th.turn.Store(nil)", 1),
			without("v.giveBack(ctx, h, uncut() && fine)\n\t}()", "v.giveBack(ctx, h, uncut() && fine)\n\t}", 1)), []string{"bad", "scoped"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			copyTo(t, filepath.Join(dir, "rediscope"), "../../rediscope", c.change)
			copyTo(t, filepath.Join(dir, "user"), "testdata/user", c.change)
			write(t, filepath.Join(dir, "go.mod"), "module example.com/m\n\ngo 1.25.0\n\nrequire github.com/redis/go-redis/v9 v9.22.0\n")
			sum, err := os.ReadFile("../../rediscope/go.sum")
			if err != nil {
				t.Fatal(err)
			}
			write(t, filepath.Join(dir, "go.sum"), string(sum))
			run(t, dir, "go", "mod", "tidy")

			want := marked(t, filepath.Join(dir, "user", "user.go"), c.marks)
			out := run(t, dir, tool, "-unscoped", "-escape", "-blocking", "./user")
			got := lines(out)
			if m := regexp.MustCompile(`(\d+) Redis commands in this package run outside a scope`).FindStringSubmatch(out); m != nil {
				if m[1] != fmt.Sprint(len(want)) {
					t.Errorf("%s commands are counted, want %d", m[1], len(want))
				}
				want = want[:1]
			}
			if !slices.Equal(got, want) {
				t.Errorf("reported %v\nwant %v", got, want)
			}
			if c.name == "as it is" || c.name == "by other names" {
				if out := run(t, dir, tool, "./rediscope"); out != "" {
					t.Errorf("rediscope itself is reported:\n%s", out)
				}
			}
		})
	}
}

// rename takes all words away by which a scope could be known.
func rename(code string) string {
	return regexp.MustCompile(`\b(With)(Redis|Universal)(Retry|Fallback)?\b|\bSubscribe\b|\brediscope\.Value\b|\bfunc Value\[|\bleave\b|\bone\b|\bany\(ctx`).ReplaceAllStringFunc(code, func(s string) string {
		switch {
		case strings.HasPrefix(s, "With"):
			return "Q" + strings.NewReplacer("Redis", "1", "Universal", "2", "Retry", "a", "Fallback", "b").Replace(s[4:])
		case s == "leave":
			return "q3"
		case strings.Contains(s, "Value"):
			return strings.Replace(s, "Value", "Q4", 1)
		}
		return s
	})
}

// both spoils the code in several ways: of a scope's own client, and of an
// invocation's.
func both(changes ...func(string) string) func(string) string {
	return func(code string) string {
		for _, change := range changes {
			code = change(code)
		}
		return code
	}
}

// without spoils the code in as many places as are expected.
func without(old, replacement string, places int) func(string) string {
	return func(code string) string {
		if n := strings.Count(code, old); n != 0 && n != places {
			panic(fmt.Sprintf("%d places have %q, want %d", n, old, places))
		}
		return strings.ReplaceAll(code, old, replacement)
	}
}

// copyTo copies the Go files of a folder that are no tests.
func copyTo(t *testing.T, to, from string, change func(string) string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(from, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files in %s: %v", from, err)
	}
	if err := os.Mkdir(to, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(to, filepath.Base(f)), change(string(data)))
	}
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// run runs a command outside of the workspace, and returns what it prints. The
// tool exits with 1 when it finds something.
func run(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod")
	out, err := cmd.Output()
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1 || args[0] == "go") {
		t.Fatalf("%v: %v\n%s", args, err, out)
	}
	return string(out)
}

// lines are the places and rules of the findings.
func lines(out string) []string {
	var list []string
	for _, m := range regexp.MustCompile(`(?m)user\.go:(\d+):\d+: .* \((\w+)\)$`).FindAllStringSubmatch(out, -1) {
		list = append(list, m[1]+" "+m[2])
	}
	return list
}

// marked are the lines of a file that end with one of the marks and a rule.
func marked(t *testing.T, file string, marks []string) []string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for i, line := range strings.Split(string(data), "\n") {
		if m := regexp.MustCompile(`// (bad|scoped|closed): (\w+)$`).FindStringSubmatch(line); m != nil && slices.Contains(marks, m[1]) {
			list = append(list, fmt.Sprint(i+1, " ", m[2]))
		}
	}
	return list
}

// What is found in a handler is found in one that an invocation wraps.
func TestWrappedHandlers(t *testing.T) {
	if testing.Short() {
		t.Skip("loads go-redis")
	}
	tool := filepath.Join(t.TempDir(), "redislint")
	build := exec.Command("go", "build", "-o", tool, "./cmd/redislint")
	build.Dir = "../.."
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	code, err := os.ReadFile("testdata/handlers/handlers.go")
	if err != nil {
		t.Fatal(err)
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	plain := regexp.MustCompile(`(?:lambdascope\.Func|httpscope\.Handler)\((.*)\)\)(\)?)$`)
	findings := func(wrapped bool) []string {
		dir := t.TempDir()
		text := string(code)
		if !wrapped {
			var lines []string
			for line := range strings.Lines(text) {
				line = strings.TrimSuffix(line, "\n")
				if strings.HasSuffix(line, `scope"`) && !strings.HasSuffix(line, `/rediscope"`) {
					line = "" // the import
				}
				lines = append(lines, plain.ReplaceAllString(line, "$1)$2"))
			}
			text = strings.Join(lines, "\n") + "\n"
		}
		write(t, filepath.Join(dir, "user.go"), text)
		mod := "module example.com/m\n\ngo 1.25.0\n"
		for _, m := range []string{"rediscope", "rediscope/lambdascope"} {
			mod += fmt.Sprintf("\nreplace github.com/redislint/redislint/%s => %s\n", m, filepath.ToSlash(filepath.Join(root, m)))
		}
		write(t, filepath.Join(dir, "go.mod"), mod+"\nrequire github.com/redis/go-redis/v9 v9.22.0\n\nrequire github.com/aws/aws-lambda-go v1.54.0\n")
		run(t, dir, "go", "mod", "tidy")
		return lines(run(t, dir, tool, "."))
	}
	want, got := findings(false), findings(true)
	marks := marked(t, "testdata/handlers/handlers.go", []string{"bad"})
	if !slices.Equal(got, want) || !slices.Equal(got, marks) {
		t.Errorf("wrapped %v\nplain   %v\nmarks   %v", got, want, marks)
	}
}
