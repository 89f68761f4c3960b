package calls

import (
	"context"
	"net/http"

	"github.com/redis/go-redis/v9"
)

// A function that returns a func runs nothing, and the func would outlive a
// scope that the function is called in: the command is what runs outside.

func handlerOf(rdb *redis.Client) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		rdb.Get(r.Context(), "k") // want `rdb.Get runs outside a scope`
	}
}

func serveWith(opts *redis.Options) error {
	rdb := redis.NewClient(opts)
	err := http.ListenAndServe(":80", handlerOf(rdb))
	rdb.Close()
	return err
}

func counterOf(ctx context.Context, rdb *redis.Client) func() error {
	count := func() error { return rdb.Incr(ctx, "n").Err() } // want `rdb.Incr runs outside a scope`
	return count
}

func countWith(ctx context.Context, opts *redis.Options) error {
	rdb := redis.NewClient(opts)
	err := counterOf(ctx, rdb)()
	rdb.Close()
	return err
}

// One that calls its func runs the command.
func countNow(ctx context.Context, rdb *redis.Client) error {
	count := func() error { return rdb.Incr(ctx, "n").Err() }
	return count()
}

func nowWith(ctx context.Context, opts *redis.Options) error {
	rdb := redis.NewClient(opts)
	err := countNow(ctx, rdb) // want `countNow runs Redis commands outside a scope`
	rdb.Close()
	return err
}
