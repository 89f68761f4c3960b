package check

import (
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

// A Rule is what an analyzer of this suite is made of.
type Rule struct {
	Name     string
	Manual   string   // the text of its doc.go
	Profiles Profiles // in which it is asked
	Requires []*analysis.Analyzer
	Run      func(*analysis.Pass) error
}

// Analyzer makes the analyzer of a rule, whose result is an *Outcome. In a
// profile that does not ask for it, the rule says nothing.
func (r Rule) Analyzer() *analysis.Analyzer {
	return &analysis.Analyzer{
		Name:     r.Name,
		Doc:      Doc(r.Manual, r.Name),
		URL:      URL(r.Name),
		Requires: append([]*analysis.Analyzer{Settings, Directives}, r.Requires...),
		Run: func(pass *analysis.Pass) (any, error) {
			o := &Outcome{Asked: setting(pass).asks(r, pass.Pkg.Path())}
			if !o.Asked {
				return o, nil
			}
			return o, r.Run(o.listen(pass))
		},
		ResultType: reflect.TypeFor[*Outcome](),
	}
}

// Profile is the profile that a pass of a rule is asked in.
func Profile(pass *analysis.Pass) Profiles {
	return setting(pass).profile.of(pass.Pkg.Path())
}
