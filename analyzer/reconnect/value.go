package reconnect

import (
	"go/constant"
	"slices"

	"github.com/redislint/redislint/internal/options"
)

// is reports whether a value that somebody set is in a list of a row.
func is(v options.Value, list []string) bool { return v.Set() && slices.Contains(list, text(v)) }

// text is a value as the rows write it.
func text(v options.Value) string {
	switch {
	case v.Const == nil:
		return ""
	case v.Const.Kind() == constant.String:
		return constant.StringVal(v.Const)
	}
	return v.Const.String()
}
