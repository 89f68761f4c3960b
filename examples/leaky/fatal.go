package main

import (
	"fmt"
	"log"
	"net/http"

	"github.com/redis/rueidis"
)

// reserved says how many items are reserved. When Redis does not answer, all
// requests of this instance fail, not this one alone.
func reserved(w http.ResponseWriter, r *http.Request) {
	err := withStock(func(client rueidis.Client) error {
		n, err := client.Do(r.Context(), client.B().Scard().Key("reserved").Build()).AsInt64()
		fmt.Fprintln(w, n, "are reserved")
		return err
	})
	if err != nil {
		log.Fatal(err) // fatal
	}
}
