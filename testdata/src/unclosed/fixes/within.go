package fixes

import (
	"fmt"
	"sync"

	goredis "github.com/redis/go-redis/v9"
)

// The literal has run when Do returns.
type scripts struct {
	once sync.Once
	rdb  *goredis.Client
	keys map[string]string
}

func newScripts() (*scripts, error) {
	s := &scripts{}
	s.once.Do(func() {
		s.rdb = goredis.NewClient(opts) // want `s.rdb is not closed on all paths`
		s.keys = map[string]string{}
	})
	if err := s.rdb.Ping(ctx).Err(); err != nil {
		return nil, fmt.Errorf("ping: %w", err)
	}
	if err := s.load(); err != nil {
		return nil, fmt.Errorf("load: %w", err)
	}
	return s, nil
}

func (s *scripts) load() error { return s.rdb.Set(ctx, "k", "v", 0).Err() }

func (s *scripts) Close() error { return s.rdb.Close() }
