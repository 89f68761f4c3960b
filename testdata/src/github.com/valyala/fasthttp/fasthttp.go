// Package fasthttp stands in for github.com/valyala/fasthttp.
package fasthttp

import "bufio"

type StreamWriter func(w *bufio.Writer)

type RequestCtx struct{}

func (ctx *RequestCtx) Done() <-chan struct{}               { return nil }
func (ctx *RequestCtx) SetBodyStreamWriter(sw StreamWriter) {}
