package source

import "golang.org/x/sys/unix"

// canWatch reports whether the system gives the means to watch files: the
// package that does it ends the process if it cannot have them.
func canWatch() bool {
	fd, err := unix.InotifyInit1(unix.IN_CLOEXEC)
	if err != nil {
		return false
	}
	unix.Close(fd)
	var st unix.Stat_t
	return unix.Stat("/proc/self/fd", &st) == nil
}
