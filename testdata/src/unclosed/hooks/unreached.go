package hooks

import "github.com/redis/go-redis/v9"

type sink struct{ Client *redis.Client }

// What cannot run is no sign that nobody takes it.
func unreached(s *sink) error {
	for i := 0; i < 2; i++ {
		return nil
	}
	var rdb *redis.Client
	connect := func() error {
		rdb = redis.NewClient(&redis.Options{})
		return nil
	}
	if err := connect(); err != nil {
		return err
	}
	s.Client = rdb
	return nil
}
