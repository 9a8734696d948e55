package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// tailRun is mgslog tail under test: its clock, its ticks and its signals are the
// test's.
type tailRun struct {
	t       *testing.T
	home    string
	ticks   chan time.Time
	signals chan os.Signal
	cancel  context.CancelCauseFunc
	code    chan int

	mu       sync.Mutex
	now      time.Time
	out, err watchedOutput
}

// watchedOutput is an output that can be waited for, and blocked.
type watchedOutput struct {
	mu      sync.Mutex
	changed *sync.Cond
	text    strings.Builder
	blocked bool
	fail    error
}

func (o *watchedOutput) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for o.blocked {
		o.changed.Wait()
	}
	if o.fail != nil {
		return 0, o.fail
	}
	o.text.Write(p)
	o.changed.Broadcast()
	return len(p), nil
}

// wait waits until the output has a text, however its lines are broken. That it
// never comes is told by the tests' time limit.
func (o *watchedOutput) wait(text string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for !strings.Contains(strings.Join(strings.Fields(o.text.String()), " "), text) {
		o.changed.Wait()
	}
}

func (o *watchedOutput) block(b bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.blocked = b
	o.changed.Broadcast()
}

func (o *watchedOutput) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// newTailRun prepares a run in a home directory.
func newTailRun(t *testing.T, home string) *tailRun {
	r := &tailRun{
		t: t, home: home, ticks: make(chan time.Time), signals: make(chan os.Signal), code: make(chan int, 1),
		now: time.Date(2026, 11, 22, 2, 13, 0, 0, time.UTC),
	}
	r.out.changed, r.err.changed = sync.NewCond(&r.out.mu), sync.NewCond(&r.err.mu)
	return r
}

// start runs mgslog tail.
func (r *tailRun) start(args ...string) *tailRun {
	ctx, cancel := context.WithCancelCause(context.Background())
	r.cancel = cancel
	sys := &system{
		args: append([]string{"tail"}, args...), stdin: strings.NewReader(""), stdout: &r.out, stderr: &r.err,
		env: func(name string) string {
			if name == "HOME" {
				return r.home
			}
			return ""
		},
		now:  r.time,
		host: func() string { return "gw-test" }, local: time.UTC, limitMemory: func(int64, int) {},
		tick: func(d time.Duration) (<-chan time.Time, func()) {
			if d == lastWait {
				return nil, func() {}
			}
			return r.ticks, func() {}
		},
		notify: func(...os.Signal) (<-chan os.Signal, func()) { return r.signals, func() {} },
	}
	go func() { r.code <- run(ctx, sys) }()
	r.t.Cleanup(func() { cancel(nil) })
	return r
}

func (r *tailRun) time() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.now
}

// pass lets time pass, and has what is new read twice: when the second tick is
// taken, all that the first one asked for is done.
func (r *tailRun) pass(d time.Duration) {
	r.mu.Lock()
	r.now = r.now.Add(d)
	r.mu.Unlock()
	for range 3 {
		select {
		case r.ticks <- r.now:
		case c := <-r.code:
			r.code <- c
			return
		}
	}
}

// end waits for the end and returns the exit code.
func (r *tailRun) end() int { return <-r.code }

// interrupt ends the run as SIGINT does.
func (r *tailRun) interrupt() int {
	r.cancel(interrupted{syscall.SIGINT})
	return r.end()
}

// failure returns a digest line of a failure with a number.
func failure(code, n int) string {
	return fmt.Sprintf("2026-11-22 02:13:%02d,%03d - (/mgw.htm,response,N,61ms,com.example.op%d,-,A,default,%d,-,-,-,-,u,d,d,223.104.210.136,HTTP,JSON,2,2406,F,0a1d7667179531358%07d00658,T,ANDROID,61,4,2.0)\n",
		n/1000%60, n%1000, n, code, n)
}

func success(n int) string {
	return strings.Replace(failure(1000, n), "response,N", "response,Y", 1)
}

// appendText appends to a file.
func appendText(t *testing.T, path string, texts ...string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err == nil {
		_, err = f.WriteString(strings.Join(texts, ""))
		f.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
}

func rename(t *testing.T, from, to string) {
	t.Helper()
	if err := os.Rename(from, to); err != nil {
		t.Fatal(err)
	}
}

// operations returns the numbers of the operationTypes in JSON lines, in their
// order.
func operations(t *testing.T, out string) []string {
	t.Helper()
	var all []string
	for line := range strings.Lines(out) {
		var rec struct {
			Op string `json:"operation_type"`
		}
		if err := json.Unmarshal([]byte(line), &rec); err != nil {
			t.Fatalf("%v: %q", err, line)
		}
		all = append(all, strings.TrimPrefix(rec.Op, "com.example.op"))
	}
	return all
}

func numbers(from, to int) string {
	var all []string
	for i := from; i <= to; i++ {
		all = append(all, fmt.Sprint(i))
	}
	return strings.Join(all, " ")
}

func (r *tailRun) wantOperations(want string) {
	r.t.Helper()
	if got := strings.Join(operations(r.t, r.out.String()), " "); got != want {
		r.t.Errorf("records of\n%s\nwant\n%s\n%s", got, want, r.err.String())
	}
}

func TestTailLines(t *testing.T) {
	dir := t.TempDir()
	a, b := filepath.Join(dir, "a.log"), filepath.Join(dir, "b.log")
	for i := range 20_000 {
		to := a
		if i%2 == 1 {
			to = b
		}
		_ = to
		if i >= 19_960 {
			appendText(t, to, failure(4001, i), success(i))
		}
	}
	var old strings.Builder
	for i := range 5000 {
		old.WriteString(success(i))
	}
	c := filepath.Join(dir, "c.log")
	appendText(t, c, failure(4001, 1), failure(4001, 2), old.String(), strings.TrimSuffix(failure(4001, 3), "\n"))
	for _, tc := range []struct {
		name string
		args []string
		want string
	}{
		{"ten of each, by time", []string{a, b}, numbers(19_980, 19_999)},
		{"some", []string{"-n", "3", a}, "19994 19996 19998"},
		{"none", []string{"-n", "0", a}, ""},
		{"all", []string{"-n", "all", c}, "1 2 3"},
		{"far back", []string{"-n", "2", c}, "2 3"},
		{"more than there are", []string{"-n", "100", c}, "1 2 3"},
		{"successes too", []string{"--all", "-n", "2", a}, "19998 19998"},
		{"filtered", []string{"--operation", "*op19970", a, b}, "19970"},
		{"a directory has none", []string{dir}, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := newTailRun(t, dir).start(append([]string{"--output", "json"}, tc.args...)...)
			if code := r.end(); code != exitDone && tc.want != "" {
				t.Errorf("exit code %d: %s", code, r.err.String())
			}
			r.wantOperations(tc.want)
		})
	}
}

func TestTailFollow(t *testing.T) {
	home := t.TempDir()
	dir := filepath.Join(home, "logs", "gateway")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	log := filepath.Join(dir, "gateway-page-digest.log")
	appendText(t, log, failure(4001, 1))
	r := newTailRun(t, home).start("-f", "--output", "json") // the log at its usual place
	r.out.wait("op1\"")
	appendText(t, log, failure(4001, 2), success(3), failure(4001, 4)[:50])
	r.pass(time.Second)
	r.out.wait("op2\"")
	appendText(t, log, failure(4001, 4)[50:])
	rename(t, log, log+".1")
	appendText(t, log, failure(5000, 5))
	appendText(t, log+".1", failure(5000, 6)) // which comes after, but is older
	r.pass(time.Second)
	r.out.wait("op5\"")
	r.signals <- sigSummary
	r.err.wait("4001")
	if code := r.interrupt(); code != exitInterrupted {
		t.Errorf("exit code %d", code)
	}
	r.wantOperations("1 2 4 6 5")
}

func TestTailRecords(t *testing.T) {
	log := filepath.Join(t.TempDir(), "gateway-error.log")
	appendText(t, log, "")
	r := newTailRun(t, "").start("-f", log)
	appendText(t, log, "2026-11-22 02:13:05,001 ERROR [t] a - resultStatus=4001, first\njava.net.SocketTimeoutException: Read timed out\n")
	r.pass(100 * time.Millisecond)
	r.pass(100 * time.Millisecond)
	if out := r.out.String(); strings.Contains(out, "4001") {
		t.Errorf("a record of which more may come was shown:\n%s", out)
	}
	r.pass(500 * time.Millisecond)
	r.out.wait("SocketTimeoutException")
	appendText(t, log, "\tat a.B.c(B.java:1)\n", "2026-11-22 02:13:06,001 ERROR [t] a - resultStatus=4001, second\n", "2026-11-22 02:13:07,001 ERROR")
	r.pass(100 * time.Millisecond)
	r.out.wait("which was shown without them: 1")
	if out := r.out.String(); strings.Count(out, "  4001  ") != 1 || strings.Count(out, "    Cause") != 1 {
		t.Errorf("shown too early, or explained twice:\n%s", out)
	}
	appendText(t, log, " [t] a - resultStatus=4001, third\n")
	r.pass(100 * time.Millisecond)
	r.out.wait("second")
	for i := range 20 {
		appendText(t, log, fmt.Sprintf("2026-11-22 02:13:08,%03d ERROR [t] a - resultStatus=4001, more\n", i))
	}
	r.pass(time.Second)
	r.pass(6 * time.Second)
	r.out.wait("×") // a burst
	if code := r.interrupt(); code != exitInterrupted {
		t.Errorf("exit code %d", code)
	}
	r.out.wait("SUMMARY")
	if out := r.out.String(); !strings.Contains(out, "23 records, 23 errors") {
		t.Errorf("not all records are in the summary:\n%s", out)
	}
}

func TestTailEnds(t *testing.T) {
	log := filepath.Join(t.TempDir(), "gateway-page-digest.log")
	appendText(t, log, success(1))
	for _, tc := range []struct {
		name string
		args []string
		code int
	}{
		{"the time is over", []string{"--for", "5s"}, exitDone},
		{"the code has not come", []string{"--for", "5s", "--until-code", "4xxx"}, exitCondition},
		{"the code has come", []string{"--for", "5s", "--until-code", "5000"}, exitDone},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := newTailRun(t, "").start(append([]string{"-f", "-n", "0", log}, tc.args...)...)
			r.pass(time.Second)
			appendText(t, log, failure(5000, 2))
			r.pass(time.Second)
			r.pass(10 * time.Second)
			if code := r.end(); code != tc.code {
				t.Errorf("exit code %d, want %d", code, tc.code)
			}
			r.out.wait("SUMMARY")
		})
	}
}

func TestTailWrongUse(t *testing.T) {
	dir := t.TempDir()
	state := filepath.Join(dir, "state")
	if err := os.WriteFile(state, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"-n", "-1", "x"},
		{"-n", "x", "x"},
		{"--output", "xml", "x"},
		{"-f", "--poll", "0s", "x"},
		{"--for", "1m", "x"},
		{"-f", "--until-code", "four", "x"},
		{"-f", "--all", "--errors", "x"},
		{},
		{"-f", "--state", state, "x"},
		{filepath.Join(dir, "none.log")},
		{"--tz", "nowhere", "x"},
	} {
		r := newTailRun(t, dir).start(args...)
		if code := r.end(); code != exitUsage {
			t.Errorf("%q: exit code %d, want %d", args, code, exitUsage)
		}
		if r.err.String() == "" {
			t.Errorf("%q: nothing was said", args)
		}
	}
}

func TestTailState(t *testing.T) {
	dir := t.TempDir()
	log, state := filepath.Join(dir, "gateway-page-digest.log"), filepath.Join(dir, "state")
	args := []string{"-f", "-n", "all", "--output", "json", "--state", state, log}
	appendText(t, log, failure(4001, 1))

	// What nobody takes is not delivered.
	r := newTailRun(t, "")
	r.out.fail = &os.PathError{Op: "write", Path: "|1", Err: syscall.EPIPE}
	r.start(args...).end()
	rename(t, log, log+".0")

	r = newTailRun(t, "").start(args...)
	r.out.wait("op1\"")
	other := newTailRun(t, "").start(args...)
	if code := other.end(); code != exitUsage || !strings.Contains(other.err.String(), "in use") {
		t.Errorf("a second run with the same state: exit code %d: %s", code, other.err.String())
	}
	appendText(t, log, failure(4001, 2), failure(4001, 3)[:40])
	r.pass(time.Second)
	r.out.wait("op2\"")
	r.interrupt()
	r.wantOperations("1 2")

	appendText(t, log, failure(4001, 3)[40:])
	rename(t, log, log+".1")
	appendText(t, log, failure(4001, 4))
	rename(t, log+".1", log+".2")
	rename(t, log, log+".1")
	appendText(t, log, failure(4001, 5))
	r = newTailRun(t, "").start(args...)
	r.out.wait("op5\"")
	r.interrupt()
	r.wantOperations("3 4 5")

	for i := range 3 { // all that is left is the last
		os.Remove(fmt.Sprintf("%s.%d", log, i))
	}
	os.Remove(log)
	appendText(t, log, failure(4001, 7))
	r = newTailRun(t, "").start(args...)
	r.out.wait("op7\"")
	r.err.wait("LOST")
	r.interrupt()
	r.wantOperations("7")
}

// TestTailBlocked has the output take nothing while logs are rotated away.
func TestTailBlocked(t *testing.T) {
	log := filepath.Join(t.TempDir(), "gateway-page-digest.log")
	appendText(t, log, failure(4001, 0))
	r := newTailRun(t, "").start("-f", "-n", "all", "--output", "json", log)
	r.out.wait("op0\"")
	r.out.block(true)
	n := 1
	for range 6 {
		var text strings.Builder
		for range 1000 {
			text.WriteString(failure(4001, n))
			n++
		}
		appendText(t, log, text.String())
		r.pass(time.Second)
		if err := os.Remove(log); err != nil {
			t.Fatal(err)
		}
		appendText(t, log, "")
		r.pass(time.Second)
	}
	r.out.block(false)
	for !strings.Contains(r.out.String(), fmt.Sprintf("op%d\"", n-1)) {
		r.pass(time.Second)
	}
	r.interrupt()
	r.wantOperations(numbers(0, n-1))
}

// TestTailClosed has the one who reads the output go away.
func TestTailClosed(t *testing.T) {
	log := filepath.Join(t.TempDir(), "gateway-page-digest.log")
	appendText(t, log, failure(4001, 0))
	r := newTailRun(t, "")
	r.out.fail = &os.PathError{Op: "write", Path: "|1", Err: syscall.EPIPE}
	r.start("-f", "--output", "json", log)
	r.pass(time.Second)
	if code := r.end(); code != exitDone || r.err.String() != "" {
		t.Errorf("exit code %d: %s", code, r.err.String())
	}
	r = newTailRun(t, "")
	r.out.fail = &os.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC}
	r.start("-f", "--output", "json", log)
	r.pass(time.Second)
	if code := r.end(); code != exitOutput {
		t.Errorf("exit code %d, want %d", code, exitOutput)
	}
}

func TestTailInputs(t *testing.T) {
	dir := t.TempDir()
	appendText(t, filepath.Join(dir, "gateway-page-digest.log"), failure(4001, 1))
	appendText(t, filepath.Join(dir, "gateway-page-digest.log.1"), failure(4001, 99))
	fifo := filepath.Join(dir, "pipe")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	later := filepath.Join(dir, "later.log")
	r := newTailRun(t, "").start("-f", "--output", "json", dir, fifo, later)
	r.out.wait("op1\"")
	appendText(t, filepath.Join(dir, "gateway-error.log"), "2026-11-22 02:13:05,001 ERROR [t] a - resultStatus=4001, operationType=com.example.op2\n")
	for range 3 {
		r.pass(time.Second)
	}
	r.out.wait("op2\"")
	appendText(t, later, failure(4001, 3))
	r.pass(time.Second)
	r.out.wait("op3\"")
	for i := 4; i < 6; i++ { // two writers, one after the other, with a pause in a line
		w, err := os.OpenFile(fifo, os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		line := failure(4001, i)
		io.WriteString(w, line[:50])
		r.pass(time.Second)
		io.WriteString(w, line[50:])
		w.Close()
		r.out.wait(fmt.Sprintf("op%d\"", i))
	}
	if code := r.interrupt(); code != exitInterrupted {
		t.Errorf("exit code %d", code)
	}
	r.wantOperations("1 2 3 4 5")
}
