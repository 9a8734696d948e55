package source

import (
	"os"

	"golang.org/x/sys/unix"
)

// identify returns what a file is, whatever its name: its device, its inode,
// and when it was born, by which an inode that is used again shows.
func identify(f *os.File) (identity, error) {
	var st unix.Statx_t
	err := retryEINTR(func() error {
		return unix.Statx(int(f.Fd()), "", unix.AT_EMPTY_PATH, unix.STATX_BASIC_STATS|unix.STATX_BTIME, &st)
	})
	if err != nil {
		return identity{}, &os.PathError{Op: "statx", Path: f.Name(), Err: err}
	}
	id := identity{Device: unix.Mkdev(st.Dev_major, st.Dev_minor), Inode: st.Ino}
	if st.Mask&unix.STATX_BTIME != 0 {
		id.Born = st.Btime.Sec*1e9 + int64(st.Btime.Nsec)
	}
	return id, nil
}

// retryEINTR calls fn until no signal has interrupted it.
func retryEINTR(fn func() error) error {
	for {
		if err := fn(); err != unix.EINTR {
			return err
		}
	}
}

// dataAt returns where in a file the first byte at or behind offset stands that
// is not part of a hole.
func dataAt(f *os.File, offset int64) int64 {
	if at, err := unix.Seek(int(f.Fd()), offset, unix.SEEK_DATA); err == nil {
		return at
	}
	return offset
}
