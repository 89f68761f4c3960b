// Package cache keeps results between runs of the command, each under the hash
// of all that it depends on. A cache that cannot be used, or what in it cannot,
// is no error: results are made again, and Problem tells why.
//
// Several processes may use one folder at the same time. What nobody has asked
// for in five days is removed.
package cache

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/rogpeppe/go-internal/cache"
)

// Key names a result by what it depends on.
type Key [sha256.Size]byte

// Hash collects what a result depends on. The order counts, and so does where
// one part ends and the next begins.
type Hash struct{ data bytes.Buffer }

// Add adds parts.
func (h *Hash) Add(parts ...string) {
	for _, p := range parts {
		var size [binary.MaxVarintLen64]byte
		h.data.Write(size[:binary.PutUvarint(size[:], uint64(len(p)))])
		h.data.WriteString(p)
	}
}

// AddKey adds a key.
func (h *Hash) AddKey(k Key) { h.data.Write(k[:]) }

// Key is the key of all that was added.
func (h *Hash) Key() Key { return sha256.Sum256(h.data.Bytes()) }

// Store is a folder of results. A nil Store has none and takes none.
type Store struct {
	files *cache.Cache // nil if the folder cannot be used

	mu      sync.Mutex
	problem error
}

// readme marks a folder as a cache, and tells people what it is.
const readme = `This folder holds results of earlier runs of redislint, so that they need not
be made again. It may be deleted at any time.
`

// Open opens the folder, and makes it if it is not there. A folder that holds
// something else is left alone.
func Open(dir string) *Store {
	s := new(Store)
	s.problem = s.open(dir)
	return s
}

func (s *Store) open(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	mark := filepath.Join(dir, "README")
	text, err := os.ReadFile(mark)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		entries, err := os.ReadDir(dir)
		if err != nil {
			return err
		}
		if len(entries) > 0 {
			return fmt.Errorf("%s holds something else", dir)
		}
		if err := os.WriteFile(mark, []byte(readme), 0o666); err != nil {
			return err
		}
	case err != nil:
		return err
	case len(text) > 0 && string(text) != readme: // it is empty while another process writes it
		return fmt.Errorf("%s holds something else", dir)
	}
	s.files, err = cache.Open(dir)
	return err
}

// Get returns what is kept under a key. Damaged content counts as nothing.
func (s *Store) Get(key Key) ([]byte, bool) {
	if s == nil || s.files == nil {
		return nil, false
	}
	data, _, err := s.files.GetBytes(cache.ActionID(key))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		s.Report(err)
	}
	return data, err == nil
}

// Put keeps data under a key.
func (s *Store) Put(key Key, data []byte) {
	if s == nil || s.files == nil {
		return
	}
	// Results of two runs may differ in their bytes where gob numbers types
	// by first use; they mean the same.
	if _, _, err := s.files.PutNoVerify(cache.ActionID(key), bytes.NewReader(data)); err != nil {
		s.Report(err)
	}
}

// Trim removes what is old, at most once a day.
func (s *Store) Trim() {
	if s == nil || s.files == nil {
		return
	}
	if err := s.files.Trim(); err != nil {
		s.Report(err)
	}
}

// Report notes that something was wrong. The first problem is kept.
func (s *Store) Report(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.problem == nil {
		s.problem = err
	}
}

// Problem is the first thing that was wrong, or nil.
func (s *Store) Problem() error {
	if s == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.problem
}

// Sum is the key of the content of a reader.
func Sum(r io.Reader) (Key, error) {
	h := sha256.New()
	if _, err := io.Copy(h, r); err != nil {
		return Key{}, err
	}
	return Key(h.Sum(nil)), nil
}
