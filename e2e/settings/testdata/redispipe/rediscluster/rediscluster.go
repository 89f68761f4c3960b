// Package rediscluster stands in for redispipe, which no module proxy has.
package rediscluster

import (
	"context"

	"github.com/joomcode/redispipe/redisconn"
)

type Cluster struct{}

func (c *Cluster) Close() {}

type Opts struct{ HostOpts redisconn.Opts }

func NewCluster(ctx context.Context, initAddrs []string, opts Opts) (*Cluster, error) {
	return nil, nil
}
