// Package exported lets others close its client.
package exported

import "github.com/redis/go-redis/v9"

// Client is anybody's.
var Client = redis.NewClient(&redis.Options{})

func ping() { Client.Options() }
