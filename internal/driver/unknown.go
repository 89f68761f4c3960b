package driver

import (
	"maps"
	"slices"
)

// unknownClients lists the packages that look like a Redis client's, that a
// package asked for imports, and that no row is about. Packages of the user's
// own modules are not among them, nor those that build on a library that is
// known: their code is read.
func (c *call) unknownClients(nodes []*node) []string {
	if c.tool.Looks == nil {
		return nil
	}
	markReaching(nodes, c.covers)
	found := map[string]bool{}
	for _, n := range nodes {
		if !n.root {
			continue
		}
		for _, imp := range n.imports {
			own := imp.Module == nil || imp.Module.Main
			if !own && !imp.reaches && !c.covers(imp.PkgPath) && c.tool.Looks(imp.PkgPath) {
				found[imp.PkgPath] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// markReaching marks the packages that have a covered library among their
// dependencies.
func markReaching(nodes []*node, covers func(string) bool) {
	mark := make(map[*node]bool)
	var reach func(n *node) bool
	reach = func(n *node) bool {
		if !mark[n] {
			mark[n] = true
			for _, imp := range n.imports {
				n.reaches = reach(imp) || covers(imp.PkgPath) || n.reaches
			}
		}
		return n.reaches
	}
	for _, n := range nodes {
		reach(n)
	}
}
