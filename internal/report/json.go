package report

import (
	"bufio"
	"encoding/json"
	"io"
	"path/filepath"
)

// The JSON of a finding. docs/formats.md promises that fields stay what they
// are: new ones may come, none changes its meaning or goes.
type (
	jsonFinding struct {
		Rule        string           `json:"rule"`
		Message     string           `json:"message"`
		Severity    string           `json:"severity"`
		File        string           `json:"file"`
		Line        int              `json:"line"`
		Column      int              `json:"column"`
		End         jsonPoint        `json:"end"`
		Function    string           `json:"function,omitempty"`
		Path        []jsonStep       `json:"path"`
		Fixes       []jsonFix        `json:"fixes"`
		NoFix       string           `json:"unfixed,omitempty"`
		URL         string           `json:"url,omitempty"`
		Fingerprint string           `json:"fingerprint"`
		Suppressed  *jsonSuppression `json:"suppressed,omitempty"`
	}
	jsonPoint struct {
		Line   int `json:"line"`
		Column int `json:"column"`
	}
	jsonStep struct {
		Message string    `json:"message"`
		File    string    `json:"file"`
		Line    int       `json:"line"`
		Column  int       `json:"column"`
		End     jsonPoint `json:"end"`
	}
	jsonFix struct {
		Message string     `json:"message"`
		Edits   []jsonEdit `json:"edits"`
	}
	jsonEdit struct {
		File   string    `json:"file"`
		Line   int       `json:"line"`
		Column int       `json:"column"`
		End    jsonPoint `json:"end"`
		Offset int       `json:"offset"`
		Length int       `json:"length"`
		New    string    `json:"new"`
	}
	jsonSuppression struct {
		Kind   Kind   `json:"kind"`
		Reason string `json:"reason"`
	}
)

// JSON writes one object a line for each finding.
func JSON(w io.Writer, findings []Finding) error {
	out := bufio.NewWriter(w)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	for _, f := range findings {
		o := jsonFinding{
			Rule: f.Rule, Severity: Severity, Message: f.Message,
			File: slashed(f.Pos), Line: f.Pos.Line, Column: f.Pos.Col, End: ending(f.Pos),
			Function: f.Func, Path: []jsonStep{}, Fixes: []jsonFix{}, NoFix: f.NoFix,
			URL: f.URL, Fingerprint: f.Fingerprint,
		}
		for _, s := range f.Path {
			o.Path = append(o.Path, jsonStep{s.Message, slashed(s.Pos), s.Pos.Line, s.Pos.Col, ending(s.Pos)})
		}
		for _, fix := range f.Fixes {
			of := jsonFix{Message: fix.Message, Edits: []jsonEdit{}}
			for _, e := range fix.Edits {
				of.Edits = append(of.Edits, jsonEdit{
					slashed(e.Pos), e.Pos.Line, e.Pos.Col, ending(e.Pos), e.Start, e.End - e.Start, e.New,
				})
			}
			o.Fixes = append(o.Fixes, of)
		}
		if s := f.Suppressed; s != nil {
			o.Suppressed = &jsonSuppression{s.Kind, s.Reason}
		}
		if err := enc.Encode(o); err != nil {
			return err
		}
	}
	return out.Flush()
}

func slashed(p Pos) string { return filepath.ToSlash(p.File) }

// ending is the position after a region.
func ending(p Pos) jsonPoint {
	if p.EndLine == 0 {
		return jsonPoint{p.Line, p.Col}
	}
	return jsonPoint{p.EndLine, p.EndCol}
}
