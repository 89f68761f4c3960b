package fixes

import (
	goredis "github.com/redis/go-redis/v9"
)

// What the iterations before have opened is in the slice.
func collects(n int) ([]*goredis.Client, error) {
	clients := make([]*goredis.Client, 0, n)
	for range n {
		rdb, err := open() // want `rdb is not closed on all paths`
		if err != nil {
			return nil, err
		}
		clients = append(clients, rdb)
	}
	return clients, nil
}

// What this one has opened is not there yet.
func collectsAsked(n int) (*many, error) {
	var clients []*goredis.Client
	for range n {
		if len(clients) > 100 {
			return nil, work()
		}
		rdb := goredis.NewClient(opts) // want `rdb is not closed on all paths`
		if err := rdb.Ping(ctx).Err(); err != nil {
			return nil, err
		}
		clients = append(clients, rdb)
	}
	return &many{clients: clients}, nil
}

type many struct{ clients []*goredis.Client }

func (m *many) Close() {
	for _, rdb := range m.clients {
		rdb.Close()
	}
}
