// Package plain has nothing to do with Redis, so it is not analysed.
package plain

func Any(any) {}

func Call(func()) {}

func Must[T any](v T, err error) T { return v }
