package driver

import "sync"

// slots lets a number of goroutines work at a time. Of those that wait the
// last to come is the first to go. A goroutine that loads a package starts
// others for its imports, so the last to come is the deepest in the import
// graph: the graph is done from the bottom up, one branch after the other, and
// few packages are begun and wait for others.
type slots struct {
	mu      sync.Mutex
	free    int
	waiting []chan struct{}
}

func newSlots(n int) *slots { return &slots{free: n} }

func (s *slots) take() {
	s.mu.Lock()
	if s.free > 0 {
		s.free--
		s.mu.Unlock()
		return
	}
	turn := make(chan struct{})
	s.waiting = append(s.waiting, turn)
	s.mu.Unlock()
	<-turn
}

// release hands the slot on.
func (s *slots) release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	last := len(s.waiting) - 1
	if last < 0 {
		s.free++
		return
	}
	close(s.waiting[last])
	s.waiting = s.waiting[:last]
}
