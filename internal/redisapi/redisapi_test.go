package redisapi

import "testing"

func TestBuiltinRowsParse(t *testing.T) {
	if _, err := Libraries(); err != nil {
		t.Fatal(err)
	}
}
