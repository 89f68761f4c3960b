package lifetime_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/redislint/redislint/internal/lifetime"
	"golang.org/x/tools/go/analysis/analysistest"
)

// exitCases is a package whose returns say how the client stands there.
const exitCases = `package exits

import (
	"context"
	"errors"

	"github.com/redis/go-redis/v9"
)

var ctx = context.Background()

type cache struct{ rdb *redis.Client }

var shared *redis.Client

func constructor(early, beside, late bool) (*cache, error) {
	if early {
		return nil, errors.New("early")
	}
	rdb := redis.NewClient(&redis.Options{})
	if err := rdb.Ping(ctx).Err(); err != nil {
		return nil, err // exit: open failed
	}
	if beside {
		return &cache{rdb}, errors.New("beside") // exit: beside
	}
	if late {
		rdb.Close()
		return nil, nil // exit: closed
	}
	return &cache{rdb}, nil // exit: given succeeded
}

func divided() (int, error) {
	rdb := redis.NewClient(&redis.Options{})
	n, err := share(rdb)
	return n, err // exit: open failed taken
}

func share(rdb *redis.Client) (int, error) {
	if err := rdb.Ping(ctx).Err(); err != nil {
		return 0, err
	}
	shared = rdb
	return 1, nil
}

func kept(share, fail bool) (err error) {
	rdb := redis.NewClient(&redis.Options{})
	if share {
		shared = rdb
		return nil // exit: taken succeeded
	}
	if fail {
		return err // exit: open
	}
	if err = rdb.Ping(ctx).Err(); err != nil {
		return err // exit: open failed
	}
	defer rdb.Close()
	return nil // exit: closed
}
`

// TestExits is about what the engine says of the returns of a function: each of
// them that a client's life reaches, and no other.
func TestExits(t *testing.T) {
	dir := stubs(t)
	if err := os.MkdirAll(filepath.Join(dir, "src", "exits"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "src", "exits", "exits.go"), []byte(exitCases), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, r := range analysistest.Run(t, dir, asked, "exits") {
		found := r.Action.Result.(*lifetime.Result)
		lines := strings.Split(exitCases, "\n")
		said := map[int]string{}
		for _, x := range found.Resources {
			root, exits, moves, ok := found.Exits(x)
			if !ok || len(moves) != map[string]int{"kept": 1, "divided": 1}[root.Name()] {
				t.Errorf("%s: ok is %t, there are %d moves", root.Name(), ok, len(moves))
			}
			for _, e := range exits {
				said[r.Action.Package.Fset.Position(e.Pos).Line] = exitText(e)
			}
		}
		for i, line := range lines {
			_, want, _ := strings.Cut(line, "// exit: ")
			if got := said[i+1]; got != want {
				t.Errorf("line %d: the engine says %q of the exit, want %q", i+1, got, want)
			}
		}
	}
}

func exitText(e lifetime.Exit) string {
	var words []string
	for _, w := range []struct {
		is   bool
		word string
	}{{e.Open, "open"}, {e.Open && e.Failed, "failed"}, {e.WithError, "beside"}, {e.Closed, "closed"}, {e.Given, "given"}, {e.Taken, "taken"}, {(e.Given || e.Taken) && e.Succeeded, "succeeded"}} {
		if w.is {
			words = append(words, w.word)
		}
	}
	return strings.Trim(fmt.Sprint(words), "[]")
}
