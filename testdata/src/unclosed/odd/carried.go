package odd

import (
	"context"
	"net/http"

	"github.com/redis/go-redis/v9"
)

type carriedKey struct{}

// What comes out of the context is used, and the answer returned.
func carriedUse(ctx context.Context) error {
	rdb := redis.NewClient(&redis.Options{}) // want `rdb is never closed`
	ctx = context.WithValue(ctx, carriedKey{}, rdb)
	return ctx.Value(carriedKey{}).(*redis.Client).Ping(ctx).Err()
}

// The reply is returned.
func carriedReply(ctx context.Context) (string, error) {
	rdb := redis.NewClient(&redis.Options{}) // want `rdb is never closed`
	ctx = context.WithValue(ctx, carriedKey{}, rdb)
	return rdb.Get(ctx, "k").Result()
}

type carrier struct{ base context.Context }

// The context stays in something.
func (s *carrier) carriedOff(ctx context.Context) {
	rdb := redis.NewClient(&redis.Options{})
	s.base = context.WithValue(ctx, carriedKey{}, rdb)
}

// So it does with the request.
func carriedRequest(r *http.Request) *http.Request {
	rdb := redis.NewClient(&redis.Options{})
	return r.WithContext(context.WithValue(r.Context(), carriedKey{}, rdb))
}
