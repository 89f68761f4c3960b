// Package ended takes back what it put on the server by a context that has ended.
package ended

import (
	"context"
	"log"
	"net/http"
	"time"

	"afterclose/ended/locks"
	"afterclose/ended/store"
	"github.com/bsm/redislock"
	"github.com/gin-gonic/gin"
	"github.com/redis/go-redis/v9"
	"golang.org/x/sync/errgroup"
)

type server struct {
	rdb    *redis.Client
	locker *redislock.Client
	store  *store.Store
	lock   store.Locker
	keeper store.Keeper
}

func work(ctx context.Context) error { return ctx.Err() }

// The lock stays when the client goes away.
func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	lock, err := s.locker.Obtain(r.Context(), "k", time.Minute, nil)
	if err != nil {
		return
	}
	defer lock.Release(r.Context()) // want `deferred lock.Release may do nothing: r.Context\(\) ends when the client disconnects; pass context.WithoutCancel\(r.Context\(\)\) with a timeout`
	work(r.Context())
}

// A member of a set, in a literal.
func (s *server) online(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	s.rdb.Set(ctx, "user", 1, 0)
	defer func() {
		if err := s.rdb.Del(ctx, "user").Err(); err != nil { // want `deferred s.rdb.Del may do nothing: ctx ends when the client disconnects`
			log.Print(err)
		}
	}()
	work(ctx)
}

// By a helper, in another package too.
func (s *server) unlock(ctx context.Context, key string) {
	if err := s.rdb.Del(ctx, key).Err(); err != nil {
		log.Print(err)
	}
}

func (s *server) helped(w http.ResponseWriter, r *http.Request) {
	defer s.unlock(r.Context(), "a")            // want `deferred s.unlock may do nothing: r.Context\(\) `
	defer locks.Unlock(r.Context(), s.rdb, "b") // want `deferred locks.Unlock may do nothing: r.Context\(\) `
	work(r.Context())
}

// gin's request.
func (s *server) gin(c *gin.Context) {
	ctx := context.WithValue(c.Request.Context(), "user", 1)
	defer s.rdb.Del(ctx, "k") // want `deferred s.rdb.Del may do nothing: ctx `
	work(ctx)
}

// A function that a handler calls.
func (s *server) handle(w http.ResponseWriter, r *http.Request) { s.do(r.Context(), r.URL.Path) }

func (s *server) do(ctx context.Context, key string) error {
	defer s.rdb.Del(ctx, key) // want `deferred s.rdb.Del may do nothing: ctx ends when the client disconnects`
	return work(ctx)
}

// The deadline is that of the work.
func (s *server) Task(ctx context.Context, key string) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	lock, err := s.locker.Obtain(ctx, key, time.Minute, nil)
	if err != nil {
		return err
	}
	defer lock.Release(ctx) // want `deferred lock.Release may do nothing: ctx has a deadline; pass context.WithoutCancel\(ctx\) with a timeout`
	return work(ctx)
}

// Canceled before.
func (s *server) Wrong(key string) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer s.rdb.Del(ctx, key) // want `deferred s.rdb.Del may do nothing: ctx is canceled before`
	defer cancel()
	return nil
}

// A group's context ends when Wait returns.
func (s *server) Group(ctx context.Context, keys []string) error {
	g, ctx := errgroup.WithContext(ctx)
	defer s.rdb.Del(ctx, "busy") // want `deferred s.rdb.Del may do nothing: ctx is canceled before`
	for _, k := range keys {
		g.Go(func() error { return s.rdb.Set(ctx, k, 1, 0).Err() })
	}
	return g.Wait()
}

// It returns because the context has ended.
func (s *server) Lead(ctx context.Context, jobs <-chan string) error {
	defer s.rdb.Del(ctx, "leader") // want `deferred s.rdb.Del may do nothing: ctx may be why the function returns`
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case j := <-jobs:
			s.rdb.Set(ctx, j, 1, 0)
		}
	}
}

// A timeout of the parent's does not help.
func (s *server) shorter(w http.ResponseWriter, r *http.Request) {
	defer func() {
		ctx, cancel := context.WithTimeout(r.Context(), time.Second)
		defer cancel()
		s.rdb.Del(ctx, "k") // want `deferred s.rdb.Del may do nothing: ctx ends when the client disconnects`
	}()
	work(r.Context())
}

// The deadline comes from a caller.
func (s *server) Timed(key string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	return s.timed(ctx, key)
}

func (s *server) timed(ctx context.Context, key string) error {
	defer s.unlock(ctx, key) // want `deferred s.unlock may do nothing: ctx has a deadline`
	return work(ctx)
}

// The parameter's variable, which literals use, has another context by then.
func (s *server) Captured(ctx context.Context, key string) error {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	defer func() {
		s.rdb.Del(ctx, key) // want `deferred s.rdb.Del may do nothing: ctx has a deadline`
	}()
	return work(ctx)
}

// A function of another package defers it.
func (s *server) reserve(w http.ResponseWriter, r *http.Request) {
	if err := s.store.Reserve(r.Context(), r.URL.Path); err != nil { // want `s.store.Reserve defers redis.Del, which may do nothing: r.Context\(\) ends when the client disconnects; pass context.WithoutCancel there`
		w.WriteHeader(http.StatusConflict)
	}
	s.all(r.Context())
}

func (s *server) all(ctx context.Context) error {
	return s.store.ReserveAll(ctx, []string{"a", "b"}) // want `s.store.ReserveAll defers redis.Del, which may do nothing: ctx ends when the client disconnects`
}

// So it does where the deadline is set.
func (s *server) Dated(key string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	return s.store.Reserve(ctx, key) // want `s.store.Reserve defers redis.Del, which may do nothing: ctx has a deadline`
}

// Of an interface, the types beside it say what its methods do.
func (s *server) locked(w http.ResponseWriter, r *http.Request) {
	if ok, err := s.lock.TryLock(r.Context(), "k"); err != nil || !ok {
		return
	}
	defer s.lock.Unlock(r.Context(), "k") // want `deferred s.lock.Unlock may do nothing: r.Context\(\) ends when the client disconnects`
	work(r.Context())
}
