package driver

import (
	"cmp"
	"fmt"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/packages"

	"github.com/redislint/redislint/internal/config"
	"github.com/redislint/redislint/internal/evidence"
)

// profileFlag is a flag that one of the analyzers may have. Where its value
// begins with autoProfile, the driver puts what the programs show in its place.
const (
	profileFlag = "profile"
	autoProfile = "auto"
)

// A program is a main package, or a package of functions that a platform calls,
// with what shows its kind.
type program struct {
	name string // its folder, as it is printed
	kind evidence.Kind
	what string // "http.ListenAndServe, main.go:40", or ""

	checked bool // a package of it is among those that are checked
}

func (p program) String() string {
	if p.what == "" {
		return fmt.Sprintf("%s: %s (no evidence that it serves)", p.name, p.kind)
	}
	return fmt.Sprintf("%s: %s (%s)", p.name, p.kind, p.what)
}

// flagOf is how the flag names a kind that was found rather than told.
func flagOf(k evidence.Kind) string {
	if k == evidence.Service {
		return "auto-service"
	}
	return k.String()
}

// decide finds the programs of the workspace and what kind they are of, and
// tells the analyzers by the flag. It does nothing where a person has said it,
// and where no package has to do with Redis.
func (c *call) decide(l *loader, nodes []*node, patterns []string) error {
	f := c.fs.Lookup(profileFlag)
	if f == nil {
		return nil
	}
	standard, told, _ := strings.Cut(f.Value.String(), ",")
	if standard != autoProfile {
		return nil
	}
	s := &survey{call: c, loader: l, fset: token.NewFileSet(), own: make(map[string]*ownPackage), reach: make(map[*node]bool), asked: make(map[string]bool), because: make(map[string]string)}
	if !s.collect(nodes) {
		return nil
	}
	if !c.wholeWorkspace(patterns) {
		s.extend()
	}
	known, err := evidence.Know(c.extra())
	if err != nil {
		return err
	}
	s.known = known
	kinds := s.kinds()
	c.programs, c.because = s.programs, s.because
	value := profilePatterns(kinds)
	if told != "" {
		value += "," + told
	}
	return f.Value.Set(value)
}

// extra is the value of the flag -extra.
func (c *call) extra() string {
	if f := c.fs.Lookup("extra"); f != nil {
		return f.Value.String()
	}
	return ""
}

// wholeWorkspace reports whether the patterns stand for all packages of the
// workspace.
func (c *call) wholeWorkspace(patterns []string) bool {
	root := config.Root(c.base)
	return slices.Contains(patterns, "work") || slices.Contains(patterns, "./...") && root == c.base && !isFile(filepath.Join(root, "go.work"))
}

// A survey is what is known of the packages of a workspace before anything is
// type-checked.
type survey struct {
	call   *call
	loader *loader
	known  *evidence.Knowledge
	fset   *token.FileSet
	own    map[string]*ownPackage
	names  map[string]string // of other packages, by path
	reach  map[*node]bool    // whether it reaches Redis
	asked  map[string]bool   // the packages that are checked, by path

	programs []program
	because  map[string]string // for each package, the first program of its kind that it is part of
}

// ownPackage is a package of the workspace.
type ownPackage struct {
	path, name, dir string
	module, root    string   // path and folder of its module
	files           []string // without tests
	imports         []string
	redis           bool // Redis is among its dependencies
	parsed          *evidence.Package
}

// collect takes the packages of the workspace from the graph, and reports
// whether any that is asked for has to do with Redis.
func (s *survey) collect(nodes []*node) bool {
	some := false
	s.names = make(map[string]string, len(nodes))
	for _, n := range nodes {
		s.names[n.PkgPath] = n.Name
		some = some || n.root && s.reaches(n)
		if n.root {
			s.asked[cmp.Or(n.ForTest, n.PkgPath)] = true
		}
		if n.Module != nil && !n.Module.Main || n.Module == nil && !n.root || n.ForTest != "" || isTestMain(n.Package) {
			continue
		}
		p := &ownPackage{path: n.PkgPath, name: n.Name, dir: n.Dir, files: n.GoFiles, redis: s.reaches(n)}
		if n.Module != nil {
			p.module, p.root = n.Module.Path, n.Module.Dir
		}
		if p.dir == "" && len(p.files) > 0 {
			p.dir = filepath.Dir(p.files[0])
		}
		for _, imp := range n.imports {
			p.imports = append(p.imports, imp.PkgPath)
		}
		slices.Sort(p.imports)
		s.own[p.path] = p
	}
	return some
}

// reaches reports whether a library is among the dependencies of a package, or
// is the package.
func (s *survey) reaches(n *node) bool {
	if r, ok := s.reach[n]; ok {
		return r
	}
	s.reach[n] = false
	r := s.call.covers(n.PkgPath)
	for _, imp := range n.imports {
		r = s.reaches(imp) || r
	}
	s.reach[n] = r
	return r
}

// extend adds the packages of the workspace that were not asked for. A failure
// to list them leaves what is known.
func (s *survey) extend() {
	config := s.loader.config
	config.Mode = packages.NeedName | packages.NeedFiles | packages.NeedModule
	config.Tests = false
	list, err := packages.Load(&config, "work")
	if err != nil {
		return
	}
	for _, p := range list {
		if s.own[p.PkgPath] != nil || p.Name == "" {
			continue
		}
		own := &ownPackage{path: p.PkgPath, name: p.Name, dir: p.Dir, files: p.GoFiles}
		if p.Module != nil {
			own.module, own.root = p.Module.Path, p.Module.Dir
		}
		if own.dir == "" && len(own.files) > 0 {
			own.dir = filepath.Dir(own.files[0])
		}
		seen := make(map[string]bool)
		for _, name := range own.files {
			f, err := parser.ParseFile(s.fset, name, nil, parser.ImportsOnly)
			if err != nil {
				continue
			}
			for _, spec := range f.Imports {
				path, err := strconv.Unquote(spec.Path.Value)
				if err == nil && !seen[path] {
					seen[path] = true
					own.imports = append(own.imports, path)
					own.redis = own.redis || s.call.covers(path)
				}
			}
		}
		slices.Sort(own.imports)
		s.own[own.path] = own
	}
	// Redis may be reached through packages of the workspace.
	for again := true; again; {
		again = false
		for _, p := range s.own {
			if p.redis {
				continue
			}
			if slices.ContainsFunc(p.imports, func(path string) bool { q := s.own[path]; return q != nil && q.redis }) {
				p.redis, again = true, true
			}
		}
	}
}

// kinds returns the kind of each package of the workspace that has to do with
// Redis, by path, and notes the programs.
func (s *survey) kinds() map[string]evidence.Kind {
	world := &evidence.World{Knowledge: s.known, Own: s.parse, Name: func(path string) string { return s.names[path] }}
	kinds := make(map[string]evidence.Kind)
	reached := make(map[string]bool)
	found := make(map[string]evidence.Kind) // the greatest kind of a program in a module
	for _, path := range slices.Sorted(maps.Keys(s.own)) {
		p := s.own[path]
		var e evidence.Evidence
		var closure []*ownPackage
		var text string
		switch {
		case p.name == "main":
			closure = s.closure(p)
			if slices.ContainsFunc(closure, func(q *ownPackage) bool { return q.redis }) {
				e = s.function(world, p)
				if e.Kind == evidence.Unknown {
					e = world.Program(s.parse(path), slices.ContainsFunc(closure, s.namesEntry))
				}
				text = s.note(p, e, closure)
			}
		case p.redis && s.mayBeFunction(p):
			if e = s.function(world, p); e.Kind == evidence.Unknown {
				continue
			}
			closure = s.closure(p)
			text = s.note(p, e, closure)
		default:
			continue
		}
		found[p.module] = max(found[p.module], e.Kind)
		for _, q := range closure {
			reached[q.path] = true
			if e.Kind > kinds[q.path] {
				kinds[q.path] = e.Kind
				s.because[q.path] = text
			}
		}
	}
	relevant := make(map[string]evidence.Kind)
	for path, p := range s.own {
		if !p.redis {
			continue
		}
		k := kinds[path]
		if !reached[path] && found[p.module] == evidence.Service {
			k = evidence.Service
			s.because[path] = "service, as the programs of its module are; none of them reaches it"
		}
		relevant[path] = k
	}
	return relevant
}

// closure lists a package of the workspace and those it depends on.
func (s *survey) closure(p *ownPackage) []*ownPackage {
	seen := map[*ownPackage]bool{p: true}
	list := []*ownPackage{p}
	for i := 0; i < len(list); i++ {
		for _, path := range list[i].imports {
			if q := s.own[path]; q != nil && !seen[q] {
				seen[q] = true
				list = append(list, q)
			}
		}
	}
	return list
}

// namesEntry reports whether a package imports one with an entry point of a
// serverless platform.
func (s *survey) namesEntry(p *ownPackage) bool {
	return slices.ContainsFunc(p.imports, s.known.Entry)
}

// mayBeFunction reports whether a package that is no program is worth a look.
func (s *survey) mayBeFunction(p *ownPackage) bool {
	return p.name == "function" || p.dir == p.root || s.namesEntry(p) || evidence.OfVercel(p.dir)
}

func (s *survey) function(w *evidence.World, p *ownPackage) evidence.Evidence {
	if e := s.parse(p.path); e != nil {
		return w.Function(e)
	}
	return evidence.Evidence{}
}

// parse returns a package of the workspace with its files, or nil.
func (s *survey) parse(path string) *evidence.Package {
	p := s.own[path]
	if p == nil {
		return nil
	}
	if p.parsed == nil {
		p.parsed = &evidence.Package{Path: p.path, Name: p.name, Dir: p.dir, Root: p.dir != "" && p.dir == p.root}
		for _, name := range p.files {
			// What is wrong with a file is said when it is checked.
			if f, _ := parser.ParseFile(s.fset, name, nil, parser.SkipObjectResolution); f != nil {
				p.parsed.Files = append(p.parsed.Files, f)
			}
		}
	}
	return p.parsed
}

// note adds a program to those that are printed, and returns what is printed of
// it. Files that are named on the command line are a package of their own in the
// folder of another, and one line is enough for both.
func (s *survey) note(p *ownPackage, e evidence.Evidence, closure []*ownPackage) string {
	x := program{name: filepath.ToSlash(shortPath(s.call.base, p.dir)), kind: e.Kind, what: e.What}
	if e.Pos.IsValid() {
		at := s.fset.Position(e.Pos)
		file := shortPath(s.call.base, at.Filename)
		if filepath.Dir(at.Filename) == p.dir {
			file = filepath.Base(at.Filename)
		}
		x.what = fmt.Sprintf("%s, %s:%d", e.What, filepath.ToSlash(file), at.Line)
	}
	x.checked = slices.ContainsFunc(closure, func(q *ownPackage) bool { return s.asked[q.path] })
	for i, old := range s.programs {
		if old.String() == x.String() {
			s.programs[i].checked = old.checked || x.checked
			return x.String()
		}
	}
	s.programs = append(s.programs, x)
	return x.String()
}

// profilePatterns writes the kinds of packages as the value of the flag: the
// most frequent kind, and patterns for the packages of another one.
func profilePatterns(kinds map[string]evidence.Kind) string {
	count := make(map[evidence.Kind]int)
	top := &pathFolder{}
	for _, path := range slices.Sorted(maps.Keys(kinds)) {
		k := kinds[path]
		count[k]++
		at := top
		for _, part := range strings.Split(path, "/") {
			at = at.child(part)
			at.kinds |= 1 << k
			at.packages++
		}
		at.kind, at.own = k, true
	}
	usual := evidence.Unknown
	for _, k := range []evidence.Kind{evidence.Service, evidence.Serverless} {
		if count[k] > count[usual] {
			usual = k
		}
	}
	list := []string{flagOf(usual)}
	top.patterns("", usual, &list)
	return strings.Join(list, ",")
}

// pathFolder is a part of the import paths, with the kinds of packages in it.
type pathFolder struct {
	name     string
	children []*pathFolder
	kinds    uint8
	packages int
	own      bool // it is a package itself
	kind     evidence.Kind
}

func (f *pathFolder) child(name string) *pathFolder {
	i := slices.IndexFunc(f.children, func(c *pathFolder) bool { return c.name == name })
	if i < 0 {
		f.children = append(f.children, &pathFolder{name: name})
		i = len(f.children) - 1
	}
	return f.children[i]
}

func (f *pathFolder) patterns(path string, usual evidence.Kind, list *[]string) {
	for _, c := range f.children {
		p := c.name
		if path != "" {
			p = path + "/" + c.name
		}
		one := c.kinds&(c.kinds-1) == 0
		switch {
		case one && c.kinds == 1<<usual:
		case one && c.own && c.packages == 1:
			*list = append(*list, p+"="+flagOf(c.kind))
		case one && c.own:
			*list = append(*list, p+"/...="+flagOf(c.kind))
		default:
			if c.own && c.kind != usual {
				*list = append(*list, p+"="+flagOf(c.kind))
			}
			c.patterns(p, usual, list)
		}
	}
}

func isFile(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.Mode().IsRegular()
}
