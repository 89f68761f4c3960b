package main

import (
	"context"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/redislint/redislint/rediscope/internal/redistest"
)

// A server that wants TLS, certificates of its clients, and an ACL user.
func TestTLSAndACL(t *testing.T) {
	s, secure := redistest.StartTLS(t)
	ca, cert, key := secure.CA, secure.Cert, secure.Key
	_, port, _ := net.SplitHostPort(secure.Addr)
	s.Do("ACL", "SETUSER", "watcher", "on", ">pw", "+hello", "+client|id", "+client|list")
	s.Do("ACL", "SETUSER", "weak", "on", ">pw", "+hello")
	url := "rediss://127.0.0.1:" + port
	secret := map[string]string{"REDISCLI_AUTH": "pw"}
	trusted := []string{"-once", "-cacert", ca, "-cert", cert, "-key", key}
	defer s.Dial().Close()

	for name, test := range map[string]struct {
		env  map[string]string
		args []string
		errs string // nothing if it works
	}{
		"all is right":          {secret, append(trusted, "-url", url, "-user", "watcher"), ""},
		"password in the URL":   {nil, append(trusted, "-url", strings.Replace(url, "//", "//watcher:pw@", 1)), ""},
		"any certificate":       {secret, []string{"-once", "-insecure", "-cert", cert, "-key", key, "-url", url, "-user", "watcher"}, ""},
		"unknown authority":     {secret, []string{"-once", "-cert", cert, "-key", key, "-url", url}, "certificate signed by unknown authority"},
		"no client certificate": {secret, []string{"-once", "-cacert", ca, "-url", url, "-user", "watcher"}, "127.0.0.1:" + port + ": "},
		"wrong password":        {map[string]string{"REDISCLI_AUTH": "x"}, append(trusted, "-url", url, "-user", "watcher"), "WRONGPASS"},
		"weak user":             {secret, append(trusted, "-url", url, "-user", "weak"), "NOPERM"},
		"no TLS":                {nil, []string{"-once", "-url", "redis://127.0.0.1:" + port}, "127.0.0.1:" + port + ": "},
	} {
		t.Run(name, func(t *testing.T) {
			status, out, errs := watch(t.Context(), test.env, test.args...)
			if test.errs == "" && (status != fine || errs != "" || !strings.Contains(out, " 1 connection ")) ||
				test.errs != "" && (status != failed || out != "" || strings.Count(errs, "\n") != 1 || !strings.Contains(errs, test.errs)) {
				t.Errorf("%d, %q, %q, want %q", status, out, errs, test.errs)
			}
			s.WaitClients(1)
		})
	}
}

// freePort is a port that nobody uses now.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

// All nodes of a cluster are watched, those that come and fail too.
func TestCluster(t *testing.T) {
	var nodes []*redistest.Server
	var bus []string
	for range 4 {
		port := freePort(t)
		bus = append(bus, port)
		nodes = append(nodes, redistest.Start(t, "--cluster-enabled", "yes", "--cluster-port", port,
			"--cluster-node-timeout", "2000", "--cluster-require-full-coverage", "no"))
	}
	join := func(i int) {
		_, port, _ := net.SplitHostPort(nodes[i].Addr)
		nodes[0].Do("CLUSTER", "MEET", "127.0.0.1", port, bus[i])
	}
	known := func(by, n int) {
		t.Helper()
		for range 200 {
			list, err := parseNodes(nodes[by].Do("CLUSTER", "NODES"), nodes[by].Addr)
			if err == nil && len(list) == n {
				return
			}
			time.Sleep(50 * time.Millisecond)
		}
		t.Fatalf("node %d knows no cluster of %d", by, n)
	}
	nodes[0].Do("CLUSTER", "ADDSLOTSRANGE", 0, 8191)
	nodes[1].Do("CLUSTER", "ADDSLOTSRANGE", 8192, 16383)
	join(1)
	join(2) // it has no slots, and connections all the same
	known(0, 3)
	known(1, 3)
	for i, n := range []int{1, 0, 3} {
		for range n {
			defer nodes[i].Dial().Close()
		}
	}

	// One node alone, and all of them.
	if status, out, errs := watch(t.Context(), nil, "-url", nodes[0].URL(), "-once"); status != fine || !strings.Contains(out, " 1 connection ") {
		t.Error(status, out, errs)
	}
	status, out, errs := watch(t.Context(), nil, "-url", nodes[1].URL(), "-once", "-cluster", "-max", "2")
	if status != exceeded || !strings.Contains(out, " 4 connections ") || errs != fmt.Sprintf("rediswatch: %s has 3 connections, more than 2\n", nodes[2].Addr) {
		t.Error(status, out, errs)
	}
	for i, n := range []int{1, 0, 3, 0} {
		nodes[i].WaitClients(n)
	}

	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var live, liveErrs pipe
	done := make(chan int, 1)
	go func() {
		args := []string{"-url", nodes[0].URL(), "-cluster", "-interval", "100ms", "-timeout", "1s"}
		done <- run(ctx, args, func(string) string { return "" }, &live, &liveErrs)
	}()
	live.wait(t, " 4 connections (+0)")
	join(3)
	defer nodes[3].Dial().Close()
	live.wait(t, " 5 connections (+")
	nodes[2].Kill()
	live.wait(t, "; "+nodes[2].Addr+": ")
	stop()
	if got := <-done; got != failed || !strings.Contains(liveErrs.buf.String(), "not all servers could be asked") {
		t.Error(got, liveErrs.buf.String())
	}
	nodes[0].WaitClients(1)

	plain := redistest.Start(t)
	if status, _, errs := watch(t.Context(), nil, "-url", plain.URL(), "-once", "-cluster"); status != failed || !strings.Contains(errs, "cluster support disabled") {
		t.Error(status, errs)
	}
}
