package main

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/redis/rueidis"
)

// news tells a browser what is new in the shop, until the browser goes.
func news(w http.ResponseWriter, r *http.Request) {
	err := withStock(func(client rueidis.Client) error {
		news := client.B().Subscribe().Channel("news").Build()
		return client.Receive(r.Context(), news, func(m rueidis.PubSubMessage) {
			fmt.Fprintf(w, "data: %s\n\n", m.Message)
		})
	})
	if err != nil && !errors.Is(err, r.Context().Err()) {
		http.Error(w, err.Error(), http.StatusBadGateway)
	}
}
