//go:build linux || darwin || freebsd || netbsd

package main

import (
	"os"
	"syscall"
	"unsafe"
)

// size is the number of lines of a terminal, and false for what is none.
func size(f *os.File) (rows int, ok bool) {
	var window struct{ rows, columns, x, y uint16 }
	_, _, errno := syscall.Syscall(syscall.SYS_IOCTL, f.Fd(), syscall.TIOCGWINSZ, uintptr(unsafe.Pointer(&window)))
	return int(window.rows), errno == 0
}
