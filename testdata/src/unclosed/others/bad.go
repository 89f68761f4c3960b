// Package others has one case for each of the other libraries and kinds.
package others

import (
	"context"

	"github.com/go-redis/redis/v8"
	"github.com/hibiken/asynq"
	"github.com/mediocregopher/radix/v4"
	goredis "github.com/redis/go-redis/v9"
	"github.com/redis/rueidis"
	"github.com/valkey-io/valkey-go"
)

var ctx = context.Background()

// A cluster client.
func cluster() error {
	c := goredis.NewClusterClient(&goredis.ClusterOptions{}) // want `c is never closed`
	return c.Ping(ctx).Err()
}

// A ring.
func ring() error {
	r := goredis.NewRing(&goredis.RingOptions{}) // want `r is never closed`
	return r.Ping(ctx).Err()
}

// A sentinel and the client it leads to.
func failover() error {
	sentinel := goredis.NewSentinelClient(&goredis.Options{}) // want `sentinel is never closed`
	sentinel.Ping(ctx)
	c := goredis.NewFailoverClient(&goredis.FailoverOptions{}) // want `c is never closed`
	return c.Ping(ctx).Err()
}

// go-redis v8, whose Conn takes a context.
func version8(c *redis.Client) error {
	conn := c.Conn(ctx) // want `conn is never closed`
	return conn.Ping(ctx).Err()
}

// rueidis.
func rueidisClient() error {
	c, err := rueidis.NewClient(rueidis.ClientOption{InitAddress: []string{"cache:6379"}}) // want `c is not closed on all paths`
	if err != nil {
		return err
	}
	if err := c.Do(ctx, c.B().Ping().Build()).Error(); err != nil {
		return err
	}
	c.Close()
	return nil
}

// valkey.
func valkeyClient() error {
	c, err := valkey.NewClient(valkey.ClientOption{}) // want `c is never closed`
	if err != nil {
		return err
	}
	return c.Do(ctx, c.B().Ping().Build()).Error()
}

// radix, whose pool is made by a method of its configuration.
func radixPool() error {
	c, err := (radix.PoolConfig{Size: 4}).New(ctx, "tcp", "cache:6379") // want `c is never closed`
	if err != nil {
		return err
	}
	return c.Do(ctx, radix.Cmd(nil, "PING"))
}

// asynq's client.
func enqueue(task *asynq.Task) error {
	client := asynq.NewClient(asynq.RedisClientOpt{Addr: "cache:6379"}) // want `client is never closed`
	_, err := client.Enqueue(task)
	return err
}

// asynq's inspector.
func inspect() ([]string, error) {
	return asynq.NewInspector(asynq.RedisClientOpt{}).Queues() // want `is discarded and can never be closed`
}

// asynq's scheduler ends by Shutdown.
func schedule() error {
	s := asynq.NewScheduler(asynq.RedisClientOpt{}, nil) // want `s is never (shut down|closed)`
	return s.Start()
}

// asynq borrows a client that it is handed.
func borrowedByAsynq(task *asynq.Task) error {
	rdb := goredis.NewClient(&goredis.Options{}) // want `rdb is never closed`
	_, err := asynq.NewClientFromRedisClient(rdb).Enqueue(task)
	return err
}
