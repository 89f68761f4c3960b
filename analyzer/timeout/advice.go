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
		rest = append([]string{verb + " " + check.And(bounded) + bound + r.max().String()}, rest...)
	}
	return check.And(rest)
}

// given reports whether the program sets a setting.
func given(x options.Setting) bool {
	return slices.ContainsFunc(x.Values, func(v options.Value) bool {
		n, ok := options.Int(v)
		return v.Set() && !(ok && n == 0)
	})
}
