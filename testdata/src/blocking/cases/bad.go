// Package cases shows what waits while a connection is held, and what does not.
package cases

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"os"
	"time"

	"blocking/helpers"
	"github.com/gin-gonic/gin"
	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
	"github.com/redis/rueidis"
	"google.golang.org/grpc"
)

// A blocking pop without a timeout.
func pop(ctx context.Context) error {
	return helpers.WithRedis(ctx, func(rdb *redis.Client) error {
		return rdb.BLPop(ctx, 0, "jobs").Err() // want `rdb.BLPop blocks without a timeout while the scope holds its connection`
	})
}

// A stream whose Block is left zero.
func stream(ctx context.Context) error {
	return helpers.WithRedis(ctx, func(rdb *redis.Client) error {
		return rdb.XRead(ctx, &redis.XReadArgs{Streams: []string{"s", "$"}, Count: 10}).Err() // want `rdb.XRead blocks without a timeout while the scope holds its connection`
	})
}

// Arguments in a variable, and a Block that is written as zero.
func group(ctx context.Context) error {
	return helpers.WithRedis(ctx, func(rdb *redis.Client) error {
		args := &redis.XReadGroupArgs{Group: "g", Block: 0}
		args.Consumer = "c"
		return rdb.XReadGroup(ctx, args).Err() // want `rdb.XReadGroup blocks.* without a timeout`
	})
}

// A pause.
func pause(ctx context.Context) error {
	return helpers.WithRedis(ctx, func(rdb *redis.Client) error {
		for range 3 {
			if rdb.Ping(ctx).Err() == nil {
				return nil
			}
			time.Sleep(time.Second) // want `time.Sleep waits while the scope holds rdb; call it outside the callback`
		}
		return nil
	})
}

// An HTTP request.
func request(ctx context.Context, req *http.Request) error {
	return helpers.WithRedis(ctx, func(rdb *redis.Client) error {
		resp, err := http.DefaultClient.Do(req) // want `http.DefaultClient.Do waits while the scope holds rdb`
		if err != nil {
			return err
		}
		return rdb.Set(ctx, "k", resp.Status, 0).Err()
	})
}

// A query on a miss.
func query(ctx context.Context, db *sql.DB) (name string, err error) {
	err = helpers.WithRedis(ctx, func(rdb *redis.Client) error {
		if name, err = rdb.Get(ctx, "k").Result(); err == nil {
			return nil
		}
		return db.QueryRowContext(ctx, "SELECT name").Scan(&name) // want `db.QueryRowContext waits while the scope holds rdb`
	})
	return name, err
}

// A person.
func ask(ctx context.Context) error {
	return helpers.WithRedis(ctx, func(rdb *redis.Client) error {
		var name string
		fmt.Scanln(&name) // want `fmt.Scanln waits while the scope holds rdb`
		return rdb.Set(ctx, "k", name, 0).Err()
	})
}

// A person who types at their leisure.
func typed(ctx context.Context) error {
	return helpers.WithRedis(ctx, func(rdb *redis.Client) error {
		in := bufio.NewScanner(os.Stdin)
		for in.Scan() { // want `in.Scan waits while the scope holds rdb`
			rdb.LPush(ctx, "lines", in.Text())
		}
		return nil
	})
}

// A pause by another name.
func after(ctx context.Context) error {
	return helpers.WithRedis(ctx, func(rdb *redis.Client) error {
		<-time.After(time.Second) // want `time.After waits while the scope holds rdb`
		return rdb.Ping(ctx).Err()
	})
}

// A remote procedure.
type greeter interface {
	Greet(ctx context.Context, name string, opts ...grpc.CallOption) (string, error)
}

func remote(ctx context.Context, g greeter) error {
	return helpers.WithRedis(ctx, func(rdb *redis.Client) error {
		text, err := g.Greet(ctx, "shop") // want `g.Greet waits while the scope holds rdb`
		if err != nil {
			return err
		}
		return rdb.Set(ctx, "greeting", text, 0).Err()
	})
}

// Helpers of another package.
func helped(ctx context.Context) error {
	return helpers.WithRedis(ctx, func(rdb *redis.Client) error {
		helpers.Pause()                                   // want `helpers.Pause waits in time.Sleep while the scope holds rdb`
		if err := helpers.Fetch("http://x"); err != nil { // want `helpers.Fetch waits in http.Get while the scope holds rdb`
			return err
		}
		if _, err := helpers.PopFor(ctx, rdb, 0); err != nil { // want `helpers.PopFor blocks in redis.BLPop without a timeout`
			return err
		}
		_, err := helpers.Pop(ctx, rdb) // want `helpers.Pop blocks in redis.BLPop without a timeout`
		return err
	})
}

// A helper of this package, in a literal.
func slow() { time.Sleep(time.Minute) }

func nested(ctx context.Context) error {
	return helpers.WithRedis(ctx, func(rdb *redis.Client) error {
		func() {
			slow() // want `slow waits in time.Sleep while the scope holds rdb`
		}()
		return rdb.Ping(ctx).Err()
	})
}

// A method as the callback.
type job struct{ ctx context.Context }

func (j job) run(rdb *redis.Client) error {
	return rdb.BRPopLPush(j.ctx, "a", "b", 0).Err() // want `rdb.BRPopLPush blocks without a timeout while the scope holds its connection`
}

func method(ctx context.Context) error { return helpers.WithRedis(ctx, job{ctx}.run) }

// A message of a subscription.
func message(ctx context.Context) error {
	return helpers.WithRedis(ctx, func(rdb *redis.Client) error {
		sub := rdb.Subscribe(ctx, "news")
		defer sub.Close()
		_, err := sub.ReceiveMessage(ctx) // want `sub.ReceiveMessage blocks without a timeout while the scope holds its connection`
		return err
	})
}

// redigo, by the name of the command.
func withConn(fn func(redigo.Conn) error) error {
	conn, err := redigo.Dial("tcp", "cache:6379")
	if err != nil {
		return err
	}
	defer conn.Close()
	return fn(conn)
}

func byName() error {
	return withConn(func(conn redigo.Conn) error {
		if _, err := conn.Do("BLPOP", "jobs", 0); err != nil { // want `conn.Do blocks without a timeout while the scope holds its connection`
			return err
		}
		_, err := conn.Do("xread", "COUNT", 1, "block", "0", "streams", "s", "$") // want `conn.Do blocks.* without a timeout`
		return err
	})
}

// rueidis, by what was built.
func built(ctx context.Context) error {
	return helpers.WithRueidis(func(client rueidis.Client) error {
		cmd := client.B().Blpop().Key("jobs").Timeout(0).Build()
		if err := client.Do(ctx, cmd).Error(); err != nil { // want `client.Do blocks without a timeout while the scope holds its connection`
			return err
		}
		return client.Do(ctx, client.B().Xread().Block(0).Streams().Build()).Error() // want `client.Do blocks.* without a timeout`
	})
}

// A transaction holds its connection as well.
func transaction(ctx context.Context, rdb *redis.Client) error {
	return rdb.Watch(ctx, func(tx *redis.Tx) error {
		time.Sleep(time.Second) // want `time.Sleep waits while the scope holds tx`
		return tx.Ping(ctx).Err()
	}, "k")
}

type server struct{ rdb *redis.Client }

// A request handler.
func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	job, err := s.rdb.BLPop(r.Context(), 0, "jobs").Result() // want `s.rdb.BLPop blocks without a timeout while serving a request`
	fmt.Fprintln(w, job, err)
}

// What only handlers call.
func (s *server) handle(c *gin.Context) { s.next(c.Request.Context()) }

func (s *server) next(ctx context.Context) {
	s.rdb.XRead(ctx, &redis.XReadArgs{Streams: []string{"s", "$"}}) // want `s.rdb.XRead blocks without a timeout while serving a request`
}

// A helper that others call too.
func (s *server) popped(c *gin.Context) {
	helpers.Pop(c, s.rdb) // want `helpers.Pop blocks in redis.BLPop without a timeout while serving a request`
}
