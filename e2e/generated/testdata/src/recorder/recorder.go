// Package recorder runs a function over all its decisions and records which
// resources it leaves open.
//
// The stub libraries report every opening and closing here, and every opaque
// decision of the program is taken here. One run has one vector of decisions;
// Explore enumerates the vectors depth first. Programs run one at a time and
// their goroutines run to their end where they are started, so the package
// keeps its state in one variable.
package recorder

import (
	"context"
	"fmt"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"time"
)

// Limits of the exploration. A run that takes more than maxDepth decisions
// gets false from then on. One whose loops go round more than maxSteps times
// is dropped: a loop that never ends leaks nothing.
const (
	maxDepth  = 60
	maxSteps  = 400
	maxRuns   = 5000
	maxTime   = 20 * time.Second // of all runs of a function
	maxRun    = 30 * time.Second // of one run, which is stuck then
	maxRounds = 2                // how often one d.More lets its loop go round
)

// failure is the error of an operation that was decided to fail. Whether it is
// some other error is decided when errors.Is asks.
type failure struct{}

func (failure) Error() string { return "decided to fail" }

func (failure) Is(error) bool { return decide(2) == 1 }

// Site is a line of the generated program that acquires a resource.
type Site struct {
	File string `json:"file"`
	Line int    `json:"line"`
}

// Outcome says what happened to the resources of one site over all runs.
type Outcome struct {
	Site
	Leak   bool   `json:"leak"`
	Vector string `json:"vector,omitempty"` // decisions of the first run that leaks
	Doubt  bool   `json:"doubt,omitempty"`  // some run ended the process with several of them open
}

// Result is what Explore found out about one function.
type Result struct {
	Name      string    `json:"name"`
	Runs      int       `json:"runs"`
	Aborted   int       `json:"aborted"`             // runs that ended the process or never ended
	Truncated bool      `json:"truncated,omitempty"` // more vectors than maxRuns, or than maxTime is enough for
	Panic     string    `json:"panic,omitempty"`     // message of the first panic
	Outcomes  []Outcome `json:"outcomes"`
	Entered   []Site    `json:"entered"` // where the functions begin that some run calls
}

// Handle is one opened resource.
type Handle struct {
	open  bool
	moved bool
	frame *Frame
	site  Site
}

// Frame is one call of a function of the program.
type Frame struct{ parent *Frame }

type run struct {
	root     string // the directory of the program
	choices  []int  // the vector: what each decision gave
	arity    []int
	steps    int // decisions taken
	rounded  int // rounds of loops
	rounds   map[uintptr]int
	handles  []*Handle
	top      *Frame
	seen     []Site
	leaks    []Site
	doubts   []Site
	aborted  bool
	panicked string
	reached  map[*Handle]bool // not nil while results are examined
}

var (
	cur     = &run{}
	entered map[Site]bool           // of the function that is explored
	lines   = map[uintptr][]frame{} // what is known of program counters
)

// frame is a place in the source. One that is no part of the program has no
// site.
type frame struct {
	site    Site
	program bool
}

// Explore calls f with every vector of decisions.
func Explore(root, name string, f func(d *Decider)) (res Result) {
	res.Name = name
	index := map[Site]int{}
	note := func(s Site) *Outcome {
		i, ok := index[s]
		if !ok {
			i = len(res.Outcomes)
			index[s] = i
			res.Outcomes = append(res.Outcomes, Outcome{Site: s})
		}
		return &res.Outcomes[i]
	}
	entered = map[Site]bool{}
	defer func() {
		for s := range entered {
			res.Entered = append(res.Entered, s)
		}
	}()
	start := time.Now()
	deadline := time.NewTimer(maxRun)
	defer deadline.Stop()
	var choices, arity []int
	for {
		if res.Runs >= maxRuns || time.Since(start) > maxTime {
			res.Truncated = true
			return res
		}
		res.Runs++
		cur = &run{root: root, choices: choices, arity: arity, rounds: map[uintptr]int{}}
		deadline.Reset(maxRun)
		done := make(chan struct{})
		go func() {
			defer close(done)
			defer func() {
				if r := recover(); r != nil && cur.panicked == "" {
					cur.panicked = fmt.Sprint(r)
				}
			}()
			f(&Decider{})
		}()
		select {
		case <-done:
		case <-deadline.C:
			res.Panic = "does not end"
			return res
		}
		switch {
		case cur.panicked != "":
			if res.Panic == "" {
				res.Panic = cur.panicked
			}
		default:
			// When the process ends, the calls that have ended before have
			// still leaked what they have leaked.
			if cur.aborted {
				res.Aborted++
			}
			for _, s := range cur.seen {
				note(s)
			}
			for _, s := range cur.leaks {
				o := note(s)
				if !o.Leak {
					o.Leak = true
					o.Vector = fmt.Sprint(cur.choices[:min(cur.steps, len(cur.choices))])
				}
			}
			for _, s := range cur.doubts {
				note(s).Doubt = true
			}
		}
		choices, arity = cur.choices, cur.arity
		for len(choices) > 0 && choices[len(choices)-1]+1 >= arity[len(arity)-1] {
			choices, arity = choices[:len(choices)-1], arity[:len(arity)-1]
		}
		if len(choices) == 0 {
			return res
		}
		choices[len(choices)-1]++
	}
}

// decide takes the next decision, one of n.
func decide(n int) int {
	if cur.reached != nil {
		return 0
	}
	if cur.aborted {
		runtime.Goexit()
	}
	i := cur.steps
	cur.steps++
	if i >= maxDepth {
		return 0
	}
	if i == len(cur.choices) {
		cur.choices = append(cur.choices, 0)
		cur.arity = append(cur.arity, n)
	}
	return cur.choices[i]
}

// Step counts the rounds of loops, some of which never end.
func Step() {
	cur.rounded++
	if cur.rounded > maxSteps {
		abort()
	}
}

func abort() {
	cur.aborted = true
	runtime.Goexit()
}

// Decider takes the decisions of a program.
type Decider struct{}

// B decides a condition.
func (*Decider) B() bool { return decide(2) == 1 }

// N decides a number below three.
func (*Decider) N() int { return decide(3) }

// Err decides whether some work fails.
func (*Decider) Err() error { return Fail() }

// More decides whether a loop goes round again, at most maxRounds times.
func (*Decider) More() bool {
	var pcs [1]uintptr
	runtime.Callers(2, pcs[:])
	if cur.rounds[pcs[0]] >= maxRounds {
		return false
	}
	if decide(2) == 0 {
		return false
	}
	cur.rounds[pcs[0]]++
	return true
}

// Take takes over whatever it is given.
func (*Decider) Take(v any) { MovedAll(v) }

// OnExit takes over what f releases.
func (*Decider) OnExit(f func()) { MovedAll(f) }

// Fail decides whether an operation fails.
func Fail() error {
	if decide(2) == 1 {
		return failure{}
	}
	return nil
}

// MayFail decides whether a release whose error is looked at fails.
func MayFail(err error) error {
	if err != nil {
		return err
	}
	return Fail()
}

// Fatal ends the run as log.Fatal and os.Exit end the process.
func Fatal(...any) { exit() }

// Fatalf is Fatal with a format.
func Fatalf(string, ...any) { exit() }

// Exit ends the run as os.Exit ends the process.
func Exit(int) { exit() }

// exit ends the run. What is open then is no leak, unless the call had lost it
// before: when the variable that held it was given the next one. Of several
// that one call has opened at one place nobody sees here whether something
// still holds all of them.
func exit() {
	if cur.reached == nil && !cur.aborted {
		type place struct {
			frame *Frame
			site  Site
		}
		open := map[place]int{}
		for _, h := range cur.handles {
			if !h.open || h.moved {
				continue
			}
			p := place{h.frame, h.site}
			open[p]++
			if open[p] == 2 {
				cur.doubts = append(cur.doubts, h.site)
			}
		}
	}
	abort()
}

// Go runs f as a goroutine and waits for it.
func Go(f func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			if r := recover(); r != nil && cur.panicked == "" {
				cur.panicked = fmt.Sprint(r)
				cur.aborted = true
			}
		}()
		f()
	}()
	select {
	case <-done:
	case <-time.After(5 * time.Second):
		cur.panicked = "goroutine does not end"
		cur.aborted = true
	}
	if cur.aborted {
		runtime.Goexit()
	}
}

// Open records that a resource was opened by the line of the program that
// called into the library.
func Open() *Handle {
	h := &Handle{open: true, frame: cur.top, site: caller(0)}
	if cur.reached != nil || cur.top == nil {
		return h // nobody's business
	}
	cur.handles = append(cur.handles, h)
	cur.seen = append(cur.seen, h.site)
	return h
}

// Close records that a resource was closed.
func Close(h *Handle) {
	switch {
	case h == nil:
	case cur.reached != nil:
		cur.reached[h] = true
	default:
		h.open = false
	}
}

// Moved records that the current function has stored v out of its reach.
func Moved(v any) {
	for h := range reach(v, false) {
		if h.frame == cur.top {
			h.moved = true
		}
	}
}

// MovedAll records that v was stored where everybody can reach it.
func MovedAll(v any) {
	for h := range reach(v, false) {
		h.moved = true
	}
}

// Enter begins a call of the function of the program at a line of a file.
func Enter(file string, line int) *Frame {
	if cur.reached != nil {
		return nil
	}
	entered[Site{file, line}] = true
	cur.top = &Frame{parent: cur.top}
	return cur.top
}

// Leave ends a call. What the function opened and did not release has leaked,
// unless the results reach it: then the caller's line has acquired it.
func Leave(f *Frame, results func() []any) {
	if f == nil || cur.reached != nil {
		return
	}
	cur.top = f.parent
	if cur.aborted {
		return
	}
	var reached map[*Handle]bool
	var at Site
	for _, h := range cur.handles {
		if h.frame != f || !h.open || h.moved {
			continue
		}
		if reached == nil {
			reached = map[*Handle]bool{}
			for _, v := range results() {
				for h := range reach(v, true) {
					reached[h] = true
				}
			}
			at = caller(1)
		}
		if !reached[h] {
			cur.leaks = append(cur.leaks, h.site)
			h.moved = true // told once
			continue
		}
		h.frame = f.parent
		if f.parent != nil {
			h.site = at
			cur.seen = append(cur.seen, at)
		}
	}
}

// caller returns the line of the program's frame number skip, counted from the
// innermost one.
func caller(skip int) Site {
	var pcs [64]uintptr
	for _, pc := range pcs[:runtime.Callers(2, pcs[:])] {
		for _, f := range framesAt(pc) {
			if !f.program {
				continue
			}
			if skip == 0 {
				return f.site
			}
			skip--
		}
	}
	return Site{}
}

func framesAt(pc uintptr) []frame {
	if known, ok := lines[pc]; ok {
		return known
	}
	var out []frame
	frames := runtime.CallersFrames([]uintptr{pc})
	for {
		fr, more := frames.Next()
		rel, ok := strings.CutPrefix(fr.File, cur.root)
		out = append(out, frame{Site{filepath.ToSlash(rel), fr.Line}, ok})
		if !more {
			break
		}
	}
	lines[pc] = out
	return out
}

// reach returns the handles that whoever has v can release. Values with a
// releasing method of the program are asked what it releases; when owner is
// false everything that v refers to counts.
func reach(v any, owner bool) map[*Handle]bool {
	outer := cur.reached
	cur.reached = map[*Handle]bool{}
	defer func() { cur.reached = outer }()
	if v != nil {
		walk(reflect.ValueOf(v), owner, map[any]bool{})
	}
	return cur.reached
}

// releasers are the names of the methods that release a type of the program.
var releasers = []string{"Close", "Stop", "Shutdown", "Release"}

var handleType = reflect.TypeFor[*Handle]()

func walk(v reflect.Value, owner bool, seen map[any]bool) {
	if !v.IsValid() {
		return
	}
	if v.Type() == handleType {
		if !v.IsNil() {
			cur.reached[(*Handle)(v.UnsafePointer())] = true
		}
		return
	}
	if owner && v.CanInterface() && ask(v) {
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() || seen[v.Pointer()] {
			return
		}
		seen[v.Pointer()] = true
		walk(v.Elem(), owner, seen)
	case reflect.Interface:
		walk(v.Elem(), owner, seen)
	case reflect.Struct:
		for i := range v.NumField() {
			walk(v.Field(i), owner, seen)
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			walk(v.Index(i), owner, seen)
		}
	case reflect.Map:
		for it := v.MapRange(); it.Next(); {
			walk(it.Value(), owner, seen)
		}
	case reflect.Func:
		if !v.IsNil() && v.CanInterface() && v.Type().NumIn() == 0 {
			v.Call(nil)
		}
	}
}

// ask calls the releasing method of a type of the program. The value is put
// back as it was.
func ask(v reflect.Value) bool {
	t := v.Type()
	if t.Kind() == reflect.Interface {
		if v.IsNil() {
			return true
		}
		return ask(v.Elem())
	}
	if t.Kind() != reflect.Pointer || v.IsNil() || !strings.HasPrefix(t.Elem().PkgPath(), "generated.test/") {
		return false
	}
	for _, name := range releasers {
		m := v.MethodByName(name)
		if !m.IsValid() || m.Type().NumIn() != 0 {
			continue
		}
		saved := reflect.New(t.Elem())
		saved.Elem().Set(v.Elem())
		m.Call(nil)
		v.Elem().Set(saved.Elem())
		return true
	}
	return false
}

// Program is one function with its arguments' makers by type.
type Program struct {
	Name string
	Func any
}

// Call calls the program's function with arguments of the types it asks for.
func (p Program) Call(d *Decider, args map[reflect.Type]any) {
	f := reflect.ValueOf(p.Func)
	in := make([]reflect.Value, f.Type().NumIn())
	for i := range in {
		t := f.Type().In(i)
		switch {
		case t == reflect.TypeFor[context.Context]():
			in[i] = reflect.ValueOf(context.Background())
		case t.Kind() == reflect.Interface && reflect.TypeOf(d).Implements(t):
			in[i] = reflect.ValueOf(d)
		default:
			a, ok := args[t]
			switch {
			case decided(t):
				in[i] = value(t)
			case ok:
				in[i] = reflect.ValueOf(a)
			case t.Kind() == reflect.Pointer:
				in[i] = reflect.New(t.Elem())
			default:
				in[i] = reflect.Zero(t)
			}
		}
	}
	f.Call(in)
}

// decided says whether an argument of a type is a matter of decisions.
func decided(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Bool, reflect.Int, reflect.String:
		return true
	case reflect.Slice:
		return t.Elem().Kind() == reflect.String
	case reflect.Struct:
		return strings.HasPrefix(t.PkgPath(), "generated.test/")
	}
	return false
}

// words are the strings that are tried. Programs compare with them.
var words = []string{"", "v4", "api4"}

// value decides an argument. Programs ask of a number whether it is above 0 or
// above 3, and of a length whether it is above 0 or above 1.
func value(t reflect.Type) reflect.Value {
	v := reflect.New(t).Elem()
	switch t.Kind() {
	case reflect.Bool:
		v.SetBool(decide(2) == 1)
	case reflect.Int:
		v.SetInt([]int64{0, 1, 4}[decide(3)])
	case reflect.String:
		v.SetString(words[decide(len(words))])
	case reflect.Slice:
		v.Set(reflect.ValueOf(words[:decide(3)]))
	case reflect.Struct:
		for i := range v.NumField() {
			v.Field(i).Set(value(t.Field(i).Type))
		}
	}
	return v
}
