package check

import (
	"fmt"
	"reflect"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// Profiles is a set of the kinds of program that a rule is asked about.
type Profiles uint8

// The kinds of program. A rule that is true of any program is asked in Both.
const (
	Serverless Profiles = 1 << iota // instances are frozen: nothing may outlive an invocation
	Service                         // one process lives long, and shares its clients
	Both       = Serverless | Service
)

// profileNames are the values of the flag -profile.
func profileNames() []string { return []string{"serverless", "service"} }

func (p Profiles) String() string {
	var names []string
	for i, name := range profileNames() {
		if p&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return strings.Join(names, ",")
}

// Set reads the value of the flag -profile, which names one profile.
func (p *Profiles) Set(s string) error {
	for i, name := range profileNames() {
		if s == name {
			*p = 1 << i
			return nil
		}
	}
	return fmt.Errorf("want %s", strings.Join(profileNames(), " or "))
}

// Settings holds what the flags say to every rule. Its result is a *Setting.
var Settings = newSettings()

// Setting is what the flags say to every rule.
type Setting struct {
	Profile Profiles // one of them
}

func newSettings() *analysis.Analyzer {
	s := &Setting{Profile: Serverless}
	a := &analysis.Analyzer{
		Name:       "settings",
		Doc:        "settings: what the flags say to every rule",
		Run:        func(*analysis.Pass) (any, error) { return s, nil },
		ResultType: reflect.TypeFor[*Setting](),
	}
	a.Flags.Var(&s.Profile, "profile", "what kind of `program` is checked: serverless, whose instances are frozen between invocations, or service, a process that lives long")
	return a
}

// A Rule is what an analyzer of this suite is made of.
type Rule struct {
	Name     string
	Manual   string   // the text of its doc.go
	Profiles Profiles // in which it is asked
	Requires []*analysis.Analyzer
	Run      func(*analysis.Pass) error
}

// Analyzer makes the analyzer of a rule. In a profile that does not ask for
// it, the rule says nothing.
func (r Rule) Analyzer() *analysis.Analyzer {
	return &analysis.Analyzer{
		Name:     r.Name,
		Doc:      Doc(r.Manual, r.Name),
		URL:      URL(r.Name),
		Requires: append([]*analysis.Analyzer{Settings}, r.Requires...),
		Run: func(pass *analysis.Pass) (any, error) {
			if Profile(pass)&r.Profiles == 0 {
				return nil, nil
			}
			return nil, r.Run(pass)
		},
	}
}

// Profile is the profile that a pass of a rule is asked in.
func Profile(pass *analysis.Pass) Profiles {
	return pass.ResultOf[Settings].(*Setting).Profile
}
