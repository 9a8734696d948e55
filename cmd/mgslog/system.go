package main

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"syscall"
	"time"
)

// system is all that the program takes from the world around it.
type system struct {
	args           []string
	stdin          io.Reader
	stdout, stderr io.Writer
	env            func(string) string
	now            func() time.Time
	local          *time.Location
	host           func() string          // name of the machine, "" if it has none
	program        func() (string, error) // path of the program that runs
	stdinTerminal  bool
	stdoutWidth    int // columns, 0 if it is no terminal
	stderrWidth    int
	stdoutSize     func() (width, height int) // of the terminal, as it is now; 0 for what is not known
	// tick returns a channel that is sent to again and again, and a function to
	// end that.
	tick func(time.Duration) (<-chan time.Time, func())
	// notify returns a channel for signals, and a function to end that.
	notify  func(...os.Signal) (<-chan os.Signal, func())
	section int64 // bytes of the shortest section of a file
	// limitMemory sets from where on memory is collected, and how much garbage
	// may pile up below that, in percent of what is kept.
	limitMemory func(bytes int64, garbage int)
}

// The exit codes.
const (
	exitDone        = 0
	exitCondition   = 1 // a --fail-on condition is met; for explain: an unknown code
	exitUsage       = 2 // usage wrong, or nothing readable
	exitPartial     = 3 // some input missing, unreadable or truncated
	exitOutput      = 4 // output not written
	exitInterrupted = 130
	exitTerminated  = 143
)

// exitHelp is the table of exit codes as help prints it.
const exitHelp = `Exit codes:
  0    done
  1    a --fail-on condition is met (even if some input was missing);
       explain: a code is unknown
  2    the usage is wrong, or nothing could be read
  3    partial: some input is missing, unreadable or truncated; the report is
       printed and says so
  4    the output could not be written
  130  interrupted (SIGINT), 143 terminated (SIGTERM); the report so far is printed`

// exit is an error that carries the exit code of the program.
type exit struct {
	code int
	err  error // nil: there is nothing to say
}

func (e exit) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}

func (e exit) Unwrap() error { return e.err }

// exitCode returns the code for the error that ended the program. An error
// that names none comes from cobra or pflag: the usage is wrong.
func exitCode(err error) int {
	var (
		e    exit
		path *fs.PathError
	)
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &e):
		return e.code
	case errors.As(err, &path) && path.Op == "write":
		return exitOutput // cobra's own output: help, completions
	}
	return exitUsage
}

func usage(err error) error { return exit{exitUsage, err} }

// interruptCode returns the exit code for a signal.
func interruptCode(s os.Signal) int {
	if s == syscall.SIGTERM {
		return exitTerminated
	}
	return exitInterrupted
}
