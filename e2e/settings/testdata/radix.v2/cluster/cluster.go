// Package cluster stands in for radix.v2, which no module proxy has.
package cluster

import "time"

type Cluster struct{}

func (c *Cluster) Close() {}

type DialFunc func(network, addr string) (interface{}, error)

type Opts struct {
	Addr    string
	Timeout time.Duration
	Dialer  DialFunc
}

func New(addr string) (*Cluster, error)    { return nil, nil }
func NewWithOpts(o Opts) (*Cluster, error) { return nil, nil }
