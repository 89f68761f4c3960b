package channels

import (
	"context"
	"errors"
	"sync"
	"time"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
)

// Received and closed.
func received() error {
	ch := make(chan *redis.Client, 1)
	go func() { ch <- client("a") }()
	rdb := <-ch
	defer rdb.Close()
	return rdb.Ping(ctx).Err()
}

func drainedWell(addrs []string) {
	ch := make(chan *redis.Client, len(addrs))
	for _, a := range addrs {
		ch <- client(a)
	}
	close(ch)
	for rdb := range ch {
		rdb.Close()
	}
}

func drainedLater(work func() error) error {
	ch := make(chan *redis.Client, 2)
	defer func() {
		close(ch)
		for rdb := range ch {
			rdb.Close()
		}
	}()
	ch <- client("a")
	ch <- client("b")
	return work()
}

func drainedByLen() {
	ch := make(chan *redis.Client, 2)
	ch <- client("a")
	for len(ch) > 0 {
		(<-ch).Close()
	}
}

// Received or given up: who sends it takes care.
func inTime(ctx context.Context) error {
	ch := make(chan *redis.Client)
	go func() {
		rdb := client("a")
		select {
		case ch <- rdb:
		case <-ctx.Done():
			rdb.Close()
		}
	}()
	select {
	case rdb := <-ch:
		defer rdb.Close()
		return rdb.Ping(ctx).Err()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// The error comes by a channel of its own.
func twoChannels() error {
	conns, errs := make(chan redigo.Conn, 1), make(chan error, 1)
	go func() {
		conn, err := redigo.Dial("tcp", "cache:6379")
		if err != nil {
			errs <- err
			return
		}
		conns <- conn
	}()
	select {
	case conn := <-conns:
		defer conn.Close()
		_, err := conn.Do("PING")
		return err
	case err := <-errs:
		return err
	case <-time.After(time.Second):
		return errors.New("too late")
	}
}

func errorFirst() error {
	conns, errs := make(chan redigo.Conn, 1), make(chan error, 1)
	go func() {
		conn, err := redigo.Dial("tcp", "cache:6379")
		conns <- conn
		errs <- err
	}()
	if err := <-errs; err != nil {
		return err
	}
	conn := <-conns
	defer conn.Close()
	_, err := conn.Do("PING")
	return err
}

func inStructWell() error {
	ch := make(chan dialed, 1)
	go func() {
		conn, err := redigo.Dial("tcp", "cache:6379")
		ch <- dialed{conn, err}
	}()
	r := <-ch
	if r.err != nil {
		return r.err
	}
	defer r.conn.Close()
	_, err := r.conn.Do("PING")
	return err
}

// Somebody who was started before closes what comes.
func consumer(addrs []string) {
	ch := make(chan *redis.Client)
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		for rdb := range ch {
			rdb.Close()
		}
	}()
	for _, a := range addrs {
		ch <- client(a)
	}
	close(ch)
	wg.Wait()
}

func consume(ch <-chan *redis.Client) {
	for rdb := range ch {
		rdb.Close()
	}
}

func consumers(addrs []string) {
	ch := make(chan *redis.Client)
	go consume(ch)
	for _, a := range addrs {
		ch <- client(a)
	}
	close(ch)
}

func consumedAfter() {
	ch := make(chan *redis.Client, 1)
	ch <- client("a")
	close(ch)
	consume(ch)
}

// Somebody outside has the channel.
func sentOut(out chan<- *redis.Client) { out <- client("a") }

func stream(ctx context.Context) <-chan *redis.Client {
	ch := make(chan *redis.Client)
	go func() {
		defer close(ch)
		ch <- client("a")
	}()
	return ch
}

func subscribed(listen func(<-chan *redis.Client)) {
	ch := make(chan *redis.Client, 1)
	listen(ch)
	ch <- client("a")
}

// Each of several goroutines sends one, and all are received.
func gathered(addrs []string) []*redis.Client {
	ch := make(chan *redis.Client)
	for _, a := range addrs {
		go func() { ch <- client(a) }()
	}
	var all []*redis.Client
	for range addrs {
		all = append(all, <-ch)
	}
	return all
}

func gatheredAndClosed(addrs []string) {
	ch := make(chan *redis.Client, len(addrs))
	var wg sync.WaitGroup
	for _, a := range addrs {
		wg.Add(1)
		go func() {
			defer wg.Done()
			ch <- client(a)
		}()
	}
	wg.Wait()
	close(ch)
	for rdb := range ch {
		rdb.Close()
	}
}

// The pool is closed.
func bucketClosed() error {
	b := newBucket(2)
	defer b.Close()
	return b.do(func(rdb *redis.Client) error { return rdb.Ping(ctx).Err() })
}

// A semaphore holds no client.
func limited(addrs []string) {
	slots := make(chan struct{}, 2)
	for _, a := range addrs {
		slots <- struct{}{}
		rdb := client(a)
		go func() {
			defer func() { <-slots }()
			defer rdb.Close()
			rdb.Ping(ctx)
		}()
	}
}
