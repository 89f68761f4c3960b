package fixes

import (
	"fmt"

	goredis "github.com/redis/go-redis/v9"
)

// What a helper makes of the client is returned beside the error.
type scaler struct {
	count func() int64
	close func() error
}

func newScaler(key string) (*scaler, error) {
	rdb, err := open() // want `returns it together with a non-nil error`
	if err != nil {
		return nil, err
	}
	closeFn := func() error { return rdb.Close() }
	count, err := counting(rdb, key)
	return &scaler{count: count, close: closeFn}, err
}

func newScalerAtOnce(key string) (*scaler, error) {
	rdb, err := open() // want `returns it together with a non-nil error`
	if err != nil {
		return nil, err
	}
	return scalerOf(rdb, key)
}

func scalerOf(rdb *goredis.Client, key string) (*scaler, error) {
	closeFn := func() error { return rdb.Close() }
	count, err := counting(rdb, key)
	return &scaler{count: count, close: closeFn}, err
}

func counting(rdb goredis.Cmdable, key string) (count func() int64, err error) {
	if key == "" {
		return nil, fmt.Errorf("no key")
	}
	return func() int64 { return rdb.Exists(ctx, key).Val() }, nil
}
