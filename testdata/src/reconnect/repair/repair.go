// Package repair shows what becomes of the findings.
package repair

import (
	"os"

	v6 "github.com/go-redis/redis"
	"github.com/redis/go-redis/v9"
	"github.com/redis/rueidis"
)

func inLine(addr string) *redis.Client {
	return redis.NewClient(&redis.Options{Addr: addr}) // want `retries commands \(MaxRetries is 3\)`
}

func explicit(addr string) *redis.Client {
	return redis.NewClient(&redis.Options{ // want `retries commands \(MaxRetries is 3\) and keeps idle connections; set MaxRetries: -1 and MinIdleConns: 0`
		Addr:         addr,
		MaxRetries:   3,
		MinIdleConns: 2,
	})
}

func fromURL() (*redis.Client, error) {
	opt, err := redis.ParseURL("redis://" + "localhost:6379?max_retries=0")
	if err != nil {
		return nil, err
	}
	opt.Password = os.Getenv("REDIS_PASSWORD")
	rdb := redis.NewClient(opt) // want `retries commands \(MaxRetries is 3\)`
	return rdb, nil
}

func trapped(addr string) *v6.Client {
	return v6.NewClient(&v6.Options{Addr: addr, MaxRetries: -1}) // want `sends no command`
}

func endless(addr string) (rueidis.Client, error) {
	return rueidis.NewClient(rueidis.ClientOption{InitAddress: []string{addr}}) // want `retries commands \(DisableRetry is false\)`
}
