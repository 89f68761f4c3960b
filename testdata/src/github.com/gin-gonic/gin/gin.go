// Package gin stands in for github.com/gin-gonic/gin.
package gin

import (
	"net/http"
	"time"
)

type H map[string]any

type Context struct {
	Request *http.Request
	Writer  http.ResponseWriter
}

func (c *Context) Param(key string) string                       { return "" }
func (c *Context) Query(key string) string                       { return "" }
func (c *Context) JSON(code int, obj any)                        {}
func (c *Context) IndentedJSON(code int, obj any)                {}
func (c *Context) String(code int, format string, values ...any) {}
func (c *Context) Status(code int)                               {}
func (c *Context) Abort()                                        {}
func (c *Context) AbortWithStatus(code int)                      {}
func (c *Context) AbortWithStatusJSON(code int, jsonObj any)     {}
func (c *Context) AbortWithError(code int, err error) error      { return err }
func (c *Context) Next()                                         {}
func (c *Context) Set(key string, value any)                     {}
func (c *Context) Stream(step func(w http.ResponseWriter) bool) bool {
	return step(c.Writer)
}

// Value and the others make a Context a context.Context.
func (c *Context) Value(key any) any           { return nil }
func (c *Context) Done() <-chan struct{}       { return nil }
func (c *Context) Err() error                  { return nil }
func (c *Context) Deadline() (time.Time, bool) { return time.Time{}, false }

type HandlerFunc func(*Context)

type Engine struct{}

func Default() *Engine { return &Engine{} }

func (e *Engine) GET(path string, handlers ...HandlerFunc)  {}
func (e *Engine) POST(path string, handlers ...HandlerFunc) {}
func (e *Engine) Use(handlers ...HandlerFunc)               {}
func (e *Engine) Run(addr ...string) error                  { return nil }
