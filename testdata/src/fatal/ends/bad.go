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
		log.Fatal(err) // want `the error of Set at line 30 ends the process by log.Fatal while a request is served, return it or fall back`
	}
}

func exit(w http.ResponseWriter, r *http.Request) {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	val, err := rdb.Get(r.Context(), "k").Result()
	if err != nil {
		fmt.Println(err)
		os.Exit(1) // want `the error of Get at line 38 ends the process by os.Exit`
	}
	fmt.Fprint(w, val)
}

func panics(c *gin.Context) {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	err := rdb.Ping(c.Request.Context()).Err()
	if err != nil {
		panic(err) // want `the error of Ping at line 49 panics while a request is served, return it or fall back`
	}
}

func afterMiss(c echo.Context) error {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	_, err := rdb.Get(c.Request().Context(), "k").Result()
	if errors.Is(err, redis.Nil) {
		return c.NoContent(404)
	} else if err != nil {
		log.Fatalf("redis: %v", err) // want `the error of Get at line 58 ends the process by log.Fatalf`
	}
	return nil
}

func dials(w http.ResponseWriter, r *http.Request) {
	c, err := redigo.Dial("tcp", "a")
	if err != nil {
		log.Fatalln(err) // want `the error of Dial at line 68 ends the process by log.Fatalln`
	}
	defer c.Close()
	if _, err := c.Do("SET", "k", "v"); err != nil {
		panic(err) // want `the error of SET at line 73 panics`
	}
}

func rueidisHandler(w http.ResponseWriter, r *http.Request) {
	err := client.Do(r.Context(), client.B().Ping().Build()).Error()
	if err != nil {
		log.Fatal(err) // want `ends the process by log.Fatal`
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
	check(err) // want `the error of Ping at line 99 ends the process by check`
	if err := rdb.Del(r.Context(), "k").Err(); err != nil {
		die(err) // want `the error of Del at line 101 ends the process by ends.die`
	}
	store.Check(rdb.Ping(r.Context()).Err()) // want `the error of Ping at line 104 ends the process by Check`
	if err := rdb.Ping(r.Context()).Err(); err != nil {
		store.Die(err) // want `ends the process by store.Die`
	}
}

func deeper(w http.ResponseWriter, r *http.Request) { save(r.Context(), "k") }

func save(ctx context.Context, key string) {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	if err := rdb.Set(ctx, key, 1, 0).Err(); err != nil {
		log.Panic(err) // want `the error of Set at line 115 ends the process by log.Panic`
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
		log.Fatal(err) // want `the error of load at line 127 ends the process by log.Fatal`
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
		log.Fatal(err) // want `the error of withRedis at line 141 ends the process by log.Fatal`
	}
}

func main() {
	lambda.Start(func(ctx context.Context) error {
		rdb := redis.NewClient(opts)
		defer rdb.Close()
		if err := rdb.Ping(ctx).Err(); err != nil {
			log.Fatal(err) // want `the error of Ping at line 153 ends the process`
		}
		return nil
	})
}
