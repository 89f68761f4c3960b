package driver

import (
	"encoding/json"
	"fmt"
	"go/types"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Export data that this program cannot read is an error, whichever way the
// standard library fails.
func TestImportExports(t *testing.T) {
	broken := importFunc(func(string) (*types.Package, error) { panic("version 4 is greater than 2") })
	_, err := importExports(broken, "context")
	if err == nil || !strings.Contains(err.Error(), "version 4 is greater than 2; this program was built with go") {
		t.Errorf("error is %v", err)
	}
}

// The same package has the same facts file, byte for byte, in every run: go
// vet runs the tool again over all dependents of a file that has changed.
func TestVetFactsAreStable(t *testing.T) {
	dir := module(t, library)
	var runs []map[string]string
	for i := range 2 {
		// Bytes behind the end of the tool make it a new one to go vet.
		data, err := os.ReadFile(os.Args[0])
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Join(dir, fmt.Sprint("tool", i))
		if err := os.WriteFile(name, append(data, byte(i)), 0o777); err != nil {
			t.Fatal(err)
		}
		out := tool(t, dir, "go", "vet", "-work", "-vettool="+name, "./...")
		work := regexp.MustCompile(`(?m)^WORK=(.*)$`).FindStringSubmatch(out)
		if work == nil {
			t.Fatalf("go vet -work does not say where:\n%s", out)
		}
		defer os.RemoveAll(work[1])
		runs = append(runs, factsFiles(t, work[1]))
	}
	for _, path := range []string{"example.com/app/store", "example.com/app/middle", "example.com/app/inner"} {
		if runs[0][path] == "" {
			t.Errorf("%s has no facts", path)
		}
	}
	if !maps.Equal(runs[0], runs[1]) {
		t.Errorf("facts files differ:\n%q\n%q", runs[0], runs[1])
	}
}

// factsFiles reads the facts files in a work directory of go vet, by package.
func factsFiles(t *testing.T, work string) map[string]string {
	t.Helper()
	files := make(map[string]string)
	configs, err := filepath.Glob(filepath.Join(work, "*", "vet.cfg"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range configs {
		var cfg vetConfig
		data, err := os.ReadFile(name)
		if err == nil {
			err = json.Unmarshal(data, &cfg)
		}
		if err != nil {
			t.Fatal(err)
		}
		facts, err := os.ReadFile(filepath.Join(filepath.Dir(name), "vet.out"))
		if err != nil {
			continue // go vet moved it to its cache, or there is none
		}
		files[cfg.ImportPath] = string(facts)
	}
	return files
}

// Whatever go vet says of a package, it is loaded or refused.
func FuzzVetConfig(f *testing.F) {
	source := filepath.Join(f.TempDir(), "p.go")
	if err := os.WriteFile(source, []byte("package p\n\nimport \"os\"\n\nvar _ = os.Args\n"), 0o666); err != nil {
		f.Fatal(err)
	}
	for _, cfg := range []vetConfig{
		{Compiler: "gc", ImportPath: "p", GoFiles: []string{source}, ImportMap: map[string]string{"os": "os"}, PackageFile: map[string]string{"os": source}},
		{Compiler: "gccgo", ImportPath: "p", GoFiles: []string{source}, GoVersion: "go1.25", ImportMap: map[string]string{"os": "x/os"}},
		{GoFiles: []string{source, source}, GoVersion: "go9.x", ModulePath: "p"},
	} {
		data, err := json.Marshal(cfg)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var cfg vetConfig
		if err := json.Unmarshal(data, &cfg); err != nil {
			return
		}
		if u, err := loadUnit(&cfg); err == nil && u.pkg == nil {
			t.Error("it is neither loaded nor refused")
		}
	})
}
