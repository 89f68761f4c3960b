// Package cases shows loops that outlive their request, and loops that do not.
package cases

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"connectrpc.com/connect"
	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
	redigo "github.com/gomodule/redigo/redis"
	"github.com/labstack/echo/v4"
	"github.com/redis/go-redis/v9"
	"github.com/redis/rueidis"
	"stream/helpers"
)

type server struct {
	rdb    *redis.Client
	pool   *redigo.Pool
	client rueidis.Client
	hub    *redis.PubSub
}

// A range over the channel of a subscription.
func (s *server) ranges(w http.ResponseWriter, r *http.Request) {
	sub := s.rdb.Subscribe(r.Context(), "news")
	defer sub.Close()
	for msg := range sub.Channel() { // want `the loop over sub.Channel\(\) goes on after the request has ended`
		fmt.Fprintf(w, "data: %s\n\n", msg.Payload)
	}
}

// A channel in a variable, and an end that a message decides.
func (s *server) receives(w http.ResponseWriter, r *http.Request) {
	sub := s.rdb.PSubscribe(r.Context(), "news.*")
	defer sub.Close()
	ch := sub.Channel()
	for {
		msg, ok := <-ch // want `the loop over ch goes on after the request has ended`
		if !ok || msg.Payload == "end" {
			return
		}
		fmt.Fprintln(w, msg.Payload)
	}
}

// A call that receives on the background context.
func (s *server) calls(w http.ResponseWriter, r *http.Request) {
	sub := s.rdb.Subscribe(r.Context(), "news")
	defer sub.Close()
	for {
		msg, err := sub.ReceiveMessage(context.Background()) // want `sub.ReceiveMessage keeps waiting after the request has ended`
		if err != nil {
			return
		}
		fmt.Fprintln(w, msg.Payload)
	}
}

// An error that is not looked at.
func (s *server) carriesOn(w http.ResponseWriter, r *http.Request) {
	sub := s.rdb.Subscribe(r.Context(), "news")
	defer sub.Close()
	for {
		msg, err := sub.ReceiveMessage(r.Context()) // want `sub.ReceiveMessage keeps waiting after the request has ended`
		if err != nil {
			continue
		}
		fmt.Fprintln(w, msg.Payload)
	}
}

// A select that asks for the time alone.
func (s *server) heartbeat(w http.ResponseWriter, r *http.Request) {
	sub := s.rdb.Subscribe(r.Context(), "news")
	defer sub.Close()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	ch := sub.Channel()
	for {
		select {
		case msg := <-ch: // want `the loop over ch goes on after the request has ended`
			fmt.Fprintln(w, msg.Payload)
		case <-tick.C:
			fmt.Fprintln(w, ":")
		}
	}
}

// gin.
func (s *server) gin(c *gin.Context) {
	sub := s.rdb.Subscribe(c.Request.Context(), "news")
	defer sub.Close()
	for msg := range sub.Channel() { // want `the loop over sub.Channel\(\) goes on after the request has ended`
		c.String(http.StatusOK, "%s", msg.Payload)
	}
}

// echo, and an error that has to do with the message alone.
func (s *server) echo(c echo.Context) error {
	sub := s.rdb.Subscribe(c.Request().Context(), "news")
	defer sub.Close()
	for msg := range sub.Channel() { // want `the loop over sub.Channel\(\) goes on after the request has ended`
		var v any
		if err := json.Unmarshal([]byte(msg.Payload), &v); err != nil {
			return err
		}
		c.Response().Write([]byte(msg.Payload))
	}
	return nil
}

// fiber, in the func that writes the body.
func (s *server) fiber(c *fiber.Ctx) error {
	sub := s.rdb.Subscribe(c.UserContext(), "news")
	c.Context().SetBodyStreamWriter(func(w *bufio.Writer) {
		defer sub.Close()
		for msg := range sub.Channel() { // want `the loop over sub.Channel\(\) goes on after the request has ended`
			fmt.Fprintln(w, msg.Payload)
			w.Flush()
		}
	})
	return nil
}

// connect.
func (s *server) connect(ctx context.Context, req *connect.Request[string], out *connect.ServerStream[string]) error {
	sub := s.rdb.Subscribe(ctx, "news")
	defer sub.Close()
	for msg := range sub.Channel() { // want `the loop over sub.Channel\(\) goes on after the request has ended`
		out.Send(&msg.Payload)
	}
	return nil
}

// redigo.
func (s *server) redigo(w http.ResponseWriter, r *http.Request) {
	conn := s.pool.Get()
	defer conn.Close()
	psc := redigo.PubSubConn{Conn: conn}
	psc.Subscribe("news")
	for {
		switch v := psc.Receive().(type) { // want `psc.Receive keeps waiting after the request has ended`
		case redigo.Message:
			w.Write(v.Data)
		case error:
			return
		}
	}
}

// rueidis calls a func with each message.
func (s *server) rueidis(w http.ResponseWriter, r *http.Request) {
	cmd := s.client.B().Subscribe().Channel("news").Build()
	s.client.Receive(context.Background(), cmd, func(m rueidis.PubSubMessage) { // want `s.client.Receive keeps waiting after the request has ended`
		fmt.Fprintln(w, m.Message)
	})
}

// A stream that is read on the background context.
func (s *server) tail(w http.ResponseWriter, r *http.Request) {
	for {
		res, err := s.rdb.XRead(context.Background(), &redis.XReadArgs{Streams: []string{"s", "$"}}).Result() // want `s.rdb.XRead keeps waiting after the request has ended`
		if err != nil {
			return
		}
		fmt.Fprintln(w, res)
	}
}

// A function that only handlers call.
func (s *server) helped(w http.ResponseWriter, r *http.Request) {
	sub := s.rdb.Subscribe(r.Context(), "news")
	defer sub.Close()
	copyAll(w, sub.Channel())
	s.write(w)
}

func (s *server) write(w http.ResponseWriter) {
	sub := s.rdb.Subscribe(context.Background(), "news")
	defer sub.Close()
	for msg := range sub.Channel() { // want `the loop over sub.Channel\(\) goes on after the request has ended`
		fmt.Fprintln(w, msg.Payload)
	}
}

// A function of another package.
func (s *server) foreign(w http.ResponseWriter, r *http.Request) {
	helpers.Listen(r.Context(), s.rdb, func(text string) { // want `helpers.Listen keeps reading messages after the request has ended`
		fmt.Fprintln(w, text)
	})
}
