package driver

import (
	"io"
	"os"
	"strconv"
)

// columns is how many columns the terminal has that is written to: what the
// variable COLUMNS says, or what the terminal does. It is 0 where there is
// none, or none that says so, and then nothing is made to fit.
func columns(w io.Writer) int {
	if n, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && n > 0 {
		return n
	}
	if !isTerminal(w) {
		return 0
	}
	return windowColumns(w.(*os.File))
}
