package edit

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Replace gives a file a new content. At every moment the name stands for the
// whole old file or for the whole new one, whatever ends the process.
//
// The file must have the old content. It keeps its permissions and its owner,
// and a symbolic link to it stays one. A file that is read-only, that has
// other hard links, or whose owner cannot be kept, is not replaced.
func Replace(name string, before, after []byte) error {
	file, err := filepath.EvalSymlinks(name)
	if err != nil {
		return err
	}
	l, err := openLocked(file)
	if err != nil {
		return err
	}
	defer l.release()
	if now, err := io.ReadAll(l.file); err != nil {
		return cause(err)
	} else if !bytes.Equal(now, before) {
		return ErrChanged
	}
	return l.replace(after)
}

// ErrChanged says that a file is not what it was when it was read.
var ErrChanged = errors.New("it has changed meanwhile")

// locked is an old file that is about to be replaced.
type locked struct {
	name string
	file *os.File
	info fs.FileInfo
	held bool   // no other process is replacing it
	free func() // gives up the lock
}

// openLocked opens a file for reading and writing, so that it is known to be
// writable, and locks out other processes that are about to replace it. Where
// one has done so between opening and locking, it opens the new file.
func openLocked(name string) (*locked, error) {
	for {
		f, err := os.OpenFile(name, os.O_RDWR, 0)
		if errors.Is(err, fs.ErrPermission) {
			return nil, errors.New("it is read-only")
		}
		if err != nil {
			return nil, cause(err)
		}
		l := &locked{name: name, file: f}
		l.free, l.held = lock(f)
		there, err := os.Stat(name)
		if err == nil {
			l.info, err = f.Stat()
		}
		if err == nil && os.SameFile(l.info, there) {
			if err = replaceable(l.info); err == nil {
				return l, nil
			}
		}
		l.release()
		if err != nil {
			return nil, cause(err)
		}
	}
}

// release lets other processes replace the file.
func (l *locked) release() {
	l.free()
	l.file.Close() // it was only read
}

// replace puts a new file in the place of the old one, with its owner and mode.
func (l *locked) replace(data []byte) error {
	if l.held {
		removeStale(l.name)
	}
	return swap(l.name, data, func(temp *os.File) error {
		if err := keepOwner(temp, l.info); err != nil {
			return err
		}
		const bits = fs.ModePerm | fs.ModeSetuid | fs.ModeSetgid | fs.ModeSticky
		if err := temp.Chmod(l.info.Mode() & bits); err != nil {
			return err
		}
		if !locks {
			l.release() // Windows renames nothing over an open file
		}
		return nil
	})
}

// replaceable tells why a file is not to be replaced by another of its name.
func replaceable(info fs.FileInfo) error {
	switch {
	case !info.Mode().IsRegular():
		return errors.New("it is not a regular file")
	case info.Mode().Perm()&0o200 == 0:
		return errors.New("it is read-only") // even to root
	case links(info) > 1:
		return errors.New("it has other hard links, which would keep the old text")
	}
	return nil
}

// Write writes a file whole or not at all: a new one, or in the place of an old
// one, whose owner and permissions it takes over. What is no regular file, such
// as a pipe, is written to as it is.
func Write(name string, data []byte) error {
	if err := write(name, data); err != nil {
		return fmt.Errorf("%s is not written: %w", name, err)
	}
	return nil
}

func write(name string, data []byte) error {
	file, err := filepath.EvalSymlinks(name)
	if errors.Is(err, fs.ErrNotExist) {
		file, err = target(name)
	}
	if err != nil {
		return cause(err)
	}
	info, err := os.Stat(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return swap(file, data, func(*os.File) error { return nil })
	case err != nil:
		return cause(err)
	case info.IsDir():
		return errors.New("it is a directory")
	case !info.Mode().IsRegular():
		f, err := os.OpenFile(file, os.O_WRONLY, 0)
		if err != nil {
			return cause(err)
		}
		_, err = f.Write(data)
		if e := f.Close(); err == nil {
			err = e
		}
		return cause(err)
	}
	l, err := openLocked(file)
	if err != nil {
		return err
	}
	defer l.release()
	return l.replace(data)
}

// target is the file that a symbolic link to nothing would make.
func target(name string) (string, error) {
	const most = 40 // as Linux does it
	for range most {
		to, err := os.Readlink(name)
		if err != nil {
			return name, nil // no link
		}
		if !filepath.IsAbs(to) {
			to = filepath.Join(filepath.Dir(name), to)
		}
		name = to
	}
	return "", fmt.Errorf("%s: too many symbolic links", name)
}

// swap makes a new file, and has it take the name when all of it is on the
// disk. finish is called before that.
func swap(file string, data []byte, finish func(temp *os.File) error) error {
	temp, err := create(file)
	if err != nil {
		return fmt.Errorf("no file can be made in %s: %w", filepath.Dir(file), cause(err))
	}
	_, err = temp.Write(data)
	if err == nil {
		err = finish(temp)
	}
	if err == nil {
		// The name must not come to stand for a file whose content is
		// still on its way.
		err = temp.Sync()
	}
	if e := temp.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(temp.Name(), file)
	}
	if err == nil {
		return nil
	}
	if e := os.Remove(temp.Name()); e != nil {
		return fmt.Errorf("%w, and %s could not be removed", cause(err), temp.Name())
	}
	return cause(err)
}

// cause is what went wrong with a file that the caller names, without the name
// of the one beside it.
func cause(err error) error {
	if path := (*fs.PathError)(nil); errors.As(err, &path) {
		return path.Err
	}
	if link := (*os.LinkError)(nil); errors.As(err, &link) {
		return link.Err
	}
	return err
}

const tempSuffix = ".redislint"

// create makes an empty file beside another, under a name that the go command
// passes by. It has the permissions of any new file.
func create(file string) (*os.File, error) {
	for {
		name := filepath.Join(filepath.Dir(file), "."+filepath.Base(file)+"."+strconv.FormatUint(rand.Uint64(), 36)+tempSuffix)
		f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
		if !errors.Is(err, fs.ErrExist) {
			return f, err
		}
	}
}

// removeStale removes what processes that were killed have left beside a file.
// The caller holds the file's lock, so none of them is still at work.
func removeStale(file string) {
	entries, err := os.ReadDir(filepath.Dir(file))
	if err != nil {
		return
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), "."+filepath.Base(file)+".") && strings.HasSuffix(e.Name(), tempSuffix) {
			_ = os.Remove(filepath.Join(filepath.Dir(file), e.Name())) // what stays does no harm
		}
	}
}
