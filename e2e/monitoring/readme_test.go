package monitoring

import (
	"regexp"
	"strings"
	"testing"

	"github.com/redislint/redislint"
)

// row finds the rows of the page's tables whose first cell is code.
var row = regexp.MustCompile("(?m)^\\| `([^`]+)` \\| (.*) \\|$")

// rows returns the cells after the first, by the first.
func rows(t *testing.T, heading string) map[string][]string {
	t.Helper()
	_, part, ok := strings.Cut(string(read(t, "README.md")), "\n## "+heading+"\n")
	if !ok {
		t.Fatalf("README.md has no heading %q", heading)
	}
	part, _, _ = strings.Cut(part, "\n## ")
	found := map[string][]string{}
	for _, m := range row.FindAllStringSubmatch(part, -1) {
		found[m[1]] = strings.Split(m[2], " | ")
	}
	return found
}

// The page has a row for every rule of redislint.
func TestEveryRuleHasAMetric(t *testing.T) {
	found := rows(t, "From a rule to the metric that shows it")
	for _, a := range redislint.Analyzers() {
		if len(found[a.Name]) != 2 {
			t.Errorf("README.md does not say what shows %s", a.Name)
		}
	}
	known := asked(t)
	for name, cells := range found {
		named := false
		for _, m := range metrics(cells[1]) {
			named = named || known[m] != ""
		}
		if !named && name != "directive" {
			t.Errorf("README.md names no metric for %s", name)
		}
	}
}

// The page tells each alert as it is.
func TestAlertsAreListed(t *testing.T) {
	found := rows(t, "The alerts")
	for _, a := range alerts(t) {
		cells := found[a.Alert]
		delete(found, a.Alert)
		if len(cells) != 3 {
			t.Errorf("README.md has no row for %s", a.Alert)
			continue
		}
		wait := "at once"
		if a.For != "" {
			wait = strings.TrimSuffix(a.For, "m") + " min"
		}
		if cells[1] != wait || cells[2] != a.Labels["severity"] {
			t.Errorf("README.md says %q of %s, it is %q, %q", cells[1:], a.Alert, wait, a.Labels["severity"])
		}
	}
	for name := range found {
		t.Errorf("README.md has %s, which is no alert", name)
	}
}

// The limits that the page tells are those of the file.
func TestLimitsAreListed(t *testing.T) {
	text := map[string]string{
		"redis:connections:limit":          "more than 50 connections",
		"redis:connections_ratio:limit":    "more than 90 % of `maxclients`",
		"redis:connections_growth:limit":   "by 10 or more",
		"redis:connects_per_second:limit":  "more than 300 new connections",
		"redis:clients_idle:limit":         "more than 10 clients",
		"redis:memory_ratio:limit":         "more than 90 % of `maxmemory`",
		"rediscope:connections_open:limit": "more than 20 connections open",
	}
	page := string(read(t, "README.md"))
	for _, r := range rules(t, "prometheus/thresholds.yml") {
		number := strings.Trim(strings.TrimPrefix(r.Expr, "vector"), "()")
		if rest, ok := strings.CutPrefix(number, "0."); ok {
			number = rest + "0 %"
		}
		want := text[r.Record]
		if want == "" || !strings.Contains(want, " "+number+" ") || !strings.Contains(page, want) {
			t.Errorf("%s is %s, README.md does not say %q", r.Record, r.Expr, want)
		}
	}
}
