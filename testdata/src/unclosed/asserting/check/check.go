// Package check is an assertion library: it has no Redis, and is not read.
package check

import "testing"

type TestingT interface {
	FailNow()
	Log(args ...any)
}

func NilError(t TestingT, err error, msgAndArgs ...any) {
	if err != nil {
		t.Log(err)
		t.FailNow()
	}
}

func Assert(t TestingT, got any, want func(any) bool) {
	if !want(got) {
		t.FailNow()
	}
}

func IsNil(v any) bool { return v == nil }

// A C is a test.
type C struct{ testing.TB }

func New(t testing.TB) *C { return &C{t} }

func (c *C) NoErr(err error) {
	if err != nil {
		c.FailNow()
	}
}

// Note only looks: nothing that it is given can end a test.
func Note(err error) bool { return err != nil }
