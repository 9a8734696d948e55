package source

import (
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// pipeSize is what any user may ask for, in bytes: the default of
// /proc/sys/fs/pipe-max-size, see pipe(7).
const pipeSize = 1 << 20

// WidenPipe makes the pipe that r is hold as much as it may, 1 MiB instead of
// 64 KiB, so that its writer has to wait less. If r is no pipe, or the system
// refuses, nothing changes: nothing depends on it but how often the writer
// waits.
func WidenPipe(r io.Reader) {
	f, ok := r.(*os.File)
	if !ok {
		return
	}
	conn, err := f.SyscallConn()
	if err != nil {
		return
	}
	_ = conn.Control(func(fd uintptr) {
		_, _ = unix.FcntlInt(fd, unix.F_SETPIPE_SZ, pipeSize)
	})
}
