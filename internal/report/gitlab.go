package report

import (
	"encoding/json"
	"io"
)

// gitlabSeverity is Severity in GitLab's words, which are info, minor, major,
// critical and blocker.
const gitlabSeverity = "major"

// The part of GitLab's code quality report that GitLab reads.
// https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
type (
	gitlabIssue struct {
		Description string         `json:"description"`
		CheckName   string         `json:"check_name"`
		Fingerprint string         `json:"fingerprint"`
		Severity    string         `json:"severity"`
		Location    gitlabLocation `json:"location"`
	}
	gitlabLocation struct {
		Path  string      `json:"path"`
		Lines gitlabLines `json:"lines"`
	}
	gitlabLines struct {
		Begin int `json:"begin"`
	}
)

// GitLab writes a code quality report, which GitLab shows in merge requests.
// Names of files are relative to the root of the repository. Each fingerprint
// is there once: of equal ones GitLab shows the first alone.
func GitLab(w io.Writer, findings []Finding, src *Sources) error {
	list := []gitlabIssue{}
	for _, f := range findings {
		file, _ := src.Rooted(f.Pos.File)
		list = append(list, gitlabIssue{
			Description: oneLine(f.Message), CheckName: f.Rule, Fingerprint: f.Fingerprint, Severity: gitlabSeverity,
			Location: gitlabLocation{file, gitlabLines{f.Pos.Line}},
		})
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(list)
}
