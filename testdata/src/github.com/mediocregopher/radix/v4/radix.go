// Package radix is a stub: the signatures the tests need, and no bodies worth
// reading.
package radix

import (
	"context"
	"net"
	"time"
)

// Action is a command or a group of them.
type Action interface {
	Perform(ctx context.Context, c Conn) error
}

// Cmd builds an action.
func Cmd(rcv interface{}, cmd string, args ...string) Action { return nil }

// FlatCmd builds an action.
func FlatCmd(rcv interface{}, cmd string, args ...interface{}) Action { return nil }

// Client performs actions.
type Client interface {
	Addr() net.Addr
	Do(context.Context, Action) error
	Close() error
}

// Conn is one connection.
type Conn interface {
	Client
	EncodeDecode(ctx context.Context, m, u interface{}) error
}

// Dialer dials.
type Dialer struct {
	SelectDB  string
	NetDialer interface {
		DialContext(context.Context, string, string) (net.Conn, error)
	}
}

func (d Dialer) Dial(ctx context.Context, network, addr string) (Conn, error) { return nil, nil }

// Dial opens a connection.
func Dial(ctx context.Context, network, addr string) (Conn, error) { return nil, nil }

// PoolConfig configures a pool.
type PoolConfig struct {
	Dialer       Dialer
	Size         int
	PingInterval time.Duration
}

// New opens a pool.
func (cfg PoolConfig) New(ctx context.Context, network, addr string) (Client, error) {
	return nil, nil
}

// ClusterConfig configures a cluster.
type ClusterConfig struct{ SyncEvery time.Duration }

// Cluster is a cluster.
type Cluster struct{}

// New opens a cluster.
func (cfg ClusterConfig) New(ctx context.Context, clusterAddrs []string) (*Cluster, error) {
	return nil, nil
}

func (c *Cluster) Do(ctx context.Context, a Action) error { return nil }
func (c *Cluster) Close() error                           { return nil }
