// Command leaky is a small shop in an AWS Lambda function: it answers API
// Gateway requests that put things into a cart. It works, it passes its
// review, and on a busy day it uses up the connections of its Redis server.
// Each line that a rule of redislint speaks about ends with the rule's name.
// Command repaired, beside it, is the same shop without the mistakes.
package main

import (
	"context"
	"errors"
	"fmt"
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

// sessions is opened once and kept, as every tutorial does it. Each frozen
// instance of the function keeps its connections with it.
var sessions = redis.NewClient(&redis.Options{Addr: addr(), Protocol: 2, DialerRetries: 1, DialTimeout: timeout, MaxRetries: -1}) // singleton

// user returns whose session it is.
func user(ctx context.Context, session string) (string, error) {
	name, err := sessions.Get(ctx, "session:"+session).Result() // unscoped
	if errors.Is(err, redis.Nil) {
		return "", nil
	}
	return name, err
}

// withLimits lends a connection to the server that counts requests.
func withLimits(ctx context.Context, fn func(redigo.Conn) error) error { // unlogged
	conn, err := redigo.DialContext(ctx, "tcp", addr(),
		redigo.DialConnectTimeout(timeout),
		redigo.DialReadTimeout(timeout),
		redigo.DialWriteTimeout(timeout))
	if err != nil {
		return err
	}
	err = fn(conn)
	conn.Close() // undeferred
	return err
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
func withStock(fn func(rueidis.Client) error) error { // unlogged
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
	defer client.Close()
	return fn(client)
}

// reserve takes one piece, if nobody else takes the last one meanwhile.
func reserve(ctx context.Context, item string) error {
	key := "stock:" + item
	return withStock(func(client rueidis.Client) error {
		c, cancel := client.Dedicate() // unclosed
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
		cancel()
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
