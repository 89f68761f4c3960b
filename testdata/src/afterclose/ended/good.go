package ended

import (
	"context"
	"net/http"
	"time"

	"afterclose/ended/locks"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/gin-gonic/gin"
)

// Without cancellation, and with a timeout.
func (s *server) right(w http.ResponseWriter, r *http.Request) {
	lock, err := s.locker.Obtain(r.Context(), "k", time.Minute, nil)
	if err != nil {
		return
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), time.Second)
		defer cancel()
		lock.Release(ctx)
	}()
	work(r.Context())
}

// A context of its own.
func (s *server) own(w http.ResponseWriter, r *http.Request) {
	defer s.rdb.Del(context.Background(), "k")
	work(r.Context())
}

// The helper sees to it.
func (s *server) helperKnows(w http.ResponseWriter, r *http.Request) {
	defer locks.Free(r.Context(), s.rdb, "k")
	work(r.Context())
}

// Not deferred.
func (s *server) inOrder(w http.ResponseWriter, r *http.Request) {
	work(r.Context())
	s.rdb.Del(r.Context(), "k")
}

// What it is given, it knows nothing of.
func (s *server) Given(ctx context.Context, key string) error {
	lock, err := s.locker.Obtain(ctx, key, time.Minute, nil)
	if err != nil {
		return err
	}
	defer lock.Release(ctx)
	return work(ctx)
}

// The func that cancels it runs afterwards.
func (s *server) After(key string) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	defer s.rdb.Del(ctx, key)
	return work(ctx)
}

// gin's own context does not end.
func (s *server) ginItself(c *gin.Context) {
	defer s.rdb.Del(c, "k")
	work(c)
}

// Asked before anything was deferred.
func (s *server) Asked(ctx context.Context, key string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	defer s.rdb.Del(ctx, key)
	return s.rdb.Set(ctx, key, 1, 0).Err()
}

// A read takes nothing back.
func (s *server) reads(w http.ResponseWriter, r *http.Request) {
	defer s.rdb.Get(r.Context(), "k")
	work(r.Context())
}

// Another context than the one that it waits for.
func (s *server) Two(ctx, life context.Context) {
	defer s.rdb.Del(life, "k")
	<-ctx.Done()
}

// An invocation that is over its time is killed, and runs nothing.
func (s *server) invoke(ctx context.Context) error {
	defer s.rdb.Del(ctx, "k")
	return work(ctx)
}

func (s *server) start() { lambda.Start(s.invoke) }

// The deadline begins with the release.
func (s *server) Late(key string) error {
	defer func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		s.rdb.Del(ctx, key)
	}()
	return work(context.Background())
}

// The variable has another context by then.
func (s *server) swapped(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	defer func() { s.rdb.Del(ctx, "k") }()
	work(ctx)
	ctx = context.Background()
}

// A function of another package sees to it, or has nothing to lose.
func (s *server) elsewhere(w http.ResponseWriter, r *http.Request) {
	s.store.Safe(r.Context(), "k")
	s.store.Forget(r.Context(), "k")
	s.store.Reserve(context.WithoutCancel(r.Context()), "k")
}

// A context that does not end.
func (s *server) Nightly() error { return s.store.Reserve(context.Background(), "all") }

// One it is given, and knows nothing of.
func (s *server) Pass(ctx context.Context) error { return s.store.Reserve(ctx, "k") }

// What the interface keeps may be in memory.
func (s *server) kept(w http.ResponseWriter, r *http.Request) {
	defer s.keeper.Drop(r.Context(), "k")
	work(r.Context())
}
