//go:build unix

package source

import (
	"os"
	"syscall"
)

// openNow opens a file for reading, and does not wait where it is a pipe to
// which nobody writes.
func openNow(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
}
