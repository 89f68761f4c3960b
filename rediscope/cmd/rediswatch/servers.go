package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"strings"
	"sync"

	"github.com/redis/go-redis/v9"

	"github.com/redislint/redislint/rediscope"
	"github.com/redislint/redislint/rediscope/internal/clientlist"
)

// own is how the connections of rediswatch are called.
const own = "redislint/rediswatch"

// A server is one that is watched.
type server struct {
	addr string
	ask  chan chan<- answer
	stop context.CancelFunc
}

// An answer is what a server says at one look.
type answer struct {
	addr    string
	clients []clientlist.Client
	nodes   []string // addresses of the cluster's servers that it knows
	err     error
}

// servers are all that are watched.
type servers struct {
	*settings
	known   map[string]*server
	serving sync.WaitGroup
}

// watch looks at all servers. A server that does not answer is in the result,
// with an error. The error of watch itself says that there is no server to ask.
func (w *servers) watch(ctx context.Context) ([]answer, error) {
	look, cancel := context.WithTimeout(ctx, w.timeout)
	defer cancel()
	if len(w.known) == 0 {
		addrs := []string{w.options.Addr}
		if w.cluster {
			var err error
			if addrs, err = w.discover(look); err != nil {
				return nil, err
			}
		}
		w.keep(ctx, addrs)
	}
	answers := w.askAll(look, nil)
	if !w.cluster {
		return answers, nil
	}
	// A node that has just come may not know all others yet, so all are asked.
	var addrs []string
	for _, a := range answers {
		addrs = append(addrs, a.nodes...)
	}
	seen := w.keep(ctx, addrs)
	if len(w.known) == 0 {
		return answers, nil // all have moved, perhaps: the next look starts anew
	}
	answers = slices.DeleteFunc(answers, func(a answer) bool { return w.known[a.addr] == nil })
	answers = append(answers, w.askAll(look, seen)...)
	slices.SortFunc(answers, func(a, b answer) int { return strings.Compare(a.addr, b.addr) })
	return answers, nil
}

// askAll asks the known servers that are not in except, at the same time.
func (w *servers) askAll(ctx context.Context, except map[string]bool) []answer {
	replies := make(chan answer, len(w.known))
	n := 0
	for _, s := range w.known {
		if except[s.addr] {
			continue
		}
		n++
		go func() {
			reply := make(chan answer, 1)
			select {
			case s.ask <- reply:
				replies <- <-reply
			case <-ctx.Done(): // nobody may be there to answer
				replies <- answer{addr: s.addr, err: ctx.Err()}
			}
		}()
	}
	var answers []answer
	for range n {
		answers = append(answers, <-replies)
	}
	slices.SortFunc(answers, func(a, b answer) int { return strings.Compare(a.addr, b.addr) })
	return answers
}

// keep makes addrs the servers that are watched. It returns those that were
// watched before and still are.
func (w *servers) keep(ctx context.Context, addrs []string) map[string]bool {
	kept := map[string]bool{}
	for addr, s := range w.known {
		if slices.Contains(addrs, addr) {
			kept[addr] = true
			continue
		}
		s.stop()
		delete(w.known, addr)
	}
	for _, addr := range addrs {
		if kept[addr] || w.known[addr] != nil {
			continue
		}
		ctx, stop := context.WithCancel(ctx)
		s := &server{addr: addr, ask: make(chan chan<- answer), stop: stop}
		w.known[addr] = s
		w.serving.Add(1)
		go func() {
			defer w.serving.Done()
			w.serve(ctx, s)
		}()
	}
	return kept
}

// close ends all connections.
func (w *servers) close() {
	for _, s := range w.known {
		s.stop()
	}
	w.serving.Wait()
}

// serve answers for one server until ctx ends. Its connection stays open from
// look to look, so that it can still see a server that takes no more
// connections. After an error the next look opens a new one.
func (w *servers) serve(ctx context.Context, s *server) {
	for ctx.Err() == nil {
		_ = w.with(ctx, s.addr, func(ctx context.Context, rdb *redis.Client) error {
			for {
				select {
				case <-ctx.Done():
					return nil
				case reply := <-s.ask:
					a := w.look(ctx, s.addr, rdb)
					reply <- a
					if a.err != nil {
						return a.err // it has been told
					}
				}
			}
		})
	}
}

// with runs fn with a client of one server.
func (w *servers) with(ctx context.Context, addr string, fn func(context.Context, *redis.Client) error) error {
	o := *w.options
	o.Addr = addr
	return rediscope.WithRedis(ctx, fn, rediscope.Options(&o), rediscope.Name(own),
		rediscope.Logger(slog.New(slog.DiscardHandler)))
}

// look asks one server who is connected to it.
func (w *servers) look(ctx context.Context, addr string, rdb *redis.Client) answer {
	ctx, cancel := context.WithTimeout(ctx, w.timeout)
	defer cancel()
	a := answer{addr: addr}
	if a.clients, a.err = clientlist.Ask(ctx, rdb); a.err == nil && w.cluster {
		a.nodes, a.err = nodes(ctx, rdb, addr)
	}
	a.clients = slices.DeleteFunc(a.clients, func(c clientlist.Client) bool {
		return c.Name == own || w.name != nil && !w.name.MatchString(c.Name)
	})
	return a
}

// discover asks the server of the settings for those of its cluster.
func (w *servers) discover(ctx context.Context) (addrs []string, err error) {
	err = w.with(ctx, w.options.Addr, func(ctx context.Context, rdb *redis.Client) error {
		addrs, err = nodes(ctx, rdb, w.options.Addr)
		return err
	})
	return addrs, err
}

func nodes(ctx context.Context, rdb *redis.Client, addr string) ([]string, error) {
	text, err := rdb.ClusterNodes(ctx).Result()
	if err != nil {
		return nil, err
	}
	return parseNodes(text, addr)
}

// parseNodes reads the answer to CLUSTER NODES. A node that does not know its
// own address is the one that was asked, at addr.
func parseNodes(text, addr string) ([]string, error) {
	var addrs []string
	for line := range strings.Lines(text) {
		fields := strings.Fields(line)
		if len(fields) < 3 {
			return nil, fmt.Errorf("CLUSTER NODES: %q", line)
		}
		flags := strings.Split(fields[2], ",")
		if slices.Contains(flags, "noaddr") || slices.Contains(flags, "handshake") {
			continue
		}
		// ip:port@cport,hostname
		at, _, _ := strings.Cut(fields[1], "@")
		colon := strings.LastIndex(at, ":")
		if colon < 0 {
			return nil, fmt.Errorf("CLUSTER NODES: %q is no address", fields[1])
		}
		host, port := at[:colon], at[colon+1:]
		if host == "" {
			host, _, _ = net.SplitHostPort(addr)
		}
		addrs = append(addrs, net.JoinHostPort(strings.Trim(host, "[]"), port))
	}
	if len(addrs) == 0 {
		return nil, errors.New("CLUSTER NODES lists no server")
	}
	return addrs, nil
}
