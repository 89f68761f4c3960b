package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/redislint/redislint/internal/redisapi"
)

// shop is code that releases what it opens. The comment at the end of a line
// names the operators that apply there.
const shop = `package shop

import (
	"context"
	"sync"

	"github.com/redis/go-redis/v9"
)

func deferred(ctx context.Context) error {
	c := redis.NewClient(&redis.Options{})
	defer c.Close() // branch delete early return
	return c.Ping(ctx).Err()
}

func twice() {
	c := redis.NewClient(&redis.Options{})
	defer c.Close() // return; neither of both is missed
	defer c.Close()
}

func closures(ctx context.Context) (err error) {
	c := redis.NewClient(&redis.Options{})
	defer func() {
		if e := c.Close(); e != nil { // branch delete onerror return
			err = e
		}
	}()
	return c.Ping(ctx).Err()
}

func each(ctx context.Context, addrs []string) {
	for _, addr := range addrs {
		c := redis.NewClient(&redis.Options{Addr: addr})
		c.Ping(ctx)
		c.Close() // branch continue delete inloop return
	}
}

func two() {
	a := redis.NewClient(&redis.Options{})
	b := redis.NewClient(&redis.Options{})
	defer a.Close() // branch delete return swap
	defer b.Close() // branch delete return swap
}

func helped() {
	c := redis.NewClient(&redis.Options{})
	defer end(c) // branch delete return
}

func end(c *redis.Client) {
	c.Close() // branch callee return
}

type store struct{ c, d *redis.Client }

func open() *store {
	return &store{redis.NewClient(&redis.Options{}), redis.NewClient(&redis.Options{})}
}

func (s *store) Close() error {
	s.c.Close() // field
	s.d.Close() // field fielderr
	return nil
}

func stored(ctx context.Context) {
	s := open()
	defer s.Close() // branch delete return
	s.c.Ping(ctx)
}

func lend() (*redis.Client, func()) {
	c := redis.NewClient(&redis.Options{})
	return c, func() {
		c.Close() // branch delete return
	}
}

func lent(ctx context.Context) {
	c, done := lend()
	defer done() // branch cleanup return
	c.Ping(ctx)
}

func lentTwice(ctx context.Context) {
	c, done := lend()
	defer done() // return; either of both is enough
	defer c.Close() // early
	c.Ping(ctx)
}

func joined(ctx context.Context) {
	c := redis.NewClient(&redis.Options{})
	defer c.Close() // branch delete early return unjoin
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		c.Ping(ctx)
	}()
	wg.Wait()
}

func all(addrs []string) {
	var cs []*redis.Client
	for _, addr := range addrs {
		cs = append(cs, redis.NewClient(&redis.Options{Addr: addr}))
	}
	for _, c := range cs {
		c.Close() // break element
	}
}

func callback(f func()) {
	f() // a func that is given releases nothing that is known
}

func borrowed(c *redis.Client) {} // no release
`

// tree writes a module with the stub of a client library beside it.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	stub, err := os.ReadFile(filepath.Join("..", "..", "testdata", "src", "github.com", "redis", "go-redis", "v9", "redis.go"))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{
		"go.mod":        "module example.com/shop\n\ngo 1.25.0\n\nrequire github.com/redis/go-redis/v9 v9.0.0\n\nreplace github.com/redis/go-redis/v9 => ./stub\n",
		"stub/go.mod":   "module github.com/redis/go-redis/v9\n\ngo 1.25.0\n",
		"stub/redis.go": string(stub),
	}
	for name, text := range files {
		all[name] = text
	}
	for name, text := range all {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("GOWORK", "off")
	t.Setenv("GOFLAGS", "")
	t.Setenv("GOPROXY", "off")
	return dir
}

// operatorsAt lists the operators that a line of shop names.
func operatorsAt(text string) map[string]bool {
	want := map[string]bool{}
	names := regexp.MustCompile("^(" + strings.Join(names(), "|") + ")$")
	for n, line := range strings.Split(text, "\n") {
		_, comment, _ := strings.Cut(line, "// ")
		for word := range strings.FieldsSeq(comment) {
			word = strings.Trim(word, ";,")
			if names.MatchString(word) {
				want[fmt.Sprintf("%s shop.go:%d", word, n+1)] = true
			}
		}
	}
	return want
}

func names() []string {
	var list []string
	for _, op := range operators() {
		list = append(list, op.name)
	}
	return list
}

// Each operator applies where it should, and nowhere else; each mutant
// compiles.
func TestOperators(t *testing.T) {
	dir := tree(t, map[string]string{"shop.go": shop})
	m := &measure{operators: operators(), seed: 1, most: 1000, log: io.Discard, known: map[string]string{}}
	if err := m.place(place{name: "shop", dir: dir}); err != nil {
		t.Fatal(err)
	}
	if m.unbuilt > 0 {
		t.Errorf("%d mutants do not compile", m.unbuilt)
	}
	want := operatorsAt(shop)
	for _, r := range m.results {
		at := fmt.Sprintf("%s %s:%d", r.Operator, r.File, r.Line)
		if !want[at] {
			t.Errorf("%s: the operator should not apply", at)
		}
		delete(want, at)
	}
	for at := range want {
		t.Errorf("%s: the operator does not apply", at)
	}
}

// What is removed is noticed, and what was read and is no leak is not counted.
func TestRun(t *testing.T) {
	dir := tree(t, map[string]string{"shop.go": shop})
	args := []string{"-module=" + dir, "-operators=delete,cleanup,field"}
	var out, again bytes.Buffer
	code, err := run(args, &out, io.Discard)
	if err != nil || code != 0 {
		t.Fatalf("exit status %d, %v\n%s", code, err, &out)
	}
	for _, want := range []string{"delete", "cleanup", "field", " 1.000"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in\n%s", want, &out)
		}
	}
	if _, err := run(args, &again, io.Discard); err != nil || again.String() != out.String() {
		t.Errorf("another run prints something else (%v):\n%s\n%s", err, &out, &again)
	}
	// Fewer mutants are chosen by the seed.
	few := func(seed string) string {
		var out bytes.Buffer
		if _, err := run(append(slices.Clone(args), "-most=3", "-v", "-seed="+seed), io.Discard, &out); err != nil {
			t.Fatal(err)
		}
		var lines []string
		for line := range strings.Lines(out.String()) {
			if strings.HasPrefix(line, "noticed ") {
				lines = append(lines, line)
			}
		}
		if len(lines) != 3 {
			t.Errorf("seed %s: %d mutants, want 3\n%s", seed, len(lines), &out)
		}
		return strings.Join(lines, "")
	}
	if few("1") != few("1") || few("1") == few("2") && few("2") == few("3") {
		t.Error("the seed does not choose the mutants")
	}
}

// The repaired examples hold the rules: hardly a release can be taken from them
// without a finding.
func TestExamples(t *testing.T) {
	if testing.Short() {
		t.Skip("it loads the client libraries")
	}
	t.Setenv("GOWORK", "off")
	t.Chdir("..")
	var out bytes.Buffer
	if code, err := run([]string{"-examples"}, &out, io.Discard); code != 0 || err != nil {
		t.Errorf("exit status %d, %v\n%s", code, err, &out)
	}
}

// What is reported already is not mutated, and neither is what main opens.
func TestLeftOut(t *testing.T) {
	dir := tree(t, map[string]string{
		"main.go": "package main\n\nimport \"github.com/redis/go-redis/v9\"\n\nfunc main() {\n\tc := redis.NewClient(&redis.Options{})\n\tdefer c.Close()\n}\n\n" +
			"func leaks() {\n\ta := redis.NewClient(&redis.Options{})\n\tb := redis.NewClient(&redis.Options{})\n\tdefer b.Close()\n\t_ = a\n}\n",
	})
	code, err := run([]string{"-module=" + dir}, io.Discard, io.Discard)
	if code != 2 || err == nil || !strings.Contains(err.Error(), "there is no mutant") {
		t.Errorf("exit status %d, %v; nothing is left to be mutated", code, err)
	}
}

func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{nil, "nothing to mutate: give -trees, -module or -examples"},
		{[]string{"-examples", "-operators=none"}, `there is no operator "none"`},
		{[]string{"trees"}, `"trees" is no flag`},
		{[]string{"-trees=" + t.TempDir()}, "holds no checkout of a repository of the ledger"},
	} {
		code, err := run(c.args, io.Discard, io.Discard)
		if code != 2 || err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: exit status %d, %v; want 2, %s", c.args, code, err, c.want)
		}
	}
}

// A release matters if more ends are reached without it.
func TestMatters(t *testing.T) {
	const text = `package shop

import "github.com/redis/go-redis/v9"

func f(a, b bool) {
	c := redis.NewClient(&redis.Options{})
	if a {
		c.Close() // matters
		return
	}
	if b {
		c.Close()
	}
	c.Close() // matters
}

func g() {
	c := redis.NewClient(&redis.Options{})
	for {
		c.Close()
	}
}

func h() {
	for {
		c := redis.NewClient(&redis.Options{})
		c.Close() // matters
	}
}
`
	dir := tree(t, map[string]string{"shop.go": text})
	s, err := tool().Open("-C="+dir, "./...")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	table, err := redisapi.New("")
	if err != nil {
		t.Fatal(err)
	}
	_, rels := releases(table, s.Packages(), s.Fset())
	if len(rels) != 5 {
		t.Fatalf("%d releases, want 5", len(rels))
	}
	lines := strings.Split(text, "\n")
	for _, r := range rels {
		var others []*release
		for _, o := range rels {
			if o != r && o.root == r.root {
				others = append(others, o)
			}
		}
		line := s.Fset().Position(r.call.Pos()).Line
		if got, want := r.matters(others), strings.Contains(lines[line-1], "// matters"); got != want {
			t.Errorf("line %d: matters is %t, want %t", line, got, want)
		}
	}
}
