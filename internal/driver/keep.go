package driver

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/gob"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"golang.org/x/tools/go/analysis"

	"github.com/redislint/redislint/internal/cache"
	"github.com/redislint/redislint/internal/report"
)

// keeper keeps what became of packages between runs of the command. What is
// found in a package depends on the tool, its flags and the target (context),
// on the package's own files, and on the declarations and facts of what it
// imports; these make the key. Packages with errors are not kept.
type keeper struct {
	store   *cache.Store
	tool    cache.Key // this program
	context cache.Key
	origin  cache.Key    // the tool and the target alone
	asked   atomic.Int32 // packages that were looked up
	hits    atomic.Int32
}

// keeping is what a node remembers for the sake of its key.
type keeping struct {
	key     *cache.Key  // nil if nothing is kept
	changed atomic.Bool // a file is not what it was when the key was made

	failed     bool // it could not be analysed
	overFailed bool // one of those that it depends on could not

	readOnce     sync.Once
	readErr      error
	sum, outside cache.Key   // of the Go files, and of what skim leaves of them
	sums         []cache.Key // of each Go file

	declaredOnce sync.Once
	declaredErr  error
	declaredKey  cache.Key

	soundOnce, cleanOnce sync.Once
	isSound, isClean     bool
	needs                []*node // whose declarations its own were checked with
}

// kept is what is kept of a package.
type kept struct {
	Findings []report.Finding // with full names of files, and without Unit
	Facts    []byte
	Full     bool     // findings were asked for, and not only facts
	Mute     bool     // no facts were asked for, as no other package imported it
	Left     []string // rules that did not run
	Fates    []fate
}

// cacheFolder is where results are kept. A variable of the environment named
// after the tool, such as REDISLINT_CACHE, names another place than the user's
// folder for such things.
func (t *Tool) cacheFolder() (string, error) {
	if dir := os.Getenv(strings.ToUpper(t.Name) + "_CACHE"); dir != "" {
		return filepath.Abs(dir)
	}
	dir, err := os.UserCacheDir()
	return filepath.Join(dir, t.Name), err
}

// newKeeper returns the keeper for a run with these analyzers and the values
// that the flags have now, and why there is none if there is none.
func (l *loader) newKeeper(analyzers []*analysis.Analyzer) (*keeper, error) {
	var h cache.Hash
	h.Add("2") // the layout of what is kept
	exe, err := executableSum()
	if err != nil {
		return nil, err
	}
	h.AddKey(exe)
	h.Add(l.target.version, l.target.root, l.target.env, os.Getenv("GODEBUG"))
	origin := h.Key()
	h.Add(l.config.BuildFlags...)
	for _, a := range analyzers {
		h.Add("ask", a.Name)
	}
	var debugging error
	for _, a := range closure(l.tool.Analyzers) {
		h.Add("analyzer", a.Name)
		a.Flags.VisitAll(func(f *flag.Flag) {
			h.Add(f.Name, f.Value.String())
			if strings.HasPrefix(f.Name, "debug.") && f.Value.String() != f.DefValue {
				debugging = fmt.Errorf("-%s reports all packages", f.Name)
			}
		})
	}
	if debugging != nil {
		return nil, debugging
	}
	if err := numberTypes(factTypes(l.tool.Analyzers)); err != nil {
		return nil, err
	}
	dir, err := l.tool.cacheFolder()
	if err != nil {
		return nil, err
	}
	k := &keeper{store: cache.Open(dir), tool: exe, context: h.Key(), origin: origin}
	return k, nil
}

// keepResults lets the loader keep results between runs, unless the user does
// not want that. The error tells why it is not possible.
func (c *call) keepResults(l *loader) (err error) {
	if !c.build.noCache {
		l.keeper, err = l.newKeeper(c.analyzers)
	}
	return err
}

// executableSum is the sum of this program.
func executableSum() (cache.Key, error) {
	name, err := os.Executable()
	if err != nil {
		return cache.Key{}, err
	}
	f, err := os.Open(name)
	if err != nil {
		return cache.Key{}, err
	}
	defer f.Close()
	return cache.Sum(f)
}

// trim removes what has not been asked for in a long time.
func (k *keeper) trim() {
	if k != nil {
		k.store.Trim()
	}
}

// say tells what the cache was good for. A nil keeper was not wanted.
func (k *keeper) say(w *writer) {
	if k == nil {
		return
	}
	w.say("%d of %s taken from the cache", k.hits.Load(), report.Count(int(k.asked.Load()), "package"))
	if err := k.store.Problem(); err != nil {
		w.say("the cache does not work fully: %v", err)
	}
}

// recall takes what is kept of a package, if it is what an analysis would
// give.
func (l *loader) recall(n *node) bool {
	if !l.keeps(n) {
		return false
	}
	l.keeper.asked.Add(1)
	key, err := l.key(n)
	if err != nil {
		return false // the analysis meets the same error
	}
	n.key = &key
	data, ok := l.keeper.store.Get(key)
	if !ok {
		return false
	}
	var k kept
	if err := gob.NewDecoder(bytes.NewReader(data)).Decode(&k); err != nil {
		l.keeper.store.Report(err)
		return false
	}
	if n.root && !k.Full || n.awaited && k.Mute {
		return false
	}
	if _, err := parseHeader(k.Facts); err != nil {
		l.keeper.store.Report(err)
		return false
	}
	// An analysis would also say what is wrong with the syntax of packages
	// whose declarations it reads.
	for _, d := range n.deps {
		if !l.sound(d.node) {
			return false
		}
	}
	if n.root {
		n.found, n.outcome.fates = k.Findings, k.Fates
		for _, a := range l.analyzers {
			n.outcome.results = append(n.outcome.results, result{analyzer: a, left: slices.Contains(k.Left, a.Name)})
		}
	}
	n.outcome.facts = k.Facts
	l.keeper.hits.Add(1)
	return true
}

// remember keeps what became of a package.
func (l *loader) remember(n *node) {
	if n.key == nil || !n.clean() {
		return
	}
	k := kept{Findings: n.found, Facts: n.outcome.facts, Full: n.root, Mute: !n.awaited, Fates: n.outcome.fates}
	for _, r := range n.outcome.results {
		if r.left {
			k.Left = append(k.Left, r.analyzer.Name)
		}
	}
	var data bytes.Buffer
	if err := gob.NewEncoder(&data).Encode(k); err != nil {
		l.keeper.store.Report(err)
		return
	}
	l.keeper.store.Put(*n.key, data.Bytes())
}

// keeps reports whether results of a package are kept at all. Fixes need the
// syntax, so there is no use in less.
func (l *loader) keeps(n *node) bool {
	return l.keeper != nil && len(n.Errors) == 0 && !n.overFailed && !(l.keep && n.root)
}

// key names what becomes of a package.
func (l *loader) key(n *node) (cache.Key, error) {
	var h cache.Hash
	h.AddKey(l.keeper.context)
	h.Add("package", n.ID, n.PkgPath, n.Name, n.ForTest, n.goVersion())
	if m := n.module(); m != nil {
		h.Add(m.Path, m.Version)
	}
	if err := cmp.Or(l.read(n), n.addOthers(&h)); err != nil {
		return cache.Key{}, err
	}
	h.AddKey(n.sum)
	for _, d := range n.deps {
		h.Add(d.path, d.node.ID)
		below, err := l.declarationKey(d.node)
		if err != nil {
			return cache.Key{}, err
		}
		h.AddKey(below)
		h.Add(string(d.node.outcome.facts))
	}
	return h.Key(), nil
}

// addOthers adds the files of a package that are not compiled.
func (n *node) addOthers(h *cache.Hash) error {
	for _, name := range slices.Concat(n.OtherFiles, n.IgnoredFiles) {
		h.Add(name)
		if n.fixed() {
			continue
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		h.Add(string(data))
	}
	return nil
}

// fixed reports whether the files of a package are those that its module has
// at its version, so that the version stands for them.
func (n *node) fixed() bool {
	m := n.Module
	if m != nil && m.Replace != nil {
		m = m.Replace
	}
	return m != nil && m.Version != "" && !m.Main && strings.HasSuffix(m.Dir, "@"+m.Version) &&
		!slices.ContainsFunc(n.GoFiles, func(name string) bool {
			return !strings.HasPrefix(name, m.Dir+string(filepath.Separator))
		})
}

// ofRelease reports whether the files of a package are those of a release of
// Go.
func (t *target) ofRelease(n *node) bool {
	return n.Module == nil && !n.root && strings.HasPrefix(t.version, "go") && !strings.Contains(t.version, " ") &&
		t.root != "" && !slices.ContainsFunc(n.GoFiles, func(name string) bool {
		return !strings.HasPrefix(name, filepath.Join(t.root, "src")+string(filepath.Separator))
	})
}

// stands reports whether something else stands for the files of a package: the
// version of its module, or that of Go.
func (l *loader) stands(n *node) bool { return n.fixed() || l.target.ofRelease(n) }

// read makes the sums of a package's Go files: of all their content, and of
// what is left of it by skim.
func (l *loader) read(n *node) error {
	n.readOnce.Do(func() {
		var all, outside cache.Hash
		stands := l.stands(n)
		for _, name := range n.GoFiles {
			all.Add(name)
			outside.Add(name)
			if stands {
				continue
			}
			data, err := os.ReadFile(name)
			if err != nil {
				n.readErr = err
				return
			}
			sum := cache.Key(sha256.Sum256(data))
			n.sums = append(n.sums, sum)
			all.AddKey(sum)
			outside.Add(string(skim(data)))
		}
		n.sum, n.outside = all.Key(), outside.Key()
	})
	return n.readErr
}

// source reads a file of a package.
func (n *node) source(name string) ([]byte, error) {
	data, err := os.ReadFile(name)
	n.compare(name, sha256.Sum256(data))
	return data, err
}

// compare sees to it that nothing is kept of a package with a file that is not
// what it was when the key was made.
func (n *node) compare(name string, now sum) {
	if i := slices.Index(n.GoFiles, name); i >= 0 && i < len(n.sums) && cache.Key(now) != n.sums[i] {
		n.changed.Store(true)
	}
}

// declarationKey names what other packages can know of the declarations of a
// package. Lines in bodies count by their number, which decides on positions.
func (l *loader) declarationKey(n *node) (cache.Key, error) {
	n.declaredOnce.Do(func() {
		if n.declaredErr = l.read(n); n.declaredErr != nil {
			return
		}
		var h cache.Hash
		h.Add("declarations", n.ID, n.PkgPath, n.Name, n.goVersion())
		h.AddKey(n.outside)
		for _, d := range n.deps {
			h.Add(d.path)
			below, err := l.declarationKey(d.node)
			if err != nil {
				n.declaredErr = err
				return
			}
			h.AddKey(below)
		}
		n.declaredKey = h.Key()
	})
	return n.declaredKey, n.declaredErr
}

// sound reports whether the syntax of a package is right, and that of those
// whose declarations it needs, as far as the user would be told otherwise. A
// package that is analysed looks after itself.
func (l *loader) sound(n *node) bool {
	if !n.overOurs {
		return true
	}
	l.analyse(n)
	if n.used {
		return true
	}
	n.soundOnce.Do(func() {
		key, err := l.declarationKey(n)
		if err != nil || len(n.Errors) > 0 {
			return
		}
		var h cache.Hash
		h.AddKey(l.keeper.context)
		h.Add("syntax")
		h.AddKey(key)
		h.AddKey(n.sum)
		needs, ok := l.keeper.store.Get(h.Key())
		if !ok {
			var right bool
			l.working(func() {
				files, errs := l.declarationsOf(n)
				right, needs = errs == nil, []byte(strings.Join(importsOf(files), "\n"))
			})
			if !right {
				return
			}
			if !n.changed.Load() {
				l.keeper.store.Put(h.Key(), needs)
			}
		}
		n.isSound = true
		for path := range strings.SplitSeq(string(needs), "\n") {
			if imp := n.imports[path]; imp != nil && !l.sound(imp) {
				n.isSound = false
			}
		}
	})
	return n.isSound
}

// clean reports whether nothing is wrong with a package, and with those whose
// declarations it needed. All of them have been loaded.
func (n *node) clean() bool {
	n.cleanOnce.Do(func() {
		n.isClean = len(n.errs)+len(n.Errors) == 0 && !n.changed.Load() &&
			!slices.ContainsFunc(n.needs, func(imp *node) bool { return !imp.clean() })
	})
	return n.isClean
}
