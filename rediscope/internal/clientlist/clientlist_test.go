package clientlist_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"

	"github.com/redislint/redislint/rediscope"
	"github.com/redislint/redislint/rediscope/internal/clientlist"
	"github.com/redislint/redislint/rediscope/internal/redistest"
)

func TestParse(t *testing.T) {
	// Redis 2.6, Redis 7, and a future that has more.
	list, err := clientlist.Parse(`id=3 addr=127.0.0.1:5000 fd=8 name= age=7 idle=5 flags=N db=0 sub=0 psub=0 multi=-1 qbuf=0 qbuf-free=0 obl=0 oll=0 omem=0 events=r cmd=get
id=41 addr=[::1]:5001 laddr=[::1]:6379 fd=9 name=a/b age=0 idle=0 flags=Pb db=0 sub=1 psub=0 ssub=0 multi=-1 qbuf=0 tot-mem=22298 events=r cmd=client|setinfo user=default redir=-1 resp=3

id=5 addr=/tmp/redis.sock:0 name=c age=-1 idle=-1 flags=S cmd=NULL user=u new=x=y odd
`)
	want := []clientlist.Client{
		{ID: 3, Addr: "127.0.0.1:5000", Flags: "N", Cmd: "get", Age: 7 * time.Second, Idle: 5 * time.Second},
		{ID: 41, Addr: "[::1]:5001", Name: "a/b", User: "default", Flags: "Pb", Cmd: "client|setinfo"},
		{ID: 5, Addr: "/tmp/redis.sock:0", Name: "c", User: "u", Flags: "S", Cmd: "NULL"},
	}
	if err != nil || !slices.Equal(list, want) {
		t.Errorf("got %+v, %v\nwant %+v", list, err, want)
	}
	for i, c := range list {
		if c.Link() != (i == 2) || c.Waits() != (i == 1) {
			t.Errorf("%+v: link %v, waits %v", c, c.Link(), c.Waits())
		}
	}
	for text, message := range map[string]string{
		"id=x addr=a":              "bad id",
		"id=1 addr=a age=1h":       "bad age",
		"id=1 addr=a idle=":        "bad idle",
		"id=1":                     "no id or addr",
		"<html>":                   "no id or addr",
		"id=99999999999999999999 ": "bad id",
	} {
		if list, err := clientlist.Parse(text); err == nil || !strings.Contains(err.Error(), message) {
			t.Errorf("%q: %v, %v, want %q", text, list, err, message)
		}
	}
}

// with runs fn with a client of a server.
func with(t *testing.T, url string, fn func(context.Context, *redis.Client) error) error {
	t.Helper()
	return rediscope.WithRedis(t.Context(), fn, rediscope.URL(url))
}

func TestAsk(t *testing.T) {
	s := redistest.Start(t, "--repl-diskless-sync-delay", "0")
	other := s.Dial()
	defer other.Close()
	replica := redistest.Start(t, "--replicaof", strings.Replace(s.Addr, ":", " ", 1))
	for strings.Contains(replica.Do("INFO", "replication"), "master_link_status:down") {
		time.Sleep(10 * time.Millisecond)
	}
	s.WaitClients(1) // a link is none

	err := with(t, s.URL(), func(ctx context.Context, rdb *redis.Client) error {
		list, err := clientlist.Ask(ctx, rdb)
		if len(list) != 1 || list[0].Addr != other.LocalAddr().String() || list[0].Cmd != "ping" {
			t.Errorf("%+v", list)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestAskFails(t *testing.T) {
	s := redistest.Start(t)
	s.Do("ACL", "SETUSER", "weak", "on", ">pw", "+hello", "+client|id")
	err := with(t, "redis://weak:pw@"+s.Addr, func(ctx context.Context, rdb *redis.Client) error {
		_, err := clientlist.Ask(ctx, rdb)
		return err
	})
	if err == nil || errors.Is(err, clientlist.ErrUnknown) || !strings.Contains(err.Error(), "NOPERM") {
		t.Error(err)
	}
	s.Kill()
	err = with(t, s.URL(), func(ctx context.Context, rdb *redis.Client) error {
		if _, err := clientlist.Count(ctx, rdb); err == nil {
			t.Error("counted the connections of no server")
		}
		_, err := clientlist.Ask(ctx, rdb)
		return err
	})
	if err == nil {
		t.Error("listed the connections of no server")
	}
}

// miniredis knows no CLIENT LIST, but counts.
func TestMiniredis(t *testing.T) {
	m := miniredis.RunT(t)
	err := with(t, "redis://"+m.Addr(), func(ctx context.Context, rdb *redis.Client) error {
		if _, err := clientlist.Ask(ctx, rdb); !errors.Is(err, clientlist.ErrUnknown) {
			t.Error(err)
		}
		n, err := clientlist.Count(ctx, rdb)
		if n != 0 {
			t.Errorf("%d connections", n)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
