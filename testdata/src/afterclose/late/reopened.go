package late

import "github.com/gomodule/redigo/redis"

// A reopener dials when it has no connection.
type reopener struct{ c redis.Conn }

func (r *reopener) conn() (redis.Conn, error) {
	if r.c == nil {
		c, err := redis.Dial("tcp", "cache:6379")
		if err != nil {
			return nil, err
		}
		r.c = c
	}
	return r.c, nil
}

func (r *reopener) get() redis.Conn {
	if r.c == nil {
		r.c, _ = redis.Dial("tcp", "cache:6379")
	}
	return r.c
}

func (r *reopener) Close() error {
	err := r.c.Close()
	r.c = nil
	return err
}

// Behind its Close it has another one.
func reopens(r *reopener) error {
	r.get().Do("PING")
	r.Close()
	_, err := r.get().Do("PING")
	return err
}

func reopensOrFails(r *reopener) error {
	c, err := r.conn()
	if err != nil {
		return err
	}
	c.Do("PING")
	r.Close()
	if c, err = r.conn(); err != nil {
		return err
	}
	_, err = c.Do("PING")
	return err
}
