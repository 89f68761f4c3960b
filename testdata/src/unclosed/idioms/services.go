package idioms

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"sync"
	"time"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
	"unclosed/services"
)

// A stack of things to do at the end, in another package.
func stack() error {
	var s services.Stack
	defer s.Unwind()
	rdb := redis.NewClient(opts())
	s.Defer(rdb.Close)
	return rdb.Ping(ctx).Err()
}

// An owner that opens at the first use.
func lazily() error {
	var l services.Lazy
	defer l.Close()
	rdb, err := l.Get(ctx)
	if err != nil {
		return err
	}
	return rdb.Ping(ctx).Err()
}

// An owner behind an interface.
func pinger(cluster bool) error {
	p, err := services.NewPinger(cluster)
	if err != nil {
		return err
	}
	defer p.Close()
	return p.Check(ctx)
}

// A client that is lent to a service is closed by the lender.
func lentByOption() error {
	rdb := redis.NewClient(opts())
	defer rdb.Close()
	return services.NewService(services.WithClient(rdb)).Check(ctx)
}

// A service that opened a client of its own is closed.
func ownByDefault() error {
	s := services.NewService()
	defer s.Close()
	return s.Check(ctx)
}

// Reconnecting closes the old one, the defer closes the last.
func reconnecting(done <-chan struct{}) {
	rdb := redis.NewClient(opts())
	defer func() { rdb.Close() }()
	for {
		select {
		case <-done:
			return
		case <-time.After(time.Second):
			if err := rdb.Ping(ctx).Err(); err != nil {
				rdb.Close()
				rdb = redis.NewClient(opts())
			}
		}
	}
}

// Reconnecting does not close the old one.
func reconnectingForgets(done <-chan struct{}) {
	rdb := redis.NewClient(opts()) // want `rdb is (not closed on all paths|overwritten)`
	for {
		select {
		case <-done:
			rdb.Close()
			return
		case <-time.After(time.Second):
			if err := rdb.Ping(ctx).Err(); err != nil {
				rdb = redis.NewClient(opts()) // want `rdb is (not closed on all paths|overwritten)`
			}
		}
	}
}

// A connection that is nil while there is none.
func nilWhileClosed(n int) {
	var conn redigo.Conn
	defer func() {
		if conn != nil {
			conn.Close()
		}
	}()
	for range n {
		if conn == nil {
			fresh, err := redigo.Dial("tcp", "cache:6379")
			if err != nil {
				time.Sleep(time.Second)
				continue
			}
			conn = fresh
		}
		if _, err := conn.Do("PING"); err != nil {
			conn.Close()
			conn = nil
		}
	}
}

// A flag that is true while a client is open.
func openFlag(steps []string) {
	var rdb *redis.Client
	open := false
	for _, step := range steps {
		switch {
		case step == "open" && !open:
			rdb = redis.NewClient(opts())
			open = true
		case step == "close" && open:
			rdb.Close()
			open = false
		}
	}
	if open {
		rdb.Close()
	}
}

// A constructor that says by a bool whether it opened.
func openIf(enabled bool) (*redis.Client, bool) {
	if !enabled {
		return nil, false
	}
	return redis.NewClient(opts()), true
}

func byBool() {
	rdb, ok := openIf(os.Getenv("CACHE") != "")
	if !ok {
		return
	}
	defer rdb.Close()
	rdb.Ping(ctx)
}

func byBoolForgotten() {
	rdb, ok := openIf(os.Getenv("CACHE") != "") // want `rdb is never closed`
	if ok {
		rdb.Ping(ctx)
	}
}

// A constructor that says by nil whether it opened.
func openOrNil(enabled bool) *redis.Client {
	if enabled {
		return redis.NewClient(opts())
	}
	return nil
}

func byNil() {
	rdb := openOrNil(os.Getenv("CACHE") != "")
	if rdb == nil {
		return
	}
	rdb.Close()
}

func byNilForgotten() {
	rdb := openOrNil(os.Getenv("CACHE") != "") // want `rdb is never closed`
	if rdb != nil {
		rdb.Ping(ctx)
	}
}

// A function of the project looks at the error.
func temporary(err error) bool { return err != nil && err.Error() == "temporary" }

func classified() error {
	conn, err := redigo.Dial("tcp", "cache:6379")
	if temporary(err) {
		return nil
	}
	if err != nil {
		return err
	}
	return conn.Close()
}

// The error is wrapped before it is looked at again.
func wrappedFirst() error {
	conn, err := redigo.Dial("tcp", "cache:6379")
	if err != nil {
		err = fmt.Errorf("dial: %w", err)
	}
	if err != nil {
		return err
	}
	return conn.Close()
}

// Two errors, looked at together.
func joinedErrors() error {
	a, errA := redigo.Dial("tcp", "a:6379")
	if errA == nil {
		defer a.Close()
	}
	b, errB := redigo.Dial("tcp", "b:6379")
	if errB == nil {
		defer b.Close()
	}
	return errors.Join(errA, errB)
}

// A helper that tries again runs the callback that opens.
func again(f func() error) (err error) {
	for range 3 {
		if err = f(); err == nil {
			return nil
		}
	}
	return err
}

func openedByCallback() error {
	var conn redigo.Conn
	err := again(func() (err error) {
		conn, err = redigo.Dial("tcp", "cache:6379")
		return err
	})
	if err != nil {
		return err
	}
	defer conn.Close()
	return work()
}

func openedByCallbackForgotten() error {
	var conn redigo.Conn
	err := again(func() (err error) {
		conn, err = redigo.Dial("tcp", "cache:6379") // want `conn is never closed`
		return err
	})
	if err != nil {
		return err
	}
	_, err = conn.Do("PING")
	return err
}

// The elements of the slice are structs.
type endpoint struct {
	addr string
	conn redigo.Conn
}

func sliceOfStructs(addrs []string) error {
	var all []endpoint
	defer func() {
		for _, e := range all {
			e.conn.Close()
		}
	}()
	for _, addr := range addrs {
		conn, err := redigo.Dial("tcp", addr)
		if err != nil {
			return err
		}
		all = append(all, endpoint{addr: addr, conn: conn})
	}
	return work()
}

// Pointers to structs.
func sliceOfPointers(addrs []string) error {
	var all []*endpoint
	for _, addr := range addrs {
		conn, err := redigo.Dial("tcp", addr)
		if err != nil {
			log.Println(addr, err)
			continue
		}
		all = append(all, &endpoint{addr, conn})
	}
	defer func() {
		for i := range all {
			all[i].conn.Close()
		}
	}()
	return work()
}

// A struct of two connections, closed by its method.
type duplex struct{ in, out redigo.Conn }

func (d duplex) close() {
	for _, conn := range []redigo.Conn{d.in, d.out} {
		if conn != nil {
			conn.Close()
		}
	}
}

func duplexClosed() error {
	var d duplex
	defer func() { d.close() }()
	var err error
	if d.in, err = redigo.Dial("tcp", "in:6379"); err != nil {
		return err
	}
	if d.out, err = redigo.Dial("tcp", "out:6379"); err != nil {
		return err
	}
	return work()
}

func duplexForgotten() error {
	var d duplex
	var err error
	if d.in, err = redigo.Dial("tcp", "in:6379"); err != nil { // want `d\.in is not closed on all paths`
		return err
	}
	if d.out, err = redigo.Dial("tcp", "out:6379"); err != nil {
		return err
	}
	d.close()
	return nil
}

// A closure that stops what a goroutine uses.
func ticking() (stop func()) {
	rdb := redis.NewClient(opts())
	go func() {
		for range time.Tick(time.Second) {
			rdb.Ping(ctx)
		}
	}()
	return func() { rdb.Close() }
}

// A goroutine closes the subscription under the loop that reads it.
func readUntilDone(ctx context.Context, rdb *redis.Client) {
	sub := rdb.Subscribe(ctx, "news")
	go func() {
		<-ctx.Done()
		sub.Close()
	}()
	for msg := range sub.Channel() {
		log.Println(msg.Payload)
	}
}

// A goroutine opens, its result travels through a channel.
func openedElsewhere() (*redis.Client, error) {
	type result struct {
		rdb *redis.Client
		err error
	}
	results := make(chan result, 1)
	go func() {
		rdb := redis.NewClient(opts())
		if err := rdb.Ping(ctx).Err(); err != nil {
			rdb.Close()
			results <- result{err: err}
			return
		}
		results <- result{rdb: rdb}
	}()
	r := <-results
	return r.rdb, r.err
}

// The new one takes the place of the old, which is closed.
type switchable struct {
	mu      sync.Mutex
	current *redis.Client
}

func (s *switchable) swap(fresh *redis.Client) {
	s.mu.Lock()
	old := s.current
	s.current = fresh
	s.mu.Unlock()
	if old != nil && old != fresh {
		old.Close()
	}
}

func (s *switchable) refresh() { s.swap(redis.NewClient(opts())) }

func (s *switchable) Close() { s.swap(nil) }

// The cleanup grows step by step.
func growingCleanup() (cleanup func(), err error) {
	cleanup = func() {}
	rdb := redis.NewClient(opts())
	previous := cleanup
	cleanup = func() {
		rdb.Close()
		previous()
	}
	return cleanup, nil
}

// The panic goes on after the Close.
func repanics() {
	rdb := redis.NewClient(opts())
	defer func() {
		p := recover()
		rdb.Close()
		if p != nil {
			panic(p)
		}
	}()
	rdb.Ping(ctx)
}

// A pipeline's error comes before the Close.
func pipelineFails() (string, error) {
	rdb := redis.NewClient(opts()) // want `rdb is not closed on all paths`
	pipe := rdb.Pipeline()
	get := pipe.Get(ctx, "k")
	if _, err := pipe.Exec(ctx); err != nil {
		return "", err
	}
	return get.Val(), rdb.Close()
}

// A naked return before the client is handed over.
func nakedReturn() (client *redis.Client, err error) {
	rdb := redis.NewClient(opts()) // want `rdb is (never|not) closed`
	if err = rdb.Ping(ctx).Err(); err != nil {
		return
	}
	client = rdb
	return
}
