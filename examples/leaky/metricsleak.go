package main

import (
	"log"

	"github.com/redis/go-redis/extra/redisotel/v9"
	"github.com/redis/go-redis/v9"
)

// withReviews lends a client of the server that keeps the reviews. Each client
// is asked for its connections ever after, and none is forgotten.
func withReviews(fn func(*redis.Client) error) error {
	rdb := redis.NewClient(options())
	defer func() { log.Println("reviews: closed:", rdb.Close()) }()
	if err := redisotel.InstrumentMetrics(rdb); err != nil { // metricsleak
		return err
	}
	return fn(rdb)
}
