package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
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
				return "", fmt.Errorf("%s is no file", file)
			default:
				found = append(found, file)
			}
		}
		if len(found) > 1 {
			return "", fmt.Errorf("%s and %s are both there, which one counts?", found[0], filepath.Base(found[1]))
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
