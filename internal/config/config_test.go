package config

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

func spec() Spec {
	return Spec{
		Rules: []Rule{{"unclosed", "what leaks"}, {"singleton", "what stays"}},
		Options: []Option{
			{Name: "exclude", Comma: true},
			{Name: "extra", Usage: "further rows"},
			{Name: "profile", Default: "serverless", Choices: []string{"serverless", "service"}},
			{Name: "scope.funcs", Comma: true},
			{Name: "strict", Bool: true},
		},
	}
}

// The parser and the schema agree on every document: an editor underlines what
// the command refuses, and nothing else.
func TestSchemaAgrees(t *testing.T) {
	text, err := Schema(spec())
	if err != nil {
		t.Fatal(err)
	}
	var schema map[string]any
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	for doc, ok := range map[string]bool{
		"{}":                              true,
		"profile: service":                true,
		"profile: lambda":                 false,
		"profile: [service]":              false,
		"profile: 1":                      false,
		"profile:":                        false,
		"profiles: service":               false,
		"rules: {unclosed: false}":        true,
		"rules: {unclosed: no}":           false, // text in YAML 1.2, and our parser follows it
		"rules: {unclosed: 'false'}":      false,
		"rules: {unclose: false}":         false,
		"rules: [unclosed, singleton]":    true,
		"rules: [unclose]":                false,
		"rules: []":                       false,
		"rules: unclosed":                 false,
		"strict: true":                    true,
		"strict: 1":                       false,
		"extra: open x.F":                 true,
		"extra: [open x.F, take x.G]":     true,
		"extra: ''":                       false,
		"extra: [1]":                      false,
		"extra: {a: b}":                   false,
		"scope.funcs: a.B":                true,
		"exclude: old/...":                true,
		"exclude: [old/..., ./b, a/x.go]": true,
		"exclude: /old":                   false,
		"exclude: 'old/*'":                false,
		"exclude: {a: b}":                 false,
		"paths: {service: cmd/...}":       true,
		"paths: {service: [cmd, api]}":    true,
		"paths: {lambda: cmd}":            false,
		"paths: [cmd]":                    false,
		"unclosed: false":                 false,
		"- profile":                       false,
	} {
		_, err := Parse(spec(), "x.yml", []byte(doc))
		if (err == nil) != ok {
			t.Errorf("%s: the parser says %v", doc, err)
		}
		var value any
		if err := yaml.Unmarshal([]byte(doc), &value); err != nil {
			t.Fatal(err)
		}
		if got := valid(schema, value); got != ok {
			t.Errorf("%s: the schema says %v", doc, got)
		}
	}
}

// valid checks a value with the part of JSON Schema that we use.
func valid(schema map[string]any, value any) bool {
	for keyword, want := range schema {
		ok := true
		switch keyword {
		case "$schema", "$id", "title", "description", "default":
		case "type":
			switch value.(type) {
			case map[string]any:
				ok = want == "object"
			case []any:
				ok = want == "array"
			case string:
				ok = want == "string"
			case bool:
				ok = want == "boolean"
			default:
				ok = false
			}
		case "enum":
			ok = slices.Contains(want.([]any), value)
		case "pattern":
			text, is := value.(string)
			ok = !is || regexp.MustCompile(want.(string)).MatchString(text)
		case "minItems":
			items, is := value.([]any)
			ok = !is || len(items) >= int(want.(float64))
		case "items":
			items, _ := value.([]any)
			for _, item := range items {
				ok = ok && valid(want.(map[string]any), item)
			}
		case "oneOf":
			n := 0
			for _, one := range want.([]any) {
				if valid(one.(map[string]any), value) {
					n++
				}
			}
			ok = n == 1
		case "properties":
			for key, v := range mapping(value) {
				if p, known := want.(map[string]any)[key]; known {
					ok = ok && valid(p.(map[string]any), v)
				}
			}
		case "additionalProperties":
			properties, _ := schema["properties"].(map[string]any)
			for key := range mapping(value) {
				ok = ok && properties[key] != nil
			}
		default:
			ok = false
		}
		if !ok {
			return false
		}
	}
	return true
}

func mapping(value any) map[string]any {
	m, _ := value.(map[string]any)
	return m
}

func TestPatterns(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.work":             "go 1.25\nuse (\n.\n./tools\n)\n",
		"go.mod":              "// The module.\nmodule example.com/app // it is\n",
		"main.go":             "",
		"a/a.go":              "",
		"a/b/b.go":            "",
		"a/b/b_mock.go":       "",
		"doc/text.md":         "",
		"vendor/x/x.go":       "",
		"testdata/t.go":       "",
		"_old/o.go":           "",
		"tools/go.mod":        "module \"example.com/tools\"\n",
		"tools/gen/gen.go":    "",
		"tools/gen/x/deep.go": "",
		"modular/go.mod":      "module modular\n",
	} {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for pattern, want := range map[string]string{
		"./...":               "example.com/app/...,example.com/tools/...",
		".":                   "example.com/app",
		"a":                   "example.com/app/a",
		"./a/":                "example.com/app/a",
		"a/...":               "example.com/app/a/...",
		"a/b/b.go":            "example.com/app/a/b/b.go",
		"..._mock.go":         "example.com/app/..._mock.go",
		"tools/...":           "example.com/tools/...",
		"tools/gen":           "example.com/tools/gen",
		"tools/gen/...":       "example.com/tools/gen/...",
		"tools/gen/x/...":     "example.com/tools/gen/x/...",
		"tools/gen/x/deep.go": "example.com/tools/gen/x/deep.go",
		"doc":                 "",
		"vendor/...":          "",
		"testdata":            "",
		"_old":                "",
		"modular/...":         "",
		"b":                   "",
	} {
		file, err := Parse(spec(), "x.yml", []byte("exclude: "+pattern))
		if err != nil {
			t.Errorf("%s: %v", pattern, err)
			continue
		}
		err = file.Resolve(dir)
		if want == "" {
			if err == nil || !strings.Contains(err.Error(), "matches no package and no Go file") {
				t.Errorf("%s: %v %v", pattern, file.Settings, err)
			}
			continue
		}
		if err != nil || len(file.Settings) != 1 || file.Settings[0].Value != want {
			t.Errorf("%s: %v %v, want %s", pattern, file.Settings, err, want)
		}
	}

	// A file below the root of its module.
	file, err := Parse(spec(), "x.yml", []byte("profile: service\npaths: {serverless: [b, ./...]}"))
	if err != nil {
		t.Fatal(err)
	}
	if err := file.Resolve(filepath.Join(dir, "a")); err != nil {
		t.Fatal(err)
	}
	if got, want := file.Settings[0].Value, "service,example.com/app/a/b=serverless,example.com/app/a/...=serverless"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestFind(t *testing.T) {
	top := t.TempDir()
	for _, name := range []string{"out/.redislint.yml", "out/work/go.work", "out/work/m/go.mod", "out/work/m/p/p.go", "out/mod/go.mod", "out/mod/p/.redislint.yaml", "out/mod/p/q/q.go"} {
		file := filepath.Join(top, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for dir, want := range map[string]string{
		"out/work/m/p": "", // what is above the workspace is somebody else's
		"out":          "out/.redislint.yml",
		"out/mod/p/q":  "out/mod/p/.redislint.yaml",
		"out/mod":      "",
	} {
		got, err := Find(filepath.Join(top, filepath.FromSlash(dir)))
		if want != "" {
			want = filepath.Join(top, filepath.FromSlash(want))
		}
		if err != nil || got != want {
			t.Errorf("%s: %q %v, want %q", dir, got, err, want)
		}
	}
	t.Setenv("GOWORK", "off")
	if got := Root(filepath.Join(top, "out/work/m/p")); got != filepath.Join(top, "out/work/m") {
		t.Errorf("the module is %s", got)
	}
}

// Settings that another tool has decoded have no lines, and keys with dots may
// have become mappings.
func TestDecode(t *testing.T) {
	file, err := Decode(spec(), map[string]any{
		"profile": "service",
		"scope":   map[string]any{"funcs": []any{"a.B", "a.C"}},
		"extra":   []any{"open a.D", "take a.E"},
		"rules":   map[string]any{"singleton": false},
	})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, s := range file.Settings {
		got[s.Flag] = s.Value
	}
	for flag, want := range map[string]string{"profile": "service", "scope.funcs": "a.B,a.C", "extra": "open a.D\ntake a.E", "singleton": "false"} {
		if got[flag] != want {
			t.Errorf("-%s=%q, want %q", flag, got[flag], want)
		}
	}
	if file, err = Decode(spec(), nil); err != nil || len(file.Settings) > 0 {
		t.Errorf("nothing is %v, %v", file, err)
	}
	if _, err = Decode(spec(), map[string]any{"profil": "service"}); err == nil || !strings.HasPrefix(err.Error(), "profil: unknown key") {
		t.Errorf("unknown key: %v", err)
	}
}

// Whatever a file holds, it is read or refused, each mistake in one line that
// names the file; what is read sets known flags to values that they take.
func FuzzParse(f *testing.F) {
	for _, doc := range []string{
		"profile: service\nrules: {unclosed: false}\n", "rules: [singleton]\npaths:\n  - path: a/...\n    rules: {unclosed: false}\n",
		"exclude: [a, 'b/**']\nextra: |\n  open a.B\n", "scope: {funcs: [a.B]}\nstrict: true\n", "a: &a [*a]\n", "x: !!binary aGk=\n--- {}\n", "\tprofile: x", "? [a]: b",
	} {
		f.Add([]byte(doc))
	}
	known := map[string]bool{"unclosed": true, "singleton": true}
	for _, o := range spec().Options {
		known[o.Name] = true
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := Parse(spec(), "c.yml", data)
		if err != nil {
			for line := range strings.SplitSeq(err.Error(), "\n") {
				if !strings.HasPrefix(line, "c.yml") {
					t.Errorf("the error has a line %q", line)
				}
			}
			return
		}
		for _, s := range file.Settings {
			if !known[s.Flag] {
				t.Errorf("%q is no flag", s.Flag)
			}
		}
	})
}
