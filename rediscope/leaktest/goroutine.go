package leaktest

import (
	"bytes"
	"context"
	"fmt"
	"path"
	"runtime/pprof"
	"strconv"
	"strings"
)

// label is the key of the label that Name puts on goroutines.
const label = "leaktest"

// library is what the functions of go-redis begin with.
const library = "github.com/redis/go-redis/"

// mark labels the calling goroutine, and so all that it will start, if there is
// something to write on the label.
func mark(name string) {
	if name != "" {
		pprof.SetGoroutineLabels(pprof.WithLabels(context.Background(), pprof.Labels(label, name)))
	}
}

// goroutines counts the goroutines that are in go-redis, by what they run. With
// a name, only those that descend from a goroutine with this mark.
func goroutines(name string) map[string]int {
	var profile bytes.Buffer
	if err := pprof.Lookup("goroutine").WriteTo(&profile, 1); err != nil {
		return nil // a buffer takes all
	}
	return count(profile.String(), name)
}

// count reads a goroutine profile as text. Its records are
//
//	2 @ 0x47ec4e 0x47ed05
//	# labels: {"leaktest":"TestX"}
//	#	0x7261c4	example.org/pkg.(*T).method+0x64	/src/pkg/t.go:72
//
// each with the innermost function first.
func count(profile, name string) map[string]int {
	found := map[string]int{}
	for record := range strings.SplitSeq(profile, "\n\n") {
		n, what, marked := 0, "", name == ""
		for line := range strings.Lines(record) {
			line = strings.TrimSpace(line)
			if head, _, ok := strings.Cut(line, " @ "); ok && n == 0 {
				n, _ = strconv.Atoi(head)
			} else if labels, ok := strings.CutPrefix(line, "# labels: "); ok {
				marked = marked || strings.Contains(labels, fmt.Sprintf("%q:%q", label, name))
			} else if f := strings.FieldsFunc(line, tab); len(f) == 4 && strings.HasPrefix(f[2], library) {
				what = brief(f[2], f[3]) // in the end the outermost
			}
		}
		if marked && what != "" {
			found[what] += n
		}
	}
	return found
}

func tab(r rune) bool { return r == '\t' }

// brief names a function of go-redis as its source does.
func brief(function, place string) string {
	function, _, _ = strings.Cut(function, "+0x")
	pkg := path.Base(function)
	// The package's name in front of its functions; v9 is called redis.
	if rest, ok := strings.CutPrefix(pkg, "v9."); ok {
		pkg = "redis." + rest
	}
	return fmt.Sprintf("%s (%s)", pkg, path.Base(place))
}
