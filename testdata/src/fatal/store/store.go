// Package store reads keys for other packages.
package store

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/redis/go-redis/v9"
)

var opts = &redis.Options{}

// Name returns the error as it is.
func Name(ctx context.Context) (string, error) {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	name, err := rdb.Get(ctx, "name").Result()
	if err != nil {
		return "", fmt.Errorf("name: %w", err)
	}
	return name, nil
}

// Known tells a miss apart.
func Known(ctx context.Context) (string, error) {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	name, err := rdb.Get(ctx, "name").Result()
	if errors.Is(err, redis.Nil) {
		return "", nil
	}
	return name, err
}

// Check ends the process.
func Check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// Die ends the process.
func Die(err error) {
	log.Println(err)
	log.Fatalln("dying")
}
