// Package unclosed
//
// # Analyzer unclosed
//
// unclosed: x
package unclosed
