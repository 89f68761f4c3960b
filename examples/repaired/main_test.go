package main

import (
	"context"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/aws/aws-lambda-go/events"
)

// After each request, whatever its answer, no connection is left.
func TestHandleLeavesNoConnection(t *testing.T) {
	server := miniredis.RunT(t)
	server.Set("session:1", "anna")
	server.Set("stock:cup", "1")
	t.Setenv("REDIS_ADDR", server.Addr())

	for _, step := range []struct {
		name, session string
		status        int
	}{
		{"a stranger", "2", 401},
		{"the last cup", "1", 200},
		{"no cup", "1", 409},
	} {
		resp, err := handle(context.Background(), events.APIGatewayProxyRequest{
			Headers:        map[string]string{"X-Session": step.session},
			PathParameters: map[string]string{"item": "cup"},
		})
		if err != nil || resp.StatusCode != step.status {
			t.Fatalf("%s: status %d, error %v, want %d", step.name, resp.StatusCode, err, step.status)
		}
		// The server sees the end of a connection a moment later.
		deadline := time.Now().Add(5 * time.Second)
		for server.CurrentConnectionCount() > 0 {
			if time.Now().After(deadline) {
				t.Fatalf("%s: %d connections left", step.name, server.CurrentConnectionCount())
			}
			time.Sleep(time.Millisecond)
		}
	}
}
