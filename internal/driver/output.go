package driver

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"go/doc/comment"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/redislint/redislint/internal/changes"
	"github.com/redislint/redislint/internal/edit"
	"github.com/redislint/redislint/internal/report"
)

// output is what the flags of the command say about findings: which of them
// count, and how they are written. Go vet has no such flags.
type output struct {
	format   string
	sarif    string // file
	color    string
	verbose  bool
	newFrom  string // revision
	baseline string // file
	write    string // file of a new baseline
}

func (o *output) addFlags(fs *flag.FlagSet) {
	fs.StringVar(&o.format, "format", "text", "write findings as `text`, json, sarif, github, or gitlab")
	fs.StringVar(&o.sarif, "sarif", "", "also write them as SARIF to this `file`")
	fs.StringVar(&o.color, "color", "auto", "show source and colors as on a terminal: `auto`, always, or never")
	fs.BoolVar(&o.verbose, "v", false, "report on standard error what was checked and understood, and how long it took")
	fs.StringVar(&o.newFrom, "new-from", "", "report only findings that the merge base with this `revision` does not have")
	fs.StringVar(&o.baseline, "baseline", "", "report only what is not in this `file`")
	fs.StringVar(&o.write, "write-baseline", "", "write the findings to this `file`, for -baseline")
}

// check tells what is wrong with the flags.
func (o *output) check() error {
	for _, f := range []struct {
		name, value string
		want        []string
	}{
		{"format", o.format, []string{"text", "json", "sarif", "github", "gitlab"}},
		{"color", o.color, []string{"auto", "always", "never"}},
	} {
		if !slices.Contains(f.want, f.value) {
			last := len(f.want) - 1
			return fmt.Errorf("-%s=%s: want %s or %s", f.name, f.value, strings.Join(f.want[:last], ", "), f.want[last])
		}
	}
	if o.write != "" && (o.newFrom != "" || o.baseline != "") {
		return errors.New("-write-baseline writes all findings; it excludes -baseline and -new-from")
	}
	return nil
}

// writer writes the findings of one run of the command.
type writer struct {
	*output
	tool           *Tool
	stdout, stderr io.Writer
	dir            string // what names of files are relative to
	src            *report.Sources
	changes        *changes.Set     // nil if all counts
	base           *base            // what they are compared with
	run            *baseRun         // how that was found
	silence        silence          // what keeps findings from being reported
	hush           string           // what of it is new
	known          *report.Baseline // nil if nothing is known
	fates          []fate           // of what the packages open
	programs       []program        // of the workspace
	tests          int              // files of tests that were not checked
}

// newWriter reads what the flags name, so that a bad name is known before
// the work is done.
func (t *Tool) newWriter(o *output, dir string, stdout, stderr io.Writer) (*writer, error) {
	w := &writer{output: o, tool: t, stdout: stdout, stderr: stderr, dir: dir, src: report.NewSources(dir, top(dir))}
	var err error
	if o.newFrom != "" {
		if w.changes, err = changes.Since(dir, o.newFrom); err != nil {
			return nil, fmt.Errorf("-new-from: %w", err)
		}
	}
	if o.baseline != "" {
		data, err := os.ReadFile(w.src.Path(o.baseline))
		if err != nil {
			return nil, fmt.Errorf("-baseline: %w", err)
		}
		if w.known, err = report.ReadBaseline(data); err != nil {
			return nil, fmt.Errorf("-baseline: %s: %w", o.baseline, err)
		}
	}
	return w, nil
}

// top is the folder of the repository around dir, or dir itself.
func top(dir string) string {
	if root, ok := repository(dir); ok {
		return root
	}
	return dir
}

// repository finds the folder of the repository around dir.
func repository(dir string) (root string, ok bool) {
	for d := dir; ; d = filepath.Dir(d) {
		if _, err := os.Stat(filepath.Join(d, ".git")); err == nil {
			return d, true
		}
		if d == filepath.Dir(d) {
			return "", false
		}
	}
}

// conclude decides which findings of the run count, writes them, and returns
// the exit code.
func (w *writer) conclude(run report.Run) (int, error) {
	counted, gone := w.count(&run)
	w.complain(run)
	w.announce(&run)
	if w.verbose {
		w.say("Redis is used in %d of %s", run.Using, report.Count(run.Packages, "package"))
		if n := len(run.Findings) - len(counted); n > 0 {
			w.say("%s suppressed", report.Count(n, "finding"))
		}
		if gone > 0 {
			w.say("%s of the baseline not found here", report.Count(gone, "finding"))
		}
	}
	if w.write != "" {
		return w.writeBaseline(run)
	}
	if err := w.findings(run, counted); err != nil {
		return exitFailure, err
	}
	switch {
	case len(run.Errors) > 0:
		return exitFailure, nil
	case len(counted) > 0:
		return exitFindings, nil
	}
	return exitClean, nil
}

// complain writes what went wrong.
func (w *writer) complain(run report.Run) {
	for _, text := range run.Errors {
		fmt.Fprintln(w.stderr, report.Lines(text))
	}
}

// announce says what keeps findings from being reported, where a gate or a
// person asks for it: a change must not be able to silence the gate without a
// word.
func (w *writer) announce(run *report.Run) {
	for _, text := range []string{w.hush, w.silence.String()} {
		if text == "" {
			continue
		}
		run.Notes = append(run.Notes, text)
		if w.changes != nil || w.verbose || w.format == "github" {
			w.say("%s", text)
		}
	}
}

// count decides which findings of the run count. It returns these, and how
// many known ones are gone.
func (w *writer) count(run *report.Run) (counted []report.Finding, gone int) {
	run.Findings = report.Fingerprints(report.Sort(run.Findings), w.src)
	if w.changes != nil {
		run.Findings = w.judge(run.Findings)
	}
	if w.known != nil {
		gone = w.known.Suppress(run.Findings, "known in "+filepath.ToSlash(w.baseline))
	}
	counted = report.Counted(run.Findings)
	if w.changes != nil && len(counted) > 0 && len(w.base.Errors) > 0 {
		run.Errors = append(run.Errors, w.unknown())
	}
	return counted, gone
}

// say writes a line about the run itself.
func (w *writer) say(format string, args ...any) {
	fmt.Fprintln(w.stderr, report.Lines(w.tool.Name+": "+fmt.Sprintf(format, args...)))
}

// writeBaseline writes what was found as what is known.
func (w *writer) writeBaseline(run report.Run) (int, error) {
	if len(run.Errors) > 0 {
		return exitFailure, errors.New("-write-baseline: not written, since not all packages could be analyzed")
	}
	var b bytes.Buffer
	if err := report.WriteBaseline(&b, run.Findings, w.src); err != nil {
		return exitFailure, err
	}
	if err := edit.Write(w.src.Path(w.write), b.Bytes()); err != nil {
		return exitFailure, fmt.Errorf("-write-baseline: %w", err)
	}
	w.say("%s written to %s", report.Count(len(report.Counted(run.Findings)), "finding"), w.write)
	return exitClean, nil
}

// findings writes the findings in all the forms that are asked for.
func (w *writer) findings(run report.Run, counted []report.Finding) error {
	if w.sarif != "" || w.format == "sarif" {
		run.Tool, run.Version, run.URL, run.Rules = w.tool.Name, version(), w.tool.URL, w.tool.rules()
	}
	if w.sarif != "" {
		var b bytes.Buffer
		if err := report.SARIF(&b, run, w.src); err != nil {
			return err
		}
		if err := edit.Write(w.src.Path(w.sarif), b.Bytes()); err != nil {
			return fmt.Errorf("-sarif: %w", err)
		}
	}
	counted = report.Folded(counted)
	switch {
	case w.format == "json":
		return report.JSON(w.stdout, run.Findings)
	case w.format == "sarif":
		return report.SARIF(w.stdout, run, w.src)
	case w.format == "gitlab":
		return report.GitLab(w.stdout, counted, w.src)
	case w.format == "github":
		if err := report.GitHub(w.stdout, counted, w.src); err != nil {
			return err
		}
		return w.summary(run)
	case w.color == "always" || isTerminal(w.stdout):
		if err := report.Frames(w.stdout, counted, w.src, report.Look{Colors: w.colors(), Columns: columns(w.stdout)}); err != nil {
			return err
		}
		if text := report.Closing(w.tool.Name, counted); text != "" && (w.color == "always" || isTerminal(w.stderr)) {
			fmt.Fprintln(w.stderr)
			for _, line := range append(w.remarks(), text) {
				fmt.Fprintln(w.stderr, report.Fit(report.Lines(line), columns(w.stderr)))
			}
		}
		return nil
	}
	return report.Text(w.stdout, counted)
}

// mostPrograms is how many programs are named below the findings.
const mostPrograms = 5

// remarks are lines about what the findings are of, for the end of the output:
// which programs they are in, and what was not looked at.
func (w *writer) remarks() []string {
	var list []string
	checked := slices.DeleteFunc(slices.Clone(w.programs), func(p program) bool { return !p.checked })
	for i, p := range checked {
		if i == mostPrograms {
			list = append(list, fmt.Sprintf("%s, see %s config", report.Count(len(checked)-i, "more program"), w.tool.Name))
			break
		}
		list = append(list, p.String())
	}
	if w.tests > 0 {
		list = append(list, report.Count(w.tests, "test file")+" not checked (-test checks them)")
	}
	if fns := unfinished(w.fates, w.dir); len(fns) > 0 {
		text := report.Count(len(fns), "function") + " too large to follow: " + fns[0]
		if len(fns) > 1 {
			text += fmt.Sprintf(" and %d more, see -v", len(fns)-1)
		}
		list = append(list, text)
	}
	return list
}

// colors reports whether a terminal is written to in colours.
func (w *writer) colors() bool {
	if w.color != "auto" {
		return w.color == "always"
	}
	return colorful()
}

// colorful reports whether a terminal is to be written to in colours.
func colorful() bool {
	switch {
	case os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb":
		return false
	case runtime.GOOS == "windows": // a console that knows escapes says so
		return os.Getenv("WT_SESSION") != "" || os.Getenv("TERM") != ""
	}
	return true
}

// summary adds the run to the page of a GitHub job.
func (w *writer) summary(run report.Run) error {
	name := os.Getenv("GITHUB_STEP_SUMMARY")
	if name == "" {
		return nil
	}
	blob := ""
	server, repo, sha := os.Getenv("GITHUB_SERVER_URL"), os.Getenv("GITHUB_REPOSITORY"), os.Getenv("GITHUB_SHA")
	if server != "" && repo != "" && sha != "" {
		blob = server + "/" + repo + "/blob/" + sha
	}
	f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		return fmt.Errorf("GITHUB_STEP_SUMMARY: %w", err)
	}
	run.Tool = w.tool.Name
	err = report.Summary(f, run, w.src, blob)
	return errors.Join(err, f.Close())
}

// rules describes the rules to those who read findings without the tool.
func (t *Tool) rules() []report.Rule {
	var rules []report.Rule
	for _, a := range t.Analyzers {
		var parser comment.Parser
		doc := parser.Parse(a.Doc)
		printer := comment.Printer{TextWidth: 80, HeadingID: func(*comment.Heading) string { return "" }}
		rules = append(rules, report.Rule{
			Name: a.Name, Summary: summary(a), URL: a.URL,
			Text: string(printer.Text(doc)), Markdown: string(printer.Markdown(doc)),
		})
	}
	return rules
}

// version is that of the module, if this is a release of it.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && strings.HasPrefix(info.Main.Version, "v") {
		return info.Main.Version
	}
	return "devel"
}

// isTerminal reports whether what is written is seen by a person.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	null, err := os.Stat(os.DevNull)
	return err != nil || !os.SameFile(info, null)
}

// seconds rounds a duration for people.
func seconds(d time.Duration) string { return fmt.Sprintf("%.2fs", d.Seconds()) }
