// Package redisprometheus stands in for
// github.com/redis/go-redis/extra/redisprometheus/v9.
package redisprometheus

import "github.com/redis/go-redis/v9"

type StatGetter interface{ PoolStats() *redis.PoolStats }

type Collector struct{ getter StatGetter }

func NewCollector(namespace, subsystem string, getter StatGetter) *Collector {
	return &Collector{getter}
}

func (c *Collector) Collect() {}
