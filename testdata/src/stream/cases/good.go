package cases

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
	"github.com/redis/rueidis"
	"stream/helpers"
)

// The request's context ends the loop.
func (s *server) selects(w http.ResponseWriter, r *http.Request) {
	sub := s.rdb.Subscribe(r.Context(), "news")
	defer sub.Close()
	ch := sub.Channel()
	for {
		select {
		case <-r.Context().Done():
			return
		case msg := <-ch:
			fmt.Fprintln(w, msg.Payload)
		}
	}
}

// The call that receives is given the request's context.
func (s *server) receivesWithContext(w http.ResponseWriter, r *http.Request) {
	sub := s.rdb.Subscribe(r.Context(), "news")
	defer sub.Close()
	for {
		msg, err := sub.ReceiveMessage(r.Context())
		if err != nil {
			return
		}
		fmt.Fprintln(w, msg.Payload)
	}
}

// A failing write ends the loop.
func (s *server) writes(w http.ResponseWriter, r *http.Request) {
	sub := s.rdb.Subscribe(r.Context(), "news")
	defer sub.Close()
	for msg := range sub.Channel() {
		if _, err := fmt.Fprintln(w, msg.Payload); err != nil {
			return
		}
	}
}

// So does a failing encoder.
func (s *server) encodes(w http.ResponseWriter, r *http.Request) {
	sub := s.rdb.Subscribe(r.Context(), "news")
	defer sub.Close()
	enc := json.NewEncoder(w)
	for msg := range sub.Channel() {
		if enc.Encode(msg) != nil {
			break
		}
	}
}

// The subscription is closed when the request ends.
func (s *server) closes(w http.ResponseWriter, r *http.Request) {
	sub := s.rdb.Subscribe(r.Context(), "news")
	stop := context.AfterFunc(r.Context(), func() { sub.Close() })
	defer stop()
	for msg := range sub.Channel() {
		fmt.Fprintln(w, msg.Payload)
	}
}

// A goroutine that was given the subscription may close it.
func (s *server) watched(w http.ResponseWriter, r *http.Request) {
	sub := s.rdb.Subscribe(r.Context(), "news")
	go watch(r, sub)
	for msg := range sub.Channel() {
		fmt.Fprintln(w, msg.Payload)
	}
}

func watch(r *http.Request, sub *redis.PubSub) {
	r.Body.Read(nil)
	sub.Close()
}

// A literal that closes it.
func (s *server) closedByReader(w http.ResponseWriter, r *http.Request) {
	sub := s.rdb.Subscribe(r.Context(), "news")
	go func() {
		r.Body.Read(nil)
		sub.Unsubscribe(context.Background())
		sub.Close()
	}()
	for msg := range sub.Channel() {
		fmt.Fprintln(w, msg.Payload)
	}
}

// A goroutine outlives the handler in its own right.
func (s *server) inBackground(w http.ResponseWriter, r *http.Request) {
	sub := s.rdb.Subscribe(context.Background(), "news")
	go func() {
		for msg := range sub.Channel() {
			fmt.Println(msg.Payload)
		}
	}()
}

// One message, however long it takes.
func (s *server) once(w http.ResponseWriter, r *http.Request) {
	sub := s.rdb.Subscribe(r.Context(), "news")
	defer sub.Close()
	msg := <-sub.Channel()
	fmt.Fprintln(w, msg.Payload)
}

// A time limit.
func (s *server) limited(w http.ResponseWriter, r *http.Request) {
	sub := s.rdb.Subscribe(r.Context(), "news")
	defer sub.Close()
	limit := time.After(time.Minute)
	ch := sub.Channel()
	for {
		select {
		case msg := <-ch:
			fmt.Fprintln(w, msg.Payload)
		case <-limit:
			return
		}
	}
}

// A number of messages.
func (s *server) counted(w http.ResponseWriter, r *http.Request) {
	sub := s.rdb.Subscribe(r.Context(), "news")
	defer sub.Close()
	ch := sub.Channel()
	for i := 0; i < 10; i++ {
		fmt.Fprintln(w, (<-ch).Payload)
	}
}

// A subscription that somebody else owns.
func (s *server) shared(w http.ResponseWriter, r *http.Request) {
	for msg := range s.hub.Channel() {
		fmt.Fprintln(w, msg.Payload)
	}
}

// gin ends the stream between two steps.
func (s *server) steps(c *gin.Context) {
	sub := s.rdb.Subscribe(c.Request.Context(), "news")
	defer sub.Close()
	ch := sub.Channel()
	c.Stream(func(w http.ResponseWriter) bool {
		fmt.Fprintln(w, (<-ch).Payload)
		return true
	})
}

// A worker answers no request.
func (s *server) worker(ctx context.Context) {
	sub := s.rdb.Subscribe(ctx, "news")
	defer sub.Close()
	for msg := range sub.Channel() {
		fmt.Println(msg.Payload)
	}
}

// redigo with a context.
func (s *server) redigoWithContext(w http.ResponseWriter, r *http.Request) {
	conn := s.pool.Get()
	defer conn.Close()
	psc := redigo.PubSubConn{Conn: conn}
	for {
		switch v := psc.ReceiveContext(r.Context()).(type) {
		case redigo.Message:
			w.Write(v.Data)
		case error:
			return
		}
	}
}

// rueidis ends with its context.
func (s *server) rueidisWithContext(w http.ResponseWriter, r *http.Request) {
	cmd := s.client.B().Subscribe().Channel("news").Build()
	s.client.Receive(r.Context(), cmd, func(m rueidis.PubSubMessage) { fmt.Fprintln(w, m.Message) })
}

// A stream that is read on the request's context.
func (s *server) tailWithContext(w http.ResponseWriter, r *http.Request) {
	for {
		res, err := s.rdb.XRead(r.Context(), &redis.XReadArgs{Streams: []string{"s", "$"}}).Result()
		if err != nil {
			return
		}
		fmt.Fprintln(w, res)
	}
}

// A helper that ends with its context.
func (s *server) foreignUntil(w http.ResponseWriter, r *http.Request) {
	helpers.ListenUntil(r.Context(), s.rdb, func(text string) { fmt.Fprintln(w, text) })
}

// A channel of unknown origin.
func copyAll(w http.ResponseWriter, ch <-chan *redis.Message) {
	for msg := range ch {
		fmt.Fprintln(w, msg.Payload)
	}
}
