// Package rediscope runs a function with a Redis client that is opened for it
// and closed after it, whatever the function does.
package rediscope
