package fixes

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/bsm/redislock"
	"github.com/gomodule/redigo/redis"
	"github.com/hibiken/asynq"
	goredis "github.com/redis/go-redis/v9"
	"github.com/redis/rueidis"
)

// Nothing uses it.
func discarded() error {
	_ = goredis.NewClient(opts) // want `is discarded`
	return nil
}

// Without an error check there may be nothing to close.
func unchecked() {
	conn, _ := redis.Dial("tcp", "cache:6379") // want `conn is never closed`
	conn.Do("PING")
}

// The check does not end the function.
func goesOn() error {
	conn, err := redis.Dial("tcp", "cache:6379") // want `conn is never closed`
	if err != nil {
		work()
	}
	_, err = conn.Do("PING")
	return err
}

// The check is not right behind the opening.
func later() error {
	conn, err := redis.Dial("tcp", "cache:6379") // want `conn is never closed`
	work()
	if err != nil {
		return err
	}
	_, err = conn.Do("PING")
	return err
}

// A goroutine works on when the function has returned.
func goroutine() {
	rdb := goredis.NewClient(opts) // want `rdb is never closed`
	go rdb.Ping(ctx)
}

func startsGoroutine() {
	rdb := goredis.NewClient(opts) // want `rdb is never closed`
	start(rdb)
}

func start(rdb *goredis.Client) { go rdb.Ping(ctx) }

func waits() {
	rdb := goredis.NewClient(opts) // want `rdb is never closed`
	var wg sync.WaitGroup
	wg.Go(func() { rdb.Ping(ctx) })
	wg.Wait()
}

// The channel goes on after the return.
func channel(rdb *goredis.Client) <-chan *goredis.Message {
	sub := rdb.Subscribe(ctx, "news") // want `sub is never closed`
	return sub.Channel()
}

type reader struct{ news <-chan *goredis.Message }

func (r *reader) attach(rdb *goredis.Client) {
	sub := rdb.Subscribe(ctx, "news") // want `sub is never closed`
	r.news = sub.Channel()
}

// A subscription does not survive its client.
func subscribe(ctx context.Context) *goredis.PubSub {
	rdb := goredis.NewClient(opts) // want `rdb is never closed`
	return rdb.Subscribe(ctx, "news")
}

// A queue's worker works on its own.
func worker() error {
	s := asynq.NewScheduler(asynq.RedisClientOpt{}, nil) // want `s is never`
	return s.Start()
}

// Another path has closed it already.
func closedBefore(keep, done bool) (*goredis.Client, error) {
	rdb := goredis.NewClient(opts) // want `rdb is not closed on all paths`
	if done {
		rdb.Close()
	}
	if err := work(); err != nil {
		return nil, err
	}
	if keep && !done {
		return rdb, nil
	}
	return nil, nil
}

// What the return computes needs it.
func asksAtLast(keep bool) (*goredis.Client, error) {
	rdb := goredis.NewClient(opts) // want `rdb is not closed on all paths`
	if keep {
		return rdb, nil
	}
	return nil, rdb.Ping(ctx).Err()
}

// Somebody else has got it by then.
var shared *goredis.Client

func shares(share, keep bool) (*goredis.Client, error) {
	rdb := goredis.NewClient(opts) // want `rdb is not closed on all paths`
	if share {
		shared = rdb
	}
	if keep {
		return rdb, nil
	}
	return nil, work()
}

// A goroutine uses it by then.
func startsEarly() (*store, error) {
	rdb := goredis.NewClient(opts) // want `rdb is not closed on all paths`
	go rdb.Ping(ctx)
	if err := work(); err != nil {
		return nil, err
	}
	return &store{rdb: rdb}, nil
}

// What an earlier iteration opened has no name any more.
func several(n int) (map[int]*goredis.Client, error) {
	list := map[int]*goredis.Client{}
	for i := range n {
		rdb, err := open() // want `rdb is not closed on all paths`
		if err != nil {
			return nil, err
		}
		list[i] = rdb
	}
	return list, nil
}

// The slice begins with what is somebody else's.
func more(list []*goredis.Client, n int) ([]*goredis.Client, error) {
	for range n {
		rdb, err := open() // want `rdb is not closed on all paths`
		if err != nil {
			return nil, err
		}
		list = append(list, rdb)
	}
	return list, nil
}

// So it does by another way.
func moreOf(others *[]*goredis.Client, n int) ([]*goredis.Client, error) {
	list := *others
	for range n {
		rdb, err := open() // want `rdb is not closed on all paths`
		if err != nil {
			return nil, err
		}
		list = append(list, rdb)
	}
	return list, nil
}

// Something else is put into the slice.
func andAnother(n int) ([]*goredis.Client, error) {
	var list []*goredis.Client
	for i := range n {
		rdb, err := open() // want `rdb is not closed on all paths`
		if err != nil {
			return nil, err
		}
		list = append(list, rdb)
		list[i/2] = shared
	}
	return list, nil
}

// A goroutine of an earlier iteration works with what that has opened.
func andWatches(n int) ([]*goredis.Client, error) {
	var list []*goredis.Client
	for range n {
		rdb, err := open() // want `rdb is not closed on all paths`
		if err != nil {
			return nil, err
		}
		go rdb.Ping(ctx)
		list = append(list, rdb)
	}
	return list, nil
}

// A field that is set twice.
func setTwice(again bool) (*store, error) {
	s := &store{rdb: goredis.NewClient(opts)} // want `is not closed on all paths`
	if again {
		s.rdb = shared
	}
	if err := work(); err != nil {
		return nil, err
	}
	return s, nil
}

// The variable is set again.
func twice() {
	rdb := goredis.NewClient(opts) // want `rdb is overwritten`
	rdb = goredis.NewClient(opts)
	defer rdb.Close()
}

// Subtests that run in parallel run when the test has returned.
func TestParallel(t *testing.T) {
	rdb := goredis.NewClient(opts) // want `rdb is never closed`
	t.Run("a", func(t *testing.T) {
		t.Parallel()
		rdb.Ping(ctx)
	})
}

// A conditional release stays what it is, and so does the rest.
func conditional() (err error) {
	c, cancel := dedicate() // want `c is not (released|closed) on all paths`
	if err = c.Ping(ctx).Err(); err != nil {
		return err
	}
	if work() == nil {
		cancel()
	}
	return nil
}

func dedicate() (*goredis.Client, func()) {
	rdb := goredis.NewClient(opts)
	return rdb, func() { rdb.Close() }
}

// The field is used when the method that sets it has returned.
type lateUser struct{ rdb *goredis.Client }

func (l *lateUser) connect() {
	l.rdb = goredis.NewClient(opts) // want `and nothing \w+ it there`
}

func (l *lateUser) ping() error { return l.rdb.Ping(ctx).Err() }

// The field is used before it is set again.
type usesBefore struct{ rdb *goredis.Client }

func (e *usesBefore) run() {
	e.ask()
	e.rdb = goredis.NewClient(opts) // want `and nothing \w+ it there`
	e.ask()
}

func (e *usesBefore) ask() {
	if e.rdb != nil {
		e.rdb.Ping(ctx)
	}
}

// A goroutine uses the field when the method has returned.
type busy struct{ rdb *goredis.Client }

func (b *busy) run() {
	b.rdb = goredis.NewClient(opts) // want `and nothing \w+ it there`
	go b.loop()
}

func (b *busy) loop() { b.rdb.Ping(ctx) }

// The only caller of the constructor keeps what it makes.
type keptOwner struct{ rdb *goredis.Client }

func newKeptOwner() *keptOwner {
	return &keptOwner{rdb: goredis.NewClient(opts)} // want `and nothing \w+ it there`
}

func (k *keptOwner) ask() { k.rdb.Ping(ctx) }

var theOwner *keptOwner

func keepsOwner() {
	k := newKeptOwner()
	k.ask()
	theOwner = k
}

// A goroutine has the owner when its only caller has returned.
type givenAway struct{ rdb *goredis.Client }

func newGivenAway() *givenAway {
	return &givenAway{rdb: goredis.NewClient(opts)} // want `and nothing \w+ it there`
}

func (g *givenAway) serve() { g.rdb.Ping(ctx) }

func givesAway() {
	g := newGivenAway()
	go g.serve()
}

// Not every owner has a client.
type seldom struct{ rdb *goredis.Client }

func newSeldom(on bool) *seldom {
	s := &seldom{}
	if on {
		s.rdb = goredis.NewClient(opts) // want `and nothing \w+ it there`
	}
	return s
}

func (s *seldom) ask() {
	if s.rdb != nil {
		s.rdb.Ping(ctx)
	}
}

func asksSeldom(on bool) {
	s := newSeldom(on)
	s.ask()
}

// What the branch got from it needs it on.
func branches(rdb *goredis.Client) <-chan *goredis.Message {
	sub := rdb.Subscribe(ctx, "news") // want `sub is not closed on all paths`
	news := sub.Channel()
	if err := work(); err != nil {
		fmt.Println(err)
	} else {
		go readNews(sub)
	}
	return news
}

// It is used below.
func usedBelow(rdb *goredis.Client) {
	sub := rdb.Subscribe(ctx, "news") // want `sub is not closed on all paths`
	if err := work(); err != nil {
		fmt.Println(err)
	} else {
		go readNews(sub)
	}
	sub.Receive(ctx)
}

// The variable is seen outside the block.
func seenOutside(rdb *goredis.Client, on bool) {
	var sub *goredis.PubSub
	if on {
		sub = rdb.Subscribe(ctx, "news") // want `sub is not closed on all paths`
		if err := work(); err != nil {
			fmt.Println(err)
		} else {
			go readNews(sub)
		}
	}
	if sub != nil {
		sub.Receive(ctx)
	}
}

// Whether it fails is not all that is asked.
func triedOrNot(on bool) error {
	if _, err := open(); err != nil && on { // want `is discarded`
		return err
	}
	return work()
}

// Nobody asks whether it fails.
func triedBlindly() {
	_, _ = open() // want `is discarded`
}

// A func has the error that would become another variable.
func triedWhileAsked() error {
	var err error
	defer func() { fmt.Println(err) }()
	if _, err := open(); err == nil { // want `is discarded`
		fmt.Println("it is there")
	}
	return err
}

// What closes it returns no error, so it is none of the closers that one asks for.
func asCommander() (*commander, error) {
	var client rueidis.CommandClient
	var err error
	client, err = rueidis.NewClient(rueidis.ClientOption{}) // want `client is not closed on all paths`
	if err != nil {
		return nil, err
	}
	if err := work(); err != nil {
		return nil, err
	}
	return &commander{client: client}, nil
}

type commander struct{ client rueidis.CommandClient }

func (c *commander) stop() {
	if closer, ok := c.client.(interface{ Close() }); ok {
		closer.Close()
	}
}

// The method closes it already, though not if another fails to close.
type partly struct{ main, replica *goredis.Client }

func newPartly() *partly {
	return &partly{
		main:    goredis.NewClient(opts), // want `can return before it closes main`
		replica: goredis.NewClient(opts),
	}
}

func (p *partly) Close() error {
	if err := p.replica.Close(); err != nil {
		return err
	}
	return p.main.Close()
}

func usePartly() {
	p := newPartly()
	defer p.Close()
	p.main.Ping(ctx)
	p.replica.Ping(ctx)
}

// The method closes others by a helper: where this one goes is not clear.
type byHelper struct{ main, replica *goredis.Client }

func newByHelper() *byHelper {
	return &byHelper{
		main:    goredis.NewClient(opts),
		replica: goredis.NewClient(opts), // want `does not close replica`
	}
}

func (b *byHelper) Close() { closeAll(b.main) }

func closeAll(list ...*goredis.Client) {
	for _, rdb := range list {
		rdb.Close()
	}
}

func useByHelper() {
	b := newByHelper()
	defer b.Close()
	b.replica.Ping(ctx)
}

// What another method puts into the field is somebody else's.
type borrows struct{ main, shared *goredis.Client }

func newBorrows() *borrows {
	return &borrows{
		main:   goredis.NewClient(opts),
		shared: goredis.NewClient(opts), // want `does not close shared`
	}
}

func (b *borrows) use(rdb *goredis.Client) { b.shared = rdb }

func (b *borrows) Close() error { return b.main.Close() }

func useBorrows(rdb *goredis.Client) {
	b := newBorrows()
	defer b.Close()
	b.shared.Ping(ctx)
}

// The helper keeps it elsewhere as well.
func newWatched(key string) (*scaler, error) {
	rdb, err := open() // want `returns it together with a non-nil error`
	if err != nil {
		return nil, err
	}
	count, err := countingFor(rdb, key)
	return &scaler{count: count, close: rdb.Close}, err
}

var counted []func() int64

func countingFor(rdb *goredis.Client, key string) (func() int64, error) {
	if key == "" {
		return nil, fmt.Errorf("no key")
	}
	count := func() int64 { return rdb.Exists(ctx, key).Val() }
	counted = append(counted, count)
	return count, nil
}

// One call opens two, and both leak.
func bothDatabases() struct{ main, replica *goredis.Client } {
	return struct{ main, replica *goredis.Client }{goredis.NewClient(opts), goredis.NewClient(opts)}
}

func asksBothDatabases() error {
	db := bothDatabases() // want `db is not closed on all paths`
	if err := db.main.Ping(ctx).Err(); err != nil {
		return err
	}
	db.replica.Close()
	return db.main.Close()
}

// What is returned would be the new error.
func triedBeforeBare(name string) (s *store, err error) {
	if err = work(); name != "" {
		s = &store{}
	}
	if _, err := open(); err != nil { // want `is discarded`
		return nil, err
	}
	return
}

// Whether the literal has run, nothing tells: the field may be empty.
func newScriptsUnasked() (*scripts, error) {
	s := &scripts{}
	s.once.Do(func() {
		s.rdb = goredis.NewClient(opts) // want `s.rdb is not closed on all paths`
	})
	if len(s.keys) > 0 {
		return nil, fmt.Errorf("too many")
	}
	return s, nil
}

// The literal works with it in a goroutine.
func newScriptsBusy() (*scripts, error) {
	s := &scripts{}
	s.once.Do(func() {
		s.rdb = goredis.NewClient(opts) // want `s.rdb is not closed on all paths`
		go s.load()
	})
	if err := s.rdb.Ping(ctx).Err(); err != nil {
		return nil, fmt.Errorf("ping: %w", err)
	}
	return s, nil
}

// What is returned has a handle on it, as a value of its own or among others.
type locker struct{ locks *redislock.Client }

func newLocker() *locker {
	rdb := goredis.NewClient(opts) // want `rdb is never closed`
	return &locker{locks: redislock.New(rdb)}
}

type lockers struct{ all []*redislock.Client }

func newLockers() lockers {
	rdb := goredis.NewClient(opts) // want `rdb is never closed`
	return lockers{all: []*redislock.Client{redislock.New(rdb)}}
}
