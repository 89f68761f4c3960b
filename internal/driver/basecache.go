package driver

import (
	"crypto/sha256"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// baseVersion changes with the form of what is kept.
const baseVersion = "base 1"

// findings returns the findings of the merge base: kept ones, or those of an
// analysis, which are kept if they depend on nothing but what they are kept by.
func (b *baseRun) findings() (*base, error) {
	key, err := b.key()
	if err == nil {
		if found := b.kept(key); found != nil {
			return found, nil
		}
	}
	found, problem := b.analyse()
	if problem != nil || err != nil || !found.Alone || len(found.Errors) > 0 {
		return found, problem
	}
	b.keep(key, found)
	return found, nil
}

// key is what the findings of the base depend on: the tool, its flags, what it
// is asked for, the go command and its settings, and the commit.
func (b *baseRun) key() (string, error) {
	h := sha256.New()
	name, err := os.Executable()
	if err != nil {
		return "", err
	}
	exe, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer exe.Close()
	if _, err := io.Copy(h, exe); err != nil {
		return "", err
	}
	cmd := exec.Command("go", "env", "GOVERSION", "GOOS", "GOARCH", "CGO_ENABLED", "GOFLAGS", "GOEXPERIMENT", "GOMODCACHE", "GOPRIVATE")
	cmd.Dir = b.base
	env, err := cmd.Output()
	if err != nil {
		return "", err
	}
	fmt.Fprintf(h, "%s\n%s\n%s\n%q\n%s\n", baseVersion, b.since.Base, b.since.Name(b.base), env, os.Getenv("GOWORK"))
	// What is named in the folder of the command stands for folders of the base.
	fmt.Fprintf(h, "%q %q %q\n", b.patterns, b.packages().BuildFlags, b.flag(testFlag))
	var flags []string
	b.fs.VisitAll(func(f *flag.Flag) {
		if b.settings.given[f.Name] && !slices.Contains([]string{"format", "sarif", "color", "v", "new-from", "baseline"}, f.Name) || f.Name == profileFlag {
			flags = append(flags, f.Name+"="+f.Value.String())
		}
	})
	fmt.Fprintf(h, "%q\n", flags)
	if b.settings.file != "" {
		// It may be outside of the repository.
		data, err := os.ReadFile(absolute(b.base, b.settings.file))
		if err != nil {
			return "", err
		}
		fmt.Fprintf(h, "%x\n", sha256.Sum256(data))
	}
	// What is named may have had another name in the base.
	fmt.Fprintf(h, "%q\n", b.since.Renames())
	return fmt.Sprintf("%x", h.Sum(nil)), nil
}

// place is the file in which something is kept.
func (b *baseRun) place(key string) (string, error) {
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, b.tool.Name, "base", key[:2], key+".json"), nil
}

// kept returns what is kept, or nil. What cannot be read is not there.
func (b *baseRun) kept(key string) *base {
	file, err := b.place(key)
	if err != nil {
		return nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	sum, text, ok := strings.Cut(string(data), "\n")
	if !ok || sum != fmt.Sprintf("%x", sha256.Sum256([]byte(text))) {
		return nil
	}
	now := time.Now()
	_ = os.Chtimes(file, now, now) // it is used
	var found base
	if json.Unmarshal([]byte(text), &found) != nil {
		return nil
	}
	return &found
}

// keep keeps what was found. That it cannot be kept is no error: it is found
// again.
func (b *baseRun) keep(key string, found *base) {
	file, err := b.place(key)
	if err != nil {
		return
	}
	data, err := json.Marshal(found)
	if err != nil || os.MkdirAll(filepath.Dir(file), 0o777) != nil {
		return
	}
	temp, err := os.CreateTemp(filepath.Dir(file), "new-")
	if err != nil {
		return
	}
	_, err = fmt.Fprintf(temp, "%x\n%s", sha256.Sum256(data), data)
	if closed := temp.Close(); err != nil || closed != nil || os.Rename(temp.Name(), file) != nil {
		_ = os.Remove(temp.Name())
	}
	// What nobody has asked for in two weeks goes.
	old := time.Now().AddDate(0, 0, -14)
	files, err := filepath.Glob(filepath.Join(filepath.Dir(filepath.Dir(file)), "*", "*"))
	if err != nil {
		return
	}
	for _, f := range files {
		if info, err := os.Stat(f); err == nil && info.ModTime().Before(old) {
			_ = os.Remove(f)
		}
	}
}
