//go:build unix && !linux

package source

import (
	"os"
	"syscall"
)

// identify returns what a file is, whatever its name: its device and inode.
func identify(f *os.File) (identity, error) {
	info, err := f.Stat()
	if err != nil {
		return identity{}, err
	}
	st := info.Sys().(*syscall.Stat_t)
	return identity{Device: uint64(st.Dev), Inode: uint64(st.Ino)}, nil // their types differ by system
}

func dataAt(_ *os.File, offset int64) int64 { return offset }
