// Package generated measures the rule unclosed on random programs.
//
// Generate writes small Go functions over the constructs that the ownership
// engine understands. Truth runs each of them with every vector of decisions
// against stubs of the client libraries that record what is left open, and
// Findings asks the vet tool about the same source. Score compares the two line
// by line, and Shrink makes a small function of one on which they differ.
package generated

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"sort"
	"strings"
)

// Program is one generated function with the declarations that it needs.
//
// Every package-level name ends in _cN, N being the program's number, so that
// programs share packages. The text has neither package clause nor imports.
type Program struct {
	Number  int
	Package int    // number of the package that the program is put in
	Main    string // the function F_cN and its helpers
	Lib     string // helpers in another package, or ""
}

// Site is a line of a program that acquires a resource.
type Site struct {
	File string // slash-separated path below the root of the workspace
	Line int
}

func (s Site) String() string { return fmt.Sprintf("%s:%d", s.File, s.Line) }

// Truth says what running a program has shown.
type Truth struct {
	Leaks   map[Site]string // sites that some run leaves open, with that run's decisions
	Doubts  map[Site]bool   // sites of which no run sees whether they leak, since the process ends first
	Sites   map[Site]bool   // all sites that some run reaches
	Entered map[Site]bool   // where the functions begin that some run calls
	Runs    int
	Void    string // why the truth is not known: a panic, too many vectors, or ""
}

// Findings is what a tool has said about programs.
type Findings struct {
	Messages map[Site]string // of the rule unclosed
	Failed   map[string]bool // folders of packages on which the tool gave up
}

func (f *Findings) failed(p *Program) bool {
	return f.Failed[path.Dir(p.mainFile())] || f.Failed[path.Dir(p.libFile())]
}

// Mismatch is a site on which truth and findings differ.
type Mismatch struct {
	Program *Program
	Site    Site
	False   bool   // reported, and no run leaks
	Message string // the message, or the decisions of the run that leaks
}

// Tally is the outcome of comparing truth and findings.
type Tally struct {
	Programs   int
	Void       int // programs whose truth is not known
	Failed     int // programs on which the tool gave up
	Sites      int // acquisitions that were reached
	Doubtful   int // of these, the ones whose truth is not known
	Leaks      int // of these, the leaking ones
	Found      int // leaking sites that are reported
	Missed     int // leaking sites that are not
	False      int // reported lines that never leak
	Mismatches []Mismatch
}

// Precision is the share of true findings, 1 when there are none.
func (t *Tally) Precision() float64 { return share(t.Found, t.Found+t.False) }

// Recall is the share of leaking sites that are found, 1 when there are none.
func (t *Tally) Recall() float64 { return share(t.Found, t.Leaks) }

func share(part, whole int) float64 {
	if whole == 0 {
		return 1
	}
	return float64(part) / float64(whole)
}

func (t *Tally) String() string {
	return fmt.Sprintf("%d programs (%d void, %d failed), %d sites, %d doubtful, %d leaking: %d found, %d missed, %d false; precision %.4f, recall %.4f",
		t.Programs, t.Void, t.Failed, t.Sites, t.Doubtful, t.Leaks, t.Found, t.Missed, t.False, t.Precision(), t.Recall())
}

// Score compares truth and findings. Programs without a known truth count as
// void and not otherwise, and findings at doubtful sites and in functions that
// no run calls count as nothing.
func Score(programs []*Program, truth map[int]*Truth, findings *Findings) *Tally {
	t := &Tally{Programs: len(programs)}
	reported := map[int][]Site{}
	for s := range findings.Messages {
		n := programNumber(s.File)
		reported[n] = append(reported[n], s)
	}
	for _, p := range programs {
		tr := truth[p.Number]
		if tr == nil || tr.Void != "" {
			t.Void++
			continue
		}
		if findings.failed(p) {
			t.Failed++
			continue
		}
		t.Sites += len(tr.Sites)
		t.Doubtful += len(tr.Doubts)
		t.Leaks += len(tr.Leaks)
		var bad []Mismatch
		for s, vector := range tr.Leaks {
			if _, ok := findings.Messages[s]; ok {
				t.Found++
			} else {
				t.Missed++
				bad = append(bad, Mismatch{p, s, false, "leaks with decisions " + vector})
			}
		}
		for _, s := range reported[p.Number] {
			if _, ok := tr.Leaks[s]; !ok && !tr.Doubts[s] && tr.Entered[p.functionAt(s)] {
				t.False++
				bad = append(bad, Mismatch{p, s, true, findings.Messages[s]})
			}
		}
		sort.Slice(bad, func(i, j int) bool { return bad[i].Site.String() < bad[j].Site.String() })
		t.Mismatches = append(t.Mismatches, bad...)
	}
	return t
}

// functionAt is where the function begins that holds a line of the program.
func (p *Program) functionAt(s Site) Site {
	main, lib, err := p.Source()
	if err != nil {
		return Site{}
	}
	if s.File == p.libFile() {
		main = lib
	}
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, s.File, main, parser.SkipObjectResolution)
	if err != nil {
		return Site{}
	}
	for _, d := range f.Decls {
		from, to := fset.Position(d.Pos()).Line, fset.Position(d.End()).Line
		if _, ok := d.(*ast.FuncDecl); ok && from <= s.Line && s.Line <= to {
			return Site{s.File, from}
		}
	}
	return Site{}
}

// programNumber is the N of a file named .../fN.go.
func programNumber(file string) int {
	n := -1
	fmt.Sscanf(file[strings.LastIndexByte(file, '/')+1:], "f%d.go", &n)
	return n
}
