package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestScript tells the command as stories, one in each file of
// testdata/script. They run the built binary on small modules that use the
// stub of go-redis. Each asks the rules that it is about, and no others.
func TestScript(t *testing.T) {
	bin := t.TempDir()
	build(t, bin)
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
			env.Setenv("PATH", bin+string(filepath.ListSeparator)+os.Getenv("PATH"))
			env.Setenv("GOCACHE", string(cache[:len(cache)-1]))
			env.Setenv("REDISLINT", filepath.Join(bin, "redislint"))
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
