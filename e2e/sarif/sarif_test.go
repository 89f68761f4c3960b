// Package sarif holds what redislint writes as SARIF to the official JSON
// schema of SARIF 2.1.0, and to what a schema cannot say.
package sarif

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// The schema as OASIS publishes it, errata 01. This module carries it in a
// string constant; the file is read from the module cache, and not linked.
const (
	schemaModule = "github.com/owenrumney/go-sarif/v3@v3.3.1"
	schemaFile   = "pkg/report/v210/sarif/schema.go"
	schemaID     = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)

// schema compiles the official schema.
func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	if testing.Short() {
		t.Skip("the schema is in a module that has to be there")
	}
	cmd := exec.Command("go", "mod", "download", "-json", schemaModule)
	cmd.Dir = t.TempDir()
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go mod download %s: %v\n%s", schemaModule, err, out)
	}
	var module struct{ Dir string }
	if err := json.Unmarshal(out, &module); err != nil {
		t.Fatal(err)
	}
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(module.Dir, schemaFile), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var text string
	ast.Inspect(file, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && len(lit.Value) > len(text) {
			text = lit.Value
		}
		return true
	})
	if text, err = strconv.Unquote(text); err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if id := doc.(map[string]any)["id"]; id != schemaID {
		t.Fatalf("this is the schema %v, not %s", id, schemaID)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource(schemaID, doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(schemaID)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// valid holds a log to the schema.
func valid(t *testing.T, s *jsonschema.Schema, text []byte) {
	t.Helper()
	log, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if err := s.Validate(log); err != nil {
		t.Errorf("%v\n%s", err, text)
	}
}

// What internal/report writes of all that a finding can have.
func TestSchema(t *testing.T) {
	s := schema(t)
	files, err := filepath.Glob("../../internal/report/testdata/*.sarif")
	if err != nil || len(files) == 0 {
		t.Fatalf("there are no samples: %v", err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		valid(t, s, text)
	}
	// The schema does refuse something.
	for _, wrong := range []string{
		`{"version": "2.1.0"}`,
		`{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "x", "no": 1}}}]}`,
		`{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "x"}}, "columnKind": "bytes"}]}`,
	} {
		log, err := jsonschema.UnmarshalJSON(strings.NewReader(wrong))
		if err != nil {
			t.Fatal(err)
		}
		if s.Validate(log) == nil {
			t.Errorf("the schema takes %s", wrong)
		}
	}
}

// The part of a log that is looked at.
type (
	log struct {
		Runs []struct {
			Tool struct {
				Driver struct {
					Rules []struct {
						ID   string
						Help struct{ Text, Markdown string }
					}
				}
			}
			ColumnKind string
			Results    []result
		}
	}
	result struct {
		RuleID              string
		RuleIndex           int
		Locations           []location
		PartialFingerprints map[string]string
		CodeFlows           []struct {
			ThreadFlows []struct {
				Locations []struct{ Location location }
			}
		}
	}
	location struct {
		PhysicalLocation struct {
			ArtifactLocation struct{ URI, URIBaseID string }
			Region           struct{ StartLine, StartColumn, EndLine, EndColumn int }
		}
		Message struct{ Text string }
	}
)

// What the command writes of the examples, from a folder below the root of the
// repository: both ways give the same, it is valid, and each of its positions
// is there.
func TestCommand(t *testing.T) {
	bin := filepath.Join(t.TempDir(), "redislint")
	if out, err := exec.Command("go", "build", "-o", bin, "../../cmd/redislint").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(root, ".git")); err != nil {
		t.Skip("this is no checkout, so there is no root to be relative to")
	}
	file := filepath.Join(t.TempDir(), "out.sarif")
	cmd := exec.Command(bin, "-C", filepath.Join(root, "examples"), "-format=sarif", "-sarif="+file, "./...")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	text, err := cmd.Output()
	if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) || exit.ExitCode() != 1 {
		t.Fatalf("%v, want exit code 1\n%s", err, stderr.String())
	}
	if beside, err := os.ReadFile(file); err != nil || !bytes.Equal(text, beside) {
		t.Errorf("-sarif and -format=sarif differ: %v", err)
	}
	valid(t, schema(t), text)

	var log log
	if err := json.Unmarshal(text, &log); err != nil {
		t.Fatal(err)
	}
	run := log.Runs[0]
	if run.ColumnKind != "utf16CodeUnits" {
		t.Errorf("columns count %s", run.ColumnKind)
	}
	for _, rule := range run.Tool.Driver.Rules {
		if !strings.Contains(rule.Help.Text, "Why") || !strings.Contains(rule.Help.Markdown, "# Why") {
			t.Errorf("%s has no manual", rule.ID)
		}
	}
	fingerprints := map[string]bool{}
	steps := 0
	for _, r := range run.Results {
		if id := run.Tool.Driver.Rules[r.RuleIndex].ID; id != r.RuleID {
			t.Errorf("rule %d of %s is %s", r.RuleIndex, r.RuleID, id)
		}
		print := r.PartialFingerprints["redislint/v1"]
		if print == "" || fingerprints[print] {
			t.Errorf("fingerprint %q is not its own", print)
		}
		fingerprints[print] = true
		exists(t, root, r.Locations[0])
		for _, flow := range r.CodeFlows {
			for _, step := range flow.ThreadFlows[0].Locations {
				steps++
				exists(t, root, step.Location)
				if step.Location.Message.Text == "" {
					t.Errorf("%s: a step says nothing", r.RuleID)
				}
			}
		}
	}
	if len(run.Results) < 4 || steps < 5 {
		t.Errorf("%d results with %d steps", len(run.Results), steps)
	}
}

// exists holds a location to the file that it names.
func exists(t *testing.T, root string, l location) {
	t.Helper()
	at := l.PhysicalLocation
	name, err := url.PathUnescape(at.ArtifactLocation.URI)
	if err != nil || at.ArtifactLocation.URIBaseID != "%SRCROOT%" {
		t.Fatalf("%+v is not relative to the root: %v", at.ArtifactLocation, err)
	}
	data, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(data), "\n")
	r := at.Region
	for _, p := range [][2]int{{r.StartLine, r.StartColumn}, {max(r.StartLine, r.EndLine), max(r.EndColumn, 1)}} {
		if p[0] < 1 || p[0] > len(lines) || p[1] < 1 || p[1] > len(utf16.Encode([]rune(lines[p[0]-1])))+1 {
			t.Errorf("%s has no position %d:%d", name, p[0], p[1])
		}
	}
}
