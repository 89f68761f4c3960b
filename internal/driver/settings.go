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
	"text/tabwriter"

	"golang.org/x/tools/go/analysis"

	"github.com/redislint/redislint/internal/config"
	"github.com/redislint/redislint/internal/evidence"
)

// Spec says what a configuration may set: the rules, and the flags of the
// analyzers that are not for finding faults in the analyzers themselves.
func (t *Tool) Spec() config.Spec {
	var spec config.Spec
	fs := flag.NewFlagSet(t.Name, flag.ContinueOnError)
	t.addFlags(fs)
	fs.VisitAll(func(f *flag.Flag) {
		if i := slices.IndexFunc(t.Analyzers, func(a *analysis.Analyzer) bool { return a.Name == f.Name }); i >= 0 {
			spec.Rules = append(spec.Rules, config.Rule{Name: f.Name, Summary: summary(t.Analyzers[i])})
			return
		}
		if strings.HasPrefix(f.Name, "debug.") {
			return
		}
		o := config.Option{Name: f.Name, Default: f.DefValue}
		_, o.Usage = flag.UnquoteUsage(f)
		o.Comma = strings.HasPrefix(o.Usage, "comma-separated ")
		if b, ok := f.Value.(interface{ IsBoolFlag() bool }); ok {
			o.Bool = b.IsBoolFlag()
		}
		if c, ok := f.Value.(interface{ Choices() []string }); ok {
			o.Choices = c.Choices()
		}
		spec.Options = append(spec.Options, o)
	})
	return spec
}

// Configure sets the analyzers' flags to what a tool that runs them by itself
// has read from a configuration of its own, and returns the rules that it asks
// for. Patterns are relative to the root of the workspace or module that the
// folder dir is in. Flags that the settings do not name get their defaults.
func (t *Tool) Configure(settings any, dir string) ([]*analysis.Analyzer, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	fs := flag.NewFlagSet(t.Name, flag.ContinueOnError)
	on := t.addFlags(fs)
	var errs []error
	fs.VisitAll(func(f *flag.Flag) {
		if _, ok := f.Value.(*toggle); !ok {
			errs = append(errs, f.Value.Set(f.DefValue))
		}
	})
	file, err := config.Decode(t.Spec(), settings)
	if err := errors.Join(append(errs, err)...); err != nil {
		return nil, err
	}
	return t.apply(file, config.Root(dir), fs, on)
}

// apply sets the flags to what a configuration says, those aside that are set
// already, and returns the rules that run.
func (t *Tool) apply(file *config.File, dir string, fs *flag.FlagSet, on switches) ([]*analysis.Analyzer, error) {
	if err := file.Resolve(dir); err != nil {
		return nil, err
	}
	given := make(map[string]bool)
	alone := false // the caller names the rules to be asked
	fs.Visit(func(f *flag.Flag) {
		given[f.Name] = true
		s, ok := f.Value.(*toggle)
		alone = alone || ok && *s == yes
	})
	for _, s := range file.Settings {
		f := fs.Lookup(s.Flag)
		if _, ok := f.Value.(*toggle); given[s.Flag] || ok && alone {
			continue
		}
		if err := fs.Set(s.Flag, s.Value); err != nil {
			return nil, file.Wrong(s, err)
		}
		if s.Flag == "extra" {
			if _, err := t.Covers(s.Value); err != nil {
				return nil, file.Wrong(s, err)
			}
		}
	}
	asked := t.enabled(on)
	if len(asked) == 0 {
		return nil, errors.New("no rule is enabled")
	}
	return asked, t.switchOff(asked)
}

// configuration is where the command's settings come from.
type configuration struct {
	file string // -config
	none bool   // -no-config

	given map[string]bool // flags on the command line
	found *config.File
}

func (c *configuration) addFlags(fs *flag.FlagSet) {
	fs.StringVar(&c.file, "config", "", "read this `file` instead of the .redislint.yml in this folder or above it")
	fs.BoolVar(&c.none, "no-config", false, "read no configuration file")
}

// read reads the file that holds in the folder dir, and sets the flags that
// the command line leaves alone. The result are the rules that run.
func (c *configuration) read(t *Tool, dir string, fs *flag.FlagSet, on switches) ([]*analysis.Analyzer, error) {
	c.given = make(map[string]bool)
	fs.Visit(func(f *flag.Flag) { c.given[f.Name] = true })
	c.found = &config.File{}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	file := c.file
	switch {
	case file != "" && c.none:
		return nil, errors.New("-config and -no-config exclude each other")
	case c.none:
		return t.apply(c.found, dir, fs, on)
	case file == "":
		if file, err = config.Find(dir); err != nil {
			return nil, err
		}
	case !filepath.IsAbs(file):
		file = filepath.Join(dir, file)
	}
	if file != "" {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("-config: %w", err)
		}
		if c.found, err = config.Parse(t.Spec(), shortPath(dir, file), data); err != nil {
			return nil, err
		}
		dir = filepath.Dir(file)
	}
	return t.apply(c.found, dir, fs, on)
}

// print tells what is in force, and from where: the rules, the options, the
// programs, and all of it once more as flags, for go vet. decided is what the
// programs make of the profile, if they do; unknown are the packages that look
// like a Redis client and have no rows.
func (c *configuration) print(w io.Writer, t *Tool, fs *flag.FlagSet, asked []*analysis.Analyzer, decided string, programs []program, unknown []string) error {
	from := func(name, value string) string {
		if c.given[name] {
			return "command line"
		}
		for _, s := range c.found.Settings {
			if s.Flag == name && (s.Value == value || fs.Lookup(name).Value.String() == value) {
				return fmt.Sprintf("%s:%d", c.found.Name, s.Line)
			}
		}
		return "default"
	}
	if c.found.Name == "" {
		fmt.Fprintln(w, "no configuration file")
	} else {
		fmt.Fprintln(w, c.found.Name)
	}
	fmt.Fprintln(w)
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	var flags []string
	row := func(name, value, origin string) {
		for i, line := range strings.Split(value, "\n") {
			if i > 0 {
				name, origin = "", ""
			}
			fmt.Fprintf(table, "%s\t%s\t%s\n", name, line, origin)
		}
	}
	alone := "" // why a rule that nobody switched off is not asked
	for _, a := range t.Analyzers {
		if s := fs.Lookup(a.Name).Value.(*toggle); *s == yes {
			alone = from(a.Name, "true")
		}
	}
	for _, a := range t.Analyzers {
		s := fs.Lookup(a.Name).Value.(*toggle)
		value, origin := "on", from(a.Name, s.String())
		if !slices.Contains(asked, a) {
			value = "off"
			flags = append(flags, "-"+a.Name+"=false")
			if *s == unset {
				origin = alone
			}
		}
		row(a.Name, value, origin)
	}
	for _, o := range t.Spec().Options {
		value := fs.Lookup(o.Name).Value.String()
		row(o.Name, cmp.Or(value, "-"), from(o.Name, value))
		if o.Name == profileFlag && decided != "" && decided != evidence.Unknown.String() {
			value = decided
		}
		if value != o.Default {
			flags = append(flags, quote("-"+o.Name+"="+value))
		}
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for i, p := range programs {
		if i == 0 {
			fmt.Fprint(w, "\nprograms, their profiles and the evidence:\n")
		}
		fmt.Fprintf(w, "  %s\n", p)
	}
	for i, path := range unknown {
		if i == 0 {
			fmt.Fprintf(w, "\nimported packages that look like a Redis client and are unknown to %s (extra describes a library):\n", t.Name)
		}
		fmt.Fprintf(w, "  %s\n", path)
	}
	_, err := fmt.Fprintf(w, "\nthe same as flags: %s\n", cmp.Or(strings.Join(flags, " "), "none"))
	return err
}

// quote makes one word of a POSIX shell out of an argument.
func quote(arg string) string {
	if !strings.ContainsAny(arg, " \t\n\"'`$&|;<>()*?[]#~\\!{}") {
		return arg
	}
	return "'" + strings.ReplaceAll(arg, "'", `'\''`) + "'"
}
