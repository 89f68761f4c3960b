package report

import (
	"crypto/sha256"
	"fmt"
	"strings"
)

// Fingerprints gives each of the sorted findings its fingerprint and returns
// them. A fingerprint is made of the rule, the file within its module, the
// enclosing function, and the text of the line without its white space. It
// does not depend on the number of the line, on the message, or on the
// directory from where the file is named. Findings that have all of that in
// common are numbered from 1, in their order: "4be9f7c2d5a81e30:1".
func Fingerprints(findings []Finding, src *Sources) []Finding {
	seen := make(map[string]int)
	for i := range findings {
		f := &findings[i]
		unit := f.Unit
		if unit == "" {
			unit = f.Pos.File
		}
		text := strings.Join(strings.Fields(src.Line(f.Pos.File, f.Pos.Line)), "")
		sum := sha256.Sum256([]byte(strings.Join([]string{f.Rule, unit, f.Func, text}, "\x00")))
		key := fmt.Sprintf("%x", sum[:8])
		seen[key]++
		f.Fingerprint = fmt.Sprintf("%s:%d", key, seen[key])
	}
	return findings
}
