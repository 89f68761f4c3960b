// Package publish holds that users can fetch the modules of the run time, in the
// order in which they are tagged, and use them with the oldest and the newest of
// what they need.
package publish

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/redislint/redislint/internal/selfproxy"
)

// modules are those that users fetch, in the order of their tags: each needs
// only what comes before it.
var modules = []string{"rediscope", "rediscope/otelscope", "rediscope/lambdascope"}

const version = "v0.1.0" // that they will be tagged with first

const (
	oldestGo    = "1.24.0"  // of the toolchains that can compile the modules
	oldestRedis = "v9.22.0" // with 9.18 a cluster sends pipelines twice
	newestRedis = "v9.22.0" // with 9.23 pipelines are repeated where rediscope does not see it
)

const program = `package main

import (
	"context"
	"fmt"

	"github.com/redis/go-redis/v9"
	"github.com/redislint/redislint/rediscope"
	"github.com/redislint/redislint/rediscope/httpscope"
	"github.com/redislint/redislint/rediscope/lambdascope"
	"github.com/redislint/redislint/rediscope/leaktest"
	"github.com/redislint/redislint/rediscope/otelscope"
)

var _, _, _ = httpscope.Handler, leaktest.Check, lambdascope.Handler

func main() {
	n, err := rediscope.Value(context.Background(), func(ctx context.Context, rdb *redis.Client) (int64, error) {
		return rdb.Incr(ctx, "n").Result()
	}, rediscope.URL("redis://127.0.0.1:1"), otelscope.Metrics())
	fmt.Println(n, err)
}
`

// Each module is fetched as its users fetch it: nothing is replaced, and what it
// requires of the others is there.
func TestFetched(t *testing.T) {
	if testing.Short() {
		t.Skip("fetches and compiles modules")
	}
	root, dir := "../..", t.TempDir()
	proxy, err := selfproxy.New(t.TempDir(), root)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := proxy.Forget(); err != nil {
			t.Error(err)
		}
	})
	run := func(args ...string) string {
		t.Helper()
		cmd := exec.Command(args[0], args[1:]...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), proxy.Env()...)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %v\n%s", args, err, out)
		}
		return string(out)
	}
	run("go", "mod", "init", "example.com/user")
	for _, m := range modules { // fetched as soon as it is tagged, before the next is
		if err := proxy.Add(selfproxy.Module+"/"+m, version, filepath.Join(root, m)); err != nil {
			t.Fatal(err)
		}
		run("go", "get", selfproxy.Module+"/"+m+"@"+version)
	}
	if err := os.WriteFile(filepath.Join(dir, "main.go"), []byte(program), 0o666); err != nil {
		t.Fatal(err)
	}
	run("go", "mod", "tidy")
	if out := run("go", "run", "."); !strings.Contains(out, "connection refused") {
		t.Errorf("the program prints %q", out)
	}
	if mod, err := os.ReadFile(filepath.Join(dir, "go.mod")); err != nil || bytes.Contains(mod, []byte("replace")) {
		t.Errorf("%v\n%s", err, mod)
	}
	run("go", "run", selfproxy.Module+"/rediscope/cmd/rediswatch@"+version, "-h")
}

func TestModules(t *testing.T) {
	license, err := os.ReadFile("../../LICENSE")
	if err != nil {
		t.Fatal(err)
	}
	own := regexp.MustCompile(`(?m)^\t(github\.com/redislint/redislint\S*) (\S+)$`)
	tagged := map[string]bool{}
	for _, m := range modules {
		at := filepath.Join("../..", m)
		if got, err := os.ReadFile(filepath.Join(at, "LICENSE")); err != nil || !bytes.Equal(got, license) {
			t.Errorf("%s has another license: %v", m, err)
		}
		mod, err := os.ReadFile(filepath.Join(at, "go.mod"))
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range []string{"\ngo " + oldestGo + "\n", "\tgithub.com/redis/go-redis/v9 " + oldestRedis + "\n"} {
			if !strings.Contains(string(mod), line) {
				t.Errorf("the go.mod of %s does not say %q", m, strings.TrimSpace(line))
			}
		}
		if strings.Contains(string(mod), "replace") {
			t.Errorf("the go.mod of %s replaces a module, which its users cannot", m)
		}
		for _, r := range own.FindAllStringSubmatch(string(mod), -1) {
			if !tagged[r[1]] || r[2] != version {
				t.Errorf("%s requires %s %s, which is not tagged before it", m, r[1], r[2])
			}
		}
		tagged[selfproxy.Module+"/"+m] = true
	}
	page, err := os.ReadFile("../../CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	at := 0
	for _, m := range modules {
		i := bytes.Index(page[at:], []byte("git tag "+m+"/"+version))
		if i < 0 {
			t.Fatalf("CONTRIBUTING.md does not tag %s in its turn", m)
		}
		at += i
	}
}

// The promise holds at both ends: with the oldest Go and go-redis, and with the
// newest.
func TestBothEnds(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles and tests rediscope twice")
	}
	const promise = "^(TestWithRedis|TestOptions|TestDeadline|TestCancel|TestDialling|TestRoundTrips|TestNames|TestBegunBefore|TestSilentSentinel|" +
		"TestUniversal|TestClusterNeverRepeats|TestScriptsRunOnce|TestHooksSeeErrors|TestRefusedLogin|TestInvocation.*|TestSubscribe)$"
	for name, c := range map[string]struct {
		redis string
		env   []string
	}{
		"oldest": {oldestRedis, []string{"GOTOOLCHAIN=go" + oldestGo}},
		"newest": {newestRedis, nil},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS("../../rediscope")); err != nil {
				t.Fatal(err)
			}
			run := func(args ...string) string {
				t.Helper()
				cmd := exec.Command("go", args...)
				cmd.Dir = dir
				cmd.Env = append(append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod"), c.env...)
				out, err := cmd.CombinedOutput()
				if err != nil {
					t.Fatalf("go %v: %v\n%s", args, err, out)
				}
				return strings.TrimSpace(string(out))
			}
			run("get", "github.com/redis/go-redis/v9@"+c.redis)
			if got := run("list", "-m", "-f", "{{.Version}}", "github.com/redis/go-redis/v9"); got != c.redis {
				t.Errorf("go-redis is %s, want %s", got, c.redis)
			}
			if got := run("env", "GOVERSION"); name == "oldest" && got != "go"+oldestGo {
				t.Errorf("Go is %s, want %s", got, oldestGo)
			}
			out := run("test", "-short", "-v", "-run", promise, ".")
			if n := strings.Count(out, "\n--- PASS: "); n < 15 {
				t.Errorf("%d tests were run:\n%s", n, out)
			}
		})
	}
}
