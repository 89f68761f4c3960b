// Package settings holds the rules about options against every client library
// and version line: as its defaults are, at their worst, and as they should
// be. Repairs are applied, type-checked, and found to be silent.
package settings

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"go/format"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A line is a version line of a library.
type line struct {
	name    string
	require string // module and version; "stub NAME PATH" for one that no proxy has
	imports string
	units   []unit
}

// A unit is one way to open a client: a function with a body for each state,
// and the names of the settings that each rule should speak of.
type unit struct {
	name      string
	usual     string // as the defaults are
	worst     string
	compliant string

	timeoutUsual, timeoutWorst     string
	reconnectUsual, reconnectWorst string
}

func lines() []line { return slices.Concat(goRedis(), others()) }

func Test(t *testing.T) {
	if testing.Short() {
		t.Skip("it loads some thirty versions of client libraries")
	}
	tool := build(t)
	for _, l := range lines() {
		t.Run(l.name, func(t *testing.T) {
			t.Parallel()
			dir := module(t, l)
			states := []string{"usual", "worst", "compliant"}
			got := findings(t, tool, dir)
			for _, u := range l.units {
				for _, state := range states {
					timeout, reconnect := u.timeoutUsual, u.reconnectUsual
					switch state {
					case "worst":
						timeout, reconnect = u.timeoutWorst, u.reconnectWorst
					case "compliant":
						timeout, reconnect = "", ""
					}
					compare(t, got, state, u.name, "timeout", timeout)
					compare(t, got, state, u.name, "reconnect", reconnect)
				}
			}
			// A second turn repairs what two rules say of one literal.
			left := got
			for turn := 0; turn < 3 && len(left) > 0; turn++ {
				apply(t, dir, left)
				left = findings(t, tool, dir)
			}
			for _, f := range left {
				text, _ := os.ReadFile(filepath.Join(dir, f.File))
				t.Errorf("after the repair: %s: %s: %s\n%s", f.Function, f.Rule, f.Message, text)
			}
			for _, state := range states {
				file := filepath.Join(dir, state, state+".go")
				text, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				if neat, err := format.Source(text); err != nil || !bytes.Equal(neat, text) {
					t.Errorf("%s is not as gofmt writes it (%v):\n%s", state, err, text)
				}
			}
		})
	}
}

var (
	// names are those of settings; the subject of a message and the values are none.
	names = regexp.MustCompile(`[ (]([A-Z][A-Za-z]*(?:\.[A-Z][A-Za-z]*)*)`)
	// phrases are what a message calls settings that have no name to set.
	phrases = regexp.MustCompile(`its timeouts|sets no timeout\b|(?:(?:dial|read|write|io)(?:, | or | and ))*(?:dial|read|write|io) timeout`)
	more    = regexp.MustCompile(` and ([0-9]+) more$`)
)

// mentioned is what a message is about, in order, and the number of settings of
// which it only says how many there are.
func mentioned(message string) (list []string, others int) {
	found := map[string]bool{}
	fact, advice, _ := strings.Cut(message, "; ")
	for _, m := range names.FindAllStringSubmatch(message, -1) {
		found[m[1]] = true
	}
	delete(found, "DialerRetries") // how often it dials
	if strings.Contains(fact, "keeps idle connections") {
		found["MinIdleConns"] = true
	}
	switch {
	case strings.HasPrefix(message, "dialing may take"):
		found = map[string]bool{"dials": true}
	case strings.Contains(fact, ", and dialing may take"):
		found["dials"] = true
	}
	if m := more.FindStringSubmatch(advice); m != nil {
		n, _ := strconv.Atoi(m[1])
		// Those that the fact names are no strangers.
		others = max(0, n-(len(found)-len(names.FindAllString(" "+advice, -1))))
	} else if strings.HasSuffix(message, " and refreshes in the background") {
		others = 1
	}
	if len(found) == 0 {
		for _, p := range phrases.FindAllString(fact, -1) {
			kind, one := strings.CutSuffix(p, " timeout")
			switch {
			case p == "sets no timeout":
				found["timeout"] = true
			case !one:
				found[strings.ReplaceAll(p, " ", "_")] = true
			default:
				for _, k := range regexp.MustCompile(`[a-z]+`).FindAllString(strings.NewReplacer(" or ", " ", " and ", " ").Replace(kind), -1) {
					found[k+"_timeout"] = true
				}
			}
		}
	}
	return slices.Sorted(maps.Keys(found)), others
}

// saysOf reports whether a message is about some settings, which it names, or
// counts where they are many.
func saysOf(message string, want []string) bool {
	list, others := mentioned(message)
	for _, name := range list {
		if !slices.Contains(want, name) {
			return false
		}
	}
	return len(list) > 0 && len(list)+others == len(want)
}

func compare(t *testing.T, got []finding, state, unit, rule, want string) {
	t.Helper()
	var messages []string
	for _, f := range got {
		if f.Rule == rule && f.Function == unit && filepath.Dir(f.File) == state {
			messages = append(messages, f.Message)
		}
	}
	switch {
	case want == "" && len(messages) > 0:
		t.Errorf("%s %s: %s: unexpected: %s", state, unit, rule, messages)
	case want != "" && len(messages) != 1:
		t.Errorf("%s %s: %s: %d findings, want one about %s: %s", state, unit, rule, len(messages), want, messages)
	case want != "" && !saysOf(messages[0], strings.Fields(want)):
		list, others := mentioned(messages[0])
		t.Errorf("%s %s: %s: about %q and %d more, want %q: %s", state, unit, rule, list, others, want, messages[0])
	}
}

// module writes a module with a package for each state.
func module(t *testing.T, l line) string {
	t.Helper()
	dir := t.TempDir()
	mod := "module example.com/settings\n\ngo 1.25.0\n\n"
	for _, r := range strings.Split(l.require, "\n") {
		fields := strings.Fields(r)
		if fields[0] != "stub" {
			mod += "require " + r + "\n"
			continue
		}
		path, err := filepath.Abs(filepath.Join("testdata", fields[1]))
		if err != nil {
			t.Fatal(err)
		}
		version := "v0.0.0"
		if m := regexp.MustCompile(`\.v([0-9])$|/v([2-9])$`).FindStringSubmatch(fields[2]); m != nil && strings.HasPrefix(fields[2], "gopkg.in/") {
			version = "v" + m[1] + m[2] + ".0.0"
		} else if m != nil && m[2] != "" {
			version = "v" + m[2] + ".0.0"
		}
		mod += fmt.Sprintf("require %s %s\n\nreplace %s => %s\n\n", fields[2], version, fields[2], path)
	}
	write(t, filepath.Join(dir, "go.mod"), mod)
	for _, state := range []string{"usual", "worst", "compliant"} {
		var b strings.Builder
		fmt.Fprintf(&b, "package %s\n\nimport (\n%s)\n", state, l.imports)
		for _, u := range l.units {
			body := map[string]string{"usual": u.usual, "worst": u.worst, "compliant": u.compliant}[state]
			fmt.Fprintf(&b, "\nfunc %s(ctx context.Context, addr string) {\n%s\n}\n", u.name, body)
		}
		text := b.String()
		for _, std := range []string{"context", "time", "net"} {
			if regexp.MustCompile(`\b` + std + `\.`).MatchString(text) {
				text = strings.Replace(text, "import (\n", "import (\n\t\""+std+"\"\n", 1)
			}
		}
		neat, err := format.Source([]byte(text))
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		write(t, filepath.Join(dir, state, state+".go"), string(neat))
	}
	return dir
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// A finding is what the tool writes as JSON.
type finding struct {
	Rule, Message, File, Function string
	Fixes                         []struct {
		Edits []edit
	}
}

type edit struct {
	File           string
	Offset, Length int
	New            string
}

// findings runs the tool. What does not compile is no finding and ends the test.
func findings(t *testing.T, tool, dir string) []finding {
	t.Helper()
	var list []finding
	scanner := bufio.NewScanner(bytes.NewReader(run(t, dir, tool, "-format=json", "-no-config", "-profile=serverless", "-unsafe-fixes", "-timeout", "-reconnect", "./...")))
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		var f finding
		if err := json.Unmarshal(scanner.Bytes(), &f); err != nil {
			t.Fatalf("%v: %s", err, scanner.Bytes())
		}
		if f.Rule != "" {
			list = append(list, f)
		}
	}
	return list
}

// apply applies the first repair of each finding that touches nothing which
// another one has changed.
func apply(t *testing.T, dir string, list []finding) {
	t.Helper()
	byFile := map[string][]edit{}
	for _, f := range list {
		if len(f.Fixes) == 0 {
			t.Errorf("no repair: %s: %s: %s", f.Function, f.Rule, f.Message)
			continue
		}
		edits := byFile[f.File]
		clash := false
		for _, e := range f.Fixes[0].Edits {
			for _, d := range edits {
				same := e == d && e.Length == 0 // two repairs import the same package
				clash = clash || !same && e.Offset < d.Offset+max(1, d.Length) && d.Offset < e.Offset+max(1, e.Length)
			}
		}
		if clash {
			continue
		}
		for _, e := range f.Fixes[0].Edits {
			if !slices.Contains(edits, e) {
				edits = append(edits, e)
			}
		}
		byFile[f.File] = edits
	}
	for file, edits := range byFile {
		name := filepath.Join(dir, file)
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		slices.SortFunc(edits, func(a, b edit) int { return b.Offset - a.Offset })
		for _, e := range edits {
			text = slices.Concat(text[:e.Offset], []byte(e.New), text[e.Offset+e.Length:])
		}
		write(t, name, string(text))
	}
}

func build(t *testing.T) string {
	t.Helper()
	tool := filepath.Join(t.TempDir(), "redislint")
	if runtime.GOOS == "windows" {
		tool += ".exe"
	}
	run(t, "../..", "go", "build", "-o", tool, "./cmd/redislint")
	return tool
}

// run runs a command. Exit code 1 of the tool says that there are findings.
func run(t *testing.T, dir, name string, args ...string) []byte {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil && (cmd.ProcessState.ExitCode() != 1 || name == "go") {
		t.Fatalf("%s %s: %v\n%s%s", name, strings.Join(args, " "), err, out, &stderr)
	}
	return out
}
