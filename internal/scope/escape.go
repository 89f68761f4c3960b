package scope

func (o *origins) escapes(src *source) []Escape { return nil }
