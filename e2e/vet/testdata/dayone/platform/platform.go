// Package platform runs programs in a way that only its users know.
package platform

import (
	"context"
	"net/http"
)

// Run hands events to a handler, and freezes the process in between.
func Run(handle func(context.Context, string) error) {}

// Listen answers requests until it is told to stop.
func Listen(h http.Handler) {}
