package jobs

import "github.com/gomodule/redigo/redis"

//rules afterclose

func early() error {
	c, err := redis.Dial("tcp", "cache:6379")
	defer c.Close() // afterclose
	if err != nil {
		return err
	}
	return c.Err()
}

func afterPut(p *redis.Pool) error {
	c := p.Get()
	c.Close()
	_, err := c.Do("PING") // afterclose
	return err
}

func inTime() error {
	c, err := redis.Dial("tcp", "cache:6379")
	if err != nil {
		return err
	}
	defer c.Close()
	return c.Err()
}
