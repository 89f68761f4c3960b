package timeout

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/redislint/redislint/internal/check"
	"github.com/redislint/redislint/internal/options"
	"github.com/redislint/redislint/internal/redisapi"
)

// limit is the value of the flag: a duration above zero.
type limit time.Duration

func (l *limit) String() string {
	if l == nil {
		return ""
	}
	return time.Duration(*l).String()
}

func (l *limit) Set(s string) error {
	d, err := time.ParseDuration(s)
	if _, e := strconv.ParseFloat(s, 64); e == nil && err != nil {
		return fmt.Errorf("a duration has a unit, as %ss has", s)
	}
	switch {
	case err != nil:
		return errors.New("want a duration, such as 5s")
	case d <= 0:
		return errors.New("want more than 0s")
	}
	*l = limit(d)
	return nil
}

// typed is what to type for a setting, or "" where that takes more than its
// name.
func typed(x options.Setting) string {
	switch {
	case x.Role == redisapi.Redials && x.Path != nil:
		return "set " + x.Name() + ": 1"
	case x.Code != "" || x.Call || x.Path == nil:
		return ""
	case x.Option:
		return "add " + x.Name()
	}
	return "set " + x.Name()
}

// advice joins what to type. It is empty unless all of it is known.
func (r *rule) advice(list []string) string {
	if slices.Contains(list, "") {
		return ""
	}
	var bounded, rest []string
	verb := ""
	for _, text := range list {
		v, name, _ := strings.Cut(text, " ")
		if strings.Contains(name, ":") || verb != "" && v != verb {
			rest = append(rest, text)
			continue
		}
		verb, bounded = v, append(bounded, name)
	}
	if len(bounded) > 0 {
		bound := " to at most "
		if verb == "add" {
			bound = " of at most "
		}
		for i, text := range rest {
			rest[i] = strings.TrimPrefix(text, verb+" ")
		}
		rest = append([]string{verb + " " + check.And(bounded) + bound + r.max().String()}, rest...)
	}
	for i := 1; i < len(rest); i++ {
		if strings.HasPrefix(rest[0], "set ") {
			rest[i] = strings.TrimPrefix(rest[i], "set ")
		}
	}
	return check.And(rest)
}

// dialing says how long a client dials, and by which settings.
func dialing(set *options.Set, x options.Setting, tries int64, each time.Duration) string {
	for _, y := range set.Settings {
		if y.Role == redisapi.Dial && y.Path != nil && x.Path != nil {
			return fmt.Sprintf("dialing may take %s: %s is %s and %s is %d", time.Duration(tries)*each, y.Name(), each, x.Name(), tries)
		}
	}
	return fmt.Sprintf("dialing may take %s: it is tried %d times for %s", time.Duration(tries)*each, tries, each)
}

// name is what a message calls a setting.
func name(x options.Setting) string {
	switch {
	case x.Code != "":
		return "its timeouts"
	case x.Path == nil:
		return "the " + string(x.Role) + " timeout"
	}
	return x.Name()
}

// given reports whether the program sets a setting.
func given(x options.Setting) bool {
	return slices.ContainsFunc(x.Values, func(v options.Value) bool {
		n, ok := options.Int(v)
		return v.Set() && !(ok && n == 0)
	})
}

// timeout says what is wrong with a timeout. usual: a default that is too long
// counts. That there is none by default always does.
func (r *rule) timeout(x options.Setting, usual bool) string {
	for _, b := range x.Bounds() {
		switch {
		case b.Off && b.Default:
			return none
		case b.Off:
			return fmt.Sprintf("sets %s to %s (no timeout)", name(x), b.Text)
		case b.Wait > r.max() && b.Default:
			if !usual {
				continue
			}
			return fmt.Sprintf("leaves %s at %s", name(x), b.Wait)
		case b.Wait > r.max():
			return fmt.Sprintf("sets %s to %s", name(x), b.Text)
		}
	}
	return ""
}
