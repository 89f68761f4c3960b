package kinds

import "github.com/redis/go-redis/v9"

type pair struct{ hot, cold *redis.Client }

// Close forgets a field of a struct that others hold by value.
func (p *pair) Close() error { return p.hot.Close() }

type keeper struct{ in pair }

func newKeeper() *keeper {
	return &keeper{in: pair{
		hot:  dial(),
		cold: dial(), // want `pair.Close does not (close|stop|release) cold`
	}}
}

func (k *keeper) Close() error { return k.in.Close() }
