package driver

import (
	"encoding/json"
	gover "go/version"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// mended has two files with fixes that do good, and two with fixes that would
// leave code behind that does not compile, one of them with a good one as well.
const mended = library + `
-- mended/good.go --
package mended

import "example.com/redis"

var _ *redis.Client

func mend(string) {}

func good() { mend("println()") }
-- mended/type.go --
package mended

func wrongType() {
	mend("println()")
	mend("undefined()")
}
-- mended/syntax.go --
package mended

func wrongSyntax() { mend("for") }
-- mended/also_test.go --
package mended

func also() { mend("good()") }
`

// A file that would not compile any more is left as it is, and the others are
// fixed.
func TestFixThatBreaks(t *testing.T) {
	dir := module(t, mended)
	out := command(t, dir, "-fix", "./mended")
	for _, text := range []string{
		"toy: mended/syntax.go is left as it is, fixed it would not compile: ",
		"toy: mended/type.go is left as it is, fixed it would not compile: mended/type.go:5:2: undefined: undefined\n",
		"exit 2\n",
	} {
		if !strings.Contains(out, text) {
			t.Errorf("%s\nwant %s", out, text)
		}
	}
	for name, text := range map[string]string{
		"good.go": "func good() { println() }", "also_test.go": "func also() { good() }",
		"type.go": "mend(\"println()\")", "syntax.go": "mend(\"for\")",
	} {
		data, err := os.ReadFile(filepath.Join(dir, "mended", name))
		if err != nil || !strings.Contains(string(data), text) {
			t.Errorf("%s: %v\n%s", name, err, data)
		}
	}
}

// fixers are the ways in which fixes are made. The first is the command.
func fixers(t *testing.T) map[string]func(t *testing.T, dir string, args ...string) string {
	ways := map[string]func(t *testing.T, dir string, args ...string) string{
		"command": func(t *testing.T, dir string, args ...string) string {
			return command(t, dir, append([]string{"-fix"}, args...)...)
		},
	}
	if vetFixes(t) {
		ways["go vet"] = func(t *testing.T, dir string, args ...string) string {
			return vet(t, dir, append([]string{"-fix"}, args...)...)
		}
		ways["go fix"] = func(t *testing.T, dir string, args ...string) string {
			return tool(t, dir, append([]string{"go", "fix", "-fixtool=" + os.Args[0]}, args...)...)
		}
	}
	return ways
}

// vetFixes reports whether the go command is one whose vet applies fixes.
func vetFixes(t *testing.T) bool {
	t.Helper()
	out, err := exec.Command("go", "env", "GOVERSION").Output()
	if err != nil {
		t.Fatal(err)
	}
	version := strings.TrimSpace(string(out))
	return gover.Compare(version, "go1.26") >= 0
}

// hasText fails unless a file has a text, and not another.
func hasText(t *testing.T, file, text, not string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil || !strings.Contains(string(data), text) || not != "" && strings.Contains(string(data), not) {
		t.Errorf("%s: %v\n%s\nwant %s", file, err, data, text)
	}
}

// A file is changed where it is, whatever //line says of it.
func TestFixIgnoresLine(t *testing.T) {
	for name, fix := range fixers(t) {
		t.Run(name, func(t *testing.T) {
			dir := module(t, library+`
-- lined/gen.go --
package lined

import _ "example.com/redis"

func mend(string) {}

//line victim.go:3
func f() { mend("println()") }
-- lined/victim.go --
package lined

// This one is long enough for what would hit it, and stays as it is.
func victim() { println("mend me not") } // nothing is to be done here, is it
`)
			victim := filepath.Join(dir, "lined", "victim.go")
			before, err := os.ReadFile(victim)
			if err != nil {
				t.Fatal(err)
			}
			fix(t, dir, "./lined")
			if after, err := os.ReadFile(victim); err != nil || string(after) != string(before) {
				t.Errorf("%v\n%s", err, after)
			}
			hasText(t, filepath.Join(dir, "lined", "gen.go"), "func f() { println() }", "mend(\"")
		})
	}
}

// What has changed since it was analysed is left as it is, even if it is as
// long as before, and so is what is compiled with it.
func TestFixOfChanged(t *testing.T) {
	for name, fix := range fixers(t) {
		if name != "command" && !strings.Contains(name, "vet") {
			continue
		}
		t.Run(name, func(t *testing.T) {
			dir := module(t, library+`
-- moved/one.go --
package moved

import _ "example.com/redis"

func meddle() {}

func mend(string) {}

func f() { mend("println()") }
-- moved/two.go --
package moved

func before() { mend("println()") }
`)
			out := fix(t, dir, "./moved")
			if !strings.Contains(out, "left as it is") || !strings.Contains(out, "changed meanwhile") || strings.Contains(out, "exit 0") {
				t.Error(out)
			}
			hasText(t, filepath.Join(dir, "moved", "one.go"), "mend(\"println()\")", "")
			hasText(t, filepath.Join(dir, "moved", "two.go"), "func behind() { mend(\"println()\") }", "")
		})
	}
}

// An import that nothing had before is loaded, so that what uses it is checked
// as well. Without it there is no fix.
func TestFixAddsImport(t *testing.T) {
	for name, fix := range fixers(t) {
		t.Run(name, func(t *testing.T) {
			dir := module(t, library+`
-- good/good.go --
package good

import _ "example.com/redis"

func mend(...string) {}

func f() { mend("_ = json.Valid(nil)", "encoding/json") }
-- redis/late/late.go --
package late

import "example.com/redis"

var Client = redis.Open()
-- lib/lib.go --
package lib

import "example.com/redis"

func mend(...string) {}

func f(c *redis.Client) { mend("c = late.Client", "example.com/redis/late") }
-- wrong/wrong.go --
package wrong

import _ "example.com/redis"

func mend(...string) {}

func f() { mend("_ = json.Invalid(nil)", "encoding/json") }
-- absent/absent.go --
package absent

import _ "example.com/redis"

func mend(...string) {}

func f() { mend("absent.F()", "example.com/nowhere/absent") }
`)
			out := fix(t, dir, "./good")
			hasText(t, filepath.Join(dir, "good", "good.go"), "func f() { _ = json.Valid(nil) }", "mend(\"")
			if strings.Contains(out, "left as it is") {
				t.Error(out)
			}
			fix(t, dir, "./lib")
			hasText(t, filepath.Join(dir, "lib", "lib.go"), "{ c = late.Client }", "mend(\"")
			out = fix(t, dir, "./wrong")
			hasText(t, filepath.Join(dir, "wrong", "wrong.go"), "mend(\"", "import \"encoding/json\"\n")
			if !strings.Contains(out, "json.Invalid") || strings.Contains(out, "exit 0") {
				t.Error(out)
			}
			out = fix(t, dir, "./absent")
			hasText(t, filepath.Join(dir, "absent", "absent.go"), "mend(\"", "import \"example.com/nowhere")
			if !strings.Contains(out, "left as it is: it would import example.com/nowhere/absent") || strings.Contains(out, "exit 0") {
				t.Error(out)
			}
		})
	}
}

// What reads other files than those that are there is not analysed, or not
// fixed.
func TestOverlay(t *testing.T) {
	dir := module(t, mended+`
-- other.txt --
package mended

func wrongSyntax() { mend("println()") }
`)
	other := filepath.Join(dir, "other.txt")
	data, err := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(dir, "mended", "syntax.go"): other}})
	if err != nil {
		t.Fatal(err)
	}
	overlay := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(overlay, data, 0o666); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0], "./mended")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), asTool+"=1", "GOFLAGS=-overlay="+overlay, "GOWORK=off")
	out, _ := cmd.CombinedOutput() // the exit code is looked at below
	if want := "toy: -overlay in GOFLAGS is not supported"; !strings.HasPrefix(string(out), want) || cmd.ProcessState.ExitCode() != exitFailure {
		t.Errorf("%s", out)
	}
	if out := vet(t, dir, "-overlay="+overlay, "./mended"); !strings.Contains(out, "other.txt:3:22: mend this") {
		t.Error(out)
	}
	if !vetFixes(t) {
		return
	}
	if out := vet(t, dir, "-overlay="+overlay, "-fix", "./mended"); !strings.Contains(out, "toy: -fix does not go with -overlay") {
		t.Error(out)
	}
	hasText(t, other, "mend(", "")
}

// Go vet writes nothing for such a package, and says why.
func TestVetFixThatBreaks(t *testing.T) {
	dir := module(t, mended)
	out := vet(t, dir, "-fix", "./mended")
	if !vetFixes(t) {
		if !strings.Contains(out, "toy: go vet applies no fixes before Go 1.26") {
			t.Error(out)
		}
		return
	}
	if !strings.Contains(out, "type.go is left as it is, fixed it would not compile: ") || strings.Contains(out, "exit 0") {
		t.Error(out)
	}
	data, err := os.ReadFile(filepath.Join(dir, "mended", "good.go"))
	if err != nil || !strings.Contains(string(data), "mend(\"println()\")") {
		t.Errorf("%v\n%s", err, data)
	}
}
