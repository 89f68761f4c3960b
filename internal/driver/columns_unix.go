//go:build unix

package driver

import (
	"os"

	"golang.org/x/sys/unix"
)

func windowColumns(f *os.File) int {
	size, err := unix.IoctlGetWinsize(int(f.Fd()), unix.TIOCGWINSZ)
	if err != nil {
		return 0
	}
	return int(size.Col)
}
