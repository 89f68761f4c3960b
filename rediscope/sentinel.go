package rediscope

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// Sentinels know where a master is, and its replicas. They are asked anew for
// each connection, all at the same time, and the first answer holds. The client
// of go-redis waits for all answers, and for those with its lock held, so that
// one sentinel that is silent holds everybody up; and it subscribes to a sentinel
// for news that a scope does not live to see. A server that is no master any
// more drops its clients, who then ask again.
type sentinels struct {
	addrs   []string
	master  string
	options func(addr string) *redis.Options
	greet   func(addr string) redis.Hook
	timeout time.Duration // of all
}

// byName is a client whose connections lead to where Sentinel says.
func (c *config) byName(d *dialing) redis.UniversalClient {
	o := c.several(d)
	s := &sentinels{addrs: slices.Clone(o.Addrs), master: o.MasterName, timeout: o.DialTimeout}
	if len(s.addrs) == 0 {
		s.addrs = []string{"127.0.0.1:26379"} // as go-redis does
	}
	s.options = func(addr string) *redis.Options {
		return &redis.Options{
			Addr: addr, Username: o.SentinelUsername, Password: o.SentinelPassword, Protocol: 2,
			Dialer: o.Dialer, DialTimeout: o.DialTimeout, ReadTimeout: o.ReadTimeout, WriteTimeout: o.WriteTimeout,
			MaxRetries: -1, DialerRetries: 1, PoolSize: 1, ReadBufferSize: 4 << 10, WriteBufferSize: 4 << 10,
			ContextTimeoutEnabled: true, DisableIdentity: true, MaintNotificationsConfig: unasked(),
		}
	}
	s.greet = func(addr string) redis.Hook {
		return &hook{level: single, addr: addr, dial: &dialing{log: d.log, heard: d.heard, ctx: d.ctx}}
	}
	if o.RouteByLatency || o.RouteRandomly || o.IsClusterMode {
		return s.cluster(o)
	}
	simple := o.Simple()
	simple.Addr = "FailoverClient" // as go-redis calls it
	dial := simple.Dialer
	simple.Dialer = func(ctx context.Context, network, _ string) (net.Conn, error) {
		addr, err := s.server(ctx, o.ReadOnly)
		if err != nil {
			return nil, err
		}
		return dial(ctx, network, addr)
	}
	return redis.NewClient(simple)
}

// cluster makes one of a master and its replicas, to read from any of them.
func (s *sentinels) cluster(o *redis.UniversalOptions) redis.UniversalClient {
	co := o.Cluster()
	co.Addrs, co.MaxRedirects = nil, -1
	if db, then := o.DB, co.OnConnect; db != 0 { // a cluster has no databases, these servers do
		co.OnConnect = func(ctx context.Context, cn *redis.Conn) error {
			if err := cn.Select(ctx, db).Err(); err != nil || then == nil {
				return err
			}
			return then(ctx, cn)
		}
	}
	co.ClusterSlots = func(ctx context.Context) ([]redis.ClusterSlot, error) {
		master, err := ask(ctx, s, s.askMaster)
		if err != nil {
			return nil, err
		}
		replicas, err := ask(ctx, s, s.askReplicas)
		if err != nil {
			return nil, err
		}
		nodes := []redis.ClusterNode{{Addr: master}}
		for _, addr := range replicas {
			nodes = append(nodes, redis.ClusterNode{Addr: addr})
		}
		return []redis.ClusterSlot{{Start: 0, End: 16383, Nodes: nodes}}, nil
	}
	return redis.NewClusterClient(co)
}

// server is the address of the master, or of a replica if one is there.
func (s *sentinels) server(ctx context.Context, replica bool) (string, error) {
	if replica {
		addrs, err := ask(ctx, s, s.askReplicas)
		if err != nil {
			return "", err
		}
		if len(addrs) > 0 {
			return addrs[rand.IntN(len(addrs))], nil
		}
	}
	return ask(ctx, s, s.askMaster)
}

// ask asks all sentinels and returns the first answer.
func ask[T any](ctx context.Context, s *sentinels, question func(context.Context, *redis.SentinelClient) (T, error)) (T, error) {
	type answer struct {
		v   T
		err error
	}
	var none T
	if s.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, s.timeout)
		defer cancel()
	} else {
		var cancel context.CancelFunc
		ctx, cancel = context.WithCancel(ctx)
		defer cancel()
	}
	answers := make(chan answer, len(s.addrs))
	for _, addr := range s.addrs {
		go func() {
			v, err := withSentinel(ctx, s, addr, question)
			if err != nil {
				err = fmt.Errorf("sentinel %s: %w", addr, err)
			}
			answers <- answer{v, err}
		}()
	}
	var errs []error
	for range s.addrs {
		select {
		case a := <-answers:
			if a.err == nil {
				return a.v, nil
			}
			errs = append(errs, a.err)
		case <-ctx.Done():
			return none, &dialError{errors.Join(append(errs, ctx.Err())...)}
		}
	}
	return none, &dialError{errors.Join(errs...)}
}

// withSentinel asks one. Its connection is closed when ctx ends, which is when
// another has answered.
func withSentinel[T any](ctx context.Context, s *sentinels, addr string, question func(context.Context, *redis.SentinelClient) (T, error)) (T, error) {
	client := redis.NewSentinelClient(s.options(addr))
	defer client.Close()
	defer context.AfterFunc(ctx, func() { _ = client.Close() })()
	client.AddHook(s.greet(addr))
	return question(ctx, client)
}

func (s *sentinels) askMaster(ctx context.Context, client *redis.SentinelClient) (string, error) {
	addr, err := client.GetMasterAddrByName(ctx, s.master).Result()
	switch {
	case errors.Is(err, redis.Nil):
		return "", fmt.Errorf("knows no master %q", s.master)
	case err != nil:
		return "", err
	case len(addr) != 2:
		return "", fmt.Errorf("%q is no address", addr)
	}
	return net.JoinHostPort(addr[0], addr[1]), nil
}

func (s *sentinels) askReplicas(ctx context.Context, client *redis.SentinelClient) ([]string, error) {
	replicas, err := client.Replicas(ctx, s.master).Result()
	if err != nil {
		return nil, err
	}
	var addrs []string
	for _, r := range replicas {
		flags := strings.Split(r["flags"], ",")
		down := slices.ContainsFunc(flags, func(f string) bool { return f == "s_down" || f == "o_down" || f == "disconnected" })
		if !down && r["ip"] != "" && r["port"] != "" {
			addrs = append(addrs, net.JoinHostPort(r["ip"], r["port"]))
		}
	}
	return addrs, nil
}
