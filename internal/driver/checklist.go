package driver

import (
	"flag"
	"fmt"
	"slices"

	"github.com/redislint/redislint/internal/report"
)

// checklistFlags are those of the subcommand alone.
type checklistFlags struct{ markdown bool }

func (f *checklistFlags) addFlags(fs *flag.FlagSet) {
	fs.BoolVar(&f.markdown, "markdown", false, "write the list as Markdown")
}

// checklist tells which requirements the packages meet. The exit code is that
// of a check.
func (c *call) checklist() (int, error) {
	if c.changes.asked() || c.out.format != "text" || c.out.write != "" {
		return exitFailure, fmt.Errorf("checklist only reports; %s -h lists the commands that change files", c.tool.Name)
	}
	w, err := c.tool.newWriter(&c.out, c.base, c.stdout, c.stderr)
	if err != nil {
		return exitFailure, err
	}
	_, _, run, err := c.examine(w, false)
	if err != nil {
		return exitFailure, err
	}
	w.complain(run)
	counted, _ := w.count(&run)
	switch {
	case run.Using == 0 && len(run.Errors) == 0:
		_, err = fmt.Fprintf(c.stdout, "none of %s uses Redis\n", report.Count(run.Packages, "package"))
	case c.list.markdown:
		run.Rules = c.tool.rules()
		err = report.ChecklistMarkdown(c.stdout, run, w.src, "")
	default:
		err = report.Checklist(c.stdout, run)
	}
	switch {
	case err != nil || len(run.Errors) > 0:
		return exitFailure, err
	case len(counted) > 0:
		return exitFindings, nil
	}
	return exitClean, nil
}

// requirements are those of the tool, with whether a rule about them ran.
func (c *call) requirements(nodes []*node) []report.Requirement {
	ran := make(map[string]bool)
	for _, n := range nodes {
		for _, r := range n.outcome.results {
			ran[r.analyzer.Name] = ran[r.analyzer.Name] || !r.left
		}
	}
	var list []report.Requirement
	for _, x := range c.tool.Checklist {
		list = append(list, report.Requirement{Text: x.Text, Rules: x.Rules, Ran: slices.ContainsFunc(x.Rules, func(name string) bool { return ran[name] })})
	}
	var rest []string
	for _, a := range c.tool.Analyzers {
		if !slices.ContainsFunc(list, func(r report.Requirement) bool { return slices.Contains(r.Rules, a.Name) }) {
			rest = append(rest, a.Name)
		}
	}
	if len(list) > 0 && len(rest) > 0 {
		ran := slices.ContainsFunc(rest, func(name string) bool { return ran[name] })
		list = append(list, report.Requirement{Text: "Nothing else is found", Rules: rest, Ran: ran})
	}
	return list
}
