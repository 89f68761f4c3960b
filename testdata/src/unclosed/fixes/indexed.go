package fixes

import (
	goredis "github.com/redis/go-redis/v9"
)

// What the iterations before have opened is in the elements up to this one.
type shards struct{ clients []*goredis.Client }

func (s *shards) close() {
	for _, rdb := range s.clients {
		rdb.Close()
	}
}

func newShards(addrs []string) (*shards, error) {
	s := &shards{clients: make([]*goredis.Client, len(addrs))}
	var err error
	for i := range addrs {
		if s.clients[i], err = open(); err != nil { // want `s.clients\[i\] is not closed on all paths`
			return nil, err
		}
	}
	return s, nil
}

func fills(n int) ([]*goredis.Client, error) {
	clients := make([]*goredis.Client, n)
	for i := 0; i < n; i++ {
		rdb, err := open() // want `rdb is not closed on all paths`
		if err != nil {
			return nil, err
		}
		clients[i] = rdb
	}
	return clients, nil
}

// Here this iteration has opened one that is not there yet.
func fillsAsked(n int) ([]*goredis.Client, error) {
	var clients = make([]*goredis.Client, n)
	for i := range n {
		rdb := goredis.NewClient(opts) // want `rdb is not closed on all paths`
		if err := rdb.Ping(ctx).Err(); err != nil {
			return nil, err
		}
		clients[i] = rdb
	}
	return clients, nil
}

// And here one that is.
func fillsThenAsks(n int) ([]*goredis.Client, error) {
	clients := make([]*goredis.Client, n)
	for i := range clients {
		clients[i] = goredis.NewClient(opts) // want `clients\[i\] is not closed on all paths`
		if err := clients[i].Ping(ctx).Err(); err != nil {
			return nil, err
		}
	}
	return clients, nil
}

// Not where an element may have been left out.
func fillsSome(addrs []string) ([]*goredis.Client, error) {
	clients := make([]*goredis.Client, len(addrs))
	for i, addr := range addrs {
		if addr == "" {
			continue
		}
		rdb, err := open() // want `rdb is not closed on all paths`
		if err != nil {
			return nil, err
		}
		clients[i] = rdb
	}
	return clients, nil
}

// Nor where the elements are filled in another order.
func fillsBackwards(n int) ([]*goredis.Client, error) {
	clients := make([]*goredis.Client, n)
	for i := n - 1; i >= 0; i-- {
		rdb, err := open() // want `rdb is not closed on all paths`
		if err != nil {
			return nil, err
		}
		clients[i] = rdb
	}
	return clients, nil
}

func fillsByKey(addrs map[int]string) ([]*goredis.Client, error) {
	clients := make([]*goredis.Client, len(addrs))
	for i := range addrs {
		rdb, err := open() // want `rdb is not closed on all paths`
		if err != nil {
			return nil, err
		}
		clients[i] = rdb
	}
	return clients, nil
}

// Nor where an element is somebody else's.
func fillsAfterShared(n int) ([]*goredis.Client, error) {
	clients := make([]*goredis.Client, n)
	clients[0] = shared
	for i := range n {
		rdb, err := open() // want `rdb is not closed on all paths`
		if err != nil {
			return nil, err
		}
		clients[i] = rdb
	}
	return clients, nil
}

// Nor where the slice is the caller's, or another's in between.
func fillsAnother(n int, other []*goredis.Client) ([]*goredis.Client, error) {
	clients := make([]*goredis.Client, n)
	if len(other) > n {
		clients = other
	}
	for i := range n {
		rdb, err := open() // want `rdb is not closed on all paths`
		if err != nil {
			return nil, err
		}
		clients[i] = rdb
	}
	return clients, nil
}

// Nor behind the loop: it may not have come to all elements.
func fillsHalf(n int) ([]*goredis.Client, error) {
	clients := make([]*goredis.Client, n)
	for i := range n / 2 {
		clients[i] = goredis.NewClient(opts) // want `clients\[i\] is not closed on all paths`
	}
	if err := work(); err != nil {
		return nil, err
	}
	return clients, nil
}

// Nor where a goroutine works with an element.
func fillsAndWatches(n int) ([]*goredis.Client, error) {
	clients := make([]*goredis.Client, n)
	for i := range n {
		rdb, err := open() // want `rdb is not closed on all paths`
		if err != nil {
			return nil, err
		}
		go rdb.Ping(ctx)
		clients[i] = rdb
	}
	return clients, nil
}
