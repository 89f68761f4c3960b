// Fixcheck applies every fix that redislint offers in a tree of Go modules, on
// a copy of it, and tells whether that does good:
//
//	go run ./internal/fixcheck -tree DIR
//
// The fixed packages must compile, with their tests. The findings that were
// fixed must be gone, and no other must have come or gone. Files that no fix
// is about must be what they were, and fixed ones must be formatted if they
// were. Another run must change nothing more.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"go/format"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

func main() {
	tree := flag.String("tree", ".", "`directory` with a Go module, or several")
	packages := flag.String("packages", "./...", "package `patterns` in each module")
	flags := flag.String("flags", "", "`flags` of redislint, such as -unclosed")
	tool := flag.String("tool", "", "`file` of a built redislint (default: build the one in this module)")
	verbose := flag.Bool("v", false, "show what is changed")
	flag.Parse()
	total, err := run(*tree, *packages, *tool, strings.Fields(*flags), *verbose)
	if err != nil {
		fmt.Fprintln(os.Stderr, "fixcheck:", err)
		os.Exit(2)
	}
	fmt.Println(total)
	if total.bad() {
		os.Exit(1)
	}
}

func run(tree, packages, tool string, flags []string, verbose bool) (figures, error) {
	var total figures
	dir, err := os.MkdirTemp("", "fixcheck")
	if err != nil {
		return total, err
	}
	defer os.RemoveAll(dir)
	if tool == "" {
		tool = filepath.Join(dir, "redislint.exe") // a name that runs everywhere
		if out, err := exec.Command("go", "build", "-o", tool, "./cmd/redislint").CombinedOutput(); err != nil {
			return total, fmt.Errorf("go build: %w\n%s", err, out)
		}
	}
	if tool, err = filepath.Abs(tool); err != nil {
		return total, err
	}
	work := filepath.Join(dir, "tree")
	if err := os.CopyFS(work, os.DirFS(tree)); err != nil {
		return total, err
	}
	modules, err := find(work, func(d fs.DirEntry) bool { return d.Name() == "go.mod" })
	if err != nil {
		return total, err
	}
	for _, file := range modules {
		c := &checker{dir: filepath.Dir(file), tool: tool, packages: packages, args: flags, verbose: verbose}
		if err := c.check(); err != nil {
			return total, err
		}
		total.add(c.figures)
	}
	return total, nil
}

// find lists files below a folder.
func find(root string, wanted func(fs.DirEntry) bool) ([]string, error) {
	var list []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != root && (d.Name() == "vendor" || strings.HasPrefix(d.Name(), ".")):
			return fs.SkipDir
		case !d.IsDir() && wanted(d):
			list = append(list, path)
		}
		return nil
	})
	return list, err
}

// figures are what is counted.
type figures struct {
	findings, offered, fixed int
	files                    int // changed
	broken                   int // packages that compile no more
	louder                   int // findings that have come, or are there although they were fixed
	quieter                  int // findings that are gone although they were not fixed
	strange                  int // files that changed without a fix, or lost their format
	again                    int // files that another run changed
	problems                 []string
}

func (f *figures) add(o figures) {
	f.findings += o.findings
	f.offered += o.offered
	f.fixed += o.fixed
	f.files += o.files
	f.broken += o.broken
	f.louder += o.louder
	f.quieter += o.quieter
	f.strange += o.strange
	f.again += o.again
	f.problems = append(f.problems, o.problems...)
}

func (f *figures) bad() bool {
	return f.fixed != f.offered || f.broken+f.louder+f.quieter+f.strange+f.again > 0
}

func (f figures) String() string {
	text := fmt.Sprintf("%d findings, %d fixes offered, %d applied and silent afterwards, in %d files: "+
		"%d packages broken, %d findings too many, %d too few, %d files changed without reason, %d changed again",
		f.findings, f.offered, f.fixed, f.files, f.broken, f.louder, f.quieter, f.strange, f.again)
	for _, p := range f.problems {
		text += "\n" + p
	}
	return text
}

// checker checks one module.
type checker struct {
	dir, tool, packages string
	env, args           []string
	verbose             bool
	skipped             bool // the last run has left fixes for the next one
	figures
}

func (c *checker) problem(format string, args ...any) {
	c.problems = append(c.problems, fmt.Sprintf(format, args...))
}

// finding is what is read of the command's JSON.
type finding struct {
	Rule, Message, File, Function string
	Line                          int
	Fixes                         []struct {
		Edits []struct{ File string }
	}
	Suppressed *struct{}
}

// numbers are what may change in the message of a finding that stays.
var numbers = regexp.MustCompile(`[0-9]+`)

// key is what stays of a finding when lines move.
func (f finding) key() string {
	return strings.Join([]string{f.File, f.Rule, f.Function, numbers.ReplaceAllString(f.Message, "N")}, " ")
}

func (c *checker) check() error {
	before, err := c.find()
	if err != nil {
		return err
	}
	files := make(map[string]bool) // with fixes
	want := make(map[string]int)   // findings that stay
	gone := make(map[string]bool)  // findings that go
	for _, f := range before {
		c.findings++
		if len(f.Fixes) == 0 {
			want[f.key()]++
			continue
		}
		c.offered++
		gone[f.key()] = true
		for _, e := range f.Fixes[0].Edits {
			files[filepath.Join(c.dir, filepath.FromSlash(e.File))] = true
		}
	}
	if c.offered == 0 {
		return nil
	}
	old, err := c.sources()
	if err != nil {
		return err
	}
	folders := make(map[string]bool)
	for file := range files {
		folders[filepath.Dir(file)] = true
	}
	if err := c.fix(); err != nil {
		return err
	}
	fresh, err := c.sources()
	if err != nil {
		return err
	}
	c.compare(old, fresh, files)
	if err := c.stillCompile(folders, old, fresh); err != nil {
		return err
	}
	after, err := c.find()
	if err != nil {
		return err
	}
	c.fixed = c.offered
	for _, f := range after {
		if want[f.key()]--; want[f.key()] < 0 {
			c.louder++
			if gone[f.key()] {
				c.fixed--
			}
			c.problem("%s:%d: found after fixing: %s (%s)", f.File, f.Line, f.Message, f.Rule)
		}
	}
	for key, n := range want {
		if n > 0 {
			c.quieter += n
			c.problem("not found any more: %s", key)
		}
	}
	if err := c.fix(); err != nil {
		return err
	}
	last, err := c.sources()
	if err != nil {
		return err
	}
	for name, text := range last {
		if text != fresh[name] {
			c.again++
			c.problem("%s: changed again", name)
		}
	}
	return nil
}

// compare looks at what has changed in the files.
func (c *checker) compare(old, fresh map[string]string, fixed map[string]bool) {
	for _, name := range slices.Sorted(maps.Keys(fresh)) {
		text := fresh[name]
		if text == old[name] {
			continue
		}
		c.files++
		if c.verbose {
			fmt.Println(c.diff(name, old[name]))
		}
		if !fixed[name] {
			c.strange++
			c.problem("%s: changed without a fix", name)
		}
		formatted := func(text string) bool {
			out, err := format.Source([]byte(text))
			return err == nil && string(out) == text
		}
		if formatted(old[name]) && !formatted(text) {
			c.strange++
			c.problem("%s: not formatted", name)
		}
	}
}

// diff shows what has changed, as git does.
func (c *checker) diff(name, old string) string {
	cmd := exec.Command("git", "diff", "--no-index", "--no-color", "-", name)
	cmd.Stdin = strings.NewReader(old)
	out, _ := cmd.Output() // the exit code says that they differ
	return string(out)
}

// find returns the findings that count.
func (c *checker) find() ([]finding, error) {
	out, err := c.redislint("-format=json")
	if err != nil {
		return nil, err
	}
	var list []finding
	for dec := json.NewDecoder(bytes.NewReader(out)); dec.More(); {
		var f finding
		if err := dec.Decode(&f); err != nil {
			return nil, err
		}
		if f.Suppressed == nil {
			list = append(list, f)
		}
	}
	return list, nil
}

// fix fixes what there is to fix. Fixes that would change the same lines take
// several runs, and each says that there are more.
func (c *checker) fix() error {
	for range 10 {
		c.skipped = false
		if _, err := c.redislint("-fix"); err != nil || !c.skipped {
			return err
		}
	}
	c.problem("%s: fixes are skipped again and again", c.dir)
	return nil
}

// redislint runs the tool. What cannot be analysed is passed by.
func (c *checker) redislint(flag string) ([]byte, error) {
	args := append(slices.Clone(c.args), "-no-config", flag)
	cmd := exec.Command(c.tool, append(args, strings.Fields(c.packages)...)...)
	cmd.Dir, cmd.Env = c.dir, append(os.Environ(), c.env...)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return nil, err
	}
	for line := range strings.Lines(errs.String()) {
		c.skipped = c.skipped || strings.Contains(line, " skipped ")
		if strings.Contains(line, "left as it is") || strings.Contains(line, "internal error") {
			c.problem("%s %s: %s", c.dir, flag, strings.TrimSpace(line))
		}
	}
	return out, nil
}

// sources reads the Go files of the module.
func (c *checker) sources() (map[string]string, error) {
	names, err := find(c.dir, func(d fs.DirEntry) bool { return filepath.Ext(d.Name()) == ".go" })
	if err != nil {
		return nil, err
	}
	files := make(map[string]string)
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		files[name] = string(data)
	}
	return files, nil
}

// stillCompile compiles the fixed packages. Where they do not compile, it looks
// whether they did before.
func (c *checker) stillCompile(folders map[string]bool, old, fresh map[string]string) error {
	broken, err := c.compile(folders)
	if err != nil || len(broken) == 0 {
		return err
	}
	if err := write(old, fresh); err != nil {
		return err
	}
	before, err := c.compile(folders)
	if err != nil {
		return err
	}
	for _, folder := range slices.Sorted(maps.Keys(broken)) {
		if before[folder] == "" {
			c.broken++
			c.problem("%s compiles no more: %s", folder, broken[folder])
		}
	}
	return write(fresh, old)
}

// write writes those files that are other files now.
func write(files, now map[string]string) error {
	for name, text := range files {
		if text == now[name] {
			continue
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			return err
		}
	}
	return nil
}

// compile compiles the packages in folders and their tests. It returns what is
// wrong with them.
func (c *checker) compile(folders map[string]bool) (map[string]string, error) {
	args := []string{"list", "-e", "-export", "-test", "-f", "{{with .Error}}{{$.Dir}}\t{{printf \"%q\" .Err}}{{end}}"}
	for _, folder := range slices.Sorted(maps.Keys(folders)) {
		rel, err := filepath.Rel(c.dir, folder)
		if err != nil {
			return nil, err
		}
		args = append(args, "./"+filepath.ToSlash(rel))
	}
	cmd := exec.Command("go", args...)
	cmd.Dir, cmd.Env = c.dir, append(os.Environ(), c.env...)
	out, err := cmd.Output()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return nil, err
	}
	broken := make(map[string]string)
	for line := range strings.Lines(string(out)) {
		if folder, text, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
			broken[folder] = text
		}
	}
	return broken, nil
}
