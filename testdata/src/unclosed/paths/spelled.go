package paths

import "github.com/redis/go-redis/v9"

type settings struct {
	Addr  string
	Size  int
	Names []string
}

// Whole numbers have no place between three and four.
func spelledNumber(n int) {
	var rdb *redis.Client
	if n >= 4 {
		rdb = redis.NewClient(opts())
	}
	defer func() {
		if n > 3 {
			rdb.Close()
		}
	}()
}

// A number that need not be whole has.
func fraction(x float64) {
	var rdb *redis.Client
	if x > 3 {
		rdb = redis.NewClient(opts()) // want `rdb is not closed on all paths`
	}
	if x >= 4 {
		rdb.Close()
	}
}

// A text that is not empty has a length.
func spelledText(s settings) error {
	var rdb *redis.Client
	if s.Addr != "" {
		rdb = redis.NewClient(opts())
	}
	if len(s.Addr) == 0 {
		return nil
	}
	return rdb.Close()
}

// It may be shorter than two.
func shortText(s settings) {
	var rdb *redis.Client
	if s.Addr != "" {
		rdb = redis.NewClient(opts()) // want `rdb is not closed on all paths`
	}
	if len(s.Addr) > 1 {
		rdb.Close()
	}
}

// No list is shorter than none.
func spelledLength(s settings) {
	var rdb *redis.Client
	if len(s.Names) >= 1 {
		rdb = redis.NewClient(opts())
	}
	if len(s.Names) != 0 {
		rdb.Close()
	}
}

// The next number up is another question.
func nextNumber(s settings) {
	var rdb *redis.Client
	if s.Size > 3 {
		rdb = redis.NewClient(opts()) // want `rdb is not closed on all paths`
	}
	if s.Size > 4 {
		rdb.Close()
	}
}
