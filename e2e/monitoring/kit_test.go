// Package monitoring holds the monitoring kit to the tools it is made for.
package monitoring

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

const kit = "../../monitoring"

// ruleFiles are the files that Prometheus loads.
var ruleFiles = []string{"thresholds.yml", "recording.yml", "alerts.yml"}

// A rule is an alert or a recording rule.
type rule struct {
	Record string            `yaml:"record"`
	Alert  string            `yaml:"alert"`
	Expr   string            `yaml:"expr"`
	For    string            `yaml:"for"`
	Labels map[string]string `yaml:"labels"`
}

// rules reads the rules of one file.
func rules(t *testing.T, file string) []rule {
	t.Helper()
	var f struct {
		Groups []struct {
			Rules []rule `yaml:"rules"`
		} `yaml:"groups"`
	}
	if err := yaml.Unmarshal(read(t, file), &f); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	var list []rule
	for _, g := range f.Groups {
		list = append(list, g.Rules...)
	}
	if len(list) == 0 {
		t.Fatalf("%s has no rules", file)
	}
	return list
}

func alerts(t *testing.T) []rule { return rules(t, "prometheus/alerts.yml") }

// A query is an expression of the dashboard and where it stands there.
type query struct{ panel, expr string }

// dashboard reads the queries and the template variables of the dashboard, and
// holds its shape to what Grafana needs to import it.
func dashboard(t *testing.T) (queries []query, variables []string) {
	t.Helper()
	var d struct {
		ID         any    `json:"id"`
		UID        string `json:"uid"`
		Title      string `json:"title"`
		Schema     int    `json:"schemaVersion"`
		Templating struct {
			List []struct {
				Name       string `json:"name"`
				Type       string `json:"type"`
				Definition string `json:"definition"`
			} `json:"list"`
		} `json:"templating"`
		Annotations struct {
			List []struct {
				Name string `json:"name"`
				Expr string `json:"expr"`
			} `json:"list"`
		} `json:"annotations"`
		Panels []struct {
			ID          int    `json:"id"`
			Type        string `json:"type"`
			Title       string `json:"title"`
			Description string `json:"description"`
			GridPos     struct{ X, Y, W, H int }
			Targets     []struct {
				RefID      string `json:"refId"`
				Expr       string `json:"expr"`
				Datasource struct {
					UID string `json:"uid"`
				} `json:"datasource"`
			} `json:"targets"`
		} `json:"panels"`
	}
	if err := json.Unmarshal(read(t, "grafana/redis-connections.json"), &d); err != nil {
		t.Fatal(err)
	}
	if d.ID != nil || d.UID == "" || d.Title == "" || d.Schema < 36 {
		t.Errorf("id %v, uid %q, title %q, schema %d: cannot be imported", d.ID, d.UID, d.Title, d.Schema)
	}
	for _, v := range d.Templating.List {
		if v.Type == "query" {
			variables = append(variables, v.Definition)
		}
	}
	for _, a := range d.Annotations.List {
		if a.Expr != "" {
			queries = append(queries, query{"annotation " + a.Name, a.Expr})
		}
	}
	ids := map[int]bool{}
	taken := map[[2]int]string{}
	for _, p := range d.Panels {
		if ids[p.ID] {
			t.Errorf("panel %q has the id %d of another", p.Title, p.ID)
		}
		ids[p.ID] = true
		for x := p.GridPos.X; x < p.GridPos.X+p.GridPos.W; x++ {
			for y := p.GridPos.Y; y < p.GridPos.Y+p.GridPos.H; y++ {
				if other := taken[[2]int{x, y}]; other != "" || x >= 24 {
					t.Fatalf("panel %q lies on %q or beyond the right side", p.Title, other)
				}
				taken[[2]int{x, y}] = p.Title
			}
		}
		if p.Type == "row" {
			continue
		}
		if p.Description == "" || len(p.Targets) == 0 {
			t.Errorf("panel %q has no description or no query", p.Title)
		}
		for _, q := range p.Targets {
			if q.Datasource.UID != "${datasource}" {
				t.Errorf("panel %q asks the data source %q", p.Title, q.Datasource.UID)
			}
			queries = append(queries, query{p.Title + " " + q.RefID, q.Expr})
		}
	}
	return queries, variables
}

func TestDashboard(t *testing.T) {
	queries, variables := dashboard(t)
	if len(queries) < 20 || len(variables) != 2 {
		t.Errorf("%d queries and %d variables, are those all?", len(queries), len(variables))
	}
}

// metric is a name that the kit may ask for. Names are told from functions and
// labels by how they begin.
var (
	metric  = regexp.MustCompile(`\b(?:redis|rediscope|go|process)[_:][a-z0-9_:]*[a-z0-9]\b`)
	quoted  = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)
	grouped = regexp.MustCompile(`\b(?:by|without|on|ignoring)\s*\([^)]*\)`)
)

// metrics lists the names of series in an expression.
func metrics(expr string) []string {
	return metric.FindAllString(grouped.ReplaceAllString(quoted.ReplaceAllString(expr, `""`), ""), -1)
}

func TestMetrics(t *testing.T) {
	got := metrics(`sum by (redis_label) (redis_up{name="redis_exporter"}) > scalar(redis:connections:limit) or rediscope:open:increase1h offset 1d`)
	if want := []string{"redis_up", "redis:connections:limit", "rediscope:open:increase1h"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// asked lists all metrics that the kit names, with a place for each.
func asked(t *testing.T) map[string]string {
	t.Helper()
	names := map[string]string{}
	add := func(place, expr string) {
		for _, name := range metrics(expr) {
			names[name] = place
		}
	}
	for _, file := range ruleFiles {
		for _, r := range rules(t, "prometheus/"+file) {
			add(file, r.Expr)
		}
	}
	queries, variables := dashboard(t)
	for _, q := range queries {
		add("the dashboard's panel "+q.panel, q.expr)
	}
	for _, v := range variables {
		add("the dashboard's variables", v)
	}
	for _, code := range regexp.MustCompile("`[^`\n]+`").FindAllString(string(read(t, "README.md")), -1) {
		add("README.md", code)
	}
	delete(names, "redis_exporter") // a program
	return names
}

// recorded lists the names that the kit's recording rules make.
func recorded(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	for _, file := range ruleFiles {
		for _, r := range rules(t, "prometheus/"+file) {
			if r.Record != "" {
				names[r.Record] = true
			}
		}
	}
	return names
}

// What is recorded is asked for, and what is asked for of the kit is recorded.
func TestRecordedIsAskedFor(t *testing.T) {
	names, asked := recorded(t), asked(t)
	for name, place := range asked {
		if strings.Contains(name, ":") && !names[name] {
			t.Errorf("%s asks for %s, which no rule records", place, name)
		}
	}
	for name := range names {
		if asked[name] == "" {
			t.Errorf("%s is recorded for nobody", name)
		}
	}
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(kit, file))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// need skips a test where a program is not installed. In CI that is a failure.
func need(t *testing.T, programs map[string]string) {
	t.Helper()
	var missing []string
	for program, pkg := range programs {
		if _, err := exec.LookPath(program); err != nil {
			missing = append(missing, pkg)
		}
	}
	if len(missing) == 0 {
		return
	}
	slices.Sort(missing)
	message := "needs apt-get install " + strings.Join(slices.Compact(missing), " ")
	if os.Getenv("CI") != "" {
		t.Fatal(message)
	}
	t.Skip(message)
}

// promtool runs promtool in the folder of the rules.
func promtool(t *testing.T, args ...string) {
	t.Helper()
	need(t, map[string]string{"promtool": "prometheus"})
	cmd := exec.Command("promtool", args...)
	cmd.Dir = filepath.Join(kit, "prometheus")
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if err != nil {
		t.Errorf("promtool %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

func TestPromtool(t *testing.T) {
	t.Run("check", func(t *testing.T) { promtool(t, append([]string{"check", "rules", "--lint-fatal"}, ruleFiles...)...) })
	t.Run("test", func(t *testing.T) { promtool(t, "test", "rules", "tests.yml", "tests_thresholds.yml") })
}

// Each alert is seen firing and silent by the tests that promtool runs.
func TestAlertsAreTestedBothWays(t *testing.T) {
	type both struct{ fires, silent bool }
	seen := map[string]both{}
	for _, file := range []string{"tests.yml", "tests_thresholds.yml"} {
		var f struct {
			Tests []struct {
				Alerts []struct {
					Name   string `yaml:"alertname"`
					Expect []any  `yaml:"exp_alerts"`
				} `yaml:"alert_rule_test"`
			} `yaml:"tests"`
		}
		if err := yaml.Unmarshal(read(t, "prometheus/"+file), &f); err != nil {
			t.Fatal(err)
		}
		for _, test := range f.Tests {
			for _, a := range test.Alerts {
				b := seen[a.Name]
				b.fires = b.fires || len(a.Expect) > 0
				b.silent = b.silent || len(a.Expect) == 0
				seen[a.Name] = b
			}
		}
	}
	for _, a := range alerts(t) {
		if !seen[a.Alert].fires || !seen[a.Alert].silent {
			t.Errorf("%s is tested firing: %v, silent: %v", a.Alert, seen[a.Alert].fires, seen[a.Alert].silent)
		}
	}
}
