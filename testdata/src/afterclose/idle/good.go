package idle

import "afterclose/makers"

func called() {
	defer connect()()
	work()
}

func calledElsewhere() {
	defer makers.Connect()()
	work()
}

func kept() {
	cleanup := connect()
	defer cleanup()
	work()
}

func pair() {
	rdb, cleanup := open()
	defer cleanup()
	rdb.Ping(ctx)
}

// It returns a func that has nothing to do with a client.
func trace(name string) func() { return func() { println(name) } }

func traced() {
	defer trace("a")
	work()
}
