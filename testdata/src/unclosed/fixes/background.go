package fixes

import (
	"fmt"
	"sync"

	goredis "github.com/redis/go-redis/v9"
)

// The goroutine alone works with it.
func listens(rdb *goredis.Client, wg *sync.WaitGroup) {
	sub := rdb.Subscribe(ctx, "news") // want `sub is never closed`
	ch := sub.Channel()
	wg.Add(1)
	go func() {
		defer wg.Done()
		for msg := range ch {
			fmt.Println(msg.Payload)
		}
		sub.Unsubscribe(ctx, "news")
	}()
}

func listensByName(rdb *goredis.Client) {
	sub := rdb.Subscribe(ctx, "news") // want `sub is never closed`
	go listen(sub)
}

func listen(sub *goredis.PubSub) {
	for msg := range sub.Channel() {
		fmt.Println(msg.Payload)
	}
}

// The function uses it as well.
func listensAndAsks(rdb *goredis.Client) {
	sub := rdb.Subscribe(ctx, "news") // want `sub is never closed`
	go func() {
		for msg := range sub.Channel() {
			fmt.Println(msg.Payload)
		}
	}()
	sub.Ping(ctx)
}

// Another path leaves before it starts.
func mayNotStart(rdb *goredis.Client) {
	sub := rdb.Subscribe(ctx, "news") // want `sub is never closed`
	if work() != nil {
		return
	}
	go func() {
		for msg := range sub.Channel() {
			fmt.Println(msg.Payload)
		}
	}()
}
