package structs

import (
	"context"

	"github.com/redis/go-redis/v9"
)

// Parameters that are passed by value hold a pointer to who has the client. The
// parts of a server are made of them, and none of the parts closes it.
type broker interface {
	Ping() error
	Close() error
}

type backend struct{ rdb redis.UniversalClient }

func newBackend(c redis.UniversalClient) *backend { return &backend{rdb: c} }

func (b *backend) Ping() error  { return b.rdb.Ping(context.Background()).Err() }
func (b *backend) Close() error { return b.rdb.Close() }

type partParams struct {
	name   string
	broker broker
}

type part struct {
	broker broker
	name   string
}

func newPart(p partParams) *part { return &part{broker: p.broker, name: p.name} }

func (p *part) check() error { return p.broker.Ping() }

// A relay has a part of a part: four pointers lead to the client.
type relay struct {
	inner *part
	n     int
}

func newRelay(p partParams) *relay { return &relay{inner: newPart(p)} }

type host struct {
	broker broker
	shared bool
	one    *part
	two    *part
	relay  *relay
}

func newHostFrom(c redis.UniversalClient) *host {
	b := newBackend(c)
	return &host{
		broker: b,
		shared: true,
		one:    newPart(partParams{name: "one", broker: b}),
		two:    newPart(partParams{name: "two", broker: b}),
		relay:  newRelay(partParams{name: "relay", broker: b}),
	}
}

func newHost() *host {
	h := newHostFrom(redis.NewClient(&redis.Options{}))
	h.shared = false
	return h
}

func (h *host) Shutdown() {
	if !h.shared {
		h.broker.Close()
	}
}

func onePart() error {
	rdb := redis.NewClient(&redis.Options{}) // want `rdb is never closed`
	return newPart(partParams{name: "one", broker: newBackend(rdb)}).check()
}

func onePartClosed() error {
	rdb := redis.NewClient(&redis.Options{})
	defer rdb.Close()
	return newPart(partParams{name: "one", broker: newBackend(rdb)}).check()
}

func onePartClosedByIt() error {
	p := newPart(partParams{name: "one", broker: newBackend(redis.NewClient(&redis.Options{}))})
	defer p.broker.Close()
	return p.check()
}

// The host was told that the client is shared.
func hostOf() error {
	rdb := redis.NewClient(&redis.Options{}) // want `rdb is never closed`
	h := newHostFrom(rdb)
	defer h.Shutdown()
	return h.relay.inner.check()
}

func hostOfClosed() error {
	rdb := redis.NewClient(&redis.Options{})
	defer rdb.Close()
	h := newHostFrom(rdb)
	defer h.Shutdown()
	return h.relay.inner.check()
}

func hostOwn() error {
	h := newHost()
	defer h.Shutdown()
	return h.one.check()
}

func hostForgotten() error {
	h := newHost() // want `h is never shut down`
	return h.two.check()
}

// What closes it is deferred in the loop that opens it, by way of an interface.
func hostInLoop(names []string, bad func(string) bool) {
	for _, name := range names {
		p := newPart(partParams{name: name, broker: newBackend(redis.NewClient(&redis.Options{}))})
		defer p.broker.Close()
		if bad(name) {
			continue
		}
		p.check()
	}
}

func hostsInLoop(names []string, bad func(string) bool) {
	for _, name := range names {
		h := newHost()
		defer h.Shutdown()
		if bad(name) {
			continue
		}
		h.one.check()
	}
}
