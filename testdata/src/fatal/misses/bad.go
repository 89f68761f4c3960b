// Package misses answers a missing key like a failure.
package misses

import (
	"context"
	"fmt"
	"log"
	"net/http"

	"fatal/store"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/gin-gonic/gin"
	redigo "github.com/gomodule/redigo/redis"
	"github.com/labstack/echo/v4"
	"github.com/redis/go-redis/v9"
	"github.com/redis/rueidis"
)

var (
	rdb    = redis.NewClient(&redis.Options{})
	pool   *redigo.Pool
	client rueidis.Client
)

func plain(w http.ResponseWriter, r *http.Request) {
	name, err := rdb.Get(r.Context(), "name").Result()
	if err != nil {
		http.Error(w, err.Error(), 500) // want `a missing key is answered with status 500: the error of Get \(line 27\) includes it; check for a missing key first`
		return
	}
	fmt.Fprint(w, name)
}

func header(w http.ResponseWriter, r *http.Request) {
	n, err := rdb.HGet(r.Context(), "h", "f").Result()
	if err != nil {
		log.Printf("hget: %v", err)
		w.WriteHeader(http.StatusInternalServerError) // want `a missing key is answered with status 500: the error of HGet \(line 36\)`
		return
	}
	fmt.Fprint(w, n)
}

func gins(c *gin.Context) {
	val, err := rdb.Get(c.Request.Context(), c.Param("id")).Bytes()
	if err != nil {
		c.JSON(500, gin.H{"error": err.Error()}) // want `a missing key is answered with status 500: the error of Get \(line 46\)`
		return
	}
	c.JSON(200, val)
}

func ginAbort(c *gin.Context) {
	cmd := rdb.Get(c.Request.Context(), c.Param("id"))
	if err := cmd.Err(); err != nil {
		c.AbortWithStatus(http.StatusBadGateway) // want `answered with status 502`
		return
	}
	c.JSON(200, cmd.Val())
}

func echos(c echo.Context) error {
	val, err := rdb.HGet(c.Request().Context(), "h", "f").Result()
	if err != nil {
		return echo.NewHTTPError(http.StatusInternalServerError, err.Error()) // want `a missing key is answered with status 500: the error of HGet \(line 64\)`
	}
	return c.String(200, val)
}

func echoJSON(c echo.Context) error {
	val, err := rdb.Get(c.Request().Context(), "k").Result()
	if err != nil {
		return c.JSON(500, err) // want `answered with status 500`
	}
	return c.String(200, val)
}

func redigos(w http.ResponseWriter, r *http.Request) {
	conn := pool.Get()
	defer conn.Close()
	val, err := redigo.String(conn.Do("GET", "k"))
	if err != nil {
		http.Error(w, "redis", 503) // want `a missing key is answered with status 503: the error of GET \(line 82\)`
		return
	}
	fmt.Fprint(w, val)
}

func rueidiss(w http.ResponseWriter, r *http.Request) {
	val, err := client.Do(r.Context(), client.B().Get().Key("k").Build()).ToString()
	if err != nil {
		http.Error(w, "redis", 500) // want `a missing key is answered with status 500: the error of Get \(line 91\)`
		return
	}
	fmt.Fprint(w, val)
}

func load(ctx context.Context, key string) (string, error) {
	val, err := rdb.Get(ctx, key).Result()
	if err != nil {
		return "", fmt.Errorf("load %s: %w", key, err)
	}
	return val, nil
}

func byHelper(w http.ResponseWriter, r *http.Request) {
	val, err := load(r.Context(), "k")
	if err != nil {
		http.Error(w, err.Error(), 500) // want `a missing key is answered with status 500: the error of load \(line 108\)`
		return
	}
	fmt.Fprint(w, val)
}

func byPackage(w http.ResponseWriter, r *http.Request) {
	val, err := store.Name(r.Context())
	if err != nil {
		http.Error(w, err.Error(), 500) // want `a missing key is answered with status 500: the error of Name \(line 117\)`
		return
	}
	fmt.Fprint(w, val)
}

func fail(w http.ResponseWriter, status int, err error) {
	log.Print(err)
	http.Error(w, err.Error(), status)
}

func byAnswer(w http.ResponseWriter, r *http.Request) {
	val, err := rdb.Get(r.Context(), "k").Result()
	if err != nil {
		fail(w, http.StatusInternalServerError, err) // want `a missing key is answered with status 500: the error of Get \(line 131\)`
		return
	}
	fmt.Fprint(w, val)
}

type response struct {
	StatusCode int
	Body       string
}

func handle(ctx context.Context) (response, error) {
	val, err := rdb.Get(ctx, "k").Result()
	if err != nil {
		return response{StatusCode: 500}, nil // want `a missing key is answered with status 500: the error of Get \(line 145\)`
	}
	return response{200, val}, nil
}

func main() { lambda.Start(handle) }
