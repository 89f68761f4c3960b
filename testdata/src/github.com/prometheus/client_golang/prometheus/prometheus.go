// Package prometheus stands in for
// github.com/prometheus/client_golang/prometheus.
package prometheus

type Collector interface{ Collect() }

type Registerer interface {
	Unregister(Collector) bool
	Register(Collector) error
	MustRegister(...Collector)
}

var DefaultRegisterer Registerer

func Register(c Collector) error   { return nil }
func MustRegister(cs ...Collector) {}
func Unregister(c Collector) bool  { return false }

func WrapRegistererWith(labels map[string]string, reg Registerer) Registerer { return reg }

// A Registry holds collectors.
type Registry struct{ cs []Collector }

// NewRegistry makes one.
func NewRegistry() *Registry { return &Registry{} }

func (r *Registry) Register(c Collector) error   { return nil }
func (r *Registry) MustRegister(cs ...Collector) {}
func (r *Registry) Unregister(c Collector) bool  { return false }
