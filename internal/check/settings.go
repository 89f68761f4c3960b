package check

import (
	"fmt"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// Settings holds what the flags say to every rule. Its result is a *Setting.
var Settings = newSettings()

// Setting is what the flags say to every rule.
type Setting struct {
	profile   profiles
	exclude   patterns
	generated bool
	tests     bool
	unsafe    bool
	off       patterns // names of rules
}

func newSettings() *analysis.Analyzer {
	s := &Setting{profile: profiles{standard: auto}}
	a := &analysis.Analyzer{
		Name:       "settings",
		Doc:        "settings: what the flags say to every rule",
		Run:        func(*analysis.Pass) (any, error) { return s, nil },
		ResultType: reflect.TypeFor[*Setting](),
	}
	a.Flags.Var(&s.profile, "profile", "what kind of `program` this is: auto, what its code shows; serverless, with instances that are frozen between invocations; service, a long-running process that shares its clients on purpose; any, neither. PATTERN=program, after a comma, sets it for the packages that match")
	a.Flags.Var(&s.exclude, "exclude", "comma-separated `patterns` of packages and files that are not reported, such as example.com/app/old/... or example.com/app/old/file.go")
	a.Flags.BoolVar(&s.generated, "generated", false, "report findings in generated files too")
	a.Flags.BoolVar(&s.tests, "test", false, "check test files too")
	a.Flags.BoolVar(&s.unsafe, "unsafe-fixes", false, "also offer fixes that change how a client behaves: its timeouts, its retries")
	a.Flags.Var(&s.off, "off", "comma-separated `rules` that are not asked, for drivers that have no other switches")
	return a
}

func setting(pass *analysis.Pass) *Setting { return pass.ResultOf[Settings].(*Setting) }

// Unsafe reports whether fixes are wanted that change how a client behaves.
func Unsafe(pass *analysis.Pass) bool { return setting(pass).unsafe }

// asks reports whether a rule runs in a package of a profile.
func (s *Setting) asks(r Rule, pkg string, profile Profiles) bool {
	return profile&r.Profiles != 0 && !s.excludes(pkg) && !slices.Contains(s.off, r.Name)
}

// excludes reports whether nothing is said about a package, or about a file
// of it, whose path is the package's with the file's name.
func (s *Setting) excludes(path string) bool {
	return slices.ContainsFunc(s.exclude, func(p string) bool { return Match(p, path) })
}

// excludesFile reports whether nothing is said about a file of a package.
func (s *Setting) excludesFile(pkg, file string) bool {
	return len(s.exclude) > 0 && s.excludes(path.Join(plain(pkg), filepath.Base(file)))
}

// plain is the path of the package that a test package is about.
func plain(pkg string) string { return strings.TrimSuffix(pkg, "_test") }

// Match reports whether a pattern, as the go command understands them, stands
// for a path: "..." is any text, and x/... is x as well.
func Match(pattern, path string) bool {
	if head, ok := strings.CutSuffix(pattern, "/..."); ok && matchText(head, plain(path)) {
		return true
	}
	return matchText(pattern, path) || matchText(pattern, plain(path))
}

// matchText matches a pattern in which "..." is any text.
func matchText(pattern, text string) bool {
	parts := strings.Split(pattern, "...")
	if len(parts) == 1 {
		return pattern == text
	}
	text, ok := strings.CutPrefix(text, parts[0])
	if !ok {
		return false
	}
	last := len(parts) - 1
	for _, part := range parts[1:last] {
		i := strings.Index(text, part)
		if i < 0 {
			return false
		}
		text = text[i+len(part):]
	}
	return strings.HasSuffix(text, parts[last])
}

// patterns is the value of a flag that takes several.
type patterns []string

func (p *patterns) String() string { return strings.Join(*p, ",") }

func (p *patterns) Set(s string) error {
	*p = nil
	for item := range strings.SplitSeq(s, ",") {
		if item = strings.TrimSpace(item); item != "" {
			*p = append(*p, item)
		}
	}
	return nil
}

// profiles is the value of the flag -profile: one for all packages, and others
// for those that match a pattern. Of several that match, the last one counts.
type profiles struct {
	standard Profiles
	special  []special
}

type special struct {
	pattern string
	profile Profiles
}

// of is the profile of a package.
func (p *profiles) of(pkg string) Profiles {
	for _, s := range slices.Backward(p.special) {
		if Match(s.pattern, pkg) {
			return s.profile
		}
	}
	return p.standard
}

// Choices are the profiles that a person may name. What the code shows, as
// "auto-service" does, is for the tool to say.
func (p *profiles) Choices() []string { return []string{"auto", "serverless", "service", "any"} }

func (p *profiles) String() string {
	if p == nil {
		return ""
	}
	text := p.standard.String()
	for _, s := range p.special {
		text += "," + s.pattern + "=" + s.profile.String()
	}
	return text
}

// Set reads "service", or "service,example.com/app/fn/...=serverless".
func (p *profiles) Set(s string) error {
	next := profiles{standard: auto}
	for item := range strings.SplitSeq(s, ",") {
		pattern, name, found := strings.Cut(strings.TrimSpace(item), "=")
		if !found {
			pattern, name = "", pattern
		}
		i := slices.Index(profileNames(), name)
		if i < 0 {
			return fmt.Errorf("there is no profile %q, want auto, serverless, service or any", name)
		}
		if pattern == "" {
			next.standard = 1 << i
		} else {
			next.special = append(next.special, special{pattern, 1 << i})
		}
	}
	*p = next
	return nil
}
