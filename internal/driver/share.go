package driver

import "slices"

// share gives a loader the declarations that another one has read, where these
// are the same: of packages of a release of Go or of a module at a version, as
// far as they depend on nothing else. The other one has ended.
func (l *loader) share(other *loader) {
	if l.target != other.target {
		return
	}
	l.fset = other.fset
	shared := make(map[*node]bool)
	var share func(n *node) bool
	share = func(n *node) bool {
		if ok, seen := shared[n]; seen {
			return ok
		}
		twin := other.byID[n.ID]
		ok := twin != nil && !twin.used && (!n.reaches || !n.root && l.covers(n.PkgPath)) && other.stands(twin) && l.stands(n) &&
			twin.goVersion() == n.goVersion() && slices.Equal(twin.GoFiles, n.GoFiles) && len(twin.Errors)+len(n.Errors) == 0
		for _, d := range n.deps {
			// Nothing refers to what was not loaded.
			if t := other.byID[d.node.ID]; !share(d.node) && (t == nil || t.types != nil) {
				ok = false
			}
		}
		if shared[n] = ok; ok {
			n.types = twin.types
		}
		return ok
	}
	for _, n := range l.byID {
		share(n)
	}
}
