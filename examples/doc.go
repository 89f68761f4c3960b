// Package examples holds programs to try redislint on: leaky makes each mistake
// once, repaired is its silent twin. The others, sse and queue, are built on
// rediscope.
package examples
