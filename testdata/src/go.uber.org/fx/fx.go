// Package fx is a stub: the life cycle alone.
package fx

import "context"

// HookFunc is the shape of a hook.
type HookFunc interface {
	~func() | ~func() error | ~func(context.Context) | ~func(context.Context) error
}

// Hook holds callbacks of start and stop.
type Hook struct {
	OnStart func(context.Context) error
	OnStop  func(context.Context) error
}

// Lifecycle takes hooks.
type Lifecycle interface {
	Append(Hook)
}

// StopHook makes a hook of a stop function.
func StopHook[T HookFunc](stop T) Hook { return Hook{} }
