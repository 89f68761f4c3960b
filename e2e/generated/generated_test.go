package generated

import (
	"bytes"
	"context"
	"go/format"
	"os"
	"slices"
	"strings"
	"testing"
)

// measure is the number of programs that the tests measure, and limit the
// recall that they ask for. The command measures more.
const (
	measured    = 300
	recallLimit = 0.95
)

func workspace(t *testing.T) *Workspace {
	t.Helper()
	w, err := NewWorkspace(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func generate(t *testing.T, seed uint64, n int) []*Program {
	t.Helper()
	programs, err := Generate(seed, n)
	if err != nil {
		t.Fatal(err)
	}
	return programs
}

// TestGenerated holds the rule unclosed against programs whose truth comes from
// running them.
func TestGenerated(t *testing.T) {
	if testing.Short() {
		t.Skip("runs and vets a module")
	}
	w := workspace(t)
	tool, err := w.BuildTool(t.Context(), "../..")
	if err != nil {
		t.Fatal(err)
	}
	m, err := Measure(t.Context(), w, generate(t, 1, measured), VetTool(tool), os.Stderr)
	if err != nil {
		t.Fatal(err)
	}
	t.Log(m.Tally)
	for _, mm := range m.Mismatches {
		if mm.False {
			t.Errorf("%s: %s\n%s", mm.Site, mm.Message, Annotated(mm.Program, m.Truth[mm.Program.Number], m.Findings))
		}
	}
	if m.Recall() < recallLimit {
		t.Errorf("recall is %.4f, want at least %v", m.Recall(), recallLimit)
	}
	if m.Failed > 0 {
		t.Errorf("the tool gave up on %d programs", m.Failed)
	}
}

// TestTruth holds the generator to programs that are worth asking about, and
// the tally against a tool that reports everything and one that is silent.
func TestTruth(t *testing.T) {
	if testing.Short() {
		t.Skip("runs a module")
	}
	w := workspace(t)
	silent := func(context.Context, *Workspace) (*Findings, error) { return &Findings{}, nil }
	programs := generate(t, 2, 100)
	m, err := Measure(t.Context(), w, programs, silent, os.Stderr)
	if err != nil {
		t.Fatal(err)
	}
	if m.Found != 0 || m.Missed != m.Leaks || m.Precision() != 1 || m.Recall() != 0 {
		t.Errorf("a silent tool: %s", m.Tally)
	}
	if r := share(m.Leaks, m.Sites); r < 0.15 || r > 0.6 {
		t.Errorf("%.2f of all sites leak", r)
	}
	if m.Void > len(programs)/10 {
		t.Errorf("%d of %d programs have no truth", m.Void, len(programs))
	}
	for n, tr := range m.Truth {
		if tr.Void != "" && tr.Void != "too many vectors" {
			t.Errorf("program %d: %s", n, tr.Void)
		}
	}
	all := map[Site]string{}
	for _, tr := range m.Truth {
		for s := range tr.Sites {
			all[s] = "leaks"
		}
	}
	loud := Score(programs, m.Truth, &Findings{Messages: all})
	if loud.Found != m.Leaks || loud.Missed != 0 || loud.False != m.Sites-m.Doubtful-m.Leaks {
		t.Errorf("a tool that reports everything: %s", loud)
	}
}

func TestGenerateIsStable(t *testing.T) {
	long, short := generate(t, 3, 20), generate(t, 3, 10)
	for i, p := range short {
		if p.Main != long[i].Main || p.Lib != long[i].Lib {
			t.Errorf("program %d differs", i)
		}
		main, lib, err := p.Source()
		if err != nil {
			t.Fatal(err)
		}
		for _, src := range [][]byte{main, lib} {
			if out, err := format.Source(src); err != nil || !bytes.Equal(out, src) {
				t.Errorf("program %d is not formatted: %v", i, err)
			}
		}
	}
	if other := generate(t, 4, 10); other[0].Main == short[0].Main && other[1].Main == short[1].Main {
		t.Error("another seed gives the same programs")
	}
}

// TestConstructs holds every construct to being written when it is asked for,
// and names that nobody knows to an error.
func TestConstructs(t *testing.T) {
	names, _ := Constructs()
	programs, err := Generate(5, 200, names...)
	if err != nil {
		t.Fatal(err)
	}
	marks := map[string]string{
		"values":     "\ntype config_c",
		"containers": "for _, x := range all",
		"rangefunc":  "iter.Seq[int]",
		"generics":   "lib.NewBox_c",
		"registries": "map[K]T{}",
		"channels":   "<-ch",
		"closers":    "[]io.Closer{",
	}
	for _, name := range names {
		mark := marks[name]
		if mark == "" || !slices.ContainsFunc(programs, func(p *Program) bool { return strings.Contains(p.Main+p.Lib, mark) }) {
			t.Errorf("no program has the construct %q, which writes %q", name, mark)
		}
	}
	if _, err := Generate(5, 1, "monads"); err == nil || !strings.Contains(err.Error(), `"monads"; there are values, `) {
		t.Errorf("an unknown construct: %v", err)
	}
}

// TestShrink shrinks a program on which a tool that is silent about clusters
// errs.
func TestShrink(t *testing.T) {
	if testing.Short() {
		t.Skip("runs a module many times")
	}
	p := &Program{Main: `func F_c0(ctx context.Context, d ext.D) error {
	a := redis.NewClient(&redis.Options{})
	defer shut_c0(a)
	if d.B() {
		b := redis.NewClusterClient(&redis.ClusterOptions{})
		if err := b.Ping(ctx).Err(); err != nil {
			return err
		}
		b.Close()
	}
	return nil
}

func shut_c0(c *redis.Client) {
	c.Close()
}
`}
	silent := func(context.Context, *Workspace) (*Findings, error) { return &Findings{}, nil }
	small, err := Shrink(t.Context(), workspace(t), []*Program{p}, []bool{false}, silent, os.Stderr)
	if err != nil {
		t.Fatal(err)
	}
	if got := small[0].Main; strings.Contains(got, "if") || strings.Contains(got, "shut") || strings.Count(got, "\n") > 5 {
		t.Errorf("shrunk to\n%s", got)
	}
}
