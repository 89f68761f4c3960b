// Package libraries has a variable for each of the other libraries.
package libraries

import (
	"github.com/go-redis/redis/v8"
	redigo "github.com/gomodule/redigo/redis"
	"github.com/hibiken/asynq"
	"github.com/mediocregopher/radix/v4"
	goredis "github.com/redis/go-redis/v9"
	"github.com/redis/rueidis"
	"github.com/valkey-io/valkey-go"
)

var (
	version8  *redis.Client          // want `package-level version8 holds`
	ring      *goredis.Ring          // want `package-level ring holds`
	sticky    *goredis.Conn          // want `package-level sticky holds`
	pool      *redigo.Pool           // want `package-level pool holds`
	conn      redigo.Conn            // want `package-level conn holds`
	sub       redigo.PubSubConn      // want `package-level sub holds`
	multi     rueidis.Client         // want `package-level multi holds`
	dedicated valkey.DedicatedClient // want `package-level dedicated holds`
	valkeyC   valkey.Client          // want `package-level valkeyC holds`
	radixC    *radix.Cluster         // want `package-level radixC holds`
	queue     *asynq.Client          // want `package-level queue holds`
	inspector *asynq.Inspector       // want `package-level inspector holds`
)
