// Package logr stands in for github.com/go-logr/logr.
package logr

type Logger struct{}

func (l Logger) V(level int) Logger                     { return l }
func (l Logger) Info(msg string, kv ...any)             {}
func (l Logger) Error(err error, msg string, kv ...any) {}
