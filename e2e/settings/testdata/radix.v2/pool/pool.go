// Package pool stands in for radix.v2, which no module proxy has.
package pool

import "github.com/mediocregopher/radix.v2/redis"

type Pool struct{}

func (p *Pool) Empty() {}

type (
	DialFunc func(network, addr string) (*redis.Client, error)
	Opt      func()
)

func New(network, addr string, size int) (*Pool, error) { return nil, nil }
func NewCustom(network, addr string, size int, df DialFunc, os ...Opt) (*Pool, error) {
	return nil, nil
}
