package kept

import (
	"fmt"
	"net/http"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
)

// Its name is kept, the session is not.
var names []string

func named(name string) string {
	s := &session{name: name}
	names = append(names, s.name)
	s.rdb = redis.NewClient(opts()) // want `s.rdb is never closed`
	return s.rdb.Get(ctx, name).Val()
}

// Printed and asked, but not kept.
func (s *session) check() bool { return s.name != "" }

func printed(name string) string {
	s := &session{name: name}
	fmt.Println(s)
	if !s.check() {
		return ""
	}
	s.rdb = redis.NewClient(opts()) // want `s.rdb is never closed`
	return s.rdb.Get(ctx, name).Val()
}

// A helper of the package looks at it.
func valid(s *session) bool { return s != nil && s.name != "" }

func looked(name string) string {
	s := &session{name: name}
	if !valid(s) {
		return ""
	}
	s.rdb = redis.NewClient(opts()) // want `s.rdb is never closed`
	return s.rdb.Get(ctx, name).Val()
}

// What is registered only uses it.
func usedBy(mux *http.ServeMux) error {
	var rdb *redis.Client
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, rdb.Get(r.Context(), "k").Val())
	})
	rdb = redis.NewClient(opts()) // want `rdb is never closed`
	return rdb.Ping(ctx).Err()
}

// Another session is kept.
func other(name string) string {
	s, t := &session{name: name}, &session{name: "t"}
	all = append(all, t)
	s.rdb = redis.NewClient(opts()) // want `s.rdb is never closed`
	return s.rdb.Get(ctx, name).Val()
}

// Kept where it ends with the function.
func local(name string) error {
	var list []*session
	s := &session{name: name}
	list = append(list, s)
	s.rdb = redis.NewClient(opts()) // want `s.rdb is never closed`
	for _, s := range list {
		if err := s.rdb.Ping(ctx).Err(); err != nil {
			return err
		}
	}
	return nil
}

// A local list of closers is forgotten.
func forgotten() error {
	var conn redigo.Conn
	var list closers
	list.list = append(list.list, func() error { return conn.Close() })
	conn, err := redigo.Dial("tcp", "cache:6379") // want `conn is never closed`
	if err != nil {
		return err
	}
	_, err = conn.Do("PING")
	return err
}

// A pool that dials by a method of its owner: who keeps the owner there is the
// owner itself.
type dialler struct {
	addr    string
	running bool
	pool    *redigo.Pool
}

func (d *dialler) dial() (redigo.Conn, error) { return redigo.Dial("tcp", d.addr) }

func (d *dialler) Start() error {
	if d.running {
		return nil
	}
	d.pool = &redigo.Pool{Dial: d.dial}
	conn, err := d.pool.Dial()
	if err != nil {
		return err
	}
	defer conn.Close()
	d.running = true
	return nil
}

func (d *dialler) Stop() error {
	if !d.running {
		return nil
	}
	d.running = false
	return d.pool.Close()
}

func (d *dialler) Restart() error {
	if d.running {
		if err := d.Stop(); err != nil {
			return err
		}
	}
	return d.Start()
}

func restarted() error {
	var d dialler
	if err := d.Start(); err != nil {
		return err
	}
	return d.Restart() // want `d is never stopped`
}
