package flows

import "github.com/redis/go-redis/v9"

// A test's own client.
var shared = redis.NewClient(opts())

func useOwn() {
	unset = newService(shared)
	unsetCommands = shared
}
