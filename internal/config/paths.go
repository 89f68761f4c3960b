package config

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/redislint/redislint/internal/check"
)

// clean checks a pattern and brings it into the form "a/b/...", relative to
// the folder of the file.
func clean(text string) (string, error) {
	p := filepath.ToSlash(text)
	switch {
	case strings.ContainsAny(p, "*?[],="):
		return "", errors.New(`a pattern is a path, in which "..." matches any text`)
	case path.IsAbs(p) || filepath.IsAbs(text):
		return "", errors.New("a pattern is relative to the folder of this file")
	}
	p = path.Clean(p)
	if p == ".." || strings.HasPrefix(p, "../") {
		return "", errors.New("a pattern stays inside of the folder of this file")
	}
	return p, nil
}

// A place is the folder of a package, or a Go file.
type place struct {
	rel    string // seen from the folder of the configuration file
	path   string // import path, and the name of a file
	module module
}

// A module has a folder, seen from that of the configuration file, and an
// import path. What is above the folder of the configuration file is left out
// of the former.
type module struct{ rel, path string }

// Resolve turns the patterns of a file, which are relative to the folder dir,
// into settings whose patterns are about import paths.
func (f *File) Resolve(dir string) error {
	if len(f.paths)+len(f.exclude) == 0 {
		return nil
	}
	places, err := walk(dir)
	if err != nil {
		return err
	}
	var errs []error
	resolve := func(p pattern) []string {
		found := match(p.text, places)
		if len(found) == 0 {
			errs = append(errs, f.error(p.line, p.key, "%q matches no package and no Go file", p.text))
		}
		return found
	}
	var special, exclude []string
	for _, p := range f.paths {
		for _, found := range resolve(p) {
			special = append(special, found+"="+p.profile)
		}
	}
	for _, p := range f.exclude {
		exclude = append(exclude, resolve(p)...)
	}
	if len(errs) > 0 {
		return errors.Join(errs...)
	}
	if len(special) > 0 {
		f.extend(profileFlag, f.paths[0], special)
	}
	if len(exclude) > 0 {
		f.extend(excludeFlag, f.exclude[0], exclude)
	}
	f.paths, f.exclude = nil, nil
	return nil
}

// extend adds items to the setting of a flag.
func (f *File) extend(flag string, p pattern, items []string) {
	text := strings.Join(items, ",")
	for i, s := range f.Settings {
		if s.Flag == flag {
			f.Settings[i].Value += "," + text
			return
		}
	}
	f.Settings = append(f.Settings, Setting{Flag: flag, Value: text, Key: p.key, Line: p.line})
}

// match returns the patterns about import paths that stand for a pattern
// about folders, one for each module that it reaches into. Where the folders
// and the import paths do not go together, these are the paths themselves.
func match(text string, places []place) []string {
	var found []string
	add := func(p string) {
		if !slices.Contains(found, p) {
			found = append(found, p)
		}
	}
	for _, at := range places {
		if !check.Match(text, at.rel) {
			continue
		}
		inside, ok := within(text, at.module.rel)
		switch {
		case ok:
			add(path.Join(at.module.path, inside))
		case strings.HasSuffix(text, "..."):
			add(at.module.path + "/...") // a module below what is named
		default:
			add(at.path)
		}
	}
	return found
}

// within is what a pattern says inside of a module's folder.
func within(text, module string) (string, bool) {
	if module == "." {
		return text, true
	}
	return strings.CutPrefix(text, module+"/")
}

// Match reports whether a pattern stands for an import path, or for that of a
// package with the name of a file.
func Match(pattern, path string) bool { return check.Match(pattern, path) }

// relTo is a path seen from a folder above it.
func relTo(rel, above string) string {
	if above == "." {
		if rel == "." {
			return ""
		}
		return rel
	}
	return strings.TrimPrefix(strings.TrimPrefix(rel, above), "/")
}

// walk lists the packages and Go files under a folder, modules below included.
func walk(dir string) ([]place, error) {
	modules := map[string]module{}
	above, err := moduleAbove(dir)
	if err != nil {
		return nil, err
	}
	modules["."] = module{".", above}
	var places []place
	seen := map[string]bool{}
	err = filepath.WalkDir(dir, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, file)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		if d.IsDir() {
			if rel == "." {
				return nil
			}
			if name := d.Name(); name == "vendor" || name == "testdata" || name == "node_modules" || name[0] == '.' || name[0] == '_' {
				return fs.SkipDir
			}
			mod := modules[path.Dir(rel)]
			if p, err := modulePath(filepath.Join(file, "go.mod")); err != nil {
				return err
			} else if p != "" {
				mod = module{rel, p}
			}
			modules[rel] = mod
			return nil
		}
		if filepath.Ext(file) != ".go" {
			return nil
		}
		folder := path.Dir(rel)
		mod := modules[folder]
		if mod.path == "" {
			return nil // no module, no import path
		}
		if !seen[folder] {
			seen[folder] = true
			places = append(places, place{folder, path.Join(mod.path, relTo(folder, mod.rel)), mod})
		}
		places = append(places, place{rel, path.Join(mod.path, relTo(rel, mod.rel)), mod})
		return nil
	})
	return places, err
}

// moduleAbove is the import path of a folder by the module around it, or ""
// if there is none.
func moduleAbove(dir string) (string, error) {
	for at := dir; ; at = filepath.Dir(at) {
		p, err := modulePath(filepath.Join(at, "go.mod"))
		if err != nil {
			return "", err
		}
		if p != "" {
			rel, err := filepath.Rel(at, dir)
			return path.Join(p, filepath.ToSlash(rel)), err
		}
		if at == filepath.Dir(at) {
			return "", nil
		}
	}
}

// modulePath reads the path of a module from its go.mod file, and is "" if
// there is no such file.
func modulePath(file string) (string, error) {
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	for line := range strings.Lines(string(data)) {
		line, _, _ = strings.Cut(line, "//")
		if rest, ok := strings.CutPrefix(strings.TrimSpace(line), "module"); ok && rest != strings.TrimLeft(rest, " \t\"`") {
			return strings.Trim(strings.TrimSpace(rest), "\"`"), nil
		}
	}
	return "", nil
}
