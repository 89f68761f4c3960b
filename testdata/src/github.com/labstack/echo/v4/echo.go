// Package echo stands in for github.com/labstack/echo/v4.
package echo

import "net/http"

type Context interface {
	Request() *http.Request
	Response() *Response
	Param(name string) string
	JSON(code int, i any) error
	String(code int, s string) error
	NoContent(code int) error
}

type Response struct{ Writer http.ResponseWriter }

func (r *Response) WriteHeader(code int)        {}
func (r *Response) Write(b []byte) (int, error) { return 0, nil }
func (r *Response) Flush()                      {}

type HTTPError struct{ Code int }

func (e *HTTPError) Error() string { return "" }

func NewHTTPError(code int, message ...any) *HTTPError { return &HTTPError{code} }

type HandlerFunc func(c Context) error

type Echo struct{}

func New() *Echo { return &Echo{} }

func (e *Echo) GET(path string, h HandlerFunc)  {}
func (e *Echo) POST(path string, h HandlerFunc) {}
func (e *Echo) Start(addr string) error         { return nil }
