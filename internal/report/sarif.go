package report

import (
	"encoding/json"
	"io"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// FingerprintKey names redislint's fingerprints among those that other tools
// add to a SARIF file. The number changes when what they are made of does.
//
// The key primaryLocationLineHash is left to GitHub's upload action: it
// computes its own value and warns of each result that has another one.
const FingerprintKey = "redislint/v1"

// The part of SARIF 2.1.0 that is written.
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool               sarifTool            `json:"tool"`
		Invocations        []sarifInvocation    `json:"invocations"`
		OriginalURIBaseIDs map[string]sarifBase `json:"originalUriBaseIds"`
		ColumnKind         string               `json:"columnKind"`
		Results            []sarifResult        `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name            string      `json:"name"`
		Version         string      `json:"version,omitempty"`
		SemanticVersion string      `json:"semanticVersion,omitempty"`
		InformationURI  string      `json:"informationUri,omitempty"`
		Rules           []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID                   string          `json:"id"`
		ShortDescription     sarifMessage    `json:"shortDescription"`
		FullDescription      sarifMessage    `json:"fullDescription"`
		Help                 sarifMessage    `json:"help"`
		HelpURI              string          `json:"helpUri,omitempty"`
		DefaultConfiguration sarifConfig     `json:"defaultConfiguration"`
		Properties           sarifProperties `json:"properties"`
	}
	sarifConfig struct {
		Level string `json:"level"`
	}
	sarifProperties struct {
		Tags      []string `json:"tags"`
		Precision string   `json:"precision"`
	}
	sarifMessage struct {
		Text     string `json:"text"`
		Markdown string `json:"markdown,omitempty"`
	}
	sarifInvocation struct {
		ExecutionSuccessful        bool                `json:"executionSuccessful"`
		ToolExecutionNotifications []sarifNotification `json:"toolExecutionNotifications,omitempty"`
	}
	sarifNotification struct {
		Level   string       `json:"level"`
		Message sarifMessage `json:"message"`
	}
	sarifBase struct {
		Description sarifMessage `json:"description"`
	}
	sarifResult struct {
		RuleID              string             `json:"ruleId"`
		RuleIndex           int                `json:"ruleIndex"`
		Level               string             `json:"level"`
		Message             sarifMessage       `json:"message"`
		Locations           []sarifLocation    `json:"locations"`
		PartialFingerprints map[string]string  `json:"partialFingerprints"`
		CodeFlows           []sarifCodeFlow    `json:"codeFlows,omitempty"`
		Fixes               []sarifFix         `json:"fixes,omitempty"`
		Suppressions        []sarifSuppression `json:"suppressions"`
	}
	sarifLocation struct {
		PhysicalLocation sarifPhysical  `json:"physicalLocation"`
		LogicalLocations []sarifLogical `json:"logicalLocations,omitempty"`
		Message          *sarifMessage  `json:"message,omitempty"`
	}
	sarifLogical struct {
		FullyQualifiedName string `json:"fullyQualifiedName"`
		Kind               string `json:"kind"`
	}
	sarifPhysical struct {
		ArtifactLocation sarifArtifact `json:"artifactLocation"`
		Region           sarifRegion   `json:"region"`
	}
	sarifArtifact struct {
		URI       string `json:"uri"`
		URIBaseID string `json:"uriBaseId,omitempty"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn"`
		EndLine     int `json:"endLine,omitempty"`
		EndColumn   int `json:"endColumn,omitempty"`
	}
	sarifCodeFlow struct {
		ThreadFlows []sarifThreadFlow `json:"threadFlows"`
	}
	sarifThreadFlow struct {
		Locations []sarifFlowLocation `json:"locations"`
	}
	sarifFlowLocation struct {
		Location sarifLocation `json:"location"`
	}
	sarifFix struct {
		Description     sarifMessage  `json:"description"`
		ArtifactChanges []sarifChange `json:"artifactChanges"`
	}
	sarifChange struct {
		ArtifactLocation sarifArtifact      `json:"artifactLocation"`
		Replacements     []sarifReplacement `json:"replacements"`
	}
	sarifReplacement struct {
		DeletedRegion   sarifRegion  `json:"deletedRegion"`
		InsertedContent sarifMessage `json:"insertedContent"`
	}
	sarifSuppression struct {
		Kind          Kind   `json:"kind"`
		Status        string `json:"status"`
		Justification string `json:"justification,omitempty"`
	}
)

const (
	sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
	sarifRoot   = "%SRCROOT%"
	sarifMax    = 1024 // characters that GitHub keeps of a description
)

// SARIF writes a run as a SARIF 2.1.0 log. Columns count UTF-16 code units,
// and names of files are relative to the root of the source tree.
func SARIF(w io.Writer, run Run, src *Sources) error {
	r := sarifRun{
		Tool: sarifTool{Driver: sarifDriver{
			Name: run.Tool, Version: run.Version, InformationURI: run.URL, Rules: []sarifRule{},
		}},
		Invocations:        []sarifInvocation{{ExecutionSuccessful: len(run.Errors) == 0}},
		OriginalURIBaseIDs: map[string]sarifBase{sarifRoot: {sarifMessage{Text: "The root of the source tree."}}},
		ColumnKind:         "utf16CodeUnits",
		Results:            []sarifResult{},
	}
	if v, ok := strings.CutPrefix(run.Version, "v"); ok {
		r.Tool.Driver.SemanticVersion = v
	}
	for _, rule := range run.Rules {
		r.Tool.Driver.Rules = append(r.Tool.Driver.Rules, sarifRule{
			ID:                   rule.Name,
			ShortDescription:     sarifMessage{Text: cut(sentence(rule.Summary))},
			FullDescription:      sarifMessage{Text: cut(introduction(rule))},
			Help:                 sarifMessage{Text: rule.Text, Markdown: rule.Markdown},
			HelpURI:              rule.URL,
			DefaultConfiguration: sarifConfig{Level: Severity},
			Properties:           sarifProperties{Tags: []string{"redis", "resource-leak"}, Precision: "high"},
		})
	}
	for _, text := range run.Errors {
		r.Invocations[0].ToolExecutionNotifications = append(r.Invocations[0].ToolExecutionNotifications,
			sarifNotification{Level: "error", Message: sarifMessage{Text: text}})
	}
	for _, f := range run.Findings {
		r.Results = append(r.Results, src.result(f, run.Rules))
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(sarifLog{Schema: sarifSchema, Version: "2.1.0", Runs: []sarifRun{r}})
}

// result is a finding as SARIF has it.
func (s *Sources) result(f Finding, rules []Rule) sarifResult {
	r := sarifResult{
		RuleID:              f.Rule,
		RuleIndex:           slices.IndexFunc(rules, func(r Rule) bool { return r.Name == f.Rule }),
		Level:               Severity,
		Message:             sarifMessage{Text: f.Message},
		Locations:           []sarifLocation{{PhysicalLocation: s.physical(f.Pos)}},
		PartialFingerprints: map[string]string{FingerprintKey: f.Fingerprint},
		Suppressions:        []sarifSuppression{},
	}
	if f.Func != "" {
		r.Locations[0].LogicalLocations = []sarifLogical{{FullyQualifiedName: f.Func, Kind: "function"}}
	}
	if len(f.Path) > 0 {
		var flow sarifThreadFlow
		for _, step := range f.Path {
			flow.Locations = append(flow.Locations, sarifFlowLocation{sarifLocation{
				PhysicalLocation: s.physical(step.Pos), Message: &sarifMessage{Text: step.Message},
			}})
		}
		r.CodeFlows = []sarifCodeFlow{{[]sarifThreadFlow{flow}}}
	}
	for _, fix := range f.Fixes {
		sf := sarifFix{Description: sarifMessage{Text: fix.Message}}
		for _, e := range fix.Edits {
			at := s.physical(e.Pos)
			if at.Region.EndLine == 0 { // an insertion
				at.Region.EndLine, at.Region.EndColumn = at.Region.StartLine, at.Region.StartColumn
			}
			i := slices.IndexFunc(sf.ArtifactChanges, func(c sarifChange) bool { return c.ArtifactLocation == at.ArtifactLocation })
			if i < 0 {
				i = len(sf.ArtifactChanges)
				sf.ArtifactChanges = append(sf.ArtifactChanges, sarifChange{ArtifactLocation: at.ArtifactLocation})
			}
			c := &sf.ArtifactChanges[i]
			c.Replacements = append(c.Replacements, sarifReplacement{at.Region, sarifMessage{Text: e.New}})
		}
		r.Fixes = append(r.Fixes, sf)
	}
	if f.Suppressed != nil {
		r.Suppressions = []sarifSuppression{{f.Suppressed.Kind, "accepted", f.Suppressed.Reason}}
	}
	return r
}

// physical is a region of a file, its columns in UTF-16 code units. One that
// is a mere position has no end: viewers then show the rest of the line.
func (s *Sources) physical(p Pos) sarifPhysical {
	end := ending(p)
	uri, relative := s.uri(p.File)
	at := sarifPhysical{
		ArtifactLocation: sarifArtifact{URI: uri},
		Region: sarifRegion{
			StartLine: p.Line, StartColumn: utf16Column(s.Line(p.File, p.Line), p.Col),
			EndLine: end.Line, EndColumn: utf16Column(s.Line(p.File, end.Line), end.Column),
		},
	}
	if end == (jsonPoint{p.Line, p.Col}) {
		at.Region.EndLine, at.Region.EndColumn = 0, 0
	}
	if relative {
		at.ArtifactLocation.URIBaseID = sarifRoot
	}
	return at
}

// utf16Column turns a column of bytes into one of UTF-16 code units.
func utf16Column(line string, column int) int {
	before := line[:min(max(column-1, 0), len(line))]
	n := column - len(before) // what lies behind the line's end counts as it is
	for _, r := range before {
		n += utf16.RuneLen(r)
	}
	return n
}

// sentence makes a sentence of a summary.
func sentence(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return strings.ToUpper(string(r)) + s[size:] + "."
}

// introduction is the first paragraph of a rule's manual after its summary.
func introduction(rule Rule) string {
	paragraphs := strings.Split(strings.TrimSpace(rule.Text), "\n\n")
	if len(paragraphs) > 1 && !strings.HasPrefix(paragraphs[1], "#") {
		return strings.Join(strings.Fields(paragraphs[1]), " ")
	}
	return sentence(rule.Summary)
}

// cut shortens a text to what GitHub keeps of it.
func cut(s string) string {
	if utf8.RuneCountInString(s) <= sarifMax {
		return s
	}
	return string([]rune(s)[:sarifMax-3]) + "..."
}
