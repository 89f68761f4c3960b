package containers

import (
	"container/list"
	"sync"

	"github.com/gomodule/redigo/redis"
	goredis "github.com/redis/go-redis/v9"
)

// Every element is closed in a range loop.
func sliceClosed(addrs []string) {
	var clients []*goredis.Client
	for _, addr := range addrs {
		clients = append(clients, goredis.NewClient(opts(addr)))
	}
	for _, rdb := range clients {
		rdb.Close()
	}
}

// The loop is deferred.
func sliceClosedDeferred(addrs []string) error {
	var clients []*goredis.Client
	defer func() {
		for _, rdb := range clients {
			rdb.Close()
		}
	}()
	for _, addr := range addrs {
		rdb := goredis.NewClient(opts(addr))
		clients = append(clients, rdb)
		if err := rdb.Ping(ctx).Err(); err != nil {
			return err
		}
	}
	return nil
}

// By index.
func sliceClosedByIndex(addrs []string) {
	clients := make([]*goredis.Client, len(addrs))
	for i, addr := range addrs {
		clients[i] = goredis.NewClient(opts(addr))
	}
	for i := range clients {
		clients[i].Close()
	}
}

// A map, closed by its values.
func mapClosed(addrs []string) {
	clients := make(map[string]*goredis.Client)
	for _, addr := range addrs {
		clients[addr] = goredis.NewClient(opts(addr))
	}
	for addr, rdb := range clients {
		rdb.Close()
		delete(clients, addr)
	}
}

// An array literal, closed by its elements.
func arrayClosed() {
	a := goredis.NewClient(opts("a:6379"))
	b := goredis.NewClient(opts("b:6379"))
	for _, rdb := range [...]*goredis.Client{a, b} {
		rdb.Close()
	}
}

// closeAll closes all of them.
func closeAll(clients ...*goredis.Client) {
	for _, rdb := range clients {
		if rdb != nil {
			rdb.Close()
		}
	}
}

// A variadic helper.
func variadicClosed() {
	a := goredis.NewClient(opts("a:6379"))
	b := goredis.NewClient(opts("b:6379"))
	defer closeAll(a, b)
	warmAll(a, b)
}

// A slice handed to the variadic helper.
func sliceHandedOver(addrs []string) {
	var clients []*goredis.Client
	for _, addr := range addrs {
		clients = append(clients, goredis.NewClient(opts(addr)))
	}
	closeAll(clients...)
}

// The slice is returned.
func sliceReturned(addrs []string) []*goredis.Client {
	clients := make([]*goredis.Client, 0, len(addrs))
	for _, addr := range addrs {
		clients = append(clients, goredis.NewClient(opts(addr)))
	}
	return clients
}

// The third dial fails, the first two are closed.
func partlyDialledClosed(addrs []string) (_ []redis.Conn, err error) {
	var conns []redis.Conn
	defer func() {
		if err != nil {
			for _, conn := range conns {
				conn.Close()
			}
		}
	}()
	for _, addr := range addrs {
		conn, err := redis.Dial("tcp", addr)
		if err != nil {
			return nil, err
		}
		conns = append(conns, conn)
	}
	return conns, nil
}

// pool keeps clients by address.
type pool struct {
	mu      sync.Mutex
	clients map[string]*goredis.Client
	shared  sync.Map
	idle    *list.List
}

// A map of the receiver keeps it.
func (p *pool) get(addr string) *goredis.Client {
	p.mu.Lock()
	defer p.mu.Unlock()
	if rdb, ok := p.clients[addr]; ok {
		return rdb
	}
	rdb := goredis.NewClient(opts(addr))
	p.clients[addr] = rdb
	return rdb
}

// What the pool lends needs no Close.
func (p *pool) ping(addr string) error { return p.get(addr).Ping(ctx).Err() }

// A sync.Map keeps it.
func (p *pool) share(addr string) {
	rdb := goredis.NewClient(opts(addr))
	p.shared.Store(addr, rdb)
}

// A list keeps it.
func (p *pool) park(addr string) {
	p.idle.PushBack(goredis.NewClient(opts(addr)))
}

func (p *pool) Close() {
	for _, rdb := range p.clients {
		rdb.Close()
	}
	p.shared.Range(func(_, rdb any) bool { return rdb.(*goredis.Client).Close() == nil })
}
