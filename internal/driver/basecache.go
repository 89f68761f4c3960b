package driver

import (
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"slices"

	"github.com/redislint/redislint/internal/cache"
)

// findings returns the findings of the merge base: kept ones, or those of an
// analysis, which are kept if they depend on nothing but what they are kept by.
func (b *baseRun) findings() (*base, error) {
	key, err := b.key()
	if err != nil || b.build.noCache {
		return b.analyse()
	}
	dir, err := b.tool.cacheFolder()
	if err != nil {
		return b.analyse()
	}
	store := cache.Open(dir)
	if data, ok := store.Get(key); ok {
		var found base
		if err := json.Unmarshal(data, &found); err == nil {
			return &found, nil
		}
	}
	found, err := b.analyse()
	if err != nil || !found.Alone || len(found.Errors) > 0 {
		return found, err
	}
	if data, err := json.Marshal(found); err == nil {
		store.Put(key, data)
	}
	return found, nil
}

// key is what the findings of the base depend on: the tool, its flags, what it
// is asked for, the go command and its settings, and the commit.
func (b *baseRun) key() (cache.Key, error) {
	exe, err := executableSum()
	if err != nil {
		return cache.Key{}, err
	}
	cmd := exec.Command("go", "env", "GOVERSION", "GOOS", "GOARCH", "CGO_ENABLED", "GOFLAGS", "GOEXPERIMENT", "GOMODCACHE")
	cmd.Dir = b.base
	env, err := cmd.Output()
	if err != nil {
		return cache.Key{}, err
	}
	var h cache.Hash
	h.Add("merge base", "1") // the layout of what is kept
	h.AddKey(exe)
	h.Add(string(env), os.Getenv("GOWORK"), os.Getenv("GODEBUG"), b.since.Base, b.since.Name(b.base))
	h.Add(b.packages().BuildFlags...)
	h.Add(append([]string{"patterns"}, b.patterns...)...)
	// What is named may have had another name in the base.
	h.Add(append([]string{"renames"}, b.since.Renames()...)...)
	output := []string{"format", "sarif", "color", "v", "new-from", "baseline"}
	b.fs.VisitAll(func(f *flag.Flag) {
		if b.settings.given[f.Name] && !slices.Contains(output, f.Name) || f.Name == profileFlag {
			h.Add(f.Name, f.Value.String())
		}
	})
	if b.settings.file != "" {
		// It may be outside of the repository.
		data, err := os.ReadFile(absolute(b.base, b.settings.file))
		if err != nil {
			return cache.Key{}, err
		}
		h.Add(string(data))
	}
	return h.Key(), nil
}
