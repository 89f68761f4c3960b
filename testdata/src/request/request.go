// Package request has functions that run for requests, and others.
package request

import (
	"context"
	"net/http"
	"sync"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/gin-gonic/gin"
	"github.com/labstack/echo/v4"
	"github.com/redis/go-redis/v9"
	"google.golang.org/grpc"
)

var _ *redis.Client

func serve(w http.ResponseWriter, r *http.Request) { // want `serves serve`
	answer()
	Exported()
	shared()
	go background() // started on the way
	defer func() {  // want `serves serve`
		last()
	}()
	once.Do(func() { first() })
	once.Do(func() { // captures, and runs once all the same
		_ = r
		first()
	})
}

var once sync.Once

func first() {}

func answer() { // want `serves serve`
	deeper(3)
}

func deeper(n int) { // want `serves serve`
	if n > 0 {
		deeper(n - 1)
	}
}

func background() { // want `serves serve by w, async`
	beyond()
}

func beyond() {} // want `serves serve by w, async`

func last() {} // want `serves serve`

// Exported may be called by anybody.
func Exported() {}

// shared is called by a handler and when the program starts.
func shared() {}

func start() { shared() }

// island calls itself and nobody calls it.
func island() { island() }

func asValue() {}

var hook func()

func uses(w http.ResponseWriter) { // want `serves uses by w`
	hook = asValue
}

// Middleware runs once, and what it returns for each request.
func Middleware(next http.Handler) http.Handler {
	setup()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { // want `serves a literal`
		check()
		next.ServeHTTP(w, r)
	})
}

func setup() {}

func check() {} // want `serves a literal`

type server struct{ UnimplementedShopServer }

type UnimplementedShopServer struct{}

func (UnimplementedShopServer) Buy(ctx context.Context, item string) (string, error) { return "", nil }

func (s *server) Buy(ctx context.Context, item string) (string, error) { // want `serves server.Buy by ctx`
	return s.price(item), nil
}

func (s *server) price(item string) string { return item } // want `serves server.Buy by ctx`

func (s *server) Close() error { return nil }

type Shop_WatchServer interface{ grpc.ServerStream }

func (s *server) Watch(item string, stream Shop_WatchServer) error { // want `serves server.Watch by stream`
	return nil
}

func (s *server) List(item string, stream grpc.ServerStreamingServer[string]) error { // want `serves server.List by stream`
	return nil
}

func ginHandler(c *gin.Context) {} // want `serves ginHandler by c`

func echoHandler(c echo.Context) error { return nil } // want `serves echoHandler by c`

type app struct{ name string }

func (a *app) handle(ctx context.Context) error { // want `serves app.handle by ctx`
	return nil
}

func lambdaMain() {
	a := &app{}
	lambda.Start(a.handle)
	lambda.Start(func(ctx context.Context) error { // want `serves a literal by ctx`
		return nil
	})
}

// Outgoing requests are no requests to serve.
func sign(r *http.Request) {}

func fetch(c *http.Client) { sign(nil) }
