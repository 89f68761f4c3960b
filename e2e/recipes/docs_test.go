package recipes

import (
	"path/filepath"
	"strings"
	"testing"
)

// The example of docs/config.md is one that works, and prints what the page
// shows; a misspelt rule is the error that the page shows.
func TestConfigPage(t *testing.T) {
	p := newProject(t)
	redislint := filepath.Join(p.command(t), "redislint")
	page := read(t, "../../docs/config.md")
	p.write(t, "go.mod", strings.Replace(read(t, filepath.Join(p.dir, "go.mod")), "example.com/app", "example.com/acme", 1))
	p.write(t, "cache/cache.go", "package cache\n\nimport \"github.com/redis/go-redis/v9\"\n\n"+
		"type Cache interface{ Close() error }\n\nvar open func() Cache\n\nfunc Get() Cache { return open() }\n\n"+
		"func With(rdb *redis.Client, fn func(*redis.Client)) { fn(rdb) }\n")
	p.write(t, "functions/visit/visit.go", "package visit\n\nimport \"example.com/acme/cache\"\n\nfunc Visit() {\n\tc := cache.Get()\n\t_ = c\n}\n")
	p.write(t, "internal/legacy/legacy.go", leaky("legacy", "Legacy"))
	p.write(t, "internal/store/store_gen.go", leaky("store", "Store"))
	config := block(t, "\n## top\n"+page, "top", "yaml")
	p.write(t, ".redislint.yml", config)

	r := p.run(t, p.dir, nil, redislint, "config")
	_, shown, _ := strings.Cut(page, "$ redislint config\n")
	shown, _, _ = strings.Cut(shown, "```\n")
	lines := 0
	for line := range strings.Lines(shown) {
		if lines++; line != "...\n" && !strings.Contains("\n"+r.stdout, "\n"+line) {
			t.Errorf("docs/config.md shows %q\n%s%s", line, r.stdout, r.stderr)
		}
	}
	if r.code != 0 || lines < 5 {
		t.Errorf("exit status %d, %d lines", r.code, lines)
	}

	// What is excluded is silent, and the row is understood.
	r = p.run(t, p.dir, nil, redislint, "./...")
	for _, want := range []string{"new/new.go:7:9: ", "functions/visit/visit.go:6:"} {
		if !strings.Contains(r.stdout, want) {
			t.Errorf("missing: %s", want)
		}
	}
	if r.code != 1 || strings.Contains(r.stdout, "internal/") {
		t.Errorf("exit status %d\n%s%s", r.code, r.stdout, r.stderr)
	}

	p.write(t, ".redislint.yml", strings.Replace(config, "undeferred: false", "undefered: false", 1))
	_, shown, _ = strings.Cut(page, "## Mistakes")
	_, shown, _ = strings.Cut(shown, "```\n")
	shown, _, _ = strings.Cut(shown, " ...\n")
	if r := p.run(t, p.dir, nil, redislint, "config"); r.code != 2 || !strings.HasPrefix(r.stderr, shown) {
		t.Errorf("exit status %d, want 2 and %q\n%s", r.code, shown, r.stderr)
	}
}
