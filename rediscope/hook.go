package rediscope

import (
	"context"
	"errors"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
)

// attempt is what WithRedisRetry needs to know of one run of the callback.
type attempt struct {
	ran atomic.Bool // a command has run, or may have run
}

type attemptKey struct{} // its value in a context is the *attempt

type level int

const (
	single   level = 1 + iota // a client that the callback uses
	node                      // a client of one server, behind a cluster or ring
	greeting                  // the greeting of a connection
)

// inside says, in the context of a command, who is carrying it out.
type inside struct {
	level level
	start time.Time

	mu  sync.Mutex
	err error // of the greeting, if it failed
}

type insideKey struct{}

func insideOf(ctx context.Context) *inside {
	if in, ok := ctx.Value(insideKey{}).(*inside); ok {
		return in
	}
	return &inside{}
}

func (in *inside) greeted(err error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.err = err
}

// A dialError comes from opening a connection: nothing was sent on it.
type dialError struct{ err error }

func (e *dialError) Error() string { return e.err.Error() }
func (e *dialError) Unwrap() error { return e.err }

// A greetError comes from the greeting of a connection: no command was sent yet.
type greetError struct{ err error }

func (e *greetError) Error() string { return e.err.Error() }
func (e *greetError) Unwrap() error { return e.err }

// An opaque error hides another from go-redis, which would carry on with a
// connection that the server has refused, or send a command again that may have
// run. The innermost hook of the client that the callback uses takes it off.
type opaque struct {
	err  error
	sent bool // a command was sent, or may have been
}

// Error does not begin as the error does, since go-redis looks at the text, too.
func (e *opaque) Error() string { return "not to be sent again: " + e.err.Error() }

// A hook sees each command of a client, and those of the greeting, which
// go-redis sends on a new connection before the command that needs it. It comes
// before those of Setup.
type hook struct {
	level level  // single or node
	name  string // of the connection
	addr  string // for logs
	dial  *dialing
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
		in := insideOf(ctx)
		switch {
		case in.level == h.level || cmd.Name() == "hello": // a subscription is greeted outside of any command
			return h.greet(ctx, cmd, next)
		case h.level == node && in.level == single:
			err := h.run(ctx, func(ctx context.Context) error { return next(ctx, cmd) })
			switch {
			case unsent(err):
				// When a connection cannot be opened a cluster asks another
				// server, which is well.
				return err
			case isReply(err) && !(runsScript(cmd) && refused(err)):
				return err
			case isLayout(cmd):
				return &opaque{err: reveal(err)}
			default:
				// It does so too when a connection is cut, which is not.
				return hideSent(err)
			}
		case h.level == node && isLayout(cmd): // asked in the background
			return reveal(h.run(ctx, func(ctx context.Context) error { return next(ctx, cmd) }))
		}
		ctx, over, err := h.dial.begin(ctx)
		if err != nil {
			return err
		}
		defer over()
		err = h.login(ctx, cmd, h.run(ctx, func(ctx context.Context) error { return next(ctx, cmd) }))
		if h.level == node { // ForEachMaster and its kin lend the clients behind
			h.dial.note(ctx, cmd, err)
			err = reveal(err)
		}
		return err
	}
}

func (h *hook) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		switch in := insideOf(ctx); {
		case in.level == h.level:
			err := next(within(ctx, greeting), cmds)
			in.greeted(err)
			return hide(err)
		case h.level == node && in.level == single:
			return h.run(ctx, func(ctx context.Context) error { return next(ctx, onlyOnce(cmds)) })
		}
		ctx, over, err := h.dial.begin(ctx)
		if err != nil {
			for _, cmd := range cmds {
				cmd.SetErr(err)
			}
			return err
		}
		defer over()
		err = h.run(ctx, func(ctx context.Context) error { return next(ctx, cmds) })
		if h.level == node {
			h.dial.noteAll(ctx, cmds)
			err = reveal(err)
		}
		return err
	}
}

// run carries a command out, and tells when that failed because the server has
// refused the login.
func (h *hook) run(ctx context.Context, next func(context.Context) error) error {
	in := &inside{level: h.level, start: time.Now()}
	err := next(context.WithValue(ctx, insideKey{}, in))
	if err == nil {
		return nil
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.err != nil && (errors.Is(reveal(err), in.err) || redis.IsAuthError(err)) {
		h.dial.failed(ctx, h.addr, time.Since(in.start), reveal(err))
	}
	return err
}

// login tells when the AUTH of a subscription was refused, which go-redis sends
// outside of any command.
func (h *hook) login(ctx context.Context, cmd redis.Cmder, err error) error {
	if cmd.Name() == "auth" && redis.IsAuthError(err) {
		h.dial.failed(ctx, h.addr, 0, err)
	}
	return err
}

func within(ctx context.Context, l level) context.Context {
	return context.WithValue(ctx, insideKey{}, &inside{level: l})
}

// greet sends one command of the greeting. HELLO tells the connection's name as
// well, for which go-redis would need a round trip more; and it is left out
// where it has nothing to tell.
func (h *hook) greet(ctx context.Context, cmd redis.Cmder, next redis.ProcessHook) error {
	in := insideOf(ctx)
	commanded := in.level == h.level
	if !commanded {
		if err := h.dial.interrupted(); err != nil { // a subscription that was begun before
			return &greetError{err}
		}
	}
	if cmd.Name() != "hello" {
		err := next(within(ctx, greeting), cmd)
		in.greeted(err)
		return hide(err)
	}
	args := cmd.Args()
	if h.name != "" {
		args = append(args[:len(args):len(args)], "setname", h.name)
	} else if len(args) == 2 && args[1] == 2 {
		return errNoGreeting
	}
	err := next(within(ctx, greeting), redis.NewMapStringInterfaceCmd(ctx, args...))
	in.greeted(err)
	if !commanded {
		if redis.IsAuthError(err) && !slices.Contains(args, any("auth")) { // else AUTH is next
			h.dial.failed(ctx, h.addr, 0, err)
		}
		if !refusedAtDoor(err) {
			return err
		}
	}
	return hide(err)
}

// An innermost hook comes after those of Setup. It knows what became of a command
// that they have let pass, and takes the wrapper off for them.
type innermost struct{ dial *dialing }

func (h innermost) DialHook(next redis.DialHook) redis.DialHook { return next }

func (h innermost) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		err := next(ctx, cmd)
		if insideOf(ctx).level == greeting {
			return err
		}
		if m, ok := cmd.(*redis.MonitorCmd); ok && err == nil {
			h.dial.watch(m)
		}
		h.dial.note(ctx, cmd, err)
		err = reveal(err)
		cmd.SetErr(err)
		return err
	}
}

func (h innermost) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		err := next(ctx, cmds)
		if insideOf(ctx).level == greeting {
			return err
		}
		h.dial.noteAll(ctx, cmds)
		return reveal(err)
	}
}

// note notes whether a command has run, or may have.
func (d *dialing) note(ctx context.Context, cmd redis.Cmder, err error) {
	if !mayHaveRun(cmd, err) {
		return
	}
	if a := d.attempt.Load(); a != nil {
		a.ran.Store(true)
	}
	if a, ok := ctx.Value(attemptKey{}).(*attempt); ok {
		a.ran.Store(true)
	}
}

func (d *dialing) noteAll(ctx context.Context, cmds []redis.Cmder) {
	for _, cmd := range cmds {
		d.note(ctx, cmd, cmd.Err())
		cmd.SetErr(reveal(cmd.Err()))
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

// hide makes a failure of the greeting one that ends the connection. A reply
// that is an error does not: an old server does not know the command.
func hide(err error) error {
	switch {
	case err == nil || isReply(err) && !refusedAtDoor(err):
		return err
	case isReply(err): // which is not the answer to the question
		return &opaque{err: err}
	}
	return &greetError{&greetError{err}} // go-redis takes one off
}

// hideSent hides the failure of a command, or of its greeting.
func hideSent(err error) error {
	if o, ok := err.(*opaque); ok {
		return o
	}
	if g := (*greetError)(nil); errors.As(err, &g) {
		return &opaque{err: err}
	}
	return &opaque{err: err, sent: true}
}

// reveal is the error in one that was wrapped or hidden.
func reveal(err error) error {
	switch e := err.(type) {
	case *opaque:
		return reveal(e.err)
	case *greetError:
		return reveal(e.err)
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

// runsScript tells whether a command runs code of its caller, which may answer
// with any error that it likes, after it has done something.
func runsScript(cmd redis.Cmder) bool {
	switch cmd.Name() {
	case "eval", "evalsha", "fcall", "eval_ro", "evalsha_ro", "fcall_ro":
		return true
	}
	return false
}

// mayHaveRun tells from the error of a command whether the server may have run it.
func mayHaveRun(cmd redis.Cmder, err error) bool {
	if o, ok := err.(*opaque); ok {
		return o.sent
	}
	if g := (*greetError)(nil); errors.As(err, &g) {
		return false
	}
	return !unsent(err) && (runsScript(cmd) || !refused(err))
}

// errNoGreeting stands for a HELLO that is not sent. To go-redis it is the reply
// of a server that does not know it.
var errNoGreeting = notKnown{}

type notKnown struct{}

func (notKnown) Error() string { return "ERR no greeting is needed" }
func (notKnown) RedisError()   {}
