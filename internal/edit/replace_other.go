//go:build !unix || aix || solaris

package edit

import (
	"io/fs"
	"os"
)

// locks tells whether this system has locks that end with their process.
const locks = false

func lock(*os.File) (free func(), held bool) { return func() {}, false }

// links is how many names a file has, as far as this system tells.
func links(fs.FileInfo) int { return 1 }

// keepOwner does nothing: owners are not part of a file's mode here.
func keepOwner(*os.File, fs.FileInfo) error { return nil }
