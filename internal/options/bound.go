package options

import (
	"slices"
	"strconv"
	"time"
)

// A Bound is what one value of a timeout means.
type Bound struct {
	Wait    time.Duration // the longest wait, if there is a bound
	Off     bool          // there is none
	Default bool          // because nobody set it
	Text    string        // the value, if somebody did
}

// Bounds says what the values of a timeout mean. What nothing is known of is
// left out.
func (x Setting) Bounds() []Bound {
	var list []Bound
	for _, v := range x.Values {
		n, ok := Int(v)
		wait := time.Duration(n)
		if x.Seconds {
			wait *= time.Second
		}
		zero := ok && n == 0 && x.Path != nil && !x.Option // a field that is zero is one that nobody set
		switch {
		case !ok:
		case !v.Set() || zero:
			if b, ok := x.usual(); ok {
				list = append(list, b)
			}
		case slices.Contains(x.None, strconv.FormatInt(n, 10)):
			list = append(list, Bound{Off: true, Text: strconv.FormatInt(n, 10)})
		default:
			list = append(list, Bound{Wait: wait, Text: wait.String()})
		}
	}
	return list
}

// usual is the bound that is there when nobody sets it.
func (x Setting) usual() (Bound, bool) {
	if !x.Stands {
		return Bound{}, false
	}
	if x.Default == "none" {
		return Bound{Off: true, Default: true}, true
	}
	d, err := time.ParseDuration(x.Default)
	return Bound{Wait: d, Default: true}, err == nil
}

// Redials says how often a dial is tried, and how long each try may take: the
// longest of what is possible, or nothing.
func (set *Set) Redials(x Setting) (tries int64, each time.Duration) {
	i := slices.IndexFunc(set.Settings, func(y Setting) bool { return y.Name() == x.Times })
	usual, err := strconv.ParseInt(x.Default, 10, 64)
	if i < 0 || !set.Settings[i].Known || err != nil {
		return 0, 0
	}
	for _, v := range x.Values {
		n, ok := Int(v)
		if ok && n <= 0 {
			n = usual
		}
		if ok && n > tries {
			tries = n
		}
	}
	for _, b := range set.Settings[i].Bounds() {
		each = max(each, b.Wait)
	}
	return tries, each
}
