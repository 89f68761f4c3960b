//go:build unix && !aix && !solaris

package edit_test

import (
	"bytes"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/redislint/redislint/internal/edit"
)

// The test binary replaces this file again and again, until it is killed.
const victim = "EDIT_TEST_VICTIM"

func TestMain(m *testing.M) {
	if file := os.Getenv(victim); file != "" {
		data, err := os.ReadFile(file)
		for err == nil {
			next := texts[0]
			if bytes.Equal(data, texts[0]) {
				next = texts[1]
			}
			err = edit.Replace(file, data, next)
			data = next
		}
		os.Stderr.WriteString(err.Error())
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// texts are large enough for a process to die in the middle of them.
var texts = [2][]byte{bytes.Repeat([]byte("a"), 4<<20), bytes.Repeat([]byte("b"), 5<<20)}

// Whatever a killed process was doing, the file is whole, and the next one
// cleans up.
func TestKilled(t *testing.T) {
	runs := 200
	if testing.Short() {
		runs = 20
	}
	file := makeFile(t, string(texts[0]), 0o644)
	dir := filepath.Dir(file)
	// left are the files beside it, with their sizes.
	left := func() map[string]int64 {
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		sizes := make(map[string]int64)
		for _, e := range entries {
			if info, err := e.Info(); err == nil && e.Name() != filepath.Base(file) {
				sizes[e.Name()] = info.Size()
			}
		}
		return sizes
	}
	random := rand.New(rand.NewPCG(3, 4))
	within := 0
	for range runs {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), victim+"="+file)
		var errs strings.Builder
		cmd.Stderr = &errs
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		// Half of them are killed as soon as something is being written.
		wait := time.Duration(random.IntN(40)) * time.Millisecond
		if random.IntN(2) == 0 {
			deadline := time.Now().Add(5 * time.Second)
			for old := left(); time.Now().Before(deadline); time.Sleep(200 * time.Microsecond) {
				if fresh := left(); slices.ContainsFunc(slices.Collect(maps.Keys(fresh)), func(name string) bool { _, ok := old[name]; return !ok }) {
					break
				}
			}
			wait = time.Duration(random.IntN(500)) * time.Microsecond
		}
		time.Sleep(wait)
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		if err := cmd.Wait(); err == nil || errs.Len() > 0 {
			t.Fatalf("%v: %s", err, &errs)
		}
		for _, size := range left() {
			if size < int64(len(texts[0])) {
				within++
				break
			}
		}
		data, err := os.ReadFile(file)
		if err != nil || !bytes.Equal(data, texts[0]) && !bytes.Equal(data, texts[1]) {
			t.Fatalf("%d bytes, %v", len(data), err)
		}
	}
	t.Logf("%d runs were killed, %d of them inside the write", runs, within)
	if within == 0 && !testing.Short() {
		t.Error("none was killed inside the write")
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := edit.Replace(file, data, []byte("new")); err != nil {
		t.Fatal(err)
	}
	holds(t, file, "new")
}

// A file system that is full, or a limit, leaves everything as it is.
func TestFull(t *testing.T) {
	signal.Ignore(syscall.SIGXFSZ)
	defer signal.Reset(syscall.SIGXFSZ)
	file := makeFile(t, "old", 0o644)
	var was syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &was); err != nil {
		t.Skip(err)
	}
	little := was
	little.Cur = 1 << 16
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &little); err != nil {
		t.Skip(err)
	}
	replaced := edit.Replace(file, []byte("old"), texts[0])
	written := edit.Write(file, texts[0])
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &was); err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{replaced, written} {
		if err == nil || !strings.Contains(err.Error(), syscall.EFBIG.Error()) {
			t.Errorf("a write that fails: %v", err)
		}
	}
	holds(t, file, "old")
}

// The new file belongs to whom the old one did.
func TestOwner(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can give files away")
	}
	file := makeFile(t, "old", 0o640)
	if err := os.Chown(file, 12345, 23456); err != nil {
		t.Skip(err)
	}
	if err := edit.Replace(file, []byte("old"), []byte("new")); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	s := info.Sys().(*syscall.Stat_t)
	if s.Uid != 12345 || s.Gid != 23456 || info.Mode().Perm() != 0o640 {
		t.Errorf("%d:%d, %v", s.Uid, s.Gid, info.Mode())
	}
	holds(t, file, "new")
}

// What other programs have put beside the file stays there.
func TestStale(t *testing.T) {
	file := makeFile(t, "old", 0o644)
	dir := filepath.Dir(file)
	for _, name := range []string{".a.go.x.redislint", ".a.go.swp", ".b.go.x.redislint"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if err := edit.Replace(file, []byte("old"), []byte("new")); err != nil {
		t.Fatal(err)
	}
	holds(t, file, "new", ".a.go.swp", ".b.go.x.redislint")
}
