// Package fiber stands in for github.com/gofiber/fiber/v2.
package fiber

import (
	"context"

	"github.com/valyala/fasthttp"
)

type Ctx struct{}

func (c *Ctx) Context() *fasthttp.RequestCtx { return nil }
func (c *Ctx) UserContext() context.Context  { return nil }
func (c *Ctx) SendString(body string) error  { return nil }
