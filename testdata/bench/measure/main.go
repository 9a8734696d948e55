//go:build linux

// Command measure runs a command and prints what it took: the microseconds of
// CPU time (user and system), the microseconds from start to end, and the peak
// of its resident memory in KiB.
//
//	measure COMMAND [ARGUMENT]...
//
// What the command writes goes to /dev/null; what it says on standard error is
// shown if it fails. The kernel counts the memory of the process that starts a
// command as the command's own, so no peak is below the few MiB of this one.
package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: measure COMMAND [ARGUMENT]...")
		os.Exit(2)
	}
	cmd := exec.Command(os.Args[1], os.Args[2:]...)
	var stderr bytes.Buffer // no terminal, on which progress would be drawn
	cmd.Stderr = &stderr
	start := time.Now()
	err := cmd.Run()
	wall := time.Since(start)
	if err != nil {
		os.Stderr.Write(stderr.Bytes())
		fmt.Fprintf(os.Stderr, "measure: %q: %v\n", os.Args[1:], err)
		os.Exit(1)
	}
	cpu := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	usage := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	fmt.Println(cpu.Microseconds(), wall.Microseconds(), usage.Maxrss)
}
