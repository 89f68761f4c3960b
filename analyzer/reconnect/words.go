package reconnect

import (
	"github.com/redislint/redislint/internal/check"
	"github.com/redislint/redislint/internal/options"
	"github.com/redislint/redislint/internal/redisapi"
)

// sentence says what a client does by itself, by which settings, and what to set.
func sentence(subject string, doing []string, values map[string][]string, advice []string) string {
	var clauses []string
	for _, what := range doing {
		if v := values[what]; len(v) > 0 {
			what += " (" + check.And(v) + ")"
		}
		clauses = append(clauses, what)
	}
	text := subject + " " + check.And(clauses)
	if len(advice) > 0 {
		text += "; set " + check.And(advice)
	}
	return text
}

// does says what a setting makes a client do by itself.
func does(role redisapi.Role) string {
	switch role {
	case redisapi.Retry:
		return "retries commands"
	case redisapi.Reconnect:
		return "reconnects by itself"
	case redisapi.Background:
		return "refreshes in the background"
	case redisapi.Idle:
		return "keeps idle connections"
	}
	return ""
}

// title names a fix by what it sets.
func title(repair []options.Setting) string {
	var list []string
	for _, x := range repair {
		value := off(x)
		if value == "" {
			return "turn it off"
		}
		list = append(list, x.Name()+": "+value)
	}
	return "set " + check.And(list)
}
