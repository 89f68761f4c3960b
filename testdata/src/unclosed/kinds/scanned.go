package kinds

import (
	"context"
	"errors"
	"fmt"

	"github.com/redis/go-redis/v9"
)

// What a library writes to a variable whose address it is given is not known:
// no path is left out because of what was in there before.

func insist(err error) {
	if err != nil {
		panic(err)
	}
}

func scanned(ctx context.Context) *redis.Client {
	rdb := dial()
	var n int
	insist(rdb.Get(ctx, "n").Scan(&n))
	if n == 0 {
		insist(fmt.Errorf("nothing there"))
	}
	return rdb
}

func scannedAndForgotten(ctx context.Context) {
	rdb := scanned(ctx) // want `rdb is never closed`
	rdb.Ping(ctx)
}

func scannedAndClosed(ctx context.Context) {
	rdb := scanned(ctx)
	defer rdb.Close()
	rdb.Ping(ctx)
}

// Closed on the only way that goes on.
func closedIfThere(ctx context.Context) (int, error) {
	rdb := dial()
	var n int
	if err := rdb.Get(ctx, "n").Scan(&n); err != nil {
		return 0, errors.Join(err, rdb.Close())
	}
	if n > 0 {
		rdb.Close()
		return n, nil
	}
	return 0, rdb.Close()
}

func leftIfThere(ctx context.Context) error {
	rdb := dial() // want `not closed on all paths`
	var n int
	rdb.Get(ctx, "n").Scan(&n)
	if n > 0 {
		return errors.New("there")
	}
	return rdb.Close()
}
