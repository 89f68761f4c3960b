// Package ends ends the process when Redis fails.
package ends

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"

	"fatal/store"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/gin-gonic/gin"
	redigo "github.com/gomodule/redigo/redis"
	"github.com/labstack/echo/v4"
	"github.com/redis/go-redis/v9"
	"github.com/redis/rueidis"
)

var (
	opts   = &redis.Options{}
	client rueidis.Client
)

func fatal(w http.ResponseWriter, r *http.Request) {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	if err := rdb.Set(r.Context(), "k", "v", 0).Err(); err != nil {
		log.Fatal(err) // want `log.Fatal ends the process on a Redis error \(from Set, line 30\) while serving a request`
	}
}

func exit(w http.ResponseWriter, r *http.Request) {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	val, err := rdb.Get(r.Context(), "k").Result()
	if err != nil {
		fmt.Println(err)
		os.Exit(1) // want `os.Exit ends the process on a Redis error \(from Get, line 38\) while serving a request`
	}
	fmt.Fprint(w, val)
}

func panics(c *gin.Context) {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	err := rdb.Ping(c.Request.Context()).Err()
	if err != nil {
		panic(err) // want `panic is called on a Redis error \(from Ping, line 49\) while serving a request`
	}
}

func afterMiss(c echo.Context) error {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	_, err := rdb.Get(c.Request().Context(), "k").Result()
	if errors.Is(err, redis.Nil) {
		return c.NoContent(404)
	} else if err != nil {
		log.Fatalf("redis: %v", err) // want `log.Fatalf ends the process on a Redis error \(from Get, line 58\) while serving a request`
	}
	return nil
}

func dials(w http.ResponseWriter, r *http.Request) {
	c, err := redigo.Dial("tcp", "a")
	if err != nil {
		log.Fatalln(err) // want `log.Fatalln ends the process on a Redis error \(from Dial, line 68\) while serving a request`
	}
	defer c.Close()
	if _, err := c.Do("SET", "k", "v"); err != nil {
		panic(err) // want `panic is called on a Redis error \(from SET, line 73\) while serving a request`
	}
}

func rueidisHandler(w http.ResponseWriter, r *http.Request) {
	err := client.Do(r.Context(), client.B().Ping().Build()).Error()
	if err != nil {
		log.Fatal(err) // want `log.Fatal ends the process`
	}
}

func die(err error) {
	fmt.Println(err)
	os.Exit(2)
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func byHelpers(w http.ResponseWriter, r *http.Request) {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	err := rdb.Ping(r.Context()).Err()
	check(err) // want `check ends the process on a Redis error \(from Ping, line 99\) while serving a request`
	if err := rdb.Del(r.Context(), "k").Err(); err != nil {
		die(err) // want `ends.die ends the process on a Redis error \(from Del, line 101\) while serving a request`
	}
	store.Check(rdb.Ping(r.Context()).Err()) // want `Check ends the process on a Redis error \(from Ping, line 104\) while serving a request`
	if err := rdb.Ping(r.Context()).Err(); err != nil {
		store.Die(err) // want `store.Die ends the process`
	}
}

func deeper(w http.ResponseWriter, r *http.Request) { save(r.Context(), "k") }

func save(ctx context.Context, key string) {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	if err := rdb.Set(ctx, key, 1, 0).Err(); err != nil {
		log.Panic(err) // want `log.Panic ends the process on a Redis error \(from Set, line 115\) while serving a request`
	}
}

func load(ctx context.Context) (string, error) {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	return rdb.Get(ctx, "k").Result()
}

func fromLoad(w http.ResponseWriter, r *http.Request) {
	val, err := load(r.Context())
	if err != nil {
		log.Fatal(err) // want `log.Fatal ends the process on a Redis error \(from load, line 127\) while serving a request`
	}
	fmt.Fprint(w, val)
}

func withRedis(fn func(*redis.Client) error) error {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	return fn(rdb)
}

func inScope(w http.ResponseWriter, r *http.Request) {
	err := withRedis(func(rdb *redis.Client) error {
		return rdb.Set(r.Context(), "k", 1, 0).Err()
	})
	if err != nil {
		log.Fatal(err) // want `log.Fatal ends the process on a Redis error \(from withRedis, line 141\) while serving a request`
	}
}

func main() {
	lambda.Start(func(ctx context.Context) error {
		rdb := redis.NewClient(opts)
		defer rdb.Close()
		if err := rdb.Ping(ctx).Err(); err != nil {
			log.Fatal(err) // want `ends the process on a Redis error \(from Ping, line 153\)`
		}
		return nil
	})
}
