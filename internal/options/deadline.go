package options

// deadlines notes the commands whose deadline a client does not see.
func (e *engine) deadlines(sets []*Set) {}
