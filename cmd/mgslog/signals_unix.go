//go:build unix

package main

import (
	"os"
	"syscall"
)

// The signals that tail listens to. With SIGPIPE among those that the process is
// told of, a write to a closed pipe is an error and not its end.
var (
	sigSummary os.Signal = syscall.SIGUSR1
	sigReopen  os.Signal = syscall.SIGHUP
	sigPipe    os.Signal = syscall.SIGPIPE
	sigResize  os.Signal = syscall.SIGWINCH
)
