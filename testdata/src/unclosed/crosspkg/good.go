package crosspkg

import (
	"github.com/gomodule/redigo/redis"
	goredis "github.com/redis/go-redis/v9"
	"unclosed/helpers"
	"unclosed/mid"
)

// Closed over there.
func closed() error {
	rdb := goredis.NewClient(opts())
	defer helpers.Close(rdb)
	return rdb.Ping(ctx).Err()
}

// Closed two packages away.
func closedFar() error {
	rdb := goredis.NewClient(opts())
	defer mid.Finish(rdb)
	return rdb.Ping(ctx).Err()
}

// Closed over there as an io.Closer.
func closedAsCloser() error {
	conn, err := redis.Dial("tcp", "cache:6379")
	if err != nil {
		return err
	}
	defer helpers.CloseQuietly(conn)
	return helpers.Touch(conn)
}

// Closed over there if there is anything to close.
func closedIfOpen(cached bool) {
	var rdb *goredis.Client
	if cached {
		rdb = goredis.NewClient(opts())
	}
	helpers.CloseIfOpen(rdb)
}

// All of them closed over there.
func closedAll() error {
	a := goredis.NewClient(opts())
	b := goredis.NewClient(opts())
	return helpers.CloseAll(a, b)
}

// Kept over there for the life of the process.
func keptForEver() {
	rdb := goredis.NewClient(opts())
	helpers.Keep(rdb)
}

// The results of factories are closed.
func factories() error {
	near := helpers.Open()
	defer near.Close()
	checked, err := helpers.OpenChecked(ctx)
	if err != nil {
		return err
	}
	defer checked.Close()
	far, err := mid.Connect(ctx)
	if err != nil {
		return err
	}
	defer far.Close()
	return nil
}

// The cleanup function is called.
func cleanup() error {
	rdb, done := helpers.OpenWithCleanup()
	defer done()
	return rdb.Ping(ctx).Err()
}

// The owner is shut down.
func storeShutDown() (string, error) {
	s := helpers.NewStore("user:")
	defer s.Shutdown()
	return s.Get(ctx, "name")
}

// The owner of the owner is ended.
func sessionEnded() (string, error) {
	s, err := mid.NewSession("anna")
	if err != nil {
		return "", err
	}
	defer s.End()
	return s.Read(ctx)
}

// The owner shuts the client down.
func wrappedShutDown() (string, error) {
	rdb := goredis.NewClient(opts())
	s := helpers.WrapStore(rdb)
	defer s.Shutdown()
	return s.Get(ctx, "name")
}

// The client is closed beside the view that borrows it.
func viewClosed() int64 {
	rdb := goredis.NewClient(opts())
	defer rdb.Close()
	return helpers.NewView(rdb).Len(ctx)
}

// The client is closed although the owner could do it.
func closedBesideOwner() (string, error) {
	rdb := goredis.NewClient(opts())
	defer rdb.Close()
	return helpers.WrapStore(rdb).Get(ctx, "name")
}
