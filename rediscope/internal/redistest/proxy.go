package redistest

import (
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// A Proxy stands between a client and a server, counts, delays and disturbs.
type Proxy struct {
	Addr  string
	Conns atomic.Int64 // connections so far
	Trips atomic.Int64 // times that a client has spoken after the server, or first

	tb     testing.TB
	target string
	l      net.Listener
	trip   atomic.Int64 // nanoseconds of a simulated round trip
	stall  atomic.Bool
	drip   atomic.Int64 // nanoseconds between the bytes of an answer
	budget atomic.Int64 // bytes until everything is cut, negative for no end
	ended  atomic.Bool
	wg     sync.WaitGroup

	mu   sync.Mutex
	open map[net.Conn]bool
}

// NewProxy starts a proxy that ends with the test, in front of a server's address.
func NewProxy(tb testing.TB, target string) *Proxy {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	p := &Proxy{Addr: l.Addr().String(), tb: tb, target: target, l: l, open: map[net.Conn]bool{}}
	p.budget.Store(-1)
	p.wg.Add(1)
	go p.accept()
	tb.Cleanup(func() {
		p.ended.Store(true)
		_ = l.Close()
		p.Cut()
		p.wg.Wait()
	})
	return p
}

// URL is the proxy's address as REDIS_URL has it.
func (p *Proxy) URL() string { return "redis://" + p.Addr }

// Delay simulates a network: each answer, and each new connection, takes d.
func (p *Proxy) Delay(d time.Duration) { p.trip.Store(int64(d)) }

// Stall holds everything back until it is called with false.
func (p *Proxy) Stall(on bool) { p.stall.Store(on) }

// Drip sends answers one byte each d. Zero ends that.
func (p *Proxy) Drip(d time.Duration) { p.drip.Store(int64(d)) }

// Cut closes all connections, but lets new ones come.
func (p *Proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.open {
		_ = c.Close()
	}
}

// CutAfter closes all connections when n further bytes have passed, in whatever
// direction; later ones pass again.
func (p *Proxy) CutAfter(n int) { p.budget.Store(int64(n)) }

func (p *Proxy) accept() {
	defer p.wg.Done()
	for {
		client, err := p.l.Accept()
		if err != nil {
			return
		}
		p.Conns.Add(1)
		server, err := net.Dial("tcp", p.target)
		if err != nil {
			_ = client.Close()
			continue
		}
		var clientSpoke atomic.Bool
		p.wg.Add(2)
		p.keep(client, server)
		go p.pipe(server, client, func() {
			if !clientSpoke.Swap(true) {
				p.Trips.Add(1)
			}
		}, true)
		go p.pipe(client, server, func() { clientSpoke.Store(false) }, false)
	}
}

func (p *Proxy) keep(conns ...net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range conns {
		p.open[c] = true
	}
}

// pipe copies until one side ends, and then ends both.
func (p *Proxy) pipe(to, from net.Conn, spoke func(), up bool) {
	defer p.wg.Done()
	defer func() {
		_, _ = to.Close(), from.Close()
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(p.open, to)
		delete(p.open, from)
	}()
	buf := make([]byte, 32<<10)
	for first := true; ; first = false {
		n, err := from.Read(buf)
		if n > 0 {
			spoke()
			// A real network would have needed a round trip to connect.
			if d := p.trip.Load(); d > 0 && (!up || first) {
				time.Sleep(time.Duration(d))
			}
			for p.stall.Load() && !p.ended.Load() {
				time.Sleep(time.Millisecond)
			}
			if !p.send(to, buf[:n], up) {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

func (p *Proxy) send(to net.Conn, b []byte, up bool) bool {
	for len(b) > 0 {
		n := len(b)
		if d := p.drip.Load(); d > 0 && !up {
			time.Sleep(time.Duration(d))
			n = 1
		}
		if left := p.budget.Load(); left >= 0 {
			n = min(n, int(left))
			if left = p.budget.Add(-int64(n)); left <= 0 {
				_, _ = to.Write(b[:n])
				p.budget.Store(-1)
				p.Cut()
				return false
			}
		}
		if _, err := to.Write(b[:n]); err != nil {
			return false
		}
		b = b[n:]
	}
	return true
}
