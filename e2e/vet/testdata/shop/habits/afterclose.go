// Package habits has the habits of a shop: when it closes, opens and gives up.
package habits

import (
	"context"
	"net/http"
	"time"

	"example.com/shop/store"
	"github.com/redis/go-redis/v9"
)

//rules afterclose

func closedOnTheWay(ctx context.Context) error {
	rdb := redis.NewClient(&redis.Options{})
	if err := rdb.Ping(ctx).Err(); err != nil {
		rdb.Close()
	}
	err := rdb.Set(ctx, "k", 1, 0).Err() // afterclose
	rdb.Close()
	return err
}

func subscriptionClosed(ctx context.Context, rdb *redis.Client) error {
	sub := rdb.Subscribe(ctx, "c")
	sub.Close()
	_, err := sub.ReceiveMessage(ctx) // afterclose
	return err
}

func lent(ctx context.Context) error {
	return store.WithRedis(ctx, func(ctx context.Context, rdb *redis.Client) error {
		defer rdb.Close() // afterclose
		return rdb.Ping(ctx).Err()
	})
}

func lentMaster(ctx context.Context, c *redis.ClusterClient) error {
	return c.ForEachMaster(ctx, func(ctx context.Context, rdb *redis.Client) error {
		defer rdb.Close() // afterclose
		return rdb.Ping(ctx).Err()
	})
}

func connect() func() error {
	rdb := redis.NewClient(&redis.Options{})
	return rdb.Close
}

func dropsCleanup() {
	defer connect() // afterclose
}

func runsCleanup() {
	defer connect()()
}

func closesTwice(ctx context.Context) error {
	rdb := redis.NewClient(&redis.Options{})
	defer rdb.Close()
	if err := rdb.Ping(ctx).Err(); err != nil {
		return err
	}
	return rdb.Close()
}

func ownInScope(ctx context.Context) error {
	return store.WithRedis(ctx, func(ctx context.Context, rdb *redis.Client) error {
		conn := rdb.Conn()
		defer conn.Close()
		return conn.Ping(ctx).Err()
	})
}

func reopens(ctx context.Context) error {
	rdb := redis.NewClient(&redis.Options{})
	if rdb.Ping(ctx).Err() != nil {
		rdb.Close()
		rdb = redis.NewClient(&redis.Options{Addr: "other:6379"})
	}
	defer rdb.Close()
	return rdb.Ping(ctx).Err()
}

func newClient(ctx context.Context) (*redis.Client, error) {
	rdb := redis.NewClient(&redis.Options{})
	defer rdb.Close() // afterclose
	if err := rdb.Ping(ctx).Err(); err != nil {
		return nil, err
	}
	return rdb, nil
}

func messages(ctx context.Context, rdb *redis.Client) <-chan *redis.Message {
	sub := rdb.Subscribe(ctx, "c")
	defer sub.Close() // afterclose
	return sub.Channel()
}

func counter() http.HandlerFunc {
	rdb := redis.NewClient(&redis.Options{})
	defer rdb.Close() // afterclose
	return func(w http.ResponseWriter, r *http.Request) { rdb.Incr(r.Context(), "visits") }
}

func pipelined(ctx context.Context) error {
	rdb := redis.NewClient(&redis.Options{})
	pipe := rdb.Pipeline()
	pipe.Incr(ctx, "visits")
	rdb.Close()
	_, err := pipe.Exec(ctx) // afterclose
	return err
}

func onlyWhenItFails(ctx context.Context) (rdb *redis.Client, err error) {
	rdb = redis.NewClient(&redis.Options{})
	defer func() {
		if err != nil {
			rdb.Close()
		}
	}()
	return rdb, rdb.Ping(ctx).Err()
}

type visits struct{ rdb redis.UniversalClient }

func (v *visits) Count(ctx context.Context, page string) (int64, error) {
	defer v.rdb.Close() // afterclose
	return v.rdb.Get(ctx, page).Int64()
}

func (v *visits) Add(ctx context.Context, page string) error { return v.rdb.Incr(ctx, page).Err() }

func (v *visits) Close(ctx context.Context) error {
	v.rdb.Del(ctx, "open")
	return v.rdb.Close()
}

func (v *visits) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	v.rdb.SetNX(r.Context(), "busy", 1, time.Minute)
	defer v.rdb.Del(r.Context(), "busy") // afterclose
	v.Add(r.Context(), r.URL.Path)
}

func (v *visits) orderly(w http.ResponseWriter, r *http.Request) {
	v.rdb.SetNX(r.Context(), "busy", 1, time.Minute)
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), time.Second)
		defer cancel()
		v.rdb.Del(ctx, "busy")
	}()
	v.Add(r.Context(), r.URL.Path)
}
