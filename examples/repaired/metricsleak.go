package main

import (
	"log"

	"github.com/redis/go-redis/extra/redisotel/v9"
	"github.com/redis/go-redis/v9"
)

// withReviews lends a client of the server that keeps the reviews. Its traces go
// with it.
func withReviews(fn func(*redis.Client) error) error {
	rdb := redis.NewClient(options())
	defer func() { log.Println("reviews: closed:", rdb.Close()) }()
	if err := redisotel.InstrumentTracing(rdb); err != nil {
		return err
	}
	return fn(rdb)
}
