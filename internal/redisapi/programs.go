package redisapi

// A Start is a function or method with which a program begins what it is there
// for.
type Start struct {
	Recv, Name string // the type that declares the method, or ""
	Serverless bool   // it hands a handler to a serverless platform; otherwise it serves until it is stopped
}

// Starts lists what the functions and methods of a package start, in the order
// of the rows. It needs no types, so that it can be asked of syntax.
func (t *Table) Starts(path string) []Start {
	path = unvendored(path)
	var list []Start
	add := func(idx *index) {
		for _, r := range idx.starts[path] {
			list = append(list, Start{r.Recv, r.Name, r.Word == "entry"})
		}
	}
	add(t.user)
	if f := t.builtin[path]; f != nil {
		add(f.index())
	}
	add(t.std.index())
	for _, f := range t.general {
		add(f.index())
	}
	return list
}
