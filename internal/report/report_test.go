package report

import (
	"strings"
	"testing"
)

func TestText(t *testing.T) {
	findings := Sort([]Finding{
		{Rule: "unclosed", Pos: Pos{File: "b.go", Line: 3, Col: 2}, Message: "rdb is never closed"},
		{Rule: "unclosed", Pos: Pos{File: "a.go", Line: 10, Col: 2}, Message: "x"},
		{Rule: "singleton", Pos: Pos{File: "b.go", Line: 3, Col: 2}, Message: "package-level rdb"},
		{Rule: "unclosed", Pos: Pos{File: "a.go", Line: 9, Col: 20}, Message: "y"},
		{Rule: "unclosed", Pos: Pos{File: "b.go", Line: 3, Col: 2}, Message: "rdb is never closed"},
	})
	var out strings.Builder
	if err := Text(&out, findings); err != nil {
		t.Fatal(err)
	}
	want := `a.go:9:20: y (unclosed)
a.go:10:2: x (unclosed)
b.go:3:2: package-level rdb (singleton)
b.go:3:2: rdb is never closed (unclosed)
`
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
}
