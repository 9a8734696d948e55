// Command mgslog reads the logs of mPaaS Mobile Gateway Service, counts their
// result codes and says what each means, what causes it, whose job it is and
// what to do.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"time"
	_ "time/tzdata" // --tz must work on a host without zone files

	"golang.org/x/term"

	"mgslog/report"
)

// Set by the linker, see the Makefile.
var (
	version = unknown
	commit  = unknown
)

const unknown = "unknown"

// memoryLimit is how much memory is taken before the garbage collector begins, with
// up to two jobs; memoryPerJob is what each further one adds. What is kept is
// bounded and below it (see the bounds in analyze); the rest is garbage. So no
// time goes into collecting what would fit, and the peak is much the same whatever
// is read. memoryMany is added where very many keys come again, of which more is kept.
// memoryDetail and memoryDetailJob are what Config.Detail adds to the first two; with
// less, the collector hardly ends. memoryTail is for tail, which stays, and
// memoryOther for what reads no logs.
const (
	memoryLimit     = 19 << 20
	memoryPerJob    = 6 << 20
	memoryMany      = 9 << 20
	memoryDetail    = 26 << 20
	memoryDetailJob = 6 << 20
	memoryTail      = 18 << 20
	memoryOther     = 28 << 20
)

// How much garbage may pile up below the limit, in percent of what is kept.
const (
	allGarbage  = -1 // whatever there is
	someGarbage = 200
)

// limitMemory sets from how many bytes on memory is collected, and how much garbage
// may pile up before. Who sets Go's own variables gets what these say.
func limitMemory(bytes int64, garbage int) {
	if os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	debug.SetMemoryLimit(bytes)
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbage)
	}
}

func main() {
	if !slices.ContainsFunc(os.Args, func(arg string) bool { return strings.HasPrefix(arg, "--memprofile") }) {
		runtime.MemProfileRate = 0 // nobody will look at the samples
	}
	limitMemory(memoryOther, someGarbage)
	ctx, stop := interruptible(context.Background())
	code := run(ctx, &system{
		args: os.Args[1:], stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr,
		env: os.Getenv, now: time.Now, local: time.Local,
		host: func() string {
			name, _ := os.Hostname()
			return name
		},
		program:       os.Executable,
		stdinTerminal: term.IsTerminal(int(os.Stdin.Fd())),
		stdoutWidth:   width(os.Stdout), stderrWidth: width(os.Stderr),
		stdoutSize: func() (int, int) {
			w, h, err := term.GetSize(int(os.Stdout.Fd()))
			if err != nil {
				return 0, 0
			}
			return w, h
		},
		tick: func(d time.Duration) (<-chan time.Time, func()) {
			t := time.NewTicker(d)
			return t.C, t.Stop
		},
		notify: func(s ...os.Signal) (<-chan os.Signal, func()) {
			c := make(chan os.Signal, 1)
			signal.Notify(c, s...)
			return c, func() { signal.Stop(c) }
		},
		section: sectionSize, limitMemory: limitMemory,
	})
	stop()
	os.Exit(code)
}

// width returns the width of the terminal that f is, 0 if it is none.
func width(f *os.File) int {
	w, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0
	}
	return w
}

// interrupted is why a context was cancelled: by a signal.
type interrupted struct{ signal os.Signal }

func (i interrupted) Error() string { return "interrupted (" + i.signal.String() + ")" }

// interruptible returns a context that the first SIGINT or SIGTERM cancels. A
// second one ends the process in the usual way.
func interruptible(parent context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(parent)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		select {
		case s := <-signals:
			cancel(interrupted{s})
		case <-ctx.Done():
		}
		signal.Stop(signals)
	}()
	return ctx, func() { cancel(nil) }
}

// run runs one command line and returns the exit code.
func run(ctx context.Context, sys *system) int {
	root := newRoot(sys)
	root.SetArgs(sys.args)
	stop := profiles(root)
	cmd, err := root.ExecuteContextC(ctx)
	if errors.Is(err, errNoInput) {
		cmd.SetOut(sys.stderr)
		cmd.HelpFunc()(cmd, nil)
	}
	if e := stop(); err == nil {
		err = e
	}
	if err != nil {
		if text := err.Error(); text != "" {
			for line := range strings.SplitSeq(text, "\n") {
				if strings.TrimSpace(line) != "" {
					fmt.Fprintln(sys.stderr, "mgslog:", report.Printable(strings.ReplaceAll(line, "\t", "  ")))
				}
			}
		}
	}
	return exitCode(err)
}
