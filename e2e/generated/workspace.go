package generated

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"sort"
	"strings"
	"time"
)

// perPackage is how many generated programs share a package.
const perPackage = 50

// stubModules are the modules that the workspace replaces, with the stub
// folders they hold by folder within the module.
var stubModules = []struct {
	path, version string
	dirs          map[string]string
}{
	{"github.com/redis/go-redis/v9", "v9.23.0", map[string]string{".": "goredis"}},
	{"github.com/gomodule/redigo", "v1.9.2", map[string]string{"redis": "redigo/redis"}},
	{"github.com/redis/rueidis", "v1.0.60", map[string]string{".": "rueidis"}},
	{"redislint.test/recorder", "v1.0.0", map[string]string{".": "recorder"}},
}

// Workspace is a folder with two modules of the same programs: plain as they
// are analysed, and run as they are run.
type Workspace struct {
	Dir string
	c   *checker
}

// NewWorkspace prepares a workspace in an existing empty folder.
func NewWorkspace(dir string) (*Workspace, error) {
	dir, err := filepath.Abs(dir)
	if err == nil {
		dir, err = filepath.EvalSymlinks(dir)
	}
	if err != nil {
		return nil, err
	}
	w := &Workspace{Dir: dir, c: newChecker()}
	for _, m := range stubModules {
		root := filepath.Join(dir, "stubs", filepath.FromSlash(m.path))
		mod := fmt.Sprintf("module %s\n\ngo 1.25.0\n", m.path)
		if m.path != "redislint.test/recorder" {
			mod += "\nrequire redislint.test/recorder v1.0.0\n"
		}
		if err := write(filepath.Join(root, "go.mod"), []byte(mod)); err != nil {
			return nil, err
		}
		for sub, stub := range m.dirs {
			src, err := stubSource(stub)
			if err != nil {
				return nil, err
			}
			if err := write(filepath.Join(root, sub, "stub.go"), src); err != nil {
				return nil, err
			}
		}
	}
	return w, nil
}

func write(name string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return err
	}
	return os.WriteFile(name, data, 0o666)
}

// mainFile is the path of a program's file below the root of a module.
func (p *Program) mainFile() string {
	return fmt.Sprintf("p%d/f%d.go", p.Package, p.Number)
}

func (p *Program) libFile() string {
	return fmt.Sprintf("lib%d/f%d.go", p.Package, p.Number)
}

func (p *Program) libPath() string { return "generated.test/" + path.Dir(p.libFile()) }

// Source is the text of the program's files as they are analysed.
func (p *Program) Source() (main, lib []byte, err error) {
	main, err = file(path.Dir(p.mainFile()), p.Main, p.libPath())
	if err == nil && p.Lib != "" {
		lib, err = file("lib", p.Lib, "")
	}
	return main, lib, err
}

// Write puts the programs into both modules, in the place of earlier ones.
func (w *Workspace) Write(programs []*Program) error {
	for _, module := range []string{"plain", "run"} {
		root := filepath.Join(w.Dir, module)
		if err := os.RemoveAll(root); err != nil {
			return err
		}
		if err := write(filepath.Join(root, "go.mod"), []byte(w.goMod())); err != nil {
			return err
		}
		src, err := stubSource("ext")
		if err != nil {
			return err
		}
		if module == "run" {
			c, _, err := w.c.checkFile("generated.test/ext", "ext", body(&checked{src: src}), "")
			if err != nil {
				return err
			}
			src = instrument(c, "ext/ext.go")
		}
		if err := write(filepath.Join(root, "ext", "ext.go"), src); err != nil {
			return err
		}
	}
	for _, p := range programs {
		if err := w.writeProgram(p); err != nil {
			return fmt.Errorf("program %d: %w", p.Number, err)
		}
	}
	return write(filepath.Join(w.Dir, "run", "main.go"), runMain(programs))
}

func (w *Workspace) goMod() string {
	var b strings.Builder
	b.WriteString("module generated.test\n\ngo 1.25.0\n\nrequire (\n")
	for _, m := range stubModules {
		fmt.Fprintf(&b, "\t%s %s\n", m.path, m.version)
	}
	b.WriteString(")\n\nreplace (\n")
	for _, m := range stubModules {
		fmt.Fprintf(&b, "\t%s => ../stubs/%s\n", m.path, m.path)
	}
	b.WriteString(")\n")
	return b.String()
}

func (w *Workspace) writeProgram(p *Program) error {
	main, lib, err := p.Source()
	if err != nil {
		return err
	}
	cm, cl, err := w.c.check(p)
	if err != nil {
		return err
	}
	files := map[string][]byte{
		"plain/" + p.mainFile(): main,
		"run/" + p.mainFile():   repackage(instrument(cm, p.mainFile()), path.Dir(p.mainFile()), p.libPath()),
	}
	if p.Lib != "" {
		files["plain/"+p.libFile()] = lib
		files["run/"+p.libFile()] = instrument(cl, p.libFile())
	}
	for name, src := range files {
		if err := write(filepath.Join(w.Dir, filepath.FromSlash(name)), src); err != nil {
			return err
		}
	}
	return nil
}

// repackage renames a file's package and the library it imports.
func repackage(src []byte, pkg, lib string) []byte {
	src = bytes.Replace(src, []byte("package p;"), []byte("package "+pkg+";"), 1)
	return bytes.Replace(src, []byte(`"generated.test/lib"`), []byte(`"`+lib+`"`), 1)
}

// runMain is the main function that explores all programs.
func runMain(programs []*Program) []byte {
	var b strings.Builder
	b.WriteString(`package main

import (
	"encoding/json"
	"os"
	"reflect"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
	"github.com/redis/rueidis"
	"generated.test/ext"
	"redislint.test/recorder"
`)
	pkgs := map[string]bool{}
	for _, p := range programs {
		pkgs[path.Dir(p.mainFile())] = true
	}
	for _, pkg := range sortedKeys(pkgs) {
		fmt.Fprintf(&b, "\t%q\n", "generated.test/"+pkg)
	}
	b.WriteString(`)

func main() {
	programs := []recorder.Program{
`)
	for _, p := range programs {
		fmt.Fprintf(&b, "\t\t{Name: %q, Func: %s.F_c%d},\n", fmt.Sprint(p.Number), path.Dir(p.mainFile()), p.Number)
	}
	b.WriteString(`	}
	enc := json.NewEncoder(os.Stdout)
	for _, p := range programs {
		enc.Encode(recorder.Explore(os.Args[1], p.Name, func(d *recorder.Decider) {
			p.Call(d, map[reflect.Type]any{
				reflect.TypeFor[*redis.Client]():   redis.Untracked(),
				reflect.TypeFor[*redigo.Pool]():    &redigo.Pool{},
				reflect.TypeFor[rueidis.Client]():  rueidis.Untracked(),
				reflect.TypeFor[*ext.Sink]():       &ext.Sink{Ch: make(chan *redis.Client, 100)},
			})
		}))
	}
}
`)
	return []byte(b.String())
}

func sortedKeys[V any](m map[string]V) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// Truth runs the written programs.
func (w *Workspace) Truth(ctx context.Context) (map[int]*Truth, error) {
	root := filepath.Join(w.Dir, "run")
	prog := filepath.Join(w.Dir, "prog")
	if _, err := command(ctx, root, "go", "build", "-gcflags=generated.test/...=-N -l", "-o", prog, "."); err != nil {
		return nil, err
	}
	out, err := command(ctx, root, prog, root+string(filepath.Separator))
	if err != nil {
		return nil, err
	}
	return parseTruth(out)
}

func parseTruth(out []byte) (map[int]*Truth, error) {
	truth := map[int]*Truth{}
	dec := json.NewDecoder(bytes.NewReader(out))
	for dec.More() {
		var r struct {
			Name      string
			Runs      int
			Truncated bool
			Panic     string
			Outcomes  []struct {
				Site
				Leak   bool
				Vector string
				Doubt  bool
			}
			Entered []Site
		}
		if err := dec.Decode(&r); err != nil {
			return nil, err
		}
		t := &Truth{Leaks: map[Site]string{}, Doubts: map[Site]bool{}, Sites: map[Site]bool{}, Entered: map[Site]bool{}, Runs: r.Runs, Void: r.Panic}
		if t.Void == "" && r.Truncated {
			t.Void = "too many vectors"
		}
		for _, o := range r.Outcomes {
			if o.File == "" {
				continue // opened by the driver
			}
			t.Sites[o.Site] = true
			if o.Leak {
				t.Leaks[o.Site] = o.Vector
			} else if o.Doubt {
				t.Doubts[o.Site] = true
			}
		}
		for _, e := range r.Entered {
			t.Entered[e] = true
		}
		var n int
		fmt.Sscan(r.Name, &n)
		truth[n] = t
	}
	return truth, nil
}

// BuildTool builds the vet tool of the module in the folder root.
func (w *Workspace) BuildTool(ctx context.Context, root string) (string, error) {
	tool := filepath.Join(w.Dir, "redislint")
	_, err := command(ctx, root, "go", "build", "-o", tool, "./cmd/redislint")
	return tool, err
}

// Findings asks a vet tool about the written programs.
func (w *Workspace) Findings(ctx context.Context, tool string) (*Findings, error) {
	root := filepath.Join(w.Dir, "plain")
	out, err := command(ctx, root, "go", "vet", "-json", "-vettool="+tool, "./...")
	f, perr := parseFindings(out, root)
	if perr != nil || len(f.Messages) == 0 && err != nil {
		return nil, errors.Join(err, perr)
	}
	return f, nil
}

// parseFindings reads what go vet -json prints: a JSON object for each
// package, comments in between, and a line for each package on which the tool
// failed.
func parseFindings(out []byte, root string) (*Findings, error) {
	f := &Findings{Messages: map[Site]string{}, Failed: map[string]bool{}}
	var text bytes.Buffer
	for line := range bytes.Lines(out) {
		if rest, ok := bytes.CutPrefix(line, []byte("generated.test/")); ok {
			dir, _, _ := strings.Cut(string(rest), ":")
			f.Failed[dir] = true
		} else if !bytes.HasPrefix(line, []byte("#")) {
			text.Write(line)
		}
	}
	dec := json.NewDecoder(&text)
	for dec.More() {
		var pkgs map[string]map[string]json.RawMessage
		if err := dec.Decode(&pkgs); err != nil {
			return nil, fmt.Errorf("%w in %.2000s", err, out)
		}
		for id, rules := range pkgs {
			raw, ok := rules["unclosed"]
			if !ok {
				continue
			}
			var diags []struct{ Posn, Message string }
			if err := json.Unmarshal(raw, &diags); err != nil {
				return nil, fmt.Errorf("%s: %s", id, raw)
			}
			for _, d := range diags {
				s, err := parsePosn(d.Posn, root)
				if err != nil {
					return nil, err
				}
				f.Messages[s] = d.Message
			}
		}
	}
	return f, nil
}

func parsePosn(posn, root string) (Site, error) {
	parts := strings.Split(posn, ":")
	if len(parts) < 3 {
		return Site{}, fmt.Errorf("position %q", posn)
	}
	name := strings.Join(parts[:len(parts)-2], ":")
	if filepath.IsAbs(name) {
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return Site{}, err
		}
		name = rel
	}
	s := Site{File: filepath.ToSlash(filepath.Clean(name))}
	_, err := fmt.Sscan(parts[len(parts)-2], &s.Line)
	return s, err
}

// command runs a command and returns what it prints.
func command(ctx context.Context, dir, name string, args ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod", "GOPROXY=off")
	if name == "go" && args[0] == "build" && args[len(args)-1] != "." {
		cmd.Env = os.Environ() // a module of the repository, not one of ours
	}
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return append(stdout.Bytes(), stderr.Bytes()...), fmt.Errorf("%s: %w\n%.4000s", strings.Join(cmd.Args, " "), err, stderr.String())
	}
	if name == "go" && args[0] == "vet" {
		return append(stdout.Bytes(), stderr.Bytes()...), nil
	}
	return stdout.Bytes(), nil
}
