package ledger

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

// The file is sorted, and written as Format writes it, so that a diff shows
// what was judged and nothing else.
func TestFile(t *testing.T) {
	records, err := Read()
	if err != nil {
		t.Fatal(err)
	}
	if len(records) < 700 {
		t.Fatalf("%d records, there were more", len(records))
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want, err := Format(records)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(text, want) {
		t.Errorf("%s is not as it would be written: run go run ./corpus -sort", file)
	}
}

const good = `{"repo":"a/b","commit":"0123456789012345678901234567890123456789","module":".","file":"x.go","line":3,"rule":"unclosed","profile":"","verdict":"true","reason":"Nothing closes it."}`

func TestParse(t *testing.T) {
	with := func(old, new string) string { return strings.Replace(good, old, new, 1) }
	for _, c := range []struct{ text, want string }{
		{good, ""},
		{"\n" + good + "\n\n", ""},
		{good + "\n" + with(`"line":3`, `"line":4`), ""},
		{good + "\n" + good, "f:2: a/b x.go:3 unclosed  stands in line 1 already"},
		{with(`"a/b"`, `"a"`), `repo "a" is not of the form owner/name`},
		{with("0123456789", "012345678"), "is not 40 hex digits"},
		{with(`"module":"."`, `"module":"../x"`), `module "../x" is no folder`},
		{with(`"module":"."`, `"module":"y"`), `file "x.go" is not in the module "y"`},
		{with(`"x.go"`, `"/x.go"`), "is no Go file in a repository"},
		{with(`"line":3`, `"line":0`), "line 0"},
		{with(`"unclosed"`, `"No Rule"`), "is no name of a rule"},
		{with(`"profile":""`, `"profile":"batch"`), "is none of service, serverless, any, auto"},
		{with(`"verdict":"true"`, `"verdict":""`), "is none of true, false, noise, open"},
		{with(`"verdict":"true"`, `"verdict":"true","label":"lost"`), `label "lost" is unknown`},
		{with("Nothing closes it.", " "), "there is no reason"},
		{with(`"line":3`, `"lines":3`), "unknown field"},
		{"{", "f:1: unexpected EOF"},
	} {
		_, err := Parse("f", []byte(c.text))
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", c.text, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: %v, want %s", c.text, err, c.want)
		}
	}
}

// Whatever the order, the same is written.
func TestFormat(t *testing.T) {
	other := strings.Replace(good, `"line":3`, `"line":12`, 1)
	var texts []string
	for _, text := range []string{good + "\n" + other, other + "\n" + good} {
		records, err := Parse("f", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		out, err := Format(records)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(out))
	}
	if want := good + "\n" + other + "\n"; texts[0] != want || texts[1] != want {
		t.Errorf("%q", texts)
	}
}
