// Package clientlist asks a Redis server who is connected to it.
package clientlist

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// A Client is a connection as CLIENT LIST tells of it.
type Client struct {
	ID    int64  // grows with each connection since the server's start
	Addr  string // of the peer, ip:port or the path of a socket
	Name  string // what the peer calls itself, often nothing
	User  string // of the ACL; nothing before Redis 6
	Flags string // a letter for each, N for none
	Cmd   string // the last command; NULL for none
	Age   time.Duration
	Idle  time.Duration
}

// Link tells whether the connection is another server's: a replica, the
// primary, or a node that moves slots. Links are no clients.
func (c Client) Link() bool { return strings.ContainsAny(c.Flags, "SM") }

// Waits tells whether the connection is silent because it waits for the
// server: a subscriber, a blocked client, or a monitor. Idle time says nothing
// about it.
func (c Client) Waits() bool { return strings.ContainsAny(c.Flags, "PbO") }

// ErrUnknown is what a server answers that does not know CLIENT LIST.
var ErrUnknown = errors.New("the server does not know CLIENT LIST")

// Ask lists the connections of a server in the order in which they were
// opened, without the one that asks and without links between servers.
func Ask(ctx context.Context, rdb *redis.Client) ([]Client, error) {
	// Both go over the same connection.
	var own *redis.IntCmd
	var list *redis.StringCmd
	_, err := rdb.Pipelined(ctx, func(p redis.Pipeliner) error {
		own, list = p.ClientID(ctx), p.ClientList(ctx)
		return nil
	})
	if unknown(list.Err()) {
		return nil, fmt.Errorf("%w: %w", ErrUnknown, list.Err())
	}
	if err != nil {
		return nil, err
	}
	clients, err := Parse(list.Val())
	if err != nil {
		return nil, err
	}
	kept := clients[:0]
	for _, c := range clients {
		if c.ID != own.Val() && !c.Link() {
			kept = append(kept, c)
		}
	}
	return kept, nil
}

func unknown(err error) bool {
	return err != nil && (strings.HasPrefix(err.Error(), "ERR unknown subcommand") ||
		strings.HasPrefix(err.Error(), "ERR unknown command"))
}

// Count is the number of connections as INFO tells it, without the one that
// asks. It counts links to replicas, which Ask does not.
func Count(ctx context.Context, rdb *redis.Client) (int, error) {
	info, err := rdb.Info(ctx, "clients").Result()
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(info) {
		if v, ok := strings.CutPrefix(strings.TrimSpace(line), "connected_clients:"); ok {
			n, err := strconv.Atoi(v)
			if err != nil {
				return 0, fmt.Errorf("INFO: connected_clients is %q", v)
			}
			return n - 1, nil
		}
	}
	return 0, errors.New("INFO has no connected_clients")
}

// Parse reads the answer to CLIENT LIST. Fields that it does not know are
// passed over, those that a server does not send are empty.
func Parse(text string) ([]Client, error) {
	var list []Client
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		c, err := parse(line)
		if err != nil {
			return nil, fmt.Errorf("CLIENT LIST: %w in %q", err, line)
		}
		list = append(list, c)
	}
	return list, nil
}

func parse(line string) (Client, error) {
	c := Client{}
	seconds := func(v string) (time.Duration, error) {
		n, err := strconv.ParseInt(v, 10, 64)
		// The server's clock may be set back.
		return time.Duration(max(n, 0)) * time.Second, err
	}
	for _, field := range strings.Fields(line) {
		key, v, _ := strings.Cut(field, "=")
		var err error
		switch key {
		case "id":
			c.ID, err = strconv.ParseInt(v, 10, 64)
		case "addr":
			c.Addr = v
		case "name":
			c.Name = v
		case "user":
			c.User = v
		case "flags":
			c.Flags = v
		case "cmd":
			c.Cmd = v
		case "age":
			c.Age, err = seconds(v)
		case "idle":
			c.Idle, err = seconds(v)
		}
		if err != nil {
			return c, fmt.Errorf("bad %s", key)
		}
	}
	if c.ID == 0 || c.Addr == "" {
		return c, errors.New("no id or addr")
	}
	return c, nil
}
