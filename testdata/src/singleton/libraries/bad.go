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
	version8  *redis.Client          // want `package-level variable version8 keeps`
	ring      *goredis.Ring          // want `package-level variable ring keeps`
	sticky    *goredis.Conn          // want `package-level variable sticky keeps`
	pool      *redigo.Pool           // want `package-level variable pool keeps`
	conn      redigo.Conn            // want `package-level variable conn keeps`
	sub       redigo.PubSubConn      // want `package-level variable sub keeps`
	multi     rueidis.Client         // want `package-level variable multi keeps`
	dedicated valkey.DedicatedClient // want `package-level variable dedicated keeps`
	valkeyC   valkey.Client          // want `package-level variable valkeyC keeps`
	radixC    *radix.Cluster         // want `package-level variable radixC keeps`
	queue     *asynq.Client          // want `package-level variable queue keeps a Redis queue client`
	inspector *asynq.Inspector       // want `package-level variable inspector keeps`
)
