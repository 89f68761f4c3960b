package cases

import (
	"bufio"
	"context"
	"net/http"
	"strings"
	"time"

	"blocking/helpers"
	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
	"github.com/redis/rueidis"
)

// A timeout.
func popWithTimeout(ctx context.Context) error {
	return helpers.WithRedis(ctx, func(rdb *redis.Client) error {
		return rdb.BLPop(ctx, 5*time.Second, "jobs").Err()
	})
}

// A timeout that is not known.
func popFor(ctx context.Context, d time.Duration) error {
	return helpers.WithRedis(ctx, func(rdb *redis.Client) error {
		return rdb.BLPop(ctx, d, "jobs").Err()
	})
}

// A Block, and one that does not wait.
func streamWithBlock(ctx context.Context) error {
	return helpers.WithRedis(ctx, func(rdb *redis.Client) error {
		if err := rdb.XRead(ctx, &redis.XReadArgs{Block: -1}).Err(); err != nil {
			return err
		}
		args := &redis.XReadArgs{}
		args.Block = time.Second
		return rdb.XRead(ctx, args).Err()
	})
}

// A deadline.
func popWithDeadline(ctx context.Context) error {
	return helpers.WithRedis(ctx, func(rdb *redis.Client) error {
		ctx, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		return rdb.BLPop(ctx, 0, "jobs").Err()
	})
}

// Before and after the scope.
func outside(ctx context.Context) error {
	time.Sleep(time.Second)
	resp, err := http.Get("http://x")
	if err != nil {
		return err
	}
	defer time.Sleep(time.Second)
	return helpers.WithRedis(ctx, func(rdb *redis.Client) error {
		return rdb.Set(ctx, "k", resp.Status, 0).Err()
	})
}

// A pause that nobody minds.
func shortPause(ctx context.Context) error {
	return helpers.WithRedis(ctx, func(rdb *redis.Client) error {
		time.Sleep(time.Millisecond)
		return rdb.Ping(ctx).Err()
	})
}

// What is read from a string, and a time limit of a select statement.
func fromText(ctx context.Context, text string, done <-chan error) error {
	return helpers.WithRedis(ctx, func(rdb *redis.Client) error {
		in := bufio.NewScanner(strings.NewReader(text))
		for in.Scan() {
			rdb.LPush(ctx, "lines", in.Text())
		}
		select {
		case err := <-done:
			return err
		case <-time.After(time.Second):
			return nil
		}
	})
}

// A worker on a client of its own.
func worker(ctx context.Context) {
	rdb := redis.NewClient(&redis.Options{})
	defer rdb.Close()
	for {
		if _, err := rdb.BLPop(ctx, 0, "jobs").Result(); err != nil {
			time.Sleep(time.Second)
		}
	}
}

// A goroutine.
func background(ctx context.Context) error {
	return helpers.WithRedis(ctx, func(rdb *redis.Client) error {
		go func() { time.Sleep(time.Second) }()
		helpers.Later()
		return rdb.Ping(ctx).Err()
	})
}

// A helper of which the caller decides whether it waits.
func decided(ctx context.Context) error {
	return helpers.WithRedis(ctx, func(rdb *redis.Client) error {
		helpers.Maybe(false)
		_, err := helpers.PopFor(ctx, rdb, time.Second)
		return err
	})
}

// The confirmation of a subscription comes at once.
func confirmed(ctx context.Context) error {
	return helpers.WithRedis(ctx, func(rdb *redis.Client) error {
		sub := rdb.Subscribe(ctx, "news")
		defer sub.Close()
		_, err := sub.Receive(ctx)
		return err
	})
}

// redigo with timeouts, and other commands.
func byNameWithTimeout() error {
	return withConn(func(conn redigo.Conn) error {
		if _, err := conn.Do("BLPOP", "jobs", 5); err != nil {
			return err
		}
		if _, err := conn.Do("XREAD", "STREAMS", "s", 0); err != nil {
			return err
		}
		_, err := conn.Do("SET", "n", 0)
		return err
	})
}

// The replies of a pipeline.
func replies() error {
	return withConn(func(conn redigo.Conn) error {
		if err := conn.Send("GET", "k"); err != nil {
			return err
		}
		if err := conn.Flush(); err != nil {
			return err
		}
		_, err := conn.Receive()
		return err
	})
}

// rueidis with a timeout, and one that reads without waiting.
func builtWithTimeout(ctx context.Context) error {
	return helpers.WithRueidis(func(client rueidis.Client) error {
		if err := client.Do(ctx, client.B().Blpop().Key("jobs").Timeout(1).Build()).Error(); err != nil {
			return err
		}
		return client.Do(ctx, client.B().Xread().Streams().Build()).Error()
	})
}

// A handler that gives its command a timeout.
func (s *server) timed(w http.ResponseWriter, r *http.Request) {
	s.rdb.BLPop(r.Context(), time.Second, "jobs")
}

// A handler that sleeps holds no scope's connection.
func (s *server) sleepy(w http.ResponseWriter, r *http.Request) {
	time.Sleep(time.Second)
	s.rdb.Ping(r.Context())
}

// A goroutine that a handler starts is no part of its answer.
func (s *server) spawns(w http.ResponseWriter, r *http.Request) {
	go func() { s.rdb.BLPop(context.Background(), 0, "jobs") }()
}

// A goroutine within a callback.
func inGoroutine(ctx context.Context) error {
	return helpers.WithRedis(ctx, func(rdb *redis.Client) error {
		done := make(chan struct{})
		go func() {
			defer close(done)
			rdb.Ping(ctx)
		}()
		<-done
		return nil
	})
}
