// Package libraries has cases of the other libraries.
package libraries

import (
	"context"

	"github.com/go-redis/redis/v8"
	redigo "github.com/gomodule/redigo/redis"
	goredis "github.com/redis/go-redis/v9"
	"github.com/redis/rueidis"
)

var ctx = context.Background()

// withConn is a scope of redigo.
func withConn(fn func(redigo.Conn) error) error {
	conn, err := redigo.Dial("tcp", "cache:6379")
	if err != nil {
		return err
	}
	defer conn.Close()
	return fn(conn)
}

// withPooled is a scope that takes its connection from a pool.
func withPooled(pool *redigo.Pool, fn func(redigo.Conn) error) error {
	conn := pool.Get()
	defer conn.Close()
	return fn(conn)
}

// withRueidis is a scope of rueidis.
func withRueidis(fn func(rueidis.Client) error) error {
	client, err := rueidis.NewClient(rueidis.ClientOption{})
	if err != nil {
		return err
	}
	defer client.Close()
	return fn(client)
}

// A connection of redigo, inside.
func redigoInside() error {
	return withConn(func(conn redigo.Conn) error {
		_, err := conn.Do("PING")
		return err
	})
}

// A pooled connection, inside.
func pooledInside(pool *redigo.Pool) error {
	return withPooled(pool, func(conn redigo.Conn) error {
		if err := conn.Send("INCR", "n"); err != nil {
			return err
		}
		return conn.Flush()
	})
}

// A pooled connection, outside.
func pooledOutside(pool *redigo.Pool) (string, error) {
	conn := pool.Get()
	value, err := redigo.String(conn.Do("GET", "k")) // want `conn\.Do runs( Redis commands)? outside a scope`
	conn.Close()
	return value, err
}

// A dialled connection, outside.
func dialledOutside() error {
	conn, err := redigo.Dial("tcp", "cache:6379")
	if err != nil {
		return err
	}
	_, err = conn.Do("DEL", "k") // want `conn\.Do runs( Redis commands)? outside a scope`
	conn.Close()
	return err
}

// rueidis, inside.
func rueidisInside() error {
	return withRueidis(func(client rueidis.Client) error {
		return client.Do(ctx, client.B().Ping().Build()).Error()
	})
}

type service struct {
	client  rueidis.Client
	old     *redis.Client
	cluster *goredis.ClusterClient
}

// rueidis, outside. Building the command asks nothing of the server.
func (s *service) rueidisOutside() error {
	cmd := s.client.B().Ping().Build()
	return s.client.Do(ctx, cmd).Error() // want `s\.client\.Do runs( Redis commands)? outside a scope`
}

// go-redis v8, outside.
func (s *service) version8() error {
	return s.old.Get(ctx, "k").Err() // want `s\.old\.Get runs( Redis commands)? outside a scope`
}

// A cluster, outside.
func (s *service) clusterOutside() error {
	return s.cluster.Get(ctx, "k").Err() // want `s\.cluster\.Get runs( Redis commands)? outside a scope`
}

// An indirect command, outside.
var script = goredis.NewScript("return 1")

func (s *service) scriptOutside() error {
	return script.Run(ctx, s.cluster, nil).Err() // want `runs( Redis commands)? outside a scope`
}

// The scope that a message names is one of the client's own library.
func ownLibrary(s *service) error {
	return s.client.Do(ctx, s.client.B().Ping().Build()).Error() // want `s.client.Do runs outside a scope; call it inside withRueidis`
}

func noneOfItsLibrary(s *service) error {
	return s.old.Get(ctx, "k").Err() // want `s.old.Get runs outside a scope; call it inside a scope such as WithRedis`
}

// Setting hooks asks nothing of the server.
func hooks(client rueidis.DedicatedClient) { client.SetPubSubHooks(rueidis.PubSubHooks{}) }

func setsHooks(s *service) {
	c, cancel := s.client.Dedicate()
	defer cancel()
	c.SetPubSubHooks(rueidis.PubSubHooks{})
	hooks(c)
}
