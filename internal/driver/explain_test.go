package driver

import (
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
)

func TestTerminalManual(t *testing.T) {
	a := &analysis.Analyzer{
		Name: "leak",
		URL:  "https://example.com/leak",
		Doc: "leak: report clients that nobody closes\n\nThe finding is where they are opened, and it goes on.\n\n" +
			"# Bad\n\n\tif x {\n\t\treturn // still open\n\t}\n\n# Good\n\nClose it.\n",
	}
	const want = `leak
  Report clients that nobody
  closes.

  The finding is where they
  are opened, and it goes on.

Bad
    if x {
        return // still open
    }

Good
  Close it.

https://example.com/leak
`
	if got := terminalManual(a, 30, false); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	got := terminalManual(a, 0, true)
	for _, part := range []string{"\x1b[1mBad\x1b[0m\n    if x {", "return \x1b[2m// still open\x1b[0m\n", "opened, and it goes on.\n"} {
		if !strings.Contains(got, part) {
			t.Errorf("%q is missing in\n%q", part, got)
		}
	}
}
