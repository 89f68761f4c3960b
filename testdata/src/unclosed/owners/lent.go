package owners

import (
	"github.com/gomodule/redigo/redis"
	goredis "github.com/redis/go-redis/v9"
)

// Whoever is seen to close what a getter lends ends the owner's resource: a type
// around it, the method that ends the owner, or the user.
type Lender struct{ rdb *goredis.Client }

func newLender() *Lender { return &Lender{goredis.NewClient(opts())} }

// Client lends.
func (l *Lender) Client() *goredis.Client { return l.rdb }

// Shutdown ends nothing.
func (l *Lender) Shutdown() {}

type aroundLender struct{ *Lender }

func newAroundLender() *aroundLender { return &aroundLender{newLender()} }

func (a *aroundLender) Close() error {
	a.Shutdown()
	return a.Client().Close()
}

// PoolLender ends by way of its own getter.
type PoolLender struct{ pool *redis.Pool }

// NewPoolLender returns one.
func NewPoolLender() *PoolLender { return &PoolLender{&redis.Pool{MaxIdle: 3}} }

// Pool lends.
func (p *PoolLender) Pool() *redis.Pool { return p.pool }

// Stop closes the pool.
func (p *PoolLender) Stop() error { return p.Pool().Close() }

// ForgetfulLender is only used.
type ForgetfulLender struct{ rdb *goredis.Client }

// NewForgetfulLender returns one.
func NewForgetfulLender() *ForgetfulLender {
	return &ForgetfulLender{goredis.NewClient(opts())} // want `never closed: ForgetfulLender.Stop does not close rdb`
}

// Client lends.
func (l *ForgetfulLender) Client() *goredis.Client { return l.rdb }

// Stop closes nothing.
func (l *ForgetfulLender) Stop() { l.Client().Ping(ctx) }
