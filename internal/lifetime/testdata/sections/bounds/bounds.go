// Package bounds holds docs/engine.md, Why the search ends, and what each bound silences.
package bounds

import (
	"context"

	"github.com/redis/go-redis/v9"
)

func work() {}

func ask() bool { return len(asked) > 0 }

var asked []int

// Twelve parameters asked twice are 4,096 states. The second, coarse search
// does not relate the questions, and sees the leak.
func Coarse(a, b, c, d, e, f, g, h, i, j, k, l bool) {
	rdb := redis.NewClient(nil) // engine: leaks +74
	if a {
		work()
	}
	if b {
		work()
	}
	if c {
		work()
	}
	if d {
		work()
	}
	if e {
		work()
	}
	if f {
		work()
	}
	if g {
		work()
	}
	if h {
		work()
	}
	if i {
		work()
	}
	if j {
		work()
	}
	if k {
		work()
	}
	if l {
		work()
	}
	if a {
		work()
	}
	if b {
		work()
	}
	if c {
		work()
	}
	if d {
		work()
	}
	if e {
		work()
	}
	if f {
		work()
	}
	if g {
		work()
	}
	if h {
		work()
	}
	if i {
		work()
	}
	if j {
		work()
	}
	if k {
		work()
	}
	if l {
		work()
	}
	rdb.Ping(context.Background())
}

// Twelve local variables are too many for that one too. Nothing here releases
// the client on any path, so it is never closed.
func OnlyBorrowed() {
	a, b, c, d, e, f, g, h, i, j, k, l := ask(), ask(), ask(), ask(), ask(), ask(), ask(), ask(), ask(), ask(), ask(), ask()
	rdb := redis.NewClient(nil) // engine: leaks +74
	if a {
		work()
	}
	if b {
		work()
	}
	if c {
		work()
	}
	if d {
		work()
	}
	if e {
		work()
	}
	if f {
		work()
	}
	if g {
		work()
	}
	if h {
		work()
	}
	if i {
		work()
	}
	if j {
		work()
	}
	if k {
		work()
	}
	if l {
		work()
	}
	if a {
		work()
	}
	if b {
		work()
	}
	if c {
		work()
	}
	if d {
		work()
	}
	if e {
		work()
	}
	if f {
		work()
	}
	if g {
		work()
	}
	if h {
		work()
	}
	if i {
		work()
	}
	if j {
		work()
	}
	if k {
		work()
	}
	if l {
		work()
	}
	rdb.Ping(context.Background())
}

// Where something may release it, the engine gives up.
func GivesUp() {
	a, b, c, d, e, f, g, h, i, j, k, l := ask(), ask(), ask(), ask(), ask(), ask(), ask(), ask(), ask(), ask(), ask(), ask()
	rdb := redis.NewClient(nil) // engine: moved: too many paths
	if a {
		work()
	}
	if b {
		work()
	}
	if c {
		work()
	}
	if d {
		work()
	}
	if e {
		work()
	}
	if f {
		work()
	}
	if g {
		work()
	}
	if h {
		work()
	}
	if i {
		work()
	}
	if j {
		work()
	}
	if k {
		work()
	}
	if l {
		work()
	}
	if a {
		work()
	}
	if b {
		work()
	}
	if c {
		work()
	}
	if d {
		work()
	}
	if e {
		work()
	}
	if f {
		work()
	}
	if g {
		work()
	}
	if h {
		work()
	}
	if i {
		work()
	}
	if j {
		work()
	}
	if k {
		work()
	}
	if l {
		work()
	}
	if a {
		rdb.Close()
	}
}

// A wrapper hides a client; a service keeps one behind an interface and has no
// method that ends it.
type pinger interface {
	ping() error
	Close() error
}

type wrapper struct{ rdb *redis.Client }

func (w *wrapper) ping() error  { return w.rdb.Ping(context.Background()).Err() }
func (w *wrapper) Close() error { return w.rdb.Close() } // engine: param 0*.0 released surely

func newPinger() pinger { return &wrapper{redis.NewClient(nil)} } // engine: left to the caller

type service struct{ conn pinger }

func (s *service) use() { _ = s.conn.ping() }

// What only uses a client is known by its uses, whatever the paths are. Whether a
// field's client is ever released is asked without paths too.
func (s *service) Handle() {
	a, b, c, d, e, f, g, h, i, j, k, l := ask(), ask(), ask(), ask(), ask(), ask(), ask(), ask(), ask(), ask(), ask(), ask()
	conn := s.conn
	if a {
		_ = conn.ping()
	}
	if b {
		_ = conn.ping()
	}
	if c {
		_ = conn.ping()
	}
	if d {
		_ = conn.ping()
	}
	if e {
		_ = conn.ping()
	}
	if f {
		_ = conn.ping()
	}
	if g {
		_ = conn.ping()
	}
	if h {
		_ = conn.ping()
	}
	if i {
		_ = conn.ping()
	}
	if j {
		_ = conn.ping()
	}
	if k {
		_ = conn.ping()
	}
	if l {
		_ = conn.ping()
	}
	if a {
		_ = conn.ping()
	}
	if b {
		_ = conn.ping()
	}
	if c {
		_ = conn.ping()
	}
	if d {
		_ = conn.ping()
	}
	if e {
		_ = conn.ping()
	}
	if f {
		_ = conn.ping()
	}
	if g {
		_ = conn.ping()
	}
	if h {
		_ = conn.ping()
	}
	if i {
		_ = conn.ping()
	}
	if j {
		_ = conn.ping()
	}
	if k {
		_ = conn.ping()
	}
	if l {
		_ = conn.ping()
	}
}

func NewService() *service { // engine: makes result 0
	return &service{conn: newPinger()} // engine: forgotten by service.conn
}

// The same, but one of the many paths releases it.
type closing struct{ conn pinger }

func (s *closing) Handle() { // engine: param 0*.0 moved: too many paths
	a, b, c, d, e, f, g, h, i, j, k, l := ask(), ask(), ask(), ask(), ask(), ask(), ask(), ask(), ask(), ask(), ask(), ask()
	conn := s.conn
	if a {
		_ = conn.ping()
	}
	if b {
		_ = conn.ping()
	}
	if c {
		_ = conn.ping()
	}
	if d {
		_ = conn.ping()
	}
	if e {
		_ = conn.ping()
	}
	if f {
		_ = conn.ping()
	}
	if g {
		_ = conn.ping()
	}
	if h {
		_ = conn.ping()
	}
	if i {
		_ = conn.ping()
	}
	if j {
		_ = conn.ping()
	}
	if k {
		_ = conn.ping()
	}
	if l {
		_ = conn.ping()
	}
	if a {
		_ = conn.ping()
	}
	if b {
		_ = conn.ping()
	}
	if c {
		_ = conn.ping()
	}
	if d {
		_ = conn.ping()
	}
	if e {
		_ = conn.ping()
	}
	if f {
		_ = conn.ping()
	}
	if g {
		_ = conn.ping()
	}
	if h {
		_ = conn.ping()
	}
	if i {
		_ = conn.ping()
	}
	if j {
		_ = conn.ping()
	}
	if k {
		_ = conn.ping()
	}
	if l {
		_ = conn.ping()
	}
	if a && l {
		_ = conn.Close()
	}
}

func NewClosing() *closing { // engine: makes result 0
	return &closing{conn: newPinger()} // engine: left to the caller
}
