package generated

import (
	"context"
	"os"
	"testing"
)

// ReportAll is a Finder that takes every line that opens something for a leak.
func reportAll(seen map[int]*Truth) Finder {
	return func(context.Context, *Workspace) (map[Site]string, error) {
		out := map[Site]string{}
		for _, t := range seen {
			for s := range t.Sites {
				out[s] = "leak"
			}
		}
		return out, nil
	}
}

func TestX(t *testing.T) {
	ps, err := Generate(1, 300)
	if err != nil {
		t.Fatal(err)
	}
	t.Log("generated")
	w, err := NewWorkspace("/work/notes/generated/ws")
	if err != nil {
		t.Fatal(err)
	}
	tool, err := w.BuildTool(t.Context(), "/work/main")
	if err != nil {
		t.Fatal(err)
	}
	tally, err := Measure(t.Context(), w, ps, VetTool(tool), os.Stderr)
	if err != nil {
		t.Fatal(err)
	}
	t.Log(tally)
	for i, m := range tally.Mismatches {
		if i < 40 {
			t.Log(m.Site, m.False, m.Message)
		}
	}
}
