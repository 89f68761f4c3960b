package check

import (
	"reflect"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// Profiles is a set of the kinds of program that a rule runs in.
type Profiles uint8

// The kinds of program. A rule that is true of any program runs in All.
const (
	Serverless Profiles = 1 << iota // instances are frozen: nothing may outlive an invocation
	Service                         // one process lives long and, its team says, shares its clients
	Serving                         // one process lives long, as its code shows; whether it means to share is not known
	Any                             // nothing is known of the program

	auto // what the code shows

	Services = Service | Serving
	All      = Serverless | Services | Any
)

// profileNames are the values of the flag -profile, in the order of the bits.
func profileNames() []string { return []string{"serverless", "service", "auto-service", "any", "auto"} }

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
	Profiles Profiles // in which it runs
	Requires []*analysis.Analyzer
	Run      func(*analysis.Pass) error
}

// Analyzer makes the analyzer of a rule, whose result is an *Outcome. In a
// profile that leaves it out, the rule says nothing.
func (r Rule) Analyzer() *analysis.Analyzer {
	return &analysis.Analyzer{
		Name:     r.Name,
		Doc:      Doc(r.Manual, r.Name),
		URL:      URL(r.Name),
		Requires: append([]*analysis.Analyzer{Settings, Directives, kind}, r.Requires...),
		Run: func(pass *analysis.Pass) (any, error) {
			o := &Outcome{Asked: setting(pass).asks(r, pass.Pkg.Path(), Profile(pass))}
			if !o.Asked {
				return o, nil
			}
			return o, r.Run(o.listen(pass))
		},
		ResultType: reflect.TypeFor[*Outcome](),
	}
}

// Profile is the profile of the package of a pass.
func Profile(pass *analysis.Pass) Profiles { return pass.ResultOf[kind].(Profiles) }
