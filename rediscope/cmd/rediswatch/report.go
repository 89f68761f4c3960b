package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/redislint/redislint/rediscope/internal/clientlist"
)

// A report is what one look has seen, ready to be shown. Ages are in whole
// seconds.
type report struct {
	Time        time.Time    `json:"time"`
	Connections int          `json:"connections"`
	Growth      int          `json:"growth"` // since the first look
	Names       []group      `json:"names"`  // the most connections first
	Suspects    []connection `json:"suspects"`
	Servers     []node       `json:"servers"`
	Exceeded    []string     `json:"exceeded"` // what is above a limit
}

// A group is the connections of one name.
type group struct {
	Name        string  `json:"name"`
	Connections int     `json:"connections"`
	Growth      int     `json:"growth"`
	Oldest      seconds `json:"oldest_seconds"`
	Idle        seconds `json:"idle_seconds"` // the longest
	Suspects    int     `json:"suspects"`
}

type connection struct {
	Name    string  `json:"name"`
	Addr    string  `json:"addr"`
	User    string  `json:"user,omitempty"`
	Age     seconds `json:"age_seconds"`
	Idle    seconds `json:"idle_seconds"`
	Command string  `json:"command"`
	Server  string  `json:"server"`
}

type node struct {
	Addr        string `json:"addr"`
	Connections int    `json:"connections"`
	Growth      int    `json:"growth"`
	Error       string `json:"error,omitempty"`
}

type seconds int

func of(d time.Duration) seconds { return seconds(d / time.Second) }

func (s seconds) String() string { return (time.Duration(s) * time.Second).String() }

// A history knows how many connections each server had at the first look that
// it answered, by name.
type history map[string]map[string]int

// report sums up the answers of a look.
func (s *settings) report(now time.Time, answers []answer, h history) report {
	// Empty lists are lists in JSON.
	r := report{Time: now, Names: []group{}, Suspects: []connection{}, Servers: []node{}, Exceeded: []string{}}
	groups := map[string]*group{}
	at := func(name string) *group {
		if groups[name] == nil {
			groups[name] = &group{Name: name}
		}
		return groups[name]
	}
	for _, a := range answers {
		n := node{Addr: a.addr, Connections: len(a.clients)}
		if a.err != nil {
			n.Error = a.err.Error()
			r.Servers = append(r.Servers, n)
			continue
		}
		if h[a.addr] == nil {
			h[a.addr] = map[string]int{}
			for _, c := range a.clients {
				h[a.addr][c.Name]++
			}
		}
		for name, before := range h[a.addr] {
			at(name).Growth -= before
			n.Growth -= before
		}
		n.Growth += n.Connections
		r.Servers = append(r.Servers, n)
		r.Connections += n.Connections
		r.Growth += n.Growth
		for _, c := range a.clients {
			g := at(c.Name)
			g.Connections++
			g.Growth++
			g.Oldest = max(g.Oldest, of(c.Age))
			if !c.Waits() {
				g.Idle = max(g.Idle, of(c.Idle))
			}
			if s.suspect(c) {
				g.Suspects++
				r.Suspects = append(r.Suspects, connection{c.Name, c.Addr, c.User, of(c.Age), of(c.Idle), c.Cmd, a.addr})
			}
		}
		r.Exceeded = append(r.Exceeded, s.exceeded(a)...)
	}
	for _, g := range groups {
		r.Names = append(r.Names, *g)
	}
	slices.SortFunc(r.Names, func(a, b group) int {
		return cmp.Or(cmp.Compare(b.Connections, a.Connections), strings.Compare(a.Name, b.Name))
	})
	slices.SortStableFunc(r.Suspects, func(a, b connection) int { return cmp.Compare(b.Idle, a.Idle) })
	return r
}

// suspect tells whether a connection is old and idle for no good reason.
func (s *settings) suspect(c clientlist.Client) bool {
	return c.Age >= s.old && c.Idle >= s.idle && !c.Waits()
}

// exceeded says which limits a server exceeds.
func (s *settings) exceeded(a answer) []string {
	var list []string
	if n := len(a.clients); s.max > 0 && n > s.max {
		list = append(list, fmt.Sprintf("%s has %d connections, more than %d", a.addr, n, s.max))
	}
	if s.maxAge == 0 {
		return list
	}
	var oldest clientlist.Client
	n := 0
	for _, c := range a.clients {
		if c.Age > s.maxAge {
			n++
			if c.Age > oldest.Age {
				oldest = c
			}
		}
	}
	if n > 0 {
		list = append(list, fmt.Sprintf("%s has %d connections older than %v, the oldest is %s from %s with %v",
			a.addr, n, s.maxAge, called(oldest.Name), oldest.Addr, oldest.Age))
	}
	return list
}

// called is how a name is shown.
func called(name string) string { return cmp.Or(name, "(unnamed)") }
