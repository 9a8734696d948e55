package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"mgslog/analyze"
	"mgslog/analyze/catalog"
	"mgslog/report"
)

// dayLog writes the lines of a log from a time to another, in zone loc: digest
// lines, or stack traces, of which some are late and some belong to no record.
func dayLog(seed uint64, loc *time.Location, from, to time.Time, every time.Duration, traces bool) []byte {
	random := rand.New(rand.NewPCG(seed, 2))
	var b bytes.Buffer
	for at := from; at.Before(to); at = at.Add(time.Duration(random.Int64N(int64(2 * every)))) {
		made := at
		if random.IntN(12) == 0 {
			made = at.Add(-time.Duration(random.IntN(10)) * time.Minute)
		}
		stamp := made.In(loc).Format("2006-01-02 15:04:05,000")
		id := fmt.Sprintf("0a1d7667%d100098765", made.UnixMilli())
		code := []int{1000, 1000, 1000, 4001, 7001, 6001}[random.IntN(6)]
		if !traces {
			fmt.Fprintf(&b, "%s - (/mgw.htm,response,N,61ms,com.acme.op%d.query,-,APP,default,%d,-,-,-,-,d,d,d,1.2.3.4,HTTP,JSON,2,24,F,%s,T,ANDROID,61,4,2.0)\n", stamp, random.IntN(5), code, id)
			if random.IntN(500) == 0 {
				b.WriteString("half a line that was lost\n")
			}
			continue
		}
		fmt.Fprintf(&b, "%s [%s] ERROR resultCode=%d failed\njava.lang.IllegalStateException: no\n", stamp, id, code)
		for i := range random.IntN(20) {
			fmt.Fprintf(&b, "\tat com.acme.Frame%d.call(Frame.java:12)\n", i)
		}
	}
	return b.Bytes()
}

// put writes a file; one whose name ends in .gz as an archive.
func put(t *testing.T, path string, content []byte) {
	t.Helper()
	if strings.HasSuffix(path, ".gz") {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		if _, err := w.Write(content); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		content = b.Bytes()
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// daySystem is a machine in zone local.
func daySystem(local *time.Location, home string) *system {
	return &system{
		env:   func(name string) string { return map[string]string{"HOME": home}[name] },
		now:   func() time.Time { return time.Date(2026, 12, 20, 12, 0, 0, 0, time.UTC) },
		local: local, section: 64 << 10, limitMemory: func(int64, int) {},
	}
}

// dayFlags are the flags of a command that was given none.
func dayFlags() readFlags { return readFlags{format: "auto", encoding: "auto"} }

// dayOutput counts what is read, and returns it as a report in JSON.
func dayOutput(t *testing.T, r *reading, jobs int) (*analyze.Summary, string) {
	t.Helper()
	agg := analyze.New(analyze.Config{Window: time.Hour, Location: r.zone, Filter: r.filter})
	if err := r.outcome(r.aggregate(t.Context(), agg, jobs)); err != nil {
		t.Fatal(err)
	}
	s := agg.Summary()
	model := report.Build(s, report.Options{Lang: catalog.EN})
	var out bytes.Buffer
	if err := model.Write(&out, "json", report.TextOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := model.Write(&out, "text", report.TextOptions{Width: 100, Verbose: true}); err != nil {
		t.Fatal(err)
	}
	return s, out.String()
}

// dayCounts is what a report says of a period's records, however they were read.
func dayCounts(t *testing.T, text string) string {
	t.Helper()
	var model map[string]any
	if err := json.NewDecoder(strings.NewReader(text)).Decode(&model); err != nil {
		t.Fatal(err)
	}
	drop(model, "inputs", "warnings", "line", "filtered", "filtered_undated", "skipped_lines", "next", "time_zone", "verdict")
	out, err := json.MarshalIndent(model, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// drop removes members of all objects in x.
func drop(x any, names ...string) {
	switch x := x.(type) {
	case map[string]any:
		for _, name := range names {
			delete(x, name)
		}
		for _, v := range x {
			drop(v, names...)
		}
	case []any:
		for _, v := range x {
			drop(v, names...)
		}
	}
}

// dayLogs writes two logs of ten days around the turn of New York's clock in
// 2026: one with rotations and an archive, and one of stack traces that is big.
func dayLogs(t *testing.T, loc *time.Location) (dir string, files []string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "logs", "gateway")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	at := func(day, hour int) time.Time { return time.Date(2026, 10, day, hour, 0, 0, 0, loc) }
	for _, f := range []struct {
		name     string
		from, to time.Time
		every    time.Duration
		traces   bool
	}{
		{"gateway-error.log", at(25, 0), at(35, 3), 3 * time.Minute, true},
		{"gateway-page-digest.log.3.gz", at(23, 0), at(25, 0), time.Minute, false},
		{"gateway-page-digest.log.2.gz", at(25, 0), at(28, 7), time.Minute, false},
		{"gateway-page-digest.log.1", at(28, 7), at(32, 22), time.Minute, false},
		{"gateway-page-digest.log", at(32, 22), at(35, 3), time.Minute, false},
	} {
		path := filepath.Join(dir, f.name)
		put(t, path, dayLog(uint64(len(f.name)), loc, f.from, f.to, f.every, f.traces))
		files = append(files, path)
	}
	return dir, files
}

// TestPeriodEqualsAll holds that what is counted of a period does not depend on
// how much is read for it, nor on the number of jobs, across a turn of the clock;
// and that no number of a line is made up.
func TestPeriodEqualsAll(t *testing.T) {
	t.Parallel()
	for _, zone := range []string{"America/New_York", "Asia/Shanghai"} {
		loc := zoneOf(t, zone)
		dir, files := dayLogs(t, loc)
		sys := daySystem(loc, filepath.Dir(filepath.Dir(dir)))
		flags := dayFlags()
		for name, args := range map[string][]string{
			"usual places": nil,
			"logs":         {filepath.Join(dir, "gateway-error.log"), filepath.Join(dir, "gateway-page-digest.log")},
			"directory":    {dir},
		} {
			l, err := flags.planLogs(t.Context(), sys, args)
			if err != nil {
				t.Fatal(err)
			}
			for _, text := range []string{"2026-10-31", "2026-11-01", "2026-11-02", "2026-10-28", "2026-W44", "2026-11-03", "2026-11-09", "2026-10-10"} {
				p, err := parsePeriod(text, sys.now(), l.zone())
				if err != nil {
					t.Fatal(err)
				}
				all := dayFlags()
				all.since, all.until = p.from.Format(time.RFC3339), p.to.Format(time.RFC3339)
				whole, err := all.plan(t.Context(), sys, files, "")
				if err != nil {
					t.Fatal(err)
				}
				wholeSummary, want := dayOutput(t, whole, 1)
				first := ""
				for _, jobs := range []int{1, 3} {
					r := l.period(t.Context(), p.from, p.to)
					s, out := dayOutput(t, r, jobs)
					if first == "" {
						first = out
					} else if out != first {
						t.Errorf("%s, %s, %s: %d jobs: %s", zone, name, text, jobs, difference([]byte(out), []byte(first)))
					}
					if got, want := dayCounts(t, out), dayCounts(t, want); got != want {
						t.Errorf("%s, %s, %s: %s", zone, name, text, difference([]byte(got), []byte(want)))
					}
					checkLines(t, r, s)
					if strings.Contains(out, "-4611686") || strings.Contains(out, "-4,611,686") {
						t.Errorf("%s: the number of a line is made up: %s", text, out)
					}
					// The hour that New York's clock shows twice is a disorder, so
					// that what goes over it is read whole.
					if n, all := bytesRead(s), bytesRead(wholeSummary); p.unit == unitDay && n > all/3 && zone == "Asia/Shanghai" {
						t.Errorf("%s, %s, %s: %d of %d bytes are read", zone, name, text, n, all)
					}
				}
			}
		}
	}
}

// checkLines holds that samples and skipped lines have a number if, and only if,
// their file was read from its beginning.
func checkLines(t *testing.T, r *reading, s *analyze.Summary) {
	t.Helper()
	for i, in := range r.inputs {
		var lines []int64
		for _, c := range s.Codes {
			for _, x := range c.Samples {
				if x.Input == i {
					lines = append(lines, x.Line)
				}
			}
		}
		for _, l := range in.SkippedLines {
			lines = append(lines, l.Line)
		}
		for _, n := range lines {
			if n > 0 != (in.from == 0) || n > in.Lines {
				t.Errorf("%s from byte %d: line %d of %d", in.Path, in.from, n, in.Lines)
			}
		}
		if in.Lines < in.Records || in.Lines > in.Bytes {
			t.Errorf("%s: %d lines", in.Path, in.Lines)
		}
	}
}

func bytesRead(s *analyze.Summary) (n int64) {
	for _, in := range s.Inputs {
		n += in.Bytes
	}
	return n
}

// TestCovered holds what is said of how much a log has of a period, and which of
// its files are read for it.
func TestCovered(t *testing.T) {
	t.Parallel()
	loc := zoneOf(t, "Asia/Shanghai")
	dir, _ := dayLogs(t, loc)
	sys := daySystem(loc, "")
	flags := dayFlags()
	l, err := flags.planLogs(t.Context(), sys, []string{dir})
	if err != nil {
		t.Fatal(err)
	}
	// Of files: 3, 2, 1 and 0 for the digest and its rotations, e for the error log.
	for _, c := range []struct{ day, digest, errors string }{
		{"2026-10-21", "- left 3210 behind", "- left e behind"},
		{"2026-10-23", "3 left 210 behind 23 00 to 23 23", "- left e behind"},
		{"2026-10-24", "32 left 10 before behind 24 00 to 24 23", "e behind"},
		{"2026-10-25", "32 left 10 before behind 25 00 to 25 23", "e behind 25 00 to 25 23"},
		{"2026-10-28", "21 left 30 before behind 28 00 to 28 23", "e before behind 28 00 to 28 23"},
		{"2026-10-30", "1 left 320 before behind 30 00 to 30 23", "e before behind 30 00 to 30 23"},
		{"2026-11-01", "10 left 32 before behind 01 00 to 01 23", "e before behind 01 00 to 01 23"},
		{"2026-11-04", "0 left 321 before 04 00 to 04 02", "e before 04 00 to 04 02"},
		{"2026-11-05", "- left 3210 before", "- left e before"},
	} {
		p, err := parsePeriod(c.day, sys.now(), l.zone())
		if err != nil {
			t.Fatal(err)
		}
		r := l.period(t.Context(), p.from, p.to)
		dayOutput(t, r, 2)
		for _, x := range r.covered() {
			short := func(files []string) (s string) {
				for _, f := range files {
					switch f = filepath.Base(f); {
					case strings.HasPrefix(f, "gateway-error"):
						s += "e"
					case f == "gateway-page-digest.log":
						s += "0"
					default:
						s += strings.TrimSuffix(strings.TrimPrefix(f, "gateway-page-digest.log."), ".gz")
					}
				}
				return s
			}
			got := short(x.read)
			if got == "" {
				got = "-"
			}
			if len(x.leftOut) > 0 {
				got += " left " + short(x.leftOut)
			}
			if x.before {
				got += " before"
			}
			if x.behind {
				got += " behind"
			}
			if x.records > 0 {
				got += time.UnixMilli(x.first).In(loc).Format(" 02 15 to ") + time.UnixMilli(x.last).In(loc).Format("02 15")
			}
			want := c.digest
			if filepath.Base(x.log) == "gateway-error.log" {
				want = c.errors
			}
			if got != want || x.failed {
				t.Errorf("%s, %s: %q, want %q, failed %v", c.day, x.log, got, want, x.failed)
			}
		}
		if n := len(r.covered()); n != 2 {
			t.Errorf("%d logs", n)
		}
	}
}

// TestPeriodDoubts holds which files are read where their content and their names
// do not fit, and what is said of files that cannot be read or read again.
func TestPeriodDoubts(t *testing.T) {
	t.Parallel()
	loc := time.FixedZone("+08:00", 8*3600)
	at := func(day int) time.Time { return time.Date(2026, 11, day, 0, 0, 0, 0, loc) }
	log := func(from, to int) []byte { return dayLog(3, loc, at(from), at(to), 10*time.Minute, false) }
	utf16 := func(text []byte) []byte {
		out := []byte{0xff, 0xfe}
		for _, c := range text {
			out = append(out, c, 0)
		}
		return out
	}
	for _, c := range []struct {
		name  string
		files map[string][]byte
		read  string // the ends of the names of those that are read for 2026-11-10
		fails string
	}{
		{"as the names say", map[string][]byte{".2.gz": log(4, 8), ".1.gz": log(8, 11), "": log(11, 12)}, ".1.gz ", ""},
		{"names the wrong way round", map[string][]byte{".1.gz": log(4, 8), ".2.gz": log(8, 11), "": log(11, 12)}, ".2.gz .1.gz ", ""},
		{"set back before the next file", map[string][]byte{".2.gz": append(log(4, 10), log(2, 3)...), ".1.gz": log(3, 4), "": log(11, 12)}, ".2.gz .1.gz ", ""},
		{"the last archive", map[string][]byte{".2.gz": log(4, 6), ".1.gz": log(6, 8)}, ".1.gz ", ""},
		{"utf-16", map[string][]byte{".2": utf16(log(4, 8)), ".1": utf16(log(8, 11)), "": utf16(log(11, 12))}, ".1 ", ""},
		{"utf-16, big-endian records before an archive", map[string][]byte{".2": utf16(log(4, 8)), ".1.gz": log(8, 12)}, ".1.gz ", ""},
		{"empty", map[string][]byte{".1": log(4, 10), "": nil}, " ", ""},
		{"the same twice", map[string][]byte{".2.gz": log(4, 8), ".2": log(4, 8), ".1.gz": log(8, 12), ".1": log(8, 12)}, ".1 .1.gz ", ""},
		{"one host behind another", map[string][]byte{
			".1": bytes.ReplaceAll(log(8, 11), []byte("\n2026"), []byte("\nhost1: 2026")), "": log(11, 13),
		}, ".1 ", ""},
		{"damaged", map[string][]byte{".2.gz": log(4, 8), ".1": {0x1f, 0x8b, 8, 0}, "": log(8, 12)}, ".1 ", "unexpected EOF"},
	} {
		dir := t.TempDir()
		for end, content := range c.files {
			put(t, filepath.Join(dir, "own.log"+end), content)
		}
		flags := dayFlags()
		flags.zone = "+08:00"
		l, err := flags.planLogs(t.Context(), daySystem(time.UTC, ""), []string{filepath.Join(dir, "own.log")})
		if err != nil {
			t.Fatal(err)
		}
		r := l.period(t.Context(), at(10), at(11))
		var read strings.Builder
		for _, in := range r.inputs {
			read.WriteString(strings.TrimPrefix(filepath.Base(in.Path), "own.log") + " ")
		}
		if want := strings.Fields(c.read); !slices.Equal(strings.Fields(read.String()), want) && c.name != "empty" {
			t.Errorf("%s: %q is read, want %q", c.name, read.String(), c.read)
		}
		err = r.outcome(r.aggregate(t.Context(), analyze.New(analyze.Config{Filter: r.filter}), 2))
		if c.fails == "" && err != nil || c.fails != "" && (err == nil || !r.covered()[0].failed) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// TestPeriodOnce holds that standard input is part of the first period alone.
func TestPeriodOnce(t *testing.T) {
	t.Parallel()
	loc := time.FixedZone("+08:00", 8*3600)
	at := func(day int) time.Time { return time.Date(2026, 11, day, 0, 0, 0, 0, loc) }
	sys := daySystem(loc, "")
	sys.stdin = bytes.NewReader(dayLog(3, loc, at(9), at(12), time.Minute, true))
	flags := dayFlags()
	l, err := flags.planLogs(t.Context(), sys, []string{"-"})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []bool{true, false} {
		r := l.period(t.Context(), at(10), at(11))
		dayOutput(t, r, 2)
		x := r.covered()[0]
		if got := x.records > 1000; got != want || x.before != want || x.behind != want || len(x.leftOut) != i {
			t.Errorf("period %d: %+v", i, x)
		}
	}
	if _, err := flags.planLogs(t.Context(), sys, []string{"-", "-"}); err == nil {
		t.Error("standard input is read twice")
	}
	if _, err := flags.planLogs(t.Context(), sys, nil); err == nil || !strings.Contains(err.Error(), "no log file named") {
		t.Error(err)
	}
}

// TestPeriodRotated holds that a log which is rotated or cut off between looking
// at it and reading it is an error, and never taken for what it was.
func TestPeriodRotated(t *testing.T) {
	t.Parallel()
	loc := time.FixedZone("+08:00", 8*3600)
	at := func(day int) time.Time { return time.Date(2026, 11, day, 0, 0, 0, 0, loc) }
	for name, change := range map[string]func(path string) error{
		"rotated": func(path string) error {
			if err := os.Rename(path, path+".1"); err != nil {
				return err
			}
			return os.WriteFile(path, dayLog(3, loc, at(9), at(12), time.Minute, false), 0o600)
		},
		"cut off": func(path string) error { return os.Truncate(path, 1000) },
		"gone":    os.Remove,
	} {
		for _, late := range []bool{false, true} {
			path := filepath.Join(t.TempDir(), "own.log")
			put(t, path, dayLog(3, loc, at(4), at(12), time.Minute, false))
			flags := dayFlags()
			l, err := flags.planLogs(t.Context(), daySystem(loc, ""), []string{path})
			if err != nil {
				t.Fatal(err)
			}
			var r *reading
			if late {
				r = l.period(t.Context(), at(10), at(11))
			}
			if err := change(path); err != nil {
				t.Fatal(err)
			}
			if !late {
				r = l.period(t.Context(), at(10), at(11))
			}
			err = r.outcome(r.aggregate(t.Context(), analyze.New(analyze.Config{Filter: r.filter}), 2))
			if err == nil || !strings.Contains(err.Error(), "own.log") {
				t.Errorf("%s: %v", name, err)
			}
			if x := r.covered(); !x[0].failed || x[0].records > 0 {
				t.Errorf("%s: %+v", name, x[0])
			}
		}
	}
}

// TestTracedZone holds that the offset which trace ids give stands for the
// machine's zone where that turns its clock, and for itself elsewhere.
func TestTracedZone(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ log, machine, want string }{
		{"America/New_York", "America/New_York", "America/New_York"},
		{"America/Chicago", "America/New_York", "-06:00"},
		{"Asia/Shanghai", "Asia/Shanghai", "+08:00"},
		{"UTC", "UTC", "UTC"},
		{"America/New_York", "America/Lima", "-05:00"},
	} {
		loc := zoneOf(t, c.log)
		dir := t.TempDir()
		path := filepath.Join(dir, "gateway-page-digest.log")
		from := time.Date(2026, 10, 31, 20, 0, 0, 0, loc)
		text := dayLog(1, loc, from, from.Add(24*time.Hour), 20*time.Second, false)
		put(t, path, text)
		flags := dayFlags()
		r, err := flags.plan(t.Context(), daySystem(zoneOf(t, c.machine), ""), []string{path}, "")
		if err != nil {
			t.Fatal(err)
		}
		if r.zone.String() != c.want || r.inputs[0].ZoneSource != analyze.ZoneFromTraceIDs {
			t.Errorf("%s on a machine in %s: %s from %s, want %s", c.log, c.machine, r.zone, r.inputs[0].ZoneSource, c.want)
		}
		s, _ := dayOutput(t, r, 1)
		if in := s.Inputs[0]; c.want == c.machine && c.log == "America/New_York" && in.Disagree > in.Records/10 {
			t.Errorf("%d of %d records contradict their trace ids", in.Disagree, in.Records)
		}
	}
}
