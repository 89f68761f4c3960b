package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A repository with a leak, a wrong constructor of which nobody has said
// anything, and code that is right.
var repository = map[string]string{
	"go.mod":      "module example.com/shop\n\ngo 1.25.0\n\nrequire github.com/redis/go-redis/v9 v9.0.0\n\nreplace github.com/redis/go-redis/v9 => ./stub\n",
	"stub/go.mod": "module github.com/redis/go-redis/v9\n\ngo 1.25.0\n",
	"shop.go": `package shop

import "github.com/redis/go-redis/v9"

func leaks() {
	c := redis.NewClient(&redis.Options{})
	_ = c
}

func right() {
	c := redis.NewClient(&redis.Options{})
	defer c.Close()
}

func alsoLeaks() {
	c := redis.NewClient(&redis.Options{})
	_ = c
}
`,
}

// checkout writes the repository into a folder of checkouts, and returns that
// and its commit.
func checkout(t *testing.T) (trees, commit string) {
	t.Helper()
	trees = t.TempDir()
	dir := filepath.Join(trees, "some+shop")
	stub, err := os.ReadFile(filepath.Join("..", "..", "testdata", "src", "github.com", "redis", "go-redis", "v9", "redis.go"))
	if err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("stub/redis.go", string(stub))
	for name, text := range repository {
		write(name, text)
	}
	git := func(args ...string) string {
		cmd := exec.Command("git", append([]string{"-C", dir, "-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "commit.gpgsign=false"}, args...)...)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
		return strings.TrimSpace(string(out))
	}
	git("init", "-q")
	git("add", ".")
	git("commit", "-q", "-m", "shop")
	return trees, git("rev-parse", "HEAD")
}

func TestCorpus(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds the command")
	}
	t.Setenv("GOPROXY", "off")
	t.Setenv("REDISLINT_CACHE", t.TempDir())
	trees, commit := checkout(t)
	bin := t.TempDir()
	tool, err := build(bin)
	if err != nil {
		t.Fatal(err)
	}
	record := func(line int, verdict, more string) string {
		return fmt.Sprintf(`{"repo":"some/shop","commit":"%s","module":".","file":"shop.go","line":%d,"rule":"unclosed","profile":"","verdict":"%s",%s"reason":"Read."}`+"\n", commit, line, verdict, more)
	}
	const pending = `"pending":true,`
	for _, c := range []struct {
		name   string
		ledger string
		args   []string
		code   int
		out    []string
		not    []string
	}{
		{"all as it was read", record(6, "true", "") + record(11, "false", ""), nil, 0,
			[]string{"unclosed     service        1.000  1.000      1      0      0       0       1", "unclosed     serverless     1.000  1.000", "without a record: 3 reconnect, 3 timeout, 1 unclosed"}, []string{"gone", "back"}},
		{"a true one is gone", record(6, "true", "") + record(11, "true", ""), nil, 1,
			[]string{"gone: some/shop shop.go:11 unclosed, profile service and serverless, verdict true: Read."}, []string{"back"}},
		{"a false one is back", record(6, "false", ""), nil, 1,
			[]string{"back: some/shop shop.go:6 unclosed, profile service and serverless, verdict false: Read.", "unclosed     service        0.000"}, []string{"gone"}},
		{"noise is back", record(6, "noise", ""), nil, 1, []string{"back: some/shop shop.go:6", "unclosed     service            -      -      0      0      1"}, nil},
		{"people differ", record(6, "open", ""), nil, 0, nil, []string{"back", "gone"}},
		{"known to be missed, and found", record(6, "true", pending) + record(11, "true", pending), nil, 0,
			[]string{"agreed: some/shop shop.go:6 unclosed  is pending, and the tool agrees now", "      1      0      0       1"}, []string{"gone", "agreed: some/shop shop.go:11"}},
		{"new ones are written to be judged", record(6, "true", ""), []string{"-new=-"}, 0,
			[]string{`"file":"shop.go","line":16,"rule":"unclosed","profile":"","verdict":"","reason":""}`}, []string{`"line":6,"rule":"unclosed"`, `"line":11,"rule":"unclosed"`}},
		{"another commit", strings.ReplaceAll(record(6, "true", ""), commit, strings.Repeat("0", 40)), nil, 2, nil, []string{"precision"}},
		{"no checkout", strings.ReplaceAll(record(6, "true", ""), "some/shop", "some/other"), nil, 2, nil, []string{"precision"}},
	} {
		file := filepath.Join(t.TempDir(), "ledger.jsonl")
		if err := os.WriteFile(file, []byte(c.ledger), 0o666); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		code, err := run(append([]string{"-trees=" + trees, "-tool=" + tool, "-ledger=" + file}, c.args...), &out, io.Discard)
		if code != c.code || (err != nil) != (code == 2) {
			t.Errorf("%s: exit status %d, %v; want %d\n%s", c.name, code, err, c.code, &out)
		}
		for _, text := range c.out {
			if !strings.Contains(out.String(), text) {
				t.Errorf("%s: %q is not in\n%s", c.name, text, &out)
			}
		}
		for _, text := range c.not {
			if strings.Contains(out.String(), text) {
				t.Errorf("%s: %q is in\n%s", c.name, text, &out)
			}
		}
	}

	t.Run("Update", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "ledger.jsonl")
		if err := os.WriteFile(file, []byte(record(11, "true", pending)+record(6, "true", pending)), 0o666); err != nil {
			t.Fatal(err)
		}
		if code, err := run([]string{"-trees=" + trees, "-tool=" + tool, "-ledger=" + file, "-update"}, io.Discard, io.Discard); code != 0 || err != nil {
			t.Fatal(code, err)
		}
		text, err := os.ReadFile(file)
		if want := record(6, "true", "") + record(11, "true", pending); err != nil || string(text) != want {
			t.Errorf("%s%v, want\n%s", text, err, want)
		}
	})
	t.Run("Sort", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "ledger.jsonl")
		if err := os.WriteFile(file, []byte(record(11, "true", "")+"\n"+record(6, "true", "")), 0o666); err != nil {
			t.Fatal(err)
		}
		if code, err := run([]string{"-ledger=" + file, "-sort"}, io.Discard, io.Discard); code != 0 || err != nil {
			t.Fatal(code, err)
		}
		text, err := os.ReadFile(file)
		if want := record(6, "true", "") + record(11, "true", ""); err != nil || string(text) != want {
			t.Errorf("%s%v, want\n%s", text, err, want)
		}
	})
	t.Run("Side", func(t *testing.T) {
		// Of the side of a repair nobody has read more than the records.
		dir := filepath.Join(trees, "some+shop")
		side := dir + "@" + commit[:12]
		if err := os.Rename(dir, side); err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := os.Rename(side, dir); err != nil {
				t.Fatal(err)
			}
		}()
		file := filepath.Join(t.TempDir(), "ledger.jsonl")
		if err := os.WriteFile(file, []byte(record(6, "true", "")+record(11, "true", "")), 0o666); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		code, err := run([]string{"-trees=" + trees, "-tool=" + tool, "-ledger=" + file}, &out, io.Discard)
		if code != 1 || err != nil || !strings.Contains(out.String(), "gone: some/shop shop.go:11") || strings.Contains(out.String(), "without a record") {
			t.Errorf("exit status %d, %v\n%s", code, err, &out)
		}
	})
	t.Run("Blind", func(t *testing.T) {
		// A package that cannot be analysed is no reason to be content.
		dir := filepath.Join(trees, "some+shop")
		if err := os.Rename(filepath.Join(dir, "stub"), filepath.Join(dir, "away")); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "ledger.jsonl")
		if err := os.WriteFile(file, []byte(record(6, "true", "")), 0o666); err != nil {
			t.Fatal(err)
		}
		var problems bytes.Buffer
		code, err := run([]string{"-trees=" + trees, "-tool=" + tool, "-ledger=" + file}, io.Discard, &problems)
		if code != 2 || err == nil || !strings.Contains(problems.String(), "not compared: some/shop: ./: ") {
			t.Errorf("exit status %d, %v\n%s", code, err, &problems)
		}
	})
}

func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{nil, "-trees is missing"},
		{[]string{"-trees=x", "y"}, `"y" is no flag`},
		{[]string{"-trees=x", "-ledger=none.jsonl"}, "none.jsonl"},
		{[]string{"-trees=x", "-ledger=ledger/ledger.jsonl", "-only=nobody/nothing"}, "has no record of a repository whose name contains"},
		{[]string{"-trees=" + t.TempDir(), "-ledger=ledger/ledger.jsonl", "-tool=x"}, "nothing was compared"},
	} {
		code, err := run(c.args, io.Discard, io.Discard)
		if code != 2 || err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: exit status %d, %v; want 2, %s", c.args, code, err, c.want)
		}
	}
}
