package redistest

import (
	"context"
	"encoding/binary"
	"net"
	"strings"
	"sync/atomic"
	"testing"
)

// Host is the name that Names knows: 127.0.0.1.
const Host = "redis.test"

// Names is a name server, which this process asks as long as the test lasts.
type Names struct {
	Lookups atomic.Int64 // of the address of Host, so far
	silent  atomic.Bool
}

// StartNames starts a name server. No test may run beside the one that uses it.
func StartNames(tb testing.TB) *Names {
	tb.Helper()
	l, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	n := &Names{}
	done := make(chan struct{})
	go func() {
		defer close(done)
		n.serve(l)
	}()
	before := net.DefaultResolver
	net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", l.LocalAddr().String())
	}}
	tb.Cleanup(func() {
		net.DefaultResolver = before
		_ = l.Close()
		<-done
	})
	return n
}

// Silence makes it answer no more, until it is called with false.
func (n *Names) Silence(on bool) { n.silent.Store(on) }

// At is an address with Host in place of 127.0.0.1.
func At(addr string) string { return strings.Replace(addr, "127.0.0.1", Host, 1) }

const (
	headerLen = 12
	typeA     = 1
)

func (n *Names) serve(l net.PacketConn) {
	buf := make([]byte, 512)
	for {
		size, from, err := l.ReadFrom(buf)
		if err != nil {
			return
		}
		name, kind, end := question(buf[:size])
		if end == 0 {
			continue
		}
		known := strings.EqualFold(name, Host)
		if known && kind == typeA {
			n.Lookups.Add(1)
		}
		if n.silent.Load() {
			continue
		}
		answer := append([]byte(nil), buf[:end]...)
		answer[2], answer[3] = 0x81, 0x80 // an answer, by a server that asks others
		clear(answer[6:headerLen])
		switch {
		case !known:
			answer[3] |= 3 // there is no such name
		case kind == typeA:
			answer[7] = 1
			answer = append(answer, 0xc0, headerLen, 0, typeA, 0, 1, 0, 0, 0, 0, 0, 4, 127, 0, 0, 1)
		}
		_, _ = l.WriteTo(answer, from)
	}
}

// question reads the first question of a message, and where it ends, or 0.
func question(b []byte) (name string, kind uint16, end int) {
	if len(b) < headerLen {
		return "", 0, 0
	}
	var labels []string
	i := headerLen
	for i < len(b) && b[i] != 0 {
		next := i + 1 + int(b[i])
		if next > len(b) {
			return "", 0, 0
		}
		labels = append(labels, string(b[i+1:next]))
		i = next
	}
	if i+5 > len(b) {
		return "", 0, 0
	}
	return strings.Join(labels, "."), binary.BigEndian.Uint16(b[i+1:]), i + 5
}
