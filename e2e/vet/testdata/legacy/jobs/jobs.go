// Package jobs uses redigo.
package jobs

import (
	"context"
	"fmt"
	"log"

	"example.com/legacy/pool"
	"github.com/gomodule/redigo/redis"
)

//rules unclosed undeferred

func pooled(p *redis.Pool) error {
	conn := p.Get() // unclosed
	_, err := pool.Borrow(conn)
	return err
}

func pooledChained(p *redis.Pool) (string, error) {
	return redis.String(p.Get().Do("GET", "k")) // unclosed
}

func reusedErr(ctx context.Context, p *redis.Pool) error {
	conn, err := p.GetContext(ctx) // unclosed
	if err != nil {
		return err
	}
	_, err = conn.Do("MULTI")
	if err != nil {
		return err
	}
	return conn.Close()
}

func dialledElsewhere() error {
	conn, err := pool.Dial() // unclosed
	if err != nil {
		return fmt.Errorf("dial: %w", err)
	}
	_, err = pool.Borrow(conn)
	return err
}

func secondFails() error {
	from, err := pool.Dial() // unclosed
	if err != nil {
		return err
	}
	to, err := pool.Dial()
	if err != nil {
		return err
	}
	defer from.Close()
	defer to.Close()
	return nil
}

func poolDropped() (int, error) {
	p := pool.New("localhost:6379", "secret") // unclosed
	conn := p.Get()
	defer conn.Close()
	return pool.Borrow(conn)
}

func subscription() error {
	conn, err := redis.DialURL("redis://localhost") // unclosed
	if err != nil {
		return err
	}
	psc := redis.PubSubConn{Conn: conn}
	return psc.Subscribe("news")
}

func plain(p *redis.Pool) (int, error) {
	conn := p.Get()
	n, err := pool.Borrow(conn)
	conn.Close() // undeferred
	return n, err
}

func pooledClosed(p *redis.Pool) (int, error) {
	conn := p.Get()
	defer conn.Close()
	return pool.Borrow(conn)
}

func secondFailsClosed() error {
	from, err := pool.Dial()
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := pool.Dial()
	if err != nil {
		return fmt.Errorf("to: %w", err)
	}
	defer to.Close()
	return nil
}

func subscriptionClosed() error {
	conn, err := redis.Dial("tcp", "localhost:6379")
	if err != nil {
		return err
	}
	psc := redis.PubSubConn{Conn: conn}
	defer psc.Close()
	return psc.Subscribe("news")
}

func loggingClosed(logger *log.Logger) error {
	conn, err := redis.Dial("tcp", "localhost:6379")
	if err != nil {
		return err
	}
	conn = redis.NewLoggingConn(conn, logger, "redis ")
	defer conn.Close()
	_, err = conn.Do("PING")
	return err
}

func fatal() {
	conn, err := redis.Dial("tcp", "localhost:6379")
	if err != nil {
		log.Fatal(err)
	}
	if _, err := pool.Borrow(conn); err != nil {
		log.Fatal(err)
	}
	defer conn.Close()
}

func poolClosed() (int, error) {
	p := pool.New("localhost:6379", "secret")
	defer p.Close()
	conn := p.Get()
	defer conn.Close()
	return pool.Borrow(conn)
}
