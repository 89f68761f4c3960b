package rediscope_test

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/redis/go-redis/v9"
	"github.com/redislint/redislint/rediscope"
)

func ExampleWithRedis() {
	ctx := context.Background()
	var name string
	err := rediscope.WithRedis(ctx, func(ctx context.Context, rdb *redis.Client) (err error) {
		if err := rdb.HSet(ctx, "user:7", "name", "Ada").Err(); err != nil {
			return err
		}
		name, err = rdb.HGet(ctx, "user:7", "name").Result()
		return err
	})
	fmt.Println(name, err)

	err = rediscope.WithRedis(ctx, func(ctx context.Context, rdb *redis.Client) error {
		return rdb.Get(ctx, "user:8").Err()
	})
	fmt.Println(errors.Is(err, redis.Nil))
	// Output:
	// Ada <nil>
	// true
}

func ExampleValue() {
	ctx := context.Background()
	seen, err := rediscope.Value(ctx, func(ctx context.Context, rdb *redis.Client) (int64, error) {
		return rdb.SAdd(ctx, "seen", "Ada", "Grace").Result()
	})
	fmt.Println(seen, err)
	// Output: 2 <nil>
}

func ExampleWithRedisRetry() {
	// Were Redis away, or just starting, this would be tried three times.
	var place int64
	err := rediscope.WithRedisRetry(context.Background(), func(ctx context.Context, rdb *redis.Client) (err error) {
		place, err = rdb.RPush(ctx, "orders", "order 1").Result()
		return err
	})
	fmt.Println(place, err)
	// Output: 1 <nil>
}

func ExampleWithRedisFallback() {
	price := func(ctx context.Context, sku string) (int, error) {
		return rediscope.WithRedisFallback(ctx,
			func(ctx context.Context, rdb *redis.Client) (int, error) {
				return rdb.Get(ctx, "price:"+sku).Int()
			},
			func(ctx context.Context, cause error) (int, error) {
				return 42, nil // from the database, whether the cache missed or is away
			})
	}
	fmt.Println(price(context.Background(), "umbrella"))
	// Output: 42 <nil>
}

// A service opens one client where it starts. What it calls does not change.
func ExampleOpen() {
	count := func(ctx context.Context, where rediscope.Option) (n int64, err error) {
		err = rediscope.WithRedis(ctx, func(ctx context.Context, rdb *redis.Client) error {
			n, err = rdb.Incr(ctx, "visits").Result()
			return err
		}, where)
		return n, err
	}

	shared, err := rediscope.Open(rediscope.Name("shop/visits"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer shared.Close()
	fmt.Println(count(context.Background(), shared))
	fmt.Println(count(context.Background(), rediscope.Name("shop/visits"))) // opens and closes one
	// Output:
	// 1 <nil>
	// 2 <nil>
}

// What a handler calls finds its connection through the context.
func ExampleInvocation() {
	ctx := context.Background()
	visit := func(ctx context.Context) error {
		return rediscope.WithRedis(ctx, func(ctx context.Context, rdb *redis.Client) error {
			id, err := rdb.ClientID(ctx).Result()
			if err != nil {
				return err
			}
			fresh, err := rdb.SAdd(ctx, "connections", id).Result()
			fmt.Println(fresh)
			return err
		})
	}
	err := rediscope.Invocation(ctx, func(ctx context.Context) error {
		if err := visit(ctx); err != nil { // has a WithRedis
			return err
		}
		return visit(ctx) // on the same connection, without a greeting
	})
	fmt.Println(err)
	// Output:
	// 1
	// 0
	// <nil>
}

func ExampleSubscribe() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	err := rediscope.Subscribe(ctx, []string{"news"}, func(ctx context.Context, messages <-chan *redis.Message) error {
		err := rediscope.WithRedis(ctx, func(ctx context.Context, rdb *redis.Client) error {
			return rdb.Publish(ctx, "news", "hello").Err()
		})
		if err != nil {
			return err
		}
		for m := range messages {
			fmt.Println(m.Channel, m.Payload)
			cancel() // as the request of a reader who leaves does
		}
		return nil
	})
	fmt.Println(err)
	// Output:
	// news hello
	// context canceled
}

func ExampleSetup() {
	var commands []string
	record := rediscope.Setup(func(rdb redis.UniversalClient) error {
		rdb.AddHook(recorder{&commands}) // or redisotel.InstrumentTracing(rdb)
		return nil
	})
	err := rediscope.WithRedis(context.Background(), func(ctx context.Context, rdb *redis.Client) error {
		return rdb.Set(ctx, "k", "v", 0).Err()
	}, record)
	fmt.Println(strings.Join(commands, " "), err)
	// Output: hello set <nil>
}

type recorder struct{ names *[]string }

func (recorder) DialHook(next redis.DialHook) redis.DialHook { return next }
func (r recorder) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		err := next(ctx, cmd)
		*r.names = append(*r.names, cmd.Name())
		return err
	}
}
func (recorder) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return next
}
