package handlers

import (
	"context"
	"fmt"
	"net/http"

	"example.com/shop/store"
)

//rules stream

func (s *shop) news(w http.ResponseWriter, r *http.Request) {
	sub := s.rdb.Subscribe(r.Context(), "news")
	defer sub.Close()
	for msg := range sub.Channel() { // stream
		fmt.Fprintln(w, msg.Payload)
	}
}

func (s *shop) newsByCall(w http.ResponseWriter, r *http.Request) {
	sub := s.rdb.Subscribe(r.Context(), "news")
	defer sub.Close()
	for {
		msg, err := sub.ReceiveMessage(context.Background()) // stream
		if err != nil {
			return
		}
		fmt.Fprintln(w, msg.Payload)
	}
}

func (s *shop) newsElsewhere(w http.ResponseWriter, r *http.Request) {
	store.EachOrder(r.Context(), s.rdb, func(order string) { // stream
		fmt.Fprintln(w, order)
	})
}

func (s *shop) newsUntil(w http.ResponseWriter, r *http.Request) {
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

func (s *shop) newsWhileWritable(w http.ResponseWriter, r *http.Request) {
	sub := s.rdb.Subscribe(r.Context(), "news")
	defer sub.Close()
	for msg := range sub.Channel() {
		if _, err := fmt.Fprintln(w, msg.Payload); err != nil {
			return
		}
	}
}

func (s *shop) newsWithContext(w http.ResponseWriter, r *http.Request) {
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
