package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// names are the names of a configuration file, the usual one first.
func names() []string { return []string{".redislint.yml", ".redislint.yaml"} }

// Find returns the configuration file that holds in a folder: the nearest one
// on the way up to the root of the workspace or module. The result is "" if
// there is none.
func Find(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	top := Root(dir)
	for {
		var found []string
		for _, name := range names() {
			file := filepath.Join(dir, name)
			info, err := os.Stat(file)
			switch {
			case errors.Is(err, fs.ErrNotExist):
			case err != nil:
				return "", err
			case !info.Mode().IsRegular():
				return "", fmt.Errorf("%s is not a file", file)
			default:
				if err := ownFile(file, top); err != nil {
					return "", err
				}
				found = append(found, file)
			}
		}
		if len(found) > 1 {
			return "", fmt.Errorf("%s and %s both exist; remove one", found[0], filepath.Base(found[1]))
		}
		if len(found) == 1 {
			return found[0], nil
		}
		if dir == top {
			return "", nil
		}
		dir = filepath.Dir(dir)
	}
}

// ownFile checks that a file is no link to something else: what is wrong with
// a configuration is printed, and a change may make a link to any file of the
// machine.
func ownFile(file, top string) error {
	info, err := os.Lstat(file)
	if err != nil || info.Mode().IsRegular() {
		return err
	}
	to, err := filepath.EvalSymlinks(file)
	if err != nil {
		return err
	}
	root := top
	for at := top; ; at = filepath.Dir(at) {
		if _, err := os.Lstat(filepath.Join(at, ".git")); err == nil {
			root = at
			break
		}
		if at == filepath.Dir(at) {
			break
		}
	}
	if root, err = filepath.EvalSymlinks(root); err != nil {
		return err
	}
	rel, err := filepath.Rel(root, to)
	if err != nil || !filepath.IsLocal(rel) || !slices.Contains(names(), filepath.Base(to)) {
		return fmt.Errorf("%s is a link to something other than a %s of this repository; name the file with -config", filepath.Base(file), names()[0])
	}
	return nil
}

// Root is the folder of the workspace or, failing that, of the module that a
// folder belongs to. A folder that is in neither is its own root.
func Root(dir string) string {
	mod := ""
	for at := dir; ; at = filepath.Dir(at) {
		if exists(filepath.Join(at, "go.work")) && os.Getenv("GOWORK") != "off" {
			return at
		}
		if mod == "" && exists(filepath.Join(at, "go.mod")) {
			mod = at
		}
		if at == filepath.Dir(at) {
			break
		}
	}
	if mod == "" {
		return dir
	}
	return mod
}

func exists(file string) bool {
	info, err := os.Stat(file)
	return err == nil && info.Mode().IsRegular()
}
