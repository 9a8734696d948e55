package main

import (
	"bytes"
	"context"
	"io"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// TestMergeIsOneRun holds that the sum of aggregates gives the report of one run
// over all logs, but for the commands it suggests, which name the logs.
func TestMergeIsOneRun(t *testing.T) {
	t.Parallel()
	logs := []string{"../../testdata/demo/gateway-error.log", "../../testdata/demo/gateway-page-digest.log", "../../testdata/logs/ant-digest.log"}
	reported := func(args ...string) string {
		code, stdout, stderr := command(t, t.Context(), nil, nil, append(args, "--output", "json")...)
		report, _, ok := strings.Cut(stdout, `"next": [`)
		if code != exitDone || !ok {
			t.Fatalf("%v: exit %d, %s", args, code, stderr)
		}
		return report
	}
	merge := []string{"merge"}
	for i, log := range logs {
		file := filepath.Join(t.TempDir(), "gw"+aggregateExt)
		host := []string{"gw1", "gw2", "gw3"}[i]
		if code, _, stderr := command(t, t.Context(), nil, nil, "analyze", "--save", file, "--host", host, "--tz", "+08:00", log); code != exitDone {
			t.Fatalf("%s: exit %d, %s", log, code, stderr)
		}
		merge = append(merge, file)
	}
	// The inputs of several hosts have these before their paths.
	merged := regexp.MustCompile(`"gw\d:`).ReplaceAllString(reported(merge...), `"`)
	sameLines(t, merged, reported(append([]string{"analyze", "--tz", "+08:00"}, logs...)...))
}

// sameLines holds that two texts are the same, and shows the line in which they
// differ.
func sameLines(t *testing.T, got, want string) {
	t.Helper()
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			t.Errorf("line %d: %s, want %s", i+1, g[i], w[i])
			return
		}
	}
	if len(g) != len(w) {
		t.Errorf("%d lines, want %d", len(g), len(w))
	}
}

// TestMergeInterrupted holds that a signal ends waiting for hosts, and that
// nothing is written.
func TestMergeInterrupted(t *testing.T) {
	t.Parallel()
	var frames bytes.Buffer
	_, stdout, _ := command(t, t.Context(), nil, nil, "analyze", "--save", "-", "../../testdata/demo/gateway-error.log")
	frames.WriteString(stdout)
	ctx, cancel := context.WithCancelCause(t.Context())
	r, w := io.Pipe()
	go func() {
		if _, err := w.Write(frames.Bytes()); err == nil {
			cancel(interrupted{syscall.SIGINT})
		}
	}()
	code, stdout, stderr := command(t, ctx, r, nil, "merge", "-")
	r.Close()
	if code != exitInterrupted || stdout != "" || !strings.Contains(stderr, "interrupted") {
		t.Errorf("exit %d, %d bytes, %s", code, len(stdout), stderr)
	}
}
