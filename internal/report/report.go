// Package report writes findings. It knows findings and formats, and nothing
// of Go programs or of the analysis that made them.
package report

import (
	"cmp"
	"fmt"
	"slices"
)

// Pos is a region of a file. Lines and columns count from 1; columns count
// bytes. A region that is one position has its end at its start.
type Pos struct {
	File    string // as it is printed
	Line    int
	Col     int
	EndLine int
	EndCol  int
}

// Severity is how grave a finding is, in the words of GitHub, of SARIF and of
// editors. There is one: what counts fails the check, and the rest is not
// reported.
const Severity = "error"

// Step is one station of the path that leads to a finding.
type Step struct {
	Pos     Pos
	Message string
	Mark    Pos // see Finding.Mark
}

// Finding is one thing that a rule has found.
type Finding struct {
	Rule    string
	Pos     Pos
	Message string
	Path    []Step
	URL     string // the page that explains the rule, or empty
	Fixes   []Fix  // each of them repairs it
	NoFix   string // half a line that says why there is none, or empty

	// At is where it begins in the file that a person edits, whatever a //line
	// directive in there says.
	At Pos
	// Mark is the part of the region to underline in the source, if it is not
	// all of it.
	Mark Pos
	// Origin is where it is in the file itself, under its full name, whatever
	// //line says of it.
	Origin Pos
	// Exits are the places by which a resource gets away, in the same terms,
	// if it does not by all.
	Exits []Pos

	// Unit is the file by a name that does not depend on where the command
	// was called: the path of its module, and its path in there.
	Unit string
	// Func is the function around the finding, "(*T).Method" for a method,
	// or empty outside of functions.
	Func string
	// Fingerprint names the finding as long as its code stays what it is,
	// see Fingerprints.
	Fingerprint string

	// Fold is what a person sees of this finding and its like, or nil.
	Fold *Fold

	// Suppressed tells why the finding does not count, or is nil.
	Suppressed *Suppression
}

// A Fold is one line that stands for many findings, where each of them says
// the same and none is worth more than the others.
type Fold struct {
	Group   string // findings of one rule and group are folded
	Message string // of the line, with their number in place of %d
}

// Folded returns the findings as a person sees them: of those that fold, the
// first of a group with the message of all. The findings are sorted.
func Folded(findings []Finding) []Finding {
	type group struct{ rule, name string }
	count := map[group]int{}
	for _, f := range findings {
		if f.Fold != nil {
			count[group{f.Rule, f.Fold.Group}]++
		}
	}
	var list []Finding
	for _, f := range findings {
		if f.Fold != nil {
			g := group{f.Rule, f.Fold.Group}
			n := count[g]
			if n == 0 {
				continue // the first one stands for it
			}
			count[g] = 0
			if n > 1 {
				f.Message, f.Path, f.Fixes, f.NoFix = fmt.Sprintf(f.Fold.Message, n), nil, nil, ""
			}
		}
		list = append(list, f)
	}
	return list
}

// Fix is one way to repair a finding. All its edits belong together.
type Fix struct {
	Message string // what it does: "Insert defer rdb.Close()"
	Edits   []Edit
}

// Edit replaces a region of a file.
type Edit struct {
	Pos   Pos
	Start int // offset in bytes of the region in the file
	End   int // offset of what follows the region, Start for an insertion
	New   string
}

// Suppression is why a finding does not count.
type Suppression struct {
	Kind   Kind
	Reason string // in the words of whoever suppressed it
}

// Kind is the place from where a finding is suppressed.
type Kind string

// The kinds of suppression.
const (
	InSource Kind = "inSource" // a directive in the code
	External Kind = "external" // a file beside the code, such as a baseline
)

// Sort orders findings by file, position, rule and message, and drops
// findings that say the same of the same position.
func Sort(findings []Finding) []Finding {
	slices.SortStableFunc(findings, compare)
	return slices.CompactFunc(findings, func(a, b Finding) bool { return compare(a, b) == 0 })
}

func compare(a, b Finding) int {
	return cmp.Or(
		cmp.Compare(a.Pos.File, b.Pos.File),
		cmp.Compare(a.Pos.Line, b.Pos.Line),
		cmp.Compare(a.Pos.Col, b.Pos.Col),
		cmp.Compare(a.Rule, b.Rule),
		cmp.Compare(a.Message, b.Message),
	)
}

// Counted returns the findings that are not suppressed.
func Counted(findings []Finding) []Finding {
	var list []Finding
	for _, f := range findings {
		if f.Suppressed == nil {
			list = append(list, f)
		}
	}
	return list
}

// Rule describes a rule to those who read its findings.
type Rule struct {
	Name     string
	Summary  string // what it reports, in one clause
	Text     string // its manual, as plain text
	Markdown string // its manual
	URL      string
}

// Run is one run of the tool, with all that it has found.
type Run struct {
	Tool      string
	Version   string // "v1.2.3", or something else for what is no release
	URL       string // home of the tool
	Rules     []Rule
	Findings  []Finding     // sorted, with those that are suppressed
	Errors    []string      // what could not be analysed, and why
	Notes     []string      // what else people should know: what silences findings
	Checklist []Requirement // what the code should pass, if that is known
	Packages  int           // how many were asked for
	Using     int           // how many of them were analysed, as they use Redis
}
