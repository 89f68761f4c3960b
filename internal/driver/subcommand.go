package driver

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/packages"
)

// A subcommand is one thing that the tool does for a person. The first word of
// the command line names it; without a name, packages are checked.
type subcommand struct {
	name  string
	args  string // what follows its name, for the help
	about string
	plain bool // it takes no flags
	run   func(*call) (int, error)
}

// subcommands lists them in the order in which the help does.
func (t *Tool) subcommands() []subcommand {
	return []subcommand{
		{name: "", args: "[flags] [packages]", about: "check packages", run: (*call).check},
		{name: "checklist", args: "[flags] [packages]", about: "show which requirements the code meets", run: (*call).checklist},
		{name: "explain", args: "[rule...]", about: "print a rule's manual, or list the rules", plain: true, run: (*call).explain},
		{name: "why", args: "[flags] FILE:LINE", about: "explain what was decided about a line", run: (*call).why},
		{name: "config", args: "[flags]", about: "print the settings and where they come from", run: (*call).config},
		{name: "init", args: "[flags]", about: "write a .redislint.yml and print what CI needs", run: (*call).init},
		{name: "version", about: "print the version of the tool", plain: true, run: (*call).version},
	}
}

// subcommand returns the one of a name.
func (t *Tool) subcommand(name string) (subcommand, bool) {
	list := t.subcommands()
	i := slices.IndexFunc(list, func(s subcommand) bool { return s.name == name })
	if i < 0 {
		return subcommand{}, false
	}
	return list[i], true
}

// call is one call of the tool by a person.
type call struct {
	tool           *Tool
	sub            subcommand
	stdout, stderr io.Writer

	fs       *flag.FlagSet
	on       switches
	operands []string // what is no flag
	settings configuration
	build    buildFlags
	out      output
	changes  rewrite
	list     checklistFlags

	analyzers []*analysis.Analyzer // the rules that run
	covers    func(path string) bool
	base      string // the folder it runs in
	programs  []program
	because   map[string]string // see survey
}

// buildFlags are the flags of the go command that decide which packages there
// are.
type buildFlags struct {
	dir                string
	tags, mod, modfile string
	noCache            bool
}

func (b *buildFlags) addFlags(fs *flag.FlagSet) {
	fs.StringVar(&b.dir, "C", "", "change to `dir` before anything else")
	if fs.Lookup(testFlag) == nil {
		fs.Bool(testFlag, true, "check test files too")
	}
	fs.StringVar(&b.tags, "tags", "", "comma-separated build `tags`")
	fs.StringVar(&b.mod, "mod", "", "module download `mode`: readonly, vendor, or mod")
	fs.StringVar(&b.modfile, "modfile", "", "use this `file` instead of go.mod")
	fs.BoolVar(&b.noCache, "no-cache", false, "analyze everything again, and keep no results for the next run")
}

// testFlag is a flag that one of the analyzers may have. Unless it is set, test
// files are not even loaded.
const testFlag = "test"

// packages is how packages are loaded.
func (c *call) packages() packages.Config {
	config := packages.Config{Dir: c.build.dir, Tests: true}
	if f := c.fs.Lookup(testFlag); f != nil {
		config.Tests = f.Value.String() == "true"
	}
	for name, value := range map[string]string{"tags": c.build.tags, "mod": c.build.mod, "modfile": c.build.modfile} {
		if value != "" {
			config.BuildFlags = append(config.BuildFlags, "-"+name+"="+value)
		}
	}
	slices.Sort(config.BuildFlags)
	return config
}

// command is the tool as a person calls it.
func (t *Tool) command(args []string, stdout, stderr io.Writer) (int, error) {
	c := &call{tool: t, stdout: stdout, stderr: stderr}
	c.sub, _ = t.subcommand("")
	switch {
	case len(args) > 0 && args[0] == "help":
		args = append(slices.Clone(args[1:]), "-h")
	case len(args) == 1 && (args[0] == "-version" || args[0] == "--version"):
		args = []string{"version"}
	}
	if len(args) > 0 && args[0] != "" {
		if s, ok := t.subcommand(args[0]); ok {
			c.sub, args = s, args[1:]
		} else if near := t.nearly(args[0]); near != "" {
			return exitFailure, fmt.Errorf("there is no subcommand %q; did you mean %s?", args[0], near)
		}
	}
	c.fs = flag.NewFlagSet(t.Name, flag.ContinueOnError)
	c.fs.SetOutput(io.Discard)
	if !c.sub.plain {
		c.on = t.addFlags(c.fs)
		c.settings.addFlags(c.fs)
		c.build.addFlags(c.fs)
		c.out.addFlags(c.fs)
		c.changes.addFlags(c.fs)
		if c.sub.name == "checklist" {
			c.list.addFlags(c.fs)
		}
	}
	if err := c.parse(args); errors.Is(err, flag.ErrHelp) {
		return exitClean, c.help(slices.Contains(args, "all"))
	} else if err != nil {
		return exitFailure, c.wrongFlag(err)
	}
	if c.sub.name == "" && len(c.operands) > 0 && args[0] != c.operands[0] && args[0] != "--" {
		// Flags may stand before the name of a subcommand, too.
		if _, ok := t.subcommand(c.operands[0]); ok {
			i := slices.Index(args, c.operands[0])
			return t.command(slices.Concat([]string{c.operands[0]}, args[:i], args[i+1:]), stdout, stderr)
		}
	}
	if !c.sub.plain {
		if err := c.settle(); err != nil {
			return exitFailure, err
		}
	}
	return c.sub.run(c)
}

// parse reads flags wherever they stand. After "--" nothing is a flag.
func (c *call) parse(args []string) error {
	for {
		if err := c.fs.Parse(args); err != nil {
			return err
		}
		rest := c.fs.Args()
		if n := len(args) - len(rest); len(rest) == 0 || n > 0 && args[n-1] == "--" {
			c.operands = append(c.operands, rest...)
			return nil
		}
		c.operands, args = append(c.operands, rest[0]), rest[1:]
	}
}

// settle brings the flags and the configuration file together.
func (c *call) settle() error {
	if _, err := os.Stat(cmp.Or(c.build.dir, ".")); err != nil {
		return fmt.Errorf("-C: %w", err)
	}
	base, err := filepath.Abs(c.build.dir)
	if err != nil {
		return err
	}
	c.base = base
	if c.analyzers, err = c.settings.read(c.tool, c.build.dir, c.fs, c.on); err != nil {
		return err
	}
	if err := cmp.Or(c.out.check(), c.changes.check(&c.out)); err != nil {
		return err
	}
	c.covers, err = c.tool.coverage(c.fs)
	return err
}

// load returns the graph of packages, and has the profiles decided.
func (c *call) load(config packages.Config, patterns []string) (*loader, []*node, error) {
	l, nodes, err := newLoader(c.tool, config, patterns)
	if err != nil {
		return nil, nil, c.surroundings(err)
	}
	return l, nodes, c.decide(l, nodes, patterns)
}

// config prints the settings in force.
func (c *call) config() (int, error) {
	if len(c.operands) > 0 {
		return exitFailure, fmt.Errorf("config takes no packages, got %q; -C prints the settings of another folder", c.operands[0])
	}
	decided := ""
	var unknown []string
	if f := c.fs.Lookup(profileFlag); f != nil {
		// Where there are no packages yet, nothing is decided.
		before := f.Value.String()
		_, nodes, err := c.load(c.packages(), []string{"work"})
		if err == nil {
			unknown = c.unknownClients(nodes)
		}
		if err == nil && f.Value.String() != before {
			decided = f.Value.String()
			if err := f.Value.Set(before); err != nil {
				return exitFailure, err
			}
		}
	}
	return exitClean, c.settings.print(c.stdout, c.tool, c.fs, c.analyzers, decided, c.programs, unknown)
}

// version prints what a bug report should name.
func (c *call) version() (int, error) {
	if len(c.operands) > 0 {
		return exitFailure, fmt.Errorf("version takes no arguments, got %q", c.operands[0])
	}
	_, err := fmt.Fprintln(c.stdout, c.tool.Name+" "+buildOf())
	return exitClean, err
}

// nearly returns the subcommand that a word may be a misspelling of, or "". A
// word may be a package of the standard library as well; none has such a name.
func (t *Tool) nearly(word string) string {
	if strings.ContainsAny(word, "-./\\:") {
		return ""
	}
	var names []string
	for _, s := range t.subcommands() {
		if s.name != "" {
			names = append(names, s.name)
		}
	}
	return nearest(word, append(names, "help"))
}

// nearest returns the name that a word is most likely a misspelling of, or "".
func nearest(word string, names []string) string {
	best, least := "", len(word)
	for _, name := range names {
		if d := distance(word, name); d < least {
			best, least = name, d
		}
	}
	if least > max(1, len(best)/3) {
		return ""
	}
	return best
}

// distance is the number of letters to insert, delete, replace or swap with
// their neighbour to make b out of a.
func distance(a, b string) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			same := 1
			if a[i-1] == b[j-1] {
				same = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+same)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}
