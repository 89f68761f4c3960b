// Corpus replays the ledger: it runs redislint over checkouts of the
// repositories that were read, and compares what is found with what readers
// said.
//
//	go run ./corpus -trees DIR
//	go run ./corpus -sort        # after lines were appended to the ledger
//
// A checkout is a folder OWNER+NAME in DIR, at the commit of the ledger, or
// OWNER+NAME@COMMIT with twelve digits for the sides of a repair; none is
// fetched. It prints a line for each finding that is due and is gone, and for
// each that is not due and has come back; the exit status is then 1. Findings
// that nobody has read are counted, and written by -new as records that lack a
// verdict and a reason. Precision and recall are printed by rule and profile.
// The exit status is 2 if something could not be compared that should have
// been, or if there was nothing to compare at all.
package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/redislint/redislint/e2e/corpus/ledger"
)

func main() {
	code, err := run(os.Args[1:], os.Stdout, os.Stderr)
	if err != nil {
		fmt.Fprintln(os.Stderr, "corpus:", err)
		code = 2
	}
	os.Exit(code)
}

// profiles are those in which everything is asked.
var profiles = ledger.Profiles[:2]

// profilesOf are those in which the module of some records is asked.
func profilesOf(records []ledger.Record) []string {
	return slices.DeleteFunc(slices.Clone(ledger.Profiles), func(p string) bool {
		return !slices.Contains(profiles, p) && !slices.ContainsFunc(records, func(r ledger.Record) bool { return r.Profile == p })
	})
}

func run(args []string, stdout, stderr io.Writer) (int, error) {
	fs := flag.NewFlagSet("corpus", flag.ContinueOnError)
	fs.SetOutput(stderr)
	trees := fs.String("trees", "", "`folder` of the checkouts, each named OWNER+NAME")
	tool := fs.String("tool", "", "a built redislint; by default that of this repository is built")
	file := fs.String("ledger", filepath.Join("corpus", "ledger", "ledger.jsonl"), "the `file` of the records")
	only := fs.String("only", "", "replay the repositories whose name contains this `text`")
	fresh := fs.String("new", "", "write findings without a record to this `file`, to be judged and appended; - is standard output")
	update := fs.Bool("update", false, "take \"pending\" from the records with which the tool agrees now")
	sort := fs.Bool("sort", false, "sort the file of the records, in which lines were appended, and compare nothing")
	if err := fs.Parse(args); errors.Is(err, flag.ErrHelp) {
		return 0, nil
	} else if err != nil {
		return 2, nil // the flag package has said why
	}
	switch {
	case fs.NArg() > 0:
		return 2, fmt.Errorf("%q is no flag; the folder of the checkouts is given by -trees", fs.Arg(0))
	case *trees == "" && !*sort:
		return 2, errors.New("-trees is missing: the folder that holds the checkouts, each named OWNER+NAME")
	}
	text, err := os.ReadFile(*file)
	if err != nil {
		return 2, err
	}
	records, err := ledger.Parse(*file, text)
	if err != nil {
		return 2, err
	}
	if *sort {
		return 0, write(*file, records)
	}
	asked := slices.DeleteFunc(slices.Clone(records), func(r ledger.Record) bool { return !strings.Contains(r.Repo, *only) })
	if len(asked) == 0 {
		return 2, fmt.Errorf("%s has no record of a repository whose name contains %q", *file, *only)
	}
	c := &comparison{trees: *trees, tool: *tool, log: stderr, tally: map[question]*tally{}}
	if c.tool == "" {
		dir, err := os.MkdirTemp("", "corpus")
		if err != nil {
			return 2, err
		}
		defer os.RemoveAll(dir)
		if c.tool, err = build(dir); err != nil {
			return 2, err
		}
	} else if c.tool, err = filepath.Abs(c.tool); err != nil {
		return 2, err
	}
	if err := c.replay(asked); err != nil {
		return 2, err
	}
	for _, line := range c.skipped {
		fmt.Fprintln(stderr, "not compared:", line)
	}
	if c.compared == 0 {
		return 2, fmt.Errorf("nothing was compared: %s holds no checkout at a commit of the ledger that could be analysed", *trees)
	}
	for _, line := range c.wrong {
		fmt.Fprintln(stdout, line)
	}
	if err := c.settle(*file, records, *update, stdout); err != nil {
		return 2, err
	}
	c.table(stdout)
	if err := c.unread(*fresh, stdout); err != nil {
		return 2, err
	}
	switch {
	case c.blind:
		return 2, errors.New("records that count could not be compared, as is said above")
	case len(c.wrong) > 0:
		return 1, nil
	}
	return 0, nil
}

// build builds the command of this repository.
func build(dir string) (string, error) {
	root, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/redislint/redislint").Output()
	if err != nil {
		return "", fmt.Errorf("the module redislint is not found: %w; -tool names a built one", err)
	}
	tool := filepath.Join(dir, "redislint")
	cmd := exec.Command("go", "build", "-o", tool, "./cmd/redislint")
	cmd.Dir = strings.TrimSpace(string(root))
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("redislint does not build: %w\n%s", err, out)
	}
	return tool, nil
}

// A question is a rule asked in a profile.
type question struct{ rule, profile string }

// tally counts the answers to a question.
type tally struct {
	right, wrong, noise, missed, silent int
}

// comparison is the tool's findings beside the ledger.
type comparison struct {
	trees, tool string
	log         io.Writer

	compared int
	skipped  []string        // what was not compared, and why
	blind    bool            // records that count are among what was not compared
	wrong    []string        // what fails, a line each
	agreed   []ledger.Record // pending records with which the tool agrees
	fresh    []ledger.Record // findings without a record
	tally    map[question]*tally
}

// A unit is a module at a commit.
type unit struct{ repo, commit, module string }

// replay runs the tool over each module of the records, in each profile.
func (c *comparison) replay(records []ledger.Record) error {
	byUnit := map[unit][]ledger.Record{}
	var order []unit
	for _, r := range records {
		u := unit{r.Repo, r.Commit, r.Module}
		if byUnit[u] == nil {
			order = append(order, u)
		}
		byUnit[u] = append(byUnit[u], r)
	}
	absent := map[string]bool{}
	for _, u := range order {
		root, whole, err := ledger.Find(c.trees, u.repo, u.commit)
		if err != nil {
			if line := err.Error(); !absent[line] {
				absent[line] = true
				c.skipped = append(c.skipped, line)
			}
			continue
		}
		fmt.Fprintln(c.log, path.Join(u.repo, u.module))
		found := map[string]map[place]bool{}
		unseen := map[string]string{}
		for _, profile := range profilesOf(byUnit[u]) {
			if found[profile], err = c.ask(root, u, profile, byUnit[u], whole, unseen); err != nil {
				return fmt.Errorf("%s: %w", u.repo, err)
			}
		}
		for _, pkg := range slices.Sorted(maps.Keys(unseen)) {
			c.skipped = append(c.skipped, fmt.Sprintf("%s: %s: %s", path.Join(u.repo, u.module), pkg, unseen[pkg]))
		}
		seen := slices.DeleteFunc(slices.Clone(byUnit[u]), func(r ledger.Record) bool {
			why := unseen[packageOf(r)]
			c.blind = c.blind || why != "" && r.Verdict != ledger.Open && !r.Pending
			return why != ""
		})
		c.compare(u, seen, found, whole)
	}
	return nil
}

// ask runs the tool over a module. If something in there could not be analysed,
// the packages of the records are asked one by one, and those that could not be
// are added to unseen, with the reason.
func (c *comparison) ask(root string, u unit, profile string, records []ledger.Record, whole bool, unseen map[string]string) (map[place]bool, error) {
	packages := packagesOf(records)
	asked := packages
	if whole {
		asked = []string{"./..."}
	}
	found, trouble, err := c.findings(root, u.module, profile, asked)
	if err != nil || trouble == "" {
		return found, err
	}
	for _, pkg := range packages {
		more, trouble, err := c.findings(root, u.module, profile, []string{pkg})
		if err != nil {
			return nil, err
		}
		maps.Copy(found, more)
		if trouble != "" {
			unseen[pkg] = trouble
		}
	}
	return found, nil
}

// packageOf is the package of a record as a pattern, from the folder of its
// module.
func packageOf(r ledger.Record) string {
	dir := path.Dir(r.File)
	if r.Module != "." {
		dir = strings.TrimPrefix(strings.TrimPrefix(dir, r.Module), "/")
	}
	return "./" + strings.TrimPrefix(dir, ".")
}

// packagesOf lists the packages of records, in order. Commits that were not
// read as a whole are asked about these alone.
func packagesOf(records []ledger.Record) []string {
	var list []string
	for _, r := range records {
		if p := packageOf(r); !slices.Contains(list, p) {
			list = append(list, p)
		}
	}
	return list
}

// A place is where a rule reports something.
type place struct {
	file string // from the folder of the repository
	line int
	rule string
}

// findings runs the tool over packages of a module. trouble says what could not
// be analysed, if something could not.
func (c *comparison) findings(root, module, profile string, packages []string) (found map[place]bool, trouble string, err error) {
	dir := filepath.Join(root, filepath.FromSlash(module))
	cmd := exec.Command(c.tool, append([]string{"-C", dir, "-test", "-profile=" + profile, "-format=json"}, packages...)...)
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod -buildvcs=false")
	var out, problems bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problems
	err = cmd.Run()
	code := cmd.ProcessState.ExitCode()
	first, _, _ := strings.Cut(strings.TrimSpace(problems.String()), "\n")
	switch {
	case err == nil || code == 1:
	case code == 2:
		trouble = cmp.Or(first, "the tool fails and does not say why")
	default:
		return nil, "", fmt.Errorf("%s: %w\n%s", c.tool, err, problems.String())
	}
	found = map[place]bool{}
	for d := json.NewDecoder(&out); ; {
		var f struct {
			Rule, File string
			Line       int
			Suppressed *struct{}
		}
		if err := d.Decode(&f); errors.Is(err, io.EOF) {
			return found, trouble, nil
		} else if err != nil {
			return nil, "", fmt.Errorf("what %s prints is not its JSON: %w", c.tool, err)
		}
		if f.Suppressed != nil {
			continue
		}
		name := f.File
		if !filepath.IsAbs(name) {
			name = filepath.Join(dir, name)
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return nil, "", err
		}
		found[place{filepath.ToSlash(rel), f.Line, f.Rule}] = true
	}
}

// compare holds the findings of a module against its records.
func (c *comparison) compare(u unit, records []ledger.Record, found map[string]map[place]bool, whole bool) {
	c.compared += len(records)
	known := map[string]map[place]bool{}
	for p := range found {
		known[p] = map[place]bool{}
	}
	for _, r := range records {
		at := place{r.File, r.Line, r.Rule}
		agrees := true
		var wrong []string
		for _, p := range ledger.Profiles {
			if found[p] == nil || r.Profile != "" && r.Profile != p {
				continue
			}
			known[p][at] = true
			if r.Verdict == ledger.Open {
				continue
			}
			reported := found[p][at]
			c.count(question{r.Rule, p}, r.Verdict, reported)
			if reported == (r.Verdict == ledger.True) {
				continue
			}
			agrees = false
			if r.Pending {
				continue
			}
			wrong = append(wrong, p)
		}
		if len(wrong) > 0 {
			what := "gone"
			if r.Verdict != ledger.True {
				what = "back"
			}
			c.wrong = append(c.wrong, fmt.Sprintf("%s: %s %s:%d %s, profile %s, verdict %s: %s",
				what, r.Repo, r.File, r.Line, r.Rule, strings.Join(wrong, " and "), r.Verdict, r.Reason))
		}
		if r.Pending && agrees && r.Verdict != ledger.Open {
			c.agreed = append(c.agreed, r)
		}
	}
	for i, p := range profiles {
		for at := range found[p] {
			if !whole || known[p][at] {
				continue
			}
			n := ledger.Record{Repo: u.repo, Commit: u.commit, Module: u.module, File: at.file, Line: at.line, Rule: at.rule, Profile: p}
			other := profiles[1-i]
			if found[other][at] && !known[other][at] {
				if i > 0 {
					continue // the first profile has it for both
				}
				n.Profile = ""
			}
			c.fresh = append(c.fresh, n)
		}
	}
}

func (c *comparison) count(q question, v ledger.Verdict, reported bool) {
	t := c.tally[q]
	if t == nil {
		t = &tally{}
		c.tally[q] = t
	}
	switch {
	case v == ledger.True && reported:
		t.right++
	case v == ledger.True:
		t.missed++
	case !reported:
		t.silent++
	case v == ledger.Noise:
		t.noise++
	default:
		t.wrong++
	}
}

// settle tells with which pending records the tool agrees, and updates the
// file if it is asked to.
func (c *comparison) settle(file string, records []ledger.Record, update bool, stdout io.Writer) error {
	for _, r := range c.agreed {
		fmt.Fprintf(stdout, "agreed: %s is pending, and the tool agrees now\n", r.Key())
	}
	if !update || len(c.agreed) == 0 {
		return nil
	}
	for i, r := range records {
		if slices.Contains(c.agreed, r) {
			records[i].Pending = false
		}
	}
	return write(file, records)
}

// write writes a file of records.
func write(file string, records []ledger.Record) error {
	text, err := ledger.Format(records)
	if err != nil {
		return err
	}
	return os.WriteFile(file, text, 0o666)
}

// table prints precision and recall.
func (c *comparison) table(w io.Writer) {
	order := slices.SortedFunc(maps.Keys(c.tally), func(a, b question) int {
		return cmp.Or(cmp.Compare(a.rule, b.rule), cmp.Compare(a.profile, b.profile))
	})
	fmt.Fprintf(w, "%-12s %-10s %9s %6s %6s %6s %6s %7s %7s\n", "rule", "profile", "precision", "recall", "right", "false", "noise", "missed", "silent")
	for _, q := range order {
		t := c.tally[q]
		fmt.Fprintf(w, "%-12s %-10s %9s %6s %6d %6d %6d %7d %7d\n", q.rule, q.profile,
			ratio(t.right, t.right+t.wrong), ratio(t.right, t.right+t.missed), t.right, t.wrong, t.noise, t.missed, t.silent)
	}
}

func ratio(part, all int) string {
	if all == 0 {
		return "-"
	}
	return fmt.Sprintf("%.3f", float64(part)/float64(all))
}

// unread counts the findings that nobody has judged, and writes them to a file.
func (c *comparison) unread(file string, stdout io.Writer) error {
	if len(c.fresh) == 0 {
		return nil
	}
	rules := map[string]int{}
	for _, r := range c.fresh {
		rules[r.Rule]++
	}
	var counts []string
	for _, rule := range slices.Sorted(maps.Keys(rules)) {
		counts = append(counts, fmt.Sprintf("%d %s", rules[rule], rule))
	}
	fmt.Fprintf(stdout, "without a record: %s\n", strings.Join(counts, ", "))
	switch file {
	case "":
		return nil
	case "-":
		text, err := ledger.Format(c.fresh)
		if err != nil {
			return err
		}
		_, err = stdout.Write(text)
		return err
	}
	return write(file, c.fresh)
}
