// Package selfproxy publishes this module to nobody but a test: it packs the
// source as a module proxy serves it, so that a test installs redislint as its
// users do, with @latest or @main.
package selfproxy

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// Module is the path of the module.
const Module = "github.com/redislint/redislint"

// A Proxy is a folder in the form that GOPROXY reads.
type Proxy struct {
	Version string // of this module; it depends on the content
	dir     string
	others  string      // the proxies of everything else
	cache   string      // the user's module cache
	served  [][2]string // paths and versions
}

// New packs the module at root, and writes the proxy into the folder dir.
func New(dir, root string) (*Proxy, error) {
	env, err := exec.Command("go", "env", "GOPROXY", "GOMODCACHE").Output()
	if err != nil {
		return nil, fmt.Errorf("go env: %w", err)
	}
	lines := strings.Split(string(env), "\n")
	p := &Proxy{dir: dir, others: lines[0], cache: strings.TrimSpace(lines[1])}
	_, hash, err := list(root)
	if err != nil {
		return nil, err
	}
	p.Version = "v0.0.0-20200101000000-" + hash[:12]
	return p, p.Add(Module, p.Version, root)
}

// Add packs another module, such as one in a folder of this one, under a version
// that it might be tagged with.
func (p *Proxy) Add(path, version, root string) error {
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		return err
	}
	files, _, err := list(root)
	if err != nil {
		return err
	}
	packed, err := pack(path+"@"+version, root, files)
	if err != nil {
		return err
	}
	info, err := json.Marshal(struct {
		Version string
		Time    time.Time
	}{version, time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		return err
	}
	at := filepath.Join(p.dir, filepath.FromSlash(path), "@v")
	if err := os.MkdirAll(at, 0o777); err != nil {
		return err
	}
	tagged := version + "\n"
	if version == p.Version {
		tagged = "" // a version of no tag is found as the latest, and not listed
	}
	for name, data := range map[string][]byte{
		"list": []byte(tagged), version + ".info": info, version + ".mod": mod, version + ".zip": packed, "../@latest": info, "main.info": info,
	} {
		if err := os.WriteFile(filepath.Join(at, name), data, 0o666); err != nil {
			return err
		}
	}
	p.served = append(p.served, [2]string{path, version})
	return nil
}

// list returns the files of the module, and a hash of their content.
func list(root string) (files []string, hash string, err error) {
	sum := sha256.New()
	err = filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		if d.IsDir() {
			_, err := os.Stat(filepath.Join(file, "go.mod"))
			if rel != "." && (d.Name() == ".git" || err == nil) {
				return fs.SkipDir // not of this module
			}
			return nil
		}
		if !d.Type().IsRegular() || d.Name() == ".git" {
			return nil
		}
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		files = append(files, filepath.ToSlash(rel))
		fmt.Fprintf(sum, "%s %d\n", filepath.ToSlash(rel), len(data))
		sum.Write(data)
		return nil
	})
	return files, fmt.Sprintf("%x", sum.Sum(nil)), err
}

// pack makes the zip file of a module.
func pack(module, root string, files []string) ([]byte, error) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, file := range files {
		data, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(file)))
		if err != nil {
			return nil, err
		}
		w, err := z.Create(module + "/" + file)
		if err != nil {
			return nil, err
		}
		if _, err := io.Copy(w, bytes.NewReader(data)); err != nil {
			return nil, err
		}
	}
	err := z.Close()
	return out.Bytes(), err
}

// Env is the environment in which the go command finds the module at the proxy
// and everything else where it is found otherwise.
func (p *Proxy) Env() []string {
	self := "file://" + filepath.ToSlash(p.dir)
	if !strings.HasPrefix(p.dir, "/") {
		self = "file:///" + filepath.ToSlash(p.dir) // a drive
	}
	return []string{
		"GOPROXY=" + self + "," + p.others,
		"GONOSUMDB=" + Module,
		"GOFLAGS=-modcacherw",
		"GOWORK=off",
	}
}

// Forget removes what was served from the user's module cache.
func (p *Proxy) Forget() error {
	for _, m := range p.served {
		path, version := filepath.FromSlash(m[0]), m[1]
		if err := os.RemoveAll(filepath.Join(p.cache, path+"@"+version)); err != nil {
			return err
		}
		old, err := filepath.Glob(filepath.Join(p.cache, "cache", "download", path, "@v", version+".*"))
		if err != nil {
			return err
		}
		for _, file := range old {
			if err := os.Remove(file); err != nil {
				return err
			}
		}
	}
	return nil
}
