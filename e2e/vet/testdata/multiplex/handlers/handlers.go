// Package handlers waits with rueidis and valkey.
package handlers

import (
	"context"
	"fmt"
	"net/http"

	"github.com/redis/rueidis"
	"github.com/valkey-io/valkey-go"
)

//rules blocking stream

func with(fn func(rueidis.Client) error) error {
	client, err := rueidis.NewClient(rueidis.ClientOption{InitAddress: []string{"localhost:6379"}})
	if err != nil {
		return err
	}
	defer client.Close()
	return fn(client)
}

func pop(ctx context.Context) error {
	return with(func(client rueidis.Client) error {
		return client.Do(ctx, client.B().Blpop().Key("orders").Timeout(0).Build()).Error() // blocking
	})
}

func read(ctx context.Context) error {
	return with(func(client rueidis.Client) error {
		return client.Do(ctx, client.B().Xread().Count(1).Block(0).Streams().Key("orders").Id("$").Build()).Error() // blocking
	})
}

func popSoon(ctx context.Context) error {
	return with(func(client rueidis.Client) error {
		return client.Do(ctx, client.B().Blpop().Key("orders").Timeout(1).Build()).Error()
	})
}

func news(client valkey.Client) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		cmd := client.B().Subscribe().Channel("news").Build()
		client.Receive(context.Background(), cmd, func(m valkey.PubSubMessage) { // stream
			fmt.Fprintln(w, m.Message)
		})
	}
}

func newsUntil(client valkey.Client) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		cmd := client.B().Subscribe().Channel("news").Build()
		client.Receive(r.Context(), cmd, func(m valkey.PubSubMessage) { fmt.Fprintln(w, m.Message) })
	}
}
