// Package recommended shows which scope a finding names: one that opens the
// client that this very call is made on, lends it for any command and always
// closes it. Other functions with a callback are none to move a command into.
package recommended

import (
	"context"
	"errors"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
	"github.com/redis/rueidis"
	"unscoped/helpers"
)

var ctx = context.Background()

// A decorator of a transaction's callback.
func traced(fn func(*redis.Tx) error) func(*redis.Tx) error {
	return func(tx *redis.Tx) error { return fn(tx) }
}

// A retry of Watch.
func retried(rdb *redis.Client, fn func(*redis.Tx) error) (err error) {
	for range 3 {
		if err = rdb.Watch(ctx, traced(fn), "k"); err == nil {
			return err
		}
	}
	return err
}

// The same with a client of its own.
func transaction(fn func(*redis.Client, *redis.Tx) error) error {
	rdb := redis.NewClient(&redis.Options{})
	defer rdb.Close()
	return rdb.Watch(ctx, func(tx *redis.Tx) error { return fn(rdb, tx) }, "k")
}

// It closes one job.
func finish(id string, fn func(*redis.Client) error) error {
	rdb := redis.NewClient(&redis.Options{})
	defer rdb.Close()
	if err := rdb.Del(ctx, "job:"+id).Err(); err != nil {
		return err
	}
	return fn(rdb)
}

// It calls back for each name, with the client.
func forEach(names []string, fn func(rdb *redis.Client, name string) error) (err error) {
	rdb := redis.NewClient(&redis.Options{})
	defer rdb.Close()
	for _, name := range names {
		err = errors.Join(err, fn(rdb, name))
	}
	return err
}

// It lends what it never closes, or what it did not open.
func leaking(fn func(*redis.Client) error) error { return fn(redis.NewClient(&redis.Options{})) }

func lending(rdb *redis.Client, fn func(*redis.Client) error) error { return fn(rdb) }

// It lends another library's clients.
func withLimits(fn func(rueidis.Client) error) error {
	client, err := rueidis.NewClient(rueidis.ClientOption{})
	if err != nil {
		return err
	}
	defer client.Close()
	return fn(client)
}

// It lends clients of a cluster, which has other keys.
func withCluster(fn func(*redis.ClusterClient) error) error {
	rdb := redis.NewClusterClient(&redis.ClusterOptions{})
	defer rdb.Close()
	return fn(rdb)
}

type service struct {
	rdb       *redis.Client
	cluster   *redis.ClusterClient
	commands  redis.Cmdable
	client    rueidis.Client
	dedicated rueidis.DedicatedClient
	pool      *redigo.Pool
}

func (s *service) client9() error {
	return s.rdb.Get(ctx, "k").Err() // want `s\.rdb\.Get runs( Redis commands)? outside a scope; call it inside (a scope such as )?WithRedis`
}

func (s *service) ofCluster() error {
	return s.cluster.Get(ctx, "k").Err() // want `s\.cluster\.Get runs( Redis commands)? outside a scope; call it inside (a scope such as )?withCluster`
}

// A cluster's client has all commands.
func (s *service) ofInterface() error {
	return s.commands.Get(ctx, "k").Err() // want `s\.commands\.Get runs( Redis commands)? outside a scope; call it inside (a scope such as )?withCluster`
}

// A pipeline is made of a client.
func (s *service) pipelined() error {
	pipe := s.cluster.Pipeline()
	pipe.Incr(ctx, "n")
	_, err := pipe.Exec(ctx) // want `pipe\.Exec runs( Redis commands)? outside a scope; call it inside (a scope such as )?withCluster`
	return err
}

func (s *service) ofRueidis() error {
	return s.client.Do(ctx, s.client.B().Ping().Build()).Error() // want `s\.client\.Do runs( Redis commands)? outside a scope; call it inside (a scope such as )?withLimits`
}

func rename(rdb *redis.ClusterClient) error { return rdb.HSet(ctx, "k", "name", "new").Err() }

func renameAny(rdb redis.UniversalClient) error { return rdb.HSet(ctx, "k", "name", "new").Err() }

func (s *service) handed() error {
	if err := rename(s.cluster); err != nil { // want `rename runs( Redis commands)? outside a scope; call it inside (a scope such as )?withCluster`
		return err
	}
	return renameAny(s.rdb) // want `renameAny runs( Redis commands)? outside a scope; call it inside (a scope such as )?WithRedis`
}

// The scope of an imported package, which nobody here calls.
func (s *service) imported(_ *helpers.Pool) (err error) {
	conn := s.pool.Get()
	_, err = conn.Do("DEL", "k") // want `conn\.Do runs( Redis commands)? outside a scope; call it inside (a scope such as )?helpers\.Pool\.With`
	conn.Close()
	return err
}
