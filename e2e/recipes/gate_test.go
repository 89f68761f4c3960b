package recipes

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// newTable is a project with what changes() changes, all of it committed.
func newTable(t *testing.T) *project {
	t.Helper()
	p := newProject(t)
	p.dir = t.TempDir()
	cache := strings.TrimSpace(p.run(t, ".", nil, "go", "env", "GOCACHE").stdout)
	p.env = append(p.env, "GOCACHE="+cache, "XDG_CACHE_HOME="+t.TempDir())
	if err := writeBase(p.dir, "../../testdata/src/github.com/redis/go-redis/v9"); err != nil {
		t.Fatal(err)
	}
	p.git(t, "init", "-q", "-b", "main")
	p.git(t, "add", "-A")
	p.git(t, "commit", "-q", "-m", "Leak, as we always did")
	return p
}

// undo takes back a change.
func (p *project) undo(t *testing.T) {
	t.Helper()
	p.git(t, "reset", "-q", "--hard", "main")
	p.git(t, "clean", "-q", "-d", "-f")
}

// -new-from is red for each change of the table that makes a leak, for that
// leak alone, and green for the others.
func TestGate(t *testing.T) {
	p := newTable(t)
	bin := filepath.Join(p.command(t), "redislint")
	red, green := 0, 0
	for _, c := range changes() {
		if err := c.apply(p.dir); err != nil {
			t.Fatal(err)
		}
		r := p.run(t, p.dir, nil, bin, "-new-from=main", "./...")
		var got []string
		for line := range strings.Lines(r.stdout) {
			file, _, _ := strings.Cut(line, ":")
			rule := line[strings.LastIndexByte(line, '(')+1 : strings.LastIndexByte(line, ')')]
			got = append(got, file+":"+rule)
		}
		want := 0
		if len(c.Red) > 0 {
			want = 1
			red++
		} else {
			green++
		}
		if r.code != want || !slices.Equal(got, c.Red) {
			t.Errorf("%s: exit status %d, want %d and %q\n%s%s", c.Name, r.code, want, c.Red, r.stdout, r.stderr)
		}
		// What is silenced is announced.
		if says := strings.Contains(r.stderr, "this change silences "); says != c.Silences {
			t.Errorf("%s: announced is %t\n%s", c.Name, says, r.stderr)
		}
		p.undo(t)
	}
	if red < 25 || green < 15 {
		t.Errorf("the table has %d changes that make a leak and %d that make none", red, green)
	}
}

var full = flag.Bool("full", false, "run all changes through the action, not every fifth")

// The action tells them apart as well, once they are committed.
func TestGateByAction(t *testing.T) {
	p, a := newTable(t), readAction(t)
	for i, c := range changes() {
		if i%5 != 0 && !*full {
			continue
		}
		p.git(t, "checkout", "-q", "-b", "feature")
		if err := c.apply(p.dir); err != nil {
			t.Fatal(err)
		}
		p.git(t, "add", "-A")
		p.git(t, "commit", "-q", "--allow-empty", "-m", "Change")
		r, summary := p.act(t, a, map[string]string{"new-from": "main"})
		if want := min(len(c.Red), 1); r.code != want || strings.Count(r.stdout, "::error ") != len(c.Red) {
			t.Errorf("%s: exit status %d, want %d\n%s%s", c.Name, r.code, want, r.stdout, r.stderr)
		}
		for _, x := range c.Red {
			file, rule, _ := strings.Cut(x, ":")
			if !strings.Contains(r.stdout, "::error file="+file+",") || !strings.Contains(summary, "["+rule+"](") {
				t.Errorf("%s: %s is not reported\n%s\n%s", c.Name, x, r.stdout, summary)
			}
		}
		if says := strings.Contains(summary, "This change silences "); says != c.Silences {
			t.Errorf("%s: in the summary, announced is %t\n%s", c.Name, says, summary)
		}
		p.git(t, "checkout", "-q", "main")
		p.git(t, "branch", "-q", "-D", "feature")
		p.undo(t)
	}
}

// No file of the machine is printed or kept because a change names it.
func TestLineDirectives(t *testing.T) {
	p := newTable(t)
	bin := filepath.Join(p.command(t), "redislint")
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("s3cret\ns3cret\ns3cret\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	p.write(t, ".env", "s3cret\ns3cret\n")
	for i, name := range []string{secret, "../.env", "../.git/config", "::error::x", "x\x1b[31m.go"} {
		p.write(t, "old/new.go", "package old\n\n"+imports+"func Hidden"+header+"//line "+name+":1\n"+leak)
		for _, args := range [][]string{{}, {"-color=always"}, {"-format=github"}, {"-format=sarif"}, {"-format=json"}, {"-format=gitlab"}, {"-new-from=main"}} {
			r := p.run(t, p.dir, []string{"GITHUB_STEP_SUMMARY=" + filepath.Join(p.dir, "summary")}, bin, append(args, "./old")...)
			text := r.stdout + r.stderr
			if data, err := os.ReadFile(filepath.Join(p.dir, "summary")); err == nil {
				text += string(data)
			}
			if r.code != 1 || strings.Contains(text, "s3cret") || strings.Contains(text, "repositoryformatversion") {
				t.Errorf("//line %d, %q: exit status %d\n%s", i, args, r.code, text)
			}
			if strings.Contains(text, "\x1b[31m.go") || strings.HasPrefix(r.stdout, "::error::x") || strings.Contains(text, "\n::error::x") {
				t.Errorf("//line %d, %q is obeyed\n%q", i, args, text)
			}
		}
		r := p.run(t, p.dir, nil, bin, "-write-baseline=known.txt", "./old")
		if known := read(t, filepath.Join(p.dir, "known.txt")); r.code != 0 || strings.Contains(known, "s3cret") || strings.Contains(known, "repositoryformatversion") {
			t.Errorf("//line %d: exit status %d, kept is\n%s", i, r.code, known)
		}
	}
	// A configuration that is a link is not told.
	p.undo(t)
	if err := os.Remove(filepath.Join(p.dir, ".redislint.yml")); err != nil {
		t.Fatal(err)
	}
	for _, to := range []string{secret, ".git/config", "third_party/x"} {
		p.write(t, "third_party/x", "s3cret\n")
		if err := os.Symlink(to, filepath.Join(p.dir, ".redislint.yml")); err != nil {
			t.Skip(err)
		}
		r := p.run(t, p.dir, nil, bin, "./old")
		if r.code != 2 || strings.Contains(r.stderr, "s3cret") || strings.Contains(r.stderr, "core") || strings.Count(r.stderr, "\n") != 1 {
			t.Errorf("a link to %s: exit status %d\n%s", to, r.code, r.stderr)
		}
		if err := os.Remove(filepath.Join(p.dir, ".redislint.yml")); err != nil {
			t.Fatal(err)
		}
	}
}
