package driver

import (
	"encoding/json"
	"flag"
	"os"
	"slices"

	"github.com/redislint/redislint/internal/cache"
)

// findings returns the findings of the merge base: kept ones, or those of an
// analysis, which are kept if they depend on nothing but what they are kept by.
func (b *baseRun) findings() (*base, error) {
	if b.loader.keeper == nil {
		return b.analyse()
	}
	key, err := b.key()
	if err != nil {
		return b.analyse()
	}
	store := b.loader.keeper.store
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
	var h cache.Hash
	h.Add("merge base", "2") // the layout of what is kept
	h.AddKey(b.loader.keeper.tool)
	t := b.loader.target
	h.Add(t.arch, t.version, t.env, os.Getenv("GOWORK"), os.Getenv("GODEBUG"), b.since.Base, b.since.Name(b.base))
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
