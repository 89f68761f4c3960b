package others

import (
	"github.com/hibiken/asynq"
	"github.com/mediocregopher/radix/v4"
	goredis "github.com/redis/go-redis/v9"
	"github.com/redis/rueidis"
	"github.com/valkey-io/valkey-go"
)

// A cluster client, closed.
func clusterClosed() error {
	c := goredis.NewClusterClient(&goredis.ClusterOptions{})
	defer c.Close()
	return c.Ping(ctx).Err()
}

// The clients that a cluster makes belong to the cluster.
func clusterMakesClients() *goredis.ClusterClient {
	return goredis.NewClusterClient(&goredis.ClusterOptions{
		NewClient: func(opt *goredis.Options) *goredis.Client { return goredis.NewClient(opt) },
	})
}

// A constructor as an option value.
func constructorAsOption() *goredis.Ring {
	return goredis.NewRing(&goredis.RingOptions{NewClient: goredis.NewClient})
}

// rueidis, whose Close returns nothing.
func rueidisClosed() error {
	c, err := rueidis.NewClient(rueidis.ClientOption{})
	if err != nil {
		return err
	}
	defer c.Close()
	return c.Do(ctx, c.B().Ping().Build()).Error()
}

// valkey, closed.
func valkeyClosed() error {
	c, err := valkey.NewClient(valkey.ClientOption{})
	if err != nil {
		return err
	}
	defer c.Close()
	return c.Do(ctx, c.B().Ping().Build()).Error()
}

// radix, closed.
func radixClosed() error {
	c, err := (radix.PoolConfig{Size: 4}).New(ctx, "tcp", "cache:6379")
	if err != nil {
		return err
	}
	defer c.Close()
	return c.Do(ctx, radix.Cmd(nil, "PING"))
}

// asynq's client, closed.
func enqueueClosed(task *asynq.Task) error {
	client := asynq.NewClient(asynq.RedisClientOpt{})
	defer client.Close()
	_, err := client.Enqueue(task)
	return err
}

// asynq's scheduler, shut down.
func scheduleShutDown() error {
	s := asynq.NewScheduler(asynq.RedisClientOpt{}, nil)
	if err := s.Start(); err != nil {
		s.Shutdown()
		return err
	}
	defer s.Shutdown()
	return nil
}

// The client that asynq borrows is closed here.
func borrowedByAsynqClosed(task *asynq.Task) error {
	rdb := goredis.NewClient(&goredis.Options{})
	defer rdb.Close()
	_, err := asynq.NewClientFromRedisClient(rdb).Enqueue(task)
	return err
}
