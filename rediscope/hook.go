package rediscope

import (
	"context"
	"errors"
	"net"
	"sync/atomic"

	"github.com/redis/go-redis/v9"
)

// attempt is what WithRedisRetry needs to know of one run of the callback.
type attempt struct {
	ran atomic.Bool // a command has run, or may have run
}

type (
	attemptKey struct{} // its value in a context is the *attempt
	insideKey  struct{} // its value says which client is carrying out a command: single or node
)

const (
	single = 1 + iota // a client that the callback uses
	node              // a client of one server, behind a cluster or ring
)

// A dialError comes from opening a connection: nothing was sent on it.
type dialError struct{ err error }

func (e *dialError) Error() string { return e.err.Error() }
func (e *dialError) Unwrap() error { return e.err }

// An opaque error hides another from go-redis, which would carry on with a
// connection that the server has refused, or send a command again that may have
// run. The hook of the client that the callback uses takes the wrapper off.
type opaque struct {
	err  error
	sent bool // a command was sent, or may have been
}

func (e *opaque) Error() string { return e.err.Error() }

// A hook sees each command of a client, and those of the greeting, which
// go-redis sends on a new connection before the command that needs it.
type hook struct {
	level   int      // single or node
	name    string   // of the connection
	attempt *attempt // of a client that lives for one; nil if it is in the context
}

func (h *hook) DialHook(next redis.DialHook) redis.DialHook {
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		c, err := next(ctx, network, addr)
		if err != nil {
			return nil, &dialError{err}
		}
		return c, nil
	}
}

func (h *hook) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		switch at := ctx.Value(insideKey{}); {
		case at == h.level || cmd.Name() == "hello": // a subscription is greeted outside of any command
			return h.greet(ctx, cmd, next)
		case h.level == node && at == single:
			err := next(h.within(ctx), cmd)
			switch {
			case isReply(err), unsent(err):
				// When a connection cannot be opened a cluster asks another
				// server, which is well.
				return err
			case isLayout(cmd):
				return &opaque{err: reveal(err)}
			default:
				// It does so too when a connection is cut, which is not.
				return hideSent(err)
			}
		case h.level == node && isLayout(cmd): // asked in the background
			return reveal(next(h.within(ctx), cmd))
		}
		err := next(h.within(ctx), cmd)
		if mayHaveRun(err) {
			h.note(ctx)
		}
		return reveal(err)
	}
}

func (h *hook) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		switch {
		case ctx.Value(insideKey{}) == h.level:
			return hide(next(ctx, cmds))
		case h.level == node && ctx.Value(insideKey{}) == single:
			return next(h.within(ctx), onlyOnce(cmds))
		}
		err := next(h.within(ctx), cmds)
		for _, cmd := range cmds {
			if mayHaveRun(cmd.Err()) {
				h.note(ctx)
			}
			cmd.SetErr(reveal(cmd.Err()))
		}
		return reveal(err)
	}
}

// onlyOnce keeps a cluster from sending a pipeline again. A transaction it does not
// send again by itself, once it has been sent.
func onlyOnce(cmds []redis.Cmder) []redis.Cmder {
	once := make([]redis.Cmder, len(cmds))
	for i, cmd := range cmds {
		if cmd.Name() == "multi" {
			return cmds
		}
		once[i] = sentOnce{cmd}
	}
	return once
}

// A sentOnce is a command that is not sent again, except when it is redirected.
type sentOnce struct{ redis.Cmder }

func (sentOnce) NoRetry() bool { return true }

func (h *hook) within(ctx context.Context) context.Context {
	return context.WithValue(ctx, insideKey{}, h.level)
}

// note notes that a command has run, or may have.
func (h *hook) note(ctx context.Context) {
	a := h.attempt
	if a == nil {
		a, _ = ctx.Value(attemptKey{}).(*attempt)
	}
	if a != nil {
		a.ran.Store(true)
	}
}

// greet sends one command of the greeting. HELLO tells the connection's name as
// well, for which go-redis would need a round trip more; and it is left out
// where it has nothing to tell.
func (h *hook) greet(ctx context.Context, cmd redis.Cmder, next redis.ProcessHook) error {
	if cmd.Name() != "hello" {
		return hide(next(ctx, cmd))
	}
	args := cmd.Args()
	if h.name != "" {
		args = append(args[:len(args):len(args)], "setname", h.name)
	} else if len(args) == 2 && args[1] == 2 {
		return errNoGreeting
	}
	err := next(ctx, redis.NewMapStringInterfaceCmd(ctx, args...))
	if ctx.Value(insideKey{}) != h.level && !refusedAtDoor(err) {
		return err
	}
	return hide(err)
}

// hide makes a failure of the greeting one that ends the connection. A reply
// that is an error does not: an old server does not know the command.
func hide(err error) error {
	if isReply(err) && !refusedAtDoor(err) {
		return err
	}
	return &opaque{err: err}
}

// hideSent hides the failure of a command, unless that of its greeting is hidden.
func hideSent(err error) error {
	if o, ok := err.(*opaque); ok {
		return o
	}
	return &opaque{err: err, sent: true}
}

// reveal is the error in an opaque one.
func reveal(err error) error {
	if o, ok := err.(*opaque); ok {
		return o.err
	}
	return err
}

// isLayout tells whether a command is the question that a cluster's client asks
// by itself, before or beside those of the callback.
func isLayout(cmd redis.Cmder) bool {
	args := cmd.Args()
	return len(args) == 2 && args[0] == "cluster" && args[1] == "slots" || len(args) == 1 && args[0] == "command"
}

// isReply tells whether the server has answered, be it with an error.
func isReply(err error) bool {
	e := redis.Error(nil)
	return err == nil || errors.As(err, &e)
}

// unsent tells whether an error is one of before a command is sent.
func unsent(err error) bool {
	d := (*dialError)(nil)
	return errors.As(err, &d) || errors.Is(err, redis.ErrPoolTimeout) || errors.Is(err, redis.ErrClosed)
}

// refusedAtDoor tells whether a server answers so to any first word and hangs up.
func refusedAtDoor(err error) bool {
	return redis.IsMaxClientsError(err) || redis.HasErrorPrefix(err, "DENIED")
}

// refused tells whether a server has answered that it does not run the command,
// for a reason that passes. A transaction is discarded when a command in it is
// refused, and does not tell why.
func refused(err error) bool {
	return redis.IsLoadingError(err) || redis.IsMasterDownError(err) || redis.IsReadOnlyError(err) ||
		redis.IsClusterDownError(err) || redis.IsTryAgainError(err) || redis.IsNoReplicasError(err) ||
		redis.IsMaxClientsError(err) || redis.IsExecAbortError(err)
}

// mayHaveRun tells from the error of a command whether the server may have run it.
func mayHaveRun(err error) bool {
	if o, ok := err.(*opaque); ok {
		return o.sent
	}
	return !unsent(err) && !refused(err)
}

// errNoGreeting stands for a HELLO that is not sent. To go-redis it is the reply
// of a server that does not know it.
var errNoGreeting = notKnown{}

type notKnown struct{}

func (notKnown) Error() string { return "ERR no greeting is needed" }
func (notKnown) RedisError()   {}
