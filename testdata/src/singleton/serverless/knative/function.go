// Package function is a Knative function: New makes its handler.
package function

import (
	"context"
	"net/http"

	"github.com/redis/go-redis/v9"
)

// Function answers requests.
type Function struct {
	rdb *redis.Client
}

// New is called once an instance.
func New() *Function {
	rdb := redis.NewClient(&redis.Options{Addr: "cache:6379"}) // want `rdb is kept across invocations by the handler that New returns; open it inside the handler`
	return &Function{rdb: rdb}
}

// Handle answers one.
func (f *Function) Handle(w http.ResponseWriter, r *http.Request) {
	f.rdb.Incr(r.Context(), "n")
}

// Stop is called at the end of the instance.
func (f *Function) Stop(context.Context) error { return f.rdb.Close() }
