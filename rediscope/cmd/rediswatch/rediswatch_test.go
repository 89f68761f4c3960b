package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/redislint/redislint/rediscope/internal/clientlist"
	"github.com/redislint/redislint/rediscope/internal/redistest"
	"github.com/redislint/redislint/rediscope/leaktest"
)

// asMain makes the test binary rediswatch itself.
const asMain = "REDISWATCH_MAIN"

func TestMain(m *testing.M) {
	if os.Getenv(asMain) != "" {
		main()
		return
	}
	redis.SetLogger(silence{})
	os.Exit(leaktest.Main(m, ""))
}

// watch runs rediswatch and returns what it says.
func watch(ctx context.Context, env map[string]string, args ...string) (status int, stdout, stderr string) {
	var out, errs bytes.Buffer
	status = run(ctx, args, func(key string) string { return env[key] }, &out, &errs)
	return status, out.String(), errs.String()
}

func TestBadInput(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	const tls = "-url=rediss://localhost"
	for args, want := range map[string]string{
		"-what":                        "flag provided but not defined: -what",
		"-max x":                       `invalid value "x" for flag -max: parse error`,
		"-interval 1ms":                "-interval 1ms is too short, at least 100ms",
		"-timeout 0s":                  "-timeout must be positive",
		"-n -1":                        "must not be negative",
		"-max -1":                      "must not be negative",
		"-max-age -1s":                 "must not be negative",
		"-old -1s":                     "must not be negative",
		"-idle -1s":                    "must not be negative",
		"-once -n 2":                   "-once and -n exclude each other",
		"localhost:6379":               `unexpected argument "localhost:6379", the server is given by -url`,
		"-url localhost:6379":          "-url: ",
		"-url redis://u:secret@h:1/x":  "-url: ",
		"-name (":                      "-name: error parsing regexp",
		"-insecure":                    "needs a URL with rediss://",
		"-cacert x":                    "needs a URL with rediss://",
		"-cert x":                      "-cert and -key need each other",
		"-key x":                       "-cert and -key need each other",
		tls + " -cacert /no/file":      "-cacert: open /no/file",
		tls + " -cacert " + empty:      "-cacert: " + empty + " has no certificate",
		tls + " -cert /no/file -key x": "-cert: open /no/file",
	} {
		status, out, errs := watch(t.Context(), nil, strings.Fields(args)...)
		if status != 2 || out != "" || !strings.HasPrefix(errs, "rediswatch: ") || !strings.Contains(errs, want) ||
			strings.Count(errs, "\n") != 1 || strings.Contains(errs, "secret") {
			t.Errorf("%s: %d, %q, %q, want %q", args, status, out, errs, want)
		}
	}
	// The help does not print the password of REDIS_URL.
	if _, out, errs := watch(t.Context(), map[string]string{"REDIS_URL": "redis://:secret@localhost"}, "-h"); strings.Contains(out+errs, "secret") || !strings.Contains(out, "REDIS_URL") {
		t.Errorf("-h prints %q, %q", out, errs)
	}
	if status, out, errs := watch(t.Context(), nil, "-h"); status != 0 || !strings.Contains(out, "-max-age duration") || errs != "" {
		t.Error(status, out, errs)
	}
}

func TestNoServer(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	url := "redis://" + l.Addr().String()
	// It accepts, and says nothing.
	start := time.Now()
	status, _, errs := watch(t.Context(), nil, "-url", url, "-once", "-timeout", "200ms")
	if took := time.Since(start); status != 2 || took > 2*time.Second || strings.Count(errs, "\n") != 1 {
		t.Error(status, errs, took)
	}
	l.Close()
	for _, flag := range []string{"-once", "-json", "-cluster"} {
		status, out, errs := watch(t.Context(), map[string]string{"REDIS_URL": url}, flag)
		if status != 2 || out != "" || !strings.Contains(errs, "connection refused") || strings.Count(errs, "\n") != 1 {
			t.Error(status, out, errs)
		}
	}
}

// list makes clients of CLIENT LIST lines.
func list(t *testing.T, text string) []clientlist.Client {
	t.Helper()
	clients, err := clientlist.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return clients
}

func TestReport(t *testing.T) {
	s := &settings{old: time.Minute, idle: 30 * time.Second, max: 3, maxAge: time.Hour}
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	h := history{}
	first := s.report(now, []answer{
		{addr: "a:1", clients: list(t, "id=1 addr=x:1 name=gone\nid=2 addr=x:2 name=shop age=1")},
		{addr: "b:1", err: errors.New("refused")},
	}, h)
	if first.Connections != 2 || first.Growth != 0 || len(first.Suspects) != 0 || len(first.Exceeded) != 0 ||
		first.Servers[1] != (node{Addr: "b:1", Error: "refused"}) {
		t.Errorf("%+v", first)
	}
	r := s.report(now, []answer{
		{addr: "a:1", clients: list(t, `id=2 addr=x:2 name=shop age=61 idle=29
id=3 addr=x:3 name=shop age=3601 idle=30 cmd=get user=u
id=4 addr=x:4 name= age=59 idle=59
id=5 addr=x:5 name=events age=7200 idle=7200 flags=P`)},
		// The first answer of a server is where its growth begins.
		{addr: "b:1", clients: list(t, "id=1 addr=x:6 name=shop age=90 idle=90")},
	}, h)
	want := report{
		Time: now, Connections: 5, Growth: 2,
		Names: []group{
			{Name: "shop", Connections: 3, Growth: 1, Oldest: 3601, Idle: 90, Suspects: 2},
			{Name: "", Connections: 1, Growth: 1, Oldest: 59, Idle: 59},
			{Name: "events", Connections: 1, Growth: 1, Oldest: 7200},
			{Name: "gone", Growth: -1},
		},
		Suspects: []connection{
			{Name: "shop", Addr: "x:6", Age: 90, Idle: 90, Server: "b:1"},
			{Name: "shop", Addr: "x:3", User: "u", Age: 3601, Idle: 30, Command: "get", Server: "a:1"},
		},
		Servers: []node{{Addr: "a:1", Connections: 4, Growth: 2}, {Addr: "b:1", Connections: 1}},
		Exceeded: []string{
			"a:1 has 4 connections, more than 3",
			"a:1 has 2 connections older than 1h0m0s, the oldest is events from x:5 with 2h0m0s",
		},
	}
	if got, want := fmt.Sprintf("%+v", r), fmt.Sprintf("%+v", want); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}

	var line bytes.Buffer
	if err := (lines{&line}).show(r); err != nil {
		t.Error(err)
	}
	if got, want := line.String(), "2026-01-02T03:04:05Z  5 connections (+2), 2 suspects: shop 3 (+1), (unnamed) 1 (+1), events 1 (+1), gone 0 (-1); "+strings.Join(r.Exceeded, "; ")+"\n"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}

	s.options, s.looks = &redis.Options{Addr: "a:1"}, 1
	var text bytes.Buffer
	if err := (page{s, &text}).show(r); err != nil {
		t.Error(err)
	}
	if got, want := text.String(), `rediswatch a:1  03:04:05
5 connections (+2), 2 suspects
LIMIT: a:1 has 4 connections, more than 3
LIMIT: a:1 has 2 connections older than 1h0m0s, the oldest is events from x:5 with 2h0m0s

NAME       CONNECTIONS  GROWTH  OLDEST  IDLE   SUSPECTS
shop       3            +1      1h0m1s  1m30s  2
(unnamed)  1            +1      59s     59s    0
events     1            +1      2h0m0s  0s     0
gone       0            -1      0s      0s     0

SERVER  CONNECTIONS  GROWTH  ERROR
a:1     4            +2      
b:1     1            +0      

Suspects: older than 1m0s and idle for 30s
NAME  ADDRESS  AGE     IDLE   LAST COMMAND  USER
shop  x:6      1m30s   1m30s                
shop  x:3      1h0m1s  30s    get           u
`; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	text.Reset()
	_ = (page{s, &text}).show(first)
	if got := text.String(); !strings.Contains(got, "\nb:1     -            -       refused\n") {
		t.Error(got)
	}
}

// A terminal that is low, and clients with names that would steer it.
func TestTerminal(t *testing.T) {
	s := &settings{interval: time.Second, old: time.Hour, options: &redis.Options{Addr: "a:1"}}
	var out bytes.Buffer
	rows := 7
	term := &terminal{settings: s, w: &out, rows: func() (int, bool) { return rows, true }}
	if err := term.close(); err != nil || out.Len() > 0 {
		t.Errorf("%v, %q", err, out.String())
	}
	var clients string
	for i := range 9 {
		clients += fmt.Sprintf("id=%d addr=x:%d name=n%d\x1b[2J\n", i+1, i, i)
	}
	r := s.report(time.Now(), []answer{{addr: "a:1", clients: list(t, clients)}}, history{})
	if err := term.show(r); err != nil {
		t.Error(err)
	}
	got := out.String()
	if !strings.HasPrefix(got, enter+home+"rediswatch a:1 ") || !strings.HasSuffix(got, "and 8 more lines"+tail+"\n"+below) ||
		strings.Count(got, "\n") != rows-1 || !strings.Contains(got, "n0?[2J ") {
		t.Errorf("%q", got)
	}
	out.Reset()
	rows = 100
	if err := term.show(r); err != nil || strings.Contains(out.String(), enter) || !strings.Contains(out.String(), "n8?[2J") {
		t.Errorf("%v, %q", err, out.String())
	}
	out.Reset()
	if err := term.close(); err != nil || !strings.HasPrefix(out.String(), leave+"2") || strings.Count(out.String(), "\n") != 1 {
		t.Errorf("%v, %q", err, out.String())
	}

	term = &terminal{settings: s, w: broken{}, rows: term.rows}
	if err := term.show(r); !errors.Is(err, errBroken) {
		t.Error(err)
	}
	if err := term.close(); !errors.Is(err, errBroken) {
		t.Error(err)
	}
}

var errBroken = errors.New("broken")

// broken is a pipe that nobody reads.
type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errBroken }

func TestParseNodes(t *testing.T) {
	got, err := parseNodes(`07c3 127.0.0.1:30004@31004,host-4 slave e7d1 0 1426238317239 4 connected
67ed :30002@31002,, myself,master - 0 1426238316232 2 connected 5461-10922
292f ::1:30003@31003 master,fail - 0 1426238318243 3 connected 10923-16383
6ec2 :0@0 master,noaddr - 0 1426238318243 3 disconnected
824f 127.0.0.1:30006@31006 handshake - 0 0 0 disconnected
e7d1 127.0.0.1:30001 master - 0 0 1 connected 0-5460
`, "10.0.0.1:30002")
	want := []string{"127.0.0.1:30004", "10.0.0.1:30002", "[::1]:30003", "127.0.0.1:30001"}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%q, %v, want %q", got, err, want)
	}
	for _, text := range []string{"", "x y\n", "x y master\n"} {
		if got, err := parseNodes(text, "h:1"); err == nil || !strings.HasPrefix(err.Error(), "CLUSTER NODES") {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
}

func TestOnce(t *testing.T) {
	s := redistest.Start(t)
	for range 3 {
		defer s.Dial().Close()
	}
	named := redis.NewClient(&redis.Options{Addr: s.Addr, ClientName: "shop/list"})
	defer named.Close()
	if err := named.Ping(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(1100 * time.Millisecond) // ages are whole seconds
	for _, test := range []struct {
		args   string
		status int
		out    string // a pattern
		errs   string
	}{
		{"-max 4 -max-age 1m", 0, `4 connections \(\+0\), 0 suspects: \(unnamed\) 3, shop/list 1`, ``},
		{"-max 3", 1, `more than 3`, `rediswatch: \S+ has 4 connections, more than 3`},
		{"-max-age 500ms", 1, `older`, `rediswatch: \S+ has 4 connections older than 500ms, the oldest is .* from 127\.0\.0\.1:\d+ with \ds`},
		{"-max 1 -name ^shop/", 0, `1 connection \(\+0\), 0 suspects: shop/list 1`, ``},
		{"-old 1s -idle 1s", 0, `4 suspects`, ``},
		{"-json -max 3", 1, `"connections":4,.*"exceeded":\["`, `more than 3`},
	} {
		status, out, errs := watch(t.Context(), map[string]string{"REDIS_URL": s.URL()}, append(strings.Fields(test.args), "-once")...)
		if status != test.status || strings.Count(out, "\n") != 1 || !regexp.MustCompile(test.out).MatchString(out) ||
			!regexp.MustCompile(test.errs).MatchString(errs) || (errs == "") != (test.errs == "") {
			t.Errorf("%s: %d\n%s%s", test.args, status, out, errs)
		}
		s.WaitClients(4)
	}
	// A full server refuses it.
	s.Do("CONFIG", "SET", "maxclients", "4")
	status, _, errs := watch(t.Context(), nil, "-url", s.URL(), "-once")
	if status != 2 || !strings.Contains(errs, "max number of clients reached") {
		t.Error(status, errs)
	}
}

// A pipe collects what is written to it while others read it.
type pipe struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (p *pipe) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.buf.Write(b)
}

// wait waits for text and returns all that has been written.
func (p *pipe) wait(t *testing.T, text string) string {
	t.Helper()
	for range 200 {
		p.mu.Lock()
		got := p.buf.String()
		p.mu.Unlock()
		if strings.Contains(got, text) {
			return got
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("no %q in\n%s", text, p.buf.String())
	return ""
}

// What the live view sees: growth, a full server, a restart, and its end.
func TestLive(t *testing.T) {
	s := redistest.Start(t, "--maxclients", "6")
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var out, errs pipe
	status := make(chan int, 1)
	go func() {
		args := []string{"-url", s.URL(), "-interval", "100ms", "-max", "2", "-timeout", "1s"}
		status <- run(ctx, args, func(string) string { return "" }, &out, &errs)
	}()
	out.wait(t, " 0 connections (+0)")
	var conns []net.Conn
	for range 5 { // and its own is the sixth
		conns = append(conns, s.Dial())
	}
	out.wait(t, " 5 connections (+5), 0 suspects: (unnamed) 5 (+5); "+s.Addr+" has 5 connections, more than 2\n")
	for _, c := range conns {
		c.Close()
	}
	s.Kill()
	out.wait(t, "; "+s.Addr+": ")
	s.Restart()
	defer s.Dial().Close()
	out.wait(t, " 1 connection (+1), 0 suspects: (unnamed) 1 (+1)\n")
	stop()
	// It was above the limit once. It is not now, so nothing is said.
	if got := <-status; got != exceeded || errs.buf.Len() > 0 {
		t.Error(got, errs.buf.String())
	}
	s.WaitClients(1)
}

func TestJSON(t *testing.T) {
	s := redistest.Start(t)
	status, out, errs := watch(t.Context(), nil, "-url", s.URL(), "-n", "3", "-interval", "100ms", "-json")
	if status != fine || errs != "" || strings.Count(out, "\n") != 3 {
		t.Fatal(status, out, errs)
	}
	for line := range strings.Lines(out) {
		var r report
		if err := json.Unmarshal([]byte(line), &r); err != nil || r.Servers[0].Addr != s.Addr || r.Names == nil {
			t.Errorf("%v: %s", err, line)
		}
	}
	s.WaitClients(0)
}

// A reader that goes away ends it.
func TestBrokenPipe(t *testing.T) {
	s := redistest.Start(t)
	var errs bytes.Buffer
	if got := run(t.Context(), []string{"-url", s.URL()}, func(string) string { return "" }, broken{}, &errs); got != failed || !strings.Contains(errs.String(), "broken") {
		t.Error(got, errs.String())
	}
	s.WaitClients(0)
}

// It ends at once, whatever the server does.
func TestInterruptWhileItWaits(t *testing.T) {
	s := redistest.Start(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var out, errs pipe
	status := make(chan int, 1)
	go func() {
		status <- run(ctx, []string{"-url", s.URL(), "-interval", "100ms", "-timeout", "1m"}, func(string) string { return "" }, &out, &errs)
	}()
	out.wait(t, "connections")
	s.Pause()
	defer s.Resume()
	time.Sleep(300 * time.Millisecond)
	start := time.Now()
	stop()
	if got := <-status; got != fine || time.Since(start) > 5*time.Second {
		t.Error(got, time.Since(start), errs.buf.String())
	}
}
