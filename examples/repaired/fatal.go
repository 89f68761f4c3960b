package main

import (
	"fmt"
	"log"
	"net/http"

	"github.com/redis/rueidis"
)

// reserved says how many items are reserved, or that it does not know.
func reserved(w http.ResponseWriter, r *http.Request) {
	err := withStock(func(client rueidis.Client) error {
		n, err := client.Do(r.Context(), client.B().Scard().Key("reserved").Build()).AsInt64()
		if err == nil {
			fmt.Fprintln(w, n, "are reserved")
		}
		return err
	})
	if err != nil {
		log.Print(err)
		fmt.Fprintln(w, "some are reserved")
	}
}
