package redislint_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/redislint/redislint"
	"github.com/redislint/redislint/internal/checktest"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"
)

// What a message may be long at most. Most are shorter than 130 characters; names
// of the source may be longer than those of the cases.
const longestMessage = 160

// foreign are words and turns that a Go programmer has to read twice.
var foreign = regexp.MustCompile(`(?i)\b(anew|for ever|each turn|behind its|lent to|lends|handed|hands it out|way out|is asked|which is said|tells? of|silences nothing|beside an error|outlives|a func\b)`)

// badMessage says what is wrong with a message, or "": it is one clause that begins
// with its subject, and after a semicolon it says what to do.
func badMessage(text string) string {
	switch {
	case text == "":
		return "is empty"
	case utf8.RuneCountInString(text) > longestMessage:
		return "is too long"
	case strings.HasSuffix(text, ".") || strings.ContainsAny(text, "\n\t") || strings.Contains(text, "  "):
		return "is no clause"
	case strings.Count(text, ";") > 1:
		return "has more than one semicolon"
	case foreign.MatchString(text):
		return "says " + foreign.FindString(text)
	case !strings.Contains(text, " "):
		return "has no fact"
	}
	fact, todo, ok := strings.Cut(text, "; ")
	if strings.Contains(fact, ";") || ok && (todo == "" || !imperative.MatchString(todo)) {
		return "does not begin what to do, after its semicolon, with a verb of the list imperative"
	}
	return ""
}

// imperative begins what to do.
var imperative = regexp.MustCompile(`^(add|call|check|close|delete|did you mean|do|defer|handle|insert|instrument|leave|let|log|move|name|open|pass|remove|release|return|see|select|send|set|shut|stop|the limit is|use|wait|write)\b`)

// The messages of all rules about all their cases read as the field's tools do:
// the subject, the fact, and after a semicolon what to type.
func TestVoice(t *testing.T) {
	if testing.Short() {
		t.Skip("analyses all cases")
	}
	testdata, err := filepath.Abs("testdata")
	if err != nil {
		t.Fatal(err)
	}
	// As analysistest loads them, but all at once.
	pkgs, err := packages.Load(&packages.Config{
		Mode: packages.LoadAllSyntax | packages.NeedModule, Dir: testdata,
		Env: append(os.Environ(), "GOPATH="+testdata, "GO111MODULE=off", "GOPROXY=off", "GOWORK=off"),
	}, cases(t)...)
	if err != nil {
		t.Fatal(err)
	}
	checktest.Set(t, "unsafe-fixes", "true", "generated", "true")
	count := map[string]int{}
	seen := map[string]bool{}
	for _, profile := range []string{"serverless", "auto", "service"} {
		checktest.Set(t, "profile", profile)
		graph, err := checker.Analyze(redislint.Analyzers(), pkgs, nil)
		if err != nil {
			t.Fatal(err)
		}
		for action := range graph.All() {
			if !action.IsRoot {
				continue
			}
			for _, d := range action.Diagnostics {
				if seen[d.Message] {
					continue
				}
				seen[d.Message] = true
				count[action.Analyzer.Name]++
				if what := badMessage(d.Message); what != "" {
					t.Errorf("%s: %q (%s) %s", action.Package.Fset.Position(d.Pos), d.Message, action.Analyzer.Name, what)
				}
				checkRest(t, d)
			}
		}
	}
	for _, a := range redislint.Analyzers() {
		if count[a.Name] < 3 {
			t.Errorf("%d different messages of %s in testdata/src/%[2]s, want 3 or more", count[a.Name], a.Name)
		}
	}
}

// checkRest checks the related positions and the titles of fixes.
func checkRest(t *testing.T, d analysis.Diagnostic) {
	t.Helper()
	var texts []string
	for _, r := range d.Related {
		texts = append(texts, r.Message)
	}
	for _, f := range d.SuggestedFixes {
		texts = append(texts, f.Message)
		if !imperative.MatchString(f.Message) && f.Message != "turn it off" {
			t.Errorf("a fix is named by its edit, not %q", f.Message)
		}
	}
	for _, text := range texts {
		if text == "" || foreign.MatchString(text) || strings.HasSuffix(text, ".") || utf8.RuneCountInString(text) > longestMessage {
			t.Errorf("%q, at a finding %q", text, d.Message)
		}
	}
}

// cases lists the patterns of the packages with cases of rules.
func cases(t *testing.T) []string {
	t.Helper()
	var list []string
	for _, a := range redislint.Analyzers() {
		list = append(list, a.Name+"/...")
	}
	return list
}

// What is wrong with a message is seen.
func TestBadMessages(t *testing.T) {
	for _, text := range []string{
		"", "closed", "rdb is closed.", "rdb is opened anew in each turn of the loop", "rdb leaks; it is your fault",
		"rdb leaks; close it; or not", "rdb is kept  twice", "conn is closed by the callback that it was lent to", strings.Repeat("rdb leaks ", 20),
	} {
		if badMessage(text) == "" {
			t.Errorf("%q is accepted", text)
		}
	}
	for _, text := range []string{
		"rdb is never closed (possible connection leak)",
		"c is opened on every iteration; open it once before the loop",
		"lint:ignore names unknown rule unclsed; did you mean unclosed?",
	} {
		if what := badMessage(text); what != "" {
			t.Errorf("%q %s", text, what)
		}
	}
}
