package main

import (
	"bytes"
	"cmp"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/redislint/redislint"
	"github.com/redislint/redislint/e2e/corpus/ledger"
	"github.com/redislint/redislint/internal/driver"
	"github.com/redislint/redislint/internal/redisapi"
	"github.com/redislint/redislint/internal/report"
)

// A place is a module whose releases are mutated.
type place struct {
	name    string          // for people: "owner/name", with the folder of the module
	dir     string          // of the module
	root    string          // files are named from here; dir if it is empty
	folders map[string]bool // take what is in these folders alone; nil for all
}

// ofExamples is the module of the examples, without those that are wrong on
// purpose.
func ofExamples(dir string) (place, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return place{}, err
	}
	p := place{name: "examples", dir: dir, folders: map[string]bool{}}
	for _, name := range []string{"repaired", "queue", "sse"} {
		p.folders[filepath.Join(dir, name)] = true
	}
	return p, nil
}

// ofLedger lists the modules of the ledger's clean sites, in checkouts named
// OWNER+NAME below a folder.
func ofLedger(trees, only string) ([]place, error) {
	records, err := ledger.Read()
	if err != nil {
		return nil, err
	}
	byDir := map[string]*place{}
	var missing []string
	for _, r := range records {
		if r.Label != "closed" && r.Label != "moved" || r.Verdict != ledger.False || !strings.Contains(r.Repo, only) {
			continue
		}
		root, whole, err := ledger.Find(trees, r.Repo, r.Commit)
		if err == nil && !whole {
			continue
		}
		if err != nil {
			if !slices.Contains(missing, r.Repo) {
				missing = append(missing, r.Repo)
			}
			continue
		}
		dir := filepath.Join(root, filepath.FromSlash(r.Module))
		p := byDir[dir]
		if p == nil {
			name := r.Repo
			if r.Module != "." {
				name += "/" + r.Module
			}
			p = &place{name: name, dir: dir, root: root, folders: map[string]bool{}}
			byDir[dir] = p
		}
		p.folders[filepath.Dir(filepath.Join(root, filepath.FromSlash(r.File)))] = true
	}
	if len(missing) > 0 {
		fmt.Fprintf(os.Stderr, "not mutated, as there is no checkout at the commit of the ledger: %s\n", strings.Join(missing, ", "))
	}
	if len(byDir) == 0 {
		return nil, fmt.Errorf("%s holds no checkout of a repository of the ledger", trees)
	}
	var list []place
	for _, p := range byDir {
		list = append(list, *p)
	}
	slices.SortFunc(list, func(a, b place) int { return cmp.Compare(a.name, b.name) })
	return list, nil
}

// A mutant is a program with one release removed or misplaced.
type mutant struct {
	Place    string `json:"place"`
	Operator string `json:"operator"`
	File     string `json:"file"`
	Line     int    `json:"line"`
	Reason   string `json:"reason,omitempty"` // why it is no leak, of those that were read
	change   string // what was done to the line
	rel      *release
	text     []byte // of the file, of one that was asked
	ways     []mutation
	op       operator
}

func (m *mutant) key() string {
	return fmt.Sprintf("%s %s %s:%d", m.Place, m.Operator, m.File, m.Line)
}

// A result is what became of a mutant.
type result struct {
	mutant
	fate string // noticed, survived, same
}

// measure collects the results.
type measure struct {
	operators []operator
	seed      uint64
	most      int
	log       io.Writer
	verbose   bool
	write     string // where the texts of survivors go, if anywhere

	known   map[string]string // mutants that are no leak, by key: why
	asked   map[string]bool
	results []result
	unbuilt int // mutants that do not compile
	leftOut map[string]int
	failed  []string
}

//go:embed testdata/same.jsonl
var same []byte

// recall reads which mutants are known to be no leak.
func (m *measure) recall() error {
	for n, line := range bytes.Split(same, []byte("\n")) {
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		var k mutant
		if err := json.Unmarshal(line, &k); err != nil {
			return fmt.Errorf("testdata/same.jsonl:%d: %w", n+1, err)
		}
		if k.Reason == "" {
			return fmt.Errorf("testdata/same.jsonl:%d: there is no reason", n+1)
		}
		m.known[k.key()] = k.Reason
	}
	return nil
}

// tool is redislint, as far as a session needs it.
func tool() *driver.Tool {
	return &driver.Tool{
		Name: "redislint", Analyzers: redislint.Analyzers(),
		Covers: func(extra string) (func(string) bool, error) {
			table, err := redisapi.New(extra)
			if err != nil {
				return nil, err
			}
			return table.Covers, nil
		},
	}
}

// place measures one module.
func (m *measure) place(p place) error {
	if p.root == "" {
		p.root = p.dir
	}
	s, err := tool().Open("-C="+p.dir, "-test", "-profile=service", "./...")
	if err != nil {
		return err
	}
	err = m.session(p, s)
	return errors.Join(err, s.Close())
}

func (m *measure) session(p place, s *driver.Session) error {
	for _, text := range s.Troubles() {
		fmt.Fprintf(m.log, "%s: not analysed: %s\n", p.name, strings.ReplaceAll(text, "\n", " "))
	}
	table, err := redisapi.New("")
	if err != nil {
		return err
	}
	before := map[string]int{}
	reported := map[string][]report.Finding{} // by file: what is wrong already
	for _, f := range s.Findings() {
		if f.Suppressed != nil {
			continue
		}
		before[place1(f)]++
		if f.Rule == "unclosed" || f.Rule == "afterclose" || f.Rule == "escape" {
			reported[f.Origin.File] = append(reported[f.Origin.File], f)
		}
	}
	x, rels := releases(table, s.Packages(), s.Fset())
	mutants := m.mutants(p, x, rels, reported)
	if m.log != nil {
		fmt.Fprintf(m.log, "%s: %d releases, %d mutants\n", p.name, len(rels), len(mutants))
	}
	for _, mu := range mutants {
		src, err := os.ReadFile(mu.rel.file)
		if err != nil {
			return err
		}
		if reason := m.known[mu.key()]; reason != "" {
			m.add(mu, "same")
			continue
		}
		fate := ""
		for _, way := range mu.ways {
			text := x.write(src, way)
			if text == nil {
				continue
			}
			if _, err := parser.ParseFile(token.NewFileSet(), mu.rel.file, text, parser.SkipObjectResolution); err != nil {
				continue
			}
			found, err := s.With(map[string][]byte{mu.rel.file: text})
			if err != nil {
				if m.verbose {
					fmt.Fprintf(m.log, "%s does not compile: %v\n", mu.key(), err)
				}
				continue
			}
			fate = "survived"
			mu.text = text
			now := map[string]int{}
			for _, f := range found {
				if f.Suppressed != nil {
					continue
				}
				if now[place1(f)]++; now[place1(f)] > before[place1(f)] {
					if slices.Contains(mu.op.rules, f.Rule) {
						fate = "noticed"
					} else if fate == "survived" {
						mu.change = "only " + f.Rule + " reports line " + fmt.Sprint(f.Pos.Line)
					}
				}
			}
			break
		}
		if fate == "" {
			m.unbuilt++
			continue
		}
		m.add(mu, fate)
		if fate == "survived" && m.write != "" {
			name := strings.NewReplacer("/", "+", " ", "_", ":", "_").Replace(mu.key()) + ".txt"
			if err := os.WriteFile(filepath.Join(m.write, name), append([]byte("// "+mu.rel.file+"\n"), mu.text...), 0o666); err != nil {
				return err
			}
		}
	}
	return nil
}

func (m *measure) add(mu mutant, fate string) {
	if m.verbose || fate == "survived" {
		fmt.Fprintf(m.log, "%s %s\n", fate, mu.key())
	}
	mu.rel, mu.ways, mu.text = nil, nil, nil
	m.results = append(m.results, result{mu, fate})
}

// place1 is what makes a finding one that was there before: mutants keep the
// lines.
func place1(f report.Finding) string {
	return fmt.Sprintf("%s %s:%d", f.Rule, f.Origin.File, f.Origin.Line)
}

// mutants lists the mutants of a module, and takes some of them if there are
// too many: each operator keeps its share.
func (m *measure) mutants(p place, x *finder, rels []*release, reported map[string][]report.Finding) []mutant {
	others := map[string][]*release{}
	group := func(r *release) string {
		return fmt.Sprintf("%p %p %s", r.root, r.home, r.pkg.ID)
	}
	for _, r := range rels {
		if r.root != nil {
			others[group(r)] = append(others[group(r)], r)
		}
	}
	byOperator := make([][]mutant, len(m.operators))
	for _, r := range rels {
		if r.root == nil || r.home == nil || p.folders != nil && !p.folders[filepath.Dir(r.file)] {
			continue
		}
		if wrong(x.fset, r, reported) {
			continue
		}
		var rest []*release
		for _, o := range others[group(r)] {
			if o != r && sameOperand(o, r) {
				rest = append(rest, o)
			}
		}
		same := x.related(r)
		for _, o := range rels {
			if o.pkg == r.pkg && o.home == r.home && same[o.root] {
				rest = append(rest, o)
			}
		}
		if r.class == owner && (x.elsewhere(r, rels) || !x.called(r)) || r.inMain() || x.cleansUp(r, rels) {
			continue
		}
		for i, op := range m.operators {
			if !op.tests && strings.HasSuffix(r.file, "_test.go") {
				continue
			}
			ways := op.apply(x, r, rest)
			if len(ways) == 0 {
				continue
			}
			line := x.fset.PositionFor(r.call.Pos(), false).Line
			byOperator[i] = append(byOperator[i], mutant{
				Place: p.name, Operator: op.name, File: base(p.root, r.file), Line: line, rel: r, ways: ways, op: op,
			})
		}
	}
	random := rand.New(rand.NewPCG(m.seed, 0))
	for _, list := range byOperator {
		random.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	}
	var all []mutant
	for i := 0; len(all) < m.most; i++ {
		none := true
		for _, list := range byOperator {
			if i < len(list) && len(all) < m.most {
				all = append(all, list[i])
				none = false
			}
		}
		if none {
			break
		}
	}
	slices.SortFunc(all, func(a, b mutant) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Operator, b.Operator))
	})
	return all
}

// sameOperand reports whether two releases are of one thing: the variable, or
// the same field of it.
func sameOperand(a, b *release) bool {
	return textOf(a.operand) == textOf(b.operand)
}

// elsewhere reports whether another method of the owner releases the same
// field.
func (x *finder) elsewhere(r *release, rels []*release) bool {
	for _, o := range rels {
		if o.class == owner && o.decl != r.decl && o.pkg == r.pkg && fieldOf(o.operand) == fieldOf(r.operand) && receiver(o) == receiver(r) {
			return true
		}
	}
	return false
}

// wrong reports whether something is reported already in the function of a
// release.
func wrong(fset *token.FileSet, r *release, reported map[string][]report.Finding) bool {
	first, last := fset.PositionFor(r.decl.Pos(), false).Line, fset.PositionFor(r.decl.End(), false).Line
	return slices.ContainsFunc(reported[r.file], func(f report.Finding) bool {
		return f.Origin.Line >= first && f.Origin.Line <= last
	})
}

// total counts the mutants that were noticed, and all that are leaks.
func (m *measure) total() (noticed, all int) {
	for _, r := range m.results {
		switch r.fate {
		case "noticed":
			noticed++
			all++
		case "survived":
			all++
		}
	}
	return noticed, all
}

// report prints the survivors by operator, and the recall.
func (m *measure) report(w io.Writer) {
	for _, op := range m.operators {
		first := true
		for _, r := range m.results {
			if r.Operator != op.name || r.fate != "survived" {
				continue
			}
			if first {
				fmt.Fprintf(w, "survivors of %s (%s):\n", op.name, op.about)
				first = false
			}
			fmt.Fprintf(w, "  %s %s:%d", r.Place, r.File, r.Line)
			if r.change != "" {
				fmt.Fprintf(w, " (%s)", r.change)
			}
			fmt.Fprintln(w)
		}
	}
	fmt.Fprintf(w, "%-10s %8s %8s %6s  %s\n", "operator", "mutants", "noticed", "recall", "what it does")
	for _, op := range m.operators {
		all, noticed := 0, 0
		for _, r := range m.results {
			if r.Operator == op.name && r.fate != "same" {
				all++
				if r.fate == "noticed" {
					noticed++
				}
			}
		}
		if all > 0 {
			fmt.Fprintf(w, "%-10s %8d %8d %6.3f  %s\n", op.name, all, noticed, float64(noticed)/float64(all), op.about)
		}
	}
	noticed, all := m.total()
	fmt.Fprintf(w, "%-10s %8d %8d %6.3f\n", "all", all, noticed, float64(noticed)/float64(max(all, 1)))
	fmt.Fprintf(w, "left out: %d that do not compile, %d that were read and are no leak\n", m.unbuilt, len(m.results)-all)
}
