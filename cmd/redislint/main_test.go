package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets the test binary stand for the command in stories, see compared.
func TestMain(m *testing.M) {
	if real := os.Getenv("REDISLINT_COMPARED"); real != "" {
		os.Exit(compared(real, os.Args[1:]))
	}
	os.Exit(m.Run())
}

// compared runs the command with an empty cache and then with what the first
// run has kept, and sees that it says the same. What changes files, and what a
// terminal shows, is run once.
func compared(real string, args []string) int {
	once := func(arg string) bool {
		name, _, _ := strings.Cut(strings.TrimLeft(arg, "-"), "=")
		return slices.Contains([]string{"fix", "add-ignore", "write-baseline", "sarif", "V", "flags", "init"}, name) ||
			strings.HasSuffix(arg, ".cfg")
	}
	info, err := os.Stdout.Stat()
	terminal := err != nil || info.Mode()&os.ModeCharDevice != 0
	if terminal || slices.ContainsFunc(args, once) || os.Getenv("GITHUB_STEP_SUMMARY") != "" || os.Getenv("REDISLINT_CACHE") != "" {
		cmd := exec.Command(real, args...)
		cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
		if err := cmd.Run(); cmd.ProcessState == nil {
			fmt.Fprintln(os.Stderr, err)
			return 3
		}
		return cmd.ProcessState.ExitCode()
	}
	dir, err := os.MkdirTemp("", "cache")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 3
	}
	defer os.RemoveAll(dir)
	os.Setenv("REDISLINT_CACHE", dir)
	code, stdout, stderr := run(real, args)
	os.Stdout.WriteString(stdout)
	os.Stderr.WriteString(stderr)
	// Times differ, and so does what is said about the cache.
	vary := regexp.MustCompile(`(?m)^redislint: (.*found in .* checked in .*|.*taken from the cache)\n`)
	again, out, text := run(real, args)
	if again != code || out != stdout || vary.ReplaceAllString(text, "") != vary.ReplaceAllString(stderr, "") {
		fmt.Fprintf(os.Stderr, "with a full cache it is another: %d\n%s%s\n", again, out, text)
		return 3
	}
	return code
}

func run(name string, args []string) (code int, stdout, stderr string) {
	var out, text strings.Builder
	cmd := exec.Command(name, args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, &out, &text
	if err := cmd.Run(); cmd.ProcessState == nil {
		return 3, "", err.Error()
	}
	return cmd.ProcessState.ExitCode(), out.String(), text.String()
}

// TestScript tells the command as stories, one in each file of
// testdata/script. They run the built binary on small modules that use the
// stub of go-redis. Each asks the rules that it is about, and no others. What
// is kept between runs never shows in what they print.
func TestScript(t *testing.T) {
	bin := t.TempDir()
	build(t, bin)
	path := bin
	if !testing.Short() {
		self, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		path = t.TempDir()
		if err := os.Symlink(self, filepath.Join(path, "redislint")); err != nil {
			t.Skip(err)
		}
	}
	stub, err := filepath.Abs("../../testdata/src/github.com/redis/go-redis/v9")
	if err != nil {
		t.Fatal(err)
	}
	cache, err := exec.Command("go", "env", "GOCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "../../testdata/script",
		Condition: func(name string) (bool, error) {
			if name != "cgo" {
				return false, fmt.Errorf("unknown condition %q", name)
			}
			out, err := exec.Command("go", "env", "CGO_ENABLED").Output()
			return strings.TrimSpace(string(out)) == "1", err
		},
		Setup: func(env *testscript.Env) error {
			env.Setenv("PATH", path+string(filepath.ListSeparator)+os.Getenv("PATH"))
			env.Setenv("GOCACHE", string(cache[:len(cache)-1]))
			env.Setenv("REDISLINT", filepath.Join(bin, "redislint"))
			if path != bin {
				env.Setenv("REDISLINT_COMPARED", filepath.Join(bin, "redislint"))
			} else {
				env.Setenv("REDISLINT_CACHE", filepath.Join(env.WorkDir, ".cache"))
			}
			for name, value := range map[string]string{"GOPROXY": "off", "GOFLAGS": "", "GOWORK": "", "GOTOOLCHAIN": "local"} {
				env.Setenv(name, value)
			}
			// The default depends on whether there is a C compiler.
			env.Setenv("CGO_ENABLED", os.Getenv("CGO_ENABLED"))
			return library(stub, filepath.Join(env.WorkDir, "go-redis"))
		},
	})
}

// build builds the command into a folder, with one rule more than is shipped:
// a story that leaves open which rules it asks fails at once, and none fails
// when a rule is added.
func build(t *testing.T, dir string) {
	t.Helper()
	const list, entry = "../../analyzer/rules.go", "\treturn []*analysis.Analyzer{\n"
	text, err := os.ReadFile(list)
	if err != nil {
		t.Fatal(err)
	}
	more := strings.Replace(string(text), entry, entry+"\t\tonemore.Analyzer,\n", 1)
	if more == string(text) {
		t.Fatalf("%s: there is no line %q", list, entry)
	}
	more = strings.Replace(more, "import (\n", "import (\n\t\"github.com/redislint/redislint/analyzer/onemore\"\n", 1)
	replaced := filepath.Join(t.TempDir(), "rules.go")
	if err := os.WriteFile(replaced, []byte(more), 0o666); err != nil {
		t.Fatal(err)
	}

	overlay := map[string]string{abs(t, list): replaced}
	for _, name := range []string{"doc.go", "onemore.go"} {
		overlay[abs(t, "../../analyzer/onemore/"+name)] = abs(t, "testdata/onemore/"+name)
	}
	data, err := json.Marshal(map[string]any{"Replace": overlay})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "overlay.json")
	if err := os.WriteFile(file, data, 0o666); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("go", "build", "-overlay", file, "-o", dir+string(filepath.Separator), ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
}

func abs(t *testing.T, file string) string {
	t.Helper()
	full, err := filepath.Abs(file)
	if err != nil {
		t.Fatal(err)
	}
	return full
}

// library makes a module of the stub of go-redis, without the settings of which
// the rules about options would speak in every story.
func library(stub, dir string) error {
	if err := os.CopyFS(dir, os.DirFS(stub)); err != nil {
		return err
	}
	file := filepath.Join(dir, "redis.go")
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	text = regexp.MustCompile(`(?m)^\t(MaxRetries|DialerRetries) .*\n`).ReplaceAll(text, nil)
	if err := os.WriteFile(file, text, 0o666); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module github.com/redis/go-redis/v9\n\ngo 1.25\n"), 0o666)
}
