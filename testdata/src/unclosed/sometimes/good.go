package sometimes

import "github.com/gomodule/redigo/redis"

func (a *adapter) defers() error {
	conn := a.get()
	defer a.put(conn)
	if _, err := conn.Do("PING"); err != nil {
		return err
	}
	_, err := conn.Do("GET", a.key)
	return err
}

// It asks the same itself.
func (a *adapter) asksToo() error {
	conn := a.get()
	_, err := conn.Do("PING")
	if a.pool != nil {
		conn.Close()
	}
	return err
}

// Another field tells the same, as the maker knows.
func (a *adapter) asksOtherwise() error {
	conn := a.get()
	_, err := conn.Do("PING")
	if !a.shared {
		conn.Close()
	}
	return err
}

func (a *adapter) asksInAMethod() {
	conn := a.get()
	conn.Do("PING")
	if a.pooled() {
		conn.Close()
	}
}

func (a *adapter) pooled() bool { return a.pool != nil }

// What it got tells.
func (a *adapter) compares() {
	conn := a.get()
	conn.Do("PING")
	if conn != a.conn {
		conn.Close()
	}
}

// Without a pool there is nothing to give back.
func (a *adapter) withoutPool() {
	if a.pool == nil {
		conn := a.get()
		conn.Do("PING")
	}
}

// The condition does not decide alone.
func (a *adapter) mostly() redis.Conn {
	if a.pool != nil {
		if a.key == "" {
			return a.conn
		}
		return a.pool.Get()
	}
	return a.conn
}

func (a *adapter) usesMostly() {
	conn := a.mostly()
	if verbosity > 0 {
		conn.Close()
	}
}

// In between the pool is replaced.
func (a *adapter) replaced(pool *redis.Pool) redis.Conn {
	if a.pool != nil {
		return a.conn
	}
	a.pool = pool
	return a.pool.Get()
}

func (a *adapter) usesReplaced(pool *redis.Pool) {
	conn := a.replaced(pool)
	if verbosity > 0 {
		a.put(conn)
	}
}

// Who puts it back may have something to say of his own.
func (a *adapter) giveBack(conn redis.Conn) {
	if verbosity > 0 {
		return
	}
	if a.pool != nil {
		conn.Close()
	}
}

func (a *adapter) givesBack() {
	conn := a.get()
	defer a.giveBack(conn)
	conn.Do("PING")
}
