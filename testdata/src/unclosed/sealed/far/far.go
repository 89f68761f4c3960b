// Package far closes what another package can close.
package far

import "unclosed/sealed/store"

// Close closes a store.
func Close(s store.Store) { _ = store.Close(s) }

// Log does not.
func Log(s store.Store) { println(s != nil) }
