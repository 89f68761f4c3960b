// Package handlers opens clients for each request.
package handlers

import (
	"context"
	"fmt"
	"net/http"
	"os"

	"percall/calls"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/gin-gonic/gin"
	redigo "github.com/gomodule/redigo/redis"
	"github.com/labstack/echo/v4"
	"github.com/redis/go-redis/v9"
	"github.com/redis/rueidis"
)

type server struct {
	opts *redis.Options
	addr string
}

var opts = &redis.Options{}

func serve(w http.ResponseWriter, r *http.Request) {
	rdb := redis.NewClient(opts) // want `rdb is opened on every request; open it once at startup and share it`
	defer rdb.Close()
	fmt.Fprint(w, rdb.Get(r.Context(), r.URL.Path).Val())
}

func (s *server) show(w http.ResponseWriter, r *http.Request) {
	rdb := redis.NewClient(s.opts) // want `rdb is opened on every request`
	defer rdb.Close()
	fmt.Fprint(w, rdb.Get(r.Context(), "name").Val())
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c, err := redigo.Dial("tcp", s.addr) // want `c is opened on every request`
	if err != nil {
		http.Error(w, err.Error(), 500)
		return
	}
	defer c.Close()
	c.Do("GET", "a")
}

func gins(c *gin.Context) {
	rdb := redis.NewClient(&redis.Options{Addr: os.Getenv("REDIS_ADDR")}) // want `rdb is opened on every request`
	defer rdb.Close()
	c.JSON(200, rdb.Get(context.Background(), c.Param("id")).Val())
}

func echos(c echo.Context) error {
	client, err := rueidis.NewClient(rueidis.ClientOption{InitAddress: []string{"a:6379"}}) // want `client is opened on every request`
	if err != nil {
		return err
	}
	defer client.Close()
	return c.String(200, "ok")
}

func open() *redis.Client { return redis.NewClient(opts) }

func byHelper(w http.ResponseWriter, r *http.Request) {
	rdb := open() // want `rdb is opened on every request`
	defer rdb.Close()
	rdb.Ping(r.Context())
}

func byOtherPackage(w http.ResponseWriter, r *http.Request) {
	rdb := calls.Open() // want `rdb is opened on every request`
	defer rdb.Close()
	rdb.Ping(r.Context())
}

func viaHelper(w http.ResponseWriter, r *http.Request) {
	fmt.Fprint(w, lookup(r.Context(), r.FormValue("key")))
}

func lookup(ctx context.Context, key string) string {
	rdb := redis.NewClient(opts) // want `rdb is opened on every request`
	defer rdb.Close()
	return rdb.Get(ctx, key).Val()
}

// The address is the constructor's, and does not change.
func handler(addr string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		rdb := redis.NewClient(&redis.Options{Addr: addr}) // want `rdb is opened on every request`
		defer rdb.Close()
		rdb.Ping(r.Context())
	}
}

func main() {
	lambda.Start(func(ctx context.Context, name string) error {
		rdb := redis.NewClient(opts) // want `rdb is opened on every request`
		defer rdb.Close()
		return rdb.Set(ctx, "name", name, 0).Err()
	})
}

type UnimplementedShopServer struct{}

func (UnimplementedShopServer) Buy(ctx context.Context, item *string) (*string, error) {
	return nil, nil
}

type shop struct {
	UnimplementedShopServer
	opts *redis.Options
}

func (s *shop) Buy(ctx context.Context, item *string) (*string, error) {
	rdb := redis.NewClient(s.opts) // want `rdb is opened on every request`
	defer rdb.Close()
	return item, rdb.Del(ctx, *item).Err()
}

func cluster(w http.ResponseWriter, r *http.Request) {
	c := redis.NewClusterClient(&redis.ClusterOptions{Addrs: []string{"a", "b"}}) // want `c is opened on every request`
	defer c.Close()
	c.Ping(r.Context())
}

// It leaks besides.
func leaks(w http.ResponseWriter, r *http.Request) {
	rdb := redis.NewClient(opts) // want `rdb is opened on every request`
	rdb.Ping(r.Context())
}
