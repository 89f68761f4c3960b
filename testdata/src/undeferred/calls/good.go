package calls

import (
	"iter"
	"log"
	"testing"
	"time"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"
	"github.com/redis/rueidis"
	"undeferred/helpers"
)

// The idiom.
func deferred(key string) error {
	rdb := redis.NewClient(opts())
	defer rdb.Close()
	return rdb.Del(ctx, key).Err()
}

// A deferred closure.
func deferredClosure() error {
	rdb := redis.NewClient(opts())
	defer func() {
		if err := rdb.Close(); err != nil {
			log.Println(err)
		}
	}()
	return work()
}

// A deferred helper.
func deferredHelper() error {
	rdb := redis.NewClient(opts())
	defer helpers.Close(rdb)
	return work()
}

// A deferred owner.
func deferredOwner() int {
	s := helpers.NewStore()
	defer s.Stop()
	return s.Len()
}

// A deferred cancel function.
func deferredCancel(client rueidis.Client) error {
	c, cancel := client.Dedicate()
	defer cancel()
	return c.Do(ctx, c.B().Ping().Build()).Error()
}

// Deferred for the panic, plain for the error.
func both(key string) error {
	rdb := redis.NewClient(opts())
	defer rdb.Close()
	rdb.Del(ctx, key)
	return rdb.Close()
}

// Deferred in both branches.
func eitherBranch(verbose bool) error {
	rdb := redis.NewClient(opts())
	if verbose {
		defer func() { log.Println(rdb.Close()) }()
	} else {
		defer rdb.Close()
	}
	return work()
}

// In a loop a defer would come too late.
func loop(keys []string) {
	for _, key := range keys {
		rdb := redis.NewClient(opts())
		rdb.Del(ctx, key)
		rdb.Close()
	}
}

// The same in an endless loop.
func endlessLoop(next chan string) {
	for {
		rdb := redis.NewClient(opts())
		rdb.Del(ctx, <-next)
		rdb.Close()
	}
}

// The same in a loop made of goto.
func gotoLoop(n int) {
again:
	rdb := redis.NewClient(opts())
	rdb.Ping(ctx)
	rdb.Close()
	if n--; n > 0 {
		goto again
	}
}

// A loop whose turn is a function, with its defer.
func loopOfFunctions(keys []string) {
	for _, key := range keys {
		func() {
			rdb := redis.NewClient(opts())
			defer rdb.Close()
			rdb.Del(ctx, key)
		}()
	}
}

// Nothing stands between.
func nothingBetween() {
	rdb := redis.NewClient(opts())
	rdb.Close()
}

// Nothing but an error check stands between.
func checkBetween() error {
	conn, err := redigo.Dial("tcp", "cache:6379")
	if err != nil {
		return err
	}
	return conn.Close()
}

// A method that closes, and locks before.
func lockedBetween() error {
	s := helpers.NewShared()
	return s.Close()
}

// The same by a sync.Once.
func onceBetween() {
	o := helpers.NewOnce()
	o.Close()
}

// A pause does not panic, and neither does what starts a worker, which has
// nothing to stop before.
func startedBetween() {
	srv := asynq.NewServer(asynq.RedisClientOpt{Addr: "cache:6379"}, asynq.Config{})
	if err := srv.Start(nil); err != nil {
		log.Fatal(err)
	}
	time.Sleep(time.Second)
	srv.Shutdown()
}

// Only builtins and conversions stand between.
func builtinsBetween(keys []string) int64 {
	rdb := redis.NewClient(opts())
	n := int64(len(keys)) + int64(cap(keys))
	rdb.Close()
	return n
}

// Only the library's own options and constructors stand between.
func optionsBetween() {
	rdb := redis.NewClient(opts())
	replica := redis.Options{Addr: "replica:6379", DialTimeout: time.Second}
	script := redis.NewScript("return 1")
	rdb.Close()
	_, _ = replica, script
}

// A constructor that closes what it does not return.
func constructor() (*redis.Client, error) {
	rdb := redis.NewClient(opts())
	if err := rdb.Ping(ctx).Err(); err != nil {
		rdb.Close()
		return nil, err
	}
	return rdb, nil
}

// Returned.
func returned() *redis.Client {
	rdb := redis.NewClient(opts())
	rdb.Ping(ctx)
	return rdb
}

// Sent away on one path, closed on the other.
func sent(idle chan *redis.Client) {
	rdb := redis.NewClient(opts())
	rdb.Ping(ctx)
	select {
	case idle <- rdb:
	default:
		rdb.Close()
	}
}

// Left open on one path: a matter for unclosed.
func leaks(key string) error {
	rdb := redis.NewClient(opts())
	if err := rdb.Del(ctx, key).Err(); err != nil {
		return err
	}
	rdb.Close()
	return nil
}

// The end of the test closes.
func testCleanup(t *testing.T) {
	rdb := redis.NewClient(opts())
	t.Cleanup(func() { rdb.Close() })
	rdb.Ping(ctx)
}

// The goroutine that takes over defers.
func goroutine() {
	rdb := redis.NewClient(opts())
	go func() {
		defer rdb.Close()
		rdb.Ping(ctx)
	}()
}

// A parameter is closed by whoever was asked to.
func parameter(rdb *redis.Client) error {
	rdb.Ping(ctx)
	return rdb.Close()
}

// A method that ends its receiver's client.
type server struct{ rdb *redis.Client }

func (s *server) stop() error {
	log.Println("stopping")
	return s.rdb.Close()
}

// Elements of a slice, closed in a loop.
func slice(addrs []string) {
	var clients []*redis.Client
	for _, addr := range addrs {
		clients = append(clients, redis.NewClient(&redis.Options{Addr: addr}))
	}
	for _, rdb := range clients {
		rdb.Close()
	}
}

// A defer in the body of the loop covers the turns, and the plain call the loop
// that has none.
func looped(keys []string) {
	rdb := redis.NewClient(&redis.Options{})
	for _, k := range keys {
		defer rdb.Close()
		if rdb.Get(ctx, k).Val() != "" {
			return
		}
	}
	rdb.Ping(ctx)
	rdb.Close()
}

// So does one in the body of an iterator.
func iterated(keys iter.Seq[string]) {
	rdb := redis.NewClient(&redis.Options{})
	for k := range keys {
		defer rdb.Close()
		rdb.Get(ctx, k)
		return
	}
	rdb.Close()
}

// A goroutine gets it where all is well, and a defer would close it before the
// goroutine has begun.
func handedOver(rdb *redis.Client) {
	sub := rdb.Subscribe(ctx, "news")
	if err := work(); err != nil {
		log.Println(err)
		sub.Close()
	} else {
		go read(sub)
	}
	log.Println("ready")
}

func read(sub *redis.PubSub) {
	defer sub.Close()
	sub.Receive(ctx)
}
