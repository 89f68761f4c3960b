// Command repaired is the shop of command leaky without its mistakes: every
// client is opened by a function that lends it, closes it when the callback is
// through, and does so by defer. redislint has nothing to say about it.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
	"github.com/redis/rueidis"
)

const timeout = 5 * time.Second

var errSoldOut = errors.New("sold out")

func addr() string {
	if a := os.Getenv("REDIS_ADDR"); a != "" {
		return a
	}
	return "localhost:6379"
}

// withSessions lends a client of the server that keeps the sessions.
func withSessions(fn func(*redis.Client) error) error {
	rdb := redis.NewClient(options())
	defer func() { slog.Debug("sessions: closed", "error", rdb.Close()) }()
	return fn(rdb)
}

// user returns whose session it is.
func user(ctx context.Context, session string) (name string, err error) {
	err = withSessions(func(rdb *redis.Client) error {
		name, err = rdb.Get(ctx, "session:"+session).Result()
		return err
	})
	if errors.Is(err, redis.Nil) {
		return "", nil
	}
	return name, err
}

// withLimits lends a connection to the server that counts requests.
func withLimits(ctx context.Context, fn func(redigo.Conn) error) error {
	conn, err := redigo.DialContext(ctx, "tcp", addr(),
		redigo.DialConnectTimeout(timeout),
		redigo.DialReadTimeout(timeout),
		redigo.DialWriteTimeout(timeout))
	if err != nil {
		return err
	}
	defer func() { slog.DebugContext(ctx, "limits: closed", "error", conn.Close()) }()
	return fn(conn)
}

// allowed counts the request, and says whether it is one too many.
func allowed(ctx context.Context, user string) (ok bool, err error) {
	key := "limit:" + user
	err = withLimits(ctx, func(conn redigo.Conn) error {
		n, err := redigo.Int(conn.Do("INCR", key))
		if err != nil {
			return err
		}
		if n == 1 {
			if _, err := conn.Do("EXPIRE", key, 60); err != nil {
				return err
			}
		}
		ok = n <= 30
		return nil
	})
	return ok, err
}

// withStock lends a client of the server that knows what is left.
func withStock(fn func(rueidis.Client) error) error {
	client, err := rueidis.NewClient(rueidis.ClientOption{
		InitAddress:       []string{addr()},
		ConnWriteTimeout:  timeout,
		DisableRetry:      true,
		DisableCache:      true,
		ForceSingleClient: true,
	})
	if err != nil {
		return err
	}
	slog.Debug("stock: open")
	defer client.Close()
	return fn(client)
}

// reserve takes one piece, if nobody else takes the last one meanwhile.
func reserve(ctx context.Context, item string) error {
	key := "stock:" + item
	return withStock(func(client rueidis.Client) error {
		c, cancel := client.Dedicate()
		defer cancel()
		if err := c.Do(ctx, c.B().Watch().Key(key).Build()).Error(); err != nil {
			return err
		}
		left, err := c.Do(ctx, c.B().Get().Key(key).Build()).AsInt64()
		if err != nil {
			return err
		}
		if left == 0 {
			return errSoldOut
		}
		for _, resp := range c.DoMulti(ctx,
			c.B().Multi().Build(),
			c.B().Decr().Key(key).Build(),
			c.B().Exec().Build(),
		) {
			if err := resp.Error(); err != nil {
				return err
			}
		}
		return nil
	})
}

func reply(status int, text string) events.APIGatewayProxyResponse {
	return events.APIGatewayProxyResponse{StatusCode: status, Body: text}
}

// handle puts an item into the cart of whoever asks.
func handle(ctx context.Context, req events.APIGatewayProxyRequest) (events.APIGatewayProxyResponse, error) {
	name, err := user(ctx, req.Headers["X-Session"])
	if err != nil {
		return reply(http.StatusBadGateway, "no sessions"), err
	}
	if name == "" {
		return reply(http.StatusUnauthorized, "who are you?"), nil
	}
	if ok, err := allowed(ctx, name); err != nil {
		return reply(http.StatusBadGateway, "no limits"), err
	} else if !ok {
		return reply(http.StatusTooManyRequests, "slowly"), nil
	}
	item := req.PathParameters["item"]
	switch err := reserve(ctx, item); {
	case errors.Is(err, errSoldOut):
		return reply(http.StatusConflict, "sold out"), nil
	case err != nil:
		return reply(http.StatusBadGateway, "no stock"), err
	}
	return reply(http.StatusOK, fmt.Sprintf("one %s for %s", item, name)), nil
}

func main() {
	lambda.Start(handle)
}
