package derived

import (
	"context"
	"log"

	"github.com/gomodule/redigo/redis"
	goredis "github.com/redis/go-redis/v9"
	"github.com/redis/rueidis"
)

// The subscription is closed.
func subscriptionClosed(rdb *goredis.Client) (*goredis.Message, error) {
	sub := rdb.Subscribe(ctx, "news")
	defer sub.Close()
	return sub.ReceiveMessage(ctx)
}

// The stream ends with its reader.
func streamClosed(ctx context.Context, rdb *goredis.Client, out chan<- string) {
	sub := rdb.Subscribe(ctx, "news")
	defer func() { _ = sub.Close() }()
	for {
		select {
		case <-ctx.Done():
			return
		case msg, ok := <-sub.Channel():
			if !ok {
				return
			}
			out <- msg.Payload
		}
	}
}

// The goroutine that reads closes.
func streamInBackground(ctx context.Context, rdb *goredis.Client) <-chan string {
	sub := rdb.Subscribe(ctx, "news")
	out := make(chan string)
	go func() {
		defer close(out)
		defer sub.Close()
		for msg := range sub.Channel() {
			select {
			case out <- msg.Payload:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}

// Closed when the first receive fails, returned otherwise.
func confirmed(rdb *goredis.ClusterClient) (*goredis.PubSub, error) {
	sub := rdb.Subscribe(ctx, "news")
	if _, err := sub.Receive(ctx); err != nil {
		sub.Close()
		return nil, err
	}
	return sub, nil
}

// The connection is given back.
func stickyConnClosed(rdb *goredis.Client) error {
	conn := rdb.Conn()
	defer conn.Close()
	return conn.Select(ctx, 3).Err()
}

// The transaction of Watch belongs to Watch.
func watch(rdb *goredis.Client) error {
	return rdb.Watch(ctx, func(tx *goredis.Tx) error {
		return tx.Get(ctx, "k").Err()
	}, "k")
}

// A pipeline holds no connection.
func pipelined(rdb *goredis.Client) error {
	pipe := rdb.TxPipeline()
	pipe.Incr(ctx, "n")
	_, err := pipe.Exec(ctx)
	return err
}

// The clients of a cluster's nodes belong to the cluster.
func nodes(cluster *goredis.ClusterClient) error {
	master, err := cluster.MasterForKey(ctx, "k")
	if err != nil {
		return err
	}
	if err := master.Ping(ctx).Err(); err != nil {
		return err
	}
	return cluster.ForEachMaster(ctx, func(ctx context.Context, node *goredis.Client) error {
		return node.Ping(ctx).Err()
	})
}

// An iterator holds nothing.
func iterate(rdb *goredis.Client) error {
	it := rdb.Scan(ctx, 0, "k*", 10).Iterator()
	for it.Next(ctx) {
		println(it.Val())
	}
	return it.Err()
}

// The pooled connection is given back.
func pooledClosed(pool *redis.Pool) (int, error) {
	conn := pool.Get()
	defer conn.Close()
	return redis.Int(conn.Do("INCR", "n"))
}

// The pooled connection is given back, with its error.
func pooledContextClosed(pool *redis.Pool) (err error) {
	conn, err := pool.GetContext(ctx)
	if err != nil {
		return err
	}
	defer func() {
		if closeErr := conn.Close(); closeErr != nil && err == nil {
			err = closeErr
		}
	}()
	_, err = conn.Do("PING")
	return err
}

// The pool is returned.
func newPoolCareful(password string) *redis.Pool {
	return &redis.Pool{
		MaxIdle: 3,
		Dial: func() (redis.Conn, error) {
			conn, err := redis.Dial("tcp", "cache:6379")
			if err != nil {
				return nil, err
			}
			if _, err := conn.Do("AUTH", password); err != nil {
				conn.Close()
				return nil, err
			}
			return conn, nil
		},
		DialContext: func(ctx context.Context) (redis.Conn, error) {
			return redis.DialContext(ctx, "tcp", "cache:6379")
		},
	}
}

// The pool is closed.
func poolClosed() error {
	pool := newPoolCareful("secret")
	defer pool.Close()
	conn := pool.Get()
	defer conn.Close()
	_, err := conn.Do("PING")
	return err
}

// A pool by the old constructor.
func oldPoolClosed() {
	pool := redis.NewPool(func() (redis.Conn, error) { return redis.Dial("tcp", "cache:6379") }, 3)
	defer pool.Close()
	println(pool.ActiveCount())
}

// The subscription closes its connection.
func subConnClosed(pool *redis.Pool) error {
	psc := redis.PubSubConn{Conn: pool.Get()}
	defer psc.Close()
	return psc.Subscribe("news")
}

// The connection is closed below its subscription.
func connClosedBelow() error {
	conn, err := redis.Dial("tcp", "cache:6379")
	if err != nil {
		return err
	}
	defer conn.Close()
	psc := redis.PubSubConn{Conn: conn}
	return psc.Subscribe("news")
}

// A subscription by pointer.
func subPointerClosed() error {
	conn, err := redis.Dial("tcp", "cache:6379")
	if err != nil {
		return err
	}
	psc := &redis.PubSubConn{Conn: conn}
	defer psc.Close()
	return psc.Subscribe("news")
}

// Closing the logging wrapper closes what it wraps.
func loggingClosed(logger *log.Logger) error {
	conn, err := redis.Dial("tcp", "cache:6379")
	if err != nil {
		return err
	}
	logged := redis.NewLoggingConn(conn, logger, "redis ")
	defer logged.Close()
	_, err = logged.Do("PING")
	return err
}

// The wrapper takes the place of what it wraps.
func loggingReplaces(logger *log.Logger) error {
	conn, err := redis.Dial("tcp", "cache:6379")
	if err != nil {
		return err
	}
	conn = redis.NewLoggingConn(conn, logger, "redis ")
	defer conn.Close()
	_, err = conn.Do("PING")
	return err
}

// The cancel function is deferred.
func dedicatedReleased(client rueidis.Client) error {
	c, cancel := client.Dedicate()
	defer cancel()
	return c.Do(ctx, c.B().Ping().Build()).Error()
}

// A dedicated client inside a callback belongs to the client.
func dedicatedCallback(client rueidis.Client) error {
	return client.Dedicated(func(c rueidis.DedicatedClient) error {
		return c.Do(ctx, c.B().Ping().Build()).Error()
	})
}

// The dedicated client and its end are handed on.
func dedicatedHandedOn(client rueidis.Client) (rueidis.DedicatedClient, func()) {
	return client.Dedicate()
}

// Nodes are lent.
func rueidisNodes(client rueidis.Client) {
	for _, node := range client.Nodes() {
		node.Do(ctx, node.B().Ping().Build())
	}
}
