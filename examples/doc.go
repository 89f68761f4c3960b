// Package examples holds two programs to try redislint on: leaky makes each
// mistake once, repaired is its silent twin.
package examples
