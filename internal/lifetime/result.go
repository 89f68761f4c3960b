package lifetime

import (
	"go/ast"
	"go/token"
	"sync"

	"github.com/redislint/redislint/internal/lifetime/facts"
	"github.com/redislint/redislint/internal/program"
	"github.com/redislint/redislint/internal/redisapi"
	"golang.org/x/tools/go/ssa"
)

// Result is what is known of the resources of one package.
type Result struct {
	Resources []*Resource // in source order
	prog      *program.Program
	engine    *engine

	// Some drivers run the rules of a package at the same time. The engine
	// learns while it is asked, so one question follows the other.
	mu sync.Mutex
}

// A Resource is one acquisition and its life.
type Resource struct {
	Call    ast.Node      // the acquiring call or literal
	Name    string        // the variable it is bound to, or "" if none
	What    string        // what opened it: "redis.NewClient"
	Kind    redisapi.Kind //
	Release []string      // methods that release it, the usual one first
	Cleanup bool          // it is released by calling a func that the same call returned
	Func    *ssa.Function
	Instr   ssa.Instruction

	Leaks       []Leak         // exits reached with it open, first one first
	Never       bool           // nothing ever releases it
	Neglect     *Neglect       // handed to a type that forgets it, on the paths that do not leave it open
	Overwritten token.Pos      // an assignment to its variable while nothing had released it
	Undeferred  *Undeferred    // released on every path, but by a plain call behind one that can panic
	Bracketed   bool           // released on every path of the function that opens it, even if that panics
	Moved       []facts.Reason // why some path stopped owning it
	Late        []LateUse      // uses after its release
	Early       []EarlyRelease // deferred releases of what leaves the function

	site *site
	root *ssa.Function // the function that it is judged in: Func, or one around it
}

// A Leak is a path that ends with the resource open.
type Leak struct {
	Exit      token.Pos   // the return, or the acquisition reached again in a loop
	Again     bool        // it is lost when the acquisition is reached again
	WithError bool        // it is returned beside an error, which is all that a caller looks at
	Path      []Condition // the conditions taken since it was opened
}

// A Condition is one that a path took.
type Condition struct {
	Pos   token.Pos
	Taken bool
}

// An Undeferred is a release that a panic would skip.
type Undeferred struct {
	Release token.Pos // the plain call
	Call    string    // as the source writes it: "owner.Close()"
	Risk    token.Pos // a call before it that can panic
}

// A Neglect is a resource that was handed to a type of the package which never
// releases it, and from which nobody else can get it.
type Neglect struct {
	Owner  string    // the type; "" if it is a variable that funcs share
	Field  string    // where it keeps the resource
	Method string    // the method that forgets it, or ""
	Pos    token.Pos // that method
	Partly bool      // it releases this one too, but not on every path
	Maker  string    // the constructor that opened it, before Method opens another over it; or ""
}

// A LateUse is a call on a resource that was released before.
type LateUse struct {
	Pos     token.Pos // the call
	Release token.Pos // what released it
}

// A Leaving is a way in which a resource outlives the function that releases it.
type Leaving uint8

// The ways.
const (
	Returned Leaving = iota // a result is it, a handle on it, or a func that uses it
	Stored                  // it stays in a variable or a field that others read
	Started                 // a goroutine uses it
)

// An EarlyRelease is a deferred release of what leaves the function.
type EarlyRelease struct {
	Defer *ast.DeferStmt
	How   Leaving
	At    token.Pos // where it leaves: the return, the defer statement if it is stored, the go statement
	Start *ssa.Go   // of a goroutine: whether anything waits for it is not known here
}

// ask is the only way to ask the engine anything once it has run. Some drivers
// run the rules of a package at the same time, and the engine learns while it is
// asked, so one question follows the other: a question may not ask another. Of a
// package that has nothing to do with Redis the answer is the zero value.
func ask[A any](r *Result, question func(e *engine) A) (answer A) {
	if r.engine == nil {
		return answer
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return question(r.engine)
}
