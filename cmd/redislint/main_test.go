package main

import (
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
// stub of go-redis.
func TestScript(t *testing.T) {
	bin := t.TempDir()
	if out, err := exec.Command("go", "build", "-o", bin+string(filepath.Separator), ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
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
