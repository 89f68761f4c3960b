// Package grpc stands in for google.golang.org/grpc.
package grpc

import "context"

type ServerStream interface {
	Context() context.Context
	SendMsg(m any) error
	RecvMsg(m any) error
}

type ServerStreamingServer[Res any] interface {
	Send(*Res) error
	ServerStream
}

type CallOption interface{ call() }
