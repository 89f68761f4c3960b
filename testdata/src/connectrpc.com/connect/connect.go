// Package connect stands in for connectrpc.com/connect.
package connect

type Request[T any] struct{ Msg *T }

type ServerStream[Res any] struct{}

func (s *ServerStream[Res]) Send(msg *Res) error { return nil }
