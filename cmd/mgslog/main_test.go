package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// command runs one command line and returns its exit code and output.
func command(t *testing.T, ctx context.Context, stdin io.Reader, env map[string]string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(ctx, &system{
		args: args, stdin: stdin, stdout: &out, stderr: &errs,
		env:  func(name string) string { return env[name] },
		now:  func() time.Time { return time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC) },
		host: func() string { return "gw-test" }, local: time.UTC, section: 4 << 10, limitMemory: func(int64, int) {},
	})
	return code, out.String(), errs.String()
}

// TestInterrupt holds that a signal ends reading a pipe to which nobody
// writes, and that the report so far is printed and says so.
func TestInterrupt(t *testing.T) {
	for signal, want := range map[os.Signal]int{os.Interrupt: exitInterrupted, syscall.SIGTERM: exitTerminated} {
		for _, args := range [][]string{
			{"analyze", "-"}, {"analyze", "--output", "json", "-", "../../testdata/demo/gateway-error.log"}, {"export", "-"},
		} {
			ctx, cancel := context.WithCancelCause(t.Context())
			r, w := io.Pipe()
			go func() {
				// More than a sample, so that records are counted before.
				line := "2026-11-20 02:13:05,123 ERROR resultCode=4001 " + strings.Repeat("x", 1000) + "\n"
				for range 3000 {
					if _, err := io.WriteString(w, line); err != nil {
						return
					}
				}
				cancel(interrupted{signal})
			}()
			code, stdout, stderr := command(t, ctx, r, nil, args...)
			r.Close()
			if code != want || !strings.Contains(stderr, "interrupted") || !strings.Contains(stdout, "4001") {
				t.Errorf("%v, %v: exit %d, want %d; %s", signal, args, code, want, stderr)
			}
			if args[0] == "analyze" && !strings.Contains(stdout, "interrupted") {
				t.Errorf("%v: the report does not say that it was interrupted", args)
			}
		}
	}
}

// TestInterruptedEarly holds the same before any byte has come, and that a file
// is left as it was.
func TestInterruptedEarly(t *testing.T) {
	kept := filepath.Join(t.TempDir(), "kept")
	if err := os.WriteFile(kept, []byte("kept"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"analyze", "-"}, {"export", "-"}, {"analyze", "-o", kept, "-"}, {"export", "-o", kept, "-"}} {
		ctx, cancel := context.WithCancelCause(t.Context())
		r, w := io.Pipe()
		cancel(interrupted{os.Interrupt})
		code, _, stderr := command(t, ctx, r, nil, args...)
		w.Close()
		if code != exitInterrupted || !strings.Contains(stderr, "interrupted") {
			t.Errorf("%v: exit %d; %s", args, code, stderr)
		}
		if data, err := os.ReadFile(kept); err != nil || string(data) != "kept" {
			t.Errorf("%v: the file holds %q (%v)", args, data, err)
		}
	}
}

// TestSignal holds that the process's own signal handling comes to the same.
func TestSignal(t *testing.T) {
	ctx, stop := interruptible(t.Context())
	defer stop()
	if err := syscall.Kill(os.Getpid(), syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	<-ctx.Done()
	var i interrupted
	if err := context.Cause(ctx); !errors.As(err, &i) || interruptCode(i.signal) != exitTerminated {
		t.Errorf("the cause is %v", err)
	}
}

func TestMoments(t *testing.T) {
	loc := time.FixedZone("+08:00", 8*3600)
	now := time.Date(2026, 11, 20, 1, 30, 0, 0, time.UTC) // 09:30 in loc
	for text, want := range map[string]string{
		"2h":                        "2026-11-20T07:30:00+08:00",
		"1d":                        "2026-11-19T09:30:00+08:00",
		"1w":                        "2026-11-13T09:30:00+08:00",
		"now":                       "2026-11-20T09:30:00+08:00",
		"today":                     "2026-11-20T00:00:00+08:00",
		"yesterday":                 "2026-11-19T00:00:00+08:00",
		"2026-11-18":                "2026-11-18T00:00:00+08:00",
		"2026-11-18 02:13":          "2026-11-18T02:13:00+08:00",
		"2026-11-18 02:13:05":       "2026-11-18T02:13:05+08:00",
		"2026-11-18 02:13:05,500":   "2026-11-18T02:13:05.5+08:00",
		"2026-11-18T02:13:05Z":      "2026-11-18T02:13:05Z",
		"2026-11-18T02:13:05+01:00": "2026-11-18T02:13:05+01:00",
		"02:13":                     "2026-11-20T02:13:00+08:00",
		"02:13:05":                  "2026-11-20T02:13:05+08:00",
	} {
		got, err := parseMoment(text, now, loc)
		if err != nil || got.Format(time.RFC3339Nano) != want {
			t.Errorf("%q: %v %v, want %s", text, got.Format(time.RFC3339Nano), err, want)
		}
	}
	for _, bad := range []string{"", "soon", "25:00", "2026-13-01", "-2h", "2", "99999999d"} {
		if got, err := parseMoment(bad, now, loc); err == nil {
			t.Errorf("%q is taken for %v", bad, got)
		}
	}
}

func TestZones(t *testing.T) {
	for text, want := range map[string]string{
		"+08:00": "+08:00", "+8": "+08:00", "-0530": "-05:30", "UTC+8": "+08:00", "UTC": "Z", "Asia/Shanghai": "+08:00", "local": "+03:00",
	} {
		loc, err := parseZone(text, time.FixedZone("", 3*3600))
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if got := time.Unix(0, 0).In(loc).Format("Z07:00"); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
	for _, bad := range []string{"", "Mars", "+25:00", "+08:99", "../../etc/passwd"} {
		if loc, err := parseZone(bad, time.UTC); err == nil {
			t.Errorf("%q is taken for %v", bad, loc)
		}
	}
}

// TestColor holds when colours are used.
func TestColor(t *testing.T) {
	for _, c := range []struct {
		args  []string
		env   map[string]string
		width int
		want  bool
	}{
		{nil, nil, 100, true},
		{nil, nil, 0, false},
		{nil, map[string]string{"NO_COLOR": "1"}, 100, false},
		{nil, map[string]string{"TERM": "dumb"}, 100, false},
		{[]string{"--color", "never"}, nil, 100, false},
		{[]string{"--color", "always"}, map[string]string{"NO_COLOR": "1"}, 0, true},
	} {
		var out, errs bytes.Buffer
		code := run(t.Context(), &system{
			args: append([]string{"explain", "4001"}, c.args...), stdout: &out, stderr: &errs, stdoutWidth: c.width,
			env: func(name string) string { return c.env[name] }, now: time.Now, host: func() string { return "gw-test" }, local: time.UTC,
		})
		if got := strings.Contains(out.String(), "\x1b["); got != c.want || code != 0 {
			t.Errorf("%v %v at width %d: colour %v, exit %d %s", c.args, c.env, c.width, got, code, errs.String())
		}
	}
}
