package fixes

import (
	"strings"

	goredis "github.com/redis/go-redis/v9"
)

// What the owner has points back at it.
type hub struct {
	rdb    *goredis.Client
	queues map[string]*hubQueue
	first  *hubQueue
}

type hubQueue struct {
	name string
	hub  *hub
}

func (q *hubQueue) load() error { return q.hub.rdb.Get(ctx, q.name).Err() }

type hubCloser interface{ Close() error }

func (h *hub) Close() error { return h.rdb.Close() }

func (h *hub) queue(name string) *hubQueue { return &hubQueue{name: name, hub: h} }

func newHub(rdb *goredis.Client) (hubCloser, error) {
	h := &hub{rdb: rdb, queues: map[string]*hubQueue{}}
	h.first = &hubQueue{name: "first", hub: h}
	text, err := h.rdb.Get(ctx, "queues").Result()
	if err != nil {
		return nil, err
	}
	names := strings.Split(text, ",")
	for i := range names {
		q := h.queue(names[i])
		if err := q.load(); err != nil {
			continue
		}
		h.queues[names[i]] = q
	}
	return h, nil
}

func openHub() (hubCloser, error) {
	rdb := goredis.NewClient(opts) // want `rdb is not closed on all paths`
	if err := rdb.Ping(ctx).Err(); err != nil {
		return nil, err
	}
	return newHub(rdb)
}
