//go:build unix && !aix && !solaris

package edit

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// locks tells whether this system has locks that end with their process.
const locks = true

// lock waits for an advisory lock of an open file, which the system gives up
// when the process ends. On a file system without locks it is not held: then
// only the comparison with the old content keeps processes apart.
func lock(f *os.File) (free func(), held bool) {
	fd := int(f.Fd())
	for {
		switch err := syscall.Flock(fd, syscall.LOCK_EX); {
		case errors.Is(err, syscall.EINTR):
		case err != nil:
			return func() {}, false
		default:
			return func() { _ = syscall.Flock(fd, syscall.LOCK_UN) }, true // closing would do as well
		}
	}
}

// links is how many names a file has.
func links(info fs.FileInfo) uint64 {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return uint64(s.Nlink)
	}
	return 1
}

// keepOwner gives a new file the owner and the group of an old one.
func keepOwner(temp *os.File, old fs.FileInfo) error {
	was, ok := old.Sys().(*syscall.Stat_t)
	if !ok {
		return nil
	}
	info, err := temp.Stat()
	if err != nil {
		return err
	}
	if is, ok := info.Sys().(*syscall.Stat_t); ok && is.Uid == was.Uid && is.Gid == was.Gid {
		return nil
	}
	if err := temp.Chown(int(was.Uid), int(was.Gid)); err != nil {
		return errors.New("it belongs to somebody else and would change its owner")
	}
	return nil
}
