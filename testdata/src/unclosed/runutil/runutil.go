// Package runutil closes for others, as such packages do.
package runutil

import (
	"errors"
	"fmt"
	"io"
	"log"
)

// CloseWithLog closes and logs a failure.
func CloseWithLog(logger *log.Logger, c io.Closer, format string, args ...any) {
	err := c.Close()
	if err == nil {
		return
	}
	logger.Println(fmt.Sprintf(format, args...), err)
}

// CloseWithCapture closes and adds a failure to err.
func CloseWithCapture(err *error, c io.Closer, what string) {
	if closeErr := c.Close(); closeErr != nil {
		*err = errors.Join(*err, fmt.Errorf("%s: %w", what, closeErr))
	}
}

// Check calls f and logs a failure.
func Check(f func() error) {
	if err := f(); err != nil {
		log.Println(err)
	}
}

// Group closes what is added to it.
type Group struct{ closers []io.Closer }

// Add adds.
func (g *Group) Add(c io.Closer) { g.closers = append(g.closers, c) }

// Close closes all of them, the last first.
func (g *Group) Close() (err error) {
	for i := len(g.closers) - 1; i >= 0; i-- {
		err = errors.Join(err, g.closers[i].Close())
	}
	return err
}
