// Package functionsfw registers Google Cloud functions in init.
package functionsfw

import (
	"context"
	"fmt"
	"net/http"

	"github.com/GoogleCloudPlatform/functions-framework-go/functions"
	cloudevents "github.com/cloudevents/sdk-go/v2"
	"github.com/redis/go-redis/v9"
)

func init() {
	rdb := redis.NewClient(&redis.Options{Addr: "cache:6379"}) // want `rdb is kept across invocations by the handler of functions.HTTP`
	functions.HTTP("Count", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, rdb.Incr(r.Context(), "count").Val())
	})

	events := redis.NewClient(&redis.Options{Addr: "events:6379"}) // want `events is kept across invocations by the handler of functions.CloudEvent`
	functions.CloudEvent("Store", func(ctx context.Context, e cloudevents.Event) error {
		return events.Set(ctx, e.ID(), 1, 0).Err()
	})

	// A client inside the function lives no longer than the function.
	functions.HTTP("Clean", func(w http.ResponseWriter, r *http.Request) {
		rdb := redis.NewClient(&redis.Options{Addr: "cache:6379"})
		defer rdb.Close()
		rdb.Del(r.Context(), "count")
	})
}
