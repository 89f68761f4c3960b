package main

import (
	"context"
	"fmt"
	"net/http"

	"github.com/redis/rueidis"
)

// news tells a browser what is new in the shop. It goes on when the browser
// has gone.
func news(w http.ResponseWriter, r *http.Request) {
	err := withStock(func(client rueidis.Client) error {
		news := client.B().Subscribe().Channel("news").Build()
		return client.Receive(context.Background(), news, func(m rueidis.PubSubMessage) { // stream
			fmt.Fprintf(w, "data: %s\n\n", m.Message)
		})
	})
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
	}
}
