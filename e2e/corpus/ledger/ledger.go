// Package ledger keeps what people have found out about places in real code:
// where a finding is due, where it is not, and where a release was read and
// found right. A record is a fact about one line of one commit of a public
// repository; no code of it is kept.
package ledger

import (
	"bufio"
	"bytes"
	"cmp"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// A Verdict is what a reader says of a place.
type Verdict string

// The verdicts.
const (
	True  Verdict = "true"  // a finding is due there, and worth a commit
	False Verdict = "false" // a finding there would be wrong
	Noise Verdict = "noise" // a finding there is right, and nobody would act on it
	Open  Verdict = "open"  // people may differ: nothing is asked of the tool
)

// A Record is what is known of one place.
type Record struct {
	Repo    string  `json:"repo"`    // owner/name
	Commit  string  `json:"commit"`  // 40 hex digits
	Module  string  `json:"module"`  // folder of the module, "." for that of the repository
	File    string  `json:"file"`    // from the folder of the repository
	Line    int     `json:"line"`    //
	Rule    string  `json:"rule"`    //
	Profile string  `json:"profile"` // in which it holds, one of Profiles; "" for all
	Verdict Verdict `json:"verdict"`
	// Label is what becomes of what is opened there, if that was read: leaks,
	// closed, moved, borrowed, lives as long as the process.
	Label string `json:"label,omitempty"`
	// Pending is true while the tool does not agree: a finding that is due is
	// missed, or one is given that is not due. It is no failure, and its end is
	// reported.
	Pending bool   `json:"pending,omitempty"`
	Reason  string `json:"reason"` // in our own words
}

// Profiles are the values of the flag -profile that records are about. The
// first two are asked everywhere, the others where a record is about them.
var Profiles = []string{"service", "serverless", "any", "auto"}

// Key names the place and what is asked about it.
func (r *Record) Key() string {
	return fmt.Sprintf("%s %s:%d %s %s", r.Repo, r.File, r.Line, r.Rule, r.Profile)
}

func compare(a, b Record) int {
	return cmp.Or(cmp.Compare(a.Repo, b.Repo), cmp.Compare(a.Commit, b.Commit), cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line),
		cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Profile, b.Profile))
}

// Labels are the words for what becomes of a resource.
var labels = []string{"", "leaks", "closed", "moved", "borrowed", "process", "kept"}

var (
	repoForm   = regexp.MustCompile(`^[\w.-]+/[\w.-]+$`)
	commitForm = regexp.MustCompile(`^[0-9a-f]{40}$`)
	ruleForm   = regexp.MustCompile(`^[a-z]+$`)
)

// check says what is wrong with a record.
func (r *Record) check() error {
	switch {
	case !repoForm.MatchString(r.Repo):
		return fmt.Errorf("repo %q is not of the form owner/name", r.Repo)
	case !commitForm.MatchString(r.Commit):
		return fmt.Errorf("commit %q is not 40 hex digits", r.Commit)
	case !fs.ValidPath(r.Module):
		return fmt.Errorf("module %q is no folder in a repository; that of the repository is \".\"", r.Module)
	case !fs.ValidPath(r.File) || path.Ext(r.File) != ".go":
		return fmt.Errorf("file %q is no Go file in a repository", r.File)
	case r.Module != "." && !strings.HasPrefix(r.File, r.Module+"/"):
		return fmt.Errorf("file %q is not in the module %q", r.File, r.Module)
	case r.Line < 1:
		return fmt.Errorf("line %d", r.Line)
	case !ruleForm.MatchString(r.Rule):
		return fmt.Errorf("rule %q is no name of a rule", r.Rule)
	case r.Profile != "" && !slices.Contains(Profiles, r.Profile):
		return fmt.Errorf("profile %q is none of %s", r.Profile, strings.Join(Profiles, ", "))
	case !slices.Contains([]Verdict{True, False, Noise, Open}, r.Verdict):
		return fmt.Errorf("verdict %q is none of true, false, noise, open", r.Verdict)
	case !slices.Contains(labels, r.Label):
		return fmt.Errorf("label %q is unknown", r.Label)
	case strings.TrimSpace(r.Reason) == "":
		return fmt.Errorf("there is no reason")
	}
	return nil
}

// Parse reads records, one a line. name is what errors call the text. Records
// may come in any order, but none twice.
func Parse(name string, text []byte) ([]Record, error) {
	var list []Record
	seen := map[string]int{}
	sc := bufio.NewScanner(bytes.NewReader(text))
	sc.Buffer(nil, 1<<20)
	for n := 1; sc.Scan(); n++ {
		if len(bytes.TrimSpace(sc.Bytes())) == 0 {
			continue
		}
		var r Record
		d := json.NewDecoder(bytes.NewReader(sc.Bytes()))
		d.DisallowUnknownFields()
		if err := d.Decode(&r); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, n, err)
		}
		if err := r.check(); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, n, err)
		}
		key := r.Commit + " " + r.Key()
		if before := seen[key]; before > 0 {
			return nil, fmt.Errorf("%s:%d: %s stands in line %d already", name, n, r.Key(), before)
		}
		seen[key] = n
		list = append(list, r)
	}
	if err := sc.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	slices.SortFunc(list, compare)
	return list, nil
}

// Format writes records as they stand in a file: sorted, one a line.
func Format(list []Record) ([]byte, error) {
	list = slices.SortedFunc(slices.Values(list), compare)
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	for _, r := range list {
		if err := enc.Encode(r); err != nil {
			return nil, err
		}
	}
	return out.Bytes(), nil
}

// file is where the records are, beside this package.
const file = "ledger.jsonl"

//go:embed ledger.jsonl
var files embed.FS

// Read returns the records that are kept here.
func Read() ([]Record, error) {
	text, err := files.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return Parse(file, text)
}
