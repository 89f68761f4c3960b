package driver

import (
	"os"
	"strings"
	"testing"
)

// command runs the test binary as the tool.
func command(t *testing.T, dir string, args ...string) string {
	t.Helper()
	return tool(t, dir, append([]string{os.Args[0]}, args...)...)
}

func TestCommand(t *testing.T) {
	dir := module(t, library)
	const all = `a/a.go:9:2: middle.Get().Reopen opens a client (opened)
inner/inner.go:6:15: redis.Open opens a client (opened)
store/store.go:14:43: redis.Open opens a client (opened)
store/store.go:16:31: redis.Open opens a client (opened)
store/store.go:18:34: redis.Open opens a client (opened)
exit 1
`
	expect(t, "./...", command(t, dir, "./..."), all)
	expect(t, "-C", command(t, dir, "-C", "store", "../inner"), "../inner/inner.go:6:15: redis.Open opens a client (opened)\nexit 1\n")
	expect(t, "./a", command(t, dir, "./a"), "a/a.go:9:2: middle.Get().Reopen opens a client (opened)\nexit 1\n")
	expect(t, "no pattern", command(t, dir+"/inner"), "inner.go:6:15: redis.Open opens a client (opened)\nexit 1\n")
	expect(t, "-opened=false", command(t, dir, "-opened=false", "./..."), "exit 0\n")
	expect(t, "-boom", command(t, dir, "-boom", "./..."), "exit 0\n")
	// The library itself is a package like any other when it is asked for.
	expect(t, "library", command(t, dir, "example.com/redis"), "exit 0\n")
}

// The test variants of a package are the package's, and what it has in common
// with them is said once.
func TestCommandTests(t *testing.T) {
	dir := module(t, library+`
-- inner/in_test.go --
package inner

import "testing"

func TestIn(t *testing.T) { Ping(); open() }
-- inner/open_test.go --
package inner

import "example.com/redis"

func open() *redis.Client { return redis.Open() }
-- inner/ex_test.go --
package inner_test

import (
	"testing"

	"example.com/app/a"
	"example.com/app/inner"
	"example.com/redis"
)

func TestEx(t *testing.T) { redis.Open(); inner.Ping(); a.A() }
`)
	expect(t, "./inner", command(t, dir, "./inner"), `inner/ex_test.go:11:29: redis.Open opens a client (opened)
inner/ex_test.go:11:43: inner.Ping opens a client (opened)
inner/ex_test.go:11:57: a.A opens a client (opened)
inner/in_test.go:5:29: Ping opens a client (opened)
inner/inner.go:6:15: redis.Open opens a client (opened)
inner/open_test.go:5:36: redis.Open opens a client (opened)
exit 1
`)
	expect(t, "-test=false", command(t, dir, "-test=false", "./inner"), "inner/inner.go:6:15: redis.Open opens a client (opened)\nexit 1\n")
	same(t, dir, "./...")
}

// same compares the findings of go vet and of the command.
func same(t *testing.T, dir string, args ...string) {
	t.Helper()
	var direct []string
	for line := range strings.Lines(command(t, dir, args...)) {
		direct = append(direct, strings.TrimSpace(line))
	}
	got, want := sorted(strings.Join(direct, "\n")), sorted(vet(t, dir, args...))
	expect(t, "findings of the command, compared with go vet's", got, want)
}

func TestCommandFailures(t *testing.T) {
	dir := module(t, library+`
-- b/b.go --
package b

import "example.com/redis"

func B() { redis.Open(1, undefined) }

var c = alsoUndefined
-- c/c.go --
package c

import "example.com/redis"

func C() { redis.Open() 
-- d/d.go --
package d

import "example.com/redis"

func boom() { redis.Open() }
-- e/e.go --
package e

import "example.com/missing"

func E() { missing.E() }
-- f/f.go --
package f

import (
	"example.com/app/g"
	"example.com/redis"
)

var X = g.X

func F() { redis.Open() }
-- g/g.go --
package g

var X undefinedType
`)
	for _, test := range []struct{ args, want string }{
		{"./b ./inner", `# example.com/app/b
b/b.go:5:26: undefined: undefined
b/b.go:7:9: undefined: alsoUndefined
inner/inner.go:6:15: redis.Open opens a client (opened)
exit 2
`},
		{"./c", "# example.com/app/c\nc/c.go:5:26: expected '}', found 'EOF'\nexit 2\n"},
		{"./e", "toy: e/e.go:3:8: no required module provides package example.com/missing: go get example.com/missing\nexit 2\n"},
		{"./f", "# example.com/app/g\ng/g.go:3:7: undefined: undefinedType\nf/f.go:10:12: redis.Open opens a client (opened)\nexit 2\n"},
		{"./nothing/...", "toy: pattern ./nothing/...: lstat ./nothing/: no such file or directory\nexit 2\n"},
		{"-nothing", "toy: there is no flag -nothing (toy -h all lists the flags)\nexit 2\n"},
		{"-opened=maybe", "toy: invalid boolean value \"maybe\" for -opened: want true or false (toy -h lists the flags)\nexit 2\n"},
		{"explain nothing", "toy: there is no rule \"nothing\" (toy explain lists the rules)\nexit 2\n"},
		{"explain", "opened       report calls that open clients\nboom         panic in packages that declare boom\nmend         replace a call of mend by its first argument, and import the others\nmeddle       change the files of packages that declare meddle, as if somebody were at work on them\nexit 0\n"},
	} {
		expect(t, test.args, command(t, dir, strings.Fields(test.args)...), test.want)
	}
	if got := command(t, dir, "./d"); !strings.HasPrefix(got, "toy: example.com/app/d: analyzer boom: internal error, please report: assignment to entry in nil map (driver_test.go:") || !strings.HasSuffix(got, "exit 2\n") {
		t.Errorf("panic: %s", got)
	}
	path := os.Getenv("PATH")
	t.Setenv("PATH", "")
	expect(t, "no go command", command(t, dir, "./..."), "toy: the go command is not in PATH; packages cannot be found without it\nexit 2\n")
	t.Setenv("PATH", path)
}
