package lifetime

import (
	"go/ast"
	"strings"

	"github.com/redislint/redislint/internal/redisapi"
)

// Verb returns the participle for releasing the resource: "closed".
func (r *Resource) Verb() string {
	if r.Cleanup || r.Kind == redisapi.Dedicated && len(r.Release) == 0 {
		return "released"
	}
	if len(r.Release) > 0 {
		switch r.Release[0] {
		case "Close":
			return "closed"
		case "Stop":
			return "stopped"
		case "Shutdown":
			return "shut down"
		}
	}
	return "released"
}

// Closes is what somebody does who releases an object: "closes it", "shuts it
// down".
func (r *Resource) Closes(object string) string {
	switch r.Verb() {
	case "closed":
		return "closes " + object
	case "stopped":
		return "stops " + object
	case "shut down":
		return "shuts " + object + " down"
	}
	return "releases " + object
}

// ToClose is what to do with an object to release it: "close it", "shut it down".
func (r *Resource) ToClose(object string) string {
	switch r.Verb() {
	case "closed":
		return "close " + object
	case "stopped":
		return "stop " + object
	case "shut down":
		return "shut " + object + " down"
	}
	return "release " + object
}

// Subject names the resource in a message: by its variable, or by what opened
// it. The function writes an expression as source.
func (r *Resource) Subject(write func(ast.Expr) string) string {
	if r.Name != "" {
		return r.Name
	}
	if call, ok := r.Call.(*ast.CallExpr); ok {
		return write(call.Fun) + "(...)"
	}
	return r.What
}

// Keeper names where a neglected resource is kept: "Repo.rdb".
func (n *Neglect) Keeper() string {
	if n.Owner == "" {
		return "the variable " + n.Field
	}
	return n.Owner + "." + n.Field
}

// ReleaseCall is what to type to release the resource: "rdb.Close()".
func (r *Resource) ReleaseCall() string {
	name := r.Name
	if name == "" {
		name = "it"
	}
	if r.Cleanup {
		return name + "()"
	}
	if len(r.Release) > 0 {
		return name + "." + r.Release[0] + "()"
	}
	return name
}

// Heavy reports whether opening the resource means to connect: a client or a
// pool does, and a connection that is dialed, but not one that a pool lends.
func (r *Resource) Heavy() bool {
	switch r.Kind {
	case redisapi.Client, redisapi.Cluster, redisapi.Ring, redisapi.Sentinel, redisapi.Pool, redisapi.Worker, redisapi.Store:
		return true
	case redisapi.Conn:
		return !ast.IsExported(r.What) // "redis.Dial", not "Pool.Get"
	}
	return false
}

// OpenedBy is What as the reader sees it: the package by the name that the file
// gives it, and a method of an unexported type by the variable that it is called
// on. "redigo.Dial", "rdb.Monitor".
func (r *Resource) OpenedBy() string {
	what := r.What
	_, name, ok := strings.Cut(what, ".")
	call, isCall := r.Call.(*ast.CallExpr)
	if !ok || !isCall || ast.IsExported(what) {
		return what
	}
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != name {
		return what
	}
	if x, ok := sel.X.(*ast.Ident); ok {
		return x.Name + "." + name
	}
	return what
}
