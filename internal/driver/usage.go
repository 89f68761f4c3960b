package driver

import (
	"flag"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"text/tabwriter"
)

// usual are the flags that the short help shows, each in a few words. The
// others are for few.
func usual() [][2]string {
	return [][2]string{
		{"profile", "what kind of program this is: auto, serverless, service, any"},
		{"test", "check test files too"},
		{"exclude", "report nothing in these packages or files"},
		{"fix", "apply the fixes of findings"},
		{"diff", "with -fix, print the changes instead of making them"},
		{"format", "how findings are written: text, json, sarif, github, gitlab"},
		{"new-from", "report only what was added since this revision"},
		{"baseline", "report only what is not in this file"},
		{"C", "change to this folder first"},
		{"v", "report what was checked, and how long it took"},
	}
}

// help prints the help of the tool or of one subcommand. all adds the flags
// that few people need.
func (c *call) help(all bool) error {
	w := tabwriter.NewWriter(c.stdout, 0, 0, 2, ' ', 0)
	name := c.tool.Name
	switch {
	case c.sub.plain:
		fmt.Fprintf(w, "%s\n\nusage: %s\n", c.sub.about, strings.TrimSpace(name+" "+c.sub.name+" "+c.sub.args))
		return w.Flush()
	case c.sub.name != "":
		fmt.Fprintf(w, "%s\n\nusage: %s %s %s\n", c.sub.about, name, c.sub.name, c.sub.args)
	default:
		fmt.Fprintf(w, "%s checks Go packages for Redis connections that leak.\n\nusage:\n", name)
		for _, s := range c.tool.subcommands() {
			fmt.Fprintf(w, "  %s\t%s\n", strings.Join(strings.Fields(name+" "+s.name+" "+s.args), " "), s.about)
		}
		fmt.Fprintf(w, "  go vet -vettool=$(which %s)\tthe same rules, run by go vet\n", name)
	}
	fmt.Fprint(w, "\nflags:\n")
	if all {
		c.fs.VisitAll(func(f *flag.Flag) { describe(w, f) })
	} else {
		for _, u := range usual() {
			if f := c.fs.Lookup(u[0]); f != nil {
				arg, _ := flag.UnquoteUsage(f)
				fmt.Fprintf(w, "  %s\t%s\n", strings.TrimSpace("-"+f.Name+" "+arg), u[1])
			}
		}
	}
	fmt.Fprint(w, "\n")
	if !all {
		fmt.Fprintf(w, "%s -h all lists all flags, %s explain the rules.\n", name, name)
	}
	fmt.Fprint(w, "-RULE runs only the rules so named, -RULE=false all the others.\n")
	fmt.Fprint(w, "Exit codes: 0 no findings, 1 findings, 2 something could not be analyzed.\n")
	return w.Flush()
}

// describe writes one flag: its name, what it takes and what it does, in short.
func describe(w io.Writer, f *flag.Flag) {
	arg, text := flag.UnquoteUsage(f)
	fmt.Fprintf(w, "  %s\t%s\n", strings.TrimSpace("-"+f.Name+" "+arg), strings.ReplaceAll(text, "\n", " "))
}

// wrongFlag says what to type instead of a flag that cannot be read.
func (c *call) wrongFlag(err error) error {
	text := err.Error()
	if name, ok := strings.CutPrefix(text, "flag provided but not defined: -"); ok {
		var names []string
		c.fs.VisitAll(func(f *flag.Flag) { names = append(names, f.Name) })
		if near := nearest(name, names); near != "" {
			return fmt.Errorf("there is no flag -%s; did you mean -%s?", name, near)
		}
		if c.sub.plain {
			return fmt.Errorf("there is no flag -%s: %s takes none", name, c.sub.name)
		}
		return fmt.Errorf("there is no flag -%s (%s -h all lists the flags)", name, c.tool.Name)
	}
	if short := flagError(err); short != err {
		return short
	}
	return fmt.Errorf("%s (%s -h lists the flags)", text, c.tool.Name)
}

// flagError brings what package flag says of a value, "invalid value "5" for
// flag -x: why", into the form in which it was typed.
func flagError(err error) error {
	rest, ok := strings.CutPrefix(err.Error(), "invalid value ")
	if !ok {
		return err
	}
	value, rest, _ := strings.Cut(rest, " for flag ")
	name, why, ok := strings.Cut(rest, ": ")
	v, unquoteErr := strconv.Unquote(value)
	if !ok || unquoteErr != nil {
		return err
	}
	return fmt.Errorf("%s=%s: %s", name, v, why)
}

// buildSetting is what the build has recorded under a key, or "".
func buildSetting(key string) string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == key {
				return s.Value
			}
		}
	}
	return ""
}

// buildOf is the version of the tool, and what it was built from and with.
func buildOf() string {
	text := version()
	if info, ok := debug.ReadBuildInfo(); ok {
		revision, modified := "", ""
		for _, s := range info.Settings {
			switch {
			case s.Key == "vcs.revision":
				revision = " " + s.Value[:min(12, len(s.Value))]
			case s.Key == "vcs.modified" && s.Value == "true":
				modified = "+modified"
			}
		}
		text += revision + modified
		for _, m := range info.Deps {
			if m.Path == "golang.org/x/tools" {
				text += " x/tools " + m.Version
			}
		}
	}
	return fmt.Sprintf("%s %s %s/%s", text, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
