// Package miniredis is a stub: the signatures the tests need, and no bodies
// worth reading.
package miniredis

// Miniredis is a server for tests.
type Miniredis struct{}

// Tester is a testing.T.
type Tester interface {
	Fatalf(string, ...interface{})
	Cleanup(func())
	Logf(format string, args ...interface{})
}

func NewMiniRedis() *Miniredis { return &Miniredis{} }
func Run() (*Miniredis, error) { return &Miniredis{}, nil }

// RunT starts a server that the test stops.
func RunT(t Tester) *Miniredis { return &Miniredis{} }

func (m *Miniredis) Start() error             { return nil }
func (m *Miniredis) StartAddr(a string) error { return nil }
func (m *Miniredis) Addr() string             { return "" }
func (m *Miniredis) FlushAll()                {}
func (m *Miniredis) Close()                   {}
