package cache

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func key(parts ...string) Key {
	var h Hash
	h.Add(parts...)
	return h.Key()
}

func TestStore(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	s := Open(dir)
	k := key("x")
	if _, ok := s.Get(k); ok {
		t.Error("an empty cache has something")
	}
	s.Put(k, []byte("data"))
	s.Put(key("empty"), nil)
	s.Trim()
	again := Open(dir)
	if data, ok := again.Get(k); !ok || string(data) != "data" {
		t.Errorf("got %q, %v", data, ok)
	}
	if data, ok := again.Get(key("empty")); !ok || len(data) != 0 {
		t.Errorf("empty: got %q, %v", data, ok)
	}
	if err := errors.Join(s.Problem(), again.Problem()); err != nil {
		t.Error(err)
	}
}

// Where parts end is part of the key.
func TestHash(t *testing.T) {
	if key("ab", "c") == key("a", "bc") || key("a", "") == key("a") || key() == key("") {
		t.Error("different parts have the same key")
	}
	var h Hash
	h.Add("a")
	h.AddKey(key("b"))
	if h.Key() == key("a") {
		t.Error("a key is not part of the key")
	}
}

// A cache that cannot be used misses, and says why.
func TestUseless(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("x"), 0o666); err != nil {
		t.Fatal(err)
	}
	foreign := t.TempDir()
	if err := os.WriteFile(filepath.Join(foreign, "precious"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	other := t.TempDir()
	if err := os.WriteFile(filepath.Join(other, "README"), []byte("another tool's"), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{file, filepath.Join(file, "below"), foreign, other} {
		s := Open(dir)
		s.Put(key("x"), []byte("data"))
		s.Trim()
		if _, ok := s.Get(key("x")); ok || s.Problem() == nil {
			t.Errorf("%s: found %v, problem %v", dir, ok, s.Problem())
		}
	}
	if entries, _ := os.ReadDir(foreign); len(entries) != 1 {
		t.Error("a folder that is no cache was written to")
	}
	var none *Store
	none.Put(key("x"), nil)
	none.Trim()
	if _, ok := none.Get(key("x")); ok || none.Problem() != nil {
		t.Error("no cache has something, or a problem")
	}
}

// Each way to damage a cache gives a miss, or what was put; and putting it
// once more repairs it.
func TestDamage(t *testing.T) {
	damage := map[string]func(string) error{
		"removed":   os.Remove,
		"emptied":   func(f string) error { return os.Truncate(f, 0) },
		"shortened": func(f string) error { return os.Truncate(f, 3) },
		"changed": func(f string) error {
			data, err := os.ReadFile(f)
			if err != nil {
				return err
			}
			data[len(data)/2] ^= 1
			return os.WriteFile(f, data, 0o666)
		},
		"foreign": func(f string) error { return os.WriteFile(f, []byte(strings.Repeat("\x00garbage\n", 40)), 0o666) },
	}
	for name, change := range damage {
		for _, kind := range []string{"-a", "-d"} {
			dir := t.TempDir()
			k := key("x")
			Open(dir).Put(k, []byte("the data"))
			files, err := filepath.Glob(filepath.Join(dir, "??", "*"+kind))
			if err != nil || len(files) != 1 {
				t.Fatal(files, err)
			}
			if err := change(files[0]); err != nil {
				t.Fatal(err)
			}
			s := Open(dir)
			if data, ok := s.Get(k); ok && string(data) != "the data" {
				t.Errorf("%s%s: got %q", name, kind, data)
			}
			s.Put(k, []byte("the data"))
			if data, ok := Open(dir).Get(k); !ok || string(data) != "the data" {
				t.Errorf("%s%s: not repaired: %q %v", name, kind, data, ok)
			}
		}
	}
}

func TestConcurrent(t *testing.T) {
	dir := t.TempDir()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			s := Open(dir)
			for i := range 50 {
				k, want := key("k", string(rune(i))), strings.Repeat("v", i)
				if data, ok := s.Get(k); ok && string(data) != want {
					t.Errorf("got %q", data)
				}
				s.Put(k, []byte(want))
			}
			if err := s.Problem(); err != nil {
				t.Log(err) // a miss that another process repairs is no error
			}
		})
	}
	wg.Wait()
	s := Open(dir)
	for i := range 50 {
		if data, ok := s.Get(key("k", string(rune(i)))); !ok || len(data) != i {
			t.Errorf("%d: %q %v", i, data, ok)
		}
	}
}
