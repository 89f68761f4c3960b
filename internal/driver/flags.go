package driver

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// switches holds, for each rule, what its -NAME flag says.
type switches map[*analysis.Analyzer]*toggle

// addFlags defines the analyzers' flags: -RULE switches a rule on or off and
// -RULE.FLAG is a flag of a rule. The flags of analyzers that the rules share,
// such as -extra, need no prefix.
func (t *Tool) addFlags(fs *flag.FlagSet) switches {
	on := make(switches)
	for _, a := range t.Analyzers {
		on[a] = new(toggle)
		fs.Var(on[a], a.Name, "enable rule "+a.Name)
		a.Flags.VisitAll(func(f *flag.Flag) { addFlag(fs, a.Name+"."+f.Name, f) })
	}
	for _, a := range closure(t.Analyzers) {
		if on[a] != nil {
			continue
		}
		a.Flags.VisitAll(func(f *flag.Flag) {
			if f.Name == offFlag {
				return // it follows from the switches
			}
			name := f.Name
			if fs.Lookup(name) != nil {
				name = a.Name + "." + f.Name
			}
			addFlag(fs, name, f)
		})
	}
	return on
}

// addFlag defines the flag of an analyzer under a name. Its default is the
// analyzer's, whatever it has been set to since.
func addFlag(fs *flag.FlagSet, name string, f *flag.Flag) {
	fs.Var(f.Value, name, f.Usage)
	fs.Lookup(name).DefValue = f.DefValue
}

// enabled returns the rules that the flags ask for: those switched on, if
// there are any, and otherwise all but those switched off.
func (t *Tool) enabled(on switches) []*analysis.Analyzer {
	explicit := slices.ContainsFunc(t.Analyzers, func(a *analysis.Analyzer) bool { return *on[a] == yes })
	var list []*analysis.Analyzer
	for _, a := range t.Analyzers {
		if *on[a] == yes || !explicit && *on[a] == unset {
			list = append(list, a)
		}
	}
	return list
}

// offFlag is a flag that one of the analyzers may have, and no user of this
// driver: it takes the names of the rules that are not asked. A rule that is
// asked may require one that is not.
const offFlag = "off"

// switchOff tells the analyzers which rules are not asked.
func (t *Tool) switchOff(asked []*analysis.Analyzer) error {
	var off []string
	for _, a := range t.Analyzers {
		if !slices.Contains(asked, a) {
			off = append(off, a.Name)
		}
	}
	for _, a := range closure(t.Analyzers) {
		if f := a.Flags.Lookup(offFlag); f != nil {
			return f.Value.Set(strings.Join(off, ","))
		}
	}
	return nil
}

// coverage returns the library table, with the rows of the -extra flag if
// there is one.
func (t *Tool) coverage(fs *flag.FlagSet) (func(string) bool, error) {
	extra := ""
	if f := fs.Lookup("extra"); f != nil {
		extra = f.Value.String()
	}
	return t.Covers(extra)
}

// toggle is the value of a -RULE flag, which may be absent.
type toggle int

const (
	unset toggle = iota
	yes
	no
)

func (t *toggle) Set(s string) error {
	b, err := strconv.ParseBool(s)
	if err != nil {
		return fmt.Errorf("want true or false")
	}
	*t = no
	if b {
		*t = yes
	}
	return nil
}

func (t *toggle) String() string   { return strconv.FormatBool(t == nil || *t != no) }
func (t *toggle) IsBoolFlag() bool { return true }

// describeFlags writes the flags in the form in which go vet asks for them,
// without those that are for the asking. Go vet has flags of its own of some of
// these names, and passes on what they say.
func describeFlags(w io.Writer, fs *flag.FlagSet) error {
	type description struct {
		Name  string
		Bool  bool
		Usage string
	}
	list := []description{}
	fs.VisitAll(func(f *flag.Flag) {
		if slices.Contains([]string{"V", "flags"}, f.Name) {
			return
		}
		b, ok := f.Value.(interface{ IsBoolFlag() bool })
		list = append(list, description{f.Name, ok && b.IsBoolFlag(), f.Usage})
	})
	data, err := json.MarshalIndent(list, "", "\t")
	if err != nil {
		return err
	}
	_, err = w.Write(append(data, '\n'))
	return err
}
