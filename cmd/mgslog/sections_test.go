package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mgslog/analyze"
)

// withSections runs one command line with sections of the given size.
func withSections(t *testing.T, ctx context.Context, section int64, stdout io.Writer, args ...string) (code int, stderr string) {
	t.Helper()
	return withMemory(t, ctx, section, func(int64, int) {}, stdout, args...)
}

// withMemory is withSections with what limits the memory.
func withMemory(t *testing.T, ctx context.Context, section int64, limit func(int64, int), stdout io.Writer, args ...string) (code int, stderr string) {
	t.Helper()
	var errs bytes.Buffer
	code = run(ctx, &system{
		args: args, stdout: stdout, stderr: &errs, env: func(string) string { return "" },
		now:  func() time.Time { return time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC) },
		host: func() string { return "gw-test" }, local: time.UTC, section: section, limitMemory: limit,
	})
	return code, errs.String()
}

// jobLogs writes logs for several jobs: all samples behind one another, one
// after the other in several encodings and archives, a log of very many keys,
// and one with a line that is longer than sections are.
func jobLogs(t *testing.T) []string {
	t.Helper()
	dir := t.TempDir()
	var all, keys, long bytes.Buffer
	names, err := filepath.Glob("../../testdata/generated/*.log")
	if err != nil || len(names) < 5 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		if strings.Contains(name, "prefix") {
			continue
		}
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(b)
	}
	const digest = "2026-03-04 %02d:%02d:%02d,%03d - (/mgw.htm,response,N,61ms,com.acme.op%d.query,-,APP%d,ws%d,%d,-,-,-,u,d,d,d,1.2.3.4,HTTP,JSON,2,24,F,%08x1772582400000100098765,T,ANDROID,61,4,2.0)\n"
	for i := range 12_000 {
		fmt.Fprintf(&keys, digest, i/3600%24, i/60%60, i%60, i%1000, i*7919%12_000/(1+i%3*20), i%900, i%700, 1000+i*i%4, i%500)
	}
	for i := range 200 {
		fmt.Fprintf(&long, digest, 0, 0, i%60, 0, i, 0, 0, 1000+i%3, 7)
		if i == 100 {
			long.WriteString(strings.Repeat("x", 300_000) + "\n")
		}
	}
	var files []string
	for name, b := range map[string]*bytes.Buffer{"all.log": &all, "keys.log": &keys, "long.log": &long} {
		files = append(files, filepath.Join(dir, name))
		if err := os.WriteFile(files[len(files)-1], b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return append(files, "../../testdata/hostile")
}

// TestJobs holds that what is printed does not depend on the number of jobs, nor,
// unless keys were folded, on the sections.
func TestJobs(t *testing.T) {
	files := jobLogs(t)
	for _, c := range []struct {
		name   string
		args   []string
		folded bool
	}{
		{"text", []string{"analyze", "--verbose"}, true},
		{"json", []string{"analyze", "--output", "json", "--max-memory", "64MiB"}, false},
		{"folded", []string{"analyze", "--output", "json", "--max-memory", "1MB"}, true},
		{"filtered", []string{"analyze", "--output", "json", "--code", "1001,7xxx", "--since", "2026-03-04 02:00", "--operation", "com.*1*"}, false},
		{"export", []string{"export"}, false},
		{"filtered export", []string{"export", "--code", "!1000", "--app", "APP7"}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			var want []byte
			for _, jobs := range []string{"1", "2", "7"} {
				for _, section := range []int64{64 << 10, 1 << 40} {
					if section == 1<<40 && (jobs != "1" || c.folded) {
						continue
					}
					var out bytes.Buffer
					args := append(append(c.args, "--jobs", jobs, "--tz", "+08:00"), files...)
					code, stderr := withSections(t, t.Context(), section, &out, args...)
					if code != exitPartial { // testdata/hostile has what cannot be read
						t.Fatalf("%s jobs: exit %d %s", jobs, code, stderr)
					}
					if out.Len() < 1000 {
						t.Fatalf("%s jobs: %s", jobs, out.String())
					}
					if want == nil {
						want = out.Bytes()
					} else if !bytes.Equal(out.Bytes(), want) {
						t.Errorf("%s jobs, sections of %d: another output\n%s", jobs, section, difference(out.Bytes(), want))
					}
				}
			}
			if folded := bytes.Contains(want, []byte(`"kind": "folded"`)); c.name == "folded" && !folded {
				t.Error("nothing was folded")
			}
		})
	}
}

// TestJobsSaved holds the same of what is kept for later days: the file is the
// same, byte by byte, even where Slices were folded.
func TestJobsSaved(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"day.log", "keys.log"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			log := filepath.Join(t.TempDir(), name)
			if err := os.WriteFile(log, savedLog(name == "keys.log"), 0o600); err != nil {
				t.Fatal(err)
			}
			var want string
			for _, jobs := range []string{"1", "2", "7"} {
				for _, section := range []int64{64 << 10, 1 << 40} {
					if section == 1<<40 && (jobs != "1" || name == "keys.log") {
						continue
					}
					file := filepath.Join(t.TempDir(), "day.mgslog")
					code, stderr := withSections(t, t.Context(), section, io.Discard,
						"analyze", "--save", file, "--jobs", jobs, "--tz", "+08:00", log)
					got, err := os.ReadFile(file)
					if code != 0 || err != nil {
						t.Fatalf("%s jobs: exit %d %s %v", jobs, code, stderr, err)
					}
					if want == "" {
						want = string(got)
					} else if string(got) != want {
						t.Errorf("%s jobs, sections of %d: another file, of %d bytes instead of %d", jobs, section, len(got), len(want))
					}
				}
			}
			s, err := analyze.Load(strings.NewReader(want))
			if err != nil {
				t.Fatal(err)
			}
			d := s.Summary().Detail
			if folded := len(d.Span.Folded) > 0; folded != (name == "keys.log") || len(d.Span.Counts) < 150 || d.Users < 100 || d.AffectedDevices < 100 {
				t.Errorf("%d slices, folded: %v; %d users, %d devices affected", len(d.Span.Counts), folded, d.Users, d.AffectedDevices)
			}
		})
	}
}

// savedLog returns a digest of 20,000 calls over some hours, which do not come
// quite in their order, with users, devices, versions and hosts. With many keys,
// these are more than one kind of Slice holds.
func savedLog(keys bool) []byte {
	var log bytes.Buffer
	for i := range 20_000 {
		at := i - i%5*600 // seconds
		operation, code := i*7919%40, 1000
		if keys {
			operation = i * 7919 % 9001
		}
		if operation%3 == 0 {
			code = 4000 + operation%7
		}
		fmt.Fprintf(&log, "2026-03-04 %02d:%02d:%02d,%03d - (/mgw.htm,response,N,61ms,com.acme.op%d.query,-,APP%d,ws,%d,-,1.%d,-,u%d,d%d,d,d,1.2.3.4,HTTP,JSON,2,24,F,%08x1772582400000100098765,F,ANDROID,61,4,2.0)\n",
			(at+3600)/3600%24, (at+3600)/60%60, (at+3600)%60, i%1000, operation, operation%5, code, i%8, i*i%3001, i*i%9001, 0x0a000001+i%6)
	}
	return log.Bytes()
}

// difference returns the first lines that differ.
func difference(got, want []byte) string {
	a, b := strings.Split(string(got), "\n"), strings.Split(string(want), "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return fmt.Sprintf("line %d: %.300s\nwant: %.300s", i+1, a[i], b[i])
		}
	}
	return fmt.Sprintf("%d lines, want %d", len(a), len(b))
}

// failing is an output that takes some bytes and then no more.
type failing struct{ left int }

var errFull = errors.New("no space left")

func (f *failing) Write(p []byte) (int, error) {
	if f.left -= len(p); f.left < 0 {
		return 0, errFull
	}
	return len(p), nil
}

// TestJobsEnd holds that jobs end when the output fails or the context does.
func TestJobsEnd(t *testing.T) {
	files := jobLogs(t)
	for _, jobs := range []string{"1", "3"} {
		code, stderr := withSections(t, t.Context(), 64<<10, &failing{100_000}, append([]string{"export", "--jobs", jobs}, files...)...)
		if code != exitOutput || !strings.Contains(stderr, errFull.Error()) {
			t.Errorf("%s jobs, full output: exit %d %s", jobs, code, stderr)
		}
		for _, name := range []string{"export", "analyze"} {
			ctx, cancel := context.WithCancelCause(t.Context())
			cancel(interrupted{os.Interrupt})
			code, stderr := withSections(t, ctx, 64<<10, io.Discard, append([]string{name, "--jobs", jobs}, files...)...)
			if code != exitInterrupted {
				t.Errorf("%s with %s jobs, interrupted: exit %d %s", name, jobs, code, stderr)
			}
		}
	}
}

// TestJobsManyNames holds the same of a log in which hardly a name comes twice, and of
// which more is read than a reader remembers; and of one with more operationTypes
// than have times, which come again and again. Only the latter may take more memory.
func TestJobsManyNames(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name       string
		operations int
		often      int // how many of these three of four records are of, by turns
		memory     string
		sections   []int64
		folded     bool
		limits     int // how often the memory is limited
	}{
		{"distinct", 30_011, 0, "1MB", []int64{2 << 20}, true, 1},
		{"many", 1_709, 100, "64MiB", []int64{1 << 40, 2 << 20}, false, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			for i := range 60_000 {
				op := i * 7919 % c.operations
				if c.often > 0 && i%4 > 0 {
					op = i / 600 % c.often
				}
				fmt.Fprintf(&log, "2026-03-04 %02d:%02d:%02d,%03d - (/mgw.htm,response,N,%dms,com.acme.op%d.query,-,APP%d,ws%d,%d,-,1.0,-,u,d,d,d,1.2.3.4,HTTP,JSON,2,24,F,0a1d7667%d0100098765,F,ANDROID,61,4,2.0)\n",
					i/3600, i/60%60, i%60, i%1000, 61+i%50, op, op%300, op%700, 4000+op%3, 1772582400000+int64(i)*1000)
			}
			file := filepath.Join(t.TempDir(), "names.log")
			if err := os.WriteFile(file, log.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
			var want []byte
			for _, section := range c.sections {
				for _, jobs := range []string{"1", "2", "7"} {
					var out bytes.Buffer
					limits := 0
					limit := func(int64, int) { limits++ }
					code, stderr := withMemory(t, t.Context(), section, limit, &out, "analyze", "--output", "json", "--max-memory", c.memory, "--jobs", jobs, "--tz", "+08:00", file)
					if code != exitDone {
						t.Fatalf("%s jobs: exit %d %s", jobs, code, stderr)
					}
					if want == nil {
						want = out.Bytes()
					} else if !bytes.Equal(out.Bytes(), want) {
						t.Errorf("%s jobs, sections of %d: another output\n%s", jobs, section, difference(out.Bytes(), want))
					}
					if limits != c.limits {
						t.Errorf("%s jobs, sections of %d: the memory was limited %d times", jobs, section, limits)
					}
				}
			}
			if folded := bytes.Contains(want, []byte(`"kind": "folded"`)); folded != c.folded {
				t.Errorf("folded: %v", folded)
			}
		})
	}
}
