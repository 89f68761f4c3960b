// Command program is a long-running program: what main opens lives as long as
// the process, and the end of the process closes it.
package main

import (
	"context"
	"log"
	"net/http"

	"github.com/redis/go-redis/v9"
)

type server struct{ rdb *redis.Client }

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.rdb.Incr(r.Context(), "hits")
}

func main() {
	rdb := redis.NewClient(&redis.Options{Addr: "cache:6379"})
	if err := rdb.Ping(context.Background()).Err(); err != nil {
		log.Fatal(err)
	}
	log.Fatal(http.ListenAndServe(":8080", &server{rdb: rdb}))
}
