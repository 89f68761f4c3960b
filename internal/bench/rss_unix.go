//go:build unix

package main

import (
	"os"
	"runtime"
	"syscall"
)

// peak is the memory of the largest process among the finished one and those
// it waited for, in bytes.
func peak(p *os.ProcessState) int64 {
	usage, ok := p.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	if runtime.GOOS == "darwin" {
		return int64(usage.Maxrss)
	}
	return int64(usage.Maxrss) << 10
}
