// Package uses uses them.
package uses

import (
	"example.com/queue/worker"
	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"
)

//rules unclosed undeferred singleton

var queue *worker.Queue // singleton

var redisOpt = asynq.RedisClientOpt{Addr: "localhost:6379"}

func dropped() error {
	q := worker.NewQueue() // unclosed
	return q.Put("mail")
}

func inspect() ([]string, error) {
	return asynq.NewInspector(redisOpt).Queues() // unclosed
}

func borrowed() error {
	rdb := redis.NewClient(&redis.Options{}) // unclosed
	return asynq.NewClientFromRedisClient(rdb).Ping()
}

func plain() error {
	q := worker.NewQueue()
	err := q.Put("mail")
	q.Close() // undeferred
	return err
}

func closed() error {
	q := worker.NewQueue()
	defer q.Close()
	return q.Put("mail")
}

func borrowedClosed() error {
	rdb := redis.NewClient(&redis.Options{})
	defer rdb.Close()
	return asynq.NewClientFromRedisClient(rdb).Ping()
}

func scheduled() error {
	s := asynq.NewScheduler(redisOpt, nil)
	defer s.Shutdown()
	return s.Start()
}
