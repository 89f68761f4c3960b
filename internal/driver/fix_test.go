package driver

import (
	"os"
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

// Go vet writes nothing for such a package, and says why.
func TestVetFixThatBreaks(t *testing.T) {
	dir := module(t, mended)
	out := tool(t, dir, "go", "vet", "-vettool="+os.Args[0], "-fix", "./mended")
	if strings.Contains(out, "flag provided but not defined: -fix") {
		t.Skip("go vet has no -fix before Go 1.26")
	}
	if !strings.Contains(out, "type.go is left as it is, fixed it would not compile: ") || strings.Contains(out, "exit 0") {
		t.Error(out)
	}
	data, err := os.ReadFile(filepath.Join(dir, "mended", "good.go"))
	if err != nil || !strings.Contains(string(data), "mend(\"println()\")") {
		t.Errorf("%v\n%s", err, data)
	}
}
