package rediscope_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redislint/redislint/rediscope"
	"github.com/redislint/redislint/rediscope/internal/redistest"
)

// byHand is the least that one command can cost on a connection of its own.
func byHand(ctx context.Context, addr, greeting string) error {
	c, err := (&net.Dialer{}).DialContext(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	defer c.Close()
	r := bufio.NewReader(c)
	ask := func(command string, lines int) error {
		if _, err := c.Write([]byte(command + "\r\n")); err != nil {
			return err
		}
		for range lines {
			if line, err := r.ReadString('\n'); err != nil || line[0] == '-' {
				return errors.Join(err, errors.New(line))
			}
		}
		return nil
	}
	if greeting != "" {
		if err := ask(greeting, 1); err != nil {
			return err
		}
	}
	return ask("GET k", 2)
}

// BenchmarkScope compares, at a round trip of 0 and of 1 ms, one GET in a scope
// with the same on a shared client, on a client that is made for the call as
// go-redis makes it, and on a connection written by hand. The ways take turns,
// so that all see the same machine; a row gives the median, the round trips with
// the one to connect, and the ratio to the shared client.
//
//	go test -run '^$' -bench Scope -benchtime 500x .
func BenchmarkScope(b *testing.B) {
	s := redistest.Start(b)
	s.Do("SET", "k", "v")
	for _, trip := range []time.Duration{0, time.Millisecond} {
		b.Run(trip.String(), func(b *testing.B) {
			p := redistest.NewProxy(b, s.Addr)
			p.Delay(trip)
			ctx := b.Context()
			shared, err := rediscope.Open(rediscope.URL(p.URL()))
			if err != nil {
				b.Fatal(err)
			}
			defer shared.Close()
			get := func(ctx context.Context, rdb *redis.Client) error { return rdb.Get(ctx, "k").Err() }
			ways := []struct {
				name string
				do   func() error
			}{
				{"shared", func() error { return rediscope.WithRedis(ctx, get, shared) }},
				{"hand", func() error { return byHand(ctx, p.Addr, "") }},
				{"scope protocol=2", func() error { return rediscope.WithRedis(ctx, get, rediscope.URL(p.URL()+"?protocol=2")) }},
				{"hand, greeting", func() error { return byHand(ctx, p.Addr, "CLIENT SETNAME n") }},
				{"scope", func() error { return rediscope.WithRedis(ctx, get, rediscope.URL(p.URL())) }},
				{"scope, named", func() error { return rediscope.WithRedis(ctx, get, rediscope.URL(p.URL()), rediscope.Name("n")) }},
				{"naive", func() error {
					rdb := redis.NewClient(&redis.Options{Addr: p.Addr})
					defer rdb.Close()
					return get(ctx, rdb)
				}},
			}
			took := make([][]time.Duration, len(ways))
			trips := make([]int64, len(ways))
			if err := ways[0].do(); err != nil { // the shared connection is there
				b.Fatal(err)
			}
			b.ResetTimer()
			for range b.N {
				for i, w := range ways {
					before := p.Trips.Load() + p.Conns.Load()
					start := time.Now()
					if err := w.do(); err != nil {
						b.Fatal(err)
					}
					took[i] = append(took[i], time.Since(start))
					trips[i] += p.Trips.Load() + p.Conns.Load() - before
				}
			}
			b.StopTimer()
			if b.N < 100 {
				return // the run by which testing finds its way
			}
			median := func(i int) float64 {
				slices.Sort(took[i])
				return float64(took[i][len(took[i])/2])
			}
			table, of := "", median(0)
			for i, w := range ways {
				m := median(i)
				table += fmt.Sprintf("\n%-18s %6.0f µs  %.1f round trips  %4.1fx", w.name, m/1e3, float64(trips[i])/float64(b.N), m/of)
			}
			b.Log(table)
		})
	}
}

// BenchmarkInvocation compares, for an invocation of four commands, each in a
// scope, what they cost with a connection for each, with one for the invocation,
// and with a shared client: at a round trip of 0 and of 1 ms, plain and over TLS.
// The ways take turns; a row gives the median, connections and round trips for an
// invocation (those of TLS and of connecting among them), and the ratio to the
// shared client.
//
//	go test -run '^$' -bench Invocation -benchtime 500x .
func BenchmarkInvocation(b *testing.B) {
	const commands = 4
	s, secure := redistest.StartTLS(b)
	s.Do("SET", "k", "v")
	get := func(ctx context.Context, rdb *redis.Client) error { return rdb.Get(ctx, "k").Err() }
	for _, over := range []string{"plain", "TLS"} {
		for _, trip := range []time.Duration{0, time.Millisecond} {
			b.Run(over+" "+trip.String(), func(b *testing.B) {
				target, options := s.Addr, redis.Options{}
				if over == "TLS" {
					target, options.TLSConfig = secure.Addr, secure.Config(b)
				}
				p := redistest.NewProxy(b, target)
				p.Delay(trip)
				options.Addr = p.Addr
				where := rediscope.Options(&options)
				shared, err := rediscope.Open(where)
				if err != nil {
					b.Fatal(err)
				}
				defer shared.Close()
				handler := func(ctx context.Context, where rediscope.Option) error {
					for range commands {
						if err := rediscope.WithRedis(ctx, get, where); err != nil {
							return err
						}
					}
					return nil
				}
				ways := []struct {
					name string
					do   func(context.Context) error
				}{
					{"shared", func(ctx context.Context) error { return handler(ctx, shared) }},
					{"scope an invocation", func(ctx context.Context) error {
						return rediscope.Invocation(ctx, func(ctx context.Context) error { return handler(ctx, where) }, where)
					}},
					{"scope a command", func(ctx context.Context) error { return handler(ctx, where) }},
				}
				ctx := b.Context()
				if err := ways[0].do(ctx); err != nil { // the shared connection is there
					b.Fatal(err)
				}
				took := make([][]time.Duration, len(ways))
				conns, trips := make([]int64, len(ways)), make([]int64, len(ways))
				b.ResetTimer()
				for range b.N {
					for i, w := range ways {
						c, t, start := p.Conns.Load(), p.Trips.Load(), time.Now()
						if err := w.do(ctx); err != nil {
							b.Fatal(err)
						}
						took[i] = append(took[i], time.Since(start))
						conns[i] += p.Conns.Load() - c
						trips[i] += p.Trips.Load() - t + p.Conns.Load() - c
					}
				}
				b.StopTimer()
				if b.N < 100 {
					return // the run by which testing finds its way
				}
				table, of := "", 0.0
				for i, w := range ways {
					slices.Sort(took[i])
					m := float64(took[i][len(took[i])/2])
					if i == 0 {
						of = m
					}
					table += fmt.Sprintf("\n%-20s %6.0f µs  %.1f connections  %4.1f round trips  %4.1fx", w.name, m/1e3,
						float64(conns[i])/float64(b.N), float64(trips[i])/float64(b.N), m/of)
				}
				b.Log(table)
			})
		}
	}
}
