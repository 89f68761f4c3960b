package report

import (
	"bytes"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write what is printed to testdata")

// shown is source with what is hard to align: tabs, wide and combining
// characters, and characters that a terminal would obey.
const shown = "package p\n" +
	"\n" +
	"func F(ctx context.Context) error {\n" +
	"\tfor {\n" +
	"\t\t/* 数据库 */ rdb, err := open(ctx, \"e\u0301📦\")\t// tab\n" +
	"\t\tif err != nil &&\tretry {\n" +
	"\t\t\treturn err\n" +
	"\t\t}\n" +
	"\t\t/* \x1b[31m\u202e */ use(rdb)\n" +
	"\t}\n" +
	"}\n"

// column is the column of what a line of shown begins to say.
func column(line int, text string) int {
	return strings.Index(strings.Split(shown, "\n")[line-1], text) + 1
}

// region is a part of one line of shown.
func region(line int, text string) Pos {
	c := column(line, text)
	return Pos{"p.go", line, c, line, c + len(text)}
}

// sample is a run with all that a finding can have.
func sample() Run {
	open := region(5, "open(ctx, \"e\u0301📦\")")
	store := Pos{"sub/store file.go", 3, 1, 3, 5}
	return Run{
		Tool: "redislint", Version: "v1.2.3", URL: "https://example.com",
		Rules: []Rule{
			{"singleton", "report <clients> that are shared", "singleton: report clients\n\nWhy & how\nit is.\n\n# Why", "# md", "https://example.com/singleton"},
			{"unclosed", "report leaks", "unclosed: report leaks\n\n# Why\n\nBecause.", "", "https://example.com/unclosed"},
		},
		Packages: 3, Using: 1,
		Findings: []Finding{{
			Rule: "unclosed", Pos: open, Message: "rdb is never closed: \"100%\" | it <leaks>", URL: "https://example.com/unclosed",
			Unit: "example.com/m/p.go", Func: "F",
			Path: []Step{
				{Pos: open, Message: "opened here by open"},
				{Pos: region(6, "err != nil &&\tretry"), Message: "this condition is true"},
				{Pos: region(7, "return err"), Message: "still open at this return"},
				{Pos: store, Message: "kept here"},
			},
			Fixes: []Fix{{"insert defer rdb.Close()", []Edit{{Pos{"p.go", 6, 1, 6, 1}, 70, 70, "\t\tdefer rdb.Close()\n"}, {store, 10, 14, ""}}}},
		}, {
			Rule: "unclosed", Pos: Pos{File: "p.go", Line: 9, Col: column(9, "(rdb)")}, Message: "use(rdb) is bad",
			Mark: region(9, "use(rdb)"), Unit: "example.com/m/p.go", Func: "F",
			Path:       []Step{{Pos: Pos{"p.go", 3, 1, 10, 3}, Message: "this function does it", Mark: Pos{"p.go", 3, 6, 3, 7}}, {Pos: region(11, "}"), Message: "it ends here"}},
			Suppressed: &Suppression{InSource, "we know"},
		}, {
			Rule: "singleton", Pos: Pos{File: "/elsewhere/x y.go", Line: 1, Col: 1}, Message: "no source", Unit: "x/x.go",
		}},
	}
}

// tree writes the source of the sample, in a folder of a repository.
func tree(t *testing.T) (findings Run, src *Sources) {
	t.Helper()
	root := t.TempDir()
	dir := filepath.Join(root, "a dir")
	if err := os.MkdirAll(filepath.Join(dir, "sub"), 0o777); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "p.go"), shown)
	write(t, filepath.Join(dir, "sub", "store file.go"), "\n\nkeep(rdb)\n")
	src = NewSources(dir, root)
	run := sample()
	Fingerprints(run.Findings, src)
	return run, src
}

// Each format writes what its file in testdata holds.
func TestGolden(t *testing.T) {
	run, src := tree(t)
	failed := run
	failed.Findings, failed.Version = nil, "devel"
	failed.Errors = []string{"# p\np.go:1:1: expected <package>"}
	failed.Notes = []string{"not reported: 1 generated file"}
	clean := Run{Tool: "redislint", Packages: 2}
	for name, print := range map[string]func(io.Writer) error{
		"plain.txt":    func(w io.Writer) error { return Text(w, run.Findings) },
		"frames.txt":   func(w io.Writer) error { return Frames(w, run.Findings, src, Look{}) },
		"narrow.txt":   func(w io.Writer) error { return Frames(w, run.Findings, src, Look{Columns: 44}) },
		"colors.txt":   func(w io.Writer) error { return Frames(w, run.Findings[:1], src, Look{Colors: true}) },
		"json.txt":     func(w io.Writer) error { return JSON(w, run.Findings) },
		"run.sarif":    func(w io.Writer) error { return SARIF(w, run, src) },
		"failed.sarif": func(w io.Writer) error { return SARIF(w, failed, src) },
		"github.txt":   func(w io.Writer) error { return GitHub(w, run.Findings, src) },
		"gitlab.json":  func(w io.Writer) error { return GitLab(w, run.Findings, src) },
		"summary.md":   func(w io.Writer) error { return Summary(w, run, src, "https://example.com/r/blob/abc") },
		"failed.md":    func(w io.Writer) error { return Summary(w, failed, src, "") },
		"clean.md":     func(w io.Writer) error { return Summary(w, clean, src, "") },
		"baseline.txt": func(w io.Writer) error { return WriteBaseline(w, run.Findings, src) },
	} {
		var out bytes.Buffer
		if err := print(&out); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		golden := filepath.Join("testdata", name)
		if *update {
			write(t, golden, out.String())
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if out.String() != string(want) {
			t.Errorf("%s is now\n%s\nit was\n%s", name, out.String(), want)
		}
	}
}

// A run that finds nothing prints nothing, on a terminal too.
func TestNothing(t *testing.T) {
	src := NewSources(".", ".")
	for name, print := range map[string]func(io.Writer) error{
		"text":   func(w io.Writer) error { return Text(w, nil) },
		"frames": func(w io.Writer) error { return Frames(w, nil, src, Look{Colors: true}) },
		"json":   func(w io.Writer) error { return JSON(w, nil) },
		"github": func(w io.Writer) error { return GitHub(w, nil, src) },
	} {
		var out bytes.Buffer
		if err := print(&out); err != nil || out.Len() > 0 {
			t.Errorf("%s prints %q, %v", name, out.String(), err)
		}
	}
	if s := Closing("redislint", nil); s != "" {
		t.Errorf("the closing line is %q", s)
	}
}

func TestClosing(t *testing.T) {
	run, _ := tree(t)
	for _, test := range []struct {
		findings []Finding
		want     string
	}{
		{run.Findings, "3 findings in 2 files, 1 fixable with redislint -fix; see redislint explain singleton unclosed"},
		{run.Findings[2:], "1 finding in 1 file; see redislint explain singleton"},
	} {
		if got := Closing("redislint", test.findings); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}

// What a workflow command would read is escaped, and a region of several
// lines is told by where it begins.
func TestGitHubCommand(t *testing.T) {
	src := NewSources("/r", "/r")
	f := Finding{Rule: "a,b", Pos: Pos{"x:y,\nz%.go", 3, 4, 5, 6}, Message: "50%\r\nof it: all, or none"}
	var out bytes.Buffer
	if err := GitHub(&out, []Finding{f}, src); err != nil {
		t.Fatal(err)
	}
	const want = "::error file=x%3Ay%2C z%25.go,line=3,col=4,title=a%2Cb::x:y, z%25.go:3:4: 50%25  of it: all, or none (a,b)\n"
	if out.String() != want {
		t.Errorf("got  %qwant %q", out.String(), want)
	}
}

// A writer that fails makes the format fail.
func TestWriteErrors(t *testing.T) {
	run, src := tree(t)
	for name, print := range map[string]func(io.Writer) error{
		"text":     func(w io.Writer) error { return Text(w, run.Findings) },
		"frames":   func(w io.Writer) error { return Frames(w, run.Findings, src, Look{}) },
		"json":     func(w io.Writer) error { return JSON(w, run.Findings) },
		"sarif":    func(w io.Writer) error { return SARIF(w, run, src) },
		"github":   func(w io.Writer) error { return GitHub(w, run.Findings, src) },
		"summary":  func(w io.Writer) error { return Summary(w, run, src, "") },
		"baseline": func(w io.Writer) error { return WriteBaseline(w, run.Findings, src) },
	} {
		if err := print(full{}); err == nil {
			t.Errorf("%s does not notice that nothing can be written", name)
		}
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }
