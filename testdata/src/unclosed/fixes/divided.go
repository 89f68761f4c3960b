package fixes

import (
	"errors"
	"io"

	goredis "github.com/redis/go-redis/v9"
)

// What is opened and passed on in one line is lost if that fails.
func openNamed(name string) (*store, error) {
	return named2(goredis.NewClient(opts), name) // want `is not closed on all paths`
}

func named2(rdb *goredis.Client, name string) (*store, error) {
	if err := rdb.Ping(ctx).Err(); err != nil {
		return nil, err
	}
	return &store{rdb, name}, nil
}

// A goroutine that is started when all went well does not matter.
type watched struct {
	rdb  *goredis.Client
	done chan bool
}

func (w *watched) watch() {
	for range w.done {
		w.rdb.Ping(ctx)
	}
}

func (w *watched) Close() error {
	close(w.done)
	return w.rdb.Close()
}

func openLateWatched() (io.Closer, error) {
	return handedOn(goredis.NewClient(opts)) // want `is not closed on all paths`
}

func handedOn(rdb *goredis.Client) (io.Closer, error) { return newLateWatched(rdb, make(chan bool)) }

func newLateWatched(rdb *goredis.Client, done chan bool) (io.Closer, error) {
	w := &watched{rdb, done}
	if err := w.rdb.Ping(ctx).Err(); err != nil {
		return nil, err
	}
	go w.watch()
	return w, nil
}

// One that is started before works with it still.
func openWatching() (*watched, error) {
	return watching(goredis.NewClient(opts), make(chan bool)) // want `is not closed on all paths`
}

func watching(rdb *goredis.Client, done chan bool) (*watched, error) {
	w := &watched{rdb, done}
	go w.watch()
	if err := work(); err != nil {
		return nil, err
	}
	return w, nil
}

// A helper that closes it itself.
func openCareful() (*store, error) {
	return careful(goredis.NewClient(opts))
}

func careful(rdb *goredis.Client) (*store, error) {
	if err := rdb.Ping(ctx).Err(); err != nil {
		return nil, errors.Join(err, rdb.Close())
	}
	return &store{rdb: rdb}, nil
}

// What comes before it has an effect, so it cannot be moved up.
func openAfter() (*store, error) {
	return named3(next(), goredis.NewClient(opts)) // want `is not closed on all paths`
}

func next() string { return string(<-names) }

var names = make(chan []byte)

func named3(name string, rdb *goredis.Client) (*store, error) { return named2(rdb, name) }
